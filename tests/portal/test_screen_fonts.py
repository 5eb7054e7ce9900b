"""The typefaces that browsers load: every letter of the pages is in them, and they are small."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from portal.screen_fonts import FIGURES, cuts

SCREEN = [one.name for one in cuts() if one.name.startswith("screen")]


def path_of(name: str) -> Path:
    return Path(finders.find(f"vendor/fonts/{name}"))


def letters_of(name: str) -> set[int]:
    with TTFont(path_of(name)) as font:
        return set(font.getBestCmap())


@pytest.fixture(scope="module")
def screen() -> set[int]:
    return letters_of(SCREEN[0])


def test_every_letter_of_the_templates_is_in_the_screen_font(screen):
    told = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
    )
    letters = {ord(one) for one in told + told.upper() if one.isalpha()}
    assert ord("ỹ") in letters
    assert not letters - screen


def test_digits_of_one_width_are_all_there_is_of_the_figures():
    for name in ("figures-400.woff2", "figures-600.woff2"):
        assert letters_of(name) == set(FIGURES)


def test_the_files_stay_small():
    sizes = {
        one.name: Path(finders.find(f"vendor/fonts/{one.name}")).stat().st_size for one in cuts()
    }
    assert sum(sizes.values()) < 90_000, sizes


def test_what_is_no_cut_of_ours_is_not_found():
    assert finders.find("vendor/fonts/../../settings.py") is None
    assert finders.find("vendor/fonts/other.woff2") is None
    assert finders.find("screen-400.woff2") is None
