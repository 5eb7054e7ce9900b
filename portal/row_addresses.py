"""Addresses of rows, made of a pattern that is looked up once: a page has hundreds of them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse

PLACE = "123454321"  # stands for the key, whatever the converter: digits are taken by all
NOT_QUOTED = "!$&'()*+,;=/~:@"  # as django.urls leaves them


@lru_cache
def _around(name: str) -> tuple[str, str]:
    before, after = reverse(name, args=[PLACE]).split(PLACE)
    return before, after


def row_address(name: str, key: object) -> str:
    """What reverse(name, args=[key]) says, for a key that the address takes."""
    before, after = _around(name)
    return f"{before}{quote(str(key), safe=NOT_QUOTED)}{after}"
