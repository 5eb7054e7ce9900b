"""PDF files of somebody else's making."""

import io

import pikepdf


def book(*, rotate=0, size=(595, 842), pages=2):
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=size)
            if rotate:
                page.obj.Rotate = rotate
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()
