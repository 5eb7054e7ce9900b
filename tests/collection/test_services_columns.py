"""The sender's own choice of columns: page, service, and what is remembered for the next file."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.collection.models import RememberedAnswer, Upload
from portal.collection.services import refusals
from portal.collection.services.columns import map_columns, mappable
from portal.jobs.services import drain
from tests.cast import member
from tests.collection.workbooks_of_units import codes, form_05, layout

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def swapped() -> bytes:
    """The headings of poor and near-poor households have changed places."""
    book = load_workbook(BytesIO(form_05()))
    sheet = book.active
    sheet["E2"].value, sheet["F2"].value = sheet["F2"].value, sheet["E2"].value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def question_of(upload: Upload, key: str) -> str:
    return next(c.question for c in mappable(upload, layout()) if c.key == key)


def test_columns_chosen_by_hand_are_read_and_remembered(sent):
    upload = sent(swapped())
    first = codes()[0]
    assert upload.staged.get(unit=first, measure="N03").value == 50
    chosen = {question_of(upload, "N03"): "N04", question_of(upload, "N04"): "N03"}
    assert map_columns(upload=upload, layout=layout(), chosen=chosen, by=member("son_dong_officer"))
    drain()
    upload.refresh_from_db()
    assert upload.is_accepted, upload.issues
    assert upload.staged.get(unit=first, measure="N03").value == 60
    assert dict(RememberedAnswer.objects.values_list("question", "answer")) == chosen
    again = sent(swapped() + b"\0", name="lan-sau.xlsx")
    assert again.answers == chosen


def test_choosing_what_was_read_already_changes_nothing(sent):
    upload = sent(form_05())
    chosen = {column.question: column.key or "-" for column in mappable(upload, layout())}
    assert not map_columns(
        upload=upload, layout=layout(), chosen=chosen, by=member("son_dong_officer")
    )
    assert not RememberedAnswer.objects.exists()


def test_a_column_that_is_not_there_is_refused(sent):
    upload = sent(form_05())
    known = question_of(upload, "N03")
    for chosen in ({"column:x": "N03"}, {known: "N99"}, {known: ""}):
        with pytest.raises(refusals.AnswerUnknown):
            map_columns(
                upload=upload, layout=layout(), chosen=chosen, by=member("son_dong_officer")
            )


def test_the_page_offers_every_column_without_scripts(sent, client, son_dong_officer):
    upload = sent(form_05())
    client.force_login(son_dong_officer)
    address = reverse("collection:upload_columns", args=[upload.pk])
    page = client.get(address)
    text = page.content.decode()
    assert address in client.get(upload.get_absolute_url()).content.decode()
    columns = mappable(upload, layout())
    assert text.count("<select") == len(columns) == 7
    data = {f"cot-{index}": column.key for index, column in enumerate(columns)}
    wrong = client.post(address, {**data, "cot-0": "khác"})
    assert wrong.status_code == 422
    place = next(i for i, column in enumerate(columns) if column.key == "N11")
    answer = client.post(address, {**data, f"cot-{place}": "-"})
    assert answer.url == upload.get_absolute_url()
    drain()
    upload.refresh_from_db()
    assert [issue["rule"] for issue in upload.errors] == ["missing_column"]
