"""The scan of a made-up decision: one page that says that it is made up."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import fontpkg_be_vietnam_pro
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from portal.documents.models import Document
from programs.demo.reference import NOT_REAL

FONT = Path(fontpkg_be_vietnam_pro.__file__).parent / "files" / "BeVietnamPro-Regular.ttf"
PAGE, DOTS = (595, 842), 72  # A4 at 72 dots an inch
LINES_FROM, LINE = 120, 34


def scan_of(decision: Document) -> ContentFile:
    page = Image.new("L", PAGE, "white")
    drawing = ImageDraw.Draw(page)
    lines = (
        f"Số: {decision.number_and_symbol}",
        f"Ngày {decision.date:%d/%m/%Y}",
        decision.subject,
        f"{NOT_REAL}. Số liệu minh hoạ.",
    )
    for index, line in enumerate(lines):
        font = ImageFont.truetype(str(FONT), 13)
        drawing.text((50, LINES_FROM + index * LINE), line, fill="black", font=font)
    stream = BytesIO()
    page.save(stream, "PDF", resolution=DOTS)
    return ContentFile(stream.getvalue(), name="quyet-dinh.pdf")
