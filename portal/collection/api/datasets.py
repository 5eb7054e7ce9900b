"""What is collected: datasets with their columns and rules, the layout of a unit and period."""

from __future__ import annotations

from portal.access import SignedInRequest
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.services.opening import open_submission
from portal.collection.stores import store_of

from .body import body_of, only, text_of
from .door import SEEING, Answer, door
from .found import dataset_of, duty_of
from .shapes import column_shape, dataset_shape, layout_shape, submission_shape, whole_shape


def show_all(request: SignedInRequest) -> Answer:
    return {"datasets": [dataset_shape(dataset) for dataset in Dataset.objects.active()]}


def show(request: SignedInRequest, dataset: str) -> Answer:
    found = dataset_of(dataset)
    periods = ReportingPeriod.objects.filter(frequency=found.frequency)[:60]
    return {
        "dataset": dataset_shape(found),
        "columns": [column_shape(column.as_layout()) for column in found.columns.all()],
        "periods": [
            {"code": period.code, "label": period.label, "end": period.end.isoformat()}
            for period in periods
        ],
    }


def show_layout(request: SignedInRequest, dataset: str, unit: str, period: str) -> Answer:
    """The layout, and the newest submission when there is one."""
    form, place, time = duty_of(request, dataset, unit, period)
    last = (
        Submission.objects.visible_to(request.user)
        .filter(dataset=form, unit=place, period=time)
        .with_names()
        .order_by("-revision")
        .first()
    )
    layout = store_of(form).layout(form, place, time)
    return {
        "layout": layout_shape(layout),
        "submission": submission_shape(last) if last else None,
    }


def begin(request: SignedInRequest, dataset: str, unit: str, period: str) -> tuple[Answer, int]:
    """The open submission, made when there is none; again the same answer.

    After an approved one this begins a correction and wants a `reason`.
    """
    body = body_of(request)
    only(body, {"reason"})
    form, place, time = duty_of(request, dataset, unit, period)
    known = Submission.objects.filter(dataset=form, unit=place, period=time).open().exists()
    submission = open_submission(
        dataset=form,
        unit=place,
        period=time,
        by=request.user,
        reason=text_of(body, "reason", longest=500),
    )
    return whole_shape(submission), 200 if known else 201


all_datasets = door(*SEEING, get=show_all)
one_dataset = door(*SEEING, get=show)
duty = door(*SEEING, get=show_layout, post=begin)
