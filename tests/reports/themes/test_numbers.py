"""Every number of every theme: page, explorer, workbook, report figure and plain SQL agree."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from ethnic_data.aggregation import answer
from ethnic_data.exploring.publishing import as_seen_by
from ethnic_data.exploring.selection import Reading
from ethnic_data.exploring.table import Table
from ethnic_data.models import Aggregation, EthnicGroup
from portal.units import crosswalk
from portal.units.models import AdministrativeUnit
from reports import figures
from reports.exhibits import explorer as exhibits
from reports.figures import Scope
from reports.themes.declared import THEMES, Panel
from tests.ethnic_data.filling import HUU_SAN

from .filling import fill

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

D209, D192, D58 = "2024-12-31", "2025-01-01", "2025-07-01"
VAN_SON_OF_2025 = "07621"
LOOKED_AT = [
    ("24", ""),
    ("220", ""),
    (HUU_SAN, ""),
    ("220", D209),
    ("24", D192),
    ("24", D58),
    (VAN_SON_OF_2025, D58),
]
EXPLORED = [theme for theme in THEMES if any(isinstance(one, Panel) for one in theme.panels)]

SUM = """
SELECT sum(o.value * {weight})
FROM ethnic_data_observation o
JOIN collection_submission s ON s.id = o.submission_id AND s.status = 'approved'
JOIN ethnic_data_indicator i ON i.id = o.indicator_id
{where_it_counts}
WHERE i.code = %(code)s AND s.period_id = %(period)s
  AND (%(groups)s::bigint[] IS NULL OR o.group_id = ANY (%(groups)s))
  AND %(sex)s IN ('', o.sex) AND %(category)s IN ('', o.category)
