"""CT-DT: who benefited from works in a year, by ethnic group and sex."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ethnic_data.models import EthnicGroup
from ethnic_data.store.layouts import group_names
from portal.collection.workbooks.layout import GroupName
from programs.models import Beneficiaries, Works

from .reading import numbers
from .works import WorksStore

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import Submission


class BeneficiaryStore(WorksStore):
    """Men and women of each group by works."""

    def group_names(self) -> Sequence[GroupName]:
        return group_names()

    def take_effect(self, submission: Submission, *, by: User) -> None:
        """The year's people become those told; what a correction no longer tells goes."""
        year = submission.period.end.year
        people: dict[tuple[str, str], dict[str | None, Decimal]] = defaultdict(dict)
        found = numbers(type(submission).objects.filter(pk=submission.pk))
        for key, value in found.items():
            if key.group:
                people[key.unit, key.group][key.sex] = value
        works = Works.objects.in_bulk({code for code, _ in people}, field_name="code")
        groups = EthnicGroup.objects.in_bulk({code for _, code in people}, field_name="code")
        Beneficiaries.objects.filter(
            submission__dataset=submission.dataset,
            submission__unit=submission.unit,
            submission__period=submission.period,
        ).delete()
        Beneficiaries.objects.bulk_create(
            (
                Beneficiaries(
                    works=works[code],
                    group=groups[group],
                    year=year,
                    male=int(told.get("male", 0)),
                    female=int(told.get("female", 0)),
                    submission=submission,
                    by=by,
                )
                for (code, group), told in people.items()
            ),
            update_conflicts=True,
            unique_fields=["works", "year", "group"],
            update_fields=["male", "female", "submission", "by"],
        )
