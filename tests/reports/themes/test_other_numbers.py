"""Every number that is no selection of the explorer: the leader's cards, money, duties, lists,
papers. Page = workbook = report figure = plain SQL, written here and not by the portal's sums."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal import formats
from portal.collection.models import ReportingPeriod
from programs.models import Works, WorksPlace
from reports import figures
from reports.exhibits import programme as of_programme
from reports.figures import Scope
from reports.glance import glance
from reports.models import Report
from tests.access.people import a_deputy, a_person
from tests.cast import unit
from tests.ethnic_data.filling import AN_LAC, CAM_SON, HUU_SAN, VAN_SON, approved, value
from tests.programs.factories import CapitalPlanFactory, WorksFactory, change, line_of_works, pay
from tests.reports import stage

from .filling import fill
from .test_numbers import D58, D192, D209

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TODAY = datetime.date(2023, 11, 1)
UNIT = """units_administrativeunit u ON u.id = unit_id AND (u.id = %(unit)s OR EXISTS (
    SELECT FROM units_unitancestor a WHERE a.unit_id = u.id AND a.ancestor_id = %(unit)s
    AND a.valid @> %(day)s::date))"""
SUM = (
    """
SELECT sum(o.value) FROM ethnic_data_observation o
JOIN collection_submission s ON s.id = o.submission_id AND s.status = 'approved'
JOIN collection_reportingperiod p ON p.id = s.period_id AND p.code = %(period)s
JOIN ethnic_data_indicator i ON i.id = o.indicator_id AND i.code = %(code)s
LEFT JOIN ethnic_data_ethnicgroup g ON g.id = o.group_id
JOIN """
    + UNIT.replace("= unit_id", "= o.unit_id")
    + """
WHERE %(group)s IN ('', g.name)
"""
)


def sql(statement: str, **asked: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()


def one(statement: str, **asked: object) -> Decimal:
    return sql(statement, **asked)[0][0] or 0


def told(code: str, place: str = "24", period: str = "2023", group: str = "") -> Decimal:
    end = datetime.date(int(period), 12, 31)
    asked = {"unit": unit(place, on=end).pk, "day": end, "period": period}
    return one(SUM, code=code, group=group, **asked)


def rate(above: str, below: str, *where: str) -> Decimal:
    return told(above, *where) / told(below, *where) * 100


@pytest.fixture
def page(client, leader):
    """The rows of a theme's panels by title, as the page says them; the workbook says the same."""
    cache.clear()
    client.force_login(leader)

    def get(slug: str, **query: str) -> dict[str, dict[str, list[Decimal | None]]]:
        answer = client.get(reverse("reports:theme", args=[slug]), query)
        book = client.get(reverse("reports:theme_file", args=[slug, "xlsx"]), query)
        sheets = load_workbook(io.BytesIO(book.content)).worksheets
        found = {}
        for panel, sheet in zip(answer.context["panels"], sheets, strict=True):
            kept = list(sheet.iter_rows(values_only=True))
            first = next((n for n, row in enumerate(kept) if row[0] == panel.corner), 0)
            for line, row in zip(panel.lines, kept[first + len(panel.heads) :], strict=False):
                assert row[0] == line.label
                for shown, cell in zip(line.values, row[1:], strict=False):
                    exact = shown.exact
                    assert cell == shown.text if exact is None else Decimal(str(cell)) == exact
            found[panel.title] = {
                line.label: [shown.exact for shown in line.values] for line in panel.lines
            }
        return found

    return get


def card(user, label: str):
    found = glance(user, today=TODAY)
    return next(one for one in found.cards if label in one.figure.label)


def places(found, title: str) -> dict[str, str]:
    ranking = next(one for one in found.rankings if one.title == title)
    return {place.name: place.value for place in ranking.places}


def figure(key: str, **parameters: str) -> Decimal | None:
    period = ReportingPeriod.objects.get(code="2023")
    return figures.find(key).compute(Scope(period, TODAY, parameters)).value


