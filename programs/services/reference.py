"""Load what is known of the programme from the room's own files."""

from __future__ import annotations

import csv
import datetime
import re
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from portal.collection.models import Dataset
from portal.documents.models import Document
from portal.units.models import AdministrativeUnit, Level
from programs.models import (
    Applicability,
    Component,
    Confidence,
    FundingSource,
    MonitoringForm,
    OutputKind,
    Phase,
    Programme,
    ProgrammeDocument,
    PublishedCapital,
    ReportStep,
    Target,
    TargetValue,
)

from .datasets import load_datasets

DATA = Path(__file__).parent.parent / "data"
PROVINCE_DAY = datetime.date(2021, 10, 14)  # the day of the decision
TARGET_YEARS = (2025, 2030)


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rows_about(programme: Programme, name: str) -> list[dict[str, str]]:
    return [row for row in rows_of(name) if row["programme"] == programme.code]


def period(row: dict[str, str]) -> DateRange:
    """[valid_from, valid_to) of a row; an empty end is open."""
    start, end = (
        datetime.date.fromisoformat(row[key]) if row[key] else None
        for key in ("valid_from", "valid_to")
    )
    return DateRange(start, end)


@transaction.atomic
def load_reference() -> bool:
    """Load sources of money, and programmes with trees, targets, forms, outputs, published money.

    A programme that is already there is left as it stands: people may have corrected it since.
    Returns False when nothing was new.
    """
    _load_sources()
    load_datasets()
    there = set(Programme.objects.values_list("code", flat=True))
    new = [row for row in rows_of("programmes.csv") if row["code"] not in there]
    for row in new:
        _load_programme(row)
    return bool(new)


def _load_sources() -> None:
    FundingSource.objects.bulk_create(
        (
            FundingSource(code=row["code"], name=row["name"], level=row["level"], position=position)
            for position, row in enumerate(rows_of("funding_sources.csv"), 1)
        ),
        ignore_conflicts=True,
    )


def _load_programme(row: dict[str, str]) -> None:
    fields = ("code", "name", "short_name", "decision", "owner", "note")
    programme = Programme.objects.create(
        valid=period(row),
        is_verified=row["is_verified"] == "1",
        **{name: row[name] for name in fields},
    )
    Phase.objects.bulk_create(
        Phase(programme=programme, name=phase["name"], valid=period(phase))
        for phase in rows_about(programme, "phases.csv")
    )
    by_code = _load_components(programme)
    _load_output_kinds(by_code)
    _load_targets(programme)
    _load_forms(programme)
    _load_steps(programme)
    _load_capital(programme)
    _load_documents(programme)


def _load_components(programme: Programme) -> dict[str, Component]:
    """The tree, top level first, and where a component is not carried out."""
    by_code: dict[str, Component] = {}
    rows = rows_of(f"programme_{programme.code}.csv")
    for depth in range(3):
        level = [
            _component(programme, row, by_code.get(row["parent_code"]))
            for row in rows
            if row["code"].count(".") == depth
        ]
        by_code |= {found.code: found for found in Component.objects.bulk_create(level)}
    Applicability.objects.bulk_create(
        Applicability(
            component=by_code[row["component"]],
            unit=_province(row["unit"]),
            applies=row["applies"] == "1",
            valid=period(row),
            basis=row["basis"],
        )
        for row in rows_of("applicability.csv")
        if row["component"] in by_code
    )
    return by_code


def _load_output_kinds(by_code: dict[str, Component]) -> None:
    OutputKind.objects.bulk_create(
        (
            OutputKind(
                component=by_code[row["component"]],
                code=row["code"],
                name=row["name"],
                unit_of_measure=row["unit"],
                counted=row["counted"],
                decimals=int(row["decimals"]),
                position=position,
            )
            for position, row in enumerate(rows_of("output_kinds.csv"), 1)
            if row["component"] in by_code
        ),
        ignore_conflicts=True,
    )


