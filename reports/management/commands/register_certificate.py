"""Register whose certificate it is that signs reports."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts.models import User
from portal.units.models import IssuingAgency
from reports import services


class Command(BaseCommand):
    help = "Đăng ký chứng thư số (tệp PEM hoặc DER) của lãnh đạo hoặc của cơ quan."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        owner = parser.add_mutually_exclusive_group(required=True)
        owner.add_argument("--user", help="tên đăng nhập của người ký")
        owner.add_argument("--agency", action="store_true", help="chứng thư của cơ quan")
        parser.add_argument("--on", type=datetime.date.fromisoformat, default=None)
        parser.add_argument("--key-file", default="", help="tệp PKCS#12 trong thư mục ký số")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            certificate = services.register_certificate(
                data=Path(options["file"]).read_bytes(),
                owner=User.objects.get(username=options["user"]) if options["user"] else None,
                agency=(
                    IssuingAgency.objects.on(options["on"] or timezone.localdate())
                    if options["agency"]
                    else None
                ),
                key_file=options["key_file"],
            )
        except OSError as error:
            raise CommandError("Không đọc được tệp chứng thư.") from error
        except User.DoesNotExist:
            raise CommandError("Không có tài khoản này.") from None
        except IssuingAgency.DoesNotExist:
            raise CommandError("Không có tên cơ quan cho ngày này.") from None
        except services.ReportRefusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{certificate.subject}: {certificate.fingerprint}")
