"""What a start in production refuses: demo accounts, demo data, a secret nobody chose."""

from __future__ import annotations

import os

from django.contrib.auth import get_user_model
from django.utils.module_loading import import_string

SHORTEST_SECRET = 40


class StartRefused(Exception):
    """The portal must not serve like this; the message says what to do."""


def refuse_demo_in_production() -> None:
    """Raises StartRefused unless the demo was asked for, or this is a production fit to serve."""
    if os.environ.get("PORTAL_DEMO") == "1":
        return
    secret = os.environ.get("DJANGO_SECRET_KEY", "")
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 10:
        raise StartRefused(
            "Chưa đặt DJANGO_SECRET_KEY riêng cho hệ thống này (ít nhất 40 ký tự ngẫu nhiên)."
        )
    if get_user_model().objects.filter(is_demo=True).exists():
        raise StartRefused(
            "Cơ sở dữ liệu có tài khoản minh hoạ. Bản chính thức phải dùng cơ sở dữ liệu mới."
        )
    submissions = import_string("portal.collection.models.Submission")
    if submissions.objects.filter(is_demo=True).exists():
        raise StartRefused(
            "Cơ sở dữ liệu có số liệu minh hoạ. Bản chính thức phải dùng cơ sở dữ liệu mới."
        )
