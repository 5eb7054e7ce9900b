"""The grid as a page: states, panel, check of a row, and the page that two people hold open."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from portal.collection.models import Remark
from tests.cast import person
from tests.collection.conftest import values_of
from tests.collection.workbooks_of_units import codes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def cell(column, row=0):
    return f"o~{codes()[row]}~~{column}"


def opened(client, submission):
    page = client.get(reverse("collection:entry", args=[submission.pk]))
    form = page.context["form"]
    texts = {name: form[name].value() or "" for name in form.fields}
    return {"goc": page.context["opened_with"], **texts}


def send(client, submission, given, **typed):
    fields = given | {cell(column): text for column, text in typed.items()}
    return client.post(reverse("collection:entry", args=[submission.pk]), fields)


@pytest.fixture
def officer(client, son_dong_officer):
    client.force_login(son_dong_officer)
    return client


def test_the_second_editor_is_shown_the_conflict_and_loses_nothing(
    officer, committed, son_dong_officer
):
    submission = committed()
    mine, theirs = opened(officer, submission), opened(officer, submission)
    colleague = person("vi.van.sau", role="officer", full_name="Vi Văn Sáu", area="220")
    officer.force_login(colleague)
    assert send(officer, submission, theirs, N03="41").status_code == 302
    officer.force_login(son_dong_officer)
    answer = send(officer, submission, mine, N03="42")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Vi Văn Sáu vừa ghi" in text
    assert 'value="42"' in text
    again = {"goc": answer.context["opened_with"], **answer.context["form"].data}
    assert send(officer, submission, again, N03="42").status_code == 302
    shown = opened(officer, submission)
    assert shown[cell("N03")] == "42"


def test_the_states_of_cells_have_words(officer, committed, specialist):
    submission = committed()
    Remark.objects.create(
        submission=submission,
        row_code=codes()[0],
        column_key="N04",
        text="Xem lại",
        author=specialist,
        at="2023-10-01T00:00+07:00",
        is_sent=True,
    )
    text = officer.get(reverse("collection:entry", args=[submission.pk])).content.decode()
    for state in ("saved", "remarked", "locked"):
        assert f'<td class="num" data-state="{state}"' in text
        assert f'id="tt-{state}"' in text
    assert 'aria-describedby="tt-remarked"' in text


def test_the_panel_opens_without_scripts_too(officer, committed):
    submission = committed()
    page = officer.get(reverse("collection:entry", args=[submission.pk]), {"o": cell("N03")})
    assert "Giới hạn" in page.content.decode()
    panel = officer.get(reverse("collection:entry_cell", args=[submission.pk]), {"o": cell("N03")})
    assert "Không lớn hơn" in panel.content.decode()
    nowhere = reverse("collection:entry_cell", args=[submission.pk])
    assert officer.get(nowhere, {"o": "o~x~~y"}).status_code == 404
    assert "Chọn một ô" in officer.get(nowhere).content.decode()


def test_a_row_is_checked_before_it_is_saved(officer, committed):
    submission = committed()
    before = values_of(submission)
    answer = officer.post(
        reverse("collection:entry_check", args=[submission.pk]),
        {cell("D01"): "10", cell("D02"): "20", cell("N03"): "hai"},
    )
    said = answer.json()
    assert any(kind == "error" and "lớn hơn" in words for kind, words in said[cell("D02")])
    assert any("không phải là số" in words for _, words in said[cell("N03")])
    assert values_of(submission) == before


@pytest.mark.parametrize("base", ["", "[]", "{", '{"a": 1}', "[" * 5000, "null"])
def test_a_page_that_carries_nonsense_is_taken_as_typed(officer, committed, base):
    submission = committed()
    given = opened(officer, submission) | {"goc": base}
    assert send(officer, submission, given, N03="41").status_code == 302
    assert opened(officer, submission)[cell("N03")] == "41"


def test_what_waits_to_be_put_right_has_its_sentence_when_one_comes_back(officer, committed):
    submission = committed()
    assert send(officer, submission, opened(officer, submission), N03="hai").status_code == 422
    page = officer.get(reverse("collection:entry", args=[submission.pk]))
    assert "không phải là số" in page.content.decode()
    assert json.loads(page.context["opened_with"])[cell("N03")] == "hai"
