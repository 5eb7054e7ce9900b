"""Terms of the councils, and who recognised prestigious persons when; from programme.md, section 6,
and official-documents.md of the reference material. What was not checked is marked so."""

from __future__ import annotations

import datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from ethnic_data.models import CouncilTerm, RecognitionLevel
from portal.units.models import Level

TERMS = (
    ("2011–2016", datetime.date(2011, 5, 22), datetime.date(2016, 5, 22)),
    ("2016–2021", datetime.date(2016, 5, 22), datetime.date(2021, 5, 23)),
    ("2021–2026", datetime.date(2021, 5, 23), None),
)
LEVELS = (
    (Level.PROVINCE, "2018-04-24", "2023-11-23", "Quyết định 12/2018/QĐ-TTg"),
    (Level.DISTRICT, "2023-11-23", "2025-07-01", "Quyết định 28/2023/QĐ-TTg"),
    (Level.COMMUNE, "2025-07-01", None, "Tổ chức chính quyền địa phương hai cấp từ 1/7/2025"),
)


def load_people_reference() -> None:
    """The terms and levels that are not there yet."""
    for name, start, end in TERMS:
        CouncilTerm.objects.get_or_create(name=name, defaults={"start": start, "end": end})
    if RecognitionLevel.objects.exists():
        return
    RecognitionLevel.objects.bulk_create(
        RecognitionLevel(level=level, valid=DateRange(_day(first), _day(last)), basis=basis)
        for level, first, last, basis in LEVELS
    )


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
