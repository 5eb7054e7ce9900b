"""The one room that knows WeasyPrint: fonts, style sheet, assets, laying out."""

import functools
import gc
import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError, fromstring

from .engine import bring_in

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from weasyprint import Document

_ROOT = Path(__file__).resolve().parents[2]
FONT_DIRECTORY = _ROOT / "node_modules" / "@expo-google-fonts" / "tinos"
STYLE_SHEET = _ROOT / "static" / "report" / "print.css"
GROUND_SHEET = _ROOT / "static" / "report" / "ground.css"

PDF_VARIANT = "pdf/a-3a"

#: The short rule above the notes, which the style sheet asks for.
_NOTE_RULE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="50mm" height="0.5pt" viewBox="0 0 50 1"'
    ' preserveAspectRatio="none"><rect width="50" height="1" fill="#000"/></svg>'
)

#: CSS style and weight of the four whole TrueType files of the package.
FONT_FILES = {
    ("normal", "normal"): "400Regular/Tinos_400Regular.ttf",
    ("italic", "normal"): "400Regular_Italic/Tinos_400Regular_Italic.ttf",
    ("normal", "bold"): "700Bold/Tinos_700Bold.ttf",
    ("italic", "bold"): "700Bold_Italic/Tinos_700Bold_Italic.ttf",
}

#: The generations of the collector that hold what was made while it was off.
_YOUNG = 1

#: Pango and the shared font configuration are not made for threads.
_LOCK = threading.RLock()


class RefusedResource(Exception):
    """The text asks for something outside the report's own assets."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            f"Nội dung báo cáo đòi tải “{shortened(address)}”. Báo cáo chỉ được dùng nội dung của "
            "chính nó; hãy xoá chỗ này rồi kết xuất lại."
        )


class FontsMissing(Exception):
    """The typeface of the report is not installed."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Thiếu tệp phông chữ {path.name} của văn bản. Người quản trị cần cài lại các gói giao "
            "diện rồi kết xuất lại."
        )


def shortened(text: str, limit: int = 80) -> str:
    """Return the text, cut for a message."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def lay_out(
    html: str, *, assets: Mapping[str, str], line_height: float
) -> "tuple[Document, Element]":
    """Return the laid-out document, not yet drawn, and the element tree it was made from.

    `assets` maps an address ("asset:…") to the SVG it stands for. Raises RefusedResource when
    anything else is asked for.
    """
    return _laid_out(
        html,
        style_sheet=STYLE_SHEET,
        assets={**assets, "asset:note-rule": _NOTE_RULE},
        style=f"line-height: {line_height}",
        pdf_variant=PDF_VARIANT,
    )


def lay_out_plain(
    html: str, *, style_sheet: Path, assets: Mapping[str, str] | None = None
) -> "Document":
    """Return a document without notes, laid out by a style sheet of its own.

    Raises RefusedResource when anything but `assets` is asked for.
    """
    document, _ = _laid_out(html, style_sheet=style_sheet, assets=assets or {}, style="")
    return document


def _laid_out(
    html: str, *, style_sheet: Path, assets: Mapping[str, str], style: str, **options: str
) -> "tuple[Document, Element]":
    bring_in()
    fetcher_class, refused = _fetcher()
    fetcher = fetcher_class({name: (svg.encode(), "image/svg+xml") for name, svg in assets.items()})
    try:
        with undisturbed():
            font_config, sheet = _engine(style_sheet)
            page = _page_class()(string=html, url_fetcher=fetcher)
            if style:
                page.etree_element.set("style", style)
            document = page.render(font_config=font_config, stylesheets=[sheet], **options)
            return document, page.etree_element
    except refused as error:
        raise RefusedResource(str(error)) from error


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold the engine alone and keep the garbage collector off: a layout is all live objects.

    A layout is full of circles. All of it was made with the collector off and so is still young:
    what is not held any more at the end is taken away at once, and older objects are not looked
    at. Left to its own thresholds the collector lets many layouts stand beside each other. So
    whoever lays out and draws does both inside, and holds no document when leaving.
    """
    with _LOCK:
        collecting = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if collecting:
                gc.collect(_YOUNG)
                gc.enable()


def forget_layouts() -> None:
    """Take away layouts that nobody holds any more, amid `undisturbed`; one that is held would
    grow old by it and stay until everything is collected.
    """
    gc.collect(_YOUNG)


@functools.cache
def _page_class() -> type[Any]:
    """Return the engine's page without what our own markup has no use for.

    Our markup is well-formed, so it is read by the XML parser in C, and by the engine's own in
    Python only when it is not; and it knows few elements, for which `ground.css` is enough.
    """
    from cssselect2 import ElementWrapper
    from weasyprint import CSS, HTML

    ground = CSS(string=GROUND_SHEET.read_text(encoding="utf-8"))

    class Page(HTML):
        def __init__(self, *, string: str, url_fetcher: Any) -> None:
            try:
                root = fromstring(string)  # noqa: S314 - our own markup, every word of it escaped
            except ParseError:
                super().__init__(string=string, url_fetcher=url_fetcher)
                return
            self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
            self.wrapper_element = ElementWrapper.from_html_root(root)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [ground]

    return Page


@functools.cache
def _engine(style_sheet: Path) -> tuple[Any, Any]:
    """One font configuration and one parsed style sheet for each process and sheet."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = {f"asset:{name}": (font_bytes(name), "font/ttf") for name in FONT_FILES.values()}
    faces = "".join(
        f'@font-face {{ font-family: Tinos; src: url("asset:{name}"); '
        f"font-style: {style}; font-weight: {weight}; }}\n"
        for (style, weight), name in FONT_FILES.items()
    )
    fetcher_class, _ = _fetcher()
    font_config = FontConfiguration()
    sheet = CSS(
        string=faces + style_sheet.read_text(encoding="utf-8"),
        font_config=font_config,
        url_fetcher=fetcher_class(fonts),
    )
    return font_config, sheet


@functools.cache
def font_bytes(name: str) -> bytes:
    """Return one whole TrueType file of `FONT_FILES`."""
    path = FONT_DIRECTORY / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise FontsMissing(path) from error


@functools.cache
def font_hashes() -> dict[str, str]:
    """SHA-256 of every font file of a report, by its name."""
    names = sorted(FONT_FILES.values())
    return {Path(name).name: hashlib.sha256(font_bytes(name)).hexdigest() for name in names}


@functools.cache
def _fetcher() -> tuple[type, type[BaseException]]:
    """Return the fetcher that knows only the report's assets, and what it raises.

    WeasyPrint swallows every error of a fetcher but those derived from its fatal one.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Refused(FatalURLFetchingError):
        pass

    class AssetFetcher(URLFetcher):
        def __init__(self, assets: Mapping[str, tuple[bytes, str]]) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self._assets = assets

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url not in self._assets:
                raise Refused(url)
            body, kind = self._assets[url]
            return URLFetcherResponse(url, body, {"Content-Type": kind})

    return AssetFetcher, Refused
