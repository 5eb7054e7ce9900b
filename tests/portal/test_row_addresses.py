"""Addresses made of a pattern are those that Django reverses."""

import pytest
from django.urls import reverse

from portal.row_addresses import row_address


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("programs:plan_detail", 7),
        ("programs:works_detail", "CT-2023.01_a"),
        ("programs:works_detail", "lạ ?#%é"),
    ],
)
def test_a_rows_address_is_the_one_that_django_reverses(name, key):
    assert row_address(name, key) == reverse(name, args=[key])
