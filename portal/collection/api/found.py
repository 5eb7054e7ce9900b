"""What an address names, when this user may see it; otherwise 404."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from portal.access import SignedInRequest
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.services.opening import reporting_units
from portal.units.models import AdministrativeUnit


def dataset_of(code: str) -> Dataset:
    return get_object_or_404(Dataset.objects.active(), code=code)


def submission_of(request: SignedInRequest, pk: int) -> Submission:
    return get_object_or_404(Submission.objects.visible_to(request.user).with_names(), pk=pk)


def duty_of(
    request: SignedInRequest, dataset: str, unit: str, period: str
) -> tuple[Dataset, AdministrativeUnit, ReportingPeriod]:
    """Dataset, unit and period, when the unit sends the dataset and the user sees the unit."""
    found = dataset_of(dataset)
    time = get_object_or_404(ReportingPeriod, code=period, frequency=found.frequency)
    units = reporting_units(dataset=found, period=time, user=request.user)
    return found, get_object_or_404(units, code=unit), time
