"""The same work by django-import-export: as it comes, and tuned with everything it offers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine
import tablib
from import_export import resources
from import_export.fields import Field
from import_export.widgets import DateWidget, DecimalWidget, ForeignKeyWidget

from ethnic_data.models import EthnicGroup, Indicator, Observation
from portal.collection.models import Submission
from portal.units.models import AdministrativeUnit

from .files import NOT_COLLECTED, letters
from .province import measure

KEY = ["submission", "indicator", "unit", "group", "sex", "category"]
HEADERS = [*KEY, "value", "missing", "reference_date", "kind", "sheet", "cell", "raw"]
CHANGED = ["value", "missing", "reference_date", "kind", "sheet", "cell", "raw"]
BATCH = 5_000


def melted(path: Path, submission: Submission, columns: int, rows: int) -> tablib.Dataset:
    """One line for each value of the first `rows` rows, as the Resource wants them."""
    sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    data = tablib.Dataset(headers=HEADERS)
    for number, line in enumerate(sheet[1 : rows + 1], 2):
        for column in range(columns):
            cell = line[column + 3]
            missing = cell == NOT_COLLECTED
            data.append(
                [
                    submission.pk,
                    measure(column),
                    line[1],
                    line[2],
                    "",
                    "",
                    None if missing else cell,
                    "not_collected" if missing else "",
                    submission.period.end.isoformat(),
                    "administrative",
                    "Bieu",
                    f"{letters(column + 3)}{number}",
                    str(cell),
                ]
            )
    return data


class UnitWidget(ForeignKeyWidget):
    """By the printed name, "Xã Bản Thử 1": kind and name."""

    def clean(self, value: Any, row: Any = None, **more: Any) -> Any:
        kind, name = str(value).split(" ", 1)
        return self.model.objects.get(kind=kind.lower(), name=name)


def _fields(unit: Any, group: Any, indicator: Any, submission: Any) -> dict[str, Field]:
    plain = {name: Field(name, name) for name in ("sex", "category", "missing", "kind")}
    return {
        "submission": Field("submission", "submission", widget=submission),
        "indicator": Field("indicator", "indicator", widget=indicator),
        "unit": Field("unit", "unit", widget=unit),
        "group": Field("group", "group", widget=group),
        "value": Field("value", "value", widget=DecimalWidget()),
        "reference_date": Field("reference_date", "reference_date", widget=DateWidget()),
        **plain,
        **{name: Field(name, name) for name in ("sheet", "cell", "raw")},
    }


class PlainResource(resources.ModelResource):
    """As a developer writes it first: queries for each reference and a save for each row."""

    locals().update(
        _fields(
            UnitWidget(AdministrativeUnit),
            ForeignKeyWidget(EthnicGroup, "name"),
            ForeignKeyWidget(Indicator, "code"),
            ForeignKeyWidget(Submission, "pk"),
        )
    )

    class Meta:
        model = Observation
        import_id_fields = KEY
        fields = HEADERS


class Cached(ForeignKeyWidget):
    """Every row of the parent looked up once."""

    def __init__(self, model: Any, name: Any) -> None:
        super().__init__(model, "pk")
        self.name, self.known = name, None

    def clean(self, value: Any, row: Any = None, **more: Any) -> Any:
        if self.known is None:
            self.known = {str(self.name(one)): one for one in self.model.objects.all()}
        return self.known[str(value)]


class NoInstances:
    """ON CONFLICT decides what is there already; nothing is asked before."""

    def __init__(self, *arguments: Any) -> None:
        pass

    def get_instance(self, row: Any) -> None:
        return None


def tuned_resource() -> type[resources.ModelResource]:
    class TunedResource(resources.ModelResource):
        locals().update(
            _fields(
                Cached(AdministrativeUnit, lambda unit: unit.full_name),
                Cached(EthnicGroup, lambda group: group.name),
                Cached(Indicator, lambda indicator: indicator.code),
                Cached(Submission, lambda submission: submission.pk),
            )
        )

        class Meta:
            model = Observation
            import_id_fields = KEY
            fields = HEADERS
            use_bulk = True
            batch_size = BATCH
            skip_diff = True
            skip_html_diff = True
            report_skipped = False
            store_row_values = False
            instance_loader_class = NoInstances

        def bulk_create(self, *arguments: Any, **more: Any) -> None:
            Observation.objects.bulk_create(
                self.create_instances,
                update_conflicts=True,
                unique_fields=["indicator", "submission", "sex", "unit", "group", "category"],
                update_fields=CHANGED,
            )
            self.create_instances.clear()

    return TunedResource


def run(kind: str, path: Path, submission: Submission, columns: int, rows: int) -> dict[str, float]:
    started = time.perf_counter()
    data = melted(path, submission, columns, rows)
    resource = PlainResource() if kind == "plain" else tuned_resource()()
    result = resource.import_data(data, raise_errors=True, use_transactions=True)
    seconds = time.perf_counter() - started
    if result.has_errors() or result.has_validation_errors():
        raise RuntimeError(f"{kind}: {result.totals}")
    return {"seconds": seconds, "rows": rows, "rows_per_second": rows / seconds}


def kinds() -> Iterator[str]:
    yield from ("plain", "tuned")
