"""Beginning a submission, a correction, and giving a draft up."""

from __future__ import annotations

import pytest

from portal.collection import services
from portal.collection.models import Submission, Upload
from portal.collection.services import refusals
from portal.collection.services.opening import reporting_units
from portal.collection.stores import ValueKey
from tests.cast import person
from tests.collection.conftest import dataset, period, values_of
from tests.collection.workbooks_of_units import codes, form_05

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_an_officer_opens_only_for_the_own_district(opened, luc_ngan_officer):
    assert opened().status == "draft"
    with pytest.raises(refusals.NotAllowed):
        opened(by="luc_ngan_officer")


def test_a_role_that_enters_nothing_opens_nothing(opened, auditor, leader):
    for name in ("auditor", "leader"):
        with pytest.raises(refusals.NotAllowed):
            opened(by=name)


def test_a_commune_does_not_send_what_districts_send(opened, son_dong_officer):
    with pytest.raises(refusals.WrongUnit):
        opened(code=codes()[0])


def test_a_district_that_has_ended_sends_nothing(son_dong_officer):
    late = period("2026")
    units = reporting_units(dataset=dataset("BIEU-05"), period=late, user=son_dong_officer)
    assert not units.exists()


def test_an_officer_of_a_commune_sends_nothing_for_the_district(opened, db):
    officer = person("an.lac", role="officer", full_name="Vi Văn A", area=codes()[0])
    units = reporting_units(dataset=dataset("BIEU-05"), period=period(), user=officer)
    assert not units.exists()


def test_opening_again_gives_the_open_submission(opened):
    assert opened() == opened()


def test_a_correction_needs_a_reason_and_starts_from_the_approved_values(opened, approved):
    before = approved()
    with pytest.raises(refusals.ReasonMissing):
        opened()
    correction = opened(reason="Nhập nhầm số hộ nghèo")
    assert correction.revision == 2
    assert values_of(correction) == values_of(before)


def test_the_old_revision_stands_until_the_correction_is_approved(
    opened, approved, sent, son_dong_officer, head
):
    before = approved()
    correction = opened(reason="Nhập nhầm")
    sent(form_05(changes={(codes()[0], "N03"): 61}), into=correction)
    services.commit_uploads(submission=correction, by=son_dong_officer)
    services.submit(submission=correction, by=son_dong_officer)
    before.refresh_from_db()
    assert before.status == "approved"
    services.approve(submission=correction, by=head)
    before.refresh_from_db()
    assert before.status == "superseded"
    assert values_of(before)[ValueKey(codes()[0], "N03")].value == 60
    assert Submission.objects.approved().get().revision == 2


def test_a_draft_can_be_given_up_with_all_it_holds(committed, son_dong_officer):
    submission = committed()
    services.delete_draft(submission=submission, by=son_dong_officer)
    assert not Submission.objects.exists()
    assert not Upload.objects.exists()


def test_what_was_submitted_once_is_not_given_up(submitted, son_dong_officer):
    submission = services.withdraw(submission=submitted(), by=son_dong_officer)
    with pytest.raises(refusals.NotEditable):
        services.delete_draft(submission=submission, by=son_dong_officer)
