"""Make the demonstration's certificate authority and keys, and register both certificates."""

from __future__ import annotations

import argparse
import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.units.models import IssuingAgency
from reports import services


class Command(BaseCommand):
    help = "Lập nơi cấp chứng thư thử nghiệm cho bản trình diễn (không có giá trị pháp lý)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--passphrase", default="thu-nghiem", help="mật khẩu của các khoá")
        parser.add_argument("--leader", help="tên đăng nhập của lãnh đạo")
        parser.add_argument(
            "--on",
            type=datetime.date.fromisoformat,
            default=datetime.date(2023, 11, 6),
            help="ngày mà tên cơ quan được lấy (năm-tháng-ngày)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        leaders = User.objects.active().filter(role=Role.LEADER)
        if options["leader"]:
            leaders = leaders.filter(username=options["leader"])
        leader = leaders.first()
        if leader is None:
            raise CommandError("Chưa có tài khoản lãnh đạo.")
        try:
            made = services.make_test_ca(
                passphrase=options["passphrase"],
                leader=leader,
                agency=IssuingAgency.objects.on(options["on"]),
                now=timezone.now(),
            )
        except (services.ReportRefusal, services.SigningRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        except IssuingAgency.DoesNotExist:
            raise CommandError("Không có tên cơ quan cho ngày này.") from None
        for certificate in made:
            self.stdout.write(f"{certificate.get_role_display()}: {certificate.subject}")
