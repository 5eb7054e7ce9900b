"""Writing: versions, conflicts, atoms, figures that follow the data until they are frozen."""

import datetime

import pytest

from portal.documents.models import Document
from reports import services
from reports.figures import UnknownFigure
from reports.models import Citation, Recipient, Relation
from reports.printing import printed_report
from reports.references import UnknownReference
from reports.text import richtext
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report():
    return stage.draft()


@pytest.fixture
def section(report):
    return stage.section(report, "nguồn nhân lực")


def edit(section, body, **fields):
    given = {"title": section.title, "by": member("specialist"), "now": stage.NOW} | fields
    return services.edit_section(section=section, body=body, **given)


def test_every_version_of_a_text_is_kept(section):
    edit(section, "<p>Bản hai</p>")
    edit(section, "<p>Bản ba</p>", by=member("head"))
    versions = section.versions.all()
    assert [version.revision for version in versions] == [3, 2, 1]
    assert [version.author.username for version in versions] == ["head", "specialist", "specialist"]
    assert "Lãnh đạo cấp phòng" in versions[2].body


def test_saving_the_same_words_makes_no_version(report, section):
    from reports.references import References, shown_body

    edit(section, shown_body(section.body, References.of(report), first_note=6)[0])
    assert section.versions.count() == 1


def test_the_second_of_two_writers_is_told_and_loses_nothing(section):
    seen = section.revision
    edit(section, "<p>Của người khác</p>", by=member("head"), revision=seen)
    with pytest.raises(services.EditedMeanwhile, match="Trần Văn Bình vừa sửa") as refusal:
        edit(section, "<p>Của tôi</p>", revision=seen)
    assert refusal.value.latest.body == "<p>Của người khác</p>"
    section.refresh_from_db()
    assert section.body == "<p>Của người khác</p>"


def test_text_that_would_load_a_file_is_refused_and_nothing_changes(section):
    before = section.body
    with pytest.raises(richtext.RefusedContent):
        edit(section, '<p>a</p><img src="file:///etc/passwd">')
    section.refresh_from_db()
    assert section.body == before


def test_a_figure_of_another_report_is_refused_by_name(report, section):
    foreign = stage.sample_again(report).figures.first()
    with pytest.raises(UnknownReference, match="không có trong báo cáo này"):
        edit(section, f'<p>có <span data-figure="{foreign.pk}">02</span></p>')


def test_a_note_pasted_twice_becomes_two_notes(report):
    section = stage.section(report, "Bám sát tinh thần")
    note = report.citations.filter(place=Citation.Place.NOTE).first()
    atom = f'<span data-citation="{note.pk}"></span>'
    edit(section, f"<p>một{atom} hai{atom}</p>")
    section.refresh_from_db()
    keys = [atom.key for atom in richtext.atoms(section.lines)]
    assert len(set(keys)) == 2
    assert keys[0] == str(note.pk)
    notes = printed_report(report).notes
    assert [one.content[0].text for one in notes[:2]] == [note.printed, note.printed]


def test_an_unknown_figure_is_refused(report):
    with pytest.raises(UnknownFigure):
        services.insert_figure(
            report=report, query="khong-co", by=member("specialist"), now=stage.NOW
        )


def test_the_same_figure_in_the_same_style_is_bound_once(report):
    first = report.figures.get(query="K14")
    again = services.insert_figure(
        report=report, query="K14", style="two_digits", by=member("specialist"), now=stage.NOW
    )
    other = services.insert_figure(
        report=report, query="K14", style="number", by=member("specialist"), now=stage.NOW
    )
    assert again == first
    assert other != first
    assert other.printed == "2"


def test_a_drafts_figures_follow_the_data(report):
    stage.approve(stage.agency_data(is_approved=False, K14=3), at=stage.NOW)
    changed = services.refresh_figures(report=report, now=stage.NOW)
    assert [figure.query for figure in changed if figure.query == "K14"] == ["K14"]
    assert report.figures.get(query="K14").printed == "03"


def test_a_citation_is_written_in_full_as_the_register_has_it(report):
    document = Document.objects.get(number="459", symbol="KH-BDT")
    note = services.insert_citation(report=report, document=document, by=member("specialist"))
    assert note.printed.startswith("Kế hoạch số 459/KH-BDT ngày 14/6/2023 của Ban Dân tộc")
    short = services.insert_citation(
        report=report,
        document=document,
        by=member("specialist"),
        place=Citation.Place.TEXT,
        full=False,
    )
    assert short.printed == "Kế hoạch số 459/KH-BDT"


def test_only_a_body_above_is_addressed(report):
    above = Recipient(text="UBND tỉnh Bắc Giang", relation=Relation.ABOVE)
    kept = Recipient(text="Lưu: VT, HC-TH", relation=Relation.FILE)
    services.set_recipients(
        report=report, by=member("specialist"), now=stage.NOW, recipients=[above, kept]
    )
    printed = printed_report(report)
    assert printed.addressees == ("UBND tỉnh Bắc Giang",)
    assert printed.recipients == ("- Như trên;", "- Lưu: VT, HC-TH.")


@pytest.mark.parametrize(
    ("authority", "prefix", "title"),
    [
        ("", "", "TRƯỞNG BAN"),
        ("KT.", "KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"),
        ("Q.", "", "Q. TRƯỞNG BAN"),
    ],
)
def test_titles_follow_authority_and_the_agency_of_the_day(report, authority, prefix, title):
    changed = services.edit_facts(
        report=report,
        by=member("specialist"),
        now=stage.NOW,
        subject=report.subject,
        report_date=stage.DAY,
        authority=authority,
        signatory=member("leader"),
    )
    assert (changed.signature_prefix, changed.signature_title) == (prefix, title)


def test_the_agency_is_the_one_of_the_reports_date(report):
    changed = services.edit_facts(
        report=report,
        by=member("specialist"),
        now=stage.NOW,
        subject=report.subject,
        report_date=datetime.date(2025, 8, 1),
        authority="",
        signatory=member("leader"),
    )
    printed = printed_report(changed)
    assert (printed.agency.name, printed.agency.place) == ("SỞ DÂN TỘC VÀ TÔN GIÁO", "Bắc Ninh")
    assert printed.agency.symbol == "BC-SDTTG"
    assert printed.signature.title == "GIÁM ĐỐC"


def test_nobody_without_the_right_to_sign_becomes_signatory(report):
    from reports.services.facts import SignatoryMayNotSign

    with pytest.raises(SignatoryMayNotSign):
        services.edit_facts(
            report=report,
            by=member("specialist"),
            now=stage.NOW,
            subject=report.subject,
            report_date=stage.DAY,
            authority="",
            signatory=member("clerk"),
        )


def test_readers_do_not_write(report, section, leader, auditor):
    for person in (leader, auditor):
        with pytest.raises(services.NotAllowed):
            edit(section, "<p>x</p>", by=person)


def test_a_template_that_cites_an_unknown_document_says_which(report):
    template = report.template
    template.citations["kh-527"]["number"] = "9999"
    with pytest.raises(services.UnknownDocument, match="9999/KH-BDT"):
        services.create_from_template(
            template=template, period=report.period, drafter=report.drafter, now=stage.NOW
        )
