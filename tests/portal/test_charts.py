import itertools
import re
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import charts
from portal.charts import drawing, maps
from portal.charts.palette import GROUPS, NO_VALUE, OTHERS, sequential
from portal.units import outlines

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()


def drawn(svg):
    return fromstring(svg)  # noqa: S314 - drawn by this process


def texts(svg):
    return [element.text for element in drawn(svg).iter(f"{SVG}text")]


def titles(svg):
    return [element.text for element in drawn(svg).iter(f"{SVG}title")]


def poverty(**options):
    rows = [("Huyện Lục Ngạn", 14.2), ("Huyện Sơn Động", 23.45), ("Huyện Yên Thế", None)]
    return charts.horizontal_bars(
        [charts.Bar(name, value, reason="confidential") for name, value in rows],
        title="Tỷ lệ hộ nghèo",
        unit="%",
        **options,
    )


@pytest.mark.slow
def test_bars_run_from_high_to_low_and_carry_their_values():
    chart = poverty(name_column="Huyện")
    assert chart.columns == ["Huyện", "%"]
    assert chart.rows == [
        ["Huyện Sơn Động", "23,5"],
        ["Huyện Lục Ngạn", "14,2"],
        ["Huyện Yên Thế", "Không công bố"],
    ]
    seen = texts(chart.wide)
    assert {"Huyện Sơn Động", "23,5", "14,2", "Không công bố"} <= set(seen)
    assert titles(chart.wide)[0] == "Huyện Sơn Động: 23,5 %"


@pytest.mark.slow
def test_every_drawing_obeys_the_content_security_policy_and_speaks_vietnamese():
    line = charts.time_series(
        ["2021", "2022", "2023"],
        [charts.Line("Toàn tỉnh", [1, None, 3])],
        title="Hộ nghèo",
        unit="%",
        target=2,
    )
    stack = charts.stacked_bars({"A": {"Tày": 1, "Nùng": 2}}, title="Dân số", unit="người")
    drawings = [poverty(target=10).wide, line.middle, stack.narrow]
    for svg in drawings:
        root = drawn(svg)
        assert root.get("role") == "img"
        assert "Đơn vị" in root.get("aria-label")
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=|xlink|aria-roledescription", svg)
        assert "Be Vietnam Pro" in svg


@pytest.mark.slow
def test_axis_numbers_are_vietnamese():
    chart = charts.stacked_bars(
        {"A": {"Tày": 120_000, "Nùng": 80_000}}, title="Dân số", unit="người"
    )
    assert "50.000" in texts(chart.wide)


@pytest.mark.slow
def test_a_number_at_the_end_of_the_axis_has_its_room():
    parts = {"A": {"Tày": 251_000}, "B": {"Tày": 3}}
    chart = charts.stacked_bars(parts, title="Dân số", unit="người")
    found = re.findall(r'translate\((\d+)[\d.]*,21\)"[^>]*>250\.000<', chart.wide)
    assert found
    plot_end = int(re.search(r'viewBox="0 0 (\d+)', chart.wide)[1])
    left = int(re.search(r"translate\((\d+)", chart.wide)[1])
    assert left + int(found[0]) + 30 <= plot_end


@pytest.mark.slow
def test_names_and_addresses_cannot_smuggle_markup():
    hostile = "\"><script>alert(1)</script>' onload=x"
    chart = charts.horizontal_bars(
        [charts.Bar(hostile, 1, url='/x/?a=1&b="2"')], title=hostile, unit="%"
    )
    root = drawn(chart.wide)
    assert "<script" not in chart.wide
    assert root.get("aria-label").startswith(hostile)
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == ['/x/?a=1&b="2"']


@pytest.mark.slow
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//elsewhere.example/", "https://x.example/"]
)
def test_a_chart_links_only_within_the_portal(url):
    with pytest.raises(ValueError, match="within the portal"):
        charts.horizontal_bars([charts.Bar("A", 1, url=url)], title="t", unit="%")


