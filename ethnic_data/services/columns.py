"""Columns of a dataset proposed from an indicator, and the rules that are plain from them.

The declarations of the portal's own datasets and the administrator's pages build columns alike.
Everything proposed may be changed before it is saved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ethnic_data.models import Aggregation, Category, EthnicGroup, Indicator, Sex

MOST = Decimal(100_000_000)  # more than all people of the country: a slip of the hand
TOTAL = "Tổng số"
SEX_KEYS = {Sex.MALE: "nam", Sex.FEMALE: "nu"}
SEX_NAMES = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
SEX_ALIASES = {
    Sex.MALE: ["Số nam", "Trong đó: nam", "T.đó: nam"],
    Sex.FEMALE: ["Số nữ", "Trong đó: nữ", "T.đó: nữ"],
}
YES_NO = "có/không"
BRACKETED = re.compile(r"\s*\([^)]*\)\Z")  # what a name lists, its columns show
SHARES = ("%", "‰")
SHORTER = (
    ("người dân tộc thiểu số", "người DTTS"),
    ("dân tộc thiểu số", "DTTS"),
    ("người DTTS", "người dân tộc thiểu số"),
    ("DTTS", "dân tộc thiểu số"),
    ("trung học cơ sở", "THCS"),
    ("trung học phổ thông", "THPT"),
)

Fields = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is wanted of one indicator: a total, and a column for each part.

    Categories and groups stand apart; sexes stand below each of them, or alone.
    """

    indicator: Indicator
    total: bool = True
    sexes: bool = False
    categories: Sequence[Category] = ()
    groups: Sequence[EthnicGroup] = ()
    heading: str = ""
    aliases: Sequence[str] = ()
    required: bool = True

    @property
    def is_divided(self) -> bool:
        return bool(self.sexes or self.categories or self.groups)


def column_key(indicator: str, *, category: str = "", group: str = "", sex: str = "") -> str:
    """ "D03", "D03_nam", "H14_septic_or_semi", "D03_dt07_nu": unique in a dataset."""
    group_part = f"dt{group}" if group else ""
    parts = [indicator, group_part, category, SEX_KEYS[Sex(sex)] if sex else ""]
    return "_".join(part for part in parts if part)


def proposed_columns(wish: Wish) -> list[Fields]:
    """The fields of each `DatasetColumn`, in order, without number and position."""
    if wish.indicator.is_ratio:
        return [_ratio(wish, sex) for sex in ([*SEX_KEYS] if wish.sexes else [""])]
    columns = []
    if wish.total or not wish.is_divided:
        columns.append(_leaf(wish))
    inner: list[str] = [*SEX_KEYS] if wish.sexes else [""]
    if wish.categories:
        columns += [_leaf(wish, category=c, sex=sex) for c in wish.categories for sex in inner]
    if wish.groups:
        columns += [_leaf(wish, group=g, sex=sex) for g in wish.groups for sex in inner]
    if wish.sexes and not (wish.categories or wish.groups):
        columns += [_leaf(wish, sex=sex) for sex in SEX_KEYS]
    return columns


def _leaf(
    wish: Wish,
    *,
    category: Category | None = None,
    group: EthnicGroup | None = None,
    sex: str = "",
) -> Fields:
    """One entered column. Where the indicator is divided it stands as a heading above."""
    one, part = wish.indicator, category or group
    title = wish.heading or (BRACKETED.sub("", one.name) if wish.is_divided else one.name)
    parents, heading = [], title
    if wish.is_divided:
        parents = [title, part.name] if part and sex else [title]
        heading = SEX_NAMES[Sex(sex)] if sex else part.name if part else TOTAL
    fields = {
        "key": column_key(
            one.code,
            category=category.code if category else "",
            group=group.code if group else "",
            sex=sex,
        ),
        "measure": one.code,
        "sex": sex,
        "category": category.code if category else "",
        "group_code": group.code if group else "",
        "heading": heading,
        "parents": parents,
        "unit_of_measure": one.unit_of_measure,
        "kind": "entered",
        "is_required": wish.required,
    }
    aliases = _aliases(wish, category=category, sex=sex, leaf=bool(part or sex), title=title)
    return fields | value_type(one) | {"aliases": [name for name in aliases if name != heading]}


