"""What the explorer is asked for: read from the address; what makes no sense is told, not fatal.

Address: ct (indicators), hang, cot, cot2 (axes), dv (unit, or some beside each other), cap (level
of rows), kv (zone), dt (groups), gt (sex), pl (category), ky (periods), loai (kind), ngay (as known
on), bd (chart), dg (the day in whose units; as reported without it), lop (lists over the map).
Several values stand as repeated parameters or with commas.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.http import QueryDict

from ethnic_data.aggregation.observed import MINORITIES
from ethnic_data.models import EthnicGroup, FigureKind, Indicator, Sex
from portal import formats
from portal.collection.models import ReportingPeriod, Submission
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit, Level, UnitMembership

if TYPE_CHECKING:
    from portal.accounts.models import User

AXES = {
    "don-vi": "Địa bàn",
    "dan-toc": "Dân tộc",
    "gioi-tinh": "Giới tính",
    "phan-loai": "Phân loại",
    "ky": "Kỳ báo cáo",
    "loai": "Loại số liệu",
    "chi-tieu": "Chỉ tiêu",
}
LEVELS = {
    "tinh": "Tỉnh",
    "huyen": "Huyện",
    "xa": "Xã",
    "xa-861": "73 xã theo Quyết định 861",
    "khu-vuc": "Khu vực I, II, III",
}
CHARTS = {
    "": "Tự chọn",
    "cot": "Cột",
    "chong": "Cột chồng",
    "duong": "Đường",
    "ban-do": "Sơ đồ xã",
    "nho": "Từng ô nhỏ",
    "thap": "Tháp nam, nữ",
    "hang": "Thứ hạng",
    "khong": "Không vẽ",
}
OVERLAYS = {
    "": "Không",
    "khu-vuc": "Khu vực I, II, III",
    "xa-861": "73 xã theo Quyết định 861",
}
ALL_LISTED, PRESENT, EACH_MINORITY = "54", "", MINORITIES
SEXES = {"nam": Sex.MALE, "nu": Sex.FEMALE}
FIRST_SHOWN = "D03"
MOST_MEASURES, MOST_UNITS, MOST_PERIODS, PERIODS_AT_FIRST = 12, 12, 12, 4


@dataclass(frozen=True)
class Selection:
    """Everything one table is made from. `problems`: sentences about what was left aside.

    beside: units that stand beside `scope`, each as a whole.
    """

    measures: list[Indicator]
    rows: str
    columns: tuple[str, ...]
    scope: AdministrativeUnit
    level: str
    zone: str
    groups: list[EthnicGroup]
    which_groups: str
    sex: str
    category: str
    periods: list[ReportingPeriod]
    kind: str
    on: datetime.date | None
    units_on: datetime.date | None
    chart: str
    problems: list[str] = field(default_factory=list)
    overlay: str = ""
    beside: tuple[AdministrativeUnit, ...] = ()

    @property
    def units(self) -> tuple[AdministrativeUnit, ...]:
        return self.scope, *self.beside

    @property
    def units_words(self) -> str:
        return ", ".join(unit.full_name for unit in self.units)

    def on_axis(self, axis: str) -> bool:
        return axis == self.rows or axis in self.columns

    @property
    def axes(self) -> tuple[str, ...]:
        return (self.rows, *self.columns)

    @property
    def day(self) -> datetime.date:
        """The day whose units are shown: the last of the youngest period unless one was chosen."""
        return self.units_on or max(period.end for period in self.periods)


@dataclass
class Reading:
    """The parameters of an address, and what was wrong with them."""

    asked: QueryDict
    user: User
    problems: list[str] = field(default_factory=list)

    def several(self, name: str) -> list[str]:
        parts = (part.strip() for text in self.asked.getlist(name) for part in text.split(","))
        return list(dict.fromkeys(part for part in parts if part and part.isprintable()))

    def one(self, name: str, known: dict[str, str], *, default: str = "") -> str:
        text = self.text(name)
        if not text or text in known:
            return text or default
        self.problems.append(f"Không có lựa chọn “{text[:40]}”; đã dùng lựa chọn mặc định.")
        return default

    def text(self, name: str) -> str:
        found = self.asked.get(name, "").strip()
        return found if found.isprintable() else ""

    def selection(self) -> Selection:
        measures = self._measures()
        periods = self._periods(measures)
        units_on = self._units_on()
        day = units_on or max(period.end for period in periods)
        scope = self._scope(day)
        beside = self._beside(day, scope)
        groups, which = self._groups()
        chosen = Selection(
            measures=measures,
            rows="",
            columns=(),
            scope=scope,
            level=self._level(scope),
            zone="" if beside else self.one("kv", dict(UnitMembership.Zone.choices)),
            groups=groups,
            which_groups=which,
            sex=str(SEXES.get(self.one("gt", dict.fromkeys(SEXES, "")), "")),
            category=self.text("pl")[:60],
            periods=periods,
            kind=self.one("loai", dict(FigureKind.choices)),
            on=self._day(),
            units_on=units_on,
            chart=self.one("bd", CHARTS),
            problems=self.problems,
            overlay=self.one("lop", OVERLAYS),
            beside=beside,
        )
        return self._with_axes(chosen)

    # looked up: whoever reads many addresses at once looks up once for all of them

    def known_measures(self, codes: list[str]) -> dict[str, Indicator]:
        found = Indicator.objects.with_parts().filter(code__in=codes)
        return {one.code: one for one in found}

    def known_periods(self, codes: list[str]) -> dict[str, ReportingPeriod]:
        return {one.code: one for one in ReportingPeriod.objects.filter(code__in=codes)}

    def seen_unit(self, day: datetime.date, **narrowed: object) -> AdministrativeUnit | None:
        """The unit of that day that the user may see and that is so narrowed, if there is one."""
        seen = AdministrativeUnit.objects.visible_to(self.user).filter(is_reference=False)
        return seen.on(day).filter(**narrowed).first()

    def vintage_day(self, text: str) -> datetime.date | None:
        return crosswalk.vintage_day(text)

    def _measures(self) -> list[Indicator]:
        codes = self.several("ct") or [FIRST_SHOWN]
        known = self.known_measures(codes[:200])
        for code in codes:
            if code not in known:
                self.problems.append(f"Không có chỉ tiêu “{code[:20]}”; đã bỏ qua.")
        found = [known[code] for code in codes if code in known]
        if len(found) > MOST_MEASURES:
            self.problems.append(f"Chọn nhiều nhất {MOST_MEASURES} chỉ tiêu; đã bỏ các mục sau.")
        return found[:MOST_MEASURES] or list(
            Indicator.objects.with_parts().filter(code=FIRST_SHOWN)
        )

    def _periods(self, measures: list[Indicator]) -> list[ReportingPeriod]:
        codes = self.several("ky")
        known = self.known_periods(codes[:200])
        for code in codes:
            if code not in known:
                self.problems.append(f"Không có kỳ “{code[:20]}”; đã bỏ qua.")
        found = list(known.values())
        if not found:
            found = self._told_periods(measures) or list(
                ReportingPeriod.objects.order_by("-end")[:1]
            )
        found.sort(key=lambda one: (one.end, one.start))
        if len(found) > MOST_PERIODS:
            self.problems.append(f"Chọn nhiều nhất {MOST_PERIODS} kỳ; đã bỏ các kỳ cũ.")
        return found[-MOST_PERIODS:]

    def _told_periods(self, measures: list[Indicator]) -> list[ReportingPeriod]:
        """The last ones of which a form that asks for the indicators, or any form, was approved."""
        parts = {
            part.code
            for one in measures
            for part in (one, one.numerator, one.denominator, one.counted, one.all_groups)
            if part is not None
        }
        approved = Submission.objects.approved().order_by()
        asking = approved.filter(dataset__columns__measure__in=parts)
        for told in (asking, approved):
            periods = ReportingPeriod.objects.filter(pk__in=told.values("period"))
            if found := list(periods.order_by("-end")[:PERIODS_AT_FIRST]):
                return found
        return []

    def _scope(self, day: datetime.date) -> AdministrativeUnit:
        """The unit asked for if the user may see it, else the own area or the province."""
        code = next(iter(self.several("dv")), "")
        if code:
            found = self.seen_unit(day, code=code[:10])
            if found is not None:
                return found
            self.problems.append(f"Không có địa bàn “{code[:20]}”; đã dùng địa bàn mặc định.")
        area = self.user.area
        if area is not None and not self.user.sees_every_unit:
            return self.seen_unit(day, code=area.code) or area
        province = self.seen_unit(day, level=Level.PROVINCE)
        return province or AdministrativeUnit.objects.filter(level=Level.PROVINCE).latest("valid")

    def _beside(
        self, day: datetime.date, scope: AdministrativeUnit
    ) -> tuple[AdministrativeUnit, ...]:
        """Those that are asked for after the first, each once."""
        codes = self.several("dv")[1:]
        if len(codes) >= MOST_UNITS:
            self.problems.append(f"Chọn nhiều nhất {MOST_UNITS} địa bàn; đã bỏ các địa bàn sau.")
        found: list[AdministrativeUnit] = []
        for code in codes[: MOST_UNITS - 1]:
            unit = self.seen_unit(day, code=code[:10])
            if unit is None:
                self.problems.append(f"Không có địa bàn “{code[:20]}”; đã bỏ qua.")
            elif unit not in (scope, *found):
                found.append(unit)
        if found and self.text("kv"):
            self.problems.append("Nhiều địa bàn cạnh nhau không lọc theo khu vực; đã bỏ khu vực.")
        return tuple(found)

    def _level(self, scope: AdministrativeUnit) -> str:
        nearest = {Level.PROVINCE.value: "huyen"}.get(scope.level, "xa")
        return self.one("cap", LEVELS, default=nearest)

    def _groups(self) -> tuple[list[EthnicGroup], str]:
        codes = self.several("dt")
        for word in (ALL_LISTED, EACH_MINORITY):
            if word in codes:
                return [], word
        known = {one.code: one for one in EthnicGroup.objects.filter(code__in=codes[:200])}
        for code in codes:
            if code not in known:
                self.problems.append(f"Không có dân tộc mã “{code[:20]}”; đã bỏ qua.")
        return list(known.values()), PRESENT

    def _day(self) -> datetime.date | None:
        text = self.text("ngay")
        if not text:
            return None
        day = formats.read_day(text)
        if day is None:
            self.problems.append(f"“{text[:20]}” không phải là ngày; đã dùng số liệu hiện nay.")
        return day

    def _units_on(self) -> datetime.date | None:
        text = self.text("dg")
        found = self.vintage_day(text) if text else None
        if text and found is None:
            self.problems.append(f"Không có địa giới “{text[:20]}”; đã dùng địa giới lúc báo cáo.")
        return found

    def _with_axes(self, chosen: Selection) -> Selection:
        """No axis twice; several indicators or units stand side by side though nobody asked."""
        rows = self.one("hang", AXES, default="don-vi")
        columns = [self.one("cot", AXES, default="ky" if rows != "ky" else "don-vi")]
        second = self.one("cot2", AXES)
        columns += [second] if second else []
        columns = [axis for axis in dict.fromkeys(columns) if axis != rows]
        if len(chosen.measures) > 1 and "chi-tieu" not in (rows, *columns):
            columns = [*columns, "chi-tieu"]
        if chosen.beside and "don-vi" not in (rows, *columns):
            columns = [*columns, "don-vi"]
        if not columns:
            columns = ["chi-tieu" if rows != "chi-tieu" else "ky"]
        if "ky" not in (rows, *columns) and len(chosen.periods) > 1:
            chosen = replace(chosen, periods=chosen.periods[-1:])
        return replace(chosen, rows=rows, columns=tuple(columns))
