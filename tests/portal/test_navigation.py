"""Every entry of the navigation leads to a page; the frame carries the agency's name of its day."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache

from portal import navigation
from portal.units.models import IssuingAgency

ENTRIES = [entry for group in navigation.GROUPS for entry in group.entries]


@pytest.mark.parametrize(
    "entry",
    [*ENTRIES, *navigation.PUBLIC_LINKS, *navigation.ACCOUNT_LINKS],
    ids=lambda entry: entry.url_name,
)
def test_every_entry_has_its_room(entry):
    assert navigation.address(entry.url_name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "name"),
    [
        (datetime.date(2023, 11, 1), "Ban Dân tộc tỉnh Bắc Giang"),
        (datetime.date(2026, 1, 1), "Sở Dân tộc và Tôn giáo tỉnh Bắc Ninh"),
    ],
)
def test_the_agency_shown_is_that_of_its_day(settings, day, name):
    settings.AGENCY_DAY = day
    cache.clear()
    assert IssuingAgency.objects.shown().full_name == name
    assert navigation.agency_name() == name
    cache.clear()
