"""Load the published tables as printed, with their source and their printed totals."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from ethnic_data.models import (
    EthnicGroup,
    FigureKind,
    Indicator,
    PublishedColumn,
    PublishedFigure,
    PublishedRow,
    PublishedTable,
)
from portal.units.models import AdministrativeUnit
from portal.units.names import fold

from .files import rows_of

Role, Covers = PublishedColumn.Role, PublishedRow.Covers
CENSUS_2009, CENSUS_2019 = datetime.date(2009, 4, 1), datetime.date(2019, 4, 1)
SURVEY_2019 = datetime.date(2019, 10, 1)
END_2014 = datetime.date(2014, 12, 31)
# the units of printed rows, looked up by code on the day the table speaks of
PROVINCE, NATION, KON_TUM = "24", "VN", "62"


@dataclass(frozen=True)
class ColumnSpec:
    """A column of a table: `field` of the data file, what it measures, on which day."""

    field: str
    heading: str
    indicator: str
    unit_of_measure: str
    date: datetime.date
    role: str = Role.FIGURE
    category: str = ""
    decimals: int = 0
    base: str = ""
    against: str = ""


@dataclass(frozen=True)
class TableSpec:
    """A table: its data file, how its rows are named, and totals printed outside the file."""

    code: str
    file: str
    title: str
    source: str
    date: datetime.date
    kind: str
    columns: tuple[ColumnSpec, ...]
    unit: str = ""  # the unit all rows speak of; empty when every row names its own
    label: str = "name"
    note: str = ""
    extra_rows: tuple[tuple[str, str, dict[str, str]], ...] = ()  # label, covers, figures


PEOPLE, HOUSEHOLDS = "người", "hộ"
TABLES = (
    TableSpec(
        code="BG-TDT-2019",
        file="bac_giang_population_by_group_2019.csv",
        title="Dân số tỉnh Bắc Giang chia theo dân tộc, Tổng điều tra 1/4/2019",
        source="Tổng cục Thống kê, Kết quả toàn bộ Tổng điều tra dân số và nhà ở năm 2019, Biểu 2",
        date=CENSUS_2019,
        kind=FigureKind.CENSUS,
        unit=PROVINCE,
        columns=(ColumnSpec("population", "Dân số", "D03", PEOPLE, CENSUS_2019),),
        extra_rows=(
            ("Tổng số", Covers.ALL, {"population": "1803950"}),
            ("Trong đó: dân tộc thiểu số", Covers.MINORITIES, {"population": "257273"}),
        ),
    ),
    TableSpec(
        code="VN-54-2009-2019",
        file="viet_nam_54_groups_2009_2019.csv",
        title="Dân số 54 dân tộc của Việt Nam, Tổng điều tra 1/4/2009 và 1/4/2019",
        source="Tổng cục Thống kê, Tổng điều tra dân số và nhà ở năm 2009, năm 2019",
        date=CENSUS_2019,
        kind=FigureKind.CENSUS,
        unit=NATION,
        note="Số liệu năm 2009 của 13 dân tộc ít người nhất chưa đối chiếu được với bản gốc.",
        columns=(
            ColumnSpec("pop_2009", "Dân số 1/4/2009", "D03", PEOPLE, CENSUS_2009),
            ColumnSpec("pop_2019", "Dân số 1/4/2019", "D03", PEOPLE, CENSUS_2019),
            ColumnSpec(
                "growth_printed",
                "Tăng bình quân năm (%)",
                "",
                "%",
                CENSUS_2019,
                role=Role.GROWTH,
                decimals=2,
                base="pop_2019",
                against="pop_2009",
            ),
        ),
    ),
    TableSpec(
        code="DT53-2019-BIEU-4A",
        file="survey_2019_bieu_4a_household_size.csv",
        title="Biểu 4a. Số hộ dân tộc thiểu số chia theo quy mô hộ, cả nước",
        source="Điều tra 53 dân tộc thiểu số năm 2019, Biểu 4a",
        date=CENSUS_2019,
        kind=FigureKind.CENSUS,
        unit=NATION,
        note="Chỉ có ba cột đầu của phân tổ quy mô hộ, nên các cột không cộng thành tổng số hộ.",
        columns=(
            ColumnSpec("households_total", "Tổng số hộ", "D01", HOUSEHOLDS, CENSUS_2019),
            *(
                ColumnSpec(
                    f"size_{n}",
                    f"Hộ {n} người",
                    "D07",
                    HOUSEHOLDS,
                    CENSUS_2019,
                    category=f"size_{n}",
                )
                for n in (1, 2, 3)
            ),
        ),
    ),
    TableSpec(
        code="DT53-2019-BIEU-56-KON-TUM",
        file="survey_2019_bieu_56_toilet_kon_tum.csv",
        title="Biểu 56. Số hộ dân tộc thiểu số chia theo loại hố xí, tỉnh Kon Tum, 1/10/2019",
        source="Ban Dân tộc tỉnh Kon Tum, Biểu 35–68, Điều tra 53 dân tộc thiểu số năm 2019",
        date=SURVEY_2019,
        kind=FigureKind.SAMPLE,
        label="unit",
        note="Chỉ có ba huyện, thành phố, nên các dòng không cộng thành số của tỉnh. Ô trống là 0.",
        columns=(
            ColumnSpec("total", "Tổng số", "D02", HOUSEHOLDS, SURVEY_2019, role=Role.TOTAL),
            *(
                ColumnSpec(
                    field,
                    heading,
                    "H14",
                    HOUSEHOLDS,
                    SURVEY_2019,
                    role=Role.PART,
                    category=category,
                )
                for field, category, heading in (
                    ("septic_or_semi", "septic_or_semi", "Tự hoại, bán tự hoại"),
                    ("other", "toilet_other", "Khác"),
                    ("none", "toilet_none", "Không có"),
                )
            ),
        ),
    ),
    TableSpec(
        code="BG-DTTS-2014",
        file="bac_giang_minorities_2014.csv",
        title="Dân số các dân tộc thiểu số tỉnh Bắc Giang năm 2014",
        source="Cổng thông tin điện tử tỉnh Bắc Giang, 25/4/2016",
        date=END_2014,
        kind=FigureKind.ADMINISTRATIVE,
        unit=PROVINCE,
        note="Bản gốc in tỷ trọng trong cùng ô với số người; Sán Chí và Cao Lan chung một ô.",
        columns=(
            ColumnSpec("population", "Dân số", "D03", PEOPLE, END_2014),
            ColumnSpec(
                "pct_of_dtts_printed",
                "Tỷ trọng (%)",
                "",
                "%",
                END_2014,
                role=Role.SHARE,
                decimals=2,
                base="population",
            ),
        ),
        extra_rows=(("Tổng số dân tộc thiểu số", Covers.ALL, {"population": "200538"}),),
    ),
)


# remarks of the data files put as the portal says it
LABELS = {
    "Sán Chay (Sán Chí + Cao Lan, merged cell)": "Sán Chay (Sán Chí và Cao Lan chung một ô)",
}


class UnknownRow(Exception):
    """A printed row names a group or unit that the portal does not know."""


@transaction.atomic
def load_published() -> None:
    """The tables that are not there yet."""
    known = set(PublishedTable.objects.values_list("code", flat=True))
    for position, spec in enumerate(TABLES, start=1):
        if spec.code not in known:
            _Loader(spec).load(position)


class _Loader:
    """One table from its file into rows, columns and figures."""

    def __init__(self, spec: TableSpec) -> None:
        self.spec = spec
        self.groups = {group.code: group for group in EthnicGroup.objects.all()}
        self.by_key = {group.name_key: group for group in self.groups.values()}

    def load(self, position: int) -> None:
        spec = self.spec
        table = PublishedTable.objects.create(
            code=spec.code,
            title=spec.title,
            source=spec.source,
            reference_date=spec.date,
            kind=spec.kind,
            note=spec.note,
            file=f"ethnic_data/data/published/{spec.file}",
            position=position,
        )
        columns = self._columns(table)
        figures = []
        for n, (row, cells) in enumerate(self._rows(table), start=1):
            row.position = n
            row.save()
            figures += [
                PublishedFigure(row=row, column=columns[field], value=value)
                for field, value in cells.items()
            ]
        PublishedFigure.objects.bulk_create(figures)

    def _columns(self, table: PublishedTable) -> dict[str, PublishedColumn]:
        indicators = {one.code: one for one in Indicator.objects.all()}
        columns: dict[str, PublishedColumn] = {}
        for n, spec in enumerate(self.spec.columns, start=1):
            columns[spec.field] = PublishedColumn.objects.create(
                table=table,
                position=n,
                key=spec.field,
                heading=spec.heading,
                indicator=indicators.get(spec.indicator),
                category=spec.category,
                role=spec.role,
                unit_of_measure=spec.unit_of_measure,
                decimals=spec.decimals,
                reference_date=spec.date,
                base=columns.get(spec.base),
                against=columns.get(spec.against),
            )
        return columns

    def _rows(self, table: PublishedTable) -> list[tuple[PublishedRow, dict[str, Decimal]]]:
        unit = self._unit(self.spec.unit) if self.spec.unit else None
        rows = []
        for printed in rows_of(f"published/{self.spec.file}"):
            label = printed[self.spec.label]
            group = self._group(printed) if self.spec.unit else None
            row = PublishedRow(
                table=table,
                label=LABELS.get(label, label),
                group=group,
                unit=unit or self._named_unit(label),
                covers=Covers.ALL if self.spec.unit and group is None else Covers.NOTHING,
            )
            rows.append((row, self._figures(printed)))
        for label, covers, printed in self.spec.extra_rows:
            row = PublishedRow(table=table, label=label, unit=unit, covers=covers)
            rows.append((row, self._figures(printed)))
        return rows

    def _figures(self, printed: dict[str, str]) -> dict[str, Decimal]:
        """The cells that hold a number; a decimal comma as in the file of 2014 is one."""
        fields = (column.field for column in self.spec.columns)
        return {
            field: Decimal(printed[field].replace(",", "."))
            for field in fields
            if printed.get(field)
        }

    def _group(self, printed: dict[str, str]) -> EthnicGroup | None:
        """The row's group; None for a row that sums up others.

        Raises:
            UnknownRow: neither a group nor a total.
        """
        label = printed[self.spec.label]
        if code := printed.get("code"):
            return self.groups[code]
        key = fold(label.split("(")[0]).replace(" ", "")
        if key in self.by_key:
            return self.by_key[key]
        if key.startswith(("dantockhac", "dantocthieusokhac")):
            return self.by_key["dantockhac"]
        if key.startswith("tong"):
            return None
        raise UnknownRow(label)

    def _unit(self, code: str) -> AdministrativeUnit:
        return AdministrativeUnit.objects.on(self.spec.date).get(code=code)

    def _named_unit(self, label: str) -> AdministrativeUnit:
        """The unit of a row such as "Huyện Đắk Glei" among the units of Kon Tum.

        Raises:
            UnknownRow: no unit of that name.
        """
        place = AdministrativeUnit.objects.within(self._unit(KON_TUM), on=self.spec.date)
        for unit in place.on(self.spec.date):
            if fold(unit.full_name) == fold(label):
                return unit
        raise UnknownRow(label)
