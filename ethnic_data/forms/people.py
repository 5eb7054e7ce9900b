"""Forms of the lists of people: what narrows a list, and what is asked of one person."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from ethnic_data.models import (
    CouncilDeputy,
    CouncilTerm,
    EthnicGroup,
    PrestigiousPerson,
    PrestigiousReview,
    Sex,
)
from ethnic_data.models.people import PersonQuerySet
from portal import formats
from portal.days import DayField
from portal.units.models import AdministrativeUnit, Level

if TYPE_CHECKING:
    from portal.accounts.models import User


def day_field(label: str, **more: Any) -> forms.DateField:
    return DayField(label=label, **more)


class UnitChoiceField(forms.ModelChoiceField):
    """Units of more than one time: an ended one says until when it was there."""

    def label_from_instance(self, unit: Any) -> str:
        ended = f" (đến {unit.valid.upper:%d/%m/%Y})" if unit.valid.upper else ""
        return f"{unit.full_name}{ended}"


class PeopleFilter(forms.Form):
    """What narrows a list of people. A value that makes no sense is left out, never an error."""

    q = forms.CharField(label="Họ và tên", required=False, max_length=120)
    don_vi = UnitChoiceField(
        label="Địa bàn", required=False, queryset=None, empty_label="Toàn bộ địa bàn"
    )
    dan_toc = forms.ModelChoiceField(
        label="Dân tộc",
        required=False,
        queryset=None,
        to_field_name="code",
        empty_label="Mọi dân tộc",
    )
    gioi = forms.ChoiceField(
        label="Giới tính", required=False, choices=[("", "Nam và nữ"), *Sex.choices]
    )
    ngay = day_field("Vào ngày", required=False)

    def __init__(self, data: Any, *, user: User, people: PersonQuerySet) -> None:
        super().__init__(data)
        self.people = people
        there = people.order_by()
        units = AdministrativeUnit.objects.visible_to(user).filter(
            is_reference=False, level__in=[Level.DISTRICT, Level.COMMUNE, Level.PROVINCE]
        )
        self.fields["don_vi"].queryset = units.filter(  # type: ignore[attr-defined]
            level__in=[Level.PROVINCE, Level.DISTRICT]
        ) | units.filter(pk__in=there.values("unit"))
        self.fields["dan_toc"].queryset = EthnicGroup.objects.filter(  # type: ignore[attr-defined]
            pk__in=there.values("group")
        ).order_by("sort_key")
        for name, field in self.fields.items():
            style = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = style
            field.widget.attrs.setdefault("id", f"loc-{name}")
        self.is_valid()

    @property
    def near(self) -> list[forms.BoundField]:
        """The filters that stand in sight; the others are folded away."""
        return [self[name] for name in self.field_order[:3]]  # type: ignore[index]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.field_order[3:]]  # type: ignore[index]

    @property
    def is_unfolded(self) -> bool:
        return any(self.chosen.get(field.name) for field in self.folded)

    @property
    def chosen(self) -> dict[str, Any]:
        return self.cleaned_data

    @property
    def day(self) -> datetime.date:
        return self.chosen.get("ngay") or timezone.localdate()

    def narrowed(self) -> PersonQuerySet:
        people = self.people.named(self.chosen.get("q", ""))
        if unit := self.chosen.get("don_vi"):
            people = people.within(unit)
        if group := self.chosen.get("dan_toc"):
            people = people.filter(group=group)
        if sex := self.chosen.get("gioi"):
            people = people.filter(sex=sex)
        return self.of_time(people)

    def of_time(self, people: PersonQuerySet) -> PersonQuerySet:
        return people.on(self.day)

    def in_words(self) -> str:
        """The filters as the log keeps them."""
        parts = [
            f"{self.fields[name].label}: {self._said(name, value)}"
            for name, value in self.chosen.items()
            if value
        ]
        return "; ".join(parts)

    def _said(self, name: str, value: object) -> str:
        field = self.fields[name]
        if isinstance(value, datetime.date):
            return formats.day(value)
        if isinstance(field, forms.ChoiceField) and isinstance(value, str):
            return str(dict(field.choices)[value])  # type: ignore[arg-type]
        return str(value)


class DeputyFilter(PeopleFilter):
    cap = forms.ChoiceField(
        label="Cấp",
        required=False,
        choices=[
            ("", "Mọi cấp"),
            (Level.PROVINCE, "Cấp tỉnh"),
            (Level.DISTRICT, "Cấp huyện"),
            (Level.COMMUNE, "Cấp xã"),
        ],
    )
    nhiem_ky = forms.ModelChoiceField(
        label="Nhiệm kỳ",
        required=False,
        queryset=CouncilTerm.objects.all(),
        empty_label="Đang đương nhiệm",
    )
    field_order = ["q", "don_vi", "cap", "nhiem_ky", "dan_toc", "gioi", "ngay"]

    def of_time(self, people: PersonQuerySet) -> PersonQuerySet:
        if level := self.chosen.get("cap"):
            people = people.filter(unit__level=level)
        if term := self.chosen.get("nhiem_ky"):
            return people.filter(term=term)
        return people.on(self.day)


class PrestigiousFilter(PeopleFilter):
    thanh_phan = forms.ChoiceField(
        label="Thành phần",
        required=False,
        choices=[("", "Mọi thành phần"), *PrestigiousPerson.Category.choices],
    )
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[
            ("", "Đang trong danh sách"),
            ("chua", "Chưa rà soát năm nay"),
            ("ra", "Đã đưa ra khỏi danh sách"),
        ],
    )
    field_order = ["q", "don_vi", "tinh_trang", "dan_toc", "gioi", "thanh_phan", "ngay"]

    def of_time(self, people: Any) -> PersonQuerySet:
        if category := self.chosen.get("thanh_phan"):
            people = people.filter(category=category)
        state = self.chosen.get("tinh_trang")
        if state == "ra":
            removed: PersonQuerySet = people.filter(removed_date__lte=self.day)
            return removed
        if state == "chua":
            fresh: PersonQuerySet = people.not_reviewed(self.day.year).on(self.day)
            return fresh
        return people.on(self.day)  # type: ignore[no-any-return]


class PersonForm(forms.ModelForm):
    """A person with everything the list holds; the constraints' sentences stand at the top."""

    dates: ClassVar[tuple[str, ...]] = ()
    levels: ClassVar[tuple[Level, ...]] = (Level.COMMUNE,)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = AdministrativeUnit.objects.visible_to(user).filter(
            is_reference=False, level__in=self.levels
        )
        self.fields["unit"] = UnitChoiceField(
            label=self.unit_label,
            queryset=units,
            empty_label="Chọn đơn vị",
        )
        self.fields["group"].queryset = EthnicGroup.objects.listed().order_by("sort_key")  # type: ignore[attr-defined]
        self.fields["group"].empty_label = "Chọn dân tộc"  # type: ignore[attr-defined]
        for name in self.dates:
            old = self.fields[name]
            self.fields[name] = day_field(str(old.label), required=old.required)
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField) and not field.choices[0][0]:
                field.choices = [("", "Chọn"), *field.choices[1:]]
        self.instance.changed_by = user
        self.helper = FormHelper()
        self.helper.form_tag = False

    unit_label = "Xã, phường, thị trấn"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        unit, day = cleaned.get("unit"), cleaned.get(self.dates[0])
        if unit and day and day not in unit.valid:
            self.add_error(
                "unit", f"{unit.full_name} chưa có hoặc không còn vào ngày {day:%d/%m/%Y}."
            )
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Only what is wrong already: constraints look at more than the form shows."""
        return set(self.errors)


class DeputyForm(PersonForm):
    dates = ("elected_date", "left_date")
    levels = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
    unit_label = "Hội đồng nhân dân của"

    class Meta:
        model = CouncilDeputy
        fields = [
            "full_name", "birth_year", "sex", "group", "unit", "term", "elected_date",
            "constituency", "position", "block", "is_full_time", "is_reelected",
            "is_party_member", "education", "qualification", "politics", "religion", "left_date",
            "left_reason", "note",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"].empty_label = "Chọn nhiệm kỳ"  # type: ignore[attr-defined]


class PrestigiousForm(PersonForm):
    dates = ("recognised_date",)

    class Meta:
        model = PrestigiousPerson
        fields = [
            "full_name", "birth_year", "sex", "group", "village", "unit", "category",
            "is_party_member", "education", "qualification", "religion", "recognised_by",
            "recognised_date", "note",
        ]  # fmt: skip


class RemovalForm(forms.Form):
    decision = forms.CharField(label="Quyết định đưa ra khỏi danh sách", max_length=120)
    date = day_field("Từ ngày")
    reason = forms.ChoiceField(label="Lý do", choices=PrestigiousPerson.Removal.choices)


class ReviewForm(forms.Form):
    year = forms.IntegerField(label="Năm rà soát", min_value=2000, max_value=2100)
    outcome = forms.ChoiceField(
        label="Kết quả", choices=PrestigiousReview.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Nhận xét",
        max_length=300,
        required=False,
        help_text="Bắt buộc khi đề nghị đưa ra khỏi danh sách.",
    )


class PeopleFileForm(forms.Form):
    file = forms.FileField(
        label="Tệp danh sách",
        help_text="Excel (.xlsx, .xls), OpenDocument (.ods) hoặc .csv.",
        error_messages={"required": "Chọn tệp danh sách."},
    )
