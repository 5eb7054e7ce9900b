"""Both sides of a comparison stand in its chart, whatever kind of chart it is."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.ethnic_data.filling import AN_LAC, HUU_SAN, approved, value

from .filling import fill

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MARKS = re.compile(r"<title>([^<]*)</title>")


@pytest.fixture
def panels(client, leader):
    cache.clear()
    client.force_login(leader)

    def get(slug: str, **query: str):
        page = client.get(reverse("reports:theme", args=[slug]), query)
        return {one.key: one for one in page.context["panels"]}

    return get


def told(panel) -> str:
    """What the marks say on hovering; the panel has a chart."""
    assert panel.picture is not None, panel.title
    return "\n".join(MARKS.findall(panel.picture.chart.wide))


def texts(panel, *columns: int) -> set[str]:
    """The known numbers of some columns of the table."""
    lines = panel.body or panel.lines
    chosen = [line.values[at] for line in lines for at in columns]
    return {one.text for one in chosen if one.exact is not None}


def missing(panel, *columns: int) -> set[str]:
    """Those of the numbers that no mark of the chart says."""
    said = told(panel)
    return {one for one in texts(panel, *columns) if f": {one}" not in said}


def test_the_chart_of_two_years_says_the_numbers_of_both(panels):
    fill()
    shown = panels("giam-ngheo", dv="220", ky="2023", so_ky="2022")
    assert not missing(shown["dia-ban"], 0, 1)
    assert "Xã An Lạc, Năm 2022: " in told(shown["dia-ban"])
    assert [one.words for one in shown["dia-ban"].picture.chart.legend] == ["Năm 2023", "Năm 2022"]
    both = panels("dan-so", dv="220", ky="2023", so_ky="2022")
    assert not missing(both["thap"], 0, 1, 3, 4), "men and women of both years"
    assert "2022: Tày, Nữ: " in told(both["thap"])
    assert "2022: Xã An Lạc, Tày: " in told(both["dan-toc-dia-ban"])
    maps = panels("giam-ngheo", ky="2023", so_ky="2022", dv="24")["ban-do"]
    assert not missing(maps, 0, 1)
    assert {"Năm 2023", "Năm 2022"} <= set(re.findall(r">([^<>]+)</text>", maps.picture.chart.wide))


def test_the_chart_of_two_units_says_the_numbers_of_both(panels):
    fill()
    shown = panels("giam-ngheo", dv="220", so_dv="219", ky="2023")
    assert "Toàn địa bàn, Huyện Lục Ngạn: " in told(shown["dia-ban"])
    assert not missing(shown["dia-ban"], 0, 1)
    lines = shown["qua-nam"]
    assert not missing(lines, 0, 1, 3, 4), "two rates of two districts"
    assert lines.picture.chart.wide.count("stroke-dasharray") == 2
    assert len(lines.picture.chart.legend) == 2, "a colour for each rate, dashes for the other"
    cells = shown["dan-toc"]
    assert not missing(cells, 0, 1, 3, 4)
    ranks = shown["thu-hang"]
    assert "Lục Ngạn, 2022: " in told(ranks), "wholes have no ranks: two lines"
    assert not missing(ranks, 0, 1, 3, 4)
    stacked = panels("dan-so", dv="220", so_dv="219", ky="2023")["dan-toc-dia-ban"]
    assert "Huyện Lục Ngạn, Tày: " in told(stacked)


def test_the_chart_of_two_groups_says_the_numbers_of_both(panels):
    fill(("2023",))
    shown = panels("dan-so", dv="220", dt="02", so_dt="07", ky="2023")["dan-so-xa"]
    assert not missing(shown, 0, 1)
    assert "Xã An Lạc (Huyện Sơn Động), Dân tộc Nùng: " in told(shown)


def test_a_side_without_numbers_is_said_and_a_difference_carries_the_marks_of_its_sides(panels):
    rates = [value(AN_LAC, "D02", 100), value(AN_LAC, "N03", 20)]
    approved([*rates, value(HUU_SAN, "D02", 50), value(HUU_SAN, "N03", 5)], period="2022")
    approved([*rates, value(HUU_SAN, "D02", None), value(HUU_SAN, "N03", None)], period="2023")
    shown = panels("giam-ngheo", dv="220", ky="2023", so_ky="2022")["dia-ban"]
    assert "Xã Hữu Sản, Năm 2023: Không có số liệu" in told(shown)
    (total,) = shown.totals
    now, _, between = total.values
    assert now.after == "*", "a commune is missing this year"
    assert between.after == "*"
    nothing = panels("giam-ngheo", dv="220", ky="2021", so_ky="2020")["dia-ban"]
    assert nothing.picture is None
