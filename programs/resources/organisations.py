"""Agencies and investors as a workbook."""

from __future__ import annotations

from typing import Any, ClassVar

from import_export.fields import Field

from portal.collection.lists.cells import ChoiceWidget, GuardedField, YesNoWidget, text_of
from portal.collection.lists.registry import brought_in
from portal.collection.lists.resource import ListLoader, ListResource, Row
from portal.collection.workbooks.names import tidy
from portal.units.names import fold
from programs.models import Organisation


@brought_in("co-quan-chu-dau-tu")
class OrganisationResource(ListResource):
    title = "Cơ quan, chủ đầu tư"
    hint = "Đơn vị được giao vốn, chủ đầu tư của các chương trình"
    permissions = ("programs.design",)
    anchor = "Tên đơn vị"
    required = ("Mã", "Tên đơn vị")
    least_headings = 2
    least_told = 2
    blank_keeps = True
    list_url = "programs:organisation_list"
    from_old_system = False
    own_relations = frozenset({"programs.membership"})
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "Mã": ("Mã đơn vị", "Mã chủ đầu tư", "Mã cơ quan"),
        "Tên đơn vị": ("Tên", "Chủ đầu tư", "Cơ quan", "Đơn vị", "Tên chủ đầu tư"),
        "Loại": ("Loại đơn vị",),
    }

    code = GuardedField("code", "Mã")
    name = GuardedField("name", "Tên đơn vị")
    kind = Field("kind", "Loại", widget=ChoiceWidget(Organisation.Kind), default="investor")
    is_active = Field("is_active", "Đang hoạt động", widget=YesNoWidget())

    class Meta:
        model = Organisation
        fields = ("code", "name", "kind", "is_active")
        export_order = fields
        import_id_fields = ()
        instance_loader_class = ListLoader
        clean_model_instances = True
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True

    def record_of(self, row: Row) -> Organisation | None:
        code = text_of(row.get("Mã"))
        if not code:
            raise ValueError("Ghi mã đơn vị.")
        self._see(fold(code))
        return Organisation.objects.filter(code__iexact=code).first()

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        if not text_of(row.get("Loại")):
            row["Loại"] = ""
        if not text_of(row.get("Đang hoạt động")):
            row["Đang hoạt động"] = "có"

    def import_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        instance.name = tidy(instance.name)
        instance.name_key = fold(instance.name)  # the constraint on names looks at it

    def words(self, record: Any) -> str:
        return f"{record.code}, {record.get_kind_display()}"
