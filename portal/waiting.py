"""The end of waiting: a fragment that waited for a job gives way to the whole page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def whole_page(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to `url`, whether a fragment asks or the page itself."""
    if request.headers.get("HX-Request") != "true":
        return redirect(url)
    return HttpResponse(status=204, headers={"HX-Redirect": url})
