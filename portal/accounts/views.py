"""Sign-in, own password, and the administrator's list of accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, ListView, UpdateView

from portal.access import PermissionNeededMixin, permission_needed
from portal.senders import network_key
from portal.units.names import fold

from . import services
from .forms import OwnPasswordForm, SignInForm, TokenForm, UserForm
from .models import AccessToken, User


class SignIn(LoginView):
    form_class = SignInForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        network = network_key(self.request)
        services.remember_network(user=form.get_user(), network=network)
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """On a shared computer the way back shows nothing of what was read.

    It is no fault to sign out when the session has ended before.
    """

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


def own_password(request: HttpRequest) -> HttpResponse:
    form = OwnPasswordForm(request.user, request.POST or None, network=network_key(request))
    if request.method == "POST" and form.is_valid():
        services.change_own_password(user=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "Đã đổi mật khẩu.")
        return redirect("home")
    return render(request, "accounts/password.html", {"form": form})


def token_list(request: HttpRequest) -> HttpResponse:
    """One's own access tokens; a new one is shown on the answer to its form and never again."""
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_token(user=request.user, now=timezone.now(), **form.cleaned_data)
            form = TokenForm()
        except services.TooManyTokens:
            form.add_error(None, "Đã có 20 mã đang dùng. Thu hồi mã không còn dùng rồi lập mã mới.")
    context = {
        "form": form,
        "made": made,
        "now": timezone.now(),
        "tokens": [
            {"token": token, "usable": token.is_usable(now=timezone.now())}
            for token in request.user.access_tokens.all()[:100]
        ],
    }
    status = 422 if form.errors else 200
    response = render(request, "accounts/token_list.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(AccessToken, pk=pk, user=request.user)
    services.revoke_token(token=token, now=timezone.now())
    messages.success(request, f"Đã thu hồi mã “{token.name}”.")
    return redirect("accounts:token_list")


class UserList(PermissionNeededMixin, ListView):
    permissions = ("accounts.manage", "accounts.audit")
    template_name = "accounts/user_list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[User]:
        users = User.objects.select_related("area", "division")
        wanted = fold(self.request.GET.get("q", ""))
        if wanted:
            found = [user.pk for user in users if wanted in fold(f"{user} {user.username}")]
            users = users.filter(pk__in=found)
        return users

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            manages=self.request.user.has_perm("accounts.manage"), **kwargs
        )


class UserCreate(PermissionNeededMixin, CreateView):
    permissions = ("accounts.manage",)
    model = User
    form_class = UserForm
    template_name = "accounts/user_form.html"

    def form_valid(self, form: UserForm) -> HttpResponse:
        password = services.temporary_password()
        form.instance.set_password(password)
        form.save()
        return _show_once(self.request, form.instance, password)


class UserUpdate(PermissionNeededMixin, UpdateView):
    permissions = ("accounts.manage",)
    model = User
    form_class = UserForm
    template_name = "accounts/user_form.html"

    def get_success_url(self) -> str:
        messages.success(self.request, "Đã lưu tài khoản.")
        return reverse("accounts:user_list")


@require_POST
@permission_needed("accounts.manage")
def user_reset(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    try:
        password = services.reset_password(user=user, by=request.user)
    except services.OwnAccount:
        messages.error(request, "Hãy đổi mật khẩu của chính mình ở mục Đổi mật khẩu.")
        return redirect("accounts:user_list")
    return _show_once(request, user, password)


@require_POST
@permission_needed("accounts.manage")
def user_activity(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    try:
        services.set_active(user=user, active=not user.is_active, by=request.user)
    except services.OwnAccount:
        messages.error(request, "Không thể khoá tài khoản đang dùng.")
        return redirect("accounts:user_list")
    if not user.is_active:  # what is left open goes to somebody else
        messages.success(request, f"Đã khoá tài khoản của {user.full_name}.")
        return redirect("collection:handover", pk=user.pk)
    return redirect("accounts:user_list")


def _show_once(request: HttpRequest, user: User, password: str) -> HttpResponse:
    """The temporary password is on this one page and stored nowhere else."""
    response = render(
        request, "accounts/user_password.html", {"person": user, "password": password}
    )
    response.headers["Cache-Control"] = "no-store"
    return response
