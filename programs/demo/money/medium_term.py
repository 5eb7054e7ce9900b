"""The medium-term plan of 2021–2025, for the province: by source, shared among the projects."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_UP, Decimal

from portal.units.models import AdministrativeUnit, Level
from programs.demo import figures
from programs.demo.figures import INVESTMENT, Million
from programs.demo.places import LISTED_ON
from programs.demo.reference import Reference
from programs.demo.years import Year
from programs.models import CapitalChange, CapitalPlan, Phase

DAY = datetime.date(2022, 1, 5)
IN_PHASE = datetime.date(2023, 1, 1)
BILLION = Decimal(1000)  # million đồng
WHERE_NOTHING_IS_GIVEN = ("DA4", INVESTMENT)
Share = tuple[str, str]  # project, kind of capital


def write_medium_term(reference: Reference, years: Iterable[Year]) -> None:
    phase = Phase.objects.get(programme=reference.programme, valid__contains=IN_PHASE)
    province = AdministrativeUnit.objects.on(LISTED_ON).get(code="24", level=Level.PROVINCE)
    decision = reference.decision(2022, "giao kế hoạch vốn trung hạn từ")
    given = given_in(years)
    shares = {
        (source, *share): amount
        for source, total in figures.MEDIUM_TERM.items()
        for share, amount in shared(total, given.get(source, {})).items()
    }
    lines = CapitalPlan.objects.bulk_create(
        CapitalPlan(
            programme=reference.programme, phase=phase, component=reference.components[project],
            source=reference.sources[source], kind=kind, holder="province", unit=province,
            is_demo=True,
        )
        for source, project, kind in shares
    )  # fmt: skip
    CapitalChange.objects.bulk_create(
        CapitalChange(
            plan=line, what=CapitalChange.What.ASSIGNED, amount=amount, day=DAY,
            document=decision, by=reference.by,
        )
        for line, amount in zip(lines, shares.values(), strict=True)
    )  # fmt: skip


def given_in(years: Iterable[Year]) -> dict[str, dict[Share, Million]]:
    """What all years give by source, project and kind; money carried over counts once."""
    given: dict[str, dict[Share, Million]] = defaultdict(lambda: defaultdict(Decimal))
    for one in years:
        for job in one.jobs:
            for (source, kind), amount in job.money.items():
                given[source][job.trade.component.partition(".")[0], kind] += amount
        for (source, kind), amount in one.kept.items():
            first = next(job for job in one.paid_for if (source, kind) in job.money)
            given[source][first.trade.component.partition(".")[0], kind] += amount
    return given


def shared(total: Million, given: dict[Share, Million]) -> dict[Share, Million]:
    """`total` in the proportion of what is given, upward to a billion; the largest has the rest.

    Every share is at least what is given, where `total` leaves a billion for each.
    """
    if not given:
        return {WHERE_NOTHING_IS_GIVEN: total}
    order = sorted(given, key=lambda share: (given[share], share))
    whole = sum(given.values(), Decimal(0))
    found: dict[Share, Million] = {}
    for share in order[:-1]:
        part = total * given[share] / whole / BILLION
        found[share] = part.quantize(Decimal(1), rounding=ROUND_UP) * BILLION
    found[order[-1]] = total - sum(found.values(), Decimal(0))
    return dict(sorted(found.items()))
