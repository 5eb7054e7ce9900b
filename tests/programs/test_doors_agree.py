"""Grid, workbook and API over rows of works: the same findings, the same values stored."""

from __future__ import annotations

import os
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from portal.collection import services
from portal.collection.models import ReportingPeriod, Upload
from portal.jobs.services import drain
from tests.cast import member, unit
from tests.collection.api import Machine
from tests.programs.test_store import commit, stored, template, type_in
from tests.programs.works_of_a_test import COLUMNS, WORKS, WorksStore, works_dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AMOUNTS = ["0", "0.001", "7", "1200.5", "5200", "60000", "5200000000", "1.0005", "20000000"]
amounts = st.sampled_from([Decimal(text) for text in AMOUNTS])
rows = st.fixed_dictionaries(
    {}, optional={row.code: st.dictionaries(st.sampled_from([*COLUMNS]), amounts, min_size=1)
                  for row in WORKS}
)  # fmt: skip


class Back(Exception):
    """Undo what a door did."""


def tried(door, submission, figures):
    try:
        with transaction.atomic():
            said = door(submission, figures)
            found = said, stored(submission)
            raise Back
    except Back:
        return found


def through_the_form(submission, figures):
    checked, _ = type_in(submission, figures)
    return {(issue.severity, issue.rule, issue.unit, issue.column) for issue in checked.issues}


def through_a_workbook(submission, figures):
    officer = member("son_dong_officer")
    upload = services.receive_upload(
        submission=submission,
        file=ContentFile(template(submission, figures)),
        name="thu.xlsx",
        by=officer,
    )
    drain()
    upload = Upload.objects.get(pk=upload.pk)
    if upload.questions:
        event("asked")
        services.answer_questions(
            upload=upload, answers={one["id"]: "keep" for one in upload.questions}, by=officer
        )
        drain()
        upload.refresh_from_db()
    if upload.is_accepted:
        commit(upload)
    return {(one["severity"], one["rule"], one["unit"], one["column"]) for one in upload.issues}


def through_the_api(submission, figures):
    sent: dict[str, dict] = {}
    for (row, key), value in figures.items():
        sent.setdefault(row, {})[key] = float(value)
    body = {"rows": [{"unit": row, "values": values} for row, values in sent.items()]}
    _, answer = Machine(member("son_dong_officer")).put(f"bo/{submission.pk}/so-lieu", body)
    return {(one["severity"], one["rule"], one["unit"], one["column"])
            for one in answer["findings"]}  # fmt: skip


@settings(
    max_examples=int(os.environ.get("DOORS_EXAMPLES", 12)),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=True,
)
@given(
    told=rows.filter(bool),
    balances=st.dictionaries(st.sampled_from([row.code for row in WORKS]), amounts),
    warn_over=st.none() | amounts,
)
def test_the_three_doors_agree_over_rows_of_works(db, told, balances, warn_over):
    figures = {(row, key): value for row, cells in told.items() for key, value in cells.items()}
    try:
        with transaction.atomic():
            WorksStore.forget()
            WorksStore.balances.update(balances)
            WorksStore.warn_over = warn_over
            submission = services.open_submission(
                dataset=works_dataset(),
                unit=unit("220"),
                period=ReportingPeriod.objects.get(code="2024"),
                by=member("son_dong_officer"),
            )
            form = tried(through_the_form, submission, figures)
            book = tried(through_a_workbook, submission, figures)
            api = tried(through_the_api, submission, figures)
            assert form[0] == book[0] == api[0]
            for severity, rule, *_ in form[0]:
                event(f"{severity} {rule}")
            if any(severity == "error" for severity, *_ in form[0]):
                assert book[1] == api[1] == {}
            else:
                assert form[1] == book[1] == api[1]
                assert form[1]
            raise Back
    except Back:
        WorksStore.forget()