@pytest.mark.slow
def test_negative_and_equal_and_no_values_are_drawn():
    both = charts.horizontal_bars(
        [charts.Bar("A", -3), charts.Bar("B", 4)], title="Tăng, giảm", unit="%", decimals=0
    )
    assert "−3" in texts(both.wide)
    nothing = charts.horizontal_bars([], title="Chưa có", unit="%")
    assert nothing.rows == []
    empty = charts.time_series([], [], title="Chưa có", unit="%")
    assert empty.wide.startswith("<svg")
    assert charts.sparkline([None, None], title="Chưa có").startswith("<svg")


@pytest.mark.slow
def test_two_places_of_one_name_keep_a_bar_each():
    chart = charts.horizontal_bars(
        [charts.Bar("Xã Tân Thanh", 3), charts.Bar("Xã Tân Thanh", 2)], title="t", unit="hộ"
    )
    assert len(titles(chart.wide)) == 2
    bars = [p for p in drawn(chart.wide).iter(f"{SVG}path") if len(p)]
    tops = {re.match(r"M[^,]*,([\d.]+)", bar.get("d"))[1] for bar in bars}
    assert len(tops) == 2


@pytest.mark.slow
def test_groups_after_the_eighth_are_added_up_in_grey():
    groups = {f"Dân tộc {n}": 100 - n for n in range(11)}
    chart = charts.stacked_bars({"Toàn tỉnh": groups}, title="Dân số", unit="người")
    assert [swatch.colour for swatch in chart.legend] == [*GROUPS, OTHERS]
    assert chart.columns[-1] == "Dân tộc khác"
    assert chart.rows == [["Toàn tỉnh", *(str(100 - n) for n in range(8)), "273"]]


@pytest.mark.slow
def test_a_group_without_value_is_not_told_as_zero():
    chart = charts.stacked_bars(
        {"A": {"Tày": 0, "Nùng": None}, "B": {"Tày": 5}}, title="t", unit="người"
    )
    assert chart.rows == [["B", "5", "Không có số liệu"], ["A", "0", "Không có số liệu"]]


@pytest.mark.slow
def test_points_lose_their_words_where_these_would_run_into_each_other():
    line = charts.Line("Tỉnh", [1767869, 1785911, 1803950])
    periods = ["2021", "2022", "2023"]
    chart = charts.time_series(periods, [line], title="t", unit="người", decimals=0)
    assert "1.785.911" in texts(chart.wide)
    assert "1.785.911" not in texts(chart.narrow)
    assert "1.803.950" in texts(chart.narrow)


@pytest.mark.slow
def test_a_period_without_value_breaks_the_line_and_is_told():
    chart = charts.time_series(
        ["2021", "2022", "2023"], [charts.Line("Tỉnh", [5, None, 3])], title="t", unit="%"
    )
    assert chart.rows[1] == ["2022", "Không có số liệu"]
    assert len(titles(chart.wide)) == 2


@pytest.mark.slow
def test_a_line_drawn_aside_is_dashed_and_named_without_its_value():
    chart = charts.time_series(
        ["T1", "T2"],
        [charts.Line("2024", [10, 30]), charts.Line("đường thẳng", [50, 100], is_aside=True)],
        title="Giải ngân",
        unit="%",
    )
    assert "stroke-dasharray" in chart.wide
    assert "2024 30,0" in chart.wide
    assert ">đường thẳng<" in chart.wide
    assert ["T2", "30,0", "100,0"] in [list(row) for row in chart.rows]


@pytest.mark.slow
@pytest.mark.parametrize("ends", [(69.5, 69.8, 70), (0, 0, 0.1), (100, 100, 100), (5, 40, 70)])
def test_words_at_the_ends_of_lines_do_not_cover_each_other(ends):
    chart = charts.time_series(
        ["T1", "T2"],
        [charts.Line(f"Huyện {n}", [100, end]) for n, end in enumerate(ends)],
        title="Giải ngân",
        unit="%",
    )
    heights = sorted(
        float(element.get("transform").split(",")[1].rstrip(")"))
        for element in drawn(chart.wide).iter(f"{SVG}text")
        if (element.text or "").startswith("Huyện") and element.get("stroke") is None
    )
    assert len(heights) == 3
    assert all(low - high >= 15 for high, low in itertools.pairwise(heights))