"""
AS_REPORTED = SUM.format(
    weight="1",
    where_it_counts="""JOIN units_administrativeunit u ON u.id = o.unit_id AND (u.id = %(unit)s
        OR EXISTS (SELECT FROM units_unitancestor a WHERE a.ancestor_id = %(unit)s
                   AND a.unit_id = u.id AND a.valid @> %(day)s::date))""",
)
ON_A_DAY = SUM.format(
    weight="share.weight",
    where_it_counts=f"""JOIN ({crosswalk.RELATION}) share ON share.unit_id = o.unit_id
        AND share.target_id = %(unit)s""",
)


def summed(fixes, code, *, units_on, groups, sex=None, category=None):
    asked = {
        "code": code,
        "period": fixes["period"].pk,
        "day": fixes["period"].end,
        "unit": fixes["area"].unit,
        "groups": list(groups) if groups is not None else None,
        "sex": fixes["sex"] if sex is None else sex,
        "category": fixes["category"] if category is None else category,
        "units_on": units_on,
    }
    with connection.cursor() as cursor:
        cursor.execute(ON_A_DAY if units_on else AS_REPORTED, asked)
        return cursor.fetchone()[0]


def by_hand(fixes, units_on):
    """The figure from the approved observations, by plain SQL."""
    measure, groups = fixes["measure"], fixes["group"].groups
    minorities = EthnicGroup.objects.filter(counts_as_minority=True).values_list("pk", flat=True)

    def part(one, sex, category):
        if one.code == "D04":  # told by nobody: people of the minorities
            own = [pk for pk in minorities if groups is None or pk in groups]
            return summed(fixes, "D03", units_on=units_on, groups=own, sex=sex or None)
        return summed(
            fixes, one.code, units_on=units_on, groups=groups, sex=sex or None,
            category=category or None,
        )  # fmt: skip

    if measure.aggregation == Aggregation.DISTINCT_COUNT:
        listed = EthnicGroup.objects.filter(kind="listed").values_list("pk", flat=True)
        return sum(bool(summed(fixes, "D03", units_on=units_on, groups=[pk])) for pk in listed)
    if measure.is_ratio:
        above = part(measure.numerator, measure.numerator_sex, measure.numerator_category_id)
        below = part(measure.denominator, measure.denominator_sex, measure.denominator_category_id)
        return None if above is None or not below else above / below * measure.factor
    return part(measure, "", "")


def same(a, b):
    return abs(Decimal(a) - Decimal(b)) < Decimal("1e-20")


def sheet_rows(sheet, panel):
    """The values of the sheet below its headings, line by line."""
    rows = list(sheet.iter_rows(values_only=True))
    first = next(n for n, row in enumerate(rows) if row[0] == panel.corner)
    body = rows[first + len(panel.heads) :]
    return body[: len(panel.lines)]


@pytest.fixture
def undrawn(monkeypatch):
    """Numbers only: drawing the charts of all these pages would take most of the time."""
    cache.clear()
    blank = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"/>'
    monkeypatch.setattr("vl_convert.vegalite_to_svg", lambda *_, **__: blank)
    yield
    cache.clear()


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("theme", EXPLORED, ids=lambda one: one.slug)
def test_every_number_is_the_explorers_the_files_the_reports_and_sqls(client, leader, theme):
    fill()
    client.force_login(leader)
    walked = 0
    for unit, vintage in LOOKED_AT:
        query = {"dv": unit, "dg": vintage, "ky": "2023"}
        page = client.get(reverse("reports:theme", args=[theme.slug]), query)
        assert page.context["filters"].problems == []
        book = client.get(reverse("reports:theme_file", args=[theme.slug, "xlsx"]), query)
        sheets = load_workbook(io.BytesIO(book.content)).worksheets
        day = datetime.date.fromisoformat(vintage) if vintage else None
        for panel, sheet in zip(page.context["panels"], sheets, strict=True):
            if panel.explorer:
                walked += walk(panel, sheet, leader, day)
                assert_report_says_the_same(panel, leader)
    assert walked > 100


def assert_report_says_the_same(panel, reader):
    """The table that a report takes of the panel, and where one is, the figure in its text."""
    query = QueryDict(urlsplit(panel.hand).query, mutable=True)
    query.pop("nguon")
    made = exhibits.made(query.urlencode(), reader, with_chart=False).content
    for line, kept in zip(panel.lines, made.lines, strict=True):
        assert line.label == kept.label
        for shown, (words, exact) in zip(line.values, kept.cells, strict=True):
            assert shown.words == words
            assert shown.exact == (None if exact is None else Decimal(exact))


def figure_of(fixes):
    """As a sentence of a report quotes it; None where its words cannot ask so much."""
    group = fixes["group"].key
    if fixes["category"] or fixes["kind"] or "+" in group:
        return None
    told = {"unit": fixes["area"].code, "group": group, "sex": fixes["sex"]}
    scope = Scope(fixes["period"], fixes["period"].end, {k: v for k, v in told.items() if v})
    return figures.find(fixes["measure"].code).compute(scope)


def walk(panel, sheet, reader, day):
    """Every number of one panel; how many there were."""
    assert not panel.empty, f"{panel.title}: {panel.empty}"
    chosen = Reading(QueryDict(urlsplit(panel.explorer).query), reader).selection()
    assert not chosen.problems
    table = as_seen_by(reader, Table.of(chosen))
    count = 0
    for line, row, told in zip(panel.lines, table.rows, sheet_rows(sheet, panel), strict=True):
        assert told[0] == line.label
        for shown, column, kept in zip(line.values, table.columns, told[1:], strict=False):
            cell = table.cell(row, column)
            assert (shown.text, shown.exact, shown.url) == (cell.text, cell.figure.value, cell.url)
            if shown.exact is None:
                assert kept == shown.text
                continue
            fixes = table.fixes(row, column)
            asked = answer(
                fixes["measure"].code,
                AdministrativeUnit.objects.get(pk=fixes["area"].unit),
                fixes["period"].code,
                group=fixes["group"].key or None,
                sex=fixes["sex"] or None,
                category=fixes["category"],
                units_on=day,
            )
            where = f"{panel.title}: {line.label}, {[one.label for one in column]}, {day}"
            assert asked.value == shown.exact, where
            quoted = figure_of(fixes) if day is None else None
            assert quoted is None or quoted.value == shown.exact, where
            assert same(by_hand(fixes, day), shown.exact), where
            assert same(repr(kept) if isinstance(kept, float) else kept, shown.exact) or abs(
                float(kept) - float(shown.exact)
            ) < 1e-9 * max(1.0, abs(float(shown.exact))), where
            count += 1
    return count
