"""Decisions of the upper levels on capital as a workbook: given, allocated, adjusted.

A row is what one decision says of one line. It is weighed by the ledger itself while the file is
compared, after the rows above it, and nothing of that is kept: so an allocation above its parent
is told at its cell. What was decided is never changed by a file; the same file twice changes
nothing.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from import_export.fields import Field

from portal.collection.lists.cells import DayWidget, TextField, text_of
from portal.collection.lists.registry import brought_in
from portal.collection.lists.resource import ListLoader, ListResource, Row
from portal.collection.services.lists import CannotUndo
from portal.formats import number
from programs.ledger import LedgerRefused, NewChange, label, locked, translated, weigh_changes
from programs.ledger.opening import held_by, open_line
from programs.models import CapitalChange

from .cells import MillionWidget
from .decision_rows import (
    AMOUNT,
    COMPONENT,
    DAY,
    GIVER,
    KIND,
    NUMBER,
    RECEIVER,
    SOURCE,
    WHAT,
    YEAR,
    DecisionRows,
    Told,
)
from .decision_sizes import MOSTLY_WRONG, are_mostly_too_large, bound_of, too_large


@brought_in("quyet-dinh-von")
class DecisionResource(ListResource):
    title = "Quyết định giao, phân bổ, điều chỉnh vốn"
    hint = "Vốn được giao cho tỉnh, phân bổ xuống huyện, cơ quan, chủ đầu tư, công trình"
    permissions = ("programs.plan",)
    anchor = RECEIVER
    required = (NUMBER, DAY, YEAR, WHAT, COMPONENT, SOURCE, KIND, RECEIVER, AMOUNT)
    least_headings = 6
    least_told = 6
    keeps_before = False
    from_old_system = False
    can_undo = False
    list_url = "programs:plan_list"
    filled_in = frozenset(
        {"number", "date", "year", "word", "component", "source", "kind", "receiver", "giver"}
    )
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        NUMBER: ("Số QĐ", "Quyết định", "Số, ký hiệu", "Số, ký hiệu quyết định"),
        DAY: ("Ngày QĐ", "Ngày ban hành", "Ngày"),
        YEAR: ("Năm kế hoạch", "Kế hoạch năm"),
        WHAT: ("Loại quyết định", "Nội dung giao/phân bổ/điều chỉnh", "Hình thức"),
        COMPONENT: ("Dự án", "Mã dự án, nội dung", "Mã nội dung", "Dự án, nội dung"),
        SOURCE: ("Nguồn", "Mã nguồn", "Mã nguồn vốn"),
        KIND: ("Loại", "Tính chất vốn"),
        RECEIVER: (
            "Đơn vị nhận", "Đơn vị/cơ quan/chủ đầu tư nhận", "Đơn vị được giao",
            "Cơ quan, đơn vị nhận", "Đơn vị", "Tên đơn vị",
        ),
        GIVER: ("Cấp giao", "Phân bổ từ", "Đơn vị phân bổ"),
        AMOUNT: ("Số tiền", "Số vốn", "Số tiền triệu đồng", "Số vốn (triệu đồng)", "Vốn giao"),
    }  # fmt: skip

    number = TextField("document__number_and_symbol", NUMBER, readonly=True)
    date = Field("document__date", DAY, readonly=True, widget=DayWidget())
    year = Field("plan__year", YEAR, readonly=True)
    word = TextField("what", WHAT, readonly=True)
    component = TextField("plan__component__code", COMPONENT, readonly=True)
    source = TextField("plan__source__code", SOURCE, readonly=True)
    kind = TextField("plan__kind", KIND, readonly=True)
    receiver = TextField("plan__holder_name", RECEIVER, readonly=True)
    giver = TextField("plan__parent__holder_name", GIVER, readonly=True)
    amount = Field("amount", AMOUNT, widget=MillionWidget())

    class Meta:
        model = CapitalChange
        fields = (
            "number", "date", "year", "word", "component", "source", "kind", "receiver", "giver",
            "amount",
        )  # fmt: skip
        export_order = fields
        import_id_fields = ()
        instance_loader_class = ListLoader
        clean_model_instances = False  # the ledger weighs each row
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = DecisionRows()
        self.mostly_too_large = False

    # how large amounts are

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        said = (self._said_of(row) for row in dataset.dict)
        self.mostly_too_large = are_mostly_too_large(one for one in said if one is not None)

    def _said_of(self, row: Row) -> str | None:
        """Why the amount of a row cannot be million đồng; None where it has none."""
        try:
            amount = self.fields["amount"].widget.clean(row.get(AMOUNT))
        except ValueError:
            return None
        return None if amount is None else too_large(amount, bound_of(self.rows.understand(row)))

    # the way of a row

    def record_of(self, row: Row) -> CapitalChange | None:
        told = self.rows.understand(row)
        if told.wrong or told.receiver is None or told.document is None:
            return None
        key = (told.document.pk, told.year, told.what, told.component, told.source, told.kind)
        self._see((*key, told.receiver, told.parent))
        return (
            CapitalChange.objects.filter(
                document=told.document,
                what=told.what,
                plan__year=told.year,
                plan__component=told.component,
                plan__source=told.source,
                plan__kind=told.kind,
                plan__parent=told.parent,
                **{f"plan__{name}": value for name, value in held_by(told.receiver).items()},
            )
            .select_related("plan__component", "plan__source", "document__document_type")
            .first()
        )

    def import_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        told = self.rows.understand(row)
        wrong: dict[str, Any] = dict(told.wrong)
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            wrong |= error.error_dict
        if "amount" not in wrong and instance.amount is None:
            wrong["amount"] = "Ghi số tiền."
        elif "amount" not in wrong:
            said = too_large(instance.amount, bound_of(told))
            if said or self.mostly_too_large:
                wrong["amount"] = said or MOSTLY_WRONG
        if not text_of(row.get(RECEIVER)):
            wrong["plan__holder_name"] = "Ghi nơi nhận vốn."
        if wrong:
            raise ValidationError(wrong)
        instance.told = told

    def refuse_change(self, record: Any) -> None:
        raise ValidationError(
            {
                "amount": f"{record.document} đã ghi {number(record.amount)} triệu đồng cho dòng "
                f"này. Số đã ghi không sửa; muốn thay đổi, ghi quyết định điều chỉnh."
            }
        )

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Open the line where it is new, weigh the change as any other, and keep it."""
        told: Told = instance.told
        if told.component is None or told.source is None or told.receiver is None:
            return
        try:
            with translated():
                line = open_line(
                    programme=told.component.programme,
                    component=told.component,
                    source=told.source,
                    kind=told.kind,
                    year=told.year,
                    holder=told.receiver,
                    parent=told.parent,
                )
                change = NewChange(line, told.what, instance.amount)
                weigh_changes(locked([line.pk]), [change], told.document.date)  # type: ignore[union-attr]
                instance.plan, instance.document = line, told.document
                instance.what, instance.day = told.what, told.document.date  # type: ignore[union-attr]
                instance.by = self.by
                instance.save()
        except LedgerRefused as refused:
            at = "what" if refused.rule == "capital_change_at_its_place" else "amount"
            raise ValidationError({at: refused.message}) from refused

    def words(self, record: Any) -> str:
        word = record.get_what_display().capitalize()
        return f"{word} {number(record.amount)} triệu đồng: {label(record.plan)}"

    def forget(self, new: list[Any]) -> None:
        raise CannotUndo(
            "Quyết định về vốn đã ghi không thu hồi được. Hãy ghi quyết định điều chỉnh."
        )
