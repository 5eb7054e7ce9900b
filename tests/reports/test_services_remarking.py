"""Remarks: pinned to what was read, answered, settled, never lost."""

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from reports import services
from reports.models import RemarkAnswer, Section
from reports.remarking import Whereabouts, paragraphs, pins
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report():
    return stage.draft()


@pytest.fixture
def section(report):
    return stage.section(report, "nguồn nhân lực")


def remark(report, section=None, *, by="head", **told):
    told = {"text": "Nêu số lớp.", "paragraph": 1 if section else None} | told
    return services.add_remark(report=report, by=member(by), now=stage.NOW, section=section, **told)


def write(section, body):
    return services.edit_section(
        section=section, title=section.title, body=body, by=member("specialist"), now=stage.NOW
    )


def where(report):
    return pins(report.remarks.open(), report.sections.present())[0]


def fresh(section):
    return Section.objects.get(pk=section.pk)


def test_a_remark_quotes_the_paragraph_that_was_read_whatever_was_saved_since(report, section):
    read = paragraphs(section.body)[1]
    write(section, "<p>Viết lại hẳn.</p>")
    made = remark(report, fresh(section), revision=1)
    assert made.quote == read
    assert where(report).where == Whereabouts.GONE


def test_it_follows_its_paragraph_through_edits_and_comes_back_with_it(report, section):
    before = section.body
    remark(report, section)
    assert where(report).where == Whereabouts.SAME
    lines = [f"<p>{line}</p>" for line in paragraphs(before)]
    write(section, f"<p>Thêm ở đầu.</p>{lines[0]}{lines[1].replace('bố trí', 'cử')}")
    assert (where(report).where, where(report).paragraph) == (Whereabouts.CHANGED, 2)
    write(fresh(section), "<p>Thôi.</p>")
    assert where(report).where == Whereabouts.GONE
    write(fresh(section), before)
    assert where(report).where == Whereabouts.SAME


def test_a_section_taken_out_keeps_its_remarks(report, section):
    made = remark(report, section)
    services.remove_section(section=section, by=member("specialist"), now=stage.NOW)
    assert where(report).where == Whereabouts.GONE
    assert report.remarks.get() == made


@pytest.mark.parametrize("place", [{"paragraph": 99}, {"paragraph": 10**18}, {"revision": 99}])
def test_no_such_paragraph_is_told(report, section, place):
    with pytest.raises(services.NoSuchParagraph):
        remark(report, section, **place)


def test_who_works_on_the_report_remarks_and_answers_others_only_read(report, section):
    made = remark(report, section, by="form_checker")
    answer = services.answer_remark(
        remark=made, by=member("specialist"), text="Đã thêm.", now=stage.NOW
    )
    assert made.answers.get() == answer
    for by in ("auditor", "administrator"):
        with pytest.raises(services.NotAllowed):
            remark(report, by=by)
        with pytest.raises(services.NotAllowed):
            services.answer_remark(remark=made, by=member(by), text="x", now=stage.NOW)
    for words in ("", " \n\0 "):
        with pytest.raises(services.NothingSaid):
            remark(report, text=words)
        with pytest.raises(services.NothingSaid):
            services.answer_remark(remark=made, by=member("head"), text=words, now=stage.NOW)


def test_it_is_settled_by_who_drafts_or_by_its_author(report, section):
    made = remark(report, section, by="form_checker")
    with pytest.raises(services.NotAllowed):
        services.resolve_remark(remark=made, by=member("leader"), now=stage.NOW)
    done = services.resolve_remark(remark=made, by=member("form_checker"), now=stage.NOW)
    assert done.resolved_by == member("form_checker")
    with pytest.raises(services.RemarkSettled):
        services.answer_remark(remark=made, by=member("head"), text="Còn nữa", now=stage.NOW)


def test_a_returned_report_lists_its_open_remarks(report, section):
    remark(report, section)
    done = remark(report, text="Đã xong rồi")
    services.resolve_remark(remark=done, by=member("specialist"), now=stage.NOW)
    stage.in_content_check(report)
    services.return_report(
        report=report, by=member("head"), reason="Sửa lại", now=stage.NOW, with_remarks=True
    )
    note = report.events.get(kind="returned").note
    assert note.startswith("Sửa lại\nGóp ý chưa xong (1):\n- Về phát triển nguồn nhân lực: “")
    assert note.endswith("”: Nêu số lớp.")


