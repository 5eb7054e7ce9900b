"""A payment is entered with the balance in sight; one that was wrong is taken back."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from portal.access import PermissionNeededMixin
from portal.formats import day as written_day
from portal.formats import moment, number
from programs.forms.capital import PaymentForm, ReversalForm
from programs.ledger import LedgerRefused, label, with_names
from programs.models import CapitalPlan, Disbursement
from programs.services import disbursing


class OfOneLine(PermissionNeededMixin, FormView):
    """A form about one line; what the ledger refuses stands at the field that is to blame."""

    permissions = ("programs.plan",)
    template_name = "programs/capital/entry_form.html"
    title = ""
    button = ""
    FIELDS = {
        "disbursement_within_balance": "amount",
        "disbursement_signed": "amount",
        disbursing.TWICE: "is_another",
    }

    @cached_property
    def line(self) -> CapitalPlan:
        visible = with_names(CapitalPlan.objects.visible_to(self.request.user))
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def home(self) -> str:
        return reverse("programs:plan_detail", args=[self.line.pk])

    def write(self, told: dict[str, Any]) -> str:
        """Keep it; what to say then. Raises LedgerRefused."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            said = self.write(form.cleaned_data)
        except LedgerRefused as refused:
            if refused.rule == disbursing.TWICE:
                form.ask_whether_another(disbursing.last_payment(self.line))
            field = self.FIELDS.get(refused.rule, "day" if "day" in form.fields else None)
            named = refused.rule.startswith("disbursement")
            form.add_error(field if named else None, refused.message)
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(self.home())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            plan=self.line,
            programme=self.line.programme,
            line_title=label(self.line),
            title=self.title,
            button=self.button,
            home_url=self.home(),
            **kwargs,
        )


class PaymentCreate(OfOneLine):
    form_class = PaymentForm
    title = "Ghi giải ngân"
    button = "Ghi giải ngân"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        day = {"day": today} if today.year == self.line.year else {}
        return {"after": disbursing.last_payment(self.line), **day}

    def write(self, told: dict[str, Any]) -> str:
        try:
            paid = disbursing.disburse(plan=self.line, by=self.request.user, **told)
        except disbursing.SentBefore as before:
            one = before.payment
            return (
                f"Biểu được gửi hai lần, chỉ ghi một khoản: {number(one.amount)} triệu đồng ngày "
                f"{written_day(one.day)}, đã ghi lúc {moment(one.at)}."
            )
        return f"Đã ghi giải ngân {number(paid.amount)} triệu đồng ngày {written_day(paid.day)}."


class ReversalCreate(OfOneLine):
    form_class = ReversalForm
    title = "Huỷ khoản giải ngân"
    button = "Huỷ khoản này"

    @cached_property
    def paid(self) -> Disbursement:
        lines = CapitalPlan.objects.visible_to(self.request.user)
        return get_object_or_404(
            Disbursement.objects.filter(plan__in=lines, reverses=None), pk=self.kwargs["pk"]
        )

    @cached_property
    def line(self) -> CapitalPlan:
        return with_names(CapitalPlan.objects.all()).get(pk=self.paid.plan_id)

    def get_initial(self) -> dict[str, Any]:
        return {"day": self.paid.day}

    def write(self, told: dict[str, Any]) -> str:
        disbursing.reverse(disbursement=self.paid, by=self.request.user, **told)
        return f"Đã huỷ khoản giải ngân {number(self.paid.amount)} triệu đồng."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(paid=self.paid, **kwargs)
