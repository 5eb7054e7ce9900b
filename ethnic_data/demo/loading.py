"""Send the made-up figures in through the collection's own services, and approve them."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from ethnic_data.models import PublishedFigure
from ethnic_data.services.files import rows_of
from ethnic_data.store import ObservationStore
from ethnic_data.store.layouts import CENSUS_TABLE, kept
from portal.accounts.demo import load_accounts
from portal.accounts.models import User
from portal.collection import services as collection
from portal.collection.models import Dataset, ReportingPeriod, Submission, SubmissionEvent
from portal.collection.services.trail import note
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.outcome import CellValue, Reading
from portal.collection.workbooks.template import write_template
from portal.units.models import AdministrativeUnit, UnitMembership
from portal.units.outlines import commune_populations_2009
from portal.units.services import LIST_861

from . import figures
from .beside import in_two
from .living import LIVING
from .sizes import learn_sizes

YEARS = (2021, 2022, 2023)
LAST = YEARS[-1]
DAY = datetime.date(LAST, 11, 1)
DATASETS = ("DAN-SO", "NGHEO-DAN-TOC", "BIEU-05")
# of the last year, these come as workbooks from these districts; the rest is typed
BY_FILE = {
    "BIEU-05": {"213", "215", "216", "217", "218", "219", "220", "221", "222", "223"},
    "DAN-SO": {"219", "220"},
}
NOT_SENT, WAITING, RETURNED = "220", "215", "216"  # districts, for Biểu 05 of the last year
SPECIALIST, HEAD = "chuyenvien", "truongphong"
PROVINCE = "24"
UNITS = ("units_administrativeunit", "units_unitancestor", "units_unitparent")
FACTS = ("ethnic_data_observation", "collection_submission")
STORE = ObservationStore()

Cells = Mapping[tuple[RowKey, str], Decimal]
Wanted = tuple[str, str, int]  # dataset, district, year


@dataclass(frozen=True)
class Delivery:
    """One dataset of one district in one year, and the workbook when it comes as one."""

    dataset: Dataset
    unit: AdministrativeUnit
    period: ReportingPeriod
    cells: Cells
    layout: Layout
    workbook: bytes = b""

    @property
    def is_left_open(self) -> bool:
        return self.dataset.code == "BIEU-05" and self.period.year == LAST


def moment(year: int, month: int, day: int, hour: int, now: datetime.datetime) -> datetime.datetime:
    """That hour in the portal's time zone, but never later than `now`."""
    then = timezone.make_aware(datetime.datetime(year, month, day, hour, 30))
    return min(then, now)


