"""Who comes in, what they carry, and how they are answered: always JSON, never an error of ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from portal.accounts.models import User
from portal.accounts.services import TokenRests, user_of_token
from portal.collection.services.refusals import NotAllowed, Refused
from portal.senders import network_key

Answer = dict[str, Any]
View = Callable[..., Answer | tuple[Answer, int]]
SEEING = ("collection.view", "collection.enter", "collection.review")


class Declined(Exception):
    """An answer other than the one that was hoped for."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        self.status, self.code, self.message, self.more = status, code, message, more
        super().__init__(message)

    def answer(self) -> JsonResponse:
        error = {"code": self.code, "message": self.message}
        return told({"error": error, **self.more}, self.status)


def told(content: Answer, status: int = 200) -> JsonResponse:
    response = JsonResponse(content, status=status)  # ASCII: half surrogate pairs pass too
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Authorization"
    return response


def door(*permissions: str, **methods: View) -> Callable[..., JsonResponse]:
    """A view of the API: `door("collection.view", get=show, put=write)`.

    Each method's view takes the request (whose user is the token's) and the address's parts, and
    returns what to answer, with a status when it is not 200.
    """

    def view(request: HttpRequest, **parts: Any) -> JsonResponse:
        try:
            return _answered(request, permissions, methods, parts)
        except Declined as declined:
            return declined.answer()
        except (Http404, NotAllowed):
            return Declined(404, "not_found", "Không có mục này.").answer()
        except Refused as refusal:
            return Declined(409, _snake(type(refusal).__name__), refusal.message).answer()

    wraps(next(iter(methods.values())))(view)
    return csrf_exempt(login_not_required(view))


def _answered(
    request: HttpRequest, permissions: tuple[str, ...], methods: dict[str, View], parts: Answer
) -> JsonResponse:
    try:
        request.user = user_of(request)
        if not any(request.user.has_perm(permission) for permission in permissions):
            raise Http404
        view = methods.get("get" if request.method == "HEAD" else (request.method or "").lower())
        if view is None:
            raise Declined(405, "method", "Địa chỉ này không nhận cách gọi đó.")
        if any("\0" in str(part) for part in parts.values()):
            raise Http404
        answer = view(request, **parts)
        content, status = answer if isinstance(answer, tuple) else (answer, 200)
        return told(content, status)
    except Declined as declined:
        response = declined.answer()
        if declined.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        if declined.status == 405:
            response.headers["Allow"] = ", ".join(sorted(name.upper() for name in methods))
        if declined.status == 429:
            response.headers["Retry-After"] = "900"
        return response


def user_of(request: HttpRequest) -> User:
    """Whom the token speaks for.

    Raises:
        Declined: 401 without a token that is good, 429 while it rests after failures.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and text.strip():
        try:
            user = user_of_token(
                text=text.strip()[:200], network=network_key(request), now=timezone.now()
            )
        except TokenRests as rests:
            words = "Mã truy cập sai quá nhiều lần. Chờ 15 phút rồi thử lại."
            raise Declined(429, "resting", words) from rests
        if user is not None:
            return user
    words = "Cần mã truy cập còn hạn trong dòng Authorization: Bearer …"
    raise Declined(401, "token", words)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
