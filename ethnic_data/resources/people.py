"""Lists of people as workbooks: out with every column, back in by person.

A row names its person by "Mã"; without one, by commune, name and year of birth, so that the same
file twice changes nothing. Words are matched after folding; what is not understood is said at its
cell. Nobody brings in people of another area.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from import_export.fields import Field

from ethnic_data.models import CouncilDeputy, PrestigiousPerson, Sex
from ethnic_data.models.people import Block, Education, PersonRecord, Qualification
from portal.collection.lists.cells import GuardedField, TextField
from portal.collection.lists.resource import ListLoader, ListResource, Row
from portal.units.names import fold

from .people_widgets import (
    ChoiceWidget,
    DayWidget,
    GroupWidget,
    TermWidget,
    UnitWidget,
    YearWidget,
    YesNoWidget,
)

if TYPE_CHECKING:
    from portal.accounts.models import User
TWICE = "Người này đã có ở một dòng trên của tệp."


class PersonResource(ListResource):
    """What both lists share. `by`: who sends or gets the file."""

    anchor = "Họ và tên"
    keeps_before = False  # nothing personal stays with a file
    day_column: ClassVar[str]  # the column that says on which day the unit is meant
    # headings as others write them
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "Họ và tên": ("Họ tên", "Họ và tên người có uy tín", "Họ và tên đại biểu", "Tên"),
        "Năm sinh": ("Ngày sinh", "Ngày tháng năm sinh", "Sinh năm", "Ngày, tháng, năm sinh"),
        "Giới tính": ("Giới", "Nam/Nữ", "Nam, nữ"),
        "Dân tộc": ("Thành phần dân tộc", "DT"),
        "Đơn vị": ("Xã", "Xã, phường, thị trấn", "Xã/phường/thị trấn", "Nơi cư trú", "Tên xã"),
        "Huyện": ("Huyện, thành phố", "Huyện/thành phố", "Thuộc huyện"),
        "Đảng viên": ("Đảng", "Là đảng viên"),
        "Trình độ văn hoá": ("Văn hoá", "Học vấn", "Trình độ học vấn", "Trình độ"),
        "Trình độ chuyên môn": ("Chuyên môn", "CMNV"),
    }

    id = Field("pk", "Mã", readonly=True)
    full_name = GuardedField("full_name", "Họ và tên")
    birth_year = Field("birth_year", "Năm sinh", widget=YearWidget())
    sex = Field("sex", "Giới tính", widget=ChoiceWidget(Sex))
    group = Field("group", "Dân tộc", widget=GroupWidget())
    unit = Field("unit", "Đơn vị", widget=UnitWidget())
    district = TextField(column_name="Huyện", readonly=True)
    is_party_member = Field("is_party_member", "Đảng viên", widget=YesNoWidget())
    education = Field("education", "Trình độ văn hoá", widget=ChoiceWidget(Education))
    qualification = Field(
        "qualification", "Trình độ chuyên môn", widget=ChoiceWidget(Qualification)
    )
    religion = GuardedField("religion", "Tôn giáo")
    note = GuardedField("note", "Ghi chú")

    class Meta:
        import_id_fields = ("id",)
        instance_loader_class = ListLoader
        clean_model_instances = True
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True

    def __init__(self, *, by: User, **kwargs: Any) -> None:
        super().__init__(by=by, **kwargs)
        for name in ("group", "unit"):
            self.fields[name].widget.prepare(by)
        self.fields["unit"].widget.day_field = self.fields[self.day_field]

    @property
    def day_field(self) -> str:
        return next(n for n, field in self.fields.items() if field.column_name == self.day_column)

    @classmethod
    def headings(cls) -> list[str]:
        return [field.column_name for field in cls().get_export_fields()]  # type: ignore[call-arg]

    def dehydrate_district(self, person: PersonRecord) -> str:
        return str(self.fields["unit"].widget.district_name(person.unit))

    # which person

    def get_queryset(self) -> Any:
        return self._meta.model.objects.visible_to(self.by).with_names()

    def record_of(self, row: Row) -> PersonRecord | None:
        """By code, else by what tells a person in this list.

        Raises:
            ValueError: the code names nobody whom the sender sees.
        """
        code = str(row.get("Mã") or "").strip().removesuffix(".0")
        if code:
            found = self.get_queryset().filter(pk=code).first() if code.isdigit() else None
            if found is None:
                raise ValueError(f"Không có người mang mã {code} trong địa bàn.")
            self._see(found.pk, TWICE)
            return found  # type: ignore[no-any-return]
        try:
            identity = self.identity(row)
        except ValueError:
            return None  # said at its cell when the columns are read
        self._see(tuple(identity.values()), TWICE)
        return self.get_queryset().filter(**identity).order_by("-pk").first()  # type: ignore[no-any-return]

    def identity(self, row: Row) -> dict[str, Any]:
        clean = {name: self.fields[name].clean(row) for name in ("full_name", "birth_year", "unit")}
        return {
            "name_key": fold(clean["full_name"]),
            "birth_year": clean["birth_year"],
            "unit": clean["unit"],
        }

    def before_save_instance(self, instance: PersonRecord, row: Row, **kwargs: Any) -> None:
        instance.changed_by = self.by

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        instance.changed_by = self.by
        super().validate_instance(instance, import_validation_errors, **kwargs)


class DeputyResource(PersonResource):
    which = "deputies"
    day_column = "Ngày bầu"
    required = ("Họ và tên", "Năm sinh", "Giới tính", "Dân tộc", "Đơn vị", "Nhiệm kỳ", "Ngày bầu")
    aliases = PersonResource.aliases | {
        "Đơn vị": ("HĐND", "Hội đồng nhân dân", *PersonResource.aliases["Đơn vị"]),
        "Nhiệm kỳ": ("Khoá", "Nhiệm kì"),
        "Ngày bầu": ("Ngày bầu cử", "Ngày trúng cử"),
        "Chuyên trách": ("Đại biểu chuyên trách", "Hoạt động chuyên trách"),
        "Lý luận chính trị": ("LLCT", "Lý luận", "Trình độ lý luận chính trị"),
        "Chức vụ": ("Chức vụ, nơi công tác", "Nghề nghiệp, chức vụ"),
    }

    term = Field("term", "Nhiệm kỳ", widget=TermWidget())
    elected_date = Field("elected_date", "Ngày bầu", widget=DayWidget())
    constituency = GuardedField("constituency", "Đơn vị bầu cử")
    position = GuardedField("position", "Chức vụ")
    block = Field("block", "Khối công tác", widget=ChoiceWidget(Block))
    politics = GuardedField("politics", "Lý luận chính trị")
    is_full_time = Field("is_full_time", "Chuyên trách", widget=YesNoWidget())
    is_reelected = Field("is_reelected", "Tái cử", widget=YesNoWidget())
    left_date = Field("left_date", "Thôi làm đại biểu từ ngày", widget=DayWidget())
    left_reason = GuardedField("left_reason", "Lý do thôi")

    class Meta(PersonResource.Meta):
        model = CouncilDeputy
        fields = (
            "id", "full_name", "birth_year", "sex", "group", "unit", "district", "term",
            "elected_date", "constituency", "position", "block", "is_full_time", "is_reelected",
            "is_party_member", "education", "qualification", "politics", "religion", "left_date",
            "left_reason", "note",
        )  # fmt: skip
        export_order = fields

    def identity(self, row: Row) -> dict[str, Any]:
        return super().identity(row) | {"term": self.fields["term"].clean(row)}


class PrestigiousResource(PersonResource):
    which = "prestigious"
    day_column = "Ngày công nhận"
    required = (
        "Họ và tên", "Năm sinh", "Giới tính", "Dân tộc", "Đơn vị", "Thành phần",
        "Quyết định công nhận", "Ngày công nhận",
    )  # fmt: skip
    aliases = PersonResource.aliases | {
        "Thôn, bản": ("Thôn", "Bản", "Thôn/bản", "Thôn, bản, tổ dân phố"),
        "Thành phần": ("Thành phần người có uy tín", "Diện", "Đối tượng"),
        "Quyết định công nhận": ("Số quyết định", "Quyết định", "Số QĐ"),
        "Ngày công nhận": ("Ngày quyết định", "Ngày QĐ", "Công nhận từ ngày"),
    }

    village = GuardedField("village", "Thôn, bản")
    category = Field("category", "Thành phần", widget=ChoiceWidget(PrestigiousPerson.Category))
    recognised_by = GuardedField("recognised_by", "Quyết định công nhận")
    recognised_date = Field("recognised_date", "Ngày công nhận", widget=DayWidget())
    removed_by = GuardedField("removed_by", "Quyết định đưa ra khỏi danh sách")
    removed_date = Field("removed_date", "Đưa ra từ ngày", widget=DayWidget())
    removed_reason = Field(
        "removed_reason", "Lý do đưa ra", widget=ChoiceWidget(PrestigiousPerson.Removal)
    )

    class Meta(PersonResource.Meta):
        model = PrestigiousPerson
        fields = (
            "id", "full_name", "birth_year", "sex", "group", "village", "unit", "district",
            "category", "is_party_member", "education", "qualification", "religion",
            "recognised_by", "recognised_date", "removed_by", "removed_date", "removed_reason",
            "note",
        )  # fmt: skip
        export_order = fields

    def identity(self, row: Row) -> dict[str, Any]:
        day = self.fields["recognised_date"].clean(row)
        return super().identity(row) | {"recognised_date": day}


RESOURCES: dict[str, type[PersonResource]] = {
    one.which: one for one in (DeputyResource, PrestigiousResource)
}
