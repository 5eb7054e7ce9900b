"""A small named cast. Fixtures of the same names live in conftest."""

from __future__ import annotations

import datetime

from portal.accounts.models import Division, User
from portal.units.models import AdministrativeUnit

DAY = datetime.date(2023, 11, 1)
PASSWORD = "hoa-ban-trang-2023"


def unit(code: str, *, on: datetime.date = DAY) -> AdministrativeUnit:
    return AdministrativeUnit.objects.on(on).get(code=code)


def person(username: str, *, role: str, full_name: str, area: str | None = None) -> User:
    division, _ = Division.objects.get_or_create(
        code="HC-TH", defaults={"name": "Phòng Hành chính - Tổng hợp"}
    )
    return User.objects.create_user(
        username,
        password=PASSWORD,
        full_name=full_name,
        role=role,
        area=unit(area) if area else None,
        division=None if area else division,
        must_change_password=False,
    )


CAST: dict[str, dict[str, str]] = {
    "son_dong_officer": {"role": "officer", "full_name": "Vi Thị Mai", "area": "220"},
    "luc_ngan_officer": {"role": "officer", "full_name": "Lý Văn Sơn", "area": "219"},
    "specialist": {"role": "specialist", "full_name": "Nguyễn Thu Hà"},
    "head": {"role": "head", "full_name": "Trần Văn Bình"},
    "form_checker": {"role": "form_checker", "full_name": "Đỗ Minh Châu"},
    "leader": {"role": "leader", "full_name": "Nhữ Văn Nam"},
    "clerk": {"role": "clerk", "full_name": "Phạm Thị Lan"},
    "administrator": {"role": "administrator", "full_name": "Hoàng Văn Tú"},
    "auditor": {"role": "auditor", "full_name": "Bùi Thị Yến"},
    "investor": {"role": "investor", "full_name": "Giáp Văn Thịnh"},
}


def member(name: str) -> User:
    found = User.objects.filter(username=name.replace("_", ".")).first()
    return found or person(name.replace("_", "."), **CAST[name])
