"""Forms of a programme, its phases, its components, and where those are carried out."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from ethnic_data.forms.design.fields import in_parts, lock
from portal.accounts.models import User
from portal.documents.forms.citing import CitedDocumentField
from programs.models import Applicability, Component, Phase, Programme
from programs.services.design import hanging

from .parts import A_DAY, CodeField, DatedForm, PartForm, ProvinceField


class ProgrammeForm(DatedForm):
    document = CitedDocumentField(
        label="Gắn quyết định trong sổ văn bản",
        required=False,
        help_text="Số, ký hiệu nếu đã vào sổ, ví dụ 1719/QĐ-TTg; trang chương trình dẫn tới đó.",
    )
    field_order = (
        "code", "short_name", "name", "owner", "decision", "document", "first_day", "last_day",
        "note", "is_verified",
    )  # fmt: skip
    told_at: ClassVar[dict[str, str]] = {"programme_has_begun": "first_day"}

    class Meta:
        model = Programme
        fields = ["code", "short_name", "name", "owner", "decision", "note", "is_verified"]
        error_messages = {
            "code": {"invalid": "Mã chỉ gồm chữ không dấu, chữ số, gạch nối. Ví dụ: NTM-2035."}
        }
        help_texts = {
            "code": "Đứng trong địa chỉ trang và biểu mẫu, ví dụ 1719; đặt rồi thì giữ nguyên.",
            "short_name": "Như thường gọi, ví dụ Chương trình 1719.",
            "decision": "Loại, số, ký hiệu, ngày và cơ quan ban hành.",
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = ["document"] if user.has_perm("documents.view") else []
        if told:
            self.fields["document"].by = user
        else:
            del self.fields["document"]  # who does not read the register cites nothing of it
        if self.instance.pk:
            lock(self, ["code"], "Mã đã đặt thì giữ nguyên.")
        self.helper = in_parts(
            ("Chương trình", ["code", "short_name", "name", "owner"]),
            ("Căn cứ, thời gian", ["decision", *told, "first_day", "last_day"]),
            ("Ghi chú", ["note", "is_verified"]),
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if self.instance.pk and self.days_are_right():
            for phase in self.instance.phases.exclude(valid__contained_by=self.instance.valid):
                self.add_error("first_day", f"{phase.name} ({phase.days}) nằm ngoài thời gian này.")
                break
        return told


class PhaseForm(DatedForm):
    field_order = ("name", "first_day", "last_day")
    told_at: ClassVar[dict[str, str]] = {
        "phase_once": "name",
        "phase_has_time": "first_day",
        "phase_one_at_a_time": "first_day",
    }

    class Meta:
        model = Phase
        fields = ["name"]
        help_texts = {"name": "Ví dụ: Giai đoạn I."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = in_parts(("Giai đoạn", ["name", "first_day", "last_day"]))

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if not self.days_are_right():
            return told
        whole, mine = self.instance.programme.valid, self.instance.valid
        if mine.lower < whole.lower:
            self.add_error("first_day", f"Chương trình bắt đầu ngày {whole.lower:%d/%m/%Y}.")
        if whole.upper and (mine.upper is None or mine.upper > whole.upper):
            end = whole.upper - A_DAY
            self.add_error("last_day", f"Chương trình kết thúc ngày {end:%d/%m/%Y}.")
        self._refuse_shared_days()
        return told

    def _refuse_shared_days(self) -> None:
        others = self.instance.programme.phases.exclude(pk=self.instance.pk)
        other = others.filter(valid__overlap=self.instance.valid).first()
        if other and self.days_are_right():
            self.add_error("first_day", f"Thời gian này đã thuộc {other.name} ({other.days}).")


class ComponentForm(PartForm):
    code = CodeField(
        label="Mã",
        max_length=30,
        help_text="Như trong biểu mẫu, ví dụ DA3.TDA1. Chữ hoa, chữ số và dấu chấm.",
    )
    told_at: ClassVar[dict[str, str]] = {
        "component_code_once": "code",
        "component_number_once": "number",
        "component_number_positive": "number",
        "component_stands_where_it_belongs": "parent",
    }

    class Meta:
        model = Component
        fields = [
            "kind", "parent", "number", "code", "name", "lead_agency", "source", "confidence",
            "confidence_note", "is_verified",
        ]  # fmt: skip
        help_texts = {
            "parent": "Dự án đứng ở cấp cao nhất; tiểu dự án thuộc dự án; nội dung thuộc một trong "
            "hai.",
            "number": "Thứ tự trong cùng cấp: Dự án 3 thì ghi 3.",
            "confidence_note": "Ví dụ: số thứ tự. Bỏ trống khi chắc chắn.",
        }
        widgets = {"name": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme = self.instance.programme
        parents = programme.components.exclude(kind=Component.Kind.CONTENT)
        parent = self.fields["parent"]
        parent.queryset = parents.select_related("parent")
        parent.empty_label = "Không thuộc phần nào (dự án)"
        parent.label_from_instance = named_in_full
        parent.error_messages["invalid_choice"] = "Phần này không có trong chương trình."
        self.initial.setdefault("confidence", "sourced")
        if self.instance.pk and (used := hanging(self.instance, aside=(Component, Applicability))):
            lock(self, ["code"], f"Đã có {used} theo mã này nên giữ nguyên.")
        self.helper = in_parts(
            ("Vị trí", ["kind", "parent", "number", "code"]),
            ("Nội dung", ["name", "lead_agency"]),
            ("Nguồn", ["source", "confidence", "confidence_note", "is_verified"]),
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        kind, parent = told.get("kind"), told.get("parent")
        if kind is None or "parent" in self.errors:
            return told
        if wrong := self._wrong_place(Component.Kind(kind), parent):
            self.add_error("parent", wrong)
        elif wrong := self._wrong_below(Component.Kind(kind)):
            self.add_error("kind", wrong)
            self.instance.kind = kind  # as chosen: a refused field is left as it was
        return told

    def _wrong_place(self, kind: Component.Kind, parent: Component | None) -> str:
        """Why the component cannot stand there; "" when it can. Kinds alone leave no loop."""
        fits = Component.PARENT_KINDS[kind]
        if parent is None:
            return "" if not fits else f"Chọn phần mà {kind.label} này thuộc về."
        if self.instance.pk and self.instance.pk in (parent.pk, parent.parent_id):
            return "Không thể thuộc chính nó hoặc phần nằm trong nó."
        if not fits:
            return "Dự án đứng ở cấp cao nhất: bỏ chọn mục này, hoặc chọn loại khác."
        return "" if parent.kind in fits else f"{kind.label.capitalize()} không thể thuộc cấp này."

    def _wrong_below(self, kind: Component.Kind) -> str:
        """Why what belongs to the component cannot stay below that kind."""
        if not self.instance.pk:
            return ""
        fits = [below for below, above in Component.PARENT_KINDS.items() if kind in above]
        left = self.instance.children.exclude(kind__in=fits)
        one = left.first()
        return f"{one.label} đang thuộc phần này, không thể thuộc {kind.label}." if one else ""


def named_in_full(component: Component) -> str:
    """ "DA3.TDA1 Tiểu dự án 1: Phát triển…", short enough for a list."""
    name = str(component)
    return f"{component.code} {name if len(name) <= 90 else f'{name[:89]}…'}"


class ApplicabilityForm(DatedForm):
    unit = ProvinceField(label="Tỉnh", error_messages={"required": "Chọn tỉnh."})
    applies = forms.TypedChoiceField(
        label="Tại tỉnh này",
        choices=[("", "Chọn"), ("co", "Có thực hiện"), ("khong", "Không thực hiện")],
        coerce=lambda told: told == "co",
        empty_value=None,
        error_messages={"required": "Chọn có hay không thực hiện."},
    )
    field_order = ("unit", "applies", "first_day", "last_day", "basis")
    told_at: ClassVar[dict[str, str]] = {
        "applicability_once_at_a_time": "first_day",
        "applicability_has_basis": "basis",
    }

    class Meta:
        model = Applicability
        fields = ["unit", "applies", "basis"]
        help_texts = {"basis": "Điều, khoản và văn bản quy định."}

    def __init__(self, *args: Any, component: Component, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.component = component
        if self.instance.pk:
            self.initial["applies"] = "co" if self.instance.applies else "khong"
        self.helper = in_parts(
            ("Địa bàn áp dụng", ["unit", "applies", "first_day", "last_day", "basis"])
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        unit = told.get("unit")
        if not (unit and self.days_are_right()):
            return told
        first = self.instance.valid.lower
        if first not in unit.valid:
            self.add_error(
                "first_day", f"{unit.full_name} chưa có hoặc không còn vào ngày {first:%d/%m/%Y}."
            )
            return told
        same = Q(component=self.instance.component, unit=unit, valid__overlap=self.instance.valid)
        other = Applicability.objects.filter(same).exclude(pk=self.instance.pk).first()
        if other:
            self.add_error("first_day", f"Thời gian này đã có quy định ({other.days}).")
        return told
