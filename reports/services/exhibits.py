"""Tables and charts of a report: they follow the data in a draft and are frozen with the text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from reports.exhibits.content import Content, Made, NotToBeMade, in_turn
from reports.exhibits.making import default_title, make, make_again, tidied_query
from reports.exhibits.moving import moved_query
from reports.models import Exhibit, Report, Status
from reports.models.exhibit import LONGEST_QUERY
from reports.printing import is_annex
from reports.references import exhibit_labels, nodes_of
from reports.text import richtext, typed
from reports.text.numbering import ANNEXES

from .refusals import ReportRefusal
from .sharing import need_places_of
from .trail import at_step, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User

#: More would be a book of tables, not a report; each is computed anew at every refresh.
MOST_EXHIBITS = 60


class ExhibitRefused(ReportRefusal):
    """The table or chart cannot be put into the report; the message says why."""


class ExhibitsMissing(ReportRefusal):
    """Tables or charts of the text say nothing; `missing` are their names and reasons."""

    def __init__(self, missing: list[tuple[str, str]]) -> None:
        self.missing = missing
        lines = "; ".join(f"{name}: {reason}" for name, reason in missing)
        super().__init__(
            f"Chưa trình được: {len(missing)} bảng, biểu đồ chưa dùng được ({lines}). "
            "Hãy bỏ khỏi lời văn hoặc chọn số liệu khác."
        )


class AnnexNotNamed(ReportRefusal):
    """The main text does not refer to an annex (Nghị định 30/2020, Phụ lục I, phần II)."""

    def __init__(self, labels: list[str]) -> None:
        self.labels = labels
        super().__init__(
            f"Phần chính của báo cáo chưa nhắc đến {', '.join(labels)}. "
            f"Hãy viết, ví dụ: “(chi tiết tại {labels[0]} kèm theo)”."
        )


@dataclass(frozen=True, slots=True)
class DifferingExhibit:
    """A frozen table or chart whose data say something else today; `cells` that differ."""

    exhibit: Exhibit
    label: str
    cells: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecomputedExhibit:
    """A frozen table or chart beside its revisions: values compared, those that differ."""

    exhibit: Exhibit
    label: str
    compared: int
    differing: int
    reason: str = ""

    @property
    def is_same(self) -> bool:
        return not self.differing and not self.reason


@transaction.atomic
def insert_exhibit(
    *,
    report: Report,
    kind: str,
    source: str,
    query: str,
    by: User,
    now: datetime.datetime,
    title: str = "",
) -> Exhibit:
    """Make a table or chart for the draft; the editor puts its atom into the text.

    `query` is the address of the explorer or of a programme's overview, with `bang` for the cut.

    Raises:
        ExhibitRefused: it cannot be made from there.
        NotAllowed, NotNow
    """
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    if kind not in Exhibit.Kind.values:
        raise ExhibitRefused("Hãy chọn bảng hoặc biểu đồ.")
    if report.exhibits.count() >= MOST_EXHIBITS:
        raise ExhibitRefused(f"Báo cáo đã có {MOST_EXHIBITS} bảng, biểu đồ. Hãy bỏ bớt.")
    exhibit = Exhibit(report=report, kind=kind, source=source)
    try:
        exhibit.query = _tidied(report, source, query)
        if len(exhibit.query) > LONGEST_QUERY:
            raise NotToBeMade("Lựa chọn của bảng quá dài. Bớt chỉ tiêu, dân tộc hoặc kỳ.")
        made = make(exhibit)
    except NotToBeMade as problem:
        raise ExhibitRefused(str(problem)) from None
    exhibit.title = typed.one_line(title)[:300] or default_title(made)
    _say(exhibit, made, now=now)
    exhibit.save()
    return exhibit


@transaction.atomic
def edit_exhibit(
    *,
    exhibit: Exhibit,
    by: User,
    title: str,
    caption: str,
    orientation: str,
    now: datetime.datetime,
) -> Exhibit:
    """Change how an exhibit is called and stands. Raises NotAllowed, NotNow, NotYourSection,
    ReportRefusal."""
    need(by, "reports.draft")
    report = at_step(exhibit.report, Status.DRAFT)
    need_places_of(report, "exhibit", exhibit.pk, by)
    title = typed.one_line(title)[:300]
    if not title:
        raise ReportRefusal("Bảng, biểu đồ phải có tên.")
    if orientation not in Exhibit.Orientation.values:
        raise ReportRefusal("Hãy chọn trang dọc hoặc trang ngang.")
    told = (title, typed.one_line(caption)[:500], orientation)
    if told != (exhibit.title, exhibit.caption, exhibit.orientation):
        exhibit.title, exhibit.caption, exhibit.orientation = told
        exhibit.save(update_fields=["title", "caption", "orientation"])
        what = f"Sửa {exhibit.get_kind_display()} “{title}”"[:300]
        write_down(report, "exhibit_edited", what, who=by, at=now)
    return exhibit


def placed_exhibit(report: Report, row: Mapping[str, Any], *, now: datetime.datetime) -> Exhibit:
    """A table or chart of a template in a new draft, made from today's data; the caller holds it.

    One that cannot be made yet stands in the draft with its reason and keeps it from going up.
    """
    exhibit = Exhibit(
        report=report,
        kind=row["kind"],
        source=row["source"],
        query=row["query"][:LONGEST_QUERY],
        title=row.get("title", "")[:300],
        caption=row.get("caption", "")[:500],
        orientation=row.get("orientation", Exhibit.Orientation.PORTRAIT),
    )
    try:
        exhibit.query = _tidied(report, exhibit.source, exhibit.query)
        made = make(exhibit)
    except NotToBeMade as problem:
        exhibit.problem = str(problem)[:300]
        exhibit.title = exhibit.title or exhibit.get_kind_display().capitalize()
    else:
        exhibit.title = exhibit.title or default_title(made)
        _say(exhibit, made, now=now)
    exhibit.save()
    return exhibit


def copied_exhibit(exhibit: Exhibit, report: Report) -> Exhibit:
    """The same table or chart once more in a draft; the caller holds the report."""
    copy = Exhibit.objects.get(pk=exhibit.pk)
    copy.pk, copy.report, copy.frozen_at = None, report, None
    copy.save(force_insert=True)
    return copy


def carried_exhibit(exhibit: Exhibit, report: Report, *, now: datetime.datetime) -> Exhibit:
    """The same table or chart in a new draft, asked anew for its period; the caller holds it."""
    old, new = exhibit.report.period, report.period
    copy = Exhibit(
        report=report,
        kind=exhibit.kind,
        source=exhibit.source,
        query=moved_query(exhibit.query, old, new),
        title=exhibit.title.replace(old.label, new.label),
        caption=exhibit.caption,
        orientation=exhibit.orientation,
    )
    _make_anew(copy, now=now)
    copy.save()
    return copy


@transaction.atomic
def refresh_exhibits(*, report: Report, now: datetime.datetime) -> list[Exhibit]:
    """Make every exhibit of a draft from today's approved data; returns those that changed."""
    report = at_step(report, Status.DRAFT)
    changed = []
    for exhibit in report.exhibits.all():
        before = (exhibit.data, exhibit.drawing, exhibit.provenance, exhibit.problem)
        _make_anew(exhibit, now=now)
        if before != (exhibit.data, exhibit.drawing, exhibit.provenance, exhibit.problem):
            exhibit.save()
            changed.append(exhibit)
    return changed