def test_the_cards_of_approved_data(leader):
    cache.clear()
    fill()
    people = card(leader, "Dân số")
    approved_by_group = {
        name: told("D03", group=name)
        for (name,) in sql(
            "SELECT name FROM ethnic_data_ethnicgroup WHERE counts_as_minority AND kind = 'listed'"
        )
    }
    minorities = {name: n for name, n in approved_by_group.items() if n}
    whole = sum(minorities.values())
    assert people.figure.value == formats.number(whole)
    assert formats.percent(whole / told("D03") * 100, 2) in people.figure.note
    assert figure("D05") == whole / told("D03") * 100
    most = {name: f"{formats.number(n)} người" for name, n in minorities.items()}
    ends = places(people, "Đông người nhất") | places(people, "Ít người nhất")
    assert ends == most
    before = sum(told("D03", "24", "2022", name) for name in minorities)
    assert people.course.words == f"2022: {formats.number(before)} → 2023: {formats.number(whole)}"

    poverty = card(leader, "hộ nghèo")
    now, then = rate("N03", "D02"), rate("N03", "D02", "24", "2022")
    assert poverty.figure.value == formats.percent(now)
    assert figure("N06") == now
    assert poverty.course.words == (f"2022: {formats.percent(then)} → 2023: {formats.percent(now)}")
    listed = {
        unit(code).full_name: formats.percent(rate("N03", "D02", code))
        for code in (AN_LAC, HUU_SAN, VAN_SON, CAM_SON)
    }
    assert places(poverty, "Cao nhất") | places(poverty, "Thấp nhất") == listed


RECEIVED = """SELECT sum(c.amount) FROM programs_capitalchange c
JOIN programs_capitalplan p ON p.id = c.plan_id
LEFT JOIN programs_capitalplan up ON up.id = p.parent_id
WHERE p.year = 2023 AND c.day <= %(day)s AND """
PAID = """SELECT sum(d.amount) FROM programs_disbursement d
JOIN programs_capitalplan p ON p.id = d.plan_id WHERE p.year = 2023 AND d.day <= %(day)s AND """


def test_the_programmes_money_and_works(page, leader):
    works = line_of_works()
    WorksFactory(component=works.component)  # without money: it is not counted
    Works.objects.filter(pk=works.works_id).update(planned_finish=datetime.date(2023, 10, 1))
    province = works.parent.parent
    same = {name: getattr(province, name) for name in ("programme", "component", "source", "kind")}
    other = CapitalPlanFactory(parent=province, holder="district", unit=unit("219"), **same)
    change(other, "allocated", 800, datetime.date(2023, 2, 1))
    for amount, month in (("300.125", 3), ("100.5", 6)):
        pay(works, amount, datetime.date(2023, month, 28))
    day = datetime.date(2024, 1, 31)
    plan, detail = (
        one(RECEIVED + what, day=day) for what in ("p.parent_id IS NULL", "p.holder = 'works'")
    )
    paid = one(PAID + "true", day=day)
    whole = [plan, detail, paid, plan - paid, paid / plan * 100]
    panels = page("chuong-trinh", ky="2023")
    area = unit("220").pk
    own = one(RECEIVED + "p.area_id = %(area)s AND up.area_id IS DISTINCT FROM p.area_id",
              day=day, area=area)  # fmt: skip
    gone = one(PAID + "p.area_id = %(area)s", day=day, area=area)
    expected = [own, detail, gone, own - gone, gone / own * 100]
    assert panels["Theo địa bàn"]["Huyện Sơn Động"] == expected
    for title in ("Theo dự án", "Theo địa bàn", "Theo nguồn vốn"):
        lines = panels[title]
        assert lines.pop("Tổng cộng") == whole
        sums = [sum(line[n] for line in lines.values()) for n in range(4)]
        assert sums == whole[:4], "the parts of every cut are the whole"
    by_month = {
        f"Tháng {n}/2023": [
            one(RECEIVED + "p.parent_id IS NULL", day=end),
            one(PAID + "extract(month from d.day) = %(n)s", day=day, n=n),
            one(PAID + "true", day=end),
        ]
        for n in range(1, 13)
        for end in [datetime.date(2023, n, 28)]
    }
    shown = panels["Giải ngân theo tháng"]
    assert {name: shown[name] for name in by_month} == by_month
    asked = {"programme": works.programme.code}
    assert figure("von-ke-hoach", **asked) == plan / 1000
    assert figure("von-giai-ngan", **asked) == paid / 1000
    query = f"chuong-trinh={works.programme.code}&nam=2023&bang=area"
    made = of_programme.made(query, today=day, with_chart=False)
    in_report = {line.label: line.cells for line in made.content.lines}
    assert [Decimal(n) for _, n in in_report["Huyện Sơn Động"][:4]] == expected[:4]

    WorksPlace.objects.create(works=works.works, unit=unit(AN_LAC))
    here = """p.works_id IN (SELECT works_id FROM programs_worksplace
        WHERE unit_id = %(unit)s)"""
    asked = {"day": day, "unit": unit(AN_LAC).pk}
    planned, spent = one(RECEIVED + here, **asked), one(PAID + here, **asked)
    assert planned == detail, "all works that have money lie in An Lạc"
    expected = [planned, planned, spent, planned - spent, spent / planned * 100]
    for vintage in ("", D209, D192):  # An Lạc stood on all three days
        told = page("chuong-trinh", ky="2023", dv=AN_LAC, dg=vintage)
        for title in ("Theo dự án", "Theo địa bàn", "Theo nguồn vốn"):
            assert told[title]["Tổng cộng"] == expected, (title, vintage)
    assert not any(page("chuong-trinh", ky="2023", dv=AN_LAC, dg=D58).values())
    assert not any(page("chuong-trinh", ky="2023", dv=HUU_SAN).values())

    money = card(leader, "Giải ngân")
    assert money.figure.value == formats.percent(paid / plan * 100)
    ends = places(money, "Giải ngân chậm nhất") | places(money, "Giải ngân nhanh nhất")
    assert {name: words.split(" của ")[0] for name, words in ends.items()} == {
        "Huyện Sơn Động": formats.percent(gone / own * 100),
        "Huyện Lục Ngạn": formats.percent(Decimal(0)),
    }
    every, slow = sql(
        """SELECT count(DISTINCT w.id), count(DISTINCT w.id) FILTER (
            WHERE w.planned_finish < %(day)s AND w.actual_finish IS NULL)
        FROM programs_works w JOIN programs_capitalplan p ON p.works_id = w.id""",
        day=TODAY,
    )[0]
    found = card(leader, "chậm tiến độ").figure
    assert (found.value, found.note.split()[1]) == (str(slow), str(every)) == ("1", "1")


