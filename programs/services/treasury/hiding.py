"""What a file does not show of its table: it is read all the same, and the reader is told."""

from __future__ import annotations

from portal.collection.lists.tables import ListTable

MOST_NAMED = 10


def hidden_words(table: ListTable) -> str:
    """How many rows of the table are hidden or filtered away, and which columns; "" for none."""
    sheet = table.sheet
    if sheet is None:
        return ""
    found = []
    rows = [place + 1 for place in table.places if place in sheet.hidden_rows]
    if rows:
        named = ", ".join(map(str, rows[:MOST_NAMED])) + (", …" if len(rows) > MOST_NAMED else "")
        found.append(f"{len(rows)} dòng khoản chi bị ẩn hoặc bị lọc (dòng {named} của tệp)")
    columns = [
        heading
        for heading, column in zip(table.headings, table.columns, strict=True)
        if column in sheet.hidden_columns
    ]
    if columns:
        found.append(f"cột bị ẩn: {', '.join(columns)}")
    if sheet.state != "visible":
        found.append(f"trang tính “{sheet.name}” bị ẩn")
    if not found:
        return ""
    words = "; ".join(found)
    return f"Tệp có {words}. Các ô này vẫn được đọc và tính như các ô khác; hãy xem có đúng không."
