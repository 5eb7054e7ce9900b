"""A dataset whose rows are works, and what comes into it by its three doors."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from portal.collection import services
from portal.collection.models import ReportingPeriod, Submission, Upload
from portal.jobs.services import drain
from tests.cast import member, unit
from tests.programs.works_of_a_test import WorksStore, works_dataset


@pytest.fixture
def works(db):
    """The dataset CT-THU; its store remembers nothing of other tests."""
    WorksStore.forget()
    yield works_dataset()
    WorksStore.forget()


@pytest.fixture
def opened(works):
    def begin(by="son_dong_officer", time="2024", **more) -> Submission:
        return services.open_submission(
            dataset=works,
            unit=unit("220"),
            period=ReportingPeriod.objects.get(code=time),
            by=member(by) if isinstance(by, str) else by,
            **more,
        )

    return begin


@pytest.fixture
def sent(opened):
    """A file received and read into a submission."""

    def send(content: bytes, *, into=None, name="thu.xlsx", by="son_dong_officer") -> Upload:
        submission = into or opened()
        person = member(by) if isinstance(by, str) else by
        upload = services.receive_upload(
            submission=submission, file=ContentFile(content), name=name, by=person
        )
        drain()
        return Upload.objects.get(pk=upload.pk)

    return send
