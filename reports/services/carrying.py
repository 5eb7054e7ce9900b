"""Beginning a report from another one, and taking single sections over: text kept, figures asked
anew for the new period, citations of its own."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime

from portal.collection.models import ReportingPeriod
from reports.figures import UnknownFigure
from reports.models import Citation, Figure, Report, ReportTemplate, Section, Status
from reports.references import References, present
from reports.renewal import moved_parameters, renamed
from reports.text import richtext
from reports.text.numbering import Node, numbered

from .binding import bind
from .drafting import agency_on, begun, create_from_template
from .exhibits import carried_exhibit
from .placeholders import central_agency
from .refusals import NotAllowed, ReportRefusal
from .sharing import need_section
from .trail import at_step, keep_version, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User


class NothingToCopy(ReportRefusal):
    message = (
        "Chưa có báo cáo kỳ trước nào theo đề cương này. "
        "Hãy chọn bắt đầu từ đề cương hoặc để trống."
    )


class TooManySections(ReportRefusal):
    message = "Mục này có quá nhiều mục bên trong để chép một lần. Hãy chép từng mục con."


MOST_SECTIONS = 400


class Start:
    """What a new report begins with."""

    TEMPLATE, EARLIER, BLANK = "de-cuong", "ky-truoc", "trong"


@transaction.atomic
def begin_report(
    *,
    template: ReportTemplate,
    period: ReportingPeriod,
    drafter: User,
    now: datetime.datetime,
    start: str = Start.TEMPLATE,
    source: Report | None = None,
    report_date: datetime.date | None = None,
    signatory: User | None = None,
) -> Report:
    """Begin a draft from the template, from an earlier report of its kind, or without a text.

    Raises:
        NotAllowed, NoAgency, UnknownDocument, UnknownFigure
        NothingToCopy: no earlier report of this kind is there.
    """
    signatory = signatory or usual_signatory(template)
    if start == Start.EARLIER:
        source = source or earlier_report(template, period, drafter)
        if source is None:
            raise NothingToCopy
        return begin_from_report(
            source=source,
            template=template,
            period=period,
            drafter=drafter,
            now=now,
            report_date=report_date,
            signatory=signatory,
        )
    if start == Start.BLANK:
        template = copy(template)
        template.outline, template.figures, template.citations = [], {}, {}
    return create_from_template(
        template=template,
        period=period,
        drafter=drafter,
        now=now,
        report_date=report_date,
        signatory=signatory,
    )


def usual_signatory(template: ReportTemplate) -> User | None:
    """Who signs reports of this kind by default, while they may."""
    person = template.signatory
    return person if person and person.is_active and person.has_perm("reports.sign") else None


def earlier_report(template: ReportTemplate, period: ReportingPeriod, user: User) -> Report | None:
    """The report of the same kind whose period ended last before `period`; the issued one first."""
    reports = Report.objects.visible_to(user).filter(template__code=template.code)
    found = reports.filter(
        period__end__lt=period.end, period__frequency=period.frequency
    ).select_related("period")
    latest = found.order_by("-period__end").first()
    if latest is None:
        return None
    alike = list(found.filter(period=latest.period_id).order_by("-pk"))
    return next((one for one in alike if one.status == Status.ISSUED), alike[0])


def following_period(period: ReportingPeriod) -> ReportingPeriod | None:
    """The next period of the same length."""
    later = ReportingPeriod.objects.filter(frequency=period.frequency, start__gt=period.end)
    return later.order_by("start").first()


@transaction.atomic
def begin_from_report(
    *,
    source: Report,
    period: ReportingPeriod,
    drafter: User,
    now: datetime.datetime,
    template: ReportTemplate | None = None,
    report_date: datetime.date | None = None,
    signatory: User | None = None,
) -> Report:
    """A draft with the text of `source`: sections, citations and recipients copied, figures bound
    to `period`, the agency that of the new day. Remarks and labels typed by hand are not copied.

    Raises:
        NotAllowed, NoAgency
    """
    _need_to_see(drafter, source)
    day = report_date or localtime(now).date()
    report = begun(
        template=template or source.template,
        period=period,
        drafter=drafter,
        day=day,
        agency=agency_on(day),
        subject=source.subject,
        authority=source.authority,
        signatory=signatory,
        source=source,
        is_demo=source.is_demo,
    )
    copying = _Copying(report, source, drafter, now)
    for node in numbered(present(source)):
        copying.copy(node, parent=None, position=node.row.position)
    for recipient in source.recipients.all():
        recipient.pk, recipient.report = None, report
        text = renamed(recipient.text, source.agency, report.agency)
        recipient.text = text.replace(central_agency(source.report_date), central_agency(day))
        recipient.save(force_insert=True)
    what = f"Lập dự thảo từ báo cáo {source.period.label} {source.number_and_symbol}"
    write_down(report, "created", what, who=drafter, at=now, note=copying.told())
    return report


@transaction.atomic
def copy_section(
    *,
    section: Section,
    into: Report,
    by: User,
    now: datetime.datetime,
    parent: Section | None = None,
) -> Section:
    """Take a section of any report over, with all below it, as the last one below `parent`.

    Raises:
        NotAllowed, NotNow, NotYourSection, OnlyTheDrafter
        TooManySections: too large a part at once.
    """
    need(by, "reports.draft")
    report, source = at_step(into, Status.DRAFT), section.report
    need_section(report, parent.pk if parent else None, by)
    _need_to_see(by, source)
    node = _node_of(source, section)
    if sum(1 for _ in node.walk()) + report.sections.count() > MOST_SECTIONS:
        raise TooManySections
    last = report.sections.filter(parent=parent).aggregate(last=Max("position"))["last"] or 0
    copying = _Copying(report, source, by, now)
    copied = copying.copy(node, parent=parent, position=last + 1)
    what = f"Chép mục “{section}” từ báo cáo {source.number_and_symbol}, {source.period.label}"
    write_down(report, "section_copied", what[:300], who=by, at=now, note=copying.told())
    return copied


def replacing_words(report: Report) -> str:
    """How the sentence begins that says which document a report replaces."""
    return f"{report.document_type.name} này thay thế "


def _node_of(report: Report, section: Section) -> Node[Section]:
    for top in numbered(present(report)):
        for node in top.walk():
            if node.row.pk == section.pk:
                return node
    raise ReportRefusal("Mục này không còn trong báo cáo ấy. Hãy chọn mục khác.")


def _need_to_see(user: User, report: Report) -> None:
    if not Report.objects.visible_to(user).filter(pk=report.pk).exists():
        raise NotAllowed


@dataclass
class _Copying:
    """One copying: which rows of the new report stand for which of the old one."""

    report: Report
    source: Report
    author: User
    now: datetime.datetime
    _figures: dict[str, Figure | None] = field(default_factory=dict)
    _notes: dict[str, Citation] = field(default_factory=dict)
    _lost: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._references = References.of(self.source)

    def told(self) -> str:
        """What could not be bound again, for the trail."""
        lost = "; ".join(dict.fromkeys(self._lost))
        return f"Không còn tính được, giữ nguyên chữ cũ: {lost}" if lost else ""

    def copy(self, node: Node[Section], *, parent: Section | None, position: int) -> Section:
        """Copy one section and what stands below it."""
        row = node.row
        section = Section.objects.create(
            report=self.report,
            parent=parent,
            position=position,
            level=row.level,
            title=row.title,
            body=self._body(row.lines),
            source=row,
        )
        keep_version(section, author=self.author, now=self.now)
        for place, child in enumerate(node.children, start=1):
            self.copy(child, parent=section, position=place)
        return section

    def _body(self, lines: Iterable[richtext.Line]) -> str:
        """What the source replaced is not what its copy replaces."""
        own = [
            line
            for line in lines
            if self.source.replaces_id is None
            or not line.text.startswith(replacing_words(self.source))
        ]
        return richtext.write(richtext.with_pieces(own, self._own))

    def _own(self, piece: richtext.Piece) -> richtext.Piece:
        if not isinstance(piece, richtext.Atom) or not self._references.knows(piece):
            return piece
        if piece.kind == "exhibit":
            old = self._references.exhibits[piece.key]
            copy = carried_exhibit(old, self.report, now=self.now)
            return richtext.Atom("exhibit", str(copy.pk), copy.title)
        if piece.kind == "citation":
            key, text = str(self._citation(piece.key).pk), piece.text
            return richtext.Atom(piece.kind, key, text, piece.bold, piece.italic)
        figure = self._figure(piece.key)
        if figure is None:
            return richtext.Run(piece.text, piece.bold, piece.italic)
        return richtext.Atom("figure", str(figure.pk), figure.printed, piece.bold, piece.italic)

    def _citation(self, key: str) -> Citation:
        if key not in self._notes:
            old = self._references.citations[key]
            self._notes[key] = Citation.objects.create(
                report=self.report, document=old.document, place=old.place, printed=old.printed
            )
        return self._notes[key]

    def _figure(self, key: str) -> Figure | None:
        """The figure asked anew; None when nobody declares its query any more."""
        if key not in self._figures:
            self._figures[key] = self._bound(self._references.figures[key])
        return self._figures[key]

    def _bound(self, old: Figure) -> Figure | None:
        moved = moved_parameters(old.parameters, self.source.period, self.report.period)
        try:
            figure = bind(
                self.report, query=old.query, style=old.style, parameters=moved, now=self.now
            )
        except UnknownFigure:
            self._lost.append(old.title)
            return None
        if not figure.carried:
            figure.carried = _carried(old, self.source.period)
            figure.save(update_fields=["carried"])
        return figure


def _carried(old: Figure, period: ReportingPeriod) -> Mapping[str, str]:
    return {"printed": old.printed, "period": period.label, "figure": str(old.pk)}
