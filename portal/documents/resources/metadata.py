"""The input fields of a records system: Nghị định 30/2020/NĐ-CP, Phụ lục VI.

Names and lengths are the decree's; a text longer than its field is cut and ends with "…". Agency
codes have been up to 35 characters long since Quyết định 20/2020/QĐ-TTg.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from xml.etree import ElementTree as ET

from django.utils.text import Truncator

from portal.documents.models import CaseFile, CaseFileItem, Direction, Document
from portal.units.names import fold

# what XML 1.0 cannot hold
UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ORGAN_ID, ORGAN_NAME = 35, 200


@dataclass(frozen=True)
class Field:
    """One field: its name (a path below the document), heading and longest text."""

    name: str
    heading: str
    length: int


OUTGOING = (
    Field("FileCode/OrganId", "Mã cơ quan lập hồ sơ", ORGAN_ID),
    Field("FileCode/FileCatalog", "Năm hình thành hồ sơ", 4),
    Field("FileCode/FileNotation", "Số và ký hiệu hồ sơ", 20),
    Field("DocOrdinal", "Số thứ tự trong hồ sơ", 3),
    Field("TypeName", "Tên loại văn bản", 100),
    Field("CodeNumber", "Số của văn bản", 11),
    Field("CodeNotation", "Ký hiệu của văn bản", 30),
    Field("IssuedDate", "Ngày, tháng, năm văn bản", 10),
    Field("OrganName", "Cơ quan ban hành", ORGAN_NAME),
    Field("Subject", "Trích yếu nội dung", 500),
    Field("Language", "Ngôn ngữ", 30),
    Field("PageAmount", "Số trang", 3),
    Field("Description", "Ghi chú", 500),
    Field("SignerInfo/Position", "Chức vụ người ký", 100),
    Field("SignerInfo/FullName", "Họ tên người ký", 50),
    Field("To/OrganId", "Mã định danh nơi nhận", ORGAN_NAME),
    Field("To/OrganName", "Nơi nhận", ORGAN_NAME),
    Field("Priority", "Mức độ khẩn", 1),
    Field("IssuedAmount", "Số lượng bản phát hành", 3),
    Field("DueDate", "Hạn trả lời, giải quyết", 10),
)
INCOMING = (
    *OUTGOING[:-1],
    Field("ArrivalDate", "Ngày đến", 10),
    Field("ArrivalNumber", "Số đến", 10),
    Field("ToPlaces", "Đơn vị, người nhận", 1000),
    Field("TraceHeaderList", "Ý kiến phân phối, chỉ đạo, trạng thái xử lý", 1000),
    OUTGOING[-1],
)
FILE = (
    Field("FileCode/OrganId", "Mã cơ quan lập hồ sơ", ORGAN_ID),
    Field("FileCode/FileCatalog", "Năm hình thành hồ sơ", 4),
    Field("FileCode/FileNotation", "Số và ký hiệu hồ sơ", 20),
    Field("Title", "Tiêu đề hồ sơ", 500),
    Field("Maintenance", "Thời hạn bảo quản", 30),
    Field("Rights", "Chế độ sử dụng", 30),
    Field("Creator", "Người lập hồ sơ", 30),
    Field("Language", "Ngôn ngữ", 50),
    Field("StartDate", "Thời gian bắt đầu", 10),
    Field("EndDate", "Thời gian kết thúc", 10),
    Field("DocTotal", "Tổng số văn bản trong hồ sơ", 4),
    Field("PageTotal", "Tổng số trang của hồ sơ", 4),
    Field("Description", "Ghi chú", 500),
)


def day(value: datetime.date | None) -> str:
    return f"{value:%d/%m/%Y}" if value is not None else ""


def count(value: int | None) -> str:
    return "" if value is None else str(value)


def fitted(text: str, length: int) -> str:
    """The text without what no file can hold, on one line, no longer than the field."""
    words = " ".join(UNSPEAKABLE.sub(" ", text).split())
    return Truncator(words).chars(length)


def fields_of(document: Document) -> tuple[Field, ...]:
    return INCOMING if document.direction == Direction.INCOMING else OUTGOING


def values_of(
    document: Document,
    *,
    organ_id: str = "",
    organ_ids: Mapping[str, str] = MappingProxyType({}),
    item: CaseFileItem | None = None,
) -> dict[str, str]:
    """Every field of the document by name; those of the file are empty outside one.

    `organ_ids` are the codes of agencies by their folded names (`IssuerQuerySet.organ_ids`).
    Reads the document's issuer, type, number and, of incoming ones, assignments with their events.
    """
    file = item.case_file if item is not None else None
    pages = item.pages if item is not None and item.pages is not None else document.pages
    found = {
        "FileCode/OrganId": organ_id if file else "",
        "FileCode/FileCatalog": count(file.year) if file else "",
        "FileCode/FileNotation": file.symbol if file else "",
        "DocOrdinal": count(item.position) if item else "",
        "TypeName": document.document_type.name,
        "CodeNumber": document.number,
        "CodeNotation": document.symbol,
        "IssuedDate": day(document.date),
        "OrganName": document.issuer.name,
        "Subject": document.subject,
        "Language": document.language,
        "PageAmount": count(pages),
        "Description": document.description or document.note,
        "SignerInfo/Position": document.signer_title,
        "SignerInfo/FullName": document.signer_name,
        "To/OrganId": "; ".join(codes_of(document.recipients, organ_ids)),
        "To/OrganName": document.recipients,
        "Priority": count(document.priority),
        "IssuedAmount": count(document.copies),
        "DueDate": day(document.due_date),
    }
    if document.direction == Direction.INCOMING:
        issued = getattr(document, "issued_number", None)
        found |= {
            "ArrivalDate": day(document.arrival_date),
            "ArrivalNumber": count(issued.number if issued else None),
            "ToPlaces": document.assigned_to,
            "TraceHeaderList": "; ".join(traces(document)),
        }
    return {field.name: fitted(found[field.name], field.length) for field in fields_of(document)}


def codes_of(recipients: str, organ_ids: Mapping[str, str]) -> list[str]:
    """The codes of those recipients ("UBND tỉnh (b/c); Sở Nội vụ") that are known agencies."""
    lines = re.split("[;\n]", recipients)
    names = (fold(line.partition("(")[0].strip(" -.,")) for line in lines)
    return [organ_ids[name] for name in names if name in organ_ids]


def traces(document: Document) -> list[str]:
    """Opinions and states of the handling, in the order in which they came."""
    found = []
    for assignment in document.assignments.all():
        if assignment.direction:
            found.append(f"{assignment.assigned_by}: {assignment.direction}")
        found += [str(event) for event in assignment.events.all()]
    return found


def values_of_file(
    case_file: CaseFile, *, organ_id: str, items: Sequence[CaseFileItem]
) -> dict[str, str]:
    days = [item.document.date for item in items]
    pages = [item.pages or item.document.pages or 0 for item in items]
    found = {
        "FileCode/OrganId": organ_id,
        "FileCode/FileCatalog": count(case_file.year),
        "FileCode/FileNotation": case_file.symbol,
        "Title": case_file.title,
        "Maintenance": case_file.retention.name,
        "Rights": case_file.get_rights_display(),
        "Creator": str(case_file.maker),
        "Language": case_file.language,
        "StartDate": day(min(days, default=case_file.opened_date)),
        "EndDate": day(max(days, default=case_file.closed_date)),
        "DocTotal": count(len(items)),
        "PageTotal": count(sum(pages)),
        "Description": case_file.description,
    }
    return {field.name: fitted(found[field.name], field.length) for field in FILE}


def element_of(tag: str, values: dict[str, str]) -> ET.Element:
    """Values by path ("SignerInfo/Position") as nested elements; empty ones stay, empty."""
    root = ET.Element(tag)
    for path, text in values.items():
        place = root
        for step in path.split("/"):
            found = place.find(step)
            place = ET.SubElement(place, step) if found is None else found
        place.text = text
    return root
