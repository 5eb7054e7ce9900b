"""Forms of the committee's records. A record changed meanwhile is told, nothing typed is lost."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms

from portal.accounts.models import User
from portal.days import DayField
from portal.documents.forms.citing import CitedDocumentField
from reports.models import office
from reports.services.office import ChangedMeanwhile
from reports.text import typed

#: The committee's records are of its own time.
FIRST, LAST = datetime.date(1945, 1, 1), datetime.date(2100, 12, 31)


class KeptForm(forms.ModelForm):  # type: ignore[type-arg]
    """One record; `by` is who writes it, on which day."""

    #: Days of what has happened already.
    PAST: ClassVar[tuple[str, ...]] = ()

    document = CitedDocumentField(label="Văn bản", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: User, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["revision"].initial = self.instance.revision
        for field in self.fields.values():
            if isinstance(field, CitedDocumentField):
                field.by = by
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = "Chưa chọn"
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        asked = told.get("revision")
        if self.instance.pk and asked is not None and asked != self.instance.revision:
            self.data = self.data.copy() | {self.add_prefix("revision"): self.instance.revision}
            raise forms.ValidationError(str(ChangedMeanwhile(self.instance.changed_by)))
        self._clean_words(told)
        self._clean_days(told)
        first, last = told.get("first_day"), told.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Ngày cuối phải từ ngày đầu trở đi.")
        return told

    def _clean_words(self, told: dict[str, Any]) -> None:
        """Words as they are seen; what nobody sees says nothing."""
        for name, value in list(told.items()):
            if isinstance(value, str):
                told[name] = typed.some_lines(value)
                if value and not told[name] and self.fields[name].required:
                    self.add_error(name, self.fields[name].error_messages["required"])

    def _clean_days(self, told: dict[str, Any]) -> None:
        for name, day in list(told.items()):
            if not isinstance(day, datetime.date):
                continue
            if not FIRST <= day <= LAST:
                self.add_error(name, f"Ngày từ {FIRST:%d/%m/%Y} đến {LAST:%d/%m/%Y}.")
            elif name in self.PAST and day > self.today:
                self.add_error(name, "Ngày này chưa đến.")

    def _must_follow(
        self, told: dict[str, Any], name: str, first: datetime.date | None, what: str
    ) -> None:
        """A day that cannot be before another one, `what` it is called."""
        day = told.get(name)
        if day and first and day < first:
            self.add_error(name, f"Ngày này phải từ {what} ({first:%d/%m/%Y}) trở đi.")


class PlanForm(KeptForm):
    first_day = DayField(label="Thực hiện từ ngày")
    last_day = DayField(label="Đến ngày", required=False)

    class Meta:
        model = office.Plan
        fields = ["title", "document", "first_day", "last_day", "note"]
        widgets = {"title": forms.Textarea(attrs={"rows": 2})}


class PlanTaskForm(KeptForm):
    PAST = ("done_on",)
    deadline = DayField(label="Hạn", required=False)
    done_on = DayField(label="Hoàn thành ngày", required=False)
    evidence = CitedDocumentField(label="Văn bản chứng minh", required=False)
    document = None  # type: ignore[assignment]

    class Meta:
        model = office.PlanTask
        fields = [
            "content", "division", "officer", "deadline", "state", "done_on", "result", "evidence",
            "note",
        ]  # fmt: skip
        widgets = {
            "content": forms.Textarea(attrs={"rows": 2}),
            "result": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.having("reports.view").select_related("division")
        self.fields["officer"].queryset = staff  # type: ignore[attr-defined]
        self.fields["officer"].empty_label = "Do phòng phân công"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        state, done_on = told.get("state"), told.get("done_on")
        if state == office.PlanTask.State.DONE and not done_on and "done_on" not in self.errors:
            self.add_error("done_on", "Ghi ngày hoàn thành.")
        if state != office.PlanTask.State.DONE and done_on:
            self.add_error("state", "Nhiệm vụ có ngày hoàn thành thì tình trạng là hoàn thành.")
        for name in ("done_on", "deadline"):
            self._must_follow(told, name, self.instance.plan.first_day, "ngày bắt đầu kế hoạch")
        ended = (office.PlanTask.State.DONE, office.PlanTask.State.DROPPED)
        if state in ended and not told.get("result") and not told.get("evidence"):
            self.add_error("result", "Ghi kết quả hoặc văn bản chứng minh.")
        return told


class TrainingForm(KeptForm):
    first_day = DayField(label="Từ ngày")
    last_day = DayField(label="Đến ngày", required=False)

    class Meta:
        model = office.Training
        fields = [
            "kind", "title", "first_day", "last_day", "place", "organiser", "audience", "people",
            "women", "document", "note",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        people, women = told.get("people"), told.get("women")
        if women is not None and (people is None or women > people):
            self.add_error("women", "Số nữ không thể nhiều hơn số người.")
        return told


class SteeringBodyForm(KeptForm):
    first_day = DayField(label="Thành lập ngày")
    last_day = DayField(label="Hoạt động đến ngày", required=False)

    class Meta:
        model = office.SteeringBody
        fields = ["kind", "name", "head", "members", "document", "first_day", "last_day", "note"]


class InformationSystemForm(KeptForm):
    built_on = DayField(label="Bắt đầu xây dựng ngày", required=False)
    first_day = DayField(label="Đưa vào sử dụng ngày", required=False)
    last_day = DayField(label="Ngừng sử dụng ngày", required=False)

    class Meta:
        model = office.InformationSystem
        fields = ["name", "purpose", "built_on", "first_day", "last_day", "document", "note"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("last_day") and not told.get("first_day"):
            self.add_error("first_day", "Ghi ngày đưa vào sử dụng trước ngày ngừng.")
        built, first = told.get("built_on"), told.get("first_day")
        if built and first and first < built:
            self.add_error("first_day", "Ngày đưa vào sử dụng phải sau ngày bắt đầu xây dựng.")
        return told


class ITPostForm(KeptForm):
    first_day = DayField(label="Từ ngày")
    last_day = DayField(label="Đến ngày", required=False)

    class Meta:
        model = office.ITPost
        fields = ["kind", "title", "division", "person", "first_day", "last_day", "document",
                  "note"]  # fmt: skip


class FindingForm(KeptForm):
    first_day = DayField(label="Nêu từ ngày")
    last_day = DayField(
        label="Đến ngày",
        required=False,
        help_text="Để trống khi nay vẫn còn; báo cáo sau sẽ gợi lại.",
    )

    class Meta:
        model = office.Finding
        fields = ["kind", "topic", "text", "first_day", "last_day", "document", "note"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}


class RecommendationForm(KeptForm):
    PAST = ("answered_on",)
    first_day = DayField(label="Kiến nghị ngày")
    due_on = DayField(label="Hẹn trả lời", required=False)
    answered_on = DayField(label="Trả lời ngày", required=False)
    document = CitedDocumentField(label="Văn bản nêu kiến nghị", required=False)
    answer_document = CitedDocumentField(label="Văn bản trả lời", required=False)

    class Meta:
        model = office.Recommendation
        fields = [
            "text", "addressee", "first_day", "due_on", "document", "state", "answered_on",
            "answer", "answer_document", "note",
        ]  # fmt: skip
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "answer": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        is_open = told.get("state") == office.Recommendation.State.OPEN
        answered = told.get("answered_on")
        if is_open and answered:
            self.add_error("state", "Kiến nghị có ngày trả lời thì chọn kết quả trả lời.")
        if not is_open and not answered and "answered_on" not in self.errors:
            self.add_error("answered_on", "Ghi ngày trả lời hoặc ngày thôi kiến nghị.")
        if not is_open and not told.get("answer") and not told.get("answer_document"):
            self.add_error("answer", "Ghi nội dung hoặc văn bản trả lời.")
        for name in ("answered_on", "due_on"):
            self._must_follow(told, name, told.get("first_day"), "ngày kiến nghị")
        return told


class RemovalForm(forms.Form):
    """Taking a record out, with the reason."""

    reason = forms.CharField(label="Lý do bỏ", max_length=300)

    def clean_reason(self) -> str:
        reason = typed.one_line(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError("Ghi lý do bỏ.")
        return reason