def refused_by_the_database(statement):
    with pytest.raises(IntegrityError), stage.transaction.atomic():
        connection.cursor().execute(statement)


def test_words_of_remarks_and_answers_are_neither_changed_nor_deleted_by_sql(report, section):
    made = remark(report, section)
    services.answer_remark(remark=made, by=member("head"), text="Đã thêm.", now=stage.NOW)
    for statement in (
        "UPDATE reports_remark SET text = 'khác'",
        "UPDATE reports_remark SET quote = ''",
        "DELETE FROM reports_remarkanswer",
        "UPDATE reports_remarkanswer SET text = 'khác'",
        "DELETE FROM reports_remark",
    ):
        refused_by_the_database(statement)
    assert RemarkAnswer.objects.count() == 1


@pytest.mark.usefixtures("laid_out_once")
def test_an_issued_report_takes_no_more_answers(report, section):
    made = remark(report, section)
    stage.issued(report)
    with pytest.raises(services.NotNow):
        services.answer_remark(remark=made, by=member("head"), text="x", now=stage.NOW)
    with pytest.raises(services.NotNow):
        services.resolve_remark(remark=made, by=member("specialist"), now=stage.NOW)
    with pytest.raises(IntegrityError), stage.transaction.atomic():
        RemarkAnswer.objects.create(remark=made, text="x", author=member("head"), at=stage.NOW)


class TestPages:
    def test_a_reader_asks_for_a_paragraph_and_writes_there(self, client, report, section):
        client.force_login(member("head"))
        address = report.get_absolute_url()
        html = client.get(address, {"doan": f"{section.pk}-1"}).content.decode()
        assert html.count('class="remark-form"') == 1
        assert f'id="doan-{section.pk}-1"' in html
        answer = client.post(
            reverse("reports:remark_add", args=[report.pk]),
            {"muc": section.pk, "doan": 1, "lan_sua": 1, "gop_y": "Số này cũ"},
        )
        made = report.remarks.get()
        assert answer.url == f"{address}#gop-y-{made.pk}"
        assert f'id="gop-y-{made.pk}"' in client.get(address).content.decode()

    def test_the_writer_sees_it_at_the_section_with_the_old_words(self, client, report, section):
        made = remark(report, section)
        client.force_login(member("specialist"))
        address = reverse("reports:section_edit", args=[report.pk, section.pk])
        assert 'data-remark-paragraph="1"' in client.get(address).content.decode()
        write(section, "<p>Viết lại hẳn.</p>")
        for page in (address, report.get_absolute_url()):
            html = client.get(page).content.decode()
            assert "Đoạn đã bỏ" in html
            assert made.quote[:60] in html

    def test_it_is_answered_and_settled_from_the_section_and_stays_in_the_trail(
        self, client, report, section
    ):
        made = remark(report, section)
        client.force_login(member("specialist"))
        address = reverse("reports:section_edit", args=[report.pk, section.pk])
        act = reverse("reports:remark_answer", args=[report.pk, made.pk])
        back = client.post(act, {"tra_loi": "Đã thêm số", "muc_dang_soan": section.pk})
        assert back.url == f"{address}#gop-y-{made.pk}"
        act = reverse("reports:remark_resolve", args=[report.pk, made.pk])
        assert client.post(act, {"muc_dang_soan": "9" * 5000}).url == report.get_absolute_url()
        html = client.get(reverse("reports:history", args=[report.pk])).content.decode()
        assert made.quote[:60] in html
        assert "Đã thêm số" in html

    @pytest.mark.parametrize("words", ["9" * 5000, "-1", "x", "\0", "1.5", "٣"])
    def test_strange_places_are_answered(self, client, report, section, words):
        client.force_login(member("head"))
        assert client.get(report.get_absolute_url(), {"doan": words}).status_code == 200
        for name in ("muc", "doan", "lan_sua"):
            told = {"muc": section.pk, "doan": 1, "lan_sua": 1, "gop_y": "a"} | {name: words}
            answer = client.post(reverse("reports:remark_add", args=[report.pk]), told)
            assert answer.status_code in (302, 404)

    def test_many_remarks_cost_no_more_queries(
        self, client, report, section, django_assert_max_num_queries
    ):
        for _ in range(12):
            made = remark(report, section)
            services.answer_remark(remark=made, by=member("head"), text="Vâng", now=stage.NOW)
        client.force_login(member("head"))
        with django_assert_max_num_queries(60):
            client.get(report.get_absolute_url())
