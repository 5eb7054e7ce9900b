"""Every page of the programmes is asked nonsense, in its address and in each of its fields."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from programs.forms.capital.amounts import AmountField
from programs.resources.cells import AmountWidget
from tests.access import capital, programs, works

PARAMETERS = [
    "nam", "den_ngay", "du_an", "nguon", "loai", "dia_ban", "chu_dau_tu", "phan", "nguong", "duoi",
    "tien", "het", "cap", "sort", "page", "thang", "cham", "tinh_trang", "bang", "xa", "huyen",
    "q", "mo", "giai-doan", "dia-gioi", "du-an", "ma", "ky", "noi-dung",
]  # fmt: skip
VALUES = [
    "\0", "0000", "²", "99999999999", "0" + "9" * 4400, "00509999999999999999", "0000-00-00", "NaN",
]  # fmt: skip
PAGES = [row for table in (programs, capital, works) for row in table.ROWS]
FIELD = re.compile(r'<(?:input|select|textarea)[^>]* name="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(form-[A-Z_]+)" value="([^"]*)"')


def address(name, given, cast) -> str:
    own, _ = given(cast) if given else ({}, {})
    return reverse(name, kwargs=own)


def answered(answer) -> bool:
    if answer.streaming:
        answer.getvalue()
    return answer.status_code in (200, 302, 404, 405, 422)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "given"),
    [row[:2] for row in PAGES if row[2] == "get"],
    ids=[row[0] for row in PAGES if row[2] == "get"],
)
def test_nonsense_in_an_address_is_never_a_fault(client, cast, name, given):
    url = address(name, given, cast)
    client.force_login(cast("specialist"))
    for value in VALUES:
        assert answered(client.get(url, dict.fromkeys(PARAMETERS, value))), value
        assert answered(client.get(url, {"chuong-trinh": value})), value
    client.force_login(cast("son_dong_officer"))
    assert answered(client.get(url, {name: ["1", "x", ""] for name in PARAMETERS}))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "given"), [row[:2] for row in PAGES], ids=[f"{row[2]} {row[0]}" for row in PAGES]
)
def test_nonsense_in_a_form_is_told_and_never_a_fault(client, cast, name, given):
    url = address(name, given, cast)
    client.force_login(cast("specialist"))
    first = client.get(url)
    html = (first.getvalue() if first.streaming else first.content).decode("utf-8", "replace")
    fields = {unescape(found) for found in FIELD.findall(html)} - {"csrfmiddlewaretoken"}
    counts = dict(HIDDEN.findall(html))
    for value in ("", *VALUES[:6:2], "[" * 5000 + "đ"):
        assert answered(client.post(url, dict.fromkeys(fields, value) | counts)), value
        told = dict.fromkeys(fields | {"row_²", "form-TOTAL_FORMS", "them"}, value)
        assert answered(client.post(url, told)), value


@pytest.mark.parametrize("text", ["9" * 30, "1" * 29 + ",5"])
def test_an_amount_of_more_digits_than_can_be_counted_is_refused(text):
    with pytest.raises(ValidationError):
        AmountField().clean(text)
    with pytest.raises(ValueError, match="quá lớn"):
        AmountWidget().clean(text)