class DemoLoader:
    """Everything of the demo province that is not there yet."""

    def __init__(self, *, now: datetime.datetime) -> None:
        self.now = now

    def load(self) -> None:
        load_accounts()
        wanted = self._wanted()
        if not wanted:
            return
        self.officers = {
            user.area.code: user
            for user in User.objects.filter(
                is_demo=True, role="officer", area__isnull=False
            ).select_related("area")
            if user.area is not None
        }
        self.specialist = User.objects.get(username=SPECIALIST)
        made = _made_up()
        learn_sizes(*UNITS)
        in_two(lambda half: self._send_all(made, half), _halves(wanted))

    def _send_all(self, made: dict[int, figures.Year], wanted: set[Wanted]) -> None:
        with kept():
            for year in YEARS:
                deliveries = list(self._deliveries(year, made[year], wanted))
                for delivery, reading in _read_all(deliveries):
                    self._deliver(delivery, reading)
                learn_sizes(*FACTS)

    def _wanted(self) -> set[Wanted]:
        """(dataset, district, year) without a submission yet."""
        districts = AdministrativeUnit.objects.on(DAY).districts().filter(is_reference=False)
        wanted = {
            (dataset, code, year)
            for dataset in DATASETS
            for code in districts.values_list("code", flat=True)
            for year in YEARS
        }
        wanted |= {
            (dataset, code, LAST)
            for dataset in LIVING
            for code in districts.values_list("code", flat=True)
        }
        wanted.discard(("BIEU-05", NOT_SENT, LAST))
        there = Submission.objects.filter(dataset__code__in=[*DATASETS, *LIVING]).values_list(
            "dataset__code", "unit__code", "period__end__year"
        )
        return wanted - set(there)

    def _deliveries(self, year: int, made: figures.Year, wanted: set[Wanted]) -> Iterator[Delivery]:
        period = ReportingPeriod.objects.get(code=str(year))
        units = {unit.code: unit for unit in AdministrativeUnit.objects.on(period.end).districts()}
        for dataset in Dataset.objects.filter(code__in=[*DATASETS, *LIVING]):
            for code, unit in sorted(units.items()):
                if (dataset.code, code, year) not in wanted:
                    continue
                layout = STORE.layout(dataset, unit, period)
                cells = _cells(dataset.code, layout, made)
                by_file = year == LAST and code in BY_FILE.get(dataset.code, ())
                workbook = write_template(layout, values=cells) if by_file else b""
                yield Delivery(dataset, unit, period, cells, layout, workbook)

    @transaction.atomic
    def _deliver(self, delivery: Delivery, reading: Reading | None) -> None:
        officer, year = self.officers[delivery.unit.code], delivery.period.year
        submission = collection.open_submission(
            dataset=delivery.dataset,
            unit=delivery.unit,
            period=delivery.period,
            by=officer,
            now=moment(year, 9, 5, 8, self.now),
        )
        sent = moment(year, 9, 6, 15, self.now)
        if reading is None:
            _type(submission, delivery, officer, sent)
        else:
            _upload(submission, delivery, reading, officer, sent)
        submission = collection.submit(submission=submission, by=officer, now=sent)
        reviewed = moment(year, 9, 20, 9, self.now)
        if delivery.is_left_open and delivery.unit.code == WAITING:
            return
        if delivery.is_left_open and delivery.unit.code == RETURNED:
            self._return(submission, delivery, reviewed)
            return
        collection.approve(submission=submission, by=self.specialist, now=reviewed)

    def _return(
        self, submission: Submission, delivery: Delivery, reviewed: datetime.datetime
    ) -> None:
        row = next(delivery.layout.valid_units())
        stored = next(
            value
            for key, value in STORE.current(submission).items()
            if (key.unit, key.measure) == (row.code, "N04")
        )
        collection.add_remark(
            submission=submission,
            text="Đối chiếu lại số hộ cận nghèo với danh sách đã được Chủ tịch xã phê duyệt.",
            by=self.specialist,
            row_code=row.code,
            column_key="N04",
            sheet=stored.sheet,
            cell=stored.cell,
            place=f"{row.label}, {delivery.layout.by_key['N04'].heading}",
            now=reviewed,
        )
        collection.return_submission(submission=submission, by=self.specialist, now=reviewed)


def _halves(wanted: set[Wanted]) -> list[set[Wanted]]:
    """Every second district apart: no district's figures ask for another's."""
    districts = sorted({district for _, district, _ in wanted})
    return [
        {one for one in wanted if districts.index(one[1]) % 2 == part}
        for part in range(min(2, len(districts)))
    ]


def _made_up() -> dict[int, figures.Year]:
    listed = set(
        UnitMembership.objects.filter(unit_list__code=LIST_861, valid__contains=DAY).values_list(
            "unit__code", flat=True
        )
    )
    people = commune_populations_2009()
    places = [
        figures.Place(code, district, people[code], code in listed)
        for code, district in AdministrativeUnit.objects.on(DAY)
        .communes()
        .filter(code__in=people, parents__valid__contains=DAY)
        .order_by("code")
        .values_list("code", "parents__parent__code")
    ]
    census = {
        code: int(value)
        for code, value in PublishedFigure.objects.filter(
            row__table__code=CENSUS_TABLE, row__group__isnull=False
        ).values_list("row__group__code", "value")
    }
    base = figures.people(places, census)
    return {year: figures.year(year, places, census, base, _male_share()) for year in YEARS}


def _male_share() -> dict[str, float]:
    """Men among the people of a group in the whole nation in 2019, where it is known."""
    return {
        row["code"]: int(row["male_2019"]) / int(row["population_2019"])
        for row in rows_of("ethnic_groups.csv")
        if row["male_2019"]
    }


