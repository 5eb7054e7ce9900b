"""Make the first administrator; prints a temporary password once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.services import temporary_password


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="tên đăng nhập, chữ thường không dấu")
        parser.add_argument("full_name", help="họ và tên")

    def handle(self, *args: Any, **options: Any) -> None:
        password = temporary_password()
        user = User(
            username=options["username"], full_name=options["full_name"], role=Role.ADMINISTRATOR
        )
        user.set_password(password)
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.save()
        self.stdout.write(f"Đã lập tài khoản {user.username}. Mật khẩu tạm: {password}")
