"""A page of stored values costs a page, however many values the submission has."""

from __future__ import annotations

import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ethnic_data.models import Observation
from portal.collection.models import Submission
from portal.collection.services.beside import layout_of
from portal.collection.services.grids import grid_of
from portal.collection.services.stored_grid import stored_grid_of
from portal.collection.stores import store_of
from portal.units.models import AdministrativeUnit
from tests.cast import member

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MANY = 100_000


def test_a_page_is_the_same_as_of_the_whole_grid(committed):
    submission = committed()
    layout = layout_of(submission)
    whole = grid_of(layout, store_of(submission.dataset).current(submission))
    paged = stored_grid_of(submission)
    assert len(paged) == len(whole)
    assert paged[0:5] == whole[0:5]
    assert paged[5:500] == whole[5:500]
    assert paged.sums() == whole.sums()
    key = whole[6:7][0].cells[2].key
    assert paged.position_of(key) == whole.position_of(key) == 6


@pytest.fixture
def crowded(opened) -> Submission:
    """A district's population by group: 100 000 values more than a page shows."""
    submission = opened(form="DAN-SO")
    codes = [unit.code for unit in layout_of(submission).valid_units()]
    units = AdministrativeUnit.objects.on(submission.period.end).filter(code__in=codes)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, group_id,
                sex, category, value, missing, reference_date, kind, sheet, cell, raw)
            SELECT %s, i.id, u.id, g.id, s.sex, '', 5, '', %s, 'administrative', 'Bieu', 'C9', '5'
            FROM unnest(%s) AS u (id), ethnic_data_ethnicgroup g, ethnic_data_indicator i,
                 unnest(ARRAY['', 'male', 'female']) AS s (sex)
            ORDER BY i.code = %s DESC, i.id LIMIT %s
            """,
            [
                submission.pk,
                submission.period.end,
                list(units.values_list("pk", flat=True)),
                layout_of(submission).entered[0].measure,
                MANY,
            ],
        )
    return submission


def test_a_page_of_many_values_asks_for_its_own_units_only(crowded, client):
    assert Observation.objects.filter(submission=crowded).count() == MANY
    client.force_login(member("son_dong_officer"))
    address = reverse("collection:values", args=[crowded.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address, {"page": 3})
        sqls = [query["sql"] for query in asked]
    tracemalloc.start()
    client.get(address, {"page": 2})
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert page.status_code == 200
    values = [sql for sql in sqls if '"ethnic_data_observation"."cell"' in sql]
    assert values
    assert all('"units_administrativeunit"."code" IN' in sql for sql in values)
    assert most < 40 * 2**20, most
    assert any(total for _, total in page.context["sums"])