def _cells(dataset: str, layout: Layout, made: figures.Year) -> dict[tuple[RowKey, str], Decimal]:
    """The cells of a dataset for the communes of a layout, by row and column."""
    cells: dict[tuple[RowKey, str], Decimal] = {}
    for unit in layout.valid_units():
        if dataset in LIVING:
            for key, value in LIVING[dataset](unit.code, made.form_05[unit.code]).items():
                cells[RowKey(unit.code), key] = value
            continue
        if dataset == "BIEU-05":
            for key, count in made.form_05[unit.code].items():
                cells[RowKey(unit.code), key] = Decimal(count)
            continue
        columns = (
            {"D03_nam": made.men[unit.code], "D03_nu": made.women[unit.code]}
            if dataset == "DAN-SO"
            else {"N01": made.poor[unit.code], "N02": made.near_poor[unit.code]}
        )
        groups = {group for counts in columns.values() for group, n in counts.items() if n}
        for group in sorted(groups | {figures.KINH}):
            for key, counts in columns.items():
                cells[RowKey(unit.code, group), key] = Decimal(counts.get(group, 0))
            if dataset == "DAN-SO":
                total = sum(counts.get(group, 0) for counts in columns.values())
                cells[RowKey(unit.code, group), "D03"] = Decimal(total)
    return cells


def _read_all(deliveries: list[Delivery]) -> Iterator[tuple[Delivery, Reading | None]]:
    """Each delivery with its workbook as read; two are read at a time, outside this process."""
    beside = {id(one): collection.beside_of(one, one.layout) for one in deliveries if one.workbook}

    def read(one: Delivery) -> Reading | None:
        if not one.workbook:
            return None
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
            Path(file.name).write_bytes(one.workbook)
            return read_workbook(
                file.name, layout=one.layout, beside=beside[id(one)], name=_name(one)
            )

    with ThreadPoolExecutor(2) as readers:
        yield from zip(deliveries, readers.map(read, deliveries), strict=True)


def _name(delivery: Delivery) -> str:
    return collection.template_name(
        dataset=delivery.dataset, unit=delivery.unit, period=delivery.period
    )


def _upload(
    submission: Submission,
    delivery: Delivery,
    reading: Reading,
    officer: User,
    sent: datetime.datetime,
) -> None:
    upload = collection.receive_upload(
        submission=submission,
        file=ContentFile(delivery.workbook, name=_name(delivery)),
        name=_name(delivery),
        by=officer,
        read_later=False,
        now=sent,
    )
    collection.store_reading(upload=upload, reading=reading)
    collection.commit_uploads(submission=submission, by=officer, now=sent)


def _type(
    submission: Submission, delivery: Delivery, officer: User, sent: datetime.datetime
) -> None:
    """As if typed in the form: the values without a file, and the event that says so."""
    columns = delivery.layout.by_key
    values = [
        CellValue(
            row.unit, columns[key].measure, row.group, columns[key].sex, columns[key].category,
            number, None, "", "", "", key,
        )
        for (row, key), number in delivery.cells.items()
    ]  # fmt: skip
    written = STORE.write(submission, values, None)
    what = SubmissionEvent.What.TYPED
    note(submission, what, by=officer, at=sent, text=collection.in_words(written))


@transaction.atomic
def load_agency(*, now: datetime.datetime) -> None:
    """The agency's own figures of the last year, entered by a specialist, approved by a head."""
    dataset = Dataset.objects.get(code="CNTT-CO-QUAN")
    period = ReportingPeriod.objects.get(code=str(LAST))
    province = AdministrativeUnit.objects.on(period.end).get(code=PROVINCE)
    if Submission.objects.filter(dataset=dataset, unit=province, period=period).exists():
        return
    by = User.objects.get(username=SPECIALIST)
    sent = moment(LAST, 10, 25, 9, now)
    submission = collection.open_submission(
        dataset=dataset, unit=province, period=period, by=by, now=sent
    )
    cells = {(RowKey(PROVINCE), code): Decimal(n) for code, n in figures.AGENCY.items()}
    layout = STORE.layout(dataset, province, period)
    _type(submission, Delivery(dataset, province, period, cells, layout), by, sent)
    collection.submit(submission=submission, by=by, now=sent)
    head = User.objects.get(username=HEAD)
    collection.approve(submission=submission, by=head, now=moment(LAST, 10, 27, 14, now))
