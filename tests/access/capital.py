"""Who may open which page of a programme's money: officers see lines of their own district."""

from __future__ import annotations

from django.utils import timezone

from programs.models import CarryOver, ClosedMonth, TreasuryExtract
from tests.programs.factories import decision, line_of_works, pay
from tests.programs.test_ledger import on

SEEN = {
    "anonymous": "login",
    "officer_own": 200,
    "officer_other": 200,  # the page is there for every area; what it lists is not
    "specialist": 200,
    "head": 200,
    "form_checker": 200,
    "leader": 200,
    "clerk": 200,
    "administrator": 200,
    "auditor": 200,
}
OWN = SEEN | {"officer_other": 404}
PLANNED = dict.fromkeys(SEEN, 404) | {"anonymous": "login", "specialist": 200}
DONE = PLANNED | {"specialist": 302}


def a_line(cast):
    line = line_of_works()
    return {"pk": line.pk}, {"pk": line.parent.parent_id}


def a_payment(cast):
    kwargs = {"pk": pay(line_of_works(), 5, on(31, 3)).pk}
    return kwargs, kwargs


def a_month(cast):
    kwargs = {"code": "1719", "year": 2022, "month": 3}
    return kwargs, kwargs


def a_closed_month(cast):
    closed = ClosedMonth.objects.create(
        programme=line_of_works().programme, month=on(1, 3), by=cast("specialist")
    )
    kwargs = {"pk": closed.pk}
    return kwargs, kwargs


def a_carry_over(cast):
    asked = CarryOver.objects.create(
        programme=line_of_works().programme, year=2023, day=on(31, 12), document=decision(),
        by=cast("specialist"),
    )  # fmt: skip
    kwargs = {"pk": asked.pk}
    return kwargs, kwargs


def an_extract(cast):
    extract = TreasuryExtract.objects.create(
        programme=line_of_works().programme,
        original_name="x",
        sha256="0" * 64,
        by=cast("specialist"),
        at=timezone.now(),
        state="asked",
    )
    kwargs = {"pk": extract.pk}
    return kwargs, kwargs


ROWS = [
    ("programs:plan_list", None, "get", SEEN),
    ("programs:medium_term_list", None, "get", SEEN),
    ("programs:plan_detail", a_line, "get", OWN),
    ("programs:plan_export", None, "get", SEEN),
    ("programs:plan_history_export", a_line, "get", OWN),
    ("programs:assignment_create", None, "get", PLANNED),
    ("programs:carry_over_create", None, "get", PLANNED),
    ("programs:carry_over_progress", a_carry_over, "get", DONE),
    ("programs:closed_month_list", None, "get", PLANNED),
    ("programs:allocation_create", a_line, "get", PLANNED),
    ("programs:adjustment_create", a_line, "get", PLANNED),
    ("programs:payment_create", a_line, "get", PLANNED),
    ("programs:reversal_create", a_payment, "get", PLANNED),
    ("programs:treasury_list", None, "get", PLANNED),
    ("programs:treasury_detail", an_extract, "get", PLANNED),
    ("programs:treasury_progress", an_extract, "get", DONE),
    ("programs:treasury_scale", an_extract, "post", DONE),
    ("programs:treasury_choose", an_extract, "post", DONE),
    ("programs:treasury_discard", an_extract, "post", DONE),
    ("programs:treasury_confirm", an_extract, "post", DONE),
    ("programs:treasury_rematch", an_extract, "post", DONE),
    ("programs:month_close", a_month, "post", DONE),
    ("programs:month_reopen", a_closed_month, "post", DONE),
]
