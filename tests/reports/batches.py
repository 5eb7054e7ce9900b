"""Batches of sheets for tests: asked for, and one of them drawn."""

from __future__ import annotations

from portal.collection.models import ReportingPeriod
from reports import services
from reports.models import Batch, BatchSheet, ReportTemplate
from tests.cast import member
from tests.reports import stage

COMMUNES = ["07645", "07624", "07621"]


def asked_batch(**given: object) -> Batch:
    """Three communes of Sơn Động, waiting for a worker."""
    told = {
        "template": ReportTemplate.objects.current().get(code="PHIEU-XA"),
        "period": ReportingPeriod.objects.get(code="2023"),
        "by": member("specialist"),
        "now": stage.NOW,
        "codes": COMMUNES,
    }
    return services.request_batch(**(told | given))  # type: ignore[arg-type]


def draw(sheet: BatchSheet) -> BatchSheet:
    return services.store_sheet(sheet, services.make_sheet(sheet), now=stage.NOW)


def made_batch() -> Batch:
    """The same with its first sheet drawn."""
    batch = asked_batch()
    draw(batch.sheets.first())
    return batch
