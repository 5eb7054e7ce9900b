"""Closed periods, more time for one unit; what is known on a day; what changed."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ethnic_data.models import Observation
from portal.collection import services
from portal.collection.dependants import dependants_of
from portal.collection.models import PeriodClosing, Submission
from portal.collection.services import refusals
from portal.collection.services.changes import (
    changes_of,
    digest_of_lines,
    digest_of_values,
    packed,
    unpacked,
)
from portal.collection.services.confirming import confirm
from portal.collection.stores import StoredValue, ValueKey, store_of
from tests.cast import member, unit
from tests.collection.conftest import dataset, period, values_of
from tests.collection.workbooks_of_units import codes, form_05

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
START = datetime.date(2023, 1, 1)


@pytest.fixture
def closed(administrator):
    """Biểu 05 closes ten days after it is due: 2023 is closed since 26/9/2023."""
    services.set_closing_rule(dataset=dataset("BIEU-05"), days=10, by=administrator, since=START)


def test_a_period_closes_days_after_it_is_due(closed):
    due = dataset("BIEU-05").due_date(period())
    row = PeriodClosing.objects.get(dataset__code="BIEU-05", period__code="2023")
    assert row.closed_from == due + datetime.timedelta(days=11)


def test_a_late_unit_is_told_whom_to_ask_and_sends_with_an_exception(
    committed, closed, specialist, son_dong_officer
):
    submission = committed()
    with pytest.raises(refusals.PeriodClosed, match=specialist.full_name):
        services.submit(submission=submission, by=son_dong_officer)
    services.grant_exception(
        dataset=submission.dataset,
        unit=submission.unit,
        period=submission.period,
        until=timezone.localdate(),
        reason="Xã nộp muộn do mưa lũ",
        by=specialist,
    )
    sent = services.submit(submission=submission, by=son_dong_officer)
    assert sent.status == "submitted"
    assert "được nộp đến" in son_dong_officer.notices.get(kind="opened").text


def test_what_was_sent_in_time_is_not_held_up(committed, closed, son_dong_officer):
    early = datetime.datetime(2023, 9, 10, 3, tzinfo=datetime.UTC)
    sent = services.submit(submission=committed(), by=son_dong_officer, now=early)
    assert sent.status == "submitted"


def test_what_a_reviewer_returned_may_come_back_after_the_closing(
    committed, closed, specialist, son_dong_officer
):
    early = datetime.datetime(2023, 9, 10, 3, tzinfo=datetime.UTC)
    sent = services.submit(submission=committed(), by=son_dong_officer, now=early)
    services.return_submission(submission=sent, by=specialist, text="Xem lại", now=early)
    assert services.submit(submission=sent, by=son_dong_officer).status == "submitted"


def test_sql_does_not_send_what_is_closed(committed, closed, son_dong_officer):
    submission, now = committed(), timezone.now()
    confirm(submission=submission, by=son_dong_officer, at=now)
    services.keep_closings()
    with (
        pytest.raises(IntegrityError, match="khoá sổ"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE collection_submission SET status = 'submitted', submitted_by_id = %s,"
            " submitted_at = %s WHERE id = %s",
            [son_dong_officer.pk, now, submission.pk],
        )


def test_an_exception_needs_a_reviewer_a_coming_day_and_a_reason(
    closed, specialist, son_dong_officer
):
    given = {
        "dataset": dataset("BIEU-05"),
        "unit": unit("220"),
        "period": period(),
        "until": timezone.localdate(),
        "reason": "x",
    }
    with pytest.raises(refusals.NotAllowed):
        services.grant_exception(**given, by=son_dong_officer)
    with pytest.raises(refusals.ReasonMissing):
        services.grant_exception(**given | {"reason": " "}, by=specialist)
    with pytest.raises(refusals.DayPassed):
        services.grant_exception(**given | {"until": START}, by=specialist)
    with pytest.raises(refusals.WrongUnit):
        services.grant_exception(**given | {"unit": unit(codes()[0])}, by=specialist)


def test_a_new_round_shows_only_what_changed(submitted, sent, specialist, son_dong_officer):
    submission = submitted()
    assert changes_of(submission) is None
    services.return_submission(submission=submission, by=specialist, text="Xem lại N03")
    sent(form_05(changes={(codes()[0], "N03"): 61}), into=submission)
    services.commit_uploads(submission=submission, by=son_dong_officer)
    again = services.submit(submission=submission, by=son_dong_officer)
    found = changes_of(again)
    (cell,) = found.cells
    assert (cell.key.unit, cell.key.measure) == (codes()[0], "N03")
    assert (cell.old.value, cell.new.value) == (Decimal(60), Decimal(61))
    assert found.same == len(values_of(again)) - 1


def test_kept_values_come_back_as_they_were():
    values = {
        ValueKey("07639", "N03", "02", "male", "x"): StoredValue(Decimal("1.50")),
        ValueKey("07639", "N04"): StoredValue(None, "not_collected"),
    }
    assert unpacked(packed(values)) == values
    assert digest_of_values(values) == digest_of_values(dict(reversed(values.items())))
    assert digest_of_values(values) != digest_of_values({})


@pytest.fixture
def corrected(approved, opened, sent, specialist, son_dong_officer):
    """Approved with 60 yesterday and with 61 today."""

    first = approved()
    second = opened(reason="Rà soát lại")
    sent(form_05(changes={(codes()[0], "N03"): 61}), into=second)
    services.commit_uploads(submission=second, by=son_dong_officer)
    services.submit(submission=second, by=son_dong_officer)
    later = timezone.now() + datetime.timedelta(days=3)
    services.approve(submission=second, by=specialist, now=later)
    return first, Submission.objects.get(pk=second.pk), later


def test_a_correction_is_compared_with_what_is_approved(corrected):
    found = changes_of(corrected[1])
    assert [(cell.old.value, cell.new.value) for cell in found.cells] == [(60, 61)]


def test_values_are_known_as_they_stood_on_a_day(corrected):
    first, second, later = corrected
    of_both = Submission.objects.filter(unit=first.unit)
    today = timezone.localdate()
    assert not of_both.known_on(today - datetime.timedelta(days=1)).exists()
    assert list(of_both.known_on(today)) == [first]
    assert list(of_both.known_on(timezone.localdate(later))) == [second]
    told = Observation.objects.filter(indicator__code="N03", unit__code=codes()[0])
    assert told.known_on(today).get().value == 60
    assert told.known_on(later).get().value == 61


def test_the_page_of_values_leads_to_the_revision_of_the_day(client, corrected, specialist):
    first, second, _ = corrected
    client.force_login(specialist)
    today = timezone.localdate()
    answer = client.get(f"/so-lieu/bo/{second.pk}/so-lieu?ngay={today:%d/%m/%Y}", follow=True)
    assert f"/bo/{first.pk}/" in answer.redirect_chain[-1][0]
    assert "Số liệu đã duyệt đến hết ngày" in answer.content.decode()
    for text, words in [("xx", "Ghi ngày theo kiểu"), ("01/01/2020", "chưa có số liệu nào")]:
        page = client.get(f"/so-lieu/bo/{second.pk}/so-lieu?ngay={text}").content.decode()
        assert words in page


def test_nothing_stands_on_data_that_nobody_used(corrected, specialist):
    assert dependants_of(list(corrected[:2]), specialist) == []


@pytest.mark.slow
def test_a_receipt_s_digest_is_told_line_by_line(committed, sent):
    submission = committed()
    changes = {(codes()[0], "N03"): "…", (codes()[1], "D01"): 1200}
    sent(form_05(changes=changes), into=submission, name="b.xlsx")
    services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    store = store_of(submission.dataset)
    assert digest_of_lines(store.lines(submission)) == digest_of_values(store.current(submission))
