"""Checking a text that is no report of the portal: pasted, or from a file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from portal.units.models import IssuingAgency
from reports import linter
from reports.linter import OfficialText
from reports.linter.reading.frame import understood
from reports.linter.reading.paragraphs import Pages
from reports.linter.reading.register import bare_catalogue, catalogue_for
from reports.linter.text import Titles

from .listing import FormList, Listed


@dataclass(frozen=True, slots=True)
class CheckedText:
    """What a text was taken for, and where it departs from the decree's form."""

    text: OfficialText
    listed: FormList


def check_text(pages: Pages, *, today: datetime.date) -> CheckedText:
    """Understand the paragraphs as an official document and examine it; nothing is kept.

    `today` is the day whose rules count where the text does not say its own.
    """
    bare = bare_catalogue()
    text = understood(pages, bare, today=today)
    text = understood(pages, bare, today=today, titles=_titles(text))
    departures = linter.lint(text, catalogue_for(text))
    rows = tuple(Listed(one, "", text.lines[one.spot.line]) for one in departures)
    return CheckedText(text, FormList(rows))


def _titles(text: OfficialText) -> Titles:
    """The agency's titles on the day, if the symbol says that the text is the agency's own."""
    agency = IssuingAgency.objects.filter(valid__contains=text.day).first()
    if agency is None or agency.symbol not in text.symbol.replace("/", "-").split("-"):
        return Titles()
    return Titles(agency.full_name, agency.head_title, agency.deputy_title, agency.symbol)