def freeze_exhibits(report: Report, *, now: datetime.datetime) -> None:
    """Fix what every exhibit of the text says; drop those it does not show.

    The caller holds the report, still a draft. Raises ExhibitsMissing; nothing is frozen then.
    """
    exhibits = {str(exhibit.pk): exhibit for exhibit in report.exhibits.all()}
    labels = exhibit_labels(report, exhibits)
    missing = []
    for key, label in labels.items():
        exhibit = exhibits[key]
        _make_anew(exhibit, now=now)
        exhibit.frozen_at = now
        if reason := exhibit.problem or _says_nothing(exhibit):
            missing.append((f"{label}. {exhibit.title}", reason))
    if missing:
        raise ExhibitsMissing(missing)
    report.exhibits.exclude(pk__in=map(int, labels)).delete()
    for key in labels:
        exhibits[key].save()


def unfreeze_exhibits(report: Report) -> None:
    """Let the exhibits of a draft follow the data again."""
    report.exhibits.update(frozen_at=None)


def differing_exhibits(report: Report) -> list[DifferingExhibit]:
    """Frozen exhibits that today's approved data would print otherwise; the text stays."""
    exhibits = {str(exhibit.pk): exhibit for exhibit in report.exhibits.all()}
    found = []
    for key, label in exhibit_labels(report, exhibits).items():
        exhibit = exhibits[key]
        if exhibit.frozen_at is None:
            continue
        try:
            now = make(exhibit).content.printed
        except NotToBeMade as problem:
            found.append(DifferingExhibit(exhibit, label, 0, str(problem)))
            continue
        if cells := _differing_cells(Content.from_json(exhibit.data).printed, now):
            found.append(DifferingExhibit(exhibit, label, cells))
    return found


