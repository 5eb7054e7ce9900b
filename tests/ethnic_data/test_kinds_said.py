"""Every view of survey values says which kind it shows; a sample is never added to a count."""

from __future__ import annotations

import io
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from ethnic_data.aggregation import answer
from ethnic_data.aggregation.choosing import unmixed
from ethnic_data.aggregation.observed import Observed
from ethnic_data.store import ObservationStore
from portal.collection.models import ReportingPeriod
from reports.figures.registry import Scope, find
from tests.cast import unit

from .filling import approve, submission, value

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
QUESTION = {"ct": "D07", "hang": "dan-toc", "ky": "2024", "dt": ["02", "03", "52"]}


@pytest.fixture
def mixed(client, specialist):
    one = submission("DT53-BIEU-4A", "24", "2024")
    counts = {"02": 60_000, "03": 500, "52": 15}
    values = [value("24", "D07", number, group=code) for code, number in counts.items()]
    ObservationStore().write(one, values, None)
    approve(one)
    client.force_login(specialist)


def shown(page):
    return {
        row.label: [cell.text for cell in cells]
        for row, cells in [*page.context["lines"], *page.context["totals"]]
    }


def test_a_table_with_both_kinds_marks_each_and_adds_none(client, mixed):
    page = client.get(reverse("ethnic_data:explorer"), QUESTION)
    assert shown(page) == {
        "Tày": ["60.000"],
        "Thái": ["500"],
        "Brâu": ["15"],
        "Các dân tộc đã chọn": ["Không cộng số toàn bộ với số mẫu"],
    }
    assert page.content.decode().count('<span class="quiet">mẫu</span>') == 2
    assert "Loại số liệu: tổng điều tra, điều tra mẫu" in page.content.decode()


def test_each_kind_can_be_asked_for_and_is_added_by_itself(client, mixed):
    for kind, total in (("sample", "60.500"), ("census", "15")):
        page = client.get(reverse("ethnic_data:explorer"), QUESTION | {"loai": kind})
        assert shown(page)["Các dân tộc đã chọn"] == [total], kind
    page = client.get(reverse("ethnic_data:explorer"), QUESTION | {"loai": "census"})
    assert "0" not in shown(page)["Tày"]  # sampled, so nobody counted none


def test_a_group_of_another_kind_is_not_0(mixed):
    found = answer("D07", unit("24"), "2024", group="02", kind="census")
    assert (found.value, found.missing) == (None, "not_collected")
    assert answer("D07", unit("24"), "2024", group="02", kind="sample").value == 60_000
    assert answer("D07", unit("24"), "2024", group="04", kind="census").value == 0


def test_the_workbook_and_the_csv_say_the_kinds(client, mixed):
    book = client.get(reverse("ethnic_data:explorer_export", args=["xlsx"]), QUESTION).content
    cells = [cell for row in load_workbook(io.BytesIO(book)).active.iter_rows() for cell in row]
    [tay] = [cell for cell in cells if cell.value == 60_000]
    assert "mẫu" in tay.number_format
    assert any("tổng điều tra, điều tra mẫu" in str(cell.value) for cell in cells)
    lines = client.get(reverse("ethnic_data:explorer_export", args=["csv"]), QUESTION)
    text = b"".join(lines.streaming_content) if lines.streaming else lines.content
    assert "tổng điều tra, điều tra mẫu" in text.decode()


def test_nobody_gets_a_total_over_both(mixed):
    both = answer("D07", unit("24"), "2024")
    assert (both.value, both.missing) == (None, "mixed")
    assert answer("D07", unit("24"), "2024", kind="sample").value == 60_500
    assert answer("D07", unit("24"), "2024", group="02").value == 60_000
    assert answer("D07", unit("24"), "2024", group="52").kind == "census"


def test_a_report_figure_says_its_kind_or_why_there_is_none(mixed):
    period = ReportingPeriod.objects.get(code="2024")
    asked = partial(Scope, period=period, day=period.end)
    one = find("D07").compute(asked(parameters={"group": "02"}))
    assert (one.value, one.provenance["kind"]) == (60_000, "điều tra mẫu")
    none = find("D07").compute(asked())
    assert (none.value, none.missing) == (None, "mixed")


@given(
    counts=st.dictionaries(
        st.sampled_from(["02", "03", "07", "52", "47"]), st.integers(0, 900), min_size=1
    )
)
@settings(max_examples=60)
def test_no_sum_over_a_mixture_is_ever_a_number(counts):
    full = {"52", "47"}
    rows = [
        Observed(0, 1, "census" if code in full else "sample", 1, None, 1, Decimal(n), "", False, 1)
        for code, n in counts.items()
    ]
    kinds = {row.kind for row in rows}
    found = unmixed(rows)
    assert all(row.value is None for row in found) == (len(kinds) > 1)
