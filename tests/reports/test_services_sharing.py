"""Several people on one draft: each writes in the own sections, the drafter everywhere."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.documents.models import Document
from reports import services
from reports.dashboards.home import own_work
from reports.dashboards.waiting import waiting_count
from reports.models import Section, SectionShare
from reports.text.outline import Place, Way
from tests.cast import CAST, member, person
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TITLE = "Mục báo cáo được giao soạn"


@pytest.fixture
def report():
    return stage.draft()


@pytest.fixture
def section(report):
    return stage.section(report, "Kết quả thực hiện một số nội dung")


@pytest.fixture
def inner(report):
    return stage.section(report, "nguồn nhân lực")


@pytest.fixture
def other(report):
    return stage.section(report, "Kiến nghị, đề xuất")


def give(section, *, to="head", by="specialist", due=stage.DAY):
    return services.give_section(
        section=section, person=member(to), due_date=due, by=member(by), now=stage.NOW
    )


def write(section, by):
    section = Section.objects.get(pk=section.pk)
    return services.edit_section(
        section=section, title=section.title, body=f"<p>{by}</p>", by=member(by), now=stage.NOW
    )


def test_before_any_section_is_given_whoever_drafts_writes_everywhere(section, other):
    write(section, "head")
    write(other, "specialist")


def test_then_the_person_writes_there_and_below_only_and_the_drafter_everywhere(
    section, inner, other
):
    give(section)
    for one in (section, inner):
        write(one, "head")
        write(one, "specialist")
    with pytest.raises(services.NotYourSection, match="Mục này chưa giao cho ai"):
        write(other, "head")
    write(other, "specialist")


def test_a_third_person_is_told_whose_the_section_is(section, other):
    give(section)
    third = person("nguoi.ba", **CAST["specialist"] | {"full_name": "Lê Thị Ba"})
    for one, words in ((section, "đã giao cho Trần Văn Bình soạn"), (other, "chưa giao cho ai")):
        with pytest.raises(services.NotYourSection, match=words):
            services.edit_section(section=one, title="x", body="", by=third, now=stage.NOW)


def test_facts_order_and_sending_up_are_the_drafters_once_sections_are_given(
    report, section, inner, other
):
    give(section)
    head, told = member("head"), {"by": member("head"), "now": stage.NOW}
    with pytest.raises(services.OnlyTheDrafter):
        services.send_up(report=report, **told)
    with pytest.raises(services.OnlyTheDrafter):
        services.add_section(report=report, title="Mới", level="roman", **told)
    with pytest.raises(services.OnlyTheDrafter):
        services.move_section(section=section, way=Way.UP, **told)
    with pytest.raises(services.OnlyTheDrafter):
        services.place_section(section=inner, place=Place(other.pk, None), **told)
    with pytest.raises(services.NotYourSection):
        services.remove_section(section=section, **told)
    new = services.add_section(report=report, title="Mới", level="decimal", parent=section, **told)
    assert services.move_section(section=new, way=Way.UP, **told)
    services.remove_section(section=new, by=head, now=stage.NOW)


def test_what_stands_in_a_section_is_its_writers_too(report, section, inner, other):
    """Citations are rows of the report; their words are those of the section they stand in."""
    give(section)
    inside, outside = (_cited_in(one) for one in (inner, stage.section(report, "chỉ đạo")))
    told = {"by": member("head"), "now": stage.NOW}
    assert services.edit_citation(citation=inside, printed="Văn bản số 1", **told)
    with pytest.raises(services.NotYourSection):
        services.edit_citation(citation=outside, printed="Văn bản số 1", **told)
    with pytest.raises(services.NotYourSection):
        services.replace_citation(citation=outside, document=inside.document, **told)
    services.edit_citation(
        citation=outside, printed="Văn bản số 1", by=member("specialist"), now=stage.NOW
    )
    with pytest.raises(services.NotYourSection):
        services.copy_section(section=inner, into=report, parent=other, **told)
    with pytest.raises(services.OnlyTheDrafter):
        services.copy_section(section=inner, into=report, **told)
    assert services.copy_section(section=inner, into=report, parent=section, **told)


def _cited_in(section):
    """A citation that only this section holds."""
    citation = services.insert_citation(
        report=section.report, document=Document.objects.first(), by=member("specialist")
    )
    body = f'{section.body}<p>Theo <span data-citation="{citation.pk}"></span>.</p>'
    services.edit_section(
        section=section, title=section.title, body=body, by=member("specialist"), now=stage.NOW
    )
    return citation


def test_it_is_given_by_the_drafter_to_who_drafts_once_and_with_a_day_to_come(report, section):
    with pytest.raises(services.NotAllowed):
        give(section, by="head", to="specialist")
    with pytest.raises(services.NoSuchWriter):
        give(section, to="clerk")
    for day in (stage.DAY - datetime.timedelta(days=1), datetime.date(9999, 12, 31)):
        with pytest.raises(services.DueInThePast):
            give(section, due=day)
    share = give(section)
    with pytest.raises(services.AlreadyGiven):
        give(section)
    with pytest.raises(IntegrityError), transaction.atomic():
        SectionShare.objects.create(
            section=section, person=share.person, due_date=stage.DAY, given_by=share.given_by,
            given_at=stage.NOW,
        )  # fmt: skip


def test_it_stands_on_the_persons_home_until_it_is_written_or_taken_back(report, section):
    head = member("head")
    before = waiting_count(head, today=stage.DAY)
    share = give(section)

    def shown(day=stage.DAY):
        found = [work for work in own_work(head, today=day) if work.title == TITLE]
        return found[0].tasks if found else []

    [task] = shown()
    assert task.title == section.title
    assert task.note.endswith("Nguyễn Thu Hà giao, hạn 06/11/2023")
    assert task.word == "Đang soạn"
    assert shown(stage.DAY + datetime.timedelta(days=1))[0].word == "Quá hạn"
    assert waiting_count(head, today=stage.DAY) == before + 1
    with pytest.raises(services.NotAllowed):
        services.finish_section(share=share, by=member("specialist"), now=stage.NOW)
    services.finish_section(share=share, by=head, now=stage.NOW)
    assert shown() == []
    write(section, "head")
    services.take_section_back(share=share, by=member("specialist"), now=stage.NOW)
    assert [event.kind for event in report.events.filter(kind__startswith="section_")] == [
        "section_taken_back",
        "section_finished",
        "section_given",
    ]
    give(section)
    assert len(shown()) == 1


def test_a_section_taken_out_is_no_longer_to_be_written(section):
    give(stage.section(section.report, "nguồn nhân lực"))
    services.remove_section(
        section=stage.section(section.report, "nguồn nhân lực"),
        by=member("specialist"),
        now=stage.NOW,
    )
    assert not SectionShare.objects.to_write(member("head")).exists()


class TestPages:
    def test_it_is_given_and_taken_back_by_forms(self, client, report, section):
        client.force_login(member("specialist"))
        act = reverse("reports:section_give", args=[report.pk, section.pk])
        page = reverse("reports:section_edit", args=[report.pk, section.pk])
        for person_pk, day, words in (
            ("", "", "Chọn người soạn. Ghi ngày."),
            ("9" * 5000, "31/02/2026", "Ngày chưa đúng"),
            (member("clerk").pk, "01/01/2100", "Chọn lại người soạn."),
        ):
            answer = client.post(act, {"person": person_pk, "due_date": day}, follow=True)
            assert words in answer.content.decode()
        due = datetime.date.today() + datetime.timedelta(days=3)
        told = {"person": member("head").pk, "due_date": f"{due:%d/%m/%Y}"}
        html = client.post(act, told, follow=True).content.decode()
        assert f"Mục này do Trần Văn Bình soạn, hạn {due:%d/%m/%Y}." in html
        assert "outline__who" in html
        back = reverse("reports:section_take_back", args=[report.pk, section.pk])
        assert "Đã thôi giao." in client.post(back, follow=True).content.decode()
        assert "share-form" in client.get(page).content.decode()

    def test_the_page_of_anothers_section_can_be_read_but_not_saved(
        self, client, report, section, other
    ):
        give(section)
        client.force_login(member("head"))
        mine = reverse("reports:section_edit", args=[report.pk, section.pk])
        html = client.get(mine).content.decode()
        assert "Mục này giao cho anh, chị soạn" in html
        assert "Lưu và sang mục sau" in html
        page = reverse("reports:section_edit", args=[report.pk, other.pk])
        assert "Lưu và sang mục sau" not in client.get(page).content.decode()
        form = {"title": "a", "body": "b", "level": "roman", "manual_label": "", "revision": 1}
        assert "chưa giao cho ai" in client.post(page, form).content.decode()

    def test_the_second_to_save_sees_the_difference_and_keeps_the_typed_text(
        self, client, report, inner
    ):
        services.edit_section(
            section=inner, title=inner.title, body="<p>Đã mở ba lớp tập huấn</p>",
            by=member("head"), now=stage.NOW,
        )  # fmt: skip
        client.force_login(member("specialist"))
        page = reverse("reports:section_edit", args=[report.pk, inner.pk])
        form = {"title": inner.title, "level": inner.level, "manual_label": "", "revision": 1}
        html = client.post(page, form | {"body": "<p>Đã mở hai lớp tập huấn</p>"}).content.decode()
        assert "<del>" in html
        assert "Đã mở hai lớp tập huấn" in html
        assert "Trần Văn Bình vừa sửa mục này" in html
