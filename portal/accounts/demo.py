"""The demo's accounts: one per role, and one officer per district. Never made in production."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from portal.units.models import AdministrativeUnit
from portal.units.names import fold, sort_key

from .models import Division, User
from .roles import Role

PASSWORD = "minh-hoa-2023"  # noqa: S105 shown on the demo's own start screen
DAY = datetime.date(2023, 11, 1)
DIVISIONS = {
    "HC-TH": "Phòng Hành chính - Tổng hợp",
    "CS": "Phòng Chính sách",
    "TTĐB": "Phòng Tuyên truyền và Địa bàn",
}


class DemoRefused(Exception):
    """Demo accounts are made in the demo only."""


@dataclass(frozen=True)
class DemoAccount:
    username: str
    full_name: str
    role: str
    title: str = ""
    division: str = ""
    area: str = ""

    @property
    def label(self) -> str:
        place = f" ({self.title})" if self.area else ""
        return f"{Role(self.role).label}{place}"


STAFF = [
    DemoAccount("chuyenvien", "Nguyễn Thu Hà", Role.SPECIALIST, "Chuyên viên", "HC-TH"),
    DemoAccount("truongphong", "Trần Văn Bình", Role.HEAD, "Trưởng phòng", "HC-TH"),
    DemoAccount("thethuc", "Đỗ Minh Châu", Role.FORM_CHECKER, "Chuyên viên", "HC-TH"),
    DemoAccount("lanhdao", "Nhữ Văn Nam", Role.LEADER, "Phó Trưởng ban"),
    DemoAccount("vanthu", "Phạm Thị Lan", Role.CLERK, "Văn thư", "HC-TH"),
    DemoAccount("quantri", "Hoàng Văn Tú", Role.ADMINISTRATOR, "Quản trị", "HC-TH"),
    DemoAccount("kiemtra", "Bùi Thị Yến", Role.AUDITOR, "Kiểm tra, giám sát"),
    # the area says whose data they enter; of works they see those of their organisations
    DemoAccount(
        "chudautu", "Giáp Văn Thịnh", Role.INVESTOR, "Ban quản lý dự án huyện Sơn Động", area="220"
    ),
]
# of a commune with works of the programme, where their progress is authenticated
COMMUNE_OFFICER = DemoAccount(
    "canbo.xa.anlac", "Chu Thị Hiên", Role.OFFICER, "Xã An Lạc", area="07645"
)
OFFICER_NAMES = {
    "220": "Vi Thị Mai",
    "219": "Lý Văn Sơn",
    "218": "Hoàng Thị Thơm",
    "215": "Nông Văn Dũng",
    "217": "Nguyễn Thị Hạnh",
    "213": "Lê Quang Huy",
    "216": "Dương Thị Liên",
    "221": "Ngô Văn Khải",
    "222": "Thân Thị Ngọc",
    "223": "Tạ Văn Phúc",
}


def accounts() -> list[DemoAccount]:
    """Staff first, then the officers of the districts in force in November 2023."""
    districts = AdministrativeUnit.objects.on(DAY).districts().filter(is_reference=False)
    officers = [
        DemoAccount(
            username=f"canbo.{fold(unit.name).replace(' ', '')}",
            full_name=OFFICER_NAMES.get(unit.code, f"Cán bộ {unit.name}"),
            role=Role.OFFICER,
            title=unit.full_name,
            area=unit.code,
        )
        for unit in districts
    ]
    return [*STAFF, *officers, COMMUNE_OFFICER]


@transaction.atomic
def load_accounts() -> None:
    """Make the demo's accounts and divisions; harmless when run again.

    Raises:
        DemoRefused: settings.DEMO is off.
    """
    if not settings.DEMO:
        raise DemoRefused("Tài khoản minh hoạ chỉ có trong bản minh hoạ.")
    if User.objects.filter(is_demo=True).exists():
        return
    divisions = {
        code: Division.objects.get_or_create(code=code, defaults={"name": name})[0]
        for code, name in DIVISIONS.items()
    }
    areas = {account.area for account in accounts()} - {""}
    units = AdministrativeUnit.objects.on(DAY).filter(code__in=areas, is_reference=False)
    by_code = {unit.code: unit for unit in units.exclude(level="province")}
    password = make_password(PASSWORD)
    User.objects.bulk_create(
        User(
            username=account.username,
            full_name=account.full_name,
            sort_key=sort_key(account.full_name),
            role=account.role,
            title=account.title,
            division=divisions.get(account.division),
            area=by_code.get(account.area),
            password=password,
            is_demo=True,
            must_change_password=False,
        )
        for account in accounts()
    )
