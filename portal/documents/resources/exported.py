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
            "valid_from",
            "valid_to",
            "note",
        )
