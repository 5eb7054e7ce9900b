"""A password that somebody else gave must be changed first; who is signed out is told in place.

What a person was shown is theirs: no cache on the way keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse


class SignInFirst(LoginRequiredMiddleware):
    """Whoever is signed out signs in first, and comes to the page they asked for.

    What was sent is not done, and its address may be no page to come to: they are told so, and come
    back to the page from which they sent it.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        messages.warning(
            request,
            "Phiên làm việc đã hết nên việc vừa bấm chưa được thực hiện. Đăng nhập rồi làm lại. "
            "Nếu chưa thấy lại chữ vừa gõ, bấm nút quay lại của trình duyệt hai lần.",
        )
        return redirect_to_login(_page_before(request))


def _page_before(request: HttpRequest) -> str:
    """The page of this portal from which a request was sent; the person's home when none tells."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return reverse("home")
    if came_from.netloc != request.get_host():
        return reverse("home")
    return came_from._replace(scheme="", netloc="", fragment="").geturl()


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
