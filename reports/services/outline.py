"""The tree of a draft's sections: added to, rearranged, cut back.

Whoever changes it holds the report until the end, so that changes come one after another; who saw
an older tree is told, and nothing is moved.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from reports.models import Report, ReportEvent, Section, Status
from reports.references import nodes_of
from reports.text import typed
from reports.text.numbering import ANNEXES, Node
from reports.text.outline import DEEPEST, Place, Way, level_among, level_followed, seen, towards

from .refusals import ReportRefusal
from .sharing import OnlyTheDrafter, Sharing, need_section
from .trail import at_step, keep_version, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User

_KINDS = ("section_added", "section_moved", "section_removed")


class AnnexInside(ReportRefusal):
    message = "Phụ lục đứng riêng sau phần chính, không nằm trong mục khác."


class SectionHasMore(ReportRefusal):
    message = "Mục này còn các mục bên dưới. Hãy bỏ hoặc chuyển các mục ấy trước."


class SectionInItself(ReportRefusal):
    message = "Không chuyển được một mục vào trong chính nó."


class TooDeep(ReportRefusal):
    message = f"Báo cáo chỉ chia đến {DEEPEST} cấp mục. Hãy chuyển mục này ra ngoài bớt."


class OutlineChanged(ReportRefusal):
    """The tree is not the one that the person saw."""

    def __init__(self, report: Report) -> None:
        changed = ReportEvent.objects.filter(report=report, kind__in=_KINDS)
        last = changed.select_related("who").first()
        who = f"{last.who} vừa sắp xếp lại mục lục" if last else "Mục lục vừa được sắp xếp lại"
        super().__init__(
            f"{who} nên việc của anh, chị chưa được làm. Đây là mục lục mới; nếu "
            "vẫn cần, hãy làm lại."
        )


@transaction.atomic
def add_section(
    *,
    report: Report,
    by: User,
    now: datetime.datetime,
    title: str,
    level: str,
    parent: Section | None = None,
    after: Section | None = None,
) -> Section:
    """Put a new section below `parent`, behind its sibling `after` or last. Raises NotAllowed,
    NotNow, AnnexInside, OutlineChanged, TooDeep."""
    need(by, "reports.draft")
    report = at_step(report, Status.DRAFT)
    if level in ANNEXES and parent is not None:
        raise AnnexInside
    need_section(report, parent.pk if parent else None, by)
    if parent is not None:
        _refuse_depth(_depth_of(_nodes(report, parent, ""), parent.pk) + 1)
    siblings = report.sections.filter(parent=parent)
    if after is not None:
        position = after.position + 1
        for later in siblings.filter(position__gte=position):
            later.position += 1
            later.save(update_fields=["position"])
    else:
        position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
    section = Section(
        report=report, parent=parent, position=position, level=level, title=typed.one_line(title)
    )
    section.full_clean(exclude=["report", "parent"])
    section.save()
    keep_version(section, author=by, now=now)
    write_down(report, "section_added", f"Thêm mục “{section}”"[:300], who=by, at=now)
    return section


@transaction.atomic
def move_section(
    *, section: Section, way: Way, by: User, now: datetime.datetime, as_seen: str = ""
) -> bool:
    """Take one step up, down, in or out; False where there is none to take.

    `as_seen` is the mark of the tree that the person saw (`outline.seen`); "" takes any.

    Raises:
        NotAllowed, NotNow, OutlineChanged, AnnexInside, TooDeep
    """
    need(by, "reports.draft")
    report = at_step(section.report, Status.DRAFT)
    nodes = _nodes(report, section, as_seen)
    place = towards(nodes, section.pk, way)
    if place is None:
        return False
    _need_both(report, section, place, by)
    _put(report, nodes, section.pk, place, by=by, now=now)
    return True


@transaction.atomic
def place_section(
    *, section: Section, place: Place, by: User, now: datetime.datetime, as_seen: str = ""
) -> None:
    """Put a section, with all below it, at another place of the tree.

    Raises:
        NotAllowed, NotNow, OutlineChanged, AnnexInside, TooDeep
        SectionInItself: the place is inside the section.
    """
    need(by, "reports.draft")
    report = at_step(section.report, Status.DRAFT)
    nodes = _nodes(report, section, as_seen)
    _need_both(report, section, place, by)
    _put(report, nodes, section.pk, place, by=by, now=now)


def _need_both(report: Report, section: Section, place: Place, by: User) -> None:
    """Whoever moves a section writes where it leaves and where it comes to."""
    sharing = Sharing.of(report)
    parent = Section.objects.filter(pk=section.pk).values_list("parent", flat=True).get()
    if not all(sharing.may_write(by, one) for one in (parent, place.parent)):
        raise OnlyTheDrafter


def _nodes(report: Report, section: Section, as_seen: str) -> list[Node[Section]]:
    """The tree as it is now; raises OutlineChanged when it is not the one that was seen."""
    nodes = nodes_of(report)
    is_there = any(node.row.pk == section.pk for node in nodes)
    if not is_there or (as_seen and as_seen != seen(nodes)):
        raise OutlineChanged(report)
    return nodes


def _put(
    report: Report,
    nodes: list[Node[Section]],
    key: int,
    place: Place,
    *,
    by: User,
    now: datetime.datetime,
) -> None:
    node = next(one for one in nodes if one.row.pk == key)
    beside = [one.row for one in nodes if one.row.parent_id == place.parent and one is not node]
    _check(report, nodes, node, place, beside)
    parents = {one.row.pk: one.row for one in nodes}
    parent = parents[place.parent] if place.parent is not None else None
    if node.row.parent_id != place.parent:
        levels = [one.level for one in beside]
        level = level_among(node.row.level, parent.level if parent else None, levels)
        node.row.parent = parent
        _relevel(node, level)
        node.row.save(update_fields=["parent"])
    at = 1 + [one.pk for one in beside].index(place.after) if place.after is not None else 0
    _renumber([*beside[:at], node.row, *beside[at:]])
    after = next((one.label for one in nodes_of(report) if one.row.pk == key), "")
    label = f"{node.label} thành {after}" if node.label != after else node.label
    what = f"Chuyển mục “{node.row}” {label}".strip()
    write_down(report, "section_moved", what[:300], who=by, at=now)


def _check(
    report: Report,
    nodes: list[Node[Section]],
    node: Node[Section],
    place: Place,
    beside: list[Section],
) -> None:
    inside = {one.row.pk for one in node.walk()}
    if place.parent in inside:
        raise SectionInItself
    known = {one.row.pk for one in nodes} | {None}
    if place.parent not in known or place.after not in {one.pk for one in beside} | {None}:
        raise OutlineChanged(report)
    if place.parent is None:
        return
    if node.row.level in ANNEXES:
        raise AnnexInside
    height = max(one.depth for one in node.walk()) - node.depth
    _refuse_depth(_depth_of(nodes, place.parent) + 1 + height)


def _depth_of(nodes: list[Node[Section]], key: int) -> int:
    return next((node.depth for node in nodes if node.row.pk == key), 0)


def _refuse_depth(depth: int) -> None:
    if depth >= DEEPEST:
        raise TooDeep


def _relevel(node: Node[Section], level: str) -> None:
    """Give a section its new level; what is numbered by its rank below follows."""
    before = node.row.level
    if level == before:
        return
    node.row.level = level
    node.row.save(update_fields=["level"])
    for child in node.children:
        _relevel(child, level_followed(child.row.level, before, level))


def _renumber(rows: list[Section]) -> None:
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])


@transaction.atomic
def remove_section(*, section: Section, by: User, now: datetime.datetime) -> None:
    """Take a section out of the text; its versions stay.

    Raises:
        SectionHasMore: sections stand below it.
    """
    need(by, "reports.draft")
    report = at_step(section.report, Status.DRAFT)
    need_section(report, section.parent_id, by)
    if section.children.filter(removed_at=None).exists():
        raise SectionHasMore
    section.removed_at = now
    section.save(update_fields=["removed_at"])
    write_down(report, "section_removed", f"Bỏ mục “{section}”"[:300], who=by, at=now)