def test_what_came_in(page, leader):
    full = ("D01", "D02", "N03", "N04", "N09", "N10", "N11")
    approved([value(code, key, 30) for code in (AN_LAC, HUU_SAN) for key in full])
    approved([value(CAM_SON, "D02", 30)], unit_code="219")
    approved([value(AN_LAC, "N01", 9, group="02")], dataset="NGHEO-DAN-TOC")
    lines = next(iter(page("tien-do", ky="2023").values()))
    owed = one(
        """SELECT count(*) FROM collection_dataset WHERE is_active AND frequency = 'yearly'
        AND submitting_level = 'district' AND coalesce(collected_from, '2023-01-01') <= '2023-01-01'
        AND coalesce(collected_until, '2024-01-01') > '2023-12-31'"""
    )
    done = dict(
        sql(
            """SELECT u.code, count(*) FROM collection_submission s
            JOIN units_administrativeunit u ON u.id = s.unit_id
            JOIN collection_reportingperiod p ON p.id = s.period_id AND p.code = '2023'
            WHERE s.status = 'approved' GROUP BY 1"""
        )
    )
    complete = dict(
        sql(
            """SELECT d.code, count(*) FROM (
                SELECT o.unit_id FROM ethnic_data_observation o
                JOIN collection_submission s ON s.id = o.submission_id AND s.status = 'approved'
                JOIN collection_dataset f ON f.id = s.dataset_id AND f.code = 'BIEU-05'
                JOIN ethnic_data_indicator i ON i.id = o.indicator_id AND i.code IN (
                    SELECT measure FROM collection_datasetcolumn c WHERE c.dataset_id = f.id
                    AND c.is_required AND c.kind = 'entered')
                WHERE o.value IS NOT NULL GROUP BY 1
                HAVING count(DISTINCT i.id) = (SELECT count(DISTINCT measure)
                    FROM collection_datasetcolumn c JOIN collection_dataset f
                    ON f.id = c.dataset_id AND f.code = 'BIEU-05'
                    WHERE c.is_required AND c.kind = 'entered')) told
            JOIN units_unitparent up ON up.unit_id = told.unit_id AND up.valid @> '2023-12-31'::date
            JOIN units_administrativeunit d ON d.id = up.parent_id GROUP BY 1"""
        )
    )
    assert complete == {"220": 2}
    for code in ("220", "219", "221"):
        inside = one(
            """SELECT count(*) FROM units_unitparent up JOIN units_administrativeunit u
            ON u.id = up.unit_id AND u.level = 'commune'
            WHERE up.parent_id = %(unit)s AND up.valid @> '2023-12-31'::date""",
            unit=unit(code).pk,
        )
        missed = owed - done.get(code, 0)  # all days of 2023 are over
        expected = [owed, done.get(code, 0), missed, inside, complete.get(code, 0)]
        assert lines[unit(code).full_name] == expected
    assert lines["Tỉnh Bắc Giang"][1] == sum(done.values())
    came_in = card(leader, "Xã đủ số liệu")
    whole = lines["Tỉnh Bắc Giang"][3]
    assert came_in.figure.value == f"2/{formats.number(whole)}"


