"""Decisions are entered: several rows in one form, one document of the register."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from portal.access import PermissionNeededMixin
from portal.formats import number, read_whole
from portal.units.models import AdministrativeUnit, Level
from programs.forms.capital import (
    AdjustmentForm,
    AllocationRow,
    AssignmentRow,
    DecisionForm,
)
from programs.forms.capital.deciding import Receivers
from programs.ledger import LedgerRefused, NewChange, label, with_names
from programs.models import CapitalChange, CapitalPlan, Works
from programs.services import capital
from programs.views.structure import ProgrammePartMixin

FIRST_ROWS, MORE_ROWS, MOST_ROWS = 4, 5, 200
MORE = "them"  # the button that asks for more rows
ADJUSTED_AT_ONCE = 300
What = CapitalChange.What


class Deciding(FormView):
    """A decision: head form, and rows where there are some. Refusals stand at their row."""

    template_name = "programs/capital/decision_form.html"
    form_class: type[forms.Form] = DecisionForm
    row_class: type[forms.Form] | None = None
    title = ""
    button = "Ghi quyết định"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def row_kwargs(self) -> dict[str, Any]:
        return {}

    @cached_property
    def rows(self) -> Any:
        if self.row_class is None:
            return None
        formset = forms.formset_factory(self.row_class, extra=FIRST_ROWS, max_num=MOST_ROWS)
        data = self.request.POST.copy() if self.request.method == "POST" else None
        if data is not None and MORE in data:
            count = read_whole(data.get("form-TOTAL_FORMS", "")) or FIRST_ROWS
            data["form-TOTAL_FORMS"] = str(min(count + MORE_ROWS, MOST_ROWS))
        return formset(data, form_kwargs=self.row_kwargs())

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if MORE in request.POST:
            form.errors.clear()
            return self.form_invalid(form)
        rows_right = self.rows is None or self.rows.is_valid()
        if not form.is_valid() or not rows_right:
            return self.form_invalid(form)
        try:
            said = self.write(form)
        except LedgerRefused as refused:
            self.tell(form, refused)
            return self.form_invalid(form)
        messages.success(request, said)
        return redirect(self.told_at())

    def tell(self, form: Any, refused: LedgerRefused) -> None:
        early = refused.rule == "capital_after_decision"
        form.add_error("day" if early else None, refused.message)

    def filled(self) -> list[forms.Form]:
        """Rows with something in them.

        Raises:
            LedgerRefused: there is none.
        """
        found = [row for row in self.rows if row.has_changed()]
        if not found:
            raise LedgerRefused("Ghi ít nhất một dòng vốn.")
        return found

    def write(self, form: Any) -> str:
        raise NotImplementedError

    def home(self) -> str:
        """The page that one came from."""
        raise NotImplementedError

    def told_at(self) -> str:
        """Where what came of it is told."""
        return self.home()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.title,
            button=self.button,
            home_url=self.home(),
            rows=self.rows,
            head_fields=("document", "day", "note"),
            **kwargs,
        )


class AssignmentCreate(ProgrammePartMixin, Deciding):
    """Money from the ministry or the council for the province, of a year or a phase."""

    permissions = ("programs.plan",)
    row_class = AssignmentRow
    title = "Giao vốn cho tỉnh"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and request.user.has_perm("programs.plan"):
            self.programme = self.get_programme()
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def phase(self) -> Any:
        asked = read_whole(self.request.GET.get("giai-doan", ""))
        return get_object_or_404(self.programme.phases, pk=asked) if asked else None

    @cached_property
    def year(self) -> int:
        asked = read_whole(self.request.GET.get("nam", "")) or 0
        return asked if 2000 <= asked <= 2100 else timezone.localdate().year

    def row_kwargs(self) -> dict[str, Any]:
        return {"programme": self.programme}

    def home(self) -> str:
        if self.phase:
            asked = {"chuong-trinh": self.programme.code, "giai-doan": self.phase.pk}
            return reverse("programs:medium_term_list", query=asked)
        asked = {"chuong-trinh": self.programme.code, "nam": self.year}
        return reverse("programs:plan_list", query=asked)

    def _province(self) -> AdministrativeUnit:
        """The province in force at the end of the year; of a phase, when it begins."""
        day = self.phase.valid.lower if self.phase else datetime.date(self.year, 12, 31)
        day = min(day, timezone.localdate())
        return AdministrativeUnit.objects.on(day).get(level=Level.PROVINCE, is_reference=False)

    @transaction.atomic
    def write(self, form: Any) -> str:
        province = self._province()
        changes = []
        for row in self.filled():
            told = row.cleaned_data
            line = capital.open_line(
                programme=self.programme,
                component=told["component"],
                source=told["source"],
                kind=told["kind"],
                year=None if self.phase else self.year,
                phase=self.phase,
                holder=province,
            )
            changes.append(NewChange(line, What.ASSIGNED, told["amount"]))
        capital.decide(by=self.request.user, changes=changes, **form.cleaned_data)
        total = sum((one.amount for one in changes), Decimal(0))
        return f"Đã ghi {len(changes)} dòng vốn, {number(total)} triệu đồng."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        period = f"giai đoạn {self.phase}" if self.phase else f"năm {self.year}"
        return super().get_context_data(lead=f"{self.programme.short_name}, {period}", **kwargs)


class OfLine(PermissionNeededMixin, Deciding):
    """A decision about one line and those below it."""

    permissions = ("programs.plan",)

    @cached_property
    def line(self) -> CapitalPlan:
        visible = with_names(CapitalPlan.objects.visible_to(self.request.user))
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def home(self) -> str:
        return reverse("programs:plan_detail", args=[self.line.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            plan=self.line, programme=self.line.programme, lead=label(self.line), **kwargs
        )


class AllocationCreate(OfLine):
    """Money of a line for units, organisations and works below it."""

    row_class = AllocationRow
    title = "Phân bổ vốn"

    @cached_property
    def receivers(self) -> Receivers:
        return Receivers(self.line, today=timezone.localdate())

    def row_kwargs(self) -> dict[str, Any]:
        return {"receivers": self.receivers}

    @transaction.atomic
    def write(self, form: Any) -> str:
        changes = []
        for row in self.filled():
            told = row.cleaned_data
            receiver = told["receiver"]
            own = receiver.component if isinstance(receiver, Works) else None
            line = capital.open_line(
                programme=self.line.programme,
                component=own or told["component"] or self.line.component,
                source=self.line.source,
                kind=self.line.kind,
                year=self.line.year,
                phase=self.line.phase,
                holder=receiver,
                parent=self.line,
            )
            changes.append(NewChange(line, What.ALLOCATED, told["amount"]))
        capital.decide(by=self.request.user, changes=changes, **form.cleaned_data)
        total = sum((one.amount for one in changes), Decimal(0))
        return f"Đã phân bổ {number(total)} triệu đồng cho {len(changes)} nơi nhận."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(options=self.receivers.options(), **kwargs)


class AdjustmentCreate(OfLine):
    """More or less on the lines below this one, and on itself where it stands at the top."""

    form_class = AdjustmentForm
    title = "Điều chỉnh vốn"

    @cached_property
    def lines(self) -> list[CapitalPlan]:
        below = with_names(CapitalPlan.objects.filter(parent=self.line)).order_by("pk")
        own = [] if self.line.parent_id else [self.line]
        return [*own, *below[:ADJUSTED_AT_ONCE]]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"lines": self.lines}

    def write(self, form: Any) -> str:
        amounts = form.amounts()
        if not amounts:
            raise LedgerRefused("Ghi số tăng hoặc giảm ở ít nhất một dòng.")
        told = {name: form.cleaned_data[name] for name in ("document", "day", "note")}
        capital.adjust(amounts=amounts, by=self.request.user, **told)
        return f"Đã điều chỉnh {len(amounts)} dòng vốn."

    def tell(self, form: Any, refused: LedgerRefused) -> None:
        field = f"line_{refused.line.pk}" if refused.line else ""
        if field in form.fields and refused.rule != "capital_after_decision":
            form.add_error(field, refused.message)
        else:
            super().tell(form, refused)
