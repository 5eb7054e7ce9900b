"""The portal's addresses. Apps are named as strings only."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """200 when the web process reaches its database: for the proxy and the containers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("suc-khoe", health, name="health"),
    path("viec", RedirectView.as_view(pattern_name="reports:home"), name="home"),
    path("", include("portal.public.urls")),
    path("tai-khoan/", include("portal.accounts.urls")),
    path("don-vi/", include("portal.units.urls")),
    path("so-lieu/", include("portal.collection.urls")),
    path("api/v1/", include("portal.collection.api.urls")),
    path("van-ban/", include("portal.documents.urls")),
    path("dan-toc/", include("ethnic_data.urls")),
    path("chuong-trinh/", include("programs.urls")),
    path("", include("reports.urls")),
]

handler500 = "portal.errors.server_error"
