"""Payments in the same moment against one balance."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connections

from programs.models import Disbursement
from tests.at_once import together
from tests.programs.factories import pay
from tests.programs.test_ledger import line_of_works, on, totals

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def reference(transactional_db):
    """A transactional test leaves an empty database; the reference data come back before each."""
    call_command("load_reference", verbosity=0)
    yield
    connections.close_all()


def test_of_ten_payments_at_once_exactly_those_that_fit_are_kept():
    works = line_of_works(1000)
    results = together(*[lambda: pay(works, 150, on(31, 3))] * 10)
    assert sum(isinstance(one, Disbursement) for one in results) == 6
    assert all("vượt số vốn" in str(one) for one in results if isinstance(one, Exception))
    assert totals(works) == (1000, 0, 900, 100)