def _component(programme: Programme, row: dict[str, str], parent: Component | None) -> Component:
    confidence, _, doubt = row["confidence"].partition(" ")
    number = re.search(r"\d+$", row["code"])
    return Component(
        programme=programme,
        parent=parent,
        kind=row["kind"],
        number=int(number[0]) if number else 0,
        code=row["code"],
        name=row["name_vi"],
        lead_agency=row["lead_agency"],
        confidence=confidence,
        confidence_note="số thứ tự" if doubt == "(numbering)" else "",
        source=row["source"],
        is_verified=bool(row["source"]),
    )


def _province(code: str) -> AdministrativeUnit:
    """The province of that code on the day of the decision."""
    return AdministrativeUnit.objects.on(PROVINCE_DAY).get(code=code, level=Level.PROVINCE)


def _load_targets(programme: Programme) -> None:
    rows = rows_of(f"targets_{programme.code}.csv")
    targets = Target.objects.bulk_create(
        Target(
            programme=programme,
            code=row["code"],
            name=row["name_vi"],
            unit_of_measure=row["unit"],
            unit=_province(row["area"]) if row["area"] else None,
            direction=row["direction"],
            indicator_code=row["indicator"],
            measure=row["measure"],
            position=position,
            confidence=row["confidence"],
            source=row["source"],
            is_verified=row["confidence"] == Confidence.SOURCED,
        )
        for position, row in enumerate(rows, start=1)
    )
    for target, row in zip(targets, rows, strict=True):
        for year in TARGET_YEARS:
            if printed := row[f"target_{year}"]:
                TargetValue.objects.create(target=target, year=year, printed=printed)


def _load_forms(programme: Programme) -> None:
    MonitoringForm.objects.bulk_create(
        MonitoringForm(
            programme=programme,
            code=row["code"],
            title=row["title_vi"],
            sender=row["from_unit"],
            receiver=row["to_unit"],
            deadline=row["deadline"],
            frequency=row["period"],
            columns=row["columns"],
            basis=row["basis"],
            source=row["source"],
            confidence=Confidence.MEDIUM if row["source"] else Confidence.LOW,
            valid=period(row),
            position=position,
        )
        for position, row in enumerate(rows_about(programme, "monitoring_forms.csv"), 1)
    )


def _load_steps(programme: Programme) -> None:
    """The way of the programme's forms upward; a step is watched by the dataset it is told in."""
    forms = {form.code: form for form in programme.forms.all()}
    datasets = {one.code: one for one in Dataset.objects.all()}
    ReportStep.objects.bulk_create(
        ReportStep(
            form=forms[row["form"]],
            position=int(row["position"]),
            level=row["level"],
            who=row["who"],
            does=row["does"],
            occasion=row["occasion"],
            dataset=datasets.get(row["dataset"]),
            due_month=_whole(row["due_month"]),
            due_day=_whole(row["due_day"]),
            due_years_after=int(row["due_years_after"]),
            days_after=_whole(row["days_after"]),
            basis=row["basis"],
            valid=period(row),
        )
        for row in rows_about(programme, "report_steps.csv")
    )


def _load_documents(programme: Programme) -> None:
    """Documents of the register that are the programme's; those it does not have are left out."""
    for row in rows_about(programme, "programme_documents.csv"):
        document = Document.objects.named(row["number"]).order_by("date").first()
        if document is not None:
            ProgrammeDocument.objects.create(
                programme=programme, document=document, role=row["role"]
            )


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _load_capital(programme: Programme) -> None:
    """Published headline figures, from billion to million đồng."""
    province = _province("24")
    PublishedCapital.objects.bulk_create(
        PublishedCapital(
            programme=programme,
            unit=province,
            first_year=int(row["year"][:4]),
            last_year=int(row["year"][-4:]),
            scope=row["scope"],
            item=row["item"],
            amount=Decimal(row["amount_billion_vnd"]) * 1000,
            precision=row["precision"],
            as_of="/".join(reversed(row["as_of"].split("-"))),
            source=row["source"],
            position=position,
        )
        for position, row in enumerate(rows_about(programme, "bacgiang_capital.csv"), 1)
    )
