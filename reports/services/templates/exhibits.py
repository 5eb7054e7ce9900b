"""Tables and charts of a template: asked anew for the period of each report begun with it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from portal.collection.models import ReportingPeriod
from reports.exhibits.content import NotToBeMade
from reports.exhibits.making import tidied_query
from reports.exhibits.moving import for_each_period, periods_in, with_names
from reports.models import Exhibit, ReportTemplate
from reports.models.exhibit import LONGEST_QUERY
from reports.renewal import placeholders, replaced, slips
from reports.services.exhibits import MOST_EXHIBITS, ExhibitRefused
from reports.services.refusals import ReportRefusal
from reports.text import richtext, typed

from .editing import (
    NoTablesInSheets,
    UnknownInTemplate,
    edit_section,
    for_change,
    name_of,
    saved,
    section_of,
)

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def insert_exhibit(
    *,
    template: ReportTemplate,
    by: User,
    kind: str,
    source: str,
    query: str,
    today: datetime.date,
    title: str = "",
) -> str:
    """Let the template's text place a table or chart; returns the name that its atom carries.

    `query` is an address as the reports' own tables have it. What it says of periods becomes
    {names}: the newest of them is the period of the report. A `title` is renamed likewise; without
    one each report takes the table's own.

    Raises:
        ExhibitRefused: there is no such table.
        NotAllowed, TemplatePublished, NoTablesInSheets, TooMuch
    """
    template = for_change(template, by)
    if template.unit_level:
        raise NoTablesInSheets
    if kind not in Exhibit.Kind.values:
        raise ExhibitRefused("Hãy chọn bảng hoặc biểu đồ.")
    if len(template.exhibits) >= MOST_EXHIBITS:
        raise ExhibitRefused(f"Đề cương đã có {MOST_EXHIBITS} bảng, biểu đồ. Hãy bỏ bớt.")
    try:
        query = tidied_query(source, query, user=by, today=today)
    except NotToBeMade as problem:
        raise ExhibitRefused(str(problem)) from None
    title = typed.one_line(title)[:300]
    row = {"kind": kind, "source": source, "query": query, "title": title}
    if source == Exhibit.Source.PROGRAMME:
        row["query"] = for_each_period(query)
    elif period := _newest(query, template.rhythm):
        row["query"] = with_names(query, period, is_own=period.frequency == template.rhythm)
        found = slips(title, placeholders(period), period)
        row["title"] = replaced(title, [slip for slip in found if slip.offer])[:300]
    if len(row["query"]) > LONGEST_QUERY:
        raise ExhibitRefused("Lựa chọn của bảng quá dài. Bớt chỉ tiêu, dân tộc hoặc kỳ.")
    name = name_of(template.exhibits, row, row["title"] or f"bang-{len(template.exhibits) + 1}")
    template.exhibits = {**template.exhibits, name: row}
    saved(template)
    return name


def _newest(query: str, rhythm: str) -> ReportingPeriod | None:
    """The newest period of the address; one as long as the template's reports before others."""
    periods = list(ReportingPeriod.objects.filter(code__in=periods_in(query)))
    return max(periods, key=lambda one: (one.frequency == rhythm, one.end), default=None)


@transaction.atomic
def place_exhibit(*, template: ReportTemplate, by: User, name: str, key: str) -> ReportTemplate:
    """Put it at the end of the section `key`. Raises as `edit_section`."""
    template = for_change(template, by)
    row = section_of(template, key)
    lines = richtext.read(row.get("body", ""), is_trusted=True)
    line = richtext.Line((richtext.Atom("exhibit", name, ""),))
    return edit_section(
        template=template,
        by=by,
        key=key,
        title=row.get("title", ""),
        level=row.get("level", ""),
        body=richtext.write((*lines, line)),
    )


@transaction.atomic
def edit_exhibit(
    *, template: ReportTemplate, by: User, name: str, title: str, caption: str, orientation: str
) -> ReportTemplate:
    """Change how a table or chart is called and stands; {names} may stand in its title.

    Raises:
        NotAllowed, TemplatePublished, UnknownInTemplate, ReportRefusal
    """
    template = for_change(template, by)
    if name not in template.exhibits:
        raise UnknownInTemplate
    if orientation not in Exhibit.Orientation.values:
        raise ReportRefusal("Hãy chọn trang dọc hoặc trang ngang.")
    told = {
        "title": typed.one_line(title)[:300],
        "caption": typed.one_line(caption)[:500],
        "orientation": orientation,
    }
    template.exhibits = {**template.exhibits, name: template.exhibits[name] | told}
    return saved(template)
