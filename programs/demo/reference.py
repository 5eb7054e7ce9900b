"""What the demo's rows refer to: the programme, its parts, people, decisions; looked up once."""

from __future__ import annotations

import datetime
from functools import cached_property

from ethnic_data.models import EthnicGroup
from portal.accounts.models import User
from portal.documents.models import Document, DocumentType, Issuer
from programs.models import CapitalPlan, FundingSource, Organisation, OutputKind, Programme, Works

from . import figures
from .figures import Job, Purse
from .places import Places

BY = "chuyenvien"
HEAD = "truongphong"
ISSUER = "Ủy ban nhân dân tỉnh Bắc Giang"
NOT_REAL = "Văn bản minh hoạ, không có thật"
Line = tuple[str, str, Purse]  # holder's key, component, purse


class Reference:
    def __init__(self, *, today: datetime.date) -> None:
        self.today = today
        self.places = Places.found()
        self.programme = Programme.objects.get(code="1719")
        self.by = User.objects.get(username=BY)
        self.components = {c.code: c for c in self.programme.components.all()}
        self.sources = {source.code: source for source in FundingSource.objects.all()}
        self.groups = {group.code: group for group in EthnicGroup.objects.listed()}
        self.kinds = {kind.code: kind for kind in OutputKind.objects.all()}
        self.works: dict[str, Works] = {}
        self.investors: dict[str, Organisation] = {}
        self.lines: dict[int, dict[Line, CapitalPlan]] = {}  # by year

    @cached_property
    def issuer(self) -> Issuer:
        return Issuer.objects.get(name=ISSUER)

    def investor(self, job: Job) -> Organisation:
        office = "bqlda" if job.trade.purse_kind == figures.INVESTMENT else "kinh-te"
        return self.investors[f"{office}-{job.place.district}"]

    def document(
        self, number: str, subject: str, date: datetime.date, *, kind: str = "QĐ"
    ) -> Document:
        return Document.objects.create(
            direction="legal",
            number=number,
            symbol=f"{kind}-UBND",
            date=date,
            issuer=self.issuer,
            document_type=DocumentType.objects.get(code=kind),
            subject=subject,
            verification_note=NOT_REAL,
            is_demo=True,
            created_by=self.by,
        )

    def decision(self, year: int, what: str, date: datetime.date | None = None) -> Document:
        """A made-up decision of the province about the year; the end of the year before unless
        told."""
        return self.document(
            f"MH{year % 100:02}{len(what):02}",
            f"Quyết định minh hoạ về việc {what} năm {year}",
            date or datetime.date(year - 1, 12, 20),
        )
