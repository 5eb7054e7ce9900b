"""Find the group that a text names, or say that somebody has to choose."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Q

from .models import EthnicGroup, LocalGroup, group_key

_BEFORE = re.compile(r"^\s*(?:\(?\d+[).:]?|[-–+*•])?\s*(?:dân\s+tộc|người|dt)?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Match:
    """`group` is None when nothing, or more than one group, goes by the name.

    `exact`: it is the official name. `candidates` are all groups the name may mean; several of
    them mean that a person has to choose. `local_group` is the part of the group that was named.
    """

    group: EthnicGroup | None
    candidates: tuple[EthnicGroup, ...] = ()
    exact: bool = False
    local_group: LocalGroup | None = None

    @property
    def needs_confirmation(self) -> bool:
        return len(self.candidates) > 1


NOBODY = Match(None)


def resolve_group(text: str) -> Match:
    """The group that `text` names: by official name first, then by its other names.

    Marks, case, spaces, hyphens and apostrophes do not matter unless they tell two names apart
    ("Xá", "Xạ"); "dân tộc", "người" and a row number before the name, and a remark in brackets
    after it, are left aside. A number alone names nobody: two code systems give it to different
    groups.
    """
    for reading in _readings(text):
        match = _named(reading)
        if match is not NOBODY:
            return match
    return NOBODY


def _readings(text: str) -> list[str]:
    """The text as it stands, without what stands before the name, and without brackets."""
    whole = unicodedata.normalize("NFC", text.replace("\0", "")).strip()
    bare = _BEFORE.sub("", f" {whole}", count=1)
    readings = [whole, bare, bare.split("(")[0].strip()]
    return [name for name in dict.fromkeys(readings) if not group_key(name).isdigit()]


def _named(name: str) -> Match:
    key = group_key(name)
    if not key:
        return NOBODY
    groups = list(
        EthnicGroup.objects.filter(Q(name_key=key) | Q(aliases__key=key))
        .distinct()
        .order_by("code")
    )
    for group in groups:
        if group.name_key == key:
            return Match(group, (group,), exact=True)
    if len(groups) > 1:
        spelt_so = list(EthnicGroup.objects.filter(aliases__name__iexact=name).order_by("code"))
        groups = spelt_so or groups
    if len(groups) == 1:
        local = LocalGroup.objects.filter(key=key).first()
        return Match(groups[0], tuple(groups), local_group=local)
    return Match(None, tuple(groups)) if groups else NOBODY
