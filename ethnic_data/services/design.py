"""An administrator's changes to datasets: nothing that values hang on is lost or changes meaning.

A column that was sent with is retired from a day after the last such period; one that was never
sent with is taken away. Every change of columns makes a new version of the template, so that an
old template says so when it comes in.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max

from ethnic_data.models import Category, Indicator
from portal.collection.models import Dataset, DatasetColumn, DatasetRule, Submission

from .columns import SEX_KEYS, Fields, Wish, column_key, proposed_columns, proposed_rules

Row = TypeVar("Row", DatasetColumn, DatasetRule)
A_DAY = datetime.timedelta(days=1)


class DesignRefused(Exception):
    """A change that would harm what is there; the text says which and what to do."""


def last_sent_day(dataset: Dataset) -> datetime.date | None:
    """The last day of the latest period that anything was opened or sent for; None: nothing."""
    found: datetime.date | None = Submission.objects.filter(dataset=dataset).aggregate(
        last=Max("period__end")
    )["last"]
    return found


@transaction.atomic
def create_dataset(*, dataset: Dataset, copy_of: Dataset | None = None) -> Dataset:
    """Save a new dataset, at the end of the list; with the columns and rules of another."""
    last = Dataset.objects.aggregate(last=Max("position"))["last"] or 0
    dataset.position = last + 1
    dataset.save()
    if copy_of is not None:
        today = copy_of.columns.filter(until=None)
        DatasetColumn.objects.bulk_create(_copied(row, dataset) for row in today)
        DatasetRule.objects.bulk_create(
            _copied(row, dataset) for row in copy_of.rules.exclude(other_dataset=dataset)
        )
        _renumber(dataset)
    return dataset


def _copied(row: Row, dataset: Dataset) -> Row:
    row.pk, row.dataset = None, dataset
    row._state.adding = True
    return row


@transaction.atomic
def update_dataset(*, dataset: Dataset) -> Dataset:
    """Save a changed dataset; titles and instructions stand in the template, so it is a new one."""
    dataset.template_version = _next_version(dataset)
    dataset.save()
    return dataset


def missing_parts(dataset: Dataset, wish: Wish) -> list[Wish]:
    """What a ratio is computed from and the dataset has not; empty for what is entered."""
    one, known = wish.indicator, set(dataset.columns.values_list("key", flat=True))
    if not one.is_ratio:
        return []
    parts = (
        (one.numerator, one.numerator_sex, one.numerator_category),
        (one.denominator, one.denominator_sex, one.denominator_category),
    )
    return [
        _part(part, own_sex or sex, category)
        for part, own_sex, category in parts
        for sex in ([*SEX_KEYS] if wish.sexes else [""])
        if part is not None and _key(part, own_sex or sex, category) not in known
    ]


def _key(part: Indicator, sex: str, category: Category | None) -> str:
    return column_key(part.code, category=category.code if category else "", sex=sex)


def _part(part: Indicator, sex: str, category: Category | None) -> Wish:
    return Wish(
        indicator=part,
        total=not (sex or category),
        sexes=bool(sex),
        categories=[category] if category else [],
    )


def proposals(dataset: Dataset, wish: Wish) -> list[Fields]:
    """The columns that a wish adds, parts of a ratio first; those that are there are left out."""
    known = set(dataset.columns.values_list("key", flat=True))
    columns = [c for part in missing_parts(dataset, wish) for c in proposed_columns(part)]
    columns += proposed_columns(wish)
    fresh = {column["key"]: column for column in columns if column["key"] not in known}
    return list(fresh.values())


@transaction.atomic
def add_columns(
    *, dataset: Dataset, wish: Wish, since: datetime.date | None = None, with_rules: bool = True
) -> list[DatasetColumn]:
    """Add the columns of a wish at the end, and the rules that are plain from them.

    Raises:
        DesignRefused: they are all there, a ratio lacks its parts, or one indicator would be
            divided in two ways without a total.
    """
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    fresh = proposals(dataset, wish)
    if not fresh:
        raise DesignRefused("Biểu đã có các cột này.")
    _refuse_two_ways(dataset, fresh)
    last = dataset.columns.aggregate(last=Max("position"))["last"] or 0
    added = DatasetColumn.objects.bulk_create(
        DatasetColumn(dataset=dataset, position=last + n, since=since, **fields)
        for n, fields in enumerate(fresh, start=1)
    )
    if with_rules:
        _add_rules(dataset, fresh)
    _changed(dataset)
    return added


def _refuse_two_ways(dataset: Dataset, fresh: Sequence[Fields]) -> None:
    """Categories of two dimensions add up twice unless the total stands beside them."""
    rows = [*dataset.columns.values("measure", "category", "sex", "is_required"), *fresh]
    dimensions = dict(Category.objects.values_list("code", "dimension__code"))
    for measure in {one["measure"] for one in fresh}:
        mine = [row for row in rows if row["measure"] == measure]
        ways = {dimensions.get(row.get("category", "")) for row in mine if row.get("category")}
        total = any(
            not row.get("category") and not row.get("sex") and row["is_required"] for row in mine
        )
        if len(ways) > 1 and not total:
            raise DesignRefused(
                "Một chỉ tiêu chia theo hai cách phải có cột tổng số bắt buộc. Chọn thêm tổng số."
            )


def _add_rules(dataset: Dataset, fresh: Sequence[Fields]) -> None:
    """What is plain from the fresh columns together with those that were there.

    A fresh part comes into the rule that its whole has already; a rule of which nothing is fresh
    and that somebody took away stays away.
    """
    keys = {one["key"] for one in fresh}
    names = ("key", "measure", "sex", "category", "group_code", "kind")
    standing = dataset.columns.filter(until=None, measure__in={one["measure"] for one in fresh})
    known = {rule.code: rule for rule in dataset.rules.all()}
    added = []
    for fields in proposed_rules(list(standing.values(*names))):
        rule = known.get(fields["code"])
        if rule is None and keys.intersection([*fields["columns"], fields["other"]]):
            added.append(DatasetRule(dataset=dataset, **fields))
        elif rule is not None and rule.kind == fields["kind"]:
            more = [key for key in fields["columns"] if key in keys and key not in rule.columns]
            rule.columns = [*rule.columns, *more]
            rule.save(update_fields=["columns"])
    last = dataset.rules.aggregate(last=Max("position"))["last"] or 0
    for n, rule in enumerate(added, start=1):
        rule.position = last + n
    DatasetRule.objects.bulk_create(added)


@transaction.atomic
def update_column(*, column: DatasetColumn) -> DatasetColumn:
    """Save a column's words, bounds and order. What it measures is another column."""
    column.save()
    _changed(column.dataset)
    return column


