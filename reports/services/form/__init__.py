"""Departures from the decree's form: listed, mended, or left with a reason."""

from .listing import FormList, Listed, form_list
from .mending import DepartureGone, NoMend, mend_departure
from .texts import CheckedText, check_text
from .waiving import (
    DeparturesOpen,
    NoReason,
    accept_waiver,
    refuse_open_departures,
    waive,
    waive_all,
    withdraw_waiver,
)

__all__ = [
    "CheckedText",
    "DepartureGone",
    "DeparturesOpen",
    "FormList",
    "Listed",
    "NoMend",
    "NoReason",
    "accept_waiver",
    "check_text",
    "form_list",
    "mend_departure",
    "refuse_open_departures",
    "waive",
    "waive_all",
    "withdraw_waiver",
]
