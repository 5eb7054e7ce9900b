"""One line of capital: every change and payment with its document, and what was left after it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import DetailView

from portal.access import PermissionNeededMixin
from portal.documents.models import Document
from portal.formats import read_day
from programs.ledger import label, with_names
from programs.ledger.balances import balance_of, kept
from programs.models import CapitalChange, CapitalPlan, Disbursement, TreasuryRow

SHOWN = 100


@dataclass
class Entry:
    """A row of a line's history; `amount` as it moves what is left."""

    day: datetime.date
    words: str
    amount: Decimal
    by: Any
    at: datetime.datetime
    document: Document | None = None
    about: str = ""
    payment: Disbursement | None = None
    below: CapitalPlan | None = None
    treasury: TreasuryRow | None = None
    left: Decimal = Decimal(0)


class PlanDetail(PermissionNeededMixin, DetailView):
    permissions = ("programs.view",)
    template_name = "programs/capital/plan_detail.html"
    context_object_name = "plan"

    def get_object(self, queryset: QuerySet | None = None) -> CapitalPlan:
        return get_object_or_404(
            with_names(CapitalPlan.objects.visible_to(self.request.user)).select_related(
                "area", "investor"
            ),
            pk=self.kwargs["pk"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line: CapitalPlan = self.object
        user = self.request.user
        visible = CapitalPlan.objects.visible_to(user)
        on = read_day(self.request.GET.get("den_ngay", ""))
        one = CapitalPlan.objects.filter(pk=line.pk)
        pages = Paginator(history(line), SHOWN)
        page = pages.get_page(self.request.GET.get("page"))
        documents = {entry.document.pk for entry in page if entry.document}
        read = Document.objects.visible_to(user).filter(pk__in=documents)
        return super().get_context_data(
            programme=line.programme,
            title=label(line),
            balance=balance_of(one, on=on) if on else kept(line),
            on=on,
            page_obj=page,
            readable=set(read.values_list("pk", flat=True)),
            seen=set(visible.filter(parent=line).values_list("pk", flat=True)),
            above=with_names(visible).filter(pk=line.parent_id).first(),
            decides=user.has_perm("programs.plan"),
            has_below=line.children.exists(),
            today=timezone.localdate(),
            **kwargs,
        )


def history(line: CapitalPlan) -> list[Entry]:
    """All that happened to a line in order of days, with what was left after each; four queries."""
    entries = [*_changes(line), *_drawn(line), *_paid(line)]
    entries.sort(key=lambda entry: (entry.day, entry.at))
    left = Decimal(0)
    for entry in entries:
        left += entry.amount
        entry.left = left
    return entries


def _changes(line: CapitalPlan) -> Iterator[Entry]:
    changes = line.changes.select_related("document__document_type", "document__issuer", "by")
    for one in changes:
        words = one.get_what_display().capitalize()
        yield Entry(one.day, words, one.amount, one.by, one.at, one.document, one.note)


def _drawn(line: CapitalPlan) -> Iterator[Entry]:
    drawn = CapitalChange.objects.filter(plan__parent=line, what__in=CapitalChange.DRAWING)
    names = ("unit", "organisation", "works", "component")
    for one in drawn.select_related(
        "document__document_type", "document__issuer", "by", *(f"plan__{name}" for name in names)
    ):
        words = "Phân bổ cho" if one.amount > 0 else "Nhận lại từ"
        words = f"{words} {one.plan.holder_name}"
        yield Entry(
            one.day, words, -one.amount, one.by, one.at, one.document, one.note, below=one.plan
        )


def _paid(line: CapitalPlan) -> Iterator[Entry]:
    paid = line.disbursements.select_related(
        "document__document_type", "document__issuer", "by", "reverses", "reversal"
    ).prefetch_related("treasury_rows__extract")
    for one in paid:
        taken = getattr(one, "reversal", None)
        words = "Giải ngân"
        if one.reverses:
            words = f"Huỷ giải ngân ngày {one.reverses.day:%d/%m/%Y}"
        elif taken:
            words = f"Giải ngân (đã huỷ ngày {taken.day:%d/%m/%Y})"
        about = " · ".join(filter(None, [one.voucher and f"chứng từ {one.voucher}", one.note]))
        can = None if one.reverses or taken else one
        entry = Entry(one.day, words, -one.amount, one.by, one.at, one.document, about, payment=can)
        entry.treasury = next(iter(one.treasury_rows.all()), None)
        yield entry
