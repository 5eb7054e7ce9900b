"""What the committee had before comes in as marked submissions, the way of every other."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.collection.models import Submission
from portal.jobs.services import drain
from tests.cast import unit

from . import printed_tables as printed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHOSEN = {"bieu": "DS-DAN-TOC-TINH", "ky": "2019", "dv": "24"}


@pytest.fixture
def brought(client, specialist):
    client.force_login(specialist)
    client.post(reverse("ethnic_data:old_system_open"), CHOSEN)
    return Submission.objects.get()


def test_a_table_of_an_earlier_year_is_opened_with_its_mark_and_says_so(client, brought):
    assert brought.from_old_system
    for name in ("submission", "values", "preview"):
        page = client.get(reverse(f"collection:{name}", args=[brought.pk]))
        assert "Chuyển từ hệ thống cũ" in page.content.decode(), name
    assert brought.events.get().note == "Chuyển từ hệ thống cũ"


def test_what_was_brought_in_is_listed_and_its_rows_add_up(client, brought):
    upload = reverse("collection:upload_create", args=[brought.pk])
    client.post(upload, {"files": SimpleUploadedFile("cu.xlsx", printed.population_2019())})
    drain()
    file = brought.uploads.get()
    given = {f"cau-{n}": one["suggestion"] for n, one in enumerate(file.questions)}
    client.post(reverse("collection:upload_answer", args=[file.pk]), given)
    drain()
    client.post(reverse("collection:commit", args=[brought.pk]))
    [one] = client.get(reverse("ethnic_data:old_system")).context["brought"]
    assert one["stored"] == 10
    assert one["rows_read"] == one["stored"] + one["skipped"] + one["refused"]


def test_the_page_offers_the_units_of_a_table_and_a_year(
    client, specialist, django_assert_max_num_queries
):
    client.force_login(specialist)
    with django_assert_max_num_queries(16):
        page = client.get(reverse("ethnic_data:old_system"), {"bieu": "BIEU-05", "ky": "2020"})
    assert unit("220") in [row["unit"] for row in page.context["rows"]]
