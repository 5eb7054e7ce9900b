"""The sender's word on the reconciliation."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.collection import services
from portal.collection.services import refusals
from portal.collection.services.confirming import digest_of, statement_of
from portal.collection.services.grids import grid_of
from portal.collection.services.judging import as_typed
from portal.collection.stores import store_of
from tests.cast import member
from tests.collection.workbooks_of_units import codes, form_05

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_submitting_keeps_who_confirmed_what_and_when(submitted, son_dong_officer):
    submission = submitted()
    confirmation = services.confirmation_of(submission)
    assert confirmation.by == son_dong_officer
    assert confirmation.at == submission.submitted_at
    assert confirmation.digest == digest_of(confirmation.statement)
    read = confirmation.statement["read"]
    assert read["rows_read"] == read["stored"] + read["skipped"] + read["refused"] > 0
    assert confirmation.statement["sums"] == submission.reconciliation["sums"]


def test_what_changed_after_the_page_was_seen_is_looked_at_again(committed, sent):
    submission = committed()
    seen = digest_of(statement_of(submission))
    sent(form_05(changes={(codes()[0], "N03"): 61}), into=submission, name="b.xlsx")
    services.commit_uploads(submission=submission, by=member("son_dong_officer"))
    with pytest.raises(refusals.NotReconciled):
        services.submit(submission=submission, by=member("son_dong_officer"), reconciled=seen)


def test_values_exchanged_between_two_communes_are_looked_at_again(committed):
    """Every total and every count of rows stays as it was."""
    submission = committed()
    seen = digest_of(statement_of(submission))
    first, second = codes()[:2]
    layout = services.layout_of(submission)
    grid = list(grid_of(layout, store_of(submission.dataset).current(submission)))
    one, two = (next(row for row in grid if row.place.unit.code == at) for at in (first, second))
    mine = dict(zip((cell.name for cell in one.cells), two.cells, strict=True))
    mine |= dict(zip((cell.name for cell in two.cells), one.cells, strict=True))
    texts = {name: as_typed(cell.stored, cell.column) for name, cell in mine.items()}
    _, written = services.keep_typed(
        submission=submission, layout=layout, rows=[one, two], texts=texts, by=member("specialist")
    )
    submission.refresh_from_db()
    assert written.changed
    assert statement_of(submission)["sums"] == submission.reconciliation["sums"]
    with pytest.raises(refusals.NotReconciled):
        services.submit(submission=submission, by=member("son_dong_officer"), reconciled=seen)


def test_the_database_refuses_a_submission_that_nobody_reconciled(committed):
    submission = committed()
    submission.status = "submitted"
    submission.submitted_by, submission.submitted_at = submission.created_by, timezone.now()
    with pytest.raises(IntegrityError, match="đối chiếu"), transaction.atomic():
        submission.save()


def test_what_was_confirmed_does_not_change(submitted):
    pk = services.confirmation_of(submitted()).pk
    for statement in (
        "UPDATE collection_confirmation SET digest = repeat('0', 64) WHERE id = %s",
        "DELETE FROM collection_confirmation WHERE id = %s",
    ):
        with pytest.raises(IntegrityError, match="không sửa"), transaction.atomic():
            connection.cursor().execute(statement, [pk])


def test_the_page_wants_the_mark_and_shows_the_reconciliation(client, committed, son_dong_officer):
    submission = committed()
    client.force_login(son_dong_officer)
    url = f"/so-lieu/bo/{submission.pk}/nop"
    page = client.get(url)
    assert "Tôi đã đối chiếu" in page.text
    assert "dòng = ghi nhận" in page.text
    digest = page.context["digest"]
    refused = client.post(url, {"statement": digest})
    assert refused.status_code == 422
    done = client.post(url, {"statement": digest, "confirmed": "1"})
    assert done.status_code == 302
    receipt = client.get(f"/so-lieu/bo/{submission.pk}/bien-nhan")
    assert digest in receipt.text
    assert son_dong_officer.full_name in receipt.text
