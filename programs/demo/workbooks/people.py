"""Who sends and who reviews in the demo."""

from __future__ import annotations

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.units.models import AdministrativeUnit, Level
from programs.demo.reference import BY, HEAD
from programs.demo.works import INVESTOR


class People:
    """The demo's accounts: officers by their area, the committee's two, an investor."""

    def __init__(self) -> None:
        officers = User.objects.filter(
            is_demo=True, role=Role.OFFICER, area__isnull=False
        ).select_related("area")
        self.officers = {user.area.code: user for user in officers if user.area}
        self.specialist = User.objects.get(username=BY)
        self.head = User.objects.get(username=HEAD)
        self.investor = User.objects.get(username=INVESTOR)

    def officer(self, unit: AdministrativeUnit) -> User:
        return self.officers[unit.code]

    def sender_of(self, commune: AdministrativeUnit, district: str | None) -> User:
        """The commune's own officer, else the district's, else the specialist in their place."""
        own = self.officers.get(commune.code)
        if own is not None and own.area_id == commune.pk and commune.level == Level.COMMUNE:
            return own
        return self.officers.get(district or "", self.specialist)

    def reviewer_of(self, sender: User) -> User:
        """Nobody approves the own data."""
        return self.head if sender == self.specialist else self.specialist
