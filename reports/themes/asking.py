"""From a panel and the page's filters to an address of the explorer, and what does not apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from ethnic_data.aggregation.observed import MINORITIES
from ethnic_data.models import Indicator

from .declared import BELOW, Panel
from .filters import COMPARED, Comparison, Filters
from .lookups import Lookups
from .told import Told

MOST_YEARS = 6
ONE_TABLE = {"so_ky": "ky", "so_dv": "don-vi", "so_dt": "dan-toc"}  # the axis of each
GROUPED, SEXED = "ethnic_group", "sex"


@dataclass(frozen=True)
class Asked:
    """What a panel asks the explorer; `beside`: the same with the other value, where one is laid
    beside; `whole`: one question for both sides, where the explorer can be asked so. unapplied:
    sentences about filters that say nothing here."""

    query: QueryDict
    beside: QueryDict | None = None
    whole: QueryDict | None = None
    comparison: Comparison | None = None
    unapplied: list[str] = field(default_factory=list)


def codes_of(query: str) -> list[str]:
    return [code for text in QueryDict(query).getlist("ct") for code in text.split(",") if code]


def asked_of(panel: Panel, filters: Filters, lookups: Lookups, told: Told) -> Asked:
    query = QueryDict(panel.query, mutable=True)
    measures = [one for code in codes_of(panel.query) if (one := lookups.measures.get(code))]
    unapplied: list[str] = []
    if query.get("cap") == BELOW:
        query["cap"] = filters.level_below
    if not keeps(panel, query, filters, "dv"):
        query["dv"] = filters.scope.code
    if not keeps(panel, query, filters, "ky"):
        query["ky"] = ",".join(_periods(panel, filters, lookups, told, measures))
    applied = {
        "dg": filters.units_on.isoformat() if filters.units_on else "",
        "kv": filters.zone,
        "dt": filters.group if _by(measures, GROUPED) else "",
        "gt": filters.sex if _by(measures, SEXED) else "",
        "loai": filters.kind,
        "lop": filters.overlay if query.get("bd") == "ban-do" else "",
    }
    for name, value in applied.items():
        if value:
            query[name] = value
    if filters.group and not applied["dt"]:
        unapplied.append("Chỉ tiêu này không chia theo dân tộc: bộ lọc dân tộc không áp dụng.")
    if filters.sex and not applied["gt"]:
        unapplied.append("Chỉ tiêu này không chia theo giới: bộ lọc giới tính không áp dụng.")
    beside = _beside(panel, query, filters, measures, unapplied)
    if beside is None or filters.comparison is None:
        return Asked(query, unapplied=unapplied)
    whole = _whole(query, beside, filters.comparison)
    return Asked(query, beside, whole, filters.comparison, unapplied)


def keeps(panel: Panel, query: QueryDict, filters: Filters, name: str) -> bool:
    """Whether a saved view's own choice stands: it has one, and the address does not say other."""
    return panel.is_own and bool(query.get(name)) and name not in filters.asked


def axes(query: QueryDict) -> set[str]:
    return {query.get(name, "") for name in ("hang", "cot", "cot2")}


def _by(measures: Sequence[Indicator], kind: str) -> bool:
    """Whether each indicator, or each part of it, is collected so divided."""
    return all(kind in part.disaggregation for one in measures for part in _leaves(one, kind))


def _leaves(measure: Indicator, kind: str) -> list[Indicator]:
    """A part whose sex the formula fixes cannot be narrowed to another."""
    if measure.numerator is None or measure.denominator is None:
        return [measure]
    if kind == SEXED and (measure.numerator_sex or measure.denominator_sex):
        return [measure]
    return [measure.numerator, measure.denominator]


def _periods(
    panel: Panel, filters: Filters, lookups: Lookups, told: Told, measures: Sequence[Indicator]
) -> list[str]:
    """The year asked; of a panel over years those before it that have data, and it."""
    if not panel.years:
        return [filters.period.code]
    known = set().union(*(told.periods(one) for one in measures))
    years = [
        one
        for one in lookups.periods
        if one.end <= filters.period.end and (one.pk in known or one == filters.period)
    ]
    return [one.code for one in years[-MOST_YEARS:]]


def _beside(
    panel: Panel,
    query: QueryDict,
    filters: Filters,
    measures: Sequence[Indicator],
    unapplied: list[str],
) -> QueryDict | None:
    comparison = filters.comparison
    if comparison is None:
        return None
    if keeps(panel, query, filters, comparison.name.removeprefix("so_")):
        what = COMPARED[comparison.name]
        unapplied.append(f"Bảng này giữ {what} đã lưu: chọn {what} của trang để so sánh.")
        return None
    other = query.copy()
    if comparison.name == "so_ky":
        if len(query.get("ky", "").split(",")) > 1 or "ky" in {
            query.get("hang"),
            query.get("cot2"),
        }:
            unapplied.append("Bảng này đã có nhiều năm: không đặt thêm năm để so sánh.")
            return None
        other["ky"] = comparison.value
    elif comparison.name == "so_dv":
        other["dv"] = comparison.value
        if query.get("cap") != "xa" and query.get("hang") == "don-vi":
            other["cap"] = query.get("cap", "")
    else:
        if not _by(measures, GROUPED):
            unapplied.append("Chỉ tiêu này không chia theo dân tộc: không so sánh dân tộc được.")
            return None
        if "dan-toc" in axes(query):
            unapplied.append("Bảng này đã chia theo dân tộc: xem từng dòng, cột để so sánh.")
            return None
        other["dt"] = comparison.value
    return other


def _whole(query: QueryDict, beside: QueryDict, comparison: Comparison) -> QueryDict | None:
    """Two years, units or groups in one table, as members of an axis. Units stand there as
    wholes, so not their communes of a zone."""
    name, axis = comparison.name.removeprefix("so_"), ONE_TABLE[comparison.name]
    values = [query.get(name, ""), beside.get(name, "")]
    is_of_zones = axis == "don-vi" and query.get("kv")
    if is_of_zones or not all(one and one != MINORITIES for one in values):
        return None
    found = query.copy()
    if axis not in axes(query):
        if query.get("cot2"):
            return None
        found["cot2"] = axis
    found[name] = ",".join(values)
    return found