@transaction.atomic
def move_column(*, column: DatasetColumn, up: bool) -> None:
    """Change places with the column before or after it among those in use."""
    others = column.dataset.columns.filter(until=None)
    other = (
        others.filter(position__lt=column.position).last()
        if up
        else others.filter(position__gt=column.position).first()
    )
    if other is None:
        return
    column.position, other.position = other.position, column.position
    DatasetColumn.objects.bulk_update([column, other], ["position"])
    _changed(column.dataset)


@transaction.atomic
def retire_column(*, column: DatasetColumn) -> bool:
    """Take a column out of use; whether it stays for the periods that it was sent for.

    Raises:
        DesignRefused: a computed column that is in use needs it.
    """
    dataset = column.dataset
    needed_by = dataset.columns.filter(kind=DatasetColumn.Kind.COMPUTED, until=None).exclude(
        pk=column.pk
    )
    for other in needed_by:
        if column.key in (other.numerator, other.denominator):
            raise DesignRefused(f"Cột “{other.heading}” tính từ cột này. Bỏ cột đó trước.")
    last = last_sent_day(dataset)
    stays = last is not None and (column.since is None or column.since <= last)
    if stays and last is not None:
        column.until = last + A_DAY
        column.save(update_fields=["until"])
    else:
        column.delete()
    _changed(dataset)
    return stays


def _changed(dataset: Dataset) -> None:
    _renumber(dataset)
    Dataset.objects.filter(pk=dataset.pk).update(template_version=_next_version(dataset))


def _renumber(dataset: Dataset) -> None:
    """Number the columns in use as they follow each other."""
    columns = list(dataset.columns.filter(until=None))
    for number, column in enumerate(columns, start=1):
        column.number = str(number)
    DatasetColumn.objects.bulk_update(columns, ["number"])


def _next_version(dataset: Dataset) -> str:
    """ "1" is followed by "2"; a version that is no number by itself and a number."""
    version: str = Dataset.objects.values_list("template_version", flat=True).get(pk=dataset.pk)
    head, _, tail = version.rpartition(".")
    if not tail.isdecimal():
        return f"{version}.1"[:20]
    return f"{head}.{int(tail) + 1}" if head else str(int(tail) + 1)


def is_used(indicator: Indicator) -> bool:
    """Whether values of it were sent, or it was computed from such: its meaning then stays."""
    columns: Any = DatasetColumn.objects.filter(
        measure=indicator.code, dataset__submissions__isnull=False
    )
    return bool(columns.exists() or indicator.observation_set.exists())
