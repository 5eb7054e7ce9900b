"""What a view of this room begins with: the thing that this user may see, or 404."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from django.contrib import messages
from django.db import DatabaseError
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.accounts.models import User
from portal.collection.models import Dataset, Remark, ReportingPeriod, Submission, Upload
from portal.collection.row_owners import writes_rows_only
from portal.collection.services.opening import reporting_units
from portal.collection.services.refusals import NoRoom, NotAllowed, Refused
from portal.collection.services.turns import principals_of
from portal.room import is_out_of_room
from portal.units.models import AdministrativeUnit

log = logging.getLogger(__name__)
SEEING = ("collection.view", "collection.enter", "collection.review")


def submission_of(request: HttpRequest, pk: int) -> Submission:
    return get_object_or_404(Submission.objects.visible_to(request.user).with_names(), pk=pk)


def whole_submission_of(request: HttpRequest, pk: int) -> Submission:
    """For pages about all rows: they are nothing for whoever writes rows of their own."""
    if writes_rows_only(request.user):
        raise Http404
    return submission_of(request, pk)


def upload_of(request: HttpRequest, pk: int) -> Upload:
    found = Upload.objects.visible_to(request.user).select_related(
        "submission__dataset", "submission__unit", "submission__period", "uploaded_by"
    )
    return get_object_or_404(found, pk=pk)


def remark_of(request: HttpRequest, pk: int) -> Remark:
    mine = Submission.objects.visible_to(request.user)
    return get_object_or_404(Remark.objects.filter(submission__in=mine), pk=pk)


def kept_file(file: FieldFile, name: str) -> FileResponse:
    """A file exactly as it came; 404 where the store has lost it."""
    try:
        content = file.open("rb")
    except FileNotFoundError as lost:
        log.error("the store has lost %s", file.name)
        raise Http404 from lost
    return FileResponse(
        content, as_attachment=True, filename=name, content_type="application/octet-stream"
    )


def duty_of(
    request: HttpRequest, dataset: str, unit: str, period: str
) -> tuple[Dataset, AdministrativeUnit, ReportingPeriod]:
    """Dataset, unit and period of an address, when this user may send them."""
    if "\0" in f"{dataset}{unit}{period}":
        raise Http404
    found_dataset = get_object_or_404(Dataset.objects.active(), code=dataset)
    found_period = get_object_or_404(
        ReportingPeriod, code=period, frequency=found_dataset.frequency
    )
    units = reporting_units(dataset=found_dataset, period=found_period, user=request.user)
    return found_dataset, get_object_or_404(units, code=unit), found_period


def may_enter(request: HttpRequest, submission: Submission) -> bool:
    return submission.is_editable and request.user.has_perm("collection.enter")


def name_given(request: HttpRequest) -> User | None:
    """In whose name the person acts, as chosen on the page; None: their own."""
    wanted = request.POST.get("thay", "")
    if not wanted.isdecimal() or len(wanted) > 15:
        return None
    people = principals_of(request.user, day=timezone.localdate())
    return next((person for person in people if person.pk == int(wanted)), None)


@contextlib.contextmanager
def telling(request: HttpRequest) -> Iterator[None]:
    """Show what a service refuses as a message; what is not allowed does not exist."""
    try:
        yield
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        messages.error(request, refusal.message)
    except (OSError, DatabaseError) as error:
        if not is_out_of_room(error):
            raise
        log.critical("no room left at %s", request.path, exc_info=error)
        messages.error(request, NoRoom.message)
