"""How a program of somebody else's speaks to the portal."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def api_guide(request: HttpRequest) -> HttpResponse:
    """For everybody who is signed in: the page holds no data."""
    return render(request, "collection/api_guide.html", {"base": f"{settings.PUBLIC_URL}/api/v1"})
