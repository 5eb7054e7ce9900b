"""From a tree of blocks to the printed report (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from .blocks import (
    AgencyHeader,
    Annex,
    Block,
    Cell,
    Chart,
    Content,
    Heading,
    Inline,
    Item,
    LineBreak,
    Note,
    NoteCall,
    Paragraph,
    PrintedReport,
    SignatureBlock,
    Table,
    Text,
)
from .charts import UnfitDrawing
from .copies import CopyBlock, LastPage, with_copy_block
from .coverage import UnprintableCharacters, check_characters
from .inspection import Box
from .layout import FontsMissing, RefusedResource, font_hashes
from .markup import excerpt_html, month_in_words, preview_html
from .pdf import (
    AnnexReference,
    FootnotesDoNotFit,
    LayoutNotSound,
    NotesDoNotMatch,
    RenderedReport,
    ReportTooLong,
    render_pdf,
)
from .references import blank_reference, filled_reference
from .richtext import (
    RichText,
    UnknownCitation,
    UnknownExhibit,
    UnknownFigure,
    UnreadableText,
    blocks_from_html,
)

#: Everything that can keep a report from being rendered; each carries a Vietnamese sentence.
RENDERING_ERRORS = (
    FontsMissing,
    FootnotesDoNotFit,
    LayoutNotSound,
    NotesDoNotMatch,
    RefusedResource,
    ReportTooLong,
    UnfitDrawing,
    UnknownCitation,
    UnknownExhibit,
    UnknownFigure,
    UnprintableCharacters,
    UnreadableText,
)

__all__ = [
    "RENDERING_ERRORS",
    "AgencyHeader",
    "Annex",
    "AnnexReference",
    "Block",
    "Box",
    "Cell",
    "Chart",
    "Content",
    "CopyBlock",
    "FontsMissing",
    "FootnotesDoNotFit",
    "Heading",
    "Inline",
    "Item",
    "LastPage",
    "LayoutNotSound",
    "LineBreak",
    "Note",
    "NoteCall",
    "NotesDoNotMatch",
    "Paragraph",
    "PrintedReport",
    "RefusedResource",
    "RenderedReport",
    "ReportTooLong",
    "RichText",
    "SignatureBlock",
    "Table",
    "Text",
    "UnfitDrawing",
    "UnknownCitation",
    "UnknownExhibit",
    "UnknownFigure",
    "UnprintableCharacters",
    "UnreadableText",
    "blank_reference",
    "blocks_from_html",
    "check_characters",
    "excerpt_html",
    "filled_reference",
    "font_hashes",
    "month_in_words",
    "preview_html",
    "render_pdf",
    "with_copy_block",
]
