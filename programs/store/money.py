"""Workbooks of money: a year's capital of works, and what was paid in a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.collection.services.refusals import Refused
from portal.collection.workbooks.layout import Layout, RowUnit
from portal.collection.workbooks.numbers import vietnamese
from portal.collection.workbooks.rules import Objection, Told
from programs.models import SubmissionDecision
from programs.services.posting import (
    Stands,
    decision_cited,
    objections_to_monthly,
    objections_to_plan,
    post_monthly,
    post_plan,
    source_and_kind,
)

from .reading import numbers
from .sizes import TOTAL, with_capital
from .works import WorksStore, at_its_cell, by_programme, numbers_by_measure

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import Dataset, ReportingPeriod, Submission
    from portal.collection.stores import Asked
    from portal.units.models import AdministrativeUnit

Amounts = dict[tuple[str, str], Decimal]


def amounts(told: Amounts) -> Amounts:
    """Without the total: what has a source and a kind."""
    return {key: value for key, value in told.items() if source_and_kind(key[1])}


def wrong_totals(told: Told) -> Iterator[Objection]:
    """A total that is not what its row adds up to; an empty cell counts as nothing."""
    for row, cells in told.items():
        parts = [value for key, value in cells.items() if key != TOTAL]
        total = cells.get(TOTAL)
        if total is not None and parts and total != sum(parts, Decimal(0)):
            text = (
                f"{vietnamese(total)} khác tổng các nguồn vốn của dòng "
                f"({vietnamese(sum(parts, Decimal(0)))}). Hãy kiểm tra lại các ô."
            )
            yield Objection(row.unit, TOTAL, text, rule="tong-dong")
        elif total and not parts:
            text = "mới có tổng số, chưa chia theo nguồn vốn. Hãy ghi vào cột của từng nguồn."
            yield Objection(row.unit, TOTAL, text, rule="chua-chia")


class MoneyStore(WorksStore):
    """Amounts by works, source and kind."""

    def standing_against(self, asked: Asked, told: Amounts) -> Iterable[Stands]:
        raise NotImplementedError

    def objections(self, asked: Asked, layout: Layout, told: Told) -> Iterable[Objection]:
        yield from wrong_totals(told)
        against = self.standing_against(asked, amounts(numbers_by_measure(layout, told)))
        yield from at_its_cell(layout, against)

    def told_by(self, submission: Submission) -> Amounts:
        """The amounts of a submission; what the revision before told and this one does not is 0."""
        found = numbers(type(submission).objects.filter(pk=submission.pk))
        told = {(key.unit, key.measure): value for key, value in found.items()}
        for one in self.differences(submission):
            told.setdefault((one.key.unit, one.key.measure), Decimal(0))
        return amounts(told)


class PlanStore(MoneyStore):
    """CT-KHV: what each works is given for a year; it cites its decision before it is sent."""

    def standing_against(self, asked: Asked, told: Amounts) -> Iterable[Stands]:
        for programme, values in by_programme(told):
            yield from objections_to_plan(asked=asked, programme=programme, values=values)  # type: ignore[arg-type]

    def before_sending(self, submission: Submission, *, by: User) -> None:
        """Tie the submission to its decision in the register.

        Raises:
            Refused: none is cited, or the register does not have it.
        """
        document = decision_cited(submission)
        SubmissionDecision.objects.update_or_create(
            submission=submission, defaults={"document": document, "by": by}
        )

    def take_effect(self, submission: Submission, *, by: User) -> None:
        decision = SubmissionDecision.objects.filter(submission=submission).first()
        if decision is None:
            raise Refused("Bộ số liệu chưa gắn với quyết định phân bổ vốn nào trong sổ văn bản.")
        for programme, values in by_programme(self.told_by(submission)):
            post_plan(
                submission=submission,
                programme=programme,
                values=values,
                by=by,
                document=decision.document,
            )


class DisbursementStore(MoneyStore):
    """CT-GN: what was paid for each works in a month."""

    def row_units(
        self, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
    ) -> Sequence[RowUnit]:
        return with_capital(super().row_units(dataset, unit, period), period.start)

    def standing_against(self, asked: Asked, told: Amounts) -> Iterable[Stands]:
        for programme, values in by_programme(told):
            yield from objections_to_monthly(asked=asked, programme=programme, values=values)  # type: ignore[arg-type]

    def take_effect(self, submission: Submission, *, by: User) -> None:
        for programme, values in by_programme(self.told_by(submission)):
            post_monthly(submission=submission, programme=programme, values=values, by=by)
