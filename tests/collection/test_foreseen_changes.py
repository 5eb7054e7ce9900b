"""The difference found while a file was read is used again only where it still holds."""

from __future__ import annotations

import pytest
from django.db import connection

from ethnic_data.models import ForeseenChanges, Observation, ValuesVersion
from ethnic_data.store import ahead, taking
from portal.collection import services, tasks
from portal.collection.models import Upload
from portal.collection.services.mending import mend
from tests.cast import member
from tests.collection.workbooks_of_units import codes, form_05

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def found(monkeypatch):
    """How often the difference was looked for."""
    calls = []
    find = taking.find_changes
    monkeypatch.setattr(tasks, "AT_ONCE", 10)
    monkeypatch.setattr(
        taking, "find_changes", lambda *given, **more: calls.append(1) or find(*given, **more)
    )
    return calls


@pytest.fixture
def second(sent, found):
    """A file that changes two values of what the first one said."""
    first = sent(form_05())
    services.commit_uploads(submission=first.submission, by=member("son_dong_officer"))
    assert found == [1]  # nothing was there, so nothing was kept
    changes = {(codes()[3], "N03"): 55, (codes()[1], "N03"): "…"}
    return sent(form_05(changes=changes), into=first.submission, name="lần hai.xlsx")


def commit(upload):
    written = services.commit_uploads(submission=upload.submission, by=member("son_dong_officer"))
    return written.new, written.changed, written.removed


def stored(upload, code, measure="N03"):
    return Observation.objects.get(
        submission=upload.submission, unit__code=code, indicator__code=measure
    )


def test_what_was_found_is_used_once(second, found):
    kept = ForeseenChanges.objects.get(upload=second)
    assert commit(second) == (kept.new, kept.changed, kept.removed)
    assert kept.changed == 2
    assert found == [1]
    assert stored(second, codes()[3]).value == 55
    assert stored(second, codes()[1]).missing == "not_collected"
    assert not ForeseenChanges.objects.exists()
    assert commit(second) == (0, 0, 0)


def test_a_file_that_changes_nothing_writes_nothing(sent, second, found):
    commit(second)
    changes = {(codes()[3], "N03"): "55", (codes()[1], "N03"): "…"}
    again = sent(form_05(changes=changes), into=second.submission, name="ba.xlsx")
    assert commit(again) == (0, 0, 0)
    assert found == [1]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ethnic_data_observation SET value = 7 WHERE id = %s",
        "DELETE FROM ethnic_data_observation WHERE id = %s",
        """INSERT INTO ethnic_data_observation (submission_id, indicator_id, unit_id, group_id, sex,
           category, value, missing, reference_date, kind, sheet, cell, raw)
           SELECT submission_id, indicator_id, unit_id, group_id, 'female', category, 1, '',
           reference_date, kind, '', '', '' FROM ethnic_data_observation WHERE id = %s""",
    ],
    ids=["changed", "gone", "added"],
)
def test_whoever_writes_a_value_makes_it_lapse(second, found, sql):
    observation = stored(second, codes()[3])
    before = ValuesVersion.objects.get(submission=second.submission).number
    with connection.cursor() as cursor:
        cursor.execute(sql, [observation.pk])
    assert ValuesVersion.objects.get(submission=second.submission).number == before + 1
    commit(second)
    assert found == [1, 1]
    assert stored(second, codes()[3]).value == 55


def test_a_mended_cell_makes_it_lapse(second, found):
    mend(upload=second, texts={("Bieu 05", "E6"): "56"}, by=member("son_dong_officer"))
    commit(Upload.objects.get(pk=second.pk))
    assert found == [1, 1]
    assert stored(second, codes()[3]).value == 56


def test_a_code_that_means_another_unit_makes_it_lapse(second, found):
    with connection.cursor() as cursor:
        given = {"uploads": [second.pk], "day": second.submission.period.end, "reference": False}
        cursor.execute(ahead.CODES, given)
        assert ForeseenChanges.objects.get(upload=second).codes == cursor.fetchone()[0]
    ForeseenChanges.objects.filter(upload=second).update(codes=1)
    commit(second)
    assert found == [1, 1]


def test_a_difference_of_too_many_values_is_not_kept(sent, second, monkeypatch):
    commit(second)
    monkeypatch.setattr(ahead, "MOST", 3)
    changes = {(code, "N03"): 40 + n for n, code in enumerate(codes()[:5])}
    sent(form_05(changes=changes), into=second.submission, name="ba.xlsx")
    assert not ForeseenChanges.objects.exists()
