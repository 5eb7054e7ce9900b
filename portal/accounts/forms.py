"""Sign-in, own password, and the administrator's account form."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.utils import timezone

from portal.senders import network_key
from portal.units.models import AdministrativeUnit, Level

from . import services
from .models import FailedSignIn, Rest, User
from .roles import Role


def helper(action: str) -> FormHelper:
    layout = FormHelper()
    layout.add_input(Submit("", action, css_class="btn btn-primary"))
    return layout


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": (
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Nếu quên, hãy nhờ quản trị đặt lại."
        ),
        Rest.HERE: (
            "Đã nhập sai năm lần. Chờ 15 phút rồi thử lại, hoặc nhờ quản trị đặt lại mật khẩu."
        ),
        Rest.NAME: (
            "Tên này bị nhập sai quá nhiều lần từ nhiều nơi. Chờ 15 phút rồi thử lại, "
            "hoặc nhờ quản trị đặt lại mật khẩu."
        ),
        Rest.NETWORK: "Mạng này có quá nhiều lần nhập sai. Chờ 15 phút rồi thử lại.",
        "inactive": "Tài khoản này đã khoá. Hãy hỏi quản trị.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["password"].label = "Mật khẩu"
        self.helper = helper("Đăng nhập")

    def clean(self) -> dict[str, Any]:
        name = (self.cleaned_data.get("username") or "").strip().lower()[:60]
        tried = {"username": name, "network": network_key(self.request), "now": timezone.now()}
        if rest := FailedSignIn.objects.rest(**tried):
            raise forms.ValidationError(self.error_messages[rest], code=rest)
        try:
            return super().clean()
        except forms.ValidationError:
            services.record_failure(**tried)
            raise


class OwnPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    old_password = forms.CharField(
        label="Mật khẩu đang dùng",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, *args: Any, network: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.network = network
        self.fields["new_password1"].label = "Mật khẩu mới"
        self.fields[
            "new_password1"
        ].help_text = "Ít nhất 10 ký tự, không toàn chữ số, không phải mật khẩu thông dụng."
        self.fields["new_password2"].label = "Nhập lại mật khẩu mới"
        self.fields["new_password2"].help_text = ""
        self.helper = helper("Đổi mật khẩu")

    def clean_old_password(self) -> str:
        """Guessed at no faster than at the sign-in, by whoever found a session open."""
        password: str = self.cleaned_data["old_password"]
        tried = {"username": self.user.username, "network": self.network, "now": timezone.now()}
        if rest := FailedSignIn.objects.rest(**tried):
            raise forms.ValidationError(SignInForm.error_messages[rest], code=rest)
        if not self.user.check_password(password):
            services.record_failure(**tried)
            raise forms.ValidationError("Mật khẩu đang dùng chưa đúng.")
        return password


class TokenForm(forms.Form):
    """A name for the machine, and for how long it may speak."""

    name = forms.CharField(
        label="Tên máy hoặc phần mềm",
        max_length=80,
        help_text="Ví dụ: Phần mềm dân cư huyện Sơn Động",
        error_messages={"required": "Ghi tên máy hoặc phần mềm sẽ dùng mã này."},
    )
    days = forms.TypedChoiceField(
        label="Dùng được trong",
        coerce=int,
        initial=90,
        choices=[(30, "30 ngày"), (90, "90 ngày"), (180, "180 ngày"), (365, "1 năm")],
        error_messages={"invalid_choice": "Chọn một thời hạn trong danh sách."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("Lập mã")


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["username", "full_name", "email", "title", "role", "division", "area"]
        help_texts = {
            "username": "Chữ thường không dấu, ví dụ: nguyen.van.an",
            "area": "Bắt buộc với cán bộ huyện, xã. Người khác để trống.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = AdministrativeUnit.objects.filter(  # type: ignore[attr-defined]
            is_reference=False, level__in=[Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
        ).order_by("level", "sort_key")
        self.fields["area"].label_from_instance = _with_period  # type: ignore[attr-defined]
        for name, nothing in [("division", "Không thuộc phòng nào"), ("area", "Không có địa bàn")]:
            self.fields[name].empty_label = nothing  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "Chọn vai trò"), *Role.choices]  # type: ignore[attr-defined]
        self.helper = helper("Lưu tài khoản")


def _with_period(unit: AdministrativeUnit) -> str:
    ended = f" (đến {unit.valid.upper:%d/%m/%Y})" if unit.valid.upper else ""
    return f"{unit.full_name}{ended}"
