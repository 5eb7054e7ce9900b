"""The departures of a report as they are shown: kept by the version of the text, never by time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache as kept_in_process
from pathlib import Path

from django.core.cache import cache

from reports import linter
from reports.linter import Departure, OfficialText, Severity
from reports.linter.catalogue import Catalogue
from reports.linter.reading.register import catalogue_for
from reports.linter.reading.report import official_text
from reports.linter.rules import RULES
from reports.linter.text import Line, Part
from reports.models import Authority, FormWaiver, Report, SigningGrant

_RULES = {rule.code: rule for rule in RULES}
#: Kinds of places that the draft's own pages can change word by word.
_EDITABLE = frozenset(("body", "title", "citation", "subject"))


def rule_name(code: str) -> str:
    """The name of a rule in words; a rule that is no more keeps its code."""
    return _RULES[code].name if code in _RULES else code


@dataclass(frozen=True, slots=True)
class Listed:
    """One departure with what it is known by, where it stands, and why it stays, if it does."""

    departure: Departure
    fingerprint: str
    line: Line
    waiver: FormWaiver | None = None
    has_mend: bool = False

    @property
    def is_open(self) -> bool:
        """Neither mended nor left with a reason that a form checker accepted."""
        return self.waiver is None or not self.waiver.is_accepted

    @property
    def is_wrong(self) -> bool:
        return self.departure.severity is Severity.WRONG

    @property
    def quoted(self) -> str:
        """The words meant, as they stand in the line."""
        spot = self.departure.spot
        return self.line.text[spot.start : spot.end].strip()

    @property
    def before(self) -> str:
        """The words before the quote, on the same line."""
        spot = self.departure.spot
        lead = len(self.line.text[spot.start : spot.end])
        start = spot.start + lead - len(self.line.text[spot.start : spot.end].lstrip())
        cut = self.line.text.find(" ", start - 50, start) + 1 if start > 50 else 0
        return f"{'… ' if cut else ''}{self.line.text[cut:start]}"

    @property
    def after(self) -> str:
        end = self.departure.spot.end
        if end + 50 >= len(self.line.text):
            return self.line.text[end:]
        cut = max(self.line.text.rfind(" ", end, end + 50), end)
        return f"{self.line.text[end:cut]} …"

    @property
    def section(self) -> str:
        """The key of the section, "" outside the sections."""
        return self.line.section

    @property
    def where(self) -> str:
        """What part of the text it is, in words."""
        if self.line.part is Part.NOTE:
            return f"chú thích {self.line.note}"
        return self.line.part.value


@dataclass(frozen=True, slots=True)
class FormList:
    """All departures of a report; those somebody left with a reason stand apart."""

    rows: tuple[Listed, ...]

    @property
    def open(self) -> list[Listed]:
        return [row for row in self.rows if row.waiver is None]

    @property
    def explained(self) -> list[Listed]:
        return [row for row in self.rows if row.waiver is not None]

    @property
    def wrong(self) -> int:
        return sum(row.is_wrong for row in self.open)

    @property
    def to_look_at(self) -> int:
        return len(self.open) - self.wrong

    @property
    def blocking(self) -> list[Listed]:
        """What keeps a report from passing the form check."""
        return [row for row in self.rows if row.is_wrong and row.is_open]

    @property
    def waiting(self) -> int:
        """Reasons that a form checker has not accepted yet."""
        return sum(row.is_open for row in self.explained)

    def of_section(self, key: str) -> list[Listed]:
        return [row for row in self.open if row.section == key]

    def find(self, fingerprint: str) -> Listed | None:
        return next((row for row in self.rows if row.fingerprint == fingerprint), None)


def form_list(report: Report) -> FormList:
    """Where the report departs from the decree's form, in reading order."""
    text = official_text(report)
    departures = _departures(text, catalogue_for(text), _granted(report, text))
    waivers = {
        waiver.fingerprint: waiver
        for waiver in FormWaiver.objects.filter(report=report).select_related("by", "accepted_by")
    }
    names = fingerprints(text, departures)
    return FormList(
        tuple(
            Listed(one, name, text.lines[one.spot.line], waivers.get(name), may_mend(one, text))
            for one, name in zip(departures, names, strict=True)
        )
    )


def _departures(text: OfficialText, catalogue: Catalogue, granted: bool | None) -> list[Departure]:
    """As lint, kept for as long as text, register and rules stay what they are."""
    told = "\0".join([_rules_version(), repr(text), repr(catalogue), repr(granted)])
    key = f"form-{hashlib.sha256(told.encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is None:
        found = linter.lint(
            text, catalogue, grants=None if granted is None else lambda signer, day: granted
        )
        kept = [(one.rule.code, one.message, one.spots, one.quote, one.severity) for one in found]
        cache.set(key, kept, timeout=None)
    return [
        Departure(_RULES[code], message, spots, quote, severity)
        for code, message, spots, quote, severity in kept
    ]


def _granted(report: Report, text: OfficialText) -> bool | None:
    """Whether the signatory may sign by authorisation on the day; None: the text is signed else."""
    if report.authority != Authority.MANDATE or report.signatory is None:
        return None
    grants = SigningGrant.objects.on(text.day).of(report.signatory, report.authority)
    return grants.exists()


@kept_in_process
def _rules_version() -> str:
    """Another text when a rule is written anew."""
    folder = Path(linter.__file__).parent
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()


def fingerprints(text: OfficialText, departures: Sequence[Departure]) -> list[str]:
    """What each departure is known by: rule, section and all quoted words; alike ones counted."""
    seen: Counter[str] = Counter()
    names = []
    for one in departures:
        line = text.lines[one.spot.line]
        quotes = [
            text.lines[spot.line].text[spot.start : spot.end] or text.lines[spot.line].label
            for spot in one.spots
        ]
        told = "\0".join([one.rule.code, line.part.name, line.section, one.quote, *quotes])
        seen[told] += 1
        names.append(hashlib.sha256(f"{told}\0{seen[told]}".encode()).hexdigest()[:32])
    return names


def may_mend(departure: Departure, text: OfficialText) -> bool:
    """Whether every place of the mend can be changed in the draft's own rows."""
    return departure.has_mend and all(
        _in_reach(text.lines[spot.line], spot) for spot in departure.spots
    )


def _in_reach(line: Line, spot: linter.Spot) -> bool:
    """A figure's words are the data's; a citation is changed as a whole or not at all."""
    kind = line.origin.partition(":")[0]
    if spot.of_label:
        return kind == "title"
    if kind not in _EDITABLE:
        return False
    for bound in line.bounds:
        touched = spot.start < bound.end and bound.start < spot.end
        inside = bound.start <= spot.start and spot.end <= bound.end
        if touched and (bound.kind != "citation" or not inside):
            return False
    return True
