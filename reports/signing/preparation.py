"""Before the first signature: everything that may be filled later must already be there.

A field added after a certifying signature breaks it. So number, date and both signature fields
are put at their laid-out places now, tagged, with their font and their own appearances; so are the
lines under the titles of annexes, which say number and date again.
"""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from .fields import (
    AGENCY_FIELD,
    DATE_FIELD,
    ITALIC_FONT,
    LEADER_FIELD,
    MULTILINE,
    NUMBER_FIELD,
    REGULAR_FONT,
    STYLES,
    appearance,
    blank_date_text,
    is_reference,
    reference_field,
    style_of,
)
from .fonts import embed_font, embedded_glyphs

if TYPE_CHECKING:
    from reports.rendering import Box, RenderedReport

#: Annotation flag "print" (ISO 32000-1, table 165).
_PRINT = 4

#: Signatures exist, and the file may only be appended to (ISO 32000-1, table 219).
_SIGNATURES_APPEND_ONLY = 3

_NAMES = {
    NUMBER_FIELD: "Số văn bản",
    DATE_FIELD: "Ngày ban hành",
    LEADER_FIELD: "Chữ ký số của người ký",
    AGENCY_FIELD: "Chữ ký số của cơ quan",
}


@dataclass(slots=True)
class _Places:
    """Where in the structure tree the fields belong."""

    number: pikepdf.Object
    date: pikepdf.Object
    marks: pikepdf.Object
    references: list[pikepdf.Object]


def prepare(rendered: "RenderedReport") -> bytes:
    """Return the rendered PDF with its text fields and two empty signature fields."""
    with pikepdf.open(BytesIO(rendered.pdf)) as pdf:
        fonts = {
            REGULAR_FONT: embed_font(pdf, REGULAR_FONT),
            ITALIC_FONT: embed_font(pdf, ITALIC_FONT, _words_of(rendered)),
        }
        places = _places(pdf, len(rendered.annex_references))
        widgets = [
            (_text_field(pdf, rendered.number_box, NUMBER_FIELD, "", fonts), places.number),
            (_date_field(pdf, rendered, fonts), places.date),
            (_signature_field(pdf, rendered.signature_box, LEADER_FIELD), places.marks),
            (_signature_field(pdf, rendered.seal_box, AGENCY_FIELD), places.marks),
            *zip(_reference_fields(pdf, rendered, fonts), places.references, strict=True),
        ]
        widgets[3][0].Lock = _lock_everything(pdf)
        for widget, parent in widgets:
            _tag(pdf, widget, parent)
        _add_form(pdf, [widget for widget, _ in widgets], fonts)
        _list_attachments_once(pdf)
        return _saved(pdf)


def _date_field(
    pdf: pikepdf.Pdf, rendered: "RenderedReport", fonts: dict[str, pikepdf.Object]
) -> pikepdf.Object:
    return _text_field(
        pdf, rendered.date_box, DATE_FIELD, blank_date_text(_first(rendered.month)), fonts
    )


def _reference_fields(
    pdf: pikepdf.Pdf, rendered: "RenderedReport", fonts: dict[str, pikepdf.Object]
) -> list[pikepdf.Object]:
    also = _words_of(rendered)
    return [
        _text_field(pdf, line.box, reference_field(n), line.words, fonts, also)
        for n, line in enumerate(rendered.annex_references, 1)
    ]


def _words_of(rendered: "RenderedReport") -> str:
    """What the lines of annexes say, for the characters that the fields' font needs."""
    return "".join(line.words for line in rendered.annex_references).replace("\u00a0", " ")


def _first(month: date) -> date:
    return month.replace(day=1)


def _text_field(
    pdf: pikepdf.Pdf,
    box: "Box",
    name: str,
    words: str,
    fonts: dict[str, pikepdf.Object],
    also: str = "",
) -> pikepdf.Object:
    style = style_of(name)
    glyphs = embedded_glyphs(style.font, also)
    drawing = appearance(words, style=style, glyphs=glyphs, width=box.x1 - box.x0)
    resources = Dictionary(Font=Dictionary({f"/{style.font}": fonts[style.font]}))
    widget = _widget(pdf, box, name, drawing, resources)
    widget.FT = Name.Tx
    widget.V = String(words)
    widget.DA = String(style.default_appearance)
    widget.Q = style.quadding
    if "\n" in words:
        widget.Ff = MULTILINE
    return widget


