"""What a row of a file of decisions says: each column understood, and what is not by attribute."""

from __future__ import annotations

import datetime
from functools import cached_property

from django.utils import timezone

from portal.collection.lists.cells import day_of, text_of
from portal.collection.lists.resource import Row
from portal.documents.models import Document
from portal.formats import day as written_day
from portal.formats import read_whole
from portal.units.models import AdministrativeUnit
from portal.units.names import fold
from programs.ledger.opening import Holder, held_by
from programs.models import (
    CapitalChange,
    CapitalKind,
    CapitalPlan,
    Component,
    FundingSource,
    Organisation,
    Programme,
    Works,
)

What = CapitalChange.What
WHATS = {
    "giao": What.ASSIGNED,
    "giao von": What.ASSIGNED,
    "phan bo": What.ALLOCATED,
    "phan bo von": What.ALLOCATED,
    "dieu chinh": What.ADJUSTED,
    "bo sung": What.ADJUSTED,
}
KINDS = {
    "dt": CapitalKind.INVESTMENT,
    "dau tu": CapitalKind.INVESTMENT,
    "von dau tu": CapitalKind.INVESTMENT,
    "dau tu phat trien": CapitalKind.INVESTMENT,
    "sn": CapitalKind.RECURRENT,
    "su nghiep": CapitalKind.RECURRENT,
    "von su nghiep": CapitalKind.RECURRENT,
}
NUMBER, DAY, YEAR, WHAT = "Số quyết định", "Ngày quyết định", "Năm", "Nội dung"
COMPONENT, SOURCE, KIND = "Mã dự án", "Nguồn vốn", "Loại vốn"
RECEIVER, GIVER, AMOUNT = "Nơi nhận", "Đơn vị giao", "Số tiền (triệu đồng)"


