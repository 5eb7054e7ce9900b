"""Forms of agencies and investors, and of the people who enter data for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from ethnic_data.forms.design.fields import in_parts, lock
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.units.models import AdministrativeUnit, Level
from portal.units.names import fold
from programs.forms.design.parts import PartForm
from programs.models import Membership, Organisation
from programs.services.design import hanging

from .filters import UnitChoice


class OrganisationForm(PartForm):
    unit = UnitChoice(
        label="Thuộc địa bàn",
        required=False,
        queryset=AdministrativeUnit.objects.filter(
            is_reference=False, level__in=[Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
        ).order_by("level", "sort_key"),
    )
    told_at: ClassVar[dict[str, str]] = {"organisation_name_once": "name"}

    class Meta:
        model = Organisation
        fields = ["code", "name", "kind", "unit", "is_active"]
        error_messages = {
            "code": {"invalid": "Mã chỉ gồm chữ không dấu, chữ số, gạch nối. Ví dụ: bqlda-sd."}
        }
        help_texts = {"code": "Như trong biểu mẫu; đã dùng thì giữ nguyên."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and (used := hanging(self.instance, aside=[Membership])):
            lock(self, ["code", "kind"], f"Đã có {used} nên giữ nguyên.")
        self.helper = in_parts(("Đơn vị", ["code", "name", "kind", "unit", "is_active"]))

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("name"):
            self.instance.name_key = fold(told["name"])  # equal names are told here
        return told


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(
        label="Người",
        queryset=User.objects.none(),
        empty_label="Chọn",
        error_messages={"required": "Chọn một người."},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active().filter(role=Role.INVESTOR)
        self.fields["user"].queryset = people.exclude(  # type: ignore[attr-defined]
            memberships__organisation=organisation
        )
