"""A password that somebody else gave must be changed first; who is signed out is told in place.

What a person was shown is theirs: no cache on the way keeps it.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse


def first_password_change(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        waiting = request.user.is_authenticated and request.user.must_change_password
        if waiting and request.path not in (
            reverse("accounts:password"),
            reverse("accounts:logout"),
        ):
            return redirect("accounts:password")
        return get_response(request)

    return middleware


def signed_out_in_place(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A page that asks for a part of itself is not given the sign-in page as that part.

    It gets 401 with the way to sign in; what is typed on the page stays there.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        asks_for_part = request.headers.get("HX-Request") == "true"
        if (
            asks_for_part
            and not request.user.is_authenticated
            and isinstance(response, HttpResponseRedirect)
            and response.url.startswith(reverse("accounts:login"))
        ):
            return HttpResponse(status=401, headers={"Location": reverse("accounts:login")})
        return response

    return middleware


def own_pages_stay_own(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Only the browser of whoever is signed in keeps a page, and asks again before it is shown.

    Not "no-store": going back would lose what was typed. Signing out empties the browser's store.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "Cache-Control" not in response.headers and request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    return middleware
