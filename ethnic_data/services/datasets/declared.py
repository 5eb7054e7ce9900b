"""The datasets that the portal comes with, as datasets.toml declares them."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ethnic_data.models import Category, Indicator
from ethnic_data.services.columns import (
    Fields,
    Wish,
    at_most,
    change,
    proposed_columns,
    proposed_rules,
    sum_rule,
)
from ethnic_data.services.files import DATA
from portal.units.models import Level

SINCE = datetime.date(2024, 1, 1)  # the datasets that nobody asked for before
END_OF_DISTRICTS = datetime.date(2025, 7, 1)
YEARLY = "yearly"
# when a dataset says nothing else; see the remark in datasets.toml
DUE_OF_YEAR = {"due_month": 9, "due_day": 15}
DUE_OF_PART = {"due_months_after": 1, "due_day": 10}
OWN = {"columns", "at_most", "at_most_warned", "adds_up", "change"}


@dataclass(frozen=True)
class Declaration:
    """One dataset: its own fields, its columns in order, its rules."""

    fields: Fields
    columns: list[Fields]
    rules: list[Fields] = field(default_factory=list)


class Catalogue:
    """The indicators and categories that declarations speak of."""

    def __init__(self) -> None:
        self.indicators = {one.code: one for one in Indicator.objects.with_parts()}
        self.categories: dict[str, Category] = {}
        self.dimensions: dict[str, list[Category]] = {}
        for one in Category.objects.select_related("dimension"):
            self.categories[one.code] = one
            self.dimensions.setdefault(one.dimension.code, []).append(one)

    def chosen(self, named: str | Sequence[str]) -> list[Category]:
        """All of a dimension by its code, or the categories of a list of codes."""
        if isinstance(named, str):
            return self.dimensions[named] if named else []
        return [self.categories[code] for code in named]


def declared_datasets(catalogue: Catalogue) -> Iterator[Declaration]:
    """Every dataset of datasets.toml, in order."""
    told = tomllib.loads((DATA / "datasets.toml").read_text(encoding="utf-8"))
    for one in told["dataset"]:
        columns = [column for wanted in one["columns"] for column in _columns(wanted, catalogue)]
        for number, column in enumerate(columns, start=1):
            column["number"] = str(number)
        yield Declaration(_fields(one), columns, list(_rules(one, columns)))


def _fields(one: Mapping[str, Any]) -> Fields:
    fields = {"frequency": YEARLY, "submitting_level": Level.DISTRICT, "collected_from": SINCE}
    fields |= {key: value for key, value in one.items() if key not in OWN}
    if "due_day" not in fields and not fields.get("includes_reference"):
        fields |= DUE_OF_YEAR if fields["frequency"] == YEARLY else DUE_OF_PART
    if fields["submitting_level"] == Level.DISTRICT:
        fields |= {"later_level": Level.COMMUNE, "later_level_since": END_OF_DISTRICTS}
    return fields


def _columns(wanted: Mapping[str, Any], catalogue: Catalogue) -> list[Fields]:
    columns = proposed_columns(
        Wish(
            indicator=catalogue.indicators[wanted["of"]],
            total=wanted.get("total", True),
            sexes=wanted.get("sexes", False),
            categories=catalogue.chosen(wanted.get("categories", "")),
            heading=wanted.get("heading", ""),
            aliases=wanted.get("spelt", ()),
            required=wanted.get("required", True),
        )
    )
    for column in columns:
        if more := wanted.get(f"spelt_{column.get('sex')}"):
            column["aliases"] = more
        is_total = not (column.get("sex") or column.get("category"))
        if is_total and "total_required" in wanted:
            column["is_required"] = wanted["total_required"]
        column |= {key: wanted[key] for key in ("minimum", "maximum") if key in wanted}
    return columns


def _rules(one: Mapping[str, Any], columns: list[Fields]) -> Iterator[Fields]:
    adding = one.get("adds_up", ())
    for rule in proposed_rules(columns):
        if rule["kind"] != "at_most" or rule["other"] not in adding:
            yield rule
    for whole in adding:
        for name, parts in _by_heading(whole, columns).items():
            yield sum_rule(parts, whole, f"cong-{name}")
    for part, whole in one.get("at_most", ()):
        yield at_most([part], whole, part)
    for part, whole in one.get("at_most_warned", ()):
        yield at_most([part], whole, part, severity="warning")
    for column, factor in one.get("change", {}).items():
        yield change(column, factor)


def _by_heading(measure: str, columns: list[Fields]) -> dict[int, list[str]]:
    """The categories of a measure, apart for each heading they stand under."""
    found: dict[str, list[str]] = {}
    for column in columns:
        if column["measure"] == measure and column.get("category") and not column.get("sex"):
            found.setdefault(column["parents"][0], []).append(column["key"])
    return dict(enumerate(found.values(), start=1))
