"""Capital from the province down to the works: each level's changes in one statement."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from decimal import Decimal

from portal.documents.models import Document
from portal.units.models import AdministrativeUnit, Level
from programs.demo.figures import Job, Purse
from programs.demo.reference import Line, Reference
from programs.demo.years import Year
from programs.models import CapitalChange, CapitalPlan

LEVELS = ("province", "district", "investor", "works")
BY_WORKBOOK = ("investor", "works")  # levels that a workbook of plans allocates to
What = CapitalChange.What


def key_of(reference: Reference, job: Job, purse: Purse, level: str) -> Line:
    holder = {
        "province": "province",
        "district": f"district:{job.place.district}",
        "investor": f"investor:{reference.investor(job).code}",
        "works": f"works:{job.code}",
    }[level]
    return holder, job.trade.component, purse


def write_capital(
    reference: Reference, one: Year, last: Year | None, *, by_workbook: Collection[str]
) -> Document:
    """Lines and what was decided of them; `by_workbook` are codes of works whose share of the
    district's capital a workbook tells. Returns the decision."""
    reference.lines[one.year] = {}
    decision = reference.decision(one.year, "giao, phân bổ kế hoạch vốn")
    amounts = _amounts(reference, one, by_workbook)
    for level in LEVELS:
        _open(reference, one, level, list(amounts[level]))
        CapitalChange.objects.bulk_create(
            CapitalChange(
                plan=reference.lines[one.year][key],
                what=What.ASSIGNED if level == "province" else What.ALLOCATED,
                amount=amount,
                day=one.day + datetime.timedelta(days=LEVELS.index(level) * 5),
                document=decision,
                by=reference.by,
            )
            for key, amount in amounts[level].items()
            if amount
        )
    if last and one.carried:
        _carry_over(reference, last, one)
    return decision


def _amounts(
    reference: Reference, one: Year, by_workbook: Collection[str]
) -> dict[str, dict[Line, Decimal]]:
    """What each line is given, by level; nothing for works that only have carried money."""
    amounts: dict[str, dict[Line, Decimal]] = {level: {} for level in LEVELS}
    for job in one.paid_for:
        told = job.code in by_workbook and job not in one.carried
        for purse, amount in job.money.items():
            for level in LEVELS:
                if told and level in BY_WORKBOOK:
                    continue
                key = key_of(reference, job, purse, level)
                fresh = Decimal(0) if job in one.carried else amount
                amounts[level][key] = amounts[level].get(key, Decimal(0)) + fresh
    for purse, amount in one.kept.items():
        first = next(key for key in amounts["province"] if key[2] == purse)
        amounts["province"][first] += amount
    return amounts


def _above(reference: Reference, year: int, key: Line) -> CapitalPlan | None:
    holder, _, name = key[0].partition(":")
    if holder == "province":
        return None
    lines = reference.lines[year]
    if holder == "district":
        return lines["province", key[1], key[2]]
    if holder == "investor":
        return lines[f"district:{name.rsplit('-', 1)[1]}", key[1], key[2]]
    investor = reference.works[name].investor
    return lines[f"investor:{investor.code}", key[1], key[2]]


def _open(reference: Reference, one: Year, level: str, keys: Sequence[Line]) -> None:
    province = AdministrativeUnit.objects.on(one.day).get(code="24", level=Level.PROVINCE)
    wanted = []
    for key in keys:
        _, _, name = key[0].partition(":")
        district = reference.places.districts[one.year, name] if level == "district" else None
        wanted.append(
            CapitalPlan(
                programme=reference.programme,
                year=one.year,
                component=reference.components[key[1]],
                source=reference.sources[key[2][0]],
                kind=key[2][1],
                holder=level,
                unit=province if level == "province" else district,
                organisation=reference.investors[name] if level == "investor" else None,
                works=reference.works[name] if level == "works" else None,
                parent=_above(reference, one.year, key),
                is_demo=True,
            )
        )
    made = CapitalPlan.objects.bulk_create(wanted)
    reference.lines[one.year] |= dict(zip(keys, made, strict=True))


def _carry_over(reference: Reference, last: Year, one: Year) -> None:
    decision = reference.decision(one.year, "chuyển nguồn vốn năm trước sang")
    keys = [key_of(reference, job, purse, "works") for job in one.carried for purse in job.money]
    amounts = [amount for job in one.carried for amount in job.money.values()]
    day = datetime.date(one.year, 1, 31)
    told = {"day": day, "document": decision, "by": reference.by}
    before, now = reference.lines[last.year], reference.lines[one.year]
    out = CapitalChange.objects.bulk_create(
        CapitalChange(plan=before[key], what=What.CARRIED_OUT, amount=-amount, **told)
        for key, amount in zip(keys, amounts, strict=True)
    )
    CapitalChange.objects.bulk_create(
        CapitalChange(plan=now[key], what=What.CARRIED_IN, amount=-gone.amount, counterpart=gone,
                      **told)
        for key, gone in zip(keys, out, strict=True)
    )  # fmt: skip
