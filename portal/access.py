"""Who may open a page. What a person may not see does not exist for them: 404, not 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from portal.accounts.models import User

View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """For annotations: the request of somebody who is signed in."""

    user: User  # type: ignore[assignment]


def permission_needed(*permissions: str) -> Callable[[View], View]:
    """The view is for people whose role carries one of `permissions`; 404 for everybody else.

    People who are not signed in are sent to sign in before this is asked.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


class PermissionNeededMixin:
    """The same for class-based views: set `permissions`."""

    permissions: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(request.user.has_perm(permission) for permission in self.permissions):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