def recompute_exhibits(report: Report) -> list[RecomputedExhibit]:
    """Every frozen table and chart of the text made anew from the revisions it was made from."""
    exhibits = {str(exhibit.pk): exhibit for exhibit in report.exhibits.all()}
    return [
        recompute_exhibit(exhibits[key], label)
        for key, label in exhibit_labels(report, exhibits).items()
        if exhibits[key].frozen_at is not None
    ]


def recompute_exhibit(exhibit: Exhibit, label: str) -> RecomputedExhibit:
    """Compare the frozen values with those of the revisions approved when they were frozen."""
    try:
        again = make_again(exhibit)
    except NotToBeMade as problem:
        return RecomputedExhibit(exhibit, label, 0, 0, str(problem))
    return RecomputedExhibit(exhibit, label, *Content.from_json(exhibit.data).differing(again))


def _differing_cells(before: list[list[str]], after: list[list[str]]) -> int:
    """Cells that say something else, by the names of their rows; of a new row all its cells."""
    known, now = (in_turn((row[0], row) for row in rows) for rows in (before, after))
    count = 0
    for name in known.keys() | now.keys():
        old, new = known.get(name, []), now.get(name, [])
        count += sum(a != b for a, b in zip(old, new, strict=False)) + abs(len(old) - len(new))
    return count


def _tidied(report: Report, source: str, query: str) -> str:
    return tidied_query(source, query, user=report.drafter, today=report.report_date)


def _make_anew(exhibit: Exhibit, *, now: datetime.datetime) -> None:
    """Set what the exhibit says today; nothing is saved. What cannot be made keeps its reason."""
    try:
        made = make(exhibit)
    except NotToBeMade as problem:
        exhibit.problem = str(problem)[:300]
        return
    _say(exhibit, made, now=now)


def _say(exhibit: Exhibit, made: Made, *, now: datetime.datetime) -> None:
    exhibit.problem = ""
    exhibit.data, exhibit.drawing = made.content.as_json(), made.drawing
    exhibit.provenance, exhibit.computed_at = dict(made.provenance), now


def _says_nothing(exhibit: Exhibit) -> str:
    if Content.from_json(exhibit.data).says_something:
        return ""
    if exhibit.provenance.get("hidden"):
        return "không ô nào được công bố"
    return "chưa có số liệu được duyệt"


def unnamed_annexes(report: Report) -> list[str]:
    """Labels of annexes that the main text does not refer to."""
    nodes = nodes_of(report)
    main: list[str] = []
    for node in nodes:
        if is_annex(node):
            break
        main += [node.row.title, richtext.plain(node.row.body)]
    text = " ".join(" ".join(main).lower().split())
    return [
        node.label
        for node in nodes
        if is_annex(node) and not re.search(rf"{re.escape(node.label.lower())}\b", text)
    ]


def check_annexes(report: Report) -> None:
    """Raise AnnexNotNamed unless the main text refers to every annex."""
    if report.sections.filter(level__in=ANNEXES).exists() and (labels := unnamed_annexes(report)):
        raise AnnexNotNamed(labels)
