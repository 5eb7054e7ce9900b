"""The outlines that come with the portal: nothing in them departs from the decree's form."""

import datetime
import re
from decimal import Decimal

import pytest

from portal.collection.models import ReportingPeriod
from reports import figures as registry
from reports import services
from reports.models import ReportTemplate
from reports.printing import used_atoms
from reports.services.reference import DATA, read
from reports.text.richtext import Atom
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: The real report of 2023, kept with its misprints, and letters, which are addressed when begun.
LEFT_AS_THEY_ARE = {"2289/QĐ-TTg", "DINH-CHINH", "DON-DOC"}
PERIODS = {"monthly": "2023-M10", "quarterly": "2023-Q3", "half_yearly": "2023-H1"}
FILLER = "nội dung do người soạn viết"


@pytest.fixture(autouse=True)
def every_figure_has_a_value(monkeypatch):
    """One without is printed as dots, and told elsewhere."""
    told = registry.Computed(Decimal(12), "", provenance={})
    monkeypatch.setattr(registry, "ask", lambda query, scope: told)


def shipped():
    rows = [read(path.name) for path in sorted(DATA.glob("template_*.json"))]
    return [row["code"] for row in rows if not row.get("unit_level")]


def begun(code):
    template = ReportTemplate.objects.current().get(code=code)
    period = PERIODS.get(template.rhythm, "2023")
    return services.create_from_template(
        template=template,
        period=ReportingPeriod.objects.get(code=period),
        drafter=member("specialist"),
        signatory=member("leader"),
        now=stage.NOW,
        report_date=datetime.date(2023, 12, 14),
    )


@pytest.mark.parametrize("code", sorted(set(shipped()) - LEFT_AS_THEY_ARE))
def test_a_report_begun_from_it_departs_in_nothing(code):
    report = begun(code)
    for section in report.sections.filter(body__contains="…"):
        services.edit_section(
            section=section,
            title=section.title,
            body=section.body.replace("…", f"{FILLER}."),
            by=member("specialist"),
            now=stage.NOW,
        )
    found = [row for row in services.form_list(report).rows if FILLER not in row.line.text]
    assert [(row.departure.rule.code, row.line.text) for row in found] == []


@pytest.mark.parametrize("code", sorted(set(shipped()) - LEFT_AS_THEY_ARE | {"DON-DOC"}))
def test_the_first_mention_of_a_document_goes_on_with_the_registers_own_words(code):
    report = begun(code)
    citations = {str(one.pk): one for one in report.citations.select_related("document")}
    seen = set()
    for line in (line for section in report.sections.all() for line in section.lines):
        for place, piece in enumerate(line.pieces):
            if not isinstance(piece, Atom) or piece.kind != "citation" or piece.key in seen:
                continue
            seen.add(piece.key)
            citation = citations[piece.key]
            said = f"{citation.printed}{line.pieces[place + 1].text}"
            assert spoken(said).startswith(spoken(citation.document.citation()))
    assert seen == citations.keys()


def spoken(text):
    """Dashes of spans of years, and the capital behind a colon, are written either way."""
    return re.sub(r"(\d) ?[-–] ?(\d)", r"\1-\2", text).casefold()


@pytest.mark.parametrize("code", sorted(set(shipped()) - LEFT_AS_THEY_ARE))
def test_every_annex_is_named_and_every_table_is_placed(code):
    report = begun(code)
    assert services.unnamed_annexes(report) == []
    placed = {atom.key for atom in used_atoms(report) if atom.kind == "exhibit"}
    assert placed == {str(exhibit.pk) for exhibit in report.exhibits.all()}