@pytest.mark.parametrize(
    ("period", "code"), [("2023", AN_LAC), ("2025", VAN_SON)], ids=["of a district", "alone"]
)
def test_what_came_in_of_a_commune(page, period, code):
    """Districts sent for their communes; since 1/7/2025 communes send themselves."""
    end = datetime.date(int(period), 12, 31)
    owed = one(
        """SELECT count(*) FROM collection_dataset WHERE is_active AND frequency = 'yearly'
        AND CASE WHEN later_level_since <= %(end)s THEN later_level ELSE submitting_level END
            = 'commune'
        AND coalesce(collected_from, %(start)s) <= %(start)s
        AND coalesce(collected_until, '2100-01-01') > %(end)s""",
        start=end.replace(month=1, day=1),
        end=end,
    )
    for vintage in {"2023": ("", D209, D192), "2025": ("", D58)}[period]:
        (lines,) = page("tien-do", ky=period, dv=code, dg=vintage).values()
        if not owed:
            assert lines == {}, "nothing is owed by the commune, and a sentence says so"
            continue
        shown = lines[unit(code, on=end).full_name]
        assert [shown[0], shown[1], shown[3], shown[4]] == [owed, 0, 1, 0]
    assert bool(owed) == (period == "2025")
    assert not any(page("tien-do", ky="2023", dv=HUU_SAN, dg=D58).values())


DUE = """
SELECT t.title, (%(day)s::date - d.due)
FROM (SELECT DISTINCT ON (code) * FROM reports_reporttemplate WHERE published_at IS NOT NULL
    ORDER BY code, version DESC) t
JOIN collection_reportingperiod p ON p.frequency = t.rhythm
JOIN LATERAL (SELECT * FROM reports_templatedeadline r
    WHERE r.code = t.code AND r.valid_from <= p.end ORDER BY r.valid_from DESC LIMIT 1) r ON true
CROSS JOIN LATERAL (SELECT date_trunc('month', p.end) + r.months * interval '1 month') m (month)
CROSS JOIN LATERAL (SELECT least((month + (r.day - 1) * interval '1 day'),
    month + interval '1 month - 1 day')::date) d (due)
WHERE t.is_active AND t.unit_level = '' AND d.due BETWEEN %(day)s::date - 60 AND %(day)s::date + 30
AND NOT EXISTS (SELECT FROM reports_report w JOIN reports_reporttemplate o ON o.id = w.template_id
    WHERE o.code = t.code AND w.period_id = p.id AND w.status = 'issued')
"""


def test_reports_that_are_due(page, leader):
    fill(("2023",))
    stage.issued(stage.draft())  # of 2289 in 2023: not due any more
    due = sql(DUE, day=TODAY)
    late = [days for _, days in due if days > 0]
    found = card(leader, "Báo cáo đến hạn").figure
    assert found.value == formats.number(len(due))
    assert found.target.split()[0] in (str(len(late)), "Không")
    assert ("Không" in found.target) == (not late)
    shown = page("van-ban")["Báo cáo đến hạn và quá hạn"]
    now = sql(DUE, day=timezone.localdate())
    assert sorted(days or 0 for _, _, days in shown.values()) == sorted(max(n, 0) for _, n in now)
    assert due, "the walk has something to look at"


def test_lists_of_people_and_papers(page, leader):
    a_deputy("220")
    a_deputy("219")
    a_person("220")
    there = "WHERE elected_date <= '2023-12-31' AND (left_date IS NULL OR left_date > '2023-12-31')"
    deputies = " ".join(["SELECT count(*) FROM ethnic_data_councildeputy d JOIN", UNIT, there])
    for place, number in (("24", 2), ("220", 1), ("219", 1)):
        told = page("can-bo", ky="2023", dv=place)["Theo danh sách đang quản lý"]
        asked = {"unit": unit(place).pk, "day": "2023-12-31"}
        assert told["Đại biểu HĐND"] == [one(deputies, **asked)] == [number]
        assert told["– nữ"] == [one(deputies + " AND sex = 'female'", **asked)]
        assert figure("dai-bieu-hdnd", unit=place) == number
    year = stage.draft().report_date.year
    papers = page("van-ban", ky=str(year))
    reports = one(
        "SELECT count(*) FROM reports_report WHERE extract(year from report_date) = %(year)s",
        year=year,
    )
    assert papers["Báo cáo trong năm"]["Tất cả"] == [reports] == [Report.objects.count()]
    for label, direction in (("Văn bản đến", "incoming"), ("Văn bản đi", "outgoing")):
        count = one(
            """SELECT count(*) FROM documents_document WHERE direction = %(direction)s
            AND extract(year from date) = %(year)s""",
            direction=direction,
            year=year,
        )
        assert papers.get("Văn bản theo sổ", {}).get(label, [0]) == [count]
