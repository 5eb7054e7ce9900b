"""A whole case file as one zip: its PDFs and its metadata as XML and workbook, in time order.

Nghị định 30/2020/NĐ-CP, Phụ lục VI: a file is exported to PDF and XML in the order of time.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from portal import formats
from portal.documents.files import download_name
from portal.documents.models import (
    CaseFile,
    CaseFileItem,
    Document,
    DocumentAnnex,
    Issuer,
    PreparedFile,
)
from portal.documents.resources.metadata import (
    FILE,
    INCOMING,
    element_of,
    values_of,
    values_of_file,
)
from portal.spreadsheets import Column, table_workbook
from portal.units.models import IssuingAgency

from .preparing import keep_prepared, refuse_prepared

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

    from portal.accounts.models import User
    from portal.jobs.lease import Lease

GONE = "Anh, chị không còn quyền xem hồ sơ này."
METADATA, WORKBOOK = "ho-so.xml", "muc-luc.xlsx"


def items_in_time(case_file: CaseFile, user: User) -> list[CaseFileItem]:
    """What the file holds and this person may read, by the documents' days."""
    items = case_file.items.filter(document__in=Document.objects.visible_to(user))
    items = items.select_related(
        "case_file", "document__document_type", "document__issuer", "document__issued_number"
    ).prefetch_related(
        "document__annexes",
        "document__assignments__events",
        "document__assignments__assigned_by",
    )
    return list(items.order_by("document__date", "document__pk"))


def organ_id_of(case_file: CaseFile) -> str:
    """The identifying code of the agency as it was named when the file was opened."""
    agency = IssuingAgency.objects.filter(valid__contains=case_file.opened_date).first()
    issuer = Issuer.objects.named(agency.full_name).first() if agency else None
    return issuer.organ_id if issuer else ""


def name_in_zip(number: int, item: CaseFileItem) -> str:
    """ "001-2023-10-19-3032-SKHDT-KGVX.pdf": sorts as the documents follow each other."""
    document = item.document
    ending = str(document.file.name).rpartition(".")[2] or "pdf"
    stem = download_name(document.number_and_symbol, "", ending).replace("-.", ".")
    return f"{number:03}-{document.date.isoformat()}-{stem}"


def annex_in_zip(number: int, item: CaseFileItem, annex: DocumentAnnex) -> str:
    """The same with "-phu-luc-1" behind it."""
    return f"{name_in_zip(number, item).rpartition('.')[0]}-phu-luc-{annex.position}.pdf"


def files_of(number: int, item: CaseFileItem) -> Iterator[tuple[str, FieldFile]]:
    """The document's file and its annexes, with their names in the zip."""
    if item.document.file:
        yield name_in_zip(number, item), item.document.file
    for annex in item.document.annexes.all():
        yield annex_in_zip(number, item, annex), annex.file


def xml_of(case_file: CaseFile, items: list[CaseFileItem], *, missing: set[str]) -> bytes:
    """The file and its documents with the fields of Phụ lục VI; files by name, size and SHA-256."""
    organ_id, organ_ids = organ_id_of(case_file), Issuer.objects.organ_ids()
    root = element_of("File", values_of_file(case_file, organ_id=organ_id, items=items))
    documents = ET.SubElement(root, "Documents")
    for number, item in enumerate(items, start=1):
        values = values_of(item.document, organ_id=organ_id, organ_ids=organ_ids, item=item)
        element = element_of("Document", values)
        if item.document.file:
            _attachment(element, name_in_zip(number, item), item.document, missing)
        for annex in item.document.annexes.all():
            _attachment(element, annex_in_zip(number, item, annex), annex, missing)
        documents.append(element)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _attachment(
    element: ET.Element, name: str, kept: Document | DocumentAnnex, missing: set[str]
) -> None:
    attachment = ET.SubElement(element, "Attachment")
    attachment.set("Name", name)
    attachment.set("Size", str(kept.file_size or 0))
    attachment.set("SHA256", kept.sha256)
    if name in missing:
        attachment.set("Missing", "true")


def workbook_of(case_file: CaseFile, items: list[CaseFileItem]) -> bytes:
    """The same fields as a table, one line a document."""
    organ_id, organ_ids = organ_id_of(case_file), Issuer.objects.organ_ids()
    told = values_of_file(case_file, organ_id=organ_id, items=items)
    headings = {field.name: field.heading for field in FILE}
    rows = []
    for item in items:
        values = values_of(item.document, organ_id=organ_id, organ_ids=organ_ids, item=item)
        rows.append([values.get(field.name, "") for field in INCOMING])
    return table_workbook(
        title=f"Mục lục văn bản, tài liệu – hồ sơ {case_file.symbol}",
        about=[f"{headings[name]}: {value}" for name, value in told.items() if value],
        columns=[
            Column(field.heading, 50 if field.name == "Subject" else 18) for field in INCOMING
        ],
        rows=rows,
        sheet_name="Hồ sơ",
    )


def write_zip(case_file: CaseFile, user: User, path: Path) -> int:
    """Write everything to `path`, file by file from the store; returns how many documents.

    A file that is gone from the store is named as missing in the XML, the rest is kept.
    """
    items = items_in_time(case_file, user)
    missing: set[str] = set()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, item in enumerate(items, start=1):
            for name, file in files_of(number, item):
                try:
                    with (
                        file.open("rb") as source,
                        archive.open(name, "w", force_zip64=True) as target,
                    ):
                        shutil.copyfileobj(source, target, 2**20)
                except FileNotFoundError:
                    missing.add(name)
        archive.writestr(METADATA, xml_of(case_file, items, missing=missing))
        archive.writestr(WORKBOOK, workbook_of(case_file, items))
    return len(items)


def export(*, prepared_id: int, lease: Lease) -> None:
    """Write the zip a waiting file is to hold; nothing to do when it is ready."""
    waiting = PreparedFile.objects.waiting().select_related("asked_by", "case_file__retention")
    prepared = waiting.filter(pk=prepared_id).first()
    if prepared is None:
        return
    case_file = (
        CaseFile.objects.visible_to(prepared.asked_by)
        .with_names()
        .filter(pk=prepared.case_file_id or 0)
        .first()
    )
    if case_file is None:
        refuse_prepared(prepared=prepared, problem=GONE)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ho-so.zip"
        count = write_zip(case_file, prepared.asked_by, path)
        lease.say(f"Đã gom {formats.number(count)} văn bản")
        with lease.effect():
            keep_prepared(prepared=prepared, path=path, rows=count)


def metadata_xml(case_file: CaseFile, user: User) -> bytes:
    """The XML alone."""
    return xml_of(case_file, items_in_time(case_file, user), missing=set())


def metadata_workbook(case_file: CaseFile, user: User) -> io.BytesIO:
    """The workbook alone."""
    return io.BytesIO(workbook_of(case_file, items_in_time(case_file, user)))
