"""The demonstration's desk: one letter answered by the report, made-up ones marked as such."""

import datetime

import pytest

from portal.accounts.demo import load_accounts
from portal.documents.demo import letter_in_hand, load_desk
from portal.documents.models import Assignment, CaseFile, Document
from tests.documents.incoming import ZONE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime.datetime(2026, 11, 26, 9, 0, tzinfo=ZONE)


@pytest.fixture
def desk(settings):
    settings.DEMO = True
    load_accounts()
    load_desk(now=NOW)


def test_the_letter_waits_for_its_report_with_a_file_of_its_own(desk):
    work = letter_in_hand()
    assert work.document.number_and_symbol == "3032/SKHĐT-KGVX"
    assert (work.due_date, work.is_demo) == (datetime.date(2023, 11, 10), True)
    assert CaseFile.objects.get(assignment=work).items.get().document == work.document


def test_around_today_one_is_late_one_is_due_and_one_was_given_to_nobody(desk):
    today = NOW.date()
    assert Assignment.objects.late(today=today).exclude(pk=letter_in_hand().pk).count() == 1
    [waiting] = Document.objects.not_passed_on(today=today)
    assert waiting.is_demo
    made_up = Document.objects.filter(symbol="SKHĐT-MH")
    assert made_up.count() == 4
    assert all(one.is_demo and "minh hoạ" in one.subject for one in made_up)


def test_loading_again_changes_nothing(desk):
    before = Assignment.objects.count()
    load_desk(now=NOW)
    assert Assignment.objects.count() == before
