"""Our faults: a calm page with a code that the log carries too."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.jobs.models import support_code

log = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page. Django has logged the error just before; this line ties it to the code."""
    code = support_code()
    log.error("the error above at %s has support code %s", request.path, code)
    return render(request, "500.html", {"support_code": code}, status=500)
