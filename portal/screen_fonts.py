"""The screen's typefaces cut down to the letters that Vietnamese pages use, as static files.

Whole files are 47 kB a weight on the way to the browser; cut and compressed (WOFF2) they are about
20. The cut files are made once, in `VAR_DIR`, and again when the package or the letters change.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),  # Western European
    *(0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169, 0x1A0, 0x1A1, 0x1AF, 0x1B0),
    *range(0x1EA0, 0x1EFA),  # Vietnamese
    *(0x300, 0x301, 0x303, 0x309, 0x323, 0x20AB),  # marks alone, đồng
    *range(0x2010, 0x2027),  # dashes, quotes, points
    *(0x2030, 0x2032, 0x2039, 0x203A),
    *range(0x2190, 0x2194),  # arrows
    *(0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x25B2, 0x25BC, 0x2713),
]
FIGURES = [*range(0x2B, 0x3A), 0x2212]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum"]


@dataclass(frozen=True)
class Cut:
    """One file as pages name it, what it is cut from, and the letters that stay."""

    name: str
    source: Path
    letters: Iterable[int]

    @property
    def key(self) -> str:
        told = (self.source.stat().st_size, self.source.stat().st_mtime_ns, list(self.letters))
        return hashlib.sha256(repr((told, FEATURES)).encode()).hexdigest()[:16]


def cuts() -> list[Cut]:
    screen, figures = settings.SCREEN_FONTS_DIR, settings.FIGURE_FONTS_DIR
    if screen is None:  # the package is not there: pages show the machine's own letters
        return []
    faces = ((400, "Regular"), (500, "Medium"), (600, "SemiBold"))
    return [
        *(
            Cut(f"screen-{weight}.woff2", screen / f"BeVietnamPro-{face}.ttf", LETTERS)
            for weight, face in faces
        ),
        *(
            Cut(f"figures-{weight}.woff2", figures / f"inter-latin-{weight}-normal.woff2", FIGURES)
            for weight in (400, 600)
        ),
    ]


class ScreenFontFinder(BaseFinder):
    """Finds `vendor/fonts/<name>.woff2`, making what is not there yet."""

    PREFIX = "vendor/fonts"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(settings.VAR_DIR / "fonts")
        self.storage.prefix = self.PREFIX  # type: ignore[attr-defined]  # collectstatic reads it

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix(f"{self.PREFIX}/")
        found = next((one for one in cuts() if one.name == name and name != path), None)
        if found is None:
            return []
        made = str(self._made(found))
        return [made] if find_all else made

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Any]]:
        for one in cuts():
            if not matches_patterns(one.name, ignore_patterns):
                self._made(one)
                yield one.name, self.storage

    def _made(self, one: Cut) -> Path:
        """The file; another process may make the same, the last one stands."""
        folder = Path(self.storage.location)
        path, mark = folder / one.name, folder / f"{one.name}.of"
        if path.exists() and mark.exists() and mark.read_text() == one.key:
            return path
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as fresh:
            fresh.write(_cut(one))
        Path(fresh.name).chmod(0o644)
        os.replace(fresh.name, path)
        mark.write_text(one.key)
        return path


def _cut(one: Cut) -> bytes:
    """Hints stay: old screens need them."""
    from fontTools import subset  # half a second that only the making needs

    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = FEATURES
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=one.letters)
    kept = io.BytesIO()
    with subset.load_font(str(one.source), options) as font:
        subsetter.subset(font)
        subset.save_font(font, kept, options)
    return kept.getvalue()
