"""Figures of a report: computed while it is a draft, frozen when it goes up."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from reports import figures as registry
from reports.models import Figure, Report, Status, Style
from reports.references import used_atoms

from .refusals import ReportRefusal
from .trail import at_step, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User

MISSING_WORDS = {
    "not_collected": "chưa có số liệu được duyệt",
    "not_applicable": "không áp dụng",
    "confidential": "không công bố",
}


@dataclass(frozen=True, slots=True)
class MissingFigure:
    """A figure of the text that has no value, and why."""

    figure: Figure
    reason: str


class FiguresMissing(ReportRefusal):
    """Some figures of the text have no value; `missing` lists them."""

    def __init__(self, missing: list[MissingFigure]) -> None:
        self.missing = missing
        lines = "; ".join(f"{found.figure.title}: {found.reason}" for found in missing)
        waits = any(found.figure.missing == "not_collected" for found in missing)
        hint = "Hãy đợi số liệu được duyệt hoặc bỏ" if waits else "Hãy bỏ"
        super().__init__(
            f"Chưa trình được: {len(missing)} số liệu trong báo cáo chưa có giá trị ({lines}). "
            f"{hint} câu dùng số liệu ấy."
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """A frozen figure whose data say something else today."""

    figure: Figure
    now: registry.Computed = field(repr=False)
    printed_now: str = ""

    @property
    def is_same(self) -> bool:
        return self.printed_now == self.figure.printed


@transaction.atomic
def insert_figure(
    *,
    report: Report,
    query: str,
    by: User,
    now: datetime.datetime,
    style: str = "",
    parameters: dict[str, Any] | None = None,
) -> Figure:
    """Bind a new figure to the draft and compute it; the editor puts its atom into the text.

    Raises:
        UnknownFigure: no such query.
        NotAllowed, NotNow
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    return bind(report, query=query, style=style, parameters=parameters or {}, now=now)


def bind(
    report: Report,
    *,
    query: str,
    style: str,
    parameters: dict[str, Any],
    now: datetime.datetime,
) -> Figure:
    """Make the row of a figure; the caller holds the report. Raises UnknownFigure."""
    return bind_found(report, registry.find(query), style=style, parameters=parameters, now=now)


def bind_found(
    report: Report,
    found: registry.FigureQuery,
    *,
    style: str,
    parameters: dict[str, Any],
    now: datetime.datetime,
) -> Figure:
    """The same for a query that has been found."""
    parameters = registry.fitting(found, parameters)
    chosen = style if style in Style.values else found.style
    same = report.figures.filter(query=found.key, style=chosen, parameters=parameters).first()
    if same is not None:
        return same
    figure = Figure(
        report=report,
        query=found.key,
        parameters=parameters,
        style=chosen,
        title=registry.title_of(found, parameters, on=report.period.end),
        unit_of_measure=found.unit_of_measure,
    )
    compute(figure, now=now, query=found)
    figure.save()
    return figure


@transaction.atomic
def refresh_figures(*, report: Report, now: datetime.datetime) -> list[Figure]:
    """Compute every figure of a draft from today's approved data; returns those that changed."""
    report = at_step(report, Status.DRAFT)
    changed = []
    figures = report.figures.all()
    queries = registry.find_many(figure.query for figure in figures)
    for figure in figures:
        before = (figure.value, figure.missing, figure.printed, figure.provenance)
        compute(figure, now=now, query=queries.get(figure.query))
        if before != (figure.value, figure.missing, figure.printed, figure.provenance):
            figure.save()
            changed.append(figure)
    return changed


def freeze(report: Report, *, now: datetime.datetime) -> None:
    """Fix value, words and provenance of every figure the text uses; drop those it does not.

    The caller holds the report, still a draft. Raises FiguresMissing; nothing is frozen then.
    """
    used = {atom.key for atom in used_atoms(report) if atom.kind == "figure"}
    frozen, missing = [], []
    quoted = [figure for figure in report.figures.all() if str(figure.pk) in used]
    queries = registry.find_many(figure.query for figure in quoted)
    for figure in quoted:
        compute(figure, now=now, query=queries.get(figure.query))
        figure.frozen_at = now
        frozen.append(figure)
        if figure.value is None:
            missing.append(MissingFigure(figure, why_missing(figure)))
    if missing:
        raise FiguresMissing(missing)
    report.figures.exclude(pk__in=[figure.pk for figure in frozen]).delete()
    for figure in frozen:
        figure.save()


def drop_unused_citations(report: Report) -> None:
    """Take away citations that no text refers to; the caller holds the report, still a draft."""
    used = {atom.key for atom in used_atoms(report) if atom.kind == "citation"}
    report.citations.exclude(pk__in=[key for key in used if key.isdecimal()]).delete()


def unfreeze(report: Report) -> None:
    """Let the figures of a draft follow the data again."""
    report.figures.update(frozen_at=None)
    report.figures_now.all().delete()
    report.exhibits_now.all().delete()


def compute(
    figure: Figure, *, now: datetime.datetime, query: registry.FigureQuery | None = None
) -> None:
    """Set value, words and provenance from today's approved data; nothing is saved."""
    found = ask(figure, query=query)
    figure.value, figure.missing = found.value, found.missing
    figure.unit_of_measure = found.unit_of_measure or figure.unit_of_measure
    figure.printed = "" if found.value is None else registry.printed(found.value, figure.style)
    figure.provenance = found.provenance
    figure.computed_at = now


def ask(
    figure: Figure,
    *,
    as_of: datetime.datetime | None = None,
    query: registry.FigureQuery | None = None,
) -> registry.Computed:
    """What the figure's query says today, or said at `as_of`. Raises UnknownFigure.

    query: the same, where a caller found it with others.
    """
    report = figure.report
    scope = registry.Scope(report.period, report.report_date, figure.parameters, as_of)
    return registry.ask(query or registry.find(figure.query), scope)


def recompute(figure: Figure) -> Difference:
    """Compute a frozen figure anew from the revisions that stood approved when it was frozen."""
    again = ask(figure, as_of=figure.frozen_at)
    words = "" if again.value is None else registry.printed(again.value, figure.style)
    return Difference(figure, again, words)


def missing_figures(report: Report) -> list[MissingFigure]:
    """Figures the text uses that have no value as last computed."""
    used = {atom.key for atom in used_atoms(report) if atom.kind == "figure"}
    return [
        MissingFigure(figure, why_missing(figure))
        for figure in report.figures.all()
        if str(figure.pk) in used and figure.value is None
    ]


def differing_figures(report: Report) -> list[Difference]:
    """Frozen figures that today's approved data would write otherwise; the text stays as it is."""
    frozen = report.figures.filter(frozen_at__isnull=False)
    return [found for found in map(today, frozen) if not found.is_same]


def today(figure: Figure) -> Difference:
    """A frozen figure beside what today's approved data say; a query that is gone says nothing."""
    try:
        now = ask(figure)
    except registry.UnknownFigure:
        now = registry.Computed(None, "not_collected")
    words = "" if now.value is None else registry.printed(now.value, figure.style)
    return Difference(figure, now, words)


def why_missing(figure: Figure) -> str:
    told = MISSING_WORDS.get(figure.missing, MISSING_WORDS["not_collected"])
    return str(figure.provenance.get("why") or told)


def note_changes(
    report: Report, changed: Iterable[Figure], *, by: User, now: datetime.datetime
) -> None:
    """Write down which figures a refresh changed."""
    words = "; ".join(f"{figure.title}: {figure.printed or '…'}" for figure in changed)
    if words:
        write_down(report, "figures_refreshed", "Cập nhật số liệu", who=by, at=now, note=words)
