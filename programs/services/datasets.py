"""Declare the programme's own datasets as rows of portal.collection, as datasets.toml says."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from portal.collection.models import (
    Dataset,
    DatasetColumn,
    DatasetRule,
    ReviewLevel,
    RowLevel,
)
from portal.units.models import Level
from programs.models import CapitalKind, FundingSource

from .posting import measure_of

DATA = Path(__file__).parent.parent / "data"
SINCE = datetime.date(2024, 1, 1)  # nobody was asked for these before; earlier ones may be sent
END_OF_DISTRICTS = datetime.date(2025, 7, 1)
FIRST_POSITION = 200  # after the datasets of the ethnic groups
OWN = {
    "columns",
    "at_most",
    "at_most_warned",
    "adds_up",
    "ratios",
    "change",
    "reviewers",
    "reviewed_from",
}
Fields = dict[str, Any]
KINDS: dict[str, Fields] = {
    "money": {"value_type": "decimal", "decimals": 3, "unit_of_measure": "triệu đồng"},
    "decimal": {"value_type": "decimal", "decimals": 3},
    "percent": {"value_type": "percent", "decimals": 2, "unit_of_measure": "%"},
    "count": {"value_type": "count"},
    "yes_no": {"value_type": "yes_no", "minimum": None},
}
# credit is lent for a year's running costs, the others are given for both
ONLY_RECURRENT = ("TDCS",)


@transaction.atomic
def load_datasets() -> None:
    """The datasets that are not there yet; what an administrator changed stays."""
    told = tomllib.loads((DATA / "datasets.toml").read_text(encoding="utf-8"))["dataset"]
    known = set(Dataset.objects.values_list("code", flat=True))
    for position, one in enumerate(told, FIRST_POSITION):
        if one["code"] not in known:
            _load(one, position)


def _load(one: Mapping[str, Any], position: int) -> None:
    dataset = Dataset.objects.create(position=position, **_fields(one))
    wanted = one["columns"]
    columns = list(_money_columns() if wanted == "money" else map(_column, wanted))
    DatasetColumn.objects.bulk_create(
        DatasetColumn(dataset=dataset, position=number, number=str(number), **column)
        for number, column in enumerate(columns, start=1)
    )
    rules = list(_rules(one))
    DatasetRule.objects.bulk_create(
        DatasetRule(dataset=dataset, position=number, **rule)
        for number, rule in enumerate(rules, start=1)
    )
    ReviewLevel.objects.bulk_create(
        ReviewLevel(
            dataset=dataset,
            position=number,
            reviewer=reviewer,
            valid=DateRange(one["reviewed_from"], None),
        )
        for number, reviewer in enumerate(one.get("reviewers", ()), start=1)
    )


def _fields(one: Mapping[str, Any]) -> Fields:
    fields = {
        "row_axis": Dataset.RowAxis.UNIT,
        "row_level": RowLevel.RECORD,
        "submitting_level": Level.DISTRICT,
        "collected_from": SINCE,
        "every_unit": False,
    } | {key: value for key, value in one.items() if key not in OWN}
    if fields["submitting_level"] == Level.DISTRICT:
        fields |= {"later_level": Level.COMMUNE, "later_level_since": END_OF_DISTRICTS}
    return fields


def _column(told: Mapping[str, Any]) -> Fields:
    column = {
        "key": told["key"],
        "measure": told.get("measure", told["key"]),
        "heading": told["heading"],
        "parents": [told["under"]] if "under" in told else [],
        "aliases": list(told.get("spelt", ())),
        "sex": told.get("sex", ""),
        "is_required": told.get("required", False),
        **KINDS[told["type"]],
    }
    return column | {name: told[name] for name in ("minimum", "maximum") if name in told}


def _money_columns() -> Iterator[Fields]:
    """The total, then source by source and kind by kind what it is made of."""
    yield _column(
        {"key": "TONG", "heading": "Tổng số", "type": "money", "spelt": ["Tổng cộng", "Tổng vốn"]}
    )
    for source in FundingSource.objects.filter(is_active=True):
        for kind in CapitalKind:
            if kind == CapitalKind.INVESTMENT and source.code in ONLY_RECURRENT:
                continue
            measure, word = measure_of(source, kind), kind.label.capitalize()
            yield _column(
                {
                    "key": measure,
                    "heading": word,
                    "under": source.name,
                    "type": "money",
                    "spelt": [measure, f"{source.name}, {kind.label}", f"{source.code} {word}"],
                }
            )


def _rules(one: Mapping[str, Any]) -> Iterator[Fields]:
    for severity, name in (("error", "at_most"), ("warning", "at_most_warned")):
        for part, whole in one.get(name, ()):
            yield {
                "code": f"khong-qua-{part.lower()}",
                "kind": "at_most",
                "columns": [part],
                "other": whole,
                "severity": severity,
            }
    for whole, parts in one.get("adds_up", {}).items():
        yield {
            "code": f"cong-{whole.lower()}",
            "kind": "sum",
            "columns": list(parts),
            "other": whole,
        }
    for part, whole, least, most in one.get("ratios", ()):
        yield {
            "code": f"ty-le-{part.lower()}",
            "kind": "ratio",
            "columns": [part],
            "other": whole,
            "minimum": least,
            "maximum": most,
            "severity": "warning",
        }
    for column, factor in one.get("change", {}).items():
        yield {
            "code": f"bien-dong-{column.lower()}",
            "kind": "change",
            "columns": [column],
            "parameter": factor,
            "severity": "warning",
        }
