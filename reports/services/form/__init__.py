"""Departures from the decree's form: listed, mended, or left with a reason."""

from .listing import FormList, Listed, form_list
from .mending import DepartureGone, NoMend, mend_departure
from .texts import CheckedText, check_text
from .waiving import (
    DeparturesOpen,
    NoReason,
    accept_waiver,
    left_as_is,
    refuse_open_departures,
    waive,
    waive_all,
    waivers_of,
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
    "left_as_is",
    "mend_departure",
    "refuse_open_departures",
    "waive",
    "waive_all",
    "waivers_of",
    "withdraw_waiver",
]
