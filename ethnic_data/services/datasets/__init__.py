"""Declare the portal's own datasets as rows of portal.collection, and make the periods."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.collection.models import Dataset, DatasetColumn, DatasetRule
from portal.collection.services.periods import make_periods

from .declared import Catalogue, declared_datasets

STORE = "ethnic_data.store.ObservationStore"


@transaction.atomic
def load_datasets() -> None:
    """The datasets and periods that are not there yet."""
    make_periods(today=timezone.localdate())
    known = set(Dataset.objects.values_list("code", flat=True))
    fresh = [
        (position, declared)
        for position, declared in enumerate(declared_datasets(Catalogue()), start=1)
        if declared.fields["code"] not in known
    ]
    datasets = Dataset.objects.bulk_create(
        Dataset(position=position, store=STORE, **declared.fields) for position, declared in fresh
    )
    pairs = [(dataset, one) for dataset, (_, one) in zip(datasets, fresh, strict=True)]
    DatasetColumn.objects.bulk_create(
        DatasetColumn(dataset=dataset, position=n, **fields)
        for dataset, declared in pairs
        for n, fields in enumerate(declared.columns, start=1)
    )
    DatasetRule.objects.bulk_create(
        DatasetRule(dataset=dataset, position=n, **fields)
        for dataset, declared in pairs
        for n, fields in enumerate(declared.rules, start=1)
    )


__all__ = ["STORE", "load_datasets"]
