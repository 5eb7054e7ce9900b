"""A made-up programme of a province: lines of capital down to works, payments month by month.

Everything goes in through the guards of the database, in sets: lines, changes and payments are
weighed as those that a file brings.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from ethnic_data.models import EthnicGroup
from portal.copying import Pieces
from portal.documents.models import Document, DocumentType, Issuer
from portal.units.models import AdministrativeUnit, UnitParent
from portal.units.names import fold, sort_key
from programs.models import (
    Beneficiaries,
    CapitalChange,
    CapitalPlan,
    Component,
    FundingSource,
    Organisation,
    Output,
    OutputKind,
    Programme,
    State,
    Works,
    WorksEvent,
    WorksPlace,
)

YEARS = (2023, 2024)
COMPONENTS = ("DA1.ND2", "DA2", "DA3.TDA2", "DA4.TDA1", "DA5.TDA1", "DA6", "DA9.TDA2", "DA10.TDA1")
SOURCES = ("NSTW", "NST", "NSH")
INVESTORS = 60
DAY = datetime.date(2024, 6, 13)  # amid a month: not all is kept by month
BEGUN = datetime.date(2023, 1, 16)
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class Size:
    works: int = 5_000
    payments: int = 100_000


def filled(size: Size, seed: int = 1719) -> Programme:
    """The programme 1719 with works, lines of both years and payments; once per database."""
    programme = Programme.objects.get(code="1719")
    if Works.objects.filter(code="B-0").exists():
        return programme
    chance = random.Random(seed)  # noqa: S311 - made-up figures
    with transaction.atomic():
        works = _works(size.works, chance)
        _results(works)
        for year in YEARS:
            lines = _lines(programme, works, year, chance)
            _pay(lines, year, size.payments // len(YEARS), chance)
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE programs_capitalplan, programs_capitalchange, programs_disbursement,"
            " programs_works, programs_worksplace, programs_worksevent, programs_output,"
            " programs_beneficiaries, programs_capitalbymonth"
        )
    return programme


def _works(count: int, chance: random.Random) -> list[Works]:
    investors = [
        Organisation.objects.create(code=f"b-{n}", name=f"Ban quản lý thử {n}", kind="investor")
        for n in range(INVESTORS)
    ]
    components = list(Component.objects.filter(programme__code="1719", code__in=COMPONENTS))
    communes = list(AdministrativeUnit.objects.communes().on(BEGUN).filter(is_reference=False))
    names = [f"Công trình thử số {n}" for n in range(count)]
    works = Works.objects.bulk_create(
        Works(
            code=f"B-{n}",
            name=name,
            name_key=fold(name),
            sort_key=sort_key(name),
            component=components[n % len(components)],
            investor=investors[n % len(investors)],
            kind=("new", "upgrade", "support")[n % 3],
            total_investment=chance.randint(500, 9_000),
            planned_start=datetime.date(2023, 3, 1),
            planned_finish=datetime.date(2023, 9, 1) + datetime.timedelta(chance.randint(0, 600)),
        )
        for n, name in enumerate(names)
    )
    WorksPlace.objects.bulk_create(
        WorksPlace(works=one, unit=communes[n % len(communes)]) for n, one in enumerate(works)
    )
    _begun(works, chance)
    return works


def _results(works: list[Works]) -> None:
    """An output of each works, and the people of two groups who benefit."""
    kinds = list(OutputKind.objects.all())
    groups = list(EthnicGroup.objects.minorities()[:6])
    Output.objects.bulk_create(
        Output(works=one, kind=kinds[n % len(kinds)], year=YEARS[n % 2], planned=10, actual=n % 11)
        for n, one in enumerate(works)
    )
    Beneficiaries.objects.bulk_create(
        Beneficiaries(works=one, year=YEARS[n % 2], group=group, male=20 + n % 40, female=25)
        for n, one in enumerate(works)
        for group in (groups[n % 6], groups[(n + 1) % 6])
    )


def _begun(works: list[Works], chance: random.Random) -> None:
    """Each goes its way for a while: the states of one after another, on growing days."""
    way = (State.PREPARED, State.APPROVED, State.STARTED, State.FINISHED, State.SETTLED)
    day = {one.pk: datetime.date(2023, 1, 20) for one in works}
    for step, state in enumerate(way):
        events = []
        for one in works:
            if step < 2 + one.pk % 4:
                day[one.pk] += datetime.timedelta(chance.randint(10, 120))
                events.append(WorksEvent(works=one, state=state, day=day[one.pk]))
        WorksEvent.objects.bulk_create(events)


def _decision(year: int) -> Document:
    return Document.objects.create(
        direction="legal",
        number=f"17{year % 100}",
        symbol="QĐ-UBND",
        date=datetime.date(year, 1, 5),
        issuer=Issuer.objects.get(name="Ủy ban nhân dân tỉnh Bắc Giang"),
        document_type=DocumentType.objects.get(name="Quyết định"),
        subject="Về việc giao kế hoạch vốn (thử)",
    )


def _lines(
    programme: Programme, works: list[Works], year: int, chance: random.Random
) -> list[tuple[CapitalPlan, int]]:
    """Lines of the province, of districts and of works; those of works with thousands of đồng."""
    sources = list(FundingSource.objects.filter(code__in=SOURCES))
    province = AdministrativeUnit.objects.on(BEGUN).get(code="24")
    places = WorksPlace.objects.filter(works__in=works).values_list("works", "unit")
    above = dict(UnitParent.objects.filter(valid__contains=BEGUN).values_list("unit", "parent"))
    district_of = {one: above[unit] for one, unit in places}
    for_works = [
        (one, sources[n % 3], "recurrent" if one.kind == "support" else "investment",
         chance.randint(50_000, 3_000_000))
        for n, one in enumerate(works)
    ]  # fmt: skip
    tops: dict[tuple, int] = {}
    middles: dict[tuple, int] = {}
    for one, source, kind, amount in for_works:
        key = (one.component_id, source.pk, kind)
        tops[key] = tops.get(key, 40_000_000) + amount * 11 // 10
        key = (*key, district_of[one.pk])
        middles[key] = middles.get(key, 1_000_000) + amount

    def line(key: tuple, **more: object) -> CapitalPlan:
        component, source, kind, *_ = key
        return CapitalPlan(
            programme=programme, year=year, component_id=component, source_id=source, kind=kind,
            **more,
        )  # fmt: skip

    first = CapitalPlan.objects.bulk_create(
        line(key, holder="province", unit=province) for key in tops
    )
    by_top = dict(zip(tops, first, strict=True))
    second = CapitalPlan.objects.bulk_create(
        line(key, holder="district", unit_id=key[3], parent=by_top[key[:3]]) for key in middles
    )
    by_middle = dict(zip(middles, second, strict=True))
    third = CapitalPlan.objects.bulk_create(
        line(
            (one.component_id, source.pk, kind),
            holder="works",
            works=one,
            parent=by_middle[one.component_id, source.pk, kind, district_of[one.pk]],
        )
        for one, source, kind, _ in for_works
    )
    decision = _decision(year)
    needed = _needed(by_middle, middles)
    _change(zip(first, (tops[key] + needed.get(key, 0) for key in tops), strict=True),
            "assigned", decision, year, 10)  # fmt: skip
    _change(zip(second, middles.values(), strict=True), "allocated", decision, year, 20)
    own = [(plan, amount) for plan, (*_, amount) in zip(third, for_works, strict=True)]
    _change(own, "allocated", decision, year, 28)
    return own


def _needed(by_middle: dict[tuple, CapitalPlan], middles: dict[tuple, int]) -> dict[tuple, int]:
    """What the districts hold back, by the line of the province it comes from."""
    found: dict[tuple, int] = {}
    for key in by_middle:
        found[key[:3]] = found.get(key[:3], 0) + middles[key]
    return found


def _change(
    amounts: Iterator[tuple[CapitalPlan, int]] | list[tuple[CapitalPlan, int]],
    what: str,
    decision: Document,
    year: int,
    day: int,
) -> None:
    CapitalChange.objects.bulk_create(
        CapitalChange(
            plan=plan,
            what=what,
            amount=thousand * THOUSANDTH,
            day=datetime.date(year, 1, day),
            document=decision,
        )
        for plan, thousand in amounts
    )


def _pay(
    lines: list[tuple[CapitalPlan, int]], year: int, payments: int, chance: random.Random
) -> None:
    """`payments` rows over all lines, by COPY; every line keeps a part of its money."""
    each = max(1, payments // len(lines))

    def rows() -> Iterator[str]:
        for number, (plan, amount) in enumerate(lines):
            share = amount * chance.randint(10, 98) // 100 // each
            for n in range(each):
                day = datetime.date(year, 2, 1) + datetime.timedelta(chance.randint(0, 330))
                thousand = max(1, share)
                yield f"{plan.pk}\t{day}\t{thousand * THOUSANDTH}\tUNC-{number}-{n}\t\n"

    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY programs_disbursement (plan_id, day, amount, voucher, note) FROM STDIN",
            Pieces(rows()),
        )
