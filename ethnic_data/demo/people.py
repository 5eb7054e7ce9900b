"""Made-up people for the demo's lists. Only how many there are in each district was published."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from ethnic_data.models import (
    CouncilDeputy,
    CouncilTerm,
    EthnicGroup,
    PrestigiousPerson,
    PrestigiousReview,
)
from ethnic_data.models.people import Block, Education, Qualification
from portal.accounts.models import User
from portal.units.models import AdministrativeUnit, UnitParent
from portal.units.names import fold, sort_key
from portal.units.services import LIST_861

DAY = datetime.date(2023, 11, 1)
ELECTED = datetime.date(2021, 5, 23)
RECOGNISED = datetime.date(2023, 4, 6)
# by district with communes of the list, 2023-2027: dantoctongiao.baodantoc.vn, April 2023
PRESTIGIOUS = {"220": 116, "219": 214, "218": 69, "215": 98, "217": 20}
SHARES = {"07": 38, "02": 24, "18": 13, "15": 12, "04": 8, "09": 5}
SURNAMES = ["Vi", "Hoàng", "Nông", "Lý", "Triệu", "Lâm", "Chu", "Leo", "Trương", "Đặng", "Bàn",
            "Ninh", "Tống", "La", "Phùng", "Dương"]  # fmt: skip
MIDDLE = {
    "male": ["Văn", "Đức", "Xuân", "Quang", "Minh"],
    "female": ["Thị", "Thuý", "Thanh", "Ngọc"],
}
GIVEN = {
    "male": ["Sơn", "Dũng", "Hùng", "Thắng", "Bình", "Phúc", "Quý", "Tiến", "Lâm", "Khánh", "Đạt"],
    "female": ["Mai", "Hoa", "Lan", "Thơm", "Hạnh", "Yến", "Liên", "Nhung", "Huệ", "Xuân", "Thu"],
}
CATEGORIES = PrestigiousPerson.Category.values


@transaction.atomic
def load_people(*, now: datetime.datetime) -> None:
    """Prestigious persons and deputies of the 73 communes, where no list is there yet."""
    if PrestigiousPerson.objects.exists() or CouncilDeputy.objects.exists():
        return
    by = User.objects.get(username="chuyenvien")
    makers = People(by=by, now=now)
    persons = PrestigiousPerson.objects.bulk_create(makers.prestigious(), batch_size=1000)
    PrestigiousReview.objects.bulk_create(
        PrestigiousReview(
            person=person, year=DAY.year, outcome="kept", reviewed_by=by, reviewed_at=now
        )
        for person in persons
        if person.pk % 5
    )
    CouncilDeputy.objects.bulk_create(makers.deputies(), batch_size=1000)


class People:
    """Makes people up, the same ones every time."""

    def __init__(self, *, by: User, now: datetime.datetime) -> None:
        self.by, self.now = by, now
        self.dice = random.Random(861)  # noqa: S311 - made-up people, no secret
        self.groups = {group.code: group for group in EthnicGroup.objects.listed()}
        self.taken: set[tuple[int, str, int]] = set()
        listed = AdministrativeUnit.objects.listed(LIST_861, on=DAY).communes()
        links = UnitParent.objects.filter(unit__in=listed, valid__contains=DAY)
        self.communes: dict[str, list[AdministrativeUnit]] = {}
        for link in links.select_related("unit", "parent").order_by("unit__code"):
            self.communes.setdefault(link.parent.code, []).append(link.unit)

    def prestigious(self) -> Iterator[PrestigiousPerson]:
        for district, count in PRESTIGIOUS.items():
            communes = self.communes.get(district, [])
            for n in range(count if communes else 0):
                commune = communes[n % len(communes)]
                yield PrestigiousPerson(
                    **self._person(commune, oldest=1940, youngest=1978, women=0.12),
                    village=f"Thôn {self.dice.choice(GIVEN['male'])} {n // len(communes) + 1}",
                    category=self.dice.choice(CATEGORIES),
                    recognised_by="Quyết định minh hoạ số 01",
                    recognised_date=RECOGNISED,
                )

    def deputies(self) -> Iterator[CouncilDeputy]:
        term = CouncilTerm.objects.get(name="2021–2026")
        districts = AdministrativeUnit.objects.on(DAY).filter(code__in=self.communes)
        councils = [(unit, 30) for unit in districts.order_by("code")]
        councils += [(unit, 22) for units in self.communes.values() for unit in units]
        for council, seats in councils:
            for n in range(seats):
                yield CouncilDeputy(
                    **self._person(council, oldest=1962, youngest=1995, women=0.28, kinh=0.3),
                    term=term,
                    elected_date=ELECTED,
                    constituency=f"Đơn vị số {n % 6 + 1}",
                    position="Chủ tịch HĐND" if n == 0 else "",
                    is_full_time=n < 2,
                    is_reelected=self.dice.random() < 0.35,
                    block=self.dice.choice(Block.values),
                )

    def _person(
        self,
        unit: AdministrativeUnit,
        *,
        oldest: int,
        youngest: int,
        women: float,
        kinh: float = 0.0,
    ) -> dict[str, Any]:
        dice = self.dice
        sex = "female" if dice.random() < women else "male"
        code = "01" if dice.random() < kinh else dice.choices([*SHARES], [*SHARES.values()])[0]
        while True:
            parts = (SURNAMES, MIDDLE[sex], GIVEN[sex])
            name, born = " ".join(map(dice.choice, parts)), dice.randint(oldest, youngest)
            if (unit.pk, name, born) not in self.taken:
                break
        self.taken.add((unit.pk, name, born))
        return {
            "full_name": name,
            "name_key": fold(name),
            "sort_key": sort_key(name),
            "birth_year": born,
            "sex": sex,
            "group": self.groups[code],
            "unit": unit,
            "is_party_member": dice.random() < 0.6,
            "education": dice.choice(Education.values[1:]),
            "qualification": dice.choice(Qualification.values),
            "is_demo": True,
            "changed_by": self.by,
            "changed_at": self.now,
        }
