"""Notes that name a document again: in full, or on request by type and number."""

import pytest
from django.urls import reverse

from reports import services
from reports.models import RepeatedNotes, Section
from reports.printing import printed_report
from reports.text.outline import Place
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report():
    return stage.draft()


@pytest.fixture
def document(report):
    return report.citations.filter(place="note").first().document


def noted(report, title, document, **more):
    """A new section that ends with a note about a document."""
    drafter = member("specialist")
    section = services.add_section(
        report=report, title=title, level="roman", by=drafter, now=stage.NOW
    )
    citation = services.insert_citation(report=report, document=document, by=drafter, **more)
    body = f'<p>Theo kế hoạch<span data-citation="{citation.pk}"></span></p>'
    services.edit_section(section=section, title=title, body=body, by=drafter, now=stage.NOW)
    return Section.objects.get(pk=section.pk)


def choose(report, style):
    return services.set_repeated_notes(
        report=report, style=style, by=member("specialist"), now=stage.NOW
    )


def notes(report, document):
    """What the notes about a document print, in order."""
    printed = printed_report(stage.fresh(report)).notes
    texts = ["".join(part.text for part in note.content) for note in printed]
    return [text for text in texts if document.number_and_symbol in text]


@pytest.fixture
def both(report, document):
    """Two more notes about a document that the sample notes."""
    first = noted(report, "Phần A", document)
    second = noted(report, "Phần B", document)
    return first, second


def test_by_default_every_note_is_in_full(report, document, both):
    full = document.citation()
    assert [text[1:] for text in notes(report, document)[-2:]] == [full[1:]] * 2


def test_on_request_the_first_stays_full_and_later_ones_are_short(report, document, both):
    choose(report, RepeatedNotes.SHORT)
    short = document.citation(full=False)
    found = notes(report, document)
    assert len(found[0]) > len(short)
    assert [text[1:] for text in found[-2:]] == [short[1:]] * 2
    choose(report, RepeatedNotes.FULL)
    assert len(notes(report, document)[-1]) > len(short)


def test_when_sections_move_the_first_is_found_anew(report, document, both):
    choose(report, RepeatedNotes.SHORT)
    _, second = both
    services.place_section(
        section=second, place=Place(None, None), by=member("specialist"), now=stage.NOW
    )
    found = notes(report, document)
    assert found[0][1:] == document.citation()[1:]
    assert found[-1][1:] == document.citation(full=False)[1:]
    assert len({note.number for note in printed_report(stage.fresh(report)).notes}) == 7


def test_what_was_written_by_hand_stays(report, document):
    noted(report, "Phần A", document)
    noted(report, "Phần B", document, printed=f"Xem {document.number_and_symbol}, phần II")
    choose(report, RepeatedNotes.SHORT)
    assert notes(report, document)[-1] == f"Xem {document.number_and_symbol}, phần II"


def test_only_known_ways_in_a_draft(report):
    for style in ("", "x", "\0", "9" * 5000):
        with pytest.raises(services.ReportRefusal):
            choose(report, style)
    stage.in_content_check(report)
    with pytest.raises(services.NotNow):
        choose(report, RepeatedNotes.SHORT)


def test_the_page_of_citations_sets_it_and_shows_what_is_printed(client, report, document, both):
    client.force_login(member("specialist"))
    page = reverse("reports:citation_list", args=[report.pk])
    html = client.post(page, {"nhac_lai": "short"}, follow=True).content.decode()
    assert "Đã đổi cách ghi chú thích nhắc lại." in html
    words = document.citation(full=False)
    assert f"In ở đây: {words[:1].upper()}{words[1:]}" in html
    read = client.get(report.get_absolute_url()).content.decode()
    assert f">{words[:1].upper()}{words[1:]}</a>" in read