def _signature_field(pdf: pikepdf.Pdf, box: "Box", name: str) -> pikepdf.Object:
    widget = _widget(pdf, box, name, b"", Dictionary())
    widget.FT = Name.Sig
    return widget


def _widget(
    pdf: pikepdf.Pdf, box: "Box", name: str, drawing: bytes, resources: pikepdf.Object
) -> pikepdf.Object:
    page = pdf.pages[box.page].obj
    form = Stream(pdf, drawing)
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([0, 0, _points(box.x1 - box.x0), _points(box.y1 - box.y0)])
    form.Resources = resources
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            T=String(name),
            TU=String("Dòng dẫn của phụ lục" if is_reference(name) else _NAMES[name]),
            F=_PRINT,
            Rect=Array([_points(value) for value in box.rectangle]),
            P=page,
            AP=Dictionary(N=pdf.make_indirect(form)),
        )
    )
    if Name.Annots not in page:
        page.Annots = Array()
    page.Annots.append(widget)
    return widget


def _points(value: float) -> float:
    return round(value, 2)


def _lock_everything(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The seal closes the file: no field may change after it, nor anything else."""
    return pdf.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=1))


def _add_form(
    pdf: pikepdf.Pdf, widgets: list[pikepdf.Object], fonts: dict[str, pikepdf.Object]
) -> None:
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(
            Fields=Array(widgets),
            SigFlags=_SIGNATURES_APPEND_ONLY,
            DA=String(STYLES[NUMBER_FIELD].default_appearance),
            DR=Dictionary(Font=Dictionary({f"/{name}": font for name, font in fonts.items()})),
        )
    )


def _places(pdf: pikepdf.Pdf, annexes: int) -> _Places:
    """Find the empty elements that the layout left where fields go: two spans and a block, and a
    paragraph for each line of an annex.
    """
    document = pdf.Root.StructTreeRoot.K[0]
    empty = _empty_elements(document)
    spans = [element for element in empty if Name.Span == element.S]
    blocks = [element for element in empty if Name.Div == element.S]
    lines = [element for element in empty if Name.P == element.S and Name.Sect == element.P.S]
    return _Places(
        number=spans[0] if len(spans) == 2 else document,
        date=spans[1] if len(spans) == 2 else document,
        marks=blocks[0] if len(blocks) == 1 else document,
        references=lines if len(lines) == annexes else [document] * annexes,
    )


def _empty_elements(root: pikepdf.Object) -> list[pikepdf.Object]:
    found: list[pikepdf.Object] = []
    stack = [root]
    while stack:
        element = stack.pop()
        if not isinstance(element, pikepdf.Dictionary) or Name.S not in element:
            continue
        kids = element.get(Name.K, Array())
        if isinstance(kids, pikepdf.Array):
            if not len(kids):
                found.append(element)
            stack.extend(reversed(list(kids)))
    return found


def _tag(pdf: pikepdf.Pdf, widget: pikepdf.Object, parent: pikepdf.Object) -> None:
    """Give the widget its place in the reading order, and the way back from it."""
    tree = pdf.Root.StructTreeRoot.ParentTree
    key = int(tree.Nums[-2]) + 1 if len(tree.Nums) else 0
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=widget.P,
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=widget.P),  # no array: the
            # difference analysis of signatures knows a field in the structure by this path alone
            Alt=widget.TU,
        )
    )
    parent.K.append(element)
    tree.Nums.append(key)
    tree.Nums.append(element)
    pdf.Root.StructTreeRoot.ParentTreeNextKey = key + 1
    widget.StructParent = key


def _list_attachments_once(pdf: pikepdf.Pdf) -> None:
    """The layout engine lists each attachment twice among the associated files."""
    if Name.AF not in pdf.Root:
        return
    seen: dict[tuple[int, int], pikepdf.Object] = {}
    for file in pdf.Root.AF:
        seen.setdefault(file.objgen, file)
    pdf.Root.AF = Array(list(seen.values()))


def _saved(pdf: pikepdf.Pdf) -> bytes:
    output = BytesIO()
    pdf.save(
        output,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=True,
        deterministic_id=True,
        min_version="1.7",
    )
    return output.getvalue()
