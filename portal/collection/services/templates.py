"""The workbook to be filled in, and a sent workbook with its mistakes marked."""

from __future__ import annotations

from portal.collection.models import Dataset, ReportingPeriod
from portal.collection.stores import store_of
from portal.collection.workbooks.template import write_template
from portal.units.models import AdministrativeUnit
from portal.units.names import fold


def template_workbook(
    *, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod
) -> bytes:
    """An xlsx of this dataset, unit and period, pre-filled and with drop-downs."""
    return write_template(store_of(dataset).layout(dataset, unit, period))


def template_name(*, dataset: Dataset, unit: AdministrativeUnit, period: ReportingPeriod) -> str:
    """ "bieu-05-son-dong-2023.xlsx": letters of ASCII only, for every file system."""
    words = f"{dataset.code} {unit.name} {period.code}"
    return f"{'-'.join(fold(words).split())}.xlsx"
