"""The pages of templates: reading, writing, comparing, putting into use."""

import re

import pytest
from django.urls import reverse

from ethnic_data.models import SavedView
from reports.models import ReportTemplate
from reports.services import templates
from tests.cast import member
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def used():
    return ReportTemplate.objects.current().get(code="2289/QĐ-TTg")


@pytest.fixture
def draft(used):
    return templates.new_version(template=used, by=member("specialist"))


@pytest.fixture
def drafter(client):
    client.force_login(member("specialist"))
    return client


def url(name, *args, **query):
    return reverse(f"reports:{name}", args=args, query=query or None)


def test_the_list_names_version_and_draft(drafter, used, draft):
    html = drafter.get(url("template_list")).content.decode()
    assert used.title in html
    assert f"bản nháp phiên bản {draft.version}" in html


def test_the_list_asks_few_questions(drafter, used, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        drafter.get(url("template_list"))


def test_a_version_shows_its_sections_figures_and_citations(drafter, used):
    html = drafter.get(used.get_absolute_url()).content.decode()
    assert "1. Về chỉ đạo, điều hành" in html
    assert "Số xã vùng đồng bào dân tộc thiểu số và miền núi" in html
    assert "chú thích: Kế hoạch số 527/KH-BDT" in html
    assert "data-figure" not in html


def test_a_new_version_is_written_compared_and_put_into_use(drafter, used):
    answer = drafter.post(url("template_new_version", used.pk))
    draft = ReportTemplate.objects.drafts().get()
    assert answer.url == url("template_edit", draft.pk)
    page = drafter.get(url("template_section", draft.pk, "mo-dau"))
    assert "{ngay_dau_ky}" in page.content.decode()
    seen = page.context["form"]["seen"].value()
    told = {"title": "", "level": "plain", "body": "<p>Lời mới</p>", "seen": seen}
    drafter.post(url("template_section", draft.pk, "mo-dau"), told)
    compared = drafter.get(url("template_compare", draft.pk)).content.decode()
    assert "<ins>" in compared
    assert "Lời mới" in compared
    again = drafter.post(url("template_section", draft.pk, "mo-dau"), told)
    assert "vừa được người khác sửa" in again.content.decode()
    assert drafter.post(url("template_publish", draft.pk)).status_code == 404
    drafter.force_login(member("head"))
    drafter.post(url("template_publish", draft.pk), {"ghi_chu": "Viết lại mở đầu"})
    assert ReportTemplate.objects.current().get(code=used.code).change_note == "Viết lại mở đầu"


def test_facts_and_recipients_are_stored(drafter, draft):
    page = drafter.get(url("template_edit", draft.pk))
    assert page.context["form"]["title"].value() == draft.title
    told = {
        "title": "Tên mới",
        "subject": draft.subject,
        "document_type": draft.document_type_id,
        "rhythm": "quarterly",
        "unit_level": "",
        "authority": "KT.",
        "signatory": "",
        "division": "",
        "noi-nhan-TOTAL_FORMS": "2",
        "noi-nhan-INITIAL_FORMS": "0",
        "noi-nhan-0-text": "Lưu: VT",
        "noi-nhan-0-relation": "file",
        "noi-nhan-1-text": "UBND tỉnh",
        "noi-nhan-1-relation": "above",
    }
    drafter.post(url("template_edit", draft.pk), told)
    draft.refresh_from_db()
    assert (draft.title, draft.rhythm) == ("Tên mới", "quarterly")
    assert [row["text"] for row in draft.recipients] == ["UBND tỉnh", "Lưu: VT"]


def test_a_figure_and_a_document_are_chosen_from_the_pickers(drafter, draft):
    found = drafter.get(url("template_figures", draft.pk, q="video")).content.decode()
    assert 'data-query="K14"' in found
    told = drafter.post(url("template_figure_insert", draft.pk), {"query": "K14"}).json()
    draft.refresh_from_db()
    assert draft.figures[told["key"]]["query"] == "K14"
    answer = drafter.post(url("template_figure_insert", draft.pk), {"query": "la\0"})
    assert answer.status_code == 422
    assert drafter.get(url("template_citations", draft.pk, q="459")).status_code == 200


def test_a_table_is_picked_named_compared_and_read(drafter, draft, used):
    SavedView.objects.create(owner=member("specialist"), name="Hộ nghèo", query="ct=N03&ky=2023")
    found = drafter.get(url("template_exhibit_picker", draft.pk, q="nghèo")).content.decode()
    assert 'data-lua-chon="ct=N03&amp;ky=2023"' in found
    insert = url("template_exhibit_insert", draft.pk)
    told = {"loai": "table", "nguon": "explorer", "lua-chon": "ct=N03&ky=2023", "ten": "Nghèo"}
    name = drafter.post(insert, told).json()["key"]
    assert "Hãy chọn bảng" in drafter.post(insert, told | {"loai": "\0"}).json()["problem"]
    listed = drafter.get(url("template_exhibits", draft.pk)).content.decode()
    assert "không có trong lời văn" in listed
    assert "Chỉ tiêu N03" in listed
    hand = reverse("reports:exhibit_hand")
    address = f"{hand}?nguon=explorer&ct=N03&ky=2023"
    place = f"dc:{draft.pk}-mo-dau"
    assert f'value="{place}"' in drafter.get(address).content.decode()
    answer = drafter.post(hand, told | {"muc": place})  # the same table has one name
    assert answer.url == url("template_section", draft.pk, "mo-dau")
    page = drafter.get(answer.url).content.decode()
    assert f"data-exhibit=&quot;{name}&quot;" in page
    for wrong in (
        f"dc:{draft.pk}-la",
        "dc:0-mo-dau",
        "dc:x",
        f"dc:{used.pk}-mo-dau",
    ):
        assert drafter.post(hand, told | {"muc": wrong}).status_code == 404
    named = {"bang": name, "ten": "Hộ nghèo năm {nam}", "ghi_chu": "", "chieu": "landscape"}
    drafter.post(url("template_exhibits", draft.pk), named)
    drafter.post(url("template_exhibits", draft.pk), named | {"bang": "la"})
    read = drafter.get(draft.get_absolute_url()).content.decode()
    assert "Bảng: Hộ nghèo năm {nam}" in read
    assert "trang ngang" in read
    compared = drafter.get(url("template_compare", draft.pk)).content.decode()
    assert "Hộ nghèo năm {nam}; Chỉ tiêu N03" in re.sub(r"<[^>]+>", "", compared)


def test_a_template_is_begun_and_thrown_away(drafter):
    kind = ReportTemplate.objects.first().document_type_id
    told = {
        "code": "CHUYEN-DE-2",
        "title": "Chuyên đề",
        "subject": "Kết quả",
        "document_type": kind,
        "rhythm": "one_off",
    }
    drafter.post(url("template_create"), told)
    made = ReportTemplate.objects.get(code="CHUYEN-DE-2")
    again = drafter.post(url("template_create"), told)
    assert "Mã này đã có đề cương khác dùng" in again.content.decode()
    drafter.post(url("template_section_add", made.pk), {"ten": "Mở đầu", "cap": "roman"})
    made.refresh_from_db()
    assert made.outline[0]["title"] == "Mở đầu"
    drafter.post(url("template_drop", made.pk))
    assert not ReportTemplate.objects.filter(pk=made.pk).exists()


def test_a_report_is_saved_as_a_template(drafter):
    report = stage.draft()
    drafter.post(url("template_from_report", report.pk), {"ten": "Đề cương của tôi"})
    assert ReportTemplate.objects.drafts().get().title == "Đề cương của tôi"


def test_a_deadline_is_set_by_the_head_and_wrong_ones_are_refused_in_words(drafter, used):
    drafter.force_login(member("head"))
    told = {"valid_from": "01/01/2030", "day": "20", "months": "1", "basis": "Thông tư"}
    page = drafter.post(url("template_deadline", used.pk), told, follow=True).content.decode()
    assert "Ngày 20 của tháng thứ 1 sau kỳ" in page
    for wrong in ({}, told | {"day": "99"}, told, told | {"valid_from": "x"}):
        answer = drafter.post(url("template_deadline", used.pk), wrong, follow=True)
        assert answer.status_code == 200
        assert [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize("tail", ["?voi=999", "?voi=²", "?voi=99999999999999", "?voi=%00x"])
def test_a_version_that_is_not_there_is_not_compared(drafter, draft, tail):
    assert drafter.get(url("template_compare", draft.pk) + tail).status_code == 404


@pytest.mark.parametrize(
    "told",
    [
        {"ten": "\0" * 10, "cap": "\0", "thuoc": "khong-co"},
        {"ten": "x" * 10000, "cap": "sai"},
        {},
    ],
)
def test_odd_sections_are_answered_in_words(drafter, draft, told):
    assert drafter.post(url("template_section_add", draft.pk), told).status_code == 302


def test_a_version_in_use_has_no_editor(drafter, used):
    assert drafter.get(url("template_edit", used.pk)).status_code == 404
    assert drafter.get(url("template_section", used.pk, "mo-dau")).status_code == 404