def known_communes():
    codes = [feature["properties"]["code"] for feature in outlines.communes()["features"]]
    return [code for code in codes if code]


@pytest.mark.slow
def test_a_commune_that_is_not_looked_at_is_not_said_to_lack_its_value():
    asked, other = known_communes()[:2]
    chart = charts.commune_map(outlines.communes(), {asked: None}, title="Bản đồ", unit="%")
    told = {swatch.words for swatch in chart.legend}
    assert told == {"Không có số liệu", "Ngoài phạm vi đang xem", "Ngoài danh mục xã"}
    assert sum(text.endswith("Không có số liệu") for text in titles(chart.wide)) == 1
    wider = dict.fromkeys((asked, other))
    assert charts.commune_map(outlines.communes(), wider, title="Bản đồ", unit="%") != chart


@pytest.mark.slow
def test_the_map_shades_links_and_names_every_commune():
    known = known_communes()
    values = {code: place % 40 for place, code in enumerate(known)}
    values[known[0]] = None
    chart = charts.commune_map(
        outlines.communes(),
        values,
        title="Tỷ lệ hộ nghèo",
        unit="%",
        borders=outlines.districts(),
        addresses={known[1]: f"/don-vi/{known[1]}"},
        reasons={known[0]: "confidential"},
    )
    root = drawn(chart.wide)
    said = titles(chart.wide)
    assert len(said) == 211
    assert said[0].endswith("(Thành phố Bắc Giang): Không công bố")
    assert sum("ngoài danh mục" in text for text in said) == 2
    hatched = [p for p in root.iter(f"{SVG}path") if p.get("fill", "").startswith("url(#")]
    assert len(hatched) == 2
    assert [a.get("href") for a in root.iter(f"{SVG}a")] == [f"/don-vi/{known[1]}"]
    assert len(chart.wide) < 120_000


@pytest.mark.slow
def test_communes_fill_the_drawing_instead_of_the_globe():
    nowhere = dict.fromkeys(known_communes())
    chart = charts.commune_map(outlines.communes(), nowhere, title="Bản đồ", unit="%")
    root = drawn(chart.wide)
    shapes = [path for path in root.iter(f"{SVG}path") if path.get("fill") == NO_VALUE]
    assert len(shapes) == 209
    starts = [float(re.match(r"M([-\d.]+)", shape.get("d"))[1]) for shape in shapes]
    assert min(starts) < 60
    assert max(starts) > 560


@pytest.mark.slow
def test_a_chart_is_drawn_once_for_the_same_figures(monkeypatch):
    first = poverty()
    monkeypatch.setattr(drawing.vl_convert, "vegalite_to_svg", None)
    assert poverty() == first
    with pytest.raises(TypeError):
        poverty(decimals=2)


# how fast examples are made is no matter of ours: on a busy machine it takes its time
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.decimals(0, 10_000, places=2), min_size=1, max_size=50), st.integers(0, 2))
def test_every_value_has_its_class_of_the_map(values, decimals):
    limits = maps.class_limits(values, decimals)
    assert 2 <= len(limits) <= maps.CLASSES + 2
    assert limits == sorted(set(limits))
    assert all(limits[0] <= value < limits[-1] for value in values)


def test_one_value_for_all_communes_is_one_class():
    assert maps.class_limits([Decimal(5)], 0) == [5, 6]
    assert maps.class_limits([], 1) == []


def test_the_map_goes_from_pale_to_deep_red():
    assert sequential(5)[0] == "#fdeee6"
    assert sequential(5)[-1] == "#7a1416"


def test_outlines_in_steps_end_where_they_ended():
    assert drawing.in_steps("M10,10L10.5,9.5L10.5,9.5L0.2,10Z") == "M10,10l.5-.5-10.3,.5z"