class Told:
    """What a row says, each column understood; `wrong` has what is not, by attribute."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}
        self.document: Document | None = None
        self.year: int | None = None
        self.what = ""
        self.component: Component | None = None
        self.source: FundingSource | None = None
        self.kind = ""
        self.receiver: Holder | None = None
        self.giver: Holder | None = None
        self.parent: CapitalPlan | None = None


class DecisionRows:
    """Reads the rows of one file; what it has looked up it remembers."""

    def __init__(self) -> None:
        self.documents: dict[tuple[str, datetime.date], Document | None] = {}
        self.units: dict[int, dict[str, list[AdministrativeUnit]]] = {}
        self.today = timezone.localdate()

    @cached_property
    def sources(self) -> dict[str, FundingSource]:
        found = FundingSource.objects.all()
        return {fold(name): one for one in found for name in (one.name, one.code)}

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        return {
            fold(name): one for one in Organisation.objects.all() for name in (one.name, one.code)
        }

    @cached_property
    def components(self) -> dict[str, list[Component]]:
        found: dict[str, list[Component]] = {}
        for one in Component.objects.select_related("programme", "parent__parent"):
            found.setdefault(one.code.upper(), []).append(one)
        return found

    def _document(self, row: Row, told: Told) -> None:
        text = text_of(row.get(NUMBER))
        try:
            day = day_of(row.get(DAY))
        except ValueError as error:
            told.wrong["document__date"] = str(error)
            return
        if not text or day is None:
            missing = "document__date" if text else "document__number_and_symbol"
            told.wrong[missing] = "Ghi số và ngày quyết định."
            return
        key = (fold(text), day)
        if key not in self.documents:
            self.documents[key] = Document.objects.named(text).filter(date=day).first()
        told.document = self.documents[key]
        if told.document is None:
            told.wrong["document__number_and_symbol"] = (
                f"Sổ văn bản chưa có quyết định {text[:60]} ngày {written_day(day)}. "
                f"Hãy vào sổ văn bản trước."
            )

    def _year(self, row: Row, told: Told) -> None:
        text = text_of(row.get(YEAR))
        year = read_whole(text) or 0
        if 2000 <= year <= 2100:
            told.year = year
        else:
            told.wrong["plan__year"] = f"“{text[:20]}” không phải là năm. Ghi năm, ví dụ 2024."

    def _what(self, row: Row, told: Told) -> None:
        text = text_of(row.get(WHAT))
        told.what = WHATS.get(fold(text), "")
        if not told.what:
            told.wrong["what"] = f"“{text[:40]}” chưa rõ. Ghi một trong: giao; phân bổ; điều chỉnh."

    def _component(self, row: Row, told: Told) -> None:
        text = text_of(row.get(COMPONENT))
        found = self.components.get(text.upper(), [])
        if told.year and len(found) > 1:
            last = datetime.date(told.year, 12, 31)
            programme = Programme.objects.latest_begun(last)
            found = [one for one in found if one.programme == programme]
        if len(found) == 1:
            told.component = found[0]
        else:
            told.wrong["plan__component__code"] = (
                f"Không có dự án, nội dung mang mã “{text[:40]}”. "
                f"Ghi mã như ở trang Dự án, ví dụ DA4."
            )

    def _source_and_kind(self, row: Row, told: Told) -> None:
        text = text_of(row.get(SOURCE))
        told.source = self.sources.get(fold(text))
        if told.source is None:
            codes = ", ".join(sorted({one.code for one in self.sources.values()}))
            told.wrong["plan__source__code"] = (
                f"Không có nguồn vốn “{text[:40]}”. Ghi một trong các mã: {codes}."
            )
        text = text_of(row.get(KIND))
        told.kind = KINDS.get(fold(text), "")
        if not told.kind:
            told.wrong["plan__kind"] = f"“{text[:40]}” chưa rõ. Ghi đầu tư hoặc sự nghiệp."

    def _holder(self, text: str, year: int) -> Holder:
        """A unit in force in the year, an organisation, or works, by name or code.

        Raises:
            ValueError: nobody, or several.
        """
        key = fold(text)
        units = self._units(year).get(key, [])
        if len(units) > 1:
            raise ValueError(
                f"Có nhiều đơn vị tên “{text[:60]}”. Ghi đủ cấp, ví dụ Huyện Sơn Động."
            )
        found: Holder | None = units[0] if units else self.organisations.get(key)
        found = found or Works.objects.filter(code__iexact=text).first()
        if found is None:
            raise ValueError(
                f"Không có đơn vị, cơ quan, chủ đầu tư hoặc công trình “{text[:60]}” năm {year}."
            )
        return found

    def _units(self, year: int) -> dict[str, list[AdministrativeUnit]]:
        if year not in self.units:
            day = min(datetime.date(year, 12, 31), self.today)
            found: dict[str, list[AdministrativeUnit]] = {}
            for one in AdministrativeUnit.objects.on(day).filter(is_reference=False):
                if one.level == "nation":
                    continue
                for name in {fold(one.full_name), one.name_key}:
                    found.setdefault(name, []).append(one)
            self.units[year] = found
        return self.units[year]

    def _holders(self, row: Row, told: Told) -> None:
        for heading, attribute, name in (
            (RECEIVER, "plan__holder_name", "receiver"),
            (GIVER, "plan__parent__holder_name", "giver"),
        ):
            text = text_of(row.get(heading))
            if not text or told.year is None:
                continue
            try:
                setattr(told, name, self._holder(text, told.year))
            except ValueError as error:
                told.wrong[attribute] = str(error)

    def _parent(self, told: Told) -> None:
        """The giver's line of the component, or of what it belongs to."""
        if told.giver is None or told.receiver == told.giver:
            return
        if told.component is None or told.source is None or told.year is None or not told.kind:
            return
        chain = [told.component, *reversed(told.component.line_above())]
        lines = {
            line.component_id: line
            for line in CapitalPlan.objects.filter(
                programme=told.component.programme, year=told.year, source=told.source,
                kind=told.kind, component__in=chain, **held_by(told.giver),
            ).order_by("-pk")
        }  # fmt: skip
        told.parent = next((lines[one.pk] for one in chain if one.pk in lines), None)
        if told.parent is None:
            told.wrong["plan__parent__holder_name"] = (
                f"{told.giver} chưa được giao vốn {told.source.code}, "
                f"{CapitalKind(told.kind).label} năm {told.year} cho {told.component.code}."
            )

    def understand(self, row: Row) -> Told:
        told = Told()
        self._document(row, told)
        self._year(row, told)
        self._what(row, told)
        self._component(row, told)
        self._source_and_kind(row, told)
        self._holders(row, told)
        self._parent(told)
        if told.what == What.ALLOCATED and told.giver is None:
            told.wrong.setdefault("plan__parent__holder_name", "Ghi đơn vị giao của vốn phân bổ.")
        works = told.receiver if isinstance(told.receiver, Works) else None
        if works and told.component and works.component_id != told.component.pk:
            words = f"Công trình {works.code} thuộc {works.component.code}."
            told.wrong.setdefault("plan__component__code", words)
        return told
