"""The money of one works, as its page shows it."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from programs.ledger.of_works import capital_of
from tests.programs.factories import line_of_works, pay
from tests.programs.test_ledger import on

pytestmark = pytest.mark.django_db


def test_lines_payments_and_sums_of_works(
    specialist, luc_ngan_officer, django_assert_max_num_queries
):
    line = line_of_works()
    pay(line, "250.5", on(31, 3), voucher="UNC 9")
    with django_assert_max_num_queries(3):
        capital = capital_of(line.works, user=specialist)
    assert capital.total.available == line.received - capital.total.disbursed
    text = render_to_string("programs/works/capital_section.html", {"capital": capital})
    assert "Năm 2023 · Ngân sách trung ương · vốn đầu tư" in text
    assert "250,5" in text
    assert "UNC 9" in text
    assert not capital_of(line.works, user=luc_ngan_officer).lines


def test_works_without_money_say_so(specialist):
    works = line_of_works().works
    works.pk = 0
    capital = capital_of(works, user=specialist)
    text = render_to_string("programs/works/capital_section.html", {"capital": capital})
    assert "Chưa được phân bổ vốn" in text
