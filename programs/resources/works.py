"""The register of works as a workbook. A row is the works of its code; a blank cell leaves what is.

What is refused stands at its cell: an unknown component or investor, a commune that is not in
force on the planned start, a state that does not follow.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import prefetch_related_objects
from django.utils import timezone
from import_export.fields import Field

from portal.collection.lists.cells import ChoiceWidget, DayWidget, GuardedField, TextField, text_of
from portal.collection.lists.registry import brought_in
from portal.collection.lists.resource import ListLoader, ListResource, Row
from portal.collection.workbooks.names import tidy
from programs.communes import Communes
from programs.models import DONE, FOLLOWING, State, Works
from programs.register import (
    WorksRefused,
    change_state,
    communes_for,
    investors_for,
    save_works,
)

from .cells import (
    PROGRAMME,
    START,
    AmountWidget,
    ComponentWidget,
    DegreesWidget,
    InvestorWidget,
    PlacesField,
    VillagesField,
)

SINCE = "Tình trạng từ ngày"


@brought_in("cong-trinh")
class WorksResource(ListResource):
    title = "Công trình, hoạt động của chương trình"
    hint = "Danh mục công trình với địa điểm, chủ đầu tư, thời gian và tình trạng"
    permissions = ("programs.works",)
    anchor = "Tên công trình"
    required = ("Mã", "Tên công trình", "Mã dự án", "Mã chủ đầu tư", "Xã")
    blank_keeps = True
    keeps_before = False  # states are only added to, so a changed one cannot be put back
    least_headings = 4
    list_url = "programs:works_list"
    from_old_system = False
    own_relations = frozenset({"programs.worksplace"})
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "Mã": ("Mã công trình", "Mã số", "Mã dự án đầu tư"),
        "Tên công trình": (
            "Tên công trình, hoạt động", "Công trình", "Tên", "Danh mục công trình",
            "Tên danh mục", "Tên dự án, công trình",
        ),
        "Mã dự án": ("Dự án, nội dung", "Dự án", "Mã nội dung", "Nội dung", "Mã dự án, nội dung"),
        PROGRAMME: ("Mã chương trình",),
        "Loại": ("Loại công trình",),
        "Mã chủ đầu tư": ("Chủ đầu tư",),
        "Tổng mức đầu tư (triệu đồng)": (
            "Tổng mức đầu tư", "Tổng mức", "TMĐT", "TMĐT (triệu đồng)",
        ),
        START: ("Khởi công (kế hoạch)", "Ngày khởi công kế hoạch", "Khởi công KH"),
        "Hoàn thành theo kế hoạch": (
            "Hoàn thành (kế hoạch)", "Ngày hoàn thành kế hoạch", "Hoàn thành KH",
        ),
        "Khởi công thực tế": ("Ngày khởi công", "Khởi công"),
        "Hoàn thành thực tế": ("Ngày hoàn thành", "Hoàn thành"),
        "Tình trạng": ("Trạng thái", "Tiến độ"),
        SINCE: ("Từ ngày",),
        "Xã": ("Địa điểm", "Xã, phường, thị trấn", "Xã/phường", "Mã xã", "Địa điểm xây dựng"),
        "Thôn": ("Thôn, bản", "Thôn/bản"),
    }  # fmt: skip

    code = GuardedField("code", "Mã")
    name = GuardedField("name", "Tên công trình")
    programme = TextField("component__programme__code", PROGRAMME, readonly=True)
    component = Field("component", "Mã dự án", widget=ComponentWidget())
    kind = Field("kind", "Loại", widget=ChoiceWidget(Works.Kind))
    investor = Field("investor", "Mã chủ đầu tư", widget=InvestorWidget())
    total_investment = Field(
        "total_investment", "Tổng mức đầu tư (triệu đồng)", widget=AmountWidget()
    )
    planned_start = Field("planned_start", START, widget=DayWidget())
    planned_finish = Field("planned_finish", "Hoàn thành theo kế hoạch", widget=DayWidget())
    actual_start = Field("actual_start", "Khởi công thực tế", widget=DayWidget())
    actual_finish = Field("actual_finish", "Hoàn thành thực tế", widget=DayWidget())
    state = Field("state", "Tình trạng", widget=ChoiceWidget(State))
    state_since = Field("state_since", SINCE, widget=DayWidget())
    places = PlacesField()
    villages = VillagesField(places)
    latitude = Field("latitude", "Vĩ độ", widget=DegreesWidget())
    longitude = Field("longitude", "Kinh độ", widget=DegreesWidget())
    note = GuardedField("note", "Ghi chú")
    filled_in = frozenset({"programme"})

    class Meta:
        model = Works
        fields = (
            "code", "name", "programme", "component", "kind", "investor", "total_investment",
            "planned_start", "planned_finish", "actual_start", "actual_finish", "state",
            "state_since", "places", "villages", "latitude", "longitude", "note",
        )  # fmt: skip
        export_order = fields
        import_id_fields = ()
        instance_loader_class = ListLoader
        clean_model_instances = False  # the rows are cleaned here, in fewer queries
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.communes = Communes()
        places = self.fields["places"]
        places.prepare(self.communes)
        self.fields["villages"].places = places
        self.fields["component"].widget.prepare()
        self.fields["investor"].widget.prepare(investors_for(self.by))
        self.today = timezone.localdate()
        self.standing: dict[str, Works] = {}
        self.elsewhere: set[str] = set()

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """The works that the file speaks of: those that the sender sees, and that there are."""
        codes = {text_of(code) for code in dataset["Mã"]}
        named = Works.objects.filter(code__in=codes)
        seen = named.visible_to(self.by).select_related("component__programme", "investor")
        for works in seen.prefetch_related("place_rows__unit"):
            self.standing[works.code] = works
        self.elsewhere = set(named.values_list("code", flat=True)) - set(self.standing)

    def look_up(self, records: list[Works]) -> None:
        names = ("component__programme", "investor", "place_rows__unit")
        prefetch_related_objects(records, *names)

    def record_of(self, row: Row) -> Works | None:
        code = text_of(row.get("Mã"))
        if not code:
            raise ValueError("Ghi mã công trình.")
        self._see(code, f"Mã “{code[:40]}” đã có ở một dòng trên của tệp.")
        if code in self.elsewhere:
            raise ValueError(f"Mã “{code}” đã dùng cho công trình ngoài địa bàn, đơn vị của mình.")
        return self.standing.get(code)

    def after_init_instance(self, instance: Any, new: bool, row: Row, **kwargs: Any) -> None:
        instance.stood_in = (instance.state, instance.state_since)
        if new:
            instance.kind = ""

    def import_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        wrong: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            wrong = error.error_dict
        instance.name = tidy(instance.name)
        for found in (self._state(instance, row), self._place(instance), self._whole(instance)):
            for field, text in found.items():
                wrong.setdefault(field, ValidationError(text))
        if wrong:
            raise ValidationError(wrong)

    def _state(self, works: Works, row: Row) -> dict[str, str]:
        """Why the state cannot be that of the row; a row without a state leaves what is."""
        state, since = works.stood_in  # type: ignore[attr-defined]
        works.state = works.state or state
        if works.state == state:
            if since and works.state_since != since:
                works.state_since = since
                return {"state_since": f"Tình trạng này có từ {since:%d/%m/%Y}, giữ nguyên."}
            return {}
        if not text_of(row.get(SINCE)):
            days = {State.STARTED: works.actual_start, State.FINISHED: works.actual_finish}
            works.state_since = days.get(State(works.state))
        if works.state_since is None:
            return {"state_since": "Ghi ngày bắt đầu tình trạng này."}
        if since and works.state_since < since:
            return {"state_since": f"Tình trạng trước có từ {since:%d/%m/%Y}; ghi ngày từ đó."}
        if since and works.state not in FOLLOWING[state]:
            word = State(state).label
            return {"state": f"Đang “{word}”, không chuyển thẳng sang tình trạng này được."}
        return {}

    def _place(self, works: Works) -> dict[str, str]:
        """An officer's works lie, at least with one commune, in the own area."""
        told = getattr(works, "told_places", None)
        if told is None or any(place.unit.pk in self.own_area for place in told):
            return {}
        return {"told_places": "Không có xã nào thuộc địa bàn của mình."}

    @cached_property
    def own_area(self) -> set[int]:
        return set(communes_for(self.by).values_list("pk", flat=True))

    def _whole(self, works: Works) -> dict[str, str]:
        """What the columns say together."""
        told: dict[str, str] = {}
        if not works.name:
            told["name"] = "Ghi tên công trình."
        if not works.kind:
            told["kind"] = "Ghi loại: xây mới; nâng cấp, sửa chữa; hoặc hỗ trợ, hoạt động."
        for field in ("actual_start", "actual_finish", "state_since"):
            day = getattr(works, field)
            if day and day > self.today:
                told[field] = f"Ngày {day:%d/%m/%Y} chưa đến."
        if works.actual_finish and works.state not in DONE:
            told["actual_finish"] = "Chưa hoàn thành mà có ngày hoàn thành thực tế."
        if works.state in DONE and not works.actual_start:
            told["actual_start"] = "Đã hoàn thành thì ghi ngày khởi công thực tế."
        return told

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """The fields; what columns say together is held by the database, in its own words."""
        wrong = dict(import_validation_errors or {})
        known = {"component", "investor", "created_by", "state", *wrong}
        try:
            instance.clean_fields(exclude=known)
        except ValidationError as error:
            wrong = error.update_error_dict(wrong)
        if wrong:
            raise ValidationError(wrong)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Facts and places, then the state as an event of its day."""
        state, since = instance.state, instance.state_since
        told = self.fields["places"].get_value(instance)
        before, before_since = instance.stood_in
        instance.state, instance.state_since = before, before_since
        try:
            save_works(works=instance, places=told, by=self.by)
            if (state, since) != (before, before_since):
                change_state(
                    works=instance, state=State(state), day=since, today=self.today, by=self.by
                )
        except WorksRefused as refused:
            field = {"day": "state_since"}.get(refused.field, refused.field)
            raise ValidationError({field: str(refused)}) from refused
        except IntegrityError as error:
            raise ValidationError(_told_by(error)) from error
        instance.state, instance.state_since = state, since
        if state == State.STARTED and instance.actual_start is None:
            instance.actual_start = since
        if state == State.FINISHED and (state, since) != (before, before_since):
            instance.actual_finish = since

    def words(self, record: Any) -> str:
        places = self.fields["places"].export(record)
        return f"{record.name}; {record.component.code}; {places}"


def _told_by(error: IntegrityError) -> dict[str, str]:
    """The constraint's sentence at its field."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in Works._meta.constraints:
        if constraint.name == name:
            return {FIELDS.get(name, "code"): str(constraint.violation_error_message)}
    return {"told_places": str(error).split("\n")[0]}


FIELDS = {
    "works_investment_positive": "total_investment",
    "works_planned_in_order": "planned_finish",
    "works_done_in_order": "actual_finish",
    "works_in_viet_nam": "latitude",
}
