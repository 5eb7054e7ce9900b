"""A report's text as it stood at a moment, and what it says otherwise than at another."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.timezone import localtime

from portal import formats
from reports.text import richtext
from reports.text.comparing import Difference, word_changes

from .models import Report, SectionVersion
from .references import nodes_of

#: Moments offered for choosing, the latest ones.
MOST_MOMENTS = 60

NOW = "nay"


@dataclass(frozen=True, slots=True)
class Moment:
    """A version of the whole text: `at` None is the present one."""

    key: str
    name: str
    at: datetime.datetime | None


def moments(report: Report) -> list[Moment]:
    """What can be compared, the newest first: now, each sending up, the end of each earlier day
    with changes."""
    found = [Moment(NOW, "Hiện nay", None)]
    sent = report.events.filter(kind="sent_up").order_by("at")
    for event in sent:
        words = f"{event.what.split(',')[0]}, {formats.moment(event.at)}"
        found.append(Moment(f"t{event.pk}", words, event.at))
    times = SectionVersion.objects.filter(section__report=report).values_list("at", flat=True)
    for day in {localtime(at).date() for at in times} - {localtime().date()}:
        end = localtime().replace(
            year=day.year, month=day.month, day=day.day, hour=23, minute=59, second=59
        )
        found.append(Moment(f"{day:%Y%m%d}", f"Cuối ngày {formats.day(day)}", end))
    far = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return sorted(found, key=lambda one: one.at or far, reverse=True)[:MOST_MOMENTS]


def text_at(report: Report, at: datetime.datetime | None) -> dict[int, tuple[str, str]]:
    """Title and words of every section that stood in the text then, by its key."""
    if at is None:
        return {
            node.row.pk: (node.row.title, richtext.plain(node.row.body))
            for node in nodes_of(report)
        }
    versions = SectionVersion.objects.filter(section__report=report, at__lte=at)
    standing = versions.exclude(section__removed_at__lte=at)
    last = standing.order_by("section", "-revision").distinct("section")
    return {
        section: (title, richtext.plain(body))
        for section, title, body in last.values_list("section", "title", "body")
    }


def differences(report: Report, old: Moment, new: Moment) -> list[Difference]:
    """The sections that differ, in the order of the present text, those taken out last."""
    before, after = text_at(report, old.at), text_at(report, new.at)
    nodes = nodes_of(report)
    order = {node.row.pk: n for n, node in enumerate(nodes)}
    labels = {node.row.pk: node.label for node in nodes}
    keys = sorted(before.keys() | after.keys(), key=lambda key: (order.get(key, 10**9), key))
    return [
        replace(one, name=f"{labels.get(key, '')} {one.name}".strip())
        for key, one in _compared(keys, before, after)
    ]


def _compared(
    keys: list[int], before: Mapping[int, tuple[str, str]], after: Mapping[int, tuple[str, str]]
) -> Iterator[tuple[int, Difference]]:
    for key in keys:
        old, new = before.get(key, ("", "")), after.get(key, ("", ""))
        if old == new and (key in before) == (key in after):
            continue
        title, body = new if key in after else old
        name = title or " ".join(body.split()[:9])
        kind = "changed" if key in before and key in after else ""
        kind = kind or ("added" if key in after else "removed")
        titles = word_changes(old[0], new[0]) if old[0] != new[0] else []
        bodies = word_changes(old[1], new[1]) if old[1] != new[1] else []
        yield key, Difference(name, kind, titles, bodies)
