"""Submissions on their way, and files that officers send."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from portal.collection import services
from portal.collection.models import Dataset, ReportingPeriod, Submission, Upload
from portal.collection.stores import store_of
from portal.jobs.services import drain
from tests.cast import member, unit
from tests.collection.workbooks_of_units import form_05


def dataset(code: str) -> Dataset:
    return Dataset.objects.get(code=code)


def period(code: str = "2023") -> ReportingPeriod:
    return ReportingPeriod.objects.get(code=code)


def values_of(submission: Submission) -> dict:
    return dict(store_of(submission.dataset).current(submission))


@pytest.fixture
def opened(db):
    """`opened("220")`: a district's draft of Biểu 05, begun by its officer."""

    def begin(code="220", form="BIEU-05", by="son_dong_officer", time="2023", **more) -> Submission:
        when = period(time)
        return services.open_submission(
            dataset=dataset(form),
            unit=unit(code, on=when.end),
            period=when,
            by=member(by),
            **more,
        )

    return begin


@pytest.fixture
def sent(opened):
    """`sent(content)`: a file received and read into a submission."""

    def send(
        content: bytes | None = None,
        *,
        into: Submission | None = None,
        name: str = "bieu05.xlsx",
        by: str = "son_dong_officer",
    ) -> Upload:
        submission = into or opened(by=by)
        content = form_05(unit=submission.unit.code) if content is None else content
        upload = services.receive_upload(
            submission=submission, file=ContentFile(content), name=name, by=member(by)
        )
        drain()
        return Upload.objects.get(pk=upload.pk)

    return send


@pytest.fixture
def committed(sent):
    """A complete draft of Sơn Động, its values taken over from one file."""

    def commit(**changes) -> Submission:
        upload = sent(form_05(changes=changes.get("changes")))
        services.commit_uploads(submission=upload.submission, by=member("son_dong_officer"))
        return Submission.objects.get(pk=upload.submission_id)

    return commit


@pytest.fixture
def submitted(committed):
    def submit(**changes) -> Submission:
        return services.submit(submission=committed(**changes), by=member("son_dong_officer"))

    return submit


@pytest.fixture
def approved(submitted):
    def approve(**changes) -> Submission:
        return services.approve(submission=submitted(**changes), by=member("specialist"))

    return approve
