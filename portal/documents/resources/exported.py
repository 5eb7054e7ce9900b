"""Documents as a table: the columns of the workbook that the list gives away."""

from __future__ import annotations

from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import DateWidget

from portal.collection.lists.cells import TextField
from portal.documents.models import Document


class DocumentResource(ModelResource):
    direction = TextField("get_direction_display", "Sổ")
    number_and_symbol = TextField("number_and_symbol", "Số, ký hiệu")
    date = Field("date", "Ngày văn bản", widget=DateWidget("%d/%m/%Y"))
    document_type = TextField("document_type__name", "Loại văn bản")
    issuer = TextField("issuer__name", "Cơ quan ban hành")
    subject = TextField("subject", "Trích yếu")
    signer_name = TextField("signer_name", "Người ký")
    signer_title = TextField("signer_title", "Chức vụ người ký")
    recipients = TextField("recipients", "Nơi nhận")
    priority = TextField("get_priority_display", "Độ khẩn")
    language = TextField("language", "Ngôn ngữ")
    pages = Field("pages", "Số trang")
    copies = Field("copies", "Số lượng bản")
    arrival_date = Field("arrival_date", "Ngày đến", widget=DateWidget("%d/%m/%Y"))
    assigned_to = TextField("assigned_to", "Đơn vị, người nhận")
    due_date = Field("due_date", "Hạn giải quyết", widget=DateWidget("%d/%m/%Y"))
    description = TextField("description", "Mô tả")
    valid_from = Field("valid_from", "Có hiệu lực từ", widget=DateWidget("%d/%m/%Y"))
    valid_to = Field("valid_to", "Hết hiệu lực từ", widget=DateWidget("%d/%m/%Y"))
    note = TextField("note", "Ghi chú")

    class Meta:
        model = Document
        fields = (
            "direction",
            "number_and_symbol",
            "date",
            "document_type",
            "issuer",
            "subject",
            "signer_name",
            "signer_title",
            "recipients",
            "priority",
            "language",
            "pages",
            "copies",
            "arrival_date",
            "assigned_to",
            "due_date",
            "description",
            "valid_from",
            "valid_to",
            "note",
        )
