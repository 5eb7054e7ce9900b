"""Our faults: a calm page with a code that the log carries too."""

from __future__ import annotations

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal import room
from portal.jobs.models import support_code

log = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page. Django has logged the error just before; this line ties it to the code."""
    if room.is_out_of_room(sys.exc_info()[1]):
        return no_room(request)
    code = support_code()
    log.error("the error above at %s has support code %s", request.path, code)
    return render(request, "500.html", {"support_code": code}, status=500)


def no_room(request: HttpRequest) -> HttpResponse:
    """A full disk is no fault of ours or the person's: what happened, and what to do."""
    log.critical("no room left at %s", request.path)
    return render(request, "507.html", {"words": room.WORDS}, status=507)
