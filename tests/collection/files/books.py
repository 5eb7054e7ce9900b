"""Builds spreadsheet files in every container from one plain grid of cells."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from odf import table as odf_table
from odf import text as odf_text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl.styles import Font
from xlwt.CompoundDoc import XlsDoc

Rows = Sequence[Sequence[Any]]


def xlsx(
    path: Path,
    rows: Rows,
    *,
    merges: Sequence[str] = (),
    title: str = "Bieu",
    font: str = "",
    hidden_rows: Sequence[int] = (),
    more: dict[str, Rows] | None = None,
    hidden: Sequence[str] = (),
    formats: dict[str, str] | None = None,
) -> Path:
    """One sheet (`more` adds others); strings that begin with "=" become formulas."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for cells in rows:
        sheet.append(list(cells))
    for area in merges:
        sheet.merge_cells(area)
    if font:
        for row in sheet.iter_rows():
            for cell in row:
                cell.font = Font(name=font)
    for row in hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for address, number_format in (formats or {}).items():
        sheet[address].number_format = number_format
    for name, other_rows in (more or {}).items():
        other = book.create_sheet(name)
        for cells in other_rows:
            other.append(list(cells))
        if name in hidden:
            other.sheet_state = "hidden"
    book.save(path)
    return path


def xls(path: Path, rows: Rows, *, merges: Sequence[tuple[int, int, int, int]] = ()) -> Path:
    """Excel 97; merges are (first row, last row, first column, last column) from 0."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Bieu")
    for r, cells in enumerate(rows):
        for c, value in enumerate(cells):
            if value is not None:
                sheet.write(r, c, value)
    for first_row, last_row, first_column, last_column in merges:
        sheet.merge(first_row, last_row, first_column, last_column)
    book.save(str(path))
    return path


def ods(path: Path, rows: Rows) -> Path:
    document = OpenDocumentSpreadsheet()
    sheet = odf_table.Table(name="Bieu")
    for cells in rows:
        row = odf_table.TableRow()
        for value in cells:
            if value is None:
                row.addElement(odf_table.TableCell())
            elif isinstance(value, int | float):
                row.addElement(odf_table.TableCell(valuetype="float", value=str(value)))
            else:
                cell = odf_table.TableCell(valuetype="string")
                cell.addElement(odf_text.P(text=str(value)))
                row.addElement(cell)
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))
    return path


def delimited(path: Path, rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> Path:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(
        ["" if cell is None else cell for cell in cells] for cells in rows
    )
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def html(path: Path, rows: Rows, *, encoding: str = "utf-8", attributes: str = "") -> Path:
    body = "".join(
        "<tr>" + "".join(f"<td>{'' if c is None else c}</td>" for c in cells) + "</tr>\n"
        for cells in rows
    )
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
        f"<style>td {{ mso-number-format: General; }}</style></head>"
        f"<body><table {attributes}>{body}</table></body></html>"
    )
    path.write_bytes(page.encode(encoding))
    return path


def spreadsheet_xml(path: Path, rows: Rows) -> Path:
    """The XML spreadsheet of Excel 2003."""
    lines = []
    for cells in rows:
        texts = []
        for index, value in enumerate(cells, 1):
            if value is None:
                continue
            kind = "Number" if isinstance(value, int | float) else "String"
            texts.append(f'<Cell ss:Index="{index}"><Data ss:Type="{kind}">{value}</Data></Cell>')
        lines.append(f"<Row>{''.join(texts)}</Row>")
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Bieu"><Table>{"".join(lines)}</Table></Worksheet></Workbook>',
        "utf-8",
    )
    return path


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def raw_xlsx(
    path: Path,
    sheet_data: str,
    *,
    dimension: str = "",
    strings: str = "",
    merges: Sequence[str] = (),
    strict: bool = False,
) -> Path:
    """An xlsx written by hand, for what no library would write."""
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in merges)
    merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Bieu" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{dimension}'
        f"<sheetData>{sheet_data}</sheetData>{merged}</worksheet>",
        "xl/sharedStrings.xml": strings or f'<sst xmlns="{MAIN}"/>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            if strict:
                text = text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
                text = text.replace(
                    RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
                )
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return path


def xls_of_excel_95(path: Path, rows: Rows, *, font: str = "Arial", errors: Rows = ()) -> Path:
    """A BIFF5 workbook: texts in one byte a character, all in one font; `errors` are #REF! cells
    given as (row, column)."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def short(text: str) -> bytes:
        return bytes([len(text)]) + text.encode("latin-1")

    head = record(0x809, struct.pack("<4H", 0x500, 5, 0, 1995))
    head += record(0x42, struct.pack("<H", 1252))
    head += record(0x31, struct.pack("<5H4x", 200, 0, 0x7FFF, 400, 0) + short(font))
    head += record(0xE0, struct.pack("<2H12x", 0, 0))
    name = short("Bieu")
    start = len(head) + 4 + 6 + len(name) + 4
    head += record(0x85, struct.pack("<IH", start, 0) + name) + record(0x0A, b"")
    width = max(map(len, rows))
    body = record(0x809, struct.pack("<4H", 0x500, 0x10, 0, 1995))
    body += record(0x200, struct.pack("<5H", 0, len(rows), 0, width, 0))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if (r, c) in errors:
                body += record(0x205, struct.pack("<3HBB", r, c, 0, 0x17, 1))
            elif isinstance(cell, str):
                text = cell.encode("latin-1")
                body += record(0x204, struct.pack("<4H", r, c, 0, len(text)) + text)
            elif cell is not None:
                body += record(0x203, struct.pack("<3Hd", r, c, 0, cell))
    out = io.BytesIO()
    XlsDoc().save(out, head + body + record(0x0A, b""))
    data = bytearray(out.getvalue())
    at = data.index("Workbook".encode("utf-16-le"))
    data[at : at + 16] = "Book".encode("utf-16-le").ljust(16, b"\0")
    struct.pack_into("<H", data, at + 64, 2 * len("Book") + 2)
    path.write_bytes(data)
    return path
