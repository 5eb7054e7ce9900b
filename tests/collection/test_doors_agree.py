"""Browser form, workbook and API: the same layout and values, the same findings and stored values.

Every example is a dataset of its own, with columns of any type and rules of any kind, as an
administrator might declare it; what is typed goes through the form of the page, through a workbook
of our template writer that is uploaded and read, and through the API.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from portal.collection import services
from portal.collection.forms import GridForm
from portal.collection.models import (
    Dataset,
    DatasetColumn,
    DatasetRule,
    ReportingPeriod,
    Submission,
    Upload,
)
from portal.collection.services.beside import layout_of
from portal.collection.services.grids import cell_name, entry_grid_of, grid_of
from portal.collection.stores import store_of
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.layout import Layout
from portal.collection.workbooks.template import write_template
from portal.jobs.services import drain
from tests.cast import member, unit
from tests.collection.api import Machine
from tests.collection.conftest import values_of
from tests.collection.test_services_beside import approve, write
from tests.collection.workbooks_of_units import codes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MEASURES = ("D01", "D02", "N03", "N04", "N09", "N10")
GROUPS = ("02", "07")
Said = set[tuple[str, str, str | None, str | None, str | None]]
Stored = dict[Any, tuple[Decimal | None, str]]


# what an administrator may declare

numbers = st.sampled_from([Decimal(n) for n in (0, 1, 3, 10, 50, 100)])


@st.composite
def columns(draw) -> list[dict]:
    count = draw(st.integers(3, 6))
    first = {"value_type": "count", "is_required": True}
    rest = [
        {
            "value_type": draw(
                st.sampled_from(["count", "decimal", "percent", "yes_no", "text", "count"])
            ),
            "is_required": draw(st.booleans()),
            "maximum": draw(st.sampled_from([None, Decimal(500)])),
        }
        for _ in range(count - 1)
    ]
    return [
        {"position": n, "number": str(n), "key": f"c{n}", "measure": MEASURES[n - 1]}
        | {"heading": f"Cột thử số {n}", **fields}
        | ({"is_required": False} if fields["value_type"] == "text" else {})
        for n, fields in enumerate([first, *rest], start=1)
    ]


@st.composite
def rules(draw, keys: list[str]) -> list[dict]:
    some = st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True)
    found = []
    for n in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(DatasetRule.Kind.values))
        fields: dict[str, Any] = {"code": f"r{n}", "kind": kind, "columns": draw(some)}
        fields["severity"] = draw(st.sampled_from(["error", "warning", "warning"]))
        if kind in ("at_most", "at_least", "sum", "ratio", "required_if"):
            fields["other"] = draw(st.sampled_from(keys))
        if kind in ("range", "ratio", "outlier"):
            fields["minimum"] = draw(numbers)
        if kind in ("range", "ratio"):
            fields["maximum"] = fields["minimum"] + draw(numbers)
        if kind in ("sum", "cross"):
            fields["relation"] = draw(st.sampled_from(["=", "<=", ">="]))
            fields["parameter"] = draw(st.none() | numbers)
            fields["tolerance_percent"] = draw(st.none() | numbers)
        if kind == "cross":
            fields |= {"other_columns": ["D03"], "over_groups": draw(st.booleans())}
        found.append(fields)
    return found


# what a person may type: (in the form, in the workbook, to the API)

counts = st.sampled_from([0, 1, 2, 5, 9, 10, 11, 40, 99, 100, 101, 350, 700])


@st.composite
def entry(draw, value_type: str, *, told: bool, tidy: bool) -> tuple[str, Any, Any]:
    """`told` leaves no blank, `tidy` no mistake."""
    if not told and draw(st.integers(0, 5)) == 0:
        return "", None, None
    odd = draw(st.integers(0, 9))
    if odd == 0:
        return "…", "…", {"missing": "not_collected"}
    if odd == 1:
        return "x", "x", {"missing": "not_applicable"}
    if odd == 2 and value_type != "text" and not tidy:
        return "hai", "hai", "hai"
    if value_type == "text":
        return "cây keo", "cây keo", "cây keo"
    if value_type == "yes_no":
        yes = draw(st.booleans())
        word = "Có" if yes else "Không"
        return word, word, yes
    number = Decimal(draw(counts))
    if value_type != "count" and draw(st.booleans()):
        number += Decimal("0.5")
    plain = float(number) if number % 1 else int(number)
    return str(number).replace(".", ","), number, plain


class Case:
    """One dataset with the values typed into it; each door begins with the same open submission."""

    def __init__(self, axis: str, declared: list[dict], ruled: list[dict]) -> None:
        self.officer = member("son_dong_officer")
        place = unit(codes()[0] if axis == "unit_group" else "220")
        self.dataset = Dataset.objects.create(
            code="THU",
            title="Biểu thử của ba cửa",
            row_axis=axis,
            submitting_level=place.level,
            store="ethnic_data.store.ObservationStore",
            every_unit=False,
        )
        for fields in declared:
            DatasetColumn.objects.create(dataset=self.dataset, **fields)
        people = Dataset.objects.get(code="DAN-SO")
        for fields in ruled:
            other = people if fields["kind"] == "cross" else None
            DatasetRule.objects.create(dataset=self.dataset, other_dataset=other, **fields)
        self.period = ReportingPeriod.objects.get(code="2024")
        self.submission = self.begin(place, self.period)
        self.layout: Layout = layout_of(self.submission)

    def begin(self, place, period, dataset=None) -> Submission:
        return services.open_submission(
            dataset=dataset or self.dataset, unit=place, period=period, by=self.officer
        )

    def rows(self) -> list[RowKey]:
        if self.layout.rows == "measure":
            return [RowKey(self.layout.unit)]
        units = [one.code for one in self.layout.valid_units()]
        if self.layout.has_groups:
            return [RowKey(units[0], group) for group in GROUPS]
        return [RowKey(code) for code in units]

    def past(self) -> None:
        """Approved values of four years before, so that changes and histories have a past."""
        for year in ("2020", "2021", "2022", "2023"):
            period = ReportingPeriod.objects.get(code=year)
            submission = self.begin(self.submission.unit, period)
            values = {
                (row.unit, column.measure, row.group): 40
                for row in self.rows()
                for column in self.layout.entered
                if column.value_type == "count"
            }
            write(submission, values)
            approve(submission)

    def people(self) -> None:
        """Approved people of the communes, for rules across datasets."""
        people = Dataset.objects.get(code="DAN-SO")
        submission = self.begin(unit("220"), self.period, people)
        write(submission, {(code, "D03", group): 50 for code in codes() for group in GROUPS})
        approve(submission)


# the doors


def through_the_form(case: Case, typed: dict) -> tuple[Said, Stored]:
    """What the page does with a request: the form reads it, the service keeps it."""
    layout, values = case.layout, values_of(case.submission)
    if layout.has_groups:
        grid = entry_grid_of(layout, values, unit=case.rows()[0].unit, every_group=True)
    else:
        grid = grid_of(layout, values)
    sheet = SimpleNamespace(grid=grid, rows=list(grid), own=None)
    data = QueryDict(mutable=True)
    for (row, key), (text, _, _) in typed.items():
        data[cell_name(row.unit, row.group, key)] = text
    form = GridForm(data, submission=case.submission, sheet=sheet)
    checked, _ = services.keep_typed(
        submission=case.submission,
        layout=layout,
        rows=sheet.rows,
        texts=form.typed(),
        by=case.officer,
    )
    said = {(i.severity, i.rule, i.unit, i.group, i.column) for i in checked.issues}
    return said, stored_in(case)


def through_a_workbook(case: Case, typed: dict) -> tuple[Said, Stored]:
    cells = {place: cell for place, (_, cell, _) in typed.items() if cell is not None}
    upload = services.receive_upload(
        submission=case.submission,
        file=ContentFile(write_template(case.layout, values=cells)),
        name="bieu.xlsx",
        by=case.officer,
    )
    drain()
    upload = Upload.objects.get(pk=upload.pk)
    assert not upload.questions, upload.questions
    said = {tuple(i[name] for name in ("severity", "rule", "unit", "group", "column"))
            for i in upload.issues}  # fmt: skip
    if upload.is_accepted:
        services.commit_uploads(submission=case.submission, by=case.officer)
    return said, stored_in(case)


def through_the_api(case: Case, typed: dict) -> tuple[Said, Stored]:
    rows: dict[RowKey, dict] = {}
    for (row, key), (_, _, value) in typed.items():
        rows.setdefault(row, {})[key] = value
    body = {
        "rows": [
            {"unit": row.unit, "values": values} | ({"group": row.group} if row.group else {})
            for row, values in rows.items()
        ]
    }
    status, answer = Machine(case.officer).put(f"bo/{case.submission.pk}/so-lieu", body)
    assert status in (200, 422), answer
    said = {tuple(i[name] for name in ("severity", "rule", "unit", "group", "column"))
            for i in answer["findings"]}  # fmt: skip
    return said, stored_in(case)


def stored_in(case: Case) -> Stored:
    values = store_of(case.dataset).current(case.submission)
    return {key: (stored.value, stored.missing) for key, stored in values.items()}


class Back(Exception):
    """Undo what a door did."""


def tried(door: Callable, case: Case, typed: dict) -> tuple[Said, Stored]:
    try:
        with transaction.atomic():
            found = door(case, typed)
            raise Back
    except Back:
        return found


@settings(
    max_examples=int(os.environ.get("DOORS_EXAMPLES", 15)),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=True,
)
@given(data=st.data(), axis=st.sampled_from(["unit", "unit", "unit_group", "measure"]))
def test_the_three_doors_agree(db, data, axis):
    tidy = data.draw(st.booleans())  # nothing but warnings, so that values are stored
    declared = data.draw(columns())
    keys = [fields["key"] for fields in declared if fields["value_type"] != "text"]
    ruled = data.draw(rules(keys))
    for fields in (*declared, *ruled) if tidy else ():
        fields |= {"maximum": None} if "key" in fields else {"severity": "warning"}
    try:
        with transaction.atomic():
            case = Case(axis, declared, ruled)
            if any(fields["kind"] in ("change", "outlier") for fields in ruled):
                case.past()
            if any(fields["kind"] == "cross" for fields in ruled):
                case.people()
            typed = {
                (row, fields["key"]): data.draw(
                    entry(
                        fields["value_type"],
                        told=fields["key"] == "c1" or (tidy and fields["is_required"]),
                        tidy=tidy,
                    )
                )
                for row in case.rows()
                for fields in declared
            }
            form = tried(through_the_form, case, typed)
            book = tried(through_a_workbook, case, typed)
            api = tried(through_the_api, case, typed)
            assert form[0] == book[0] == api[0]
            for severity, rule, *_ in form[0]:
                kinds = {fields["code"]: fields["kind"] for fields in ruled}
                event(f"{severity} {kinds.get(rule, rule)}")
            event("refused" if any(said[0] == "error" for said in form[0]) else "stored")
            if any(severity == "error" for severity, *_ in form[0]):
                assert book[1] == api[1] == {}
            else:
                assert form[1] == book[1] == api[1]
                assert form[1]
            raise Back
    except Back:
        pass
