"""Load what is known of the programme from the room's own files."""

from __future__ import annotations

import csv
import datetime
import re
from dataclasses import dataclass, field
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
from programs.services.datasets import load_datasets

from .renewing import Renewed, renew

DATA = Path(__file__).parent.parent.parent / "data"
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


@dataclass
class Loaded:
    """What came of it: new programmes, and what the files brought to those that were there."""

    programmes: int = 0
    renewed: Renewed = field(default_factory=Renewed)

    def __bool__(self) -> bool:
        return bool(self.programmes or self.renewed)

    @property
    def sentences(self) -> list[str]:
        """What people changed and the files say otherwise: kept."""
        return self.renewed.kept


@transaction.atomic
def load_reference() -> Loaded:
    """Load sources of money, and programmes with trees, targets, forms, outputs, published money.

    To a programme that is there already come new components, kinds of output, forms and steps,
    and corrections of those that nobody changed since (see `renewing`); the rest of it is left as
    it stands. Falsy when nothing was new.
    """
    _load_sources()
    load_datasets()
    loaded = Loaded()
    there = {one.code: one for one in Programme.objects.all()}
    for row in rows_of("programmes.csv"):
        if row["code"] not in there:
            _load_programme(row)
            loaded.programmes += 1
        told = Renewed() if row["code"] not in there else loaded.renewed
        _renew_programme(Programme.objects.get(code=row["code"]), told)
    return loaded


def _renew_programme(programme: Programme, told: Renewed) -> None:
    for depth in range(3):
        _renew_components(programme, depth, told)
    _renew_output_kinds(programme, told)
    _renew_forms(programme, told)
    _renew_steps(programme, told)


def _renew_components(programme: Programme, depth: int, told: Renewed) -> None:
    there = {one.code: one for one in programme.components.all()}
    made = {
        row["code"]: _component(programme, row, there.get(row["parent_code"]))
        for row in rows_of(f"programme_{programme.code}.csv")
        if row["code"].count(".") == depth and (not depth or row["parent_code"] in there)
    }
    fields = ("parent", "number", "name", "lead_agency", "source")
    renew(f"programme_{programme.code}", made, there, fields, told)


def _renew_output_kinds(programme: Programme, told: Renewed) -> None:
    by_code = {one.code: one for one in programme.components.all()}
    made = {one.code: one for one in _output_kinds(by_code)}
    there = {one.code: one for one in OutputKind.objects.filter(component__programme=programme)}
    fields = ("component", "name", "unit_of_measure", "counted", "decimals", "position")
    renew("output_kinds", made, there, fields, told)


def _since(valid: DateRange) -> str:
    return f"{valid.lower:%Y-%m-%d}" if valid.lower else ""


def _renew_forms(programme: Programme, told: Renewed) -> None:
    def key(form: MonitoringForm) -> str:
        return f"{programme.code}:{form.code}:{_since(form.valid)}"

    made = {key(one): one for one in _forms(programme)}
    there = {key(one): one for one in programme.forms.all()}
    fields = ("title", "sender", "receiver", "deadline", "frequency", "columns", "basis", "source",
              "valid")  # fmt: skip
    renew("monitoring_forms", made, there, fields, told)


def _renew_steps(programme: Programme, told: Renewed) -> None:
    def key(step: ReportStep) -> str:
        place = (step.form.code, step.level, step.occasion, _since(step.valid))
        return ":".join((programme.code, *place))

    made = {key(one): one for one in _steps(programme)}
    steps = ReportStep.objects.filter(form__programme=programme).select_related("form")
    there = {key(one): one for one in steps}
    fields = ("position", "who", "does", "dataset", "due_month", "due_day", "due_years_after",
              "days_after", "basis", "valid")  # fmt: skip
    renew("report_steps", made, there, fields, told)


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
    OutputKind.objects.bulk_create(_output_kinds(by_code), ignore_conflicts=True)


def _output_kinds(by_code: dict[str, Component]) -> list[OutputKind]:
    return [
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
    ]


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
    MonitoringForm.objects.bulk_create(_forms(programme))


def _forms(programme: Programme) -> list[MonitoringForm]:
    return [
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
    ]


def _load_steps(programme: Programme) -> None:
    ReportStep.objects.bulk_create(_steps(programme))


def _steps(programme: Programme) -> list[ReportStep]:
    """The way of the programme's forms upward; a step is watched by the dataset it is told in.

    Steps of forms that people took away are left out.
    """
    forms = {form.code: form for form in programme.forms.all()}
    datasets = {one.code: one for one in Dataset.objects.all()}
    return [
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
        if row["form"] in forms
    ]


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
