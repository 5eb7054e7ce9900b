"""The pages of the collection: a working day of an officer and a reviewer."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.collection.models import Upload
from portal.collection.stores import store_of
from portal.jobs.services import drain
from tests.collection.workbooks_of_units import form_05, layout

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def officer(client, son_dong_officer):
    client.force_login(son_dong_officer)
    return client


@pytest.fixture
def reviewer(client, specialist):
    client.force_login(specialist)
    return client


def start_url(dataset="BIEU-05", code="220", period="2023"):
    return reverse("collection:start", args=[dataset, code, period])


def page(client, name, *args, status=200, **query):
    answer = client.get(reverse(f"collection:{name}", args=args), query)
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode()


def send(client, url, *contents, names=None):
    files = [
        SimpleUploadedFile(names[index] if names else f"tep-{index}.xlsx", content)
        for index, content in enumerate(contents)
    ]
    return client.post(url, {"files": files})


def test_the_officers_home_lists_what_is_due_and_how_late_it_is(officer):
    text = page(officer, "submission_list", ky="2023")
    assert "Biểu 05. Số hộ nghèo, cận nghèo dân tộc thiểu số" in text
    assert "quá hạn" in text
    assert "15/09/2023" in text
    assert "Ứng dụng công nghệ" not in text


def test_sending_a_file_opens_the_submission_and_shows_how_it_was_read(officer):
    answer = send(officer, start_url(), form_05())
    upload = Upload.objects.get()
    assert answer.url == upload.get_absolute_url()
    assert "hx-get" in page(officer, "upload", upload.pk)
    drain()
    text = page(officer, "upload", upload.pk)
    assert "Tệp không có lỗi" in text
    assert "Bieu 05" in text


def test_an_error_is_shown_at_its_cell_and_the_marked_workbook_can_be_had(officer, sent):
    first = next(layout().valid_units())
    upload = sent(form_05(changes={(first.code, "D02"): 5000}))
    text = page(officer, "upload", upload.pk)
    assert "D3" in text
    assert "lớn hơn tổng số hộ (1.000)" in text
    assert "Xem trước" not in re.sub(r"<ol.*?</ol>", "", text, flags=re.S)
    marked = officer.get(reverse("collection:upload_marked", args=[upload.pk]))
    assert b"".join(marked.streaming_content).startswith(b"PK")


def test_the_preview_shows_old_beside_new_and_commit_stores_it(officer, sent, committed):
    submission = committed()
    first = next(layout().valid_units())
    sent(form_05(changes={(first.code, "D01"): 1111}), into=submission)
    text = page(officer, "preview", submission.pk)
    assert "Thay đổi <b>1</b>" in text
    assert "1.000" in text
    assert "1.111" in text
    answer = officer.post(reverse("collection:commit", args=[submission.pk]), follow=True)
    assert "1 thay đổi" in answer.content.decode()


def test_pages_of_a_submission_all_open(officer, committed):
    submission = committed()
    for name in ("submission", "values", "entry", "preview", "submit"):
        page(officer, name, submission.pk)


def test_from_submission_to_approval_through_the_pages(client, committed, cast):
    submission = committed()
    client.force_login(cast("son_dong_officer"))
    submitting = reverse("collection:submit", args=[submission.pk])
    seen = client.get(submitting).context["digest"]
    client.post(submitting, {"statement": seen, "confirmed": "1"})
    submission.refresh_from_db()
    assert submission.status == "submitted"
    page(client, "receipt", submission.pk)
    client.force_login(cast("specialist"))
    text = page(client, "review_list")
    assert "Huyện Sơn Động" in text
    page(client, "review", submission.pk)
    client.post(reverse("collection:approve", args=[submission.pk]))
    submission.refresh_from_db()
    assert submission.status == "approved"
    assert "Đính chính" in page(client, "submission", submission.pk)


def test_the_way_back_leads_nobody_to_a_page_that_is_not_theirs(client, opened, cast):
    draft = opened()
    way = {"son_dong_officer": "submission_list", "administrator": "completeness"}
    for who, page_before in way.items():
        client.force_login(cast(who))
        words = client.get(draft.get_absolute_url()).content.decode()
        back = reverse(f"collection:{page_before}")
        assert f'<li><a href="{back}?ky=' in words
        assert client.get(back).status_code == 200


def test_a_remark_is_pinned_to_a_cell_and_comes_back_with_the_submission(client, submitted, cast):
    submission = submitted()
    first = next(layout().valid_units())
    client.force_login(cast("specialist"))
    name = f"o~{first.code}~~N03"
    assert first.label in page(client, "review", submission.pk, o=name)
    client.post(
        reverse("collection:remark_create", args=[submission.pk]),
        {"text": "Xem lại số hộ nghèo", "cell": name},
    )
    client.post(reverse("collection:return", args=[submission.pk]), {"text": ""})
    submission.refresh_from_db()
    assert submission.status == "returned"
    client.force_login(cast("son_dong_officer"))
    text = page(client, "submission_list", ky="2023")
    assert "Xem lại số hộ nghèo" in text
    assert "(ô E3)" in text


def test_what_was_typed_wrong_stays_with_its_sentence_beside_it(officer, opened):
    submission = opened()
    first, second = list(layout().valid_units())[:2]
    fields = {f"o~{first.code}~~{key}": str(v) for key, v in numbers(100).items()}
    fields |= {f"o~{second.code}~~{key}": str(v) for key, v in numbers(100).items()}
    fields[f"o~{second.code}~~N03"] = "hai"
    answer = officer.post(reverse("collection:entry", args=[submission.pk]), fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“hai” không phải là số" in text
    assert 'value="hai"' in text
    assert 'value="hai"' in page(officer, "entry", submission.pk)
    values = values_of(submission)
    assert {key.unit for key in values} == {first.code}


def numbers(size):
    return {"D01": size, "D02": 60, "N03": 6, "N04": 5, "N09": 2, "N10": 1, "N11": 0}


def values_of(submission):
    return store_of(submission.dataset).current(submission)


def test_a_stranger_finds_nothing(client, committed, cast):
    submission = committed()
    upload = submission.uploads.get()
    client.force_login(cast("luc_ngan_officer"))
    for name, pk in [
        ("submission", submission.pk),
        ("values", submission.pk),
        ("preview", submission.pk),
        ("entry", submission.pk),
        ("upload", upload.pk),
        ("upload_original", upload.pk),
        ("upload_marked", upload.pk),
    ]:
        page(client, name, pk, status=404)
    assert client.get(start_url()).status_code == 404
    assert client.post(reverse("collection:commit", args=[submission.pk])).status_code == 404


def test_the_original_comes_back_byte_for_byte(officer, sent):
    content = form_05()
    upload = sent(content)
    answer = officer.get(reverse("collection:upload_original", args=[upload.pk]))
    assert b"".join(answer.streaming_content) == content


def test_a_file_that_the_store_has_lost_is_no_fault_of_the_page(officer, sent):
    upload = sent(form_05())
    upload.file.storage.delete(upload.file.name)
    original, marked = (
        officer.get(reverse(f"collection:{name}", args=[upload.pk]))
        for name in ("upload_original", "upload_marked")
    )
    assert (original.status_code, marked.status_code) == (404, 302)


def test_a_cell_of_a_file_leads_to_its_value(officer, committed):
    submission = committed()
    upload = submission.uploads.get()
    answer = officer.get(reverse("collection:cell", args=[submission.pk, upload.pk, "E3"]))
    assert answer.url.endswith(f"?page=1#o-{upload.pk}-E3")
    assert f'id="o-{upload.pk}-E3"' in page(officer, "values", submission.pk)


def test_the_lists_take_few_queries(client, submitted, cast, django_assert_max_num_queries):
    submitted()
    client.force_login(cast("specialist"))
    with django_assert_max_num_queries(16):
        page(client, "review_list")
    with django_assert_max_num_queries(16):
        page(client, "completeness", ky="2023")
    with django_assert_max_num_queries(16):
        page(client, "submission_list", ky="2023")


def test_the_template_can_be_downloaded_and_sent_back(officer):
    answer = officer.get(reverse("collection:template", args=["BIEU-05", "220", "2023"]))
    assert answer["Content-Disposition"] == 'attachment; filename="bieu-05-son-dong-2023.xlsx"'
    send(officer, start_url(), answer.content)
    drain()
    assert Upload.objects.get().understood["sheets"]


def test_a_period_in_which_the_unit_does_not_exist_is_not_found(officer):
    assert officer.get(start_url(period="2026")).status_code == 404
    assert officer.get(start_url(dataset="CNTT-CO-QUAN", code="24")).status_code == 404


def test_strange_letters_in_addresses_and_forms_do_no_harm(client, submitted, cast):
    submission = submitted()
    client.force_login(cast("specialist"))
    nul = "a\x00b\ud800"
    assert client.get("/so-lieu/nop/BIEU-05%00/220/2023").status_code == 404
    for query in ({"ky": "\x00"}, {"bieu": "\x00x"}, {"huyen": "9" * 30}, {"tt": "\x00"}):
        page(client, "review_list", **query)
    page(client, "review", submission.pk, o="o~\x00~~", page="-1")
    page(client, "completeness", ky="\x00")
    page(client, "values", submission.pk, page="999999999999999999999")
    answers = [
        client.post(reverse("collection:return", args=[submission.pk]), {"text": "x\x00"}),
        client.post(reverse("collection:remark_create", args=[submission.pk]), {"text": "x\x00"}),
    ]
    assert {answer.status_code for answer in answers} == {302}
    first = next(layout().valid_units()).code
    fields = {f"o~{first}~~D01": nul.encode("utf-8", "replace").decode(), "o~\x00~~D01": "1"}
    answer = client.post(reverse("collection:entry", args=[submission.pk]), fields)
    assert answer.status_code == 422


def test_the_officers_home_opens_at_the_period_that_was_used_last(officer):
    """All days of the periods after it have passed, so none of them is at hand."""
    send(officer, start_url(), form_05())
    text = page(officer, "submission_list")
    assert '<option value="2023" selected>' in text


def test_a_list_of_every_unit_has_pages(client, specialist):
    client.force_login(specialist)
    text = page(client, "submission_list", ky="2026")
    assert text.count("Bắt đầu") == 50
    assert "page=2" in text
