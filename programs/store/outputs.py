"""CT-KQ: what works gave in a year. A row is one kind of output of one works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from portal.collection.workbooks.layout import Layout, RowUnit
from portal.collection.workbooks.numbers import vietnamese
from portal.collection.workbooks.rules import Objection, Told
from programs.figures.outputs import kinds_by_component, registered_households
from programs.models import Output, OutputKind, Works

from .reading import numbers
from .works import WorksStore, works_of

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import Dataset, ReportingPeriod, Submission
    from portal.collection.stores import Asked
    from portal.units.models import AdministrativeUnit

PLANNED, ACTUAL = "KH", "TH"
APART = "/"  # between the code of the works and that of the output


def row_code(works: str, kind: str) -> str:
    return f"{works}{APART}{kind}"


def parts_of(code: str) -> tuple[str, str]:
    works, _, kind = code.partition(APART)
    return works, kind


class OutputStore(WorksStore):
    """Planned and actual outputs by works and kind."""

    row_noun: ClassVar[str] = "kết quả"
    row_heading: ClassVar[str] = "Công trình, kết quả"
    code_heading: ClassVar[str] = "Mã công trình/kết quả"

    def row_units(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Sequence[RowUnit]:
        kinds = kinds_by_component()
        return [
            RowUnit(
                code=row_code(works.code, kind.code),
                name=f"{works.name}: {kind.name} ({kind.unit_of_measure})",
                district=place.code,
                district_name=place.full_name,
            )
            for works, place in works_of(unit, period.start, period.end)
            for kind in kinds.get(works.component_id, ())
        ]

    def known_rows(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Sequence[RowUnit]:
        return ()

    def own_rows(self, asked: Asked, user: User) -> Collection[str] | None:
        mine = super().own_rows(asked, user)
        if mine is None:
            return None
        codes = OutputKind.objects.values_list("code", flat=True)
        return {row_code(works, kind) for works in mine for kind in codes}

    def objections(self, asked: Asked, layout: Layout, told: Told) -> Iterable[Objection]:
        """A digit too many, and households that the register knows otherwise."""
        kinds = OutputKind.objects.in_bulk(field_name="code")
        households: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        for row, cells in told.items():
            works, code = parts_of(row.unit)
            kind = kinds.get(code)
            if kind is None:
                continue
            for key, value in cells.items():
                if value != round(value, kind.decimals):
                    most = f"nhiều nhất {kind.decimals} chữ số lẻ" if kind.decimals else "số nguyên"
                    text = f"{vietnamese(value)} phải là {most} ({kind.unit_of_measure})."
                    yield Objection(row.unit, key, text, rule="so-le")
            if kind.counted == OutputKind.Counted.HOUSEHOLDS and ACTUAL in cells:
                households[works].append((row.unit, cells[ACTUAL]))
        yield from _not_in_register(households, asked.period.end.year)

    def take_effect(self, submission: Submission, *, by: User) -> None:
        """Outputs of the year become those told; what a correction no longer tells goes."""
        year = submission.period.end.year
        told: dict[str, dict[str, Decimal]] = defaultdict(dict)
        found = numbers(type(submission).objects.filter(pk=submission.pk))
        for key, value in found.items():
            told[key.unit][key.measure] = value
        works = Works.objects.in_bulk({parts_of(code)[0] for code in told}, field_name="code")
        kinds = OutputKind.objects.in_bulk(field_name="code")
        before = Output.objects.filter(
            submission__dataset=submission.dataset,
            submission__unit=submission.unit,
            submission__period=submission.period,
        )
        before.delete()
        Output.objects.bulk_create(
            (
                Output(
                    works=works[parts_of(code)[0]],
                    kind=kinds[parts_of(code)[1]],
                    year=year,
                    planned=values.get(PLANNED),
                    actual=values.get(ACTUAL),
                    submission=submission,
                    by=by,
                )
                for code, values in told.items()
            ),
            update_conflicts=True,
            unique_fields=["works", "kind", "year"],
            update_fields=["planned", "actual", "submission", "by"],
        )


def _not_in_register(told: dict[str, list[tuple[str, Decimal]]], year: int) -> Iterable[Objection]:
    """Works whose households in all are not as many as the register lists."""
    registered = registered_households(set(told), year)
    for works, rows in told.items():
        total, count = sum((value for _, value in rows), Decimal(0)), registered.get(works)
        if count is not None and total != count:
            text = (
                f"{vietnamese(total)} hộ khác số hộ trong sổ hộ được hỗ trợ "
                f"({vietnamese(Decimal(count))})."
            )
            yield Objection(rows[0][0], ACTUAL, text, rule="so-ho", severity="warning")
