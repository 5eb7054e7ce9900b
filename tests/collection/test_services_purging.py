"""What may be cleared away, and what may not."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from portal.collection import services
from portal.collection.models import Upload
from portal.collection.services.purging import purge_discarded, purge_orphans
from tests.cast import member

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = datetime.timedelta(days=31)


def test_only_files_put_aside_long_ago_are_deleted(
    committed, sent, django_capture_on_commit_callbacks
):
    submission = committed()
    kept = submission.uploads.get()
    aside = sent(into=submission, name="khac.xlsx")
    services.discard_upload(upload=aside, by=member("son_dong_officer"))
    assert purge_discarded(days=30) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert purge_discarded(days=30, now=timezone.now() + LATER) == 1
    assert list(Upload.objects.all()) == [kept]
    assert default_storage.exists(kept.file.name)
    assert not default_storage.exists(aside.file.name)


def test_files_that_no_row_names_are_deleted_after_a_day(sent):
    kept = sent()
    stray = default_storage.save("collection/uploads/stray.bin", ContentFile(b"x"))
    assert purge_orphans() == 0
    assert purge_orphans(now=timezone.now() + LATER) == 1
    assert not default_storage.exists(stray)
    assert default_storage.exists(kept.file.name)


def test_the_command_says_what_it_did(db):
    out = StringIO()
    call_command("purge_uploads", stdout=out)
    assert out.getvalue() == "Đã xoá 0 tệp đã bỏ và 0 tệp không còn ai dùng.\n"
