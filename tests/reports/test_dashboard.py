"""The overview: figures from approved data only, each unit's own, bounded in queries."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from portal.units.models import AdministrativeUnit
from reports.dashboards.communes import SORTS, commune_rows, totals
from reports.dashboards.completeness import complete_communes, completeness
from reports.dashboards.key_figures import data_figures, reports_under_way
from reports.dashboards.overview import NEAR_POOR, POOR, Area, overview
from reports.dashboards.selection import NoSuchUnit, select
from tests.cast import unit
from tests.ethnic_data.filling import approved, filled, submit, value
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FORM = ("D01", "D02", "N03", "N04", "N09", "N10", "N11")
SON_DONG, LUC_NGAN = "220", "219"
TODAY = datetime.date(2026, 11, 1)


def communes_of(district: str, *, year: int = 2023) -> list[AdministrativeUnit]:
    day = datetime.date(year, 12, 31)
    return list(AdministrativeUnit.objects.on(day).communes().within(unit(district), on=day))


def form_05(district: str, counts: dict[str, tuple[int, int]] | None = None, *, most: int = 99):
    """Biểu 05 by commune: (minority households, poor among them), 100 and 10 when not told."""
    values = []
    for commune in communes_of(district)[:most]:
        households, poor = (counts or {}).get(commune.code, (100, 10))
        told = dict(zip(FORM, (200, households, poor, 5, 1, 1, 0), strict=True))
        values += [value(commune.code, code, number) for code, number in told.items()]
    return values


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def page(client, leader):
    """The dashboard as the leader sees it."""
    client.force_login(leader)

    def get(name: str = "dashboard", **query: str):
        return client.get(reverse(f"reports:{name}"), query)

    return get


def chosen(user, **query: str):
    return select({"ky": "2023", **query}, user=user, sorts=frozenset(SORTS), today=TODAY)


def found(user, **query: str):
    selection = chosen(user, **query)
    return overview(selection, Area.of(selection.unit, on=selection.day))


def two_communes() -> tuple[str, str]:
    first, second = communes_of(SON_DONG)[:2]
    return first.code, second.code


# figures


def test_a_rate_is_made_of_sums_not_of_averages(leader):
    small, large = two_communes()
    approved(form_05(SON_DONG, {small: (10, 10), large: (990, 0)}))
    rate = found(leader, **{"don-vi": SON_DONG}).current(POOR)
    communes = len(communes_of(SON_DONG))
    expected = Decimal(10 + 10 * (communes - 2)) / (1000 + 100 * (communes - 2)) * 100
    assert rate.value == expected
    assert (rate.numerator, rate.denominator) == (
        10 + 10 * (communes - 2),
        1000 + 100 * (communes - 2),
    )


def test_only_approved_data_count(leader):
    submit(filled(form_05(SON_DONG)))
    shown = found(leader)
    assert not shown.has_data
    assert shown.current(POOR).value is None


def test_the_table_s_total_is_the_unit_s_own_figure(leader):
    approved(form_05(SON_DONG))
    approved(form_05(LUC_NGAN, {communes_of(LUC_NGAN)[0].code: (300, 111)}), unit_code=LUC_NGAN)
    shown = found(leader)
    summed = totals(commune_rows(shown))
    assert summed.rate == shown.current(POOR).value
    assert summed.poor == shown.current(POOR).numerator
    assert summed.near_rate == shown.current(NEAR_POOR).value
    assert summed.communes == 209
    assert summed.without == 209 - len(communes_of(SON_DONG)) - len(communes_of(LUC_NGAN))


def test_a_district_s_figures_are_those_of_its_communes_alone(leader):
    approved(form_05(SON_DONG))
    approved(form_05(LUC_NGAN, {communes_of(LUC_NGAN)[0].code: (300, 111)}), unit_code=LUC_NGAN)
    shown = found(leader, **{"don-vi": SON_DONG})
    assert {row.unit.code for row in commune_rows(shown)} == {
        commune.code for commune in communes_of(SON_DONG)
    }
    assert shown.current(POOR).value == 10


def key_figure(shown, label: str):
    return next(figure for figure in data_figures(shown) if figure.label.startswith(label))


def test_the_fall_is_measured_against_the_programme_s_target(leader):
    approved(form_05(SON_DONG, {c.code: (100, 20) for c in communes_of(SON_DONG)}), period="2022")
    approved(form_05(SON_DONG))
    figure = key_figure(found(leader, **{"don-vi": SON_DONG}), "Tỷ lệ hộ nghèo")
    assert (figure.value, figure.direction, figure.change_kind) == ("10\u00a0%", "down", "done")
    assert figure.change == "10,0 điểm phần trăm so với năm 2022"
    assert figure.target == "Mục tiêu giảm trên 3 điểm: đạt"


def test_a_fall_of_exactly_the_target_does_not_exceed_it(leader):
    approved(form_05(SON_DONG, {c.code: (100, 13) for c in communes_of(SON_DONG)}), period="2022")
    approved(form_05(SON_DONG))
    figure = key_figure(found(leader, **{"don-vi": SON_DONG}), "Tỷ lệ hộ nghèo")
    assert (figure.target, figure.target_kind) == (
        "Mục tiêu giảm trên 3 điểm: chưa đạt",
        "wrong",
    )


def test_years_that_rest_on_other_communes_are_compared_over_those_of_both(leader):
    counts = {c.code: (100, 20) for c in communes_of(SON_DONG)[:3]}
    approved(form_05(SON_DONG, counts), period="2022")
    approved(form_05(SON_DONG, most=3))
    figure = key_figure(found(leader, **{"don-vi": SON_DONG}), "Tỷ lệ hộ nghèo")
    assert figure.change == (
        "10,0 điểm phần trăm so với năm 2022, tính trên 3 xã có số liệu cả hai năm"
    )
    assert figure.target == "Mục tiêu giảm trên 3 điểm: tạm tính đạt"


def test_years_without_a_common_commune_are_not_compared(leader):
    first, second = two_communes()
    approved([value(first, "D02", 100), value(first, "N03", 10)], period="2022")
    approved([value(second, "D02", 100), value(second, "N03", 10)])
    assert key_figure(found(leader, **{"don-vi": SON_DONG}), "Tỷ lệ hộ nghèo").change == ""


def test_the_unit_s_rate_is_made_as_its_communes_are_when_groups_tell_another_story(leader):
    """The form of poor households by group says 50 where Biểu 05 says 10, for more communes."""
    approved(form_05(SON_DONG, most=2))
    groups = [value(c.code, "N01", 50, group="07") for c in communes_of(SON_DONG)]
    approved(groups, dataset="NGHEO-DAN-TOC")
    shown = found(leader, **{"don-vi": SON_DONG})
    assert shown.current(POOR).value == 10
    assert totals(commune_rows(shown)).rate == 10


def test_published_money_is_shown_with_its_own_word(leader):
    approved(form_05(SON_DONG))
    assert key_figure(found(leader), "Vốn").value == "gần 635\u00a0tỷ\u00a0đồng"
    district = found(leader, **{"don-vi": SON_DONG})
    assert not any(figure.label.startswith("Vốn") for figure in data_figures(district))


def test_groups_are_those_of_the_minorities_and_the_small_ones_stand_together(leader):
    commune = communes_of(SON_DONG)[0].code
    codes = ["02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13"]
    values = [value(commune, "N01", 100 - n, group=code) for n, code in enumerate(codes)]
    values.append(value(commune, "N01", 5000, group="01"))
    approved(values, dataset="NGHEO-DAN-TOC")
    shares = found(leader, **{"don-vi": SON_DONG}).group_shares
    assert [share.value for share in shares] == [*range(100, 90, -1), 90 + 89]
    assert shares[-1].name == "2 dân tộc khác"


def test_reports_that_wait_for_me_are_counted_among_those_under_way(head, specialist):
    stage.in_content_check(stage.draft())
    mine, other = reports_under_way(head), reports_under_way(specialist)
    assert (mine.value, mine.target) == ("1", "1 báo cáo chờ tôi")
    assert (other.value, other.target) == ("1", "")


# what may be seen


def test_an_officer_sees_the_own_district_and_no_other(client, son_dong_officer):
    approved(form_05(SON_DONG, most=2))
    client.force_login(son_dong_officer)
    own = client.get(reverse("reports:dashboard"), {"ky": "2023"})
    assert own.status_code == 200
    assert own.context["selection"].unit.code == SON_DONG
    for name in ("dashboard", "dashboard_export"):
        for other in (LUC_NGAN, "24", "VN", "27", "99999"):
            response = client.get(reverse(f"reports:{name}"), {"ky": "2023", "don-vi": other})
            assert response.status_code == 404


def test_a_unit_of_another_time_is_not_there(leader):
    with pytest.raises(NoSuchUnit):
        chosen(leader, **{"don-vi": "khong-co"})


def test_a_kept_page_does_not_go_to_another_area(client, leader, son_dong_officer):
    secret = communes_of(LUC_NGAN)[0]
    approved(form_05(LUC_NGAN), unit_code=LUC_NGAN)
    approved(form_05(SON_DONG))
    client.force_login(leader)
    assert secret.name in client.get(reverse("reports:dashboard"), {"ky": "2023"}).text
    client.force_login(son_dong_officer)
    text = client.get(reverse("reports:dashboard"), {"ky": "2023"}).text
    assert f"Xã {secret.name}" not in text


# filters


def test_an_unknown_period_is_told_and_the_latest_with_data_shown(page):
    approved(form_05(SON_DONG, most=1), period="2022")
    response = page(ky="2099")
    assert response.context["selection"].period.code == "2022"
    assert "Không có kỳ “2099”" in response.text


def test_the_latest_period_with_data_comes_first(leader):
    approved(form_05(SON_DONG, most=1), period="2021")
    assert select({}, user=leader, sorts=frozenset(SORTS), today=TODAY).period.code == "2021"


def test_an_officer_without_data_sees_the_last_year_of_the_own_district(son_dong_officer):
    selection = select({}, user=son_dong_officer, sorts=frozenset(SORTS), today=TODAY)
    assert (selection.period.code, selection.unit.code) == ("2024", SON_DONG)


def test_a_year_that_has_not_begun_is_not_offered(leader):
    selection = select(
        {"ky": "2026"}, user=leader, sorts=frozenset(SORTS), today=datetime.date(2023, 5, 1)
    )
    assert selection.unknown_period == "2026"
    assert max(period.code for period in selection.periods) == "2023"


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "; DROP TABLE", "khu-vuc": "IX", "xa": "abc"},
        {"sort": "--rate"},
        {"ky": "\x00"},
        {"ky": "2023" * 50, "page": "-1"},
    ],
)
def test_nonsense_in_the_address_is_taken_as_not_asked(page, query):
    assert page(**query).status_code == 200


def test_communes_can_be_narrowed_to_the_list_and_to_a_zone(leader):
    everything = commune_rows(found(leader))
    listed = commune_rows(found(leader, xa="QD861"))
    zone = commune_rows(found(leader, **{"khu-vuc": "I"}))
    assert (len(everything), len(listed)) == (209, 73)
    assert zone
    assert {row.zone for row in zone} == {"I"}


def test_a_zone_nobody_checked_is_never_shown_as_official(leader):
    unsure = [row for row in commune_rows(found(leader)) if row.is_listed and not row.zone_is_sure]
    assert unsure
    assert all(row.zone == "chưa rõ" or not row.member.is_verified for row in unsure)


@pytest.mark.parametrize("key", sorted(SORTS))
def test_communes_are_sorted_either_way_with_the_unknown_last(leader, key):
    counts = {c.code: (100 + n, n) for n, c in enumerate(communes_of(SON_DONG))}
    approved(form_05(SON_DONG, counts))
    up, down = (commune_rows(found(leader, sort=sort)) for sort in (key, f"-{key}"))
    for rows, backwards in ((up, False), (down, True)):
        keys = [SORTS[key](row) for row in rows]
        known = [one for one in keys if one is not None]
        assert known == sorted(known, reverse=backwards)
        assert keys[: len(known)] == known


def test_links_of_the_table_keep_nothing_that_was_not_asked_for(page):
    approved(form_05(SON_DONG, most=1))
    assert "bi-mat" not in page(ky="2023", la="bi-mat").context["view"].pictures


# completeness


def test_a_commune_is_complete_when_every_required_column_is_approved(leader):
    first, second = two_communes()
    values = [v for v in form_05(SON_DONG, most=2) if (v.unit, v.indicator) != (second, "N04")]
    approved([*values, value(second, "N04", None)])
    selection = chosen(leader)
    area = Area.of(selection.unit, on=selection.day)
    assert complete_communes(selection, area.communes) == {unit(first).pk}


def test_completeness_counts_districts_communes_and_what_is_late(leader):
    approved(form_05(SON_DONG))
    for dataset in ("NGHEO-DAN-TOC", "DAN-SO"):
        approved([value(two_communes()[0], "N01", 3, group="02")], dataset=dataset)
    selection = chosen(leader)
    area = Area.of(selection.unit, on=selection.day)
    progress = completeness(selection, area, user=leader, today=datetime.date(2030, 1, 1))
    assert (progress.units, progress.complete_units) == (10, 1)
    assert (progress.communes, progress.complete_communes) == (209, len(communes_of(SON_DONG)))
    assert progress.late == 9 * 3
    assert len(progress.missing_communes) == 209 - len(communes_of(SON_DONG))


def test_since_there_are_no_districts_completeness_counts_what_communes_owe(page, leader, client):
    commune = "07621"  # of the province as it is since 1/7/2025
    approved([value(commune, "D02", 100)], unit_code=commune, period="2025")
    selection = select({"ky": "2025"}, user=leader, sorts=frozenset(SORTS), today=TODAY)
    area = Area.of(selection.unit, on=selection.day)
    progress = completeness(selection, area, user=leader, today=TODAY)
    assert (progress.is_by_commune, progress.units, progress.complete_units) == (True, 99, 0)
    row = next(one for one in progress.rows if one.unit.code == commune)
    assert (row.approved, row.communes, row.complete) == (1, 1, 0)
    assert len(row.duties) == len(progress.datasets) > 1
    assert progress.late == sum(len(one.duties) for one in progress.rows) - 1
    assert "0/99 xã đã duyệt đủ" in page(ky="2025").text
    theme = client.get(reverse("reports:theme", args=["tien-do"]), {"ky": "2025", "dv": commune})
    (line,) = theme.context["panels"][0].body
    assert [int(one.exact) for one in line.values[:2]] == [len(row.duties), 1]


def test_progress_in_units_of_another_day_says_that_it_knows_none(page, client):
    asked = {"ky": "2023", "dg": "2025-07-01"}
    page(ky="2023")
    panel = client.get(reverse("reports:theme", args=["tien-do"]), asked).context["panels"][0]
    assert "chưa có, hoặc không còn, Tỉnh Bắc Ninh" in panel.empty
    again = client.get(panel.empty_url).context["panels"][0]
    assert not again.empty


# the page


def test_the_page_says_when_data_are_made_up(page):
    approved(form_05(SON_DONG, most=1), is_demo=True)
    assert "Số liệu minh hoạ" in page(ky="2023").text


def test_real_data_carry_no_such_mark(page):
    approved(form_05(SON_DONG, most=1))
    assert "Số liệu minh hoạ" not in page(ky="2023").text


def test_every_number_leads_to_its_observations(page):
    approved(form_05(SON_DONG))
    text = page(ky="2023", **{"don-vi": SON_DONG}).text
    commune = communes_of(SON_DONG)[0].code
    for code in ("N06", "N03", "D02", "N07"):
        assert f"chi-tieu={code}&amp;don-vi={commune}&amp;ky=2023" in text
    assert "Sơ đồ minh hoạ, không có giá trị pháp lý về địa giới hành chính" in text


def test_a_period_without_data_is_an_empty_state_that_helps(page):
    text = page(ky="2020").text
    assert "Chưa có số liệu nào được duyệt" in text


@pytest.mark.parametrize("year", ["2019", "2024", "2025", "2026"])
def test_other_times_with_other_units_do_not_break_the_page(page, year):
    assert page(ky=year).status_code == 200


def test_there_is_no_map_where_no_outline_fits(page):
    day = datetime.date(2026, 12, 31)
    province = AdministrativeUnit.objects.on(day).get(code="24")
    commune = AdministrativeUnit.objects.on(day).communes().within(province, on=day).first()
    values = [value(commune.code, "D02", 50), value(commune.code, "N03", 5)]
    approved(values, unit_code="24", period="2026")
    assert "Chưa có sơ đồ" in page(ky="2026").text


def test_the_first_look_asks_few_queries_and_the_next_half_of_them(
    page, django_assert_max_num_queries
):
    for district in (SON_DONG, LUC_NGAN):
        for year in ("2022", "2023"):
            approved(form_05(district), unit_code=district, period=year)
    with django_assert_max_num_queries(33):
        page(ky="2023")
    with django_assert_max_num_queries(17):
        page(ky="2023")


def test_a_new_approval_is_seen_at_once(page):
    first, _ = two_communes()
    approved([value(first, "D02", 100), value(first, "N03", 10)])
    assert "10\u00a0%" in page(ky="2023", **{"don-vi": SON_DONG}).text
    approved([value(first, "D02", 100), value(first, "N03", 20)], revision=2, reason="Đính chính")
    text = page(ky="2023", **{"don-vi": SON_DONG}).text
    assert "20\u00a0%" in text
    assert "10\u00a0%" not in text


def test_the_workbook_holds_the_table_as_seen(page, leader):
    counts = {c.code: (100 + n, n) for n, c in enumerate(communes_of(SON_DONG))}
    approved(form_05(SON_DONG, counts))
    query = {"ky": "2023", "don-vi": SON_DONG, "sort": "-poor", "xa": "QD861"}
    response = page("dashboard_export", **query)
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = commune_rows(found(leader, **{k: v for k, v in query.items() if k != "ky"}))
    lines = [line for line in sheet.iter_rows(values_only=True) if line[0]]
    head = next(n for n, line in enumerate(lines) if line[0] == "Xã, phường, thị trấn")
    told = lines[head + 1 : -1]
    assert [line[0] for line in told] == [row.unit.full_name for row in rows]
    assert [line[4] for line in told] == [row.poor.numerator for row in rows]
    assert lines[-1][4] == totals(rows).poor
    assert lines[-1][5] == pytest.approx(float(totals(rows).rate))


@pytest.mark.parametrize("name", ["dashboard", "dashboard_export", "home"])
def test_nothing_is_posted_here(client, leader, name):
    client.force_login(leader)
    assert client.post(reverse(f"reports:{name}")).status_code == 405


def test_now_is_local_time(page):
    approved(form_05(SON_DONG, most=1))
    moment = page(ky="2023").context["now"]
    assert timezone.localtime(moment).strftime("%d/%m/%Y") in page(ky="2023").text
