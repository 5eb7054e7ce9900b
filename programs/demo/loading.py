"""The made-up programme, in order: works, money and results year by year, then what was sent."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction

from ethnic_data.demo.sizes import learn_sizes
from portal.accounts.demo import load_accounts
from programs.models import Works

from .money import write_capital, write_medium_term, write_payments
from .oversight import write_inspections
from .reference import Reference
from .results import write_results
from .workbooks import Told, plans, send, send_missing
from .workbooks.people import People
from .workbooks.results import told_works
from .works import write_investors, write_works
from .years import Year, make_up

WORKS = ("programs_works", "programs_worksplace", "programs_worksevent")
MONEY = ("programs_capitalplan", "programs_capitalchange", "programs_disbursement")
RESULTS = ("programs_output", "programs_beneficiaries", "programs_supportedhousehold")


def load(*, now: datetime.datetime) -> None:
    load_accounts()
    reference = Reference(today=now.date())
    years = make_up(reference.places.of_year)
    if not Works.objects.filter(is_demo=True).exists():
        with transaction.atomic():
            _write(reference, years, now=now)
    send_missing(years, now=now)


def _write(reference: Reference, years: Mapping[int, Year], *, now: datetime.datetime) -> None:
    told, people = Told(reference), People()
    write_investors(reference)
    last: Year | None = None
    for one in years.values():
        write_works(reference, one)
        learn_sizes(*WORKS)
        decision = write_capital(reference, one, last, by_workbook=told.plan(one))
        learn_sizes(*MONEY)
        if told.plan(one):
            for plan in plans(reference, one, people):
                send(plan, now=now)
        write_payments(reference, one, decision, by_workbook=told.payments(one))
        write_results(reference, one, by_workbook=told_works(one))
        learn_sizes(*MONEY, *RESULTS)
        last = one
    write_medium_term(reference, years.values())
    write_inspections(reference)