def _aliases(
    wish: Wish, *, category: Category | None, sex: str, leaf: bool, title: str
) -> list[str]:
    """Other spellings of a heading: of the indicator for its total, of the part for a part."""
    if not leaf:
        own = [title, wish.indicator.name, *wish.aliases]
        return list(dict.fromkeys([*own, *(name for text in own for name in spellings(text))]))
    if sex:
        return SEX_ALIASES[Sex(sex)] if category is None else []
    if category is None:
        return []
    return [*category.aliases, f"{title}: {category.name}"]


def spellings(text: str) -> list[str]:
    """The same words shortened or written out: "Số hộ DTTS" for "Số hộ dân tộc thiểu số"."""
    return [text.replace(long, short) for long, short in SHORTER if long in text]


def value_type(indicator: Indicator) -> Fields:
    """Type and bounds of an entered value."""
    unit = indicator.unit_of_measure
    if unit == YES_NO:
        return {"value_type": "yes_no", "maximum": Decimal(1)}
    if unit in SHARES:
        return {"value_type": "percent", "maximum": Decimal(100 if unit == "%" else 1000)}
    if unit == "km":
        return {"value_type": "decimal", "maximum": Decimal(10_000)}
    if indicator.aggregation == Aggregation.MEAN:
        return {"value_type": "decimal", "maximum": Decimal(1_000_000)}
    return {"value_type": "count", "maximum": MOST}


def _ratio(wish: Wish, sex: str) -> Fields:
    """A column computed from the columns of its parts, which must stand in the same dataset."""
    one = wish.indicator
    assert one.numerator is not None  # noqa: S101 - the database refuses a ratio without parts
    assert one.denominator is not None  # noqa: S101
    share = one.unit_of_measure in SHARES
    title = wish.heading or one.name
    aliases = list(dict.fromkeys([*wish.aliases, *spellings(title), *spellings(one.name)]))
    return {
        "key": column_key(one.code, sex=sex),
        "measure": one.code,
        "sex": sex,
        "heading": SEX_NAMES[Sex(sex)] if sex else title,
        "parents": [title] if sex else [],
        "aliases": [] if sex else aliases,
        "unit_of_measure": one.unit_of_measure,
        "kind": "computed",
        "value_type": "percent" if share else "decimal",
        "is_required": False,
        "numerator": column_key(
            one.numerator.code,
            category=one.numerator_category_id or "",
            sex=one.numerator_sex or sex,
        ),
        "denominator": column_key(
            one.denominator.code,
            category=one.denominator_category_id or "",
            sex=one.denominator_sex or sex,
        ),
        "factor": one.factor,
        "maximum": one.factor if share else None,
    }


def proposed_rules(columns: Sequence[Fields]) -> list[Fields]:
    """Sums and parts that are plain from the columns alone.

    Nam and nữ add up to their total; a category alone is at most its total (whether categories
    add up is for people to say: one household may lack several things).
    """
    rules = []
    totals = {_whole(c): c for c in columns if c["kind"] == "entered" and not _part(c)}
    for whole, column in totals.items():
        mine = [c for c in columns if c["kind"] == "entered" and _whole(c) == whole and _part(c)]
        by_sex = [c["key"] for c in mine if c.get("sex") and not c.get("category")]
        parts = [c["key"] for c in mine if c.get("category") and not c.get("sex")]
        if len(by_sex) == len(SEX_KEYS):
            rules.append(sum_rule(by_sex, column["key"], "nam-nu"))
        if parts:
            rules.append(at_most(parts, column["key"], "phan"))
    return rules


def _whole(column: Fields) -> tuple[str, str]:
    return column["measure"], column.get("group_code", "")


def _part(column: Fields) -> bool:
    return bool(column.get("sex") or column.get("category"))


def sum_rule(parts: Iterable[str], whole: str, name: str) -> Fields:
    return {"code": f"{whole}-{name}"[:40], "kind": "sum", "columns": [*parts], "other": whole}


def at_most(parts: Iterable[str], whole: str, name: str, **more: Any) -> Fields:
    code = f"{name}-khong-qua-{whole}"[:40]
    return {"code": code, "kind": "at_most", "columns": [*parts], "other": whole} | more


def change(column: str, factor: int) -> Fields:
    """A warning when a value is over `factor` times that of the period before, or reversed."""
    return {
        "code": f"{column}-bien-dong"[:40],
        "kind": "change",
        "columns": [column],
        "parameter": Decimal(factor),
        "severity": "warning",
    }
