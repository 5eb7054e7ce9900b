"""Profiles: every number is what the explorer, an answer and plain SQL say; nonsense is told."""

from __future__ import annotations

import datetime
import html
import random
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ethnic_data.aggregation import answer
from ethnic_data.exploring.table import decimals_of
from ethnic_data.models import CouncilDeputy, CouncilTerm
from portal import formats
from portal.collection.models import ReportingPeriod
from portal.units.models import AdministrativeUnit, UnitShare
from programs.models import WorksPlace
from reports.profiles.searching import search
from tests.access.people import common
from tests.cast import member, unit
from tests.ethnic_data.filling import AN_LAC, CAM_SON, HUU_SAN, VAN_SON, approved, value
from tests.programs.factories import line_of_works, pay

from .signed_sample import tool

pytestmark = pytest.mark.django_db

REPORTED, DISTRICTS_LAST, MERGED = "", "2024-12-31", "2025-07-01"
TODAY = datetime.date(2023, 11, 20)
NUMBER = re.compile(r'<a href="(/dan-toc/so-lieu\?[^"]+)"[^>]*>([^<]+)</a>')


def address(kind, code, **query):
    return f"/ho-so/{kind}/{code}", {name: text for name, text in query.items() if text}


def words_of(response):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def numbers_on(response):
    """Each linked number of the page: what it is asked by, and its words."""
    page = html.unescape(response.content.decode())
    found = NUMBER.findall(page.split('id="noi-dung"')[1])
    return [
        (
            {name: texts[0] for name, texts in parse_qs(urlsplit(url).query).items()},
            text.strip("≈* \n"),
        )
        for url, text in found
    ]


def answered(asked):
    """The same question, put to `aggregation.answer`."""
    day = datetime.date.fromisoformat(asked["dia-gioi"]) if "dia-gioi" in asked else None
    end = ReportingPeriod.objects.get(code=asked["ky"]).end
    return answer(
        asked["chi-tieu"],
        unit(asked["don-vi"], on=day or end),
        asked["ky"],
        group=asked.get("dan-toc"),
        sex=asked.get("gioi-tinh"),
        units_on=day,
    )


def told(found):
    decimals = decimals_of(found.indicator)
    if decimals is None and found.is_estimate:
        decimals = 0
    return formats.value_or_reason(found.value, found.missing, decimals)


def in_the_explorer(client, asked, level):
    """The one cell of the explorer that is asked the same."""
    sex = {"male": "nam", "female": "nu"}.get(asked.get("gioi-tinh", ""), "")
    query = {
        "ct": asked["chi-tieu"], "hang": "don-vi", "cot": "ky", "ky": asked["ky"],
        "dv": asked["don-vi"], "cap": level, "dt": asked.get("dan-toc", ""), "gt": sex,
        "dg": asked.get("dia-gioi", ""), "bd": "khong",
    }  # fmt: skip
    table = client.get(reverse("ethnic_data:explorer"), query).context["table"]
    return table.cell(table.rows[0], table.columns[0])


PEOPLE_IN_SQL = """
SELECT sum(o.value * share.weight) FROM ethnic_data_observation o
JOIN ethnic_data_indicator i ON i.id = o.indicator_id AND i.code = 'D03'
JOIN collection_submission s ON s.id = o.submission_id AND s.status = 'approved'
JOIN collection_reportingperiod p ON p.id = s.period_id AND p.code = %s
JOIN units_unitshare share ON share.unit_id = o.unit_id AND share.target_id = %s
    AND share.valid @> coalesce(%s::date, p.end)
WHERE o.value IS NOT NULL
"""


def people_in_sql(period, one, day):
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE_IN_SQL, [period, one.pk, day or None])
        return cursor.fetchone()[0]


@pytest.fixture
def province():
    """Two districts' figures of three years."""
    dice = random.Random(11)  # noqa: S311 - the same figures every time
    for period in ("2021", "2022", "2023"):
        for district, communes in (("220", (AN_LAC, HUU_SAN, VAN_SON)), ("219", (CAM_SON,))):
            people = [
                value(one, "D03", dice.randint(5, 900), group=group, sex=sex)
                for one in communes
                for group in ("01", "02", "07")
                for sex in ("male", "female")
            ]
            form = [
                value(one, code, dice.randint(10, 60) * scale)
                for one in communes
                for code, scale in (("N03", 1), ("D02", 10), ("D01", 40), ("N09", 1))
            ]
            roads = [
                value(one, code, number)
                for one in communes
                for code, number in (("H03", 8), ("H10", dice.randint(0, 8)), ("H23", 1))
            ]
            approved(people, dataset="DAN-SO", unit_code=district, period=period)
            approved(form, unit_code=district, period=period)
            approved(roads, dataset="HA-TANG", unit_code=district, period=period)


def of_today(code):
    """The commune of 1/7/2025 in which a former one lies."""
    day = datetime.date.fromisoformat(MERGED)
    (share,) = UnitShare.objects.on(day).filter(unit=unit(code), target__level="commune")
    return share.target


@pytest.mark.slow
@pytest.mark.parametrize("vintage", [REPORTED, DISTRICTS_LAST, MERGED])
def test_every_number_is_what_explorer_answer_and_sql_say(client, province, vintage):
    client.force_login(member("specialist"))
    dice = random.Random(5)  # noqa: S311 - the same sample every time
    commune = of_today(AN_LAC).code if vintage == MERGED else AN_LAC
    places = [("xa", commune), ("tinh", "24")]
    places += [("huyen", "220")] if vintage != MERGED else []
    for kind, code in places:
        path, query = address(kind, code, ky="2023", dg=vintage)
        response = client.get(path, query)
        assert response.status_code == 200
        seen = numbers_on(response)
        assert len(seen) > 15, (kind, vintage)
        for asked, text in dice.sample(seen, min(len(seen), 12)):
            found = answered(asked)
            words = {"Có": "1", "Không": "0"}.get(text, text)
            assert told(found) == words, asked
        own = [(asked, text) for asked, text in seen if asked["don-vi"] == code]
        for asked, text in dice.sample(own, 5):
            cell = in_the_explorer(client, asked, kind)
            assert cell.text == {"Có": "1", "Không": "0"}.get(text, text), asked
        standing = response.context["profile"].unit
        people = people_in_sql("2023", standing, vintage)
        first = response.context["profile"].key_figures[0]
        decimals = 0 if people != people.to_integral_value() else None
        assert first.value.strip("≈ *") == formats.number(people, decimals)


@pytest.mark.slow
def test_the_paper_says_what_the_page_says_on_one_page(client, province):
    client.force_login(member("specialist"))
    everything = [
        value(AN_LAC, "D03", 1000 + number, group=f"{number:02}", sex=sex)
        for number in range(1, 41)
        for sex in ("male", "female")
    ]
    approved(everything, dataset="DAN-SO", period="2023", revision=2, reason="Sửa số")
    page = client.get("/ho-so/xa/07645", {"ky": "2023"})
    answered = client.get("/ho-so/xa/07645/pdf", {"ky": "2023"})
    assert answered["Content-Type"] == "application/pdf"
    text = tool("pdftotext", answered.content, "-layout")
    assert text.count("\f") == 1
    for words in ("Hồ sơ xã An Lạc", "Huyện Sơn Động", "Trang 1/1", "In lúc", "Nguồn: "):
        assert words in text
    numbers = page.context["profile"].numbers
    for one in numbers.over_years[:6]:
        assert one.cell.text in text
    assert numbers.groups[0].name in text
    assert "dân tộc khác" in text


def test_ranks_go_by_the_numbers_that_are_shown(client, province):
    client.force_login(member("specialist"))
    profile = client.get("/ho-so/xa/07645", {"ky": "2023"}).context["profile"]
    (poverty,) = [one for one in profile.numbers.compared if one.measure.code == "N06"]
    rates = [answer("N06", unit(code), "2023").value for code in (AN_LAC, HUU_SAN, VAN_SON)]
    place = 1 + sum(rate < rates[0] for rate in rates)
    assert poverty.among_siblings.words == f"{place}/3"
    assert unit(HUU_SAN) in profile.places.neighbours
    assert unit(CAM_SON) not in profile.places.siblings
    assert profile.numbers.below == []


def test_a_group_is_found_where_it_lives(client, province):
    client.force_login(member("specialist"))
    response = client.get("/ho-so/dan-toc/07", {"ky": "2023"})
    profile = response.context["profile"]
    people = {
        code: answer("D03", unit(code), "2023", group="07").value
        for code in (AN_LAC, HUU_SAN, VAN_SON, CAM_SON)
    }
    assert {one.unit.code: one.cell.figure.value for one in profile.communes} == people
    assert [one.cell.figure.value for one in profile.communes] == sorted(people.values())[::-1]
    assert sum(one.cell.figure.value for one in profile.districts) == sum(people.values())
    for asked, text in numbers_on(response):
        assert told(answered(asked)) == text
    client.force_login(member("son_dong_officer"))
    own = client.get("/ho-so/dan-toc/07", {"ky": "2023"}).context["profile"]
    assert own.asked.unit.code == "220"
    assert CAM_SON not in {one.unit.code for one in own.communes}


@pytest.mark.slow
def test_the_queries_of_a_profile_are_bounded(client, province):
    client.force_login(member("leader"))
    client.get("/ho-so/xa/07624", {"ky": "2023"})

    def asked(path, **query):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, query).status_code == 200
        return len(queries)

    for path, fresh in (("/ho-so/xa/07645", 32), ("/ho-so/huyen/220", 35), ("/ho-so/tinh/24", 35)):
        assert asked(path, ky="2023") <= fresh
        assert asked(path, ky="2023") <= 16  # the numbers are kept until data change
    assert asked("/ho-so/xa/07645", ky="2022", dg=DISTRICTS_LAST) <= 44
    assert asked("/ho-so/dan-toc/02", ky="2023") <= 30
    assert asked("/ho-so/dan-toc/02", ky="2023") <= 10


def test_numbers_are_new_after_an_approval(client, province):
    client.force_login(member("specialist"))
    first = client.get("/ho-so/xa/07645", {"ky": "2023"}).context["profile"].key_figures[0].value
    corrected = [value(AN_LAC, "D03", 777, group="01", sex="male")]
    approved(corrected, dataset="DAN-SO", period="2023", revision=2, reason="Sửa số")
    second = client.get("/ho-so/xa/07645", {"ky": "2023"}).context["profile"].key_figures[0].value
    assert (first == "777", second) == (False, "777")


@pytest.mark.parametrize(
    ("path", "query", "status", "words"),
    [
        ("/ho-so/xa/99999", {}, 404, ""),
        ("/ho-so/xa/07645%00", {}, 404, ""),
        ("/ho-so/thon/07645", {}, 404, ""),
        ("/ho-so/huyen/07645", {}, 404, ""),
        ("/ho-so/dan-toc/zz", {}, 404, ""),
        ("/ho-so/xa/07645", {"ky": "1066"}, 200, "Không có năm “1066”"),
        ("/ho-so/xa/07645", {"dg": "hôm qua"}, 200, "Không có địa giới “hôm qua”"),
        ("/ho-so/xa/07645", {"ky": "2020"}, 200, "Chưa có số liệu năm 2020 được duyệt"),
        ("/ho-so/xa/07645", {"dg": MERGED}, 200, "Không có Xã An Lạc (mã 07645)"),
        ("/ho-so/huyen/220", {"dg": MERGED}, 200, "Không có Huyện Sơn Động (mã 220)"),
        ("/ho-so/dan-toc/02", {"ky": "\0", "dg": "\0"}, 200, "Dân tộc Tày"),
    ],
)
def test_what_makes_no_sense_gets_a_plain_sentence(client, province, path, query, status, words):
    client.force_login(member("specialist"))
    for one in (path, f"{path}/pdf"):
        response = client.get(one, query)
        assert response.status_code == status
        if words and response["Content-Type"].startswith("text/html"):
            assert words in words_of(response)


def test_a_group_in_units_among_which_the_readers_area_is_not_says_so(client, province):
    client.force_login(member("son_dong_officer"))
    for one in ("/ho-so/dan-toc/02", "/ho-so/dan-toc/02/pdf"):
        words = client.get(one, {"dg": MERGED}).content.decode()
        assert "Không có Huyện Sơn Động (mã 220)" in words
        assert 'href="/ho-so/dan-toc/02"' in words


def test_a_rate_of_nothing_has_a_reason_and_another_area_is_not_there(client):
    approved([value(AN_LAC, "N03", 0), value(AN_LAC, "D02", 0), value(AN_LAC, "D01", 0)])
    client.force_login(member("son_dong_officer"))
    response = client.get("/ho-so/xa/07645", {"ky": "2023"})
    assert response.status_code == 200
    assert response.context["profile"].key_figures[1].value == told(
        answer("N06", unit(AN_LAC), "2023")
    )
    assert client.get("/ho-so/xa/07528").status_code == 404
    assert client.get("/ho-so/tinh/24").status_code == 404
    assert "Tỉnh Bắc Giang" not in words_of(response)


@pytest.mark.slow
def test_small_counts_stay_hidden_from_those_who_see_published_figures(client):
    approved(
        [
            value(one, "D03", number, group=group, sex=sex)
            for one in (AN_LAC, HUU_SAN, VAN_SON)
            for group, number in (("02", 700), ("07", 2), ("18", 1))
            for sex in ("male", "female")
        ],
        dataset="DAN-SO",
    )
    approved([value(AN_LAC, "N03", 2), value(AN_LAC, "D02", 9), value(AN_LAC, "D01", 11)])
    client.force_login(member("administrator"))
    response = client.get("/ho-so/xa/07645", {"ky": "2023", "dg": DISTRICTS_LAST})
    text = words_of(response)
    assert "Không công bố" in text
    assert "địa giới lúc báo cáo" in text
    rows = {row.name: row for row in response.context["profile"].numbers.groups}
    for name in ("Nùng", "Sán Dìu"):
        if name in rows:
            assert all(
                cell.figure.value is None or cell.figure.value >= 5 for cell in rows[name].cells
            )
    assert response.context["profile"].key_figures[1].value == "Không công bố"
    assert numbers_on(response) == []
    paper = client.get("/ho-so/xa/07645/pdf", {"ky": "2023"})
    assert "Không công bố" in tool("pdftotext", paper.content, "-layout")
    group = client.get("/ho-so/dan-toc/07", {"ky": "2023"})
    assert "Không công bố" in words_of(group)


def names(words, who="specialist", today=TODAY):
    return [one.name for one in search(words, member(who), today=today, most=20).places]


def test_search_needs_two_letters_and_no_marks():
    assert "Xã An Lạc" in names("an l")
    assert "Xã An Lạc" in names("xã an lạc")
    assert "Xã An Lạc" in names("07645")
    assert names("an lac")[0] == "Xã An Lạc"
    assert search("a", member("specialist"), today=TODAY, most=5).is_too_short
    assert search("", member("specialist"), today=TODAY, most=5).is_too_short
    assert search("\u0301%_", member("specialist"), today=TODAY, most=5).is_too_short
    found = search("son dong", member("specialist"), today=TODAY, most=50)
    levels = [one.name.split()[0] for one in found.places]
    assert levels.index("Huyện") > levels.index("Xã")
    assert "Huyện Sơn Động" in [one.name for one in found.places]


def test_old_names_lead_to_what_they_became_and_groups_go_by_other_names():
    later = datetime.date(2025, 8, 1)
    found = search("an lac", member("specialist"), today=later, most=20)
    former = [one for one in found.places if one.became]
    assert [name for name, _ in former[0].became] == [of_today(AN_LAC).full_name]
    assert "đến ngày 30/06/2025" in former[0].about
    url = former[0].became[0][1]
    assert of_today(AN_LAC).code in url
    assert [one.name for one in search("cao lan", member("specialist"), today=TODAY, most=9).groups]


def test_each_finds_what_may_be_seen_and_the_page_works_by_itself(client):
    assert names("cấm sơn") == ["Xã Cấm Sơn"]
    assert names("cấm sơn", "son_dong_officer") == []
    client.force_login(member("leader"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/tim", {"q": "an lạc"})
    assert len(queries) <= 12
    text = page.content.decode()
    assert 'href="/ho-so/xa/07645' in text
    assert "Xem tất cả trong sổ văn bản" in text
    assert 'action="/tim"' in text
    part = client.get("/tim/goi-y", {"q": "an lạc"}).content.decode()
    assert 'href="/ho-so/xa/07645' in part
    assert "<html" not in part
    assert client.get("/tim/goi-y", {"q": "a"}).content.strip() == b""
    for nonsense in ("\0", "%" * 500, "'; --", "<script>"):
        assert client.get("/tim", {"q": nonsense}).status_code == 200
        assert client.get("/tim/goi-y", {"q": nonsense}).status_code == 200
    client.force_login(member("investor"))
    assert "Địa bàn, dân tộc" not in client.get("/tim", {"q": "an lạc"}).content.decode()


def test_years_before_a_unit_are_told_not_summed(client, province):
    """Việt Yên was a huyện until 31/1/2024, then a thị xã of the same code."""
    year = ReportingPeriod.objects.get(code="2024")
    before, after = unit("222"), unit("222", on=year.end)
    assert before != after
    commune = AdministrativeUnit.objects.within(after, on=year.end).communes().on(year.end)[0]
    approved([value(commune.code, "D03", 50)], dataset="DAN-SO", unit_code="222", period="2024")
    client.force_login(member("specialist"))
    page = client.get("/ho-so/huyen/222", {"ky": "2024"})
    assert f"năm 2023: chưa có {after.full_name}" in words_of(page)
    assert len(page.context["profile"].periods) == 1
    earlier = client.get("/ho-so/huyen/222", {"ky": "2023"})
    assert earlier.context["profile"].unit == before


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "code"), [("tinh", "24"), ("huyen", "220"), ("xa", AN_LAC)])
def test_the_programmes_money_leads_to_its_lines_and_payments(client, leader, kind, code):
    works = line_of_works(900)
    WorksPlace.objects.create(works=works.works, unit=unit(AN_LAC))
    pay(works, "250.5", datetime.date(2023, 3, 31))
    client.force_login(leader)
    url, query = address(kind, code, ky="2023")
    (row,) = client.get(url, query).context["profile"].done.money
    lines, payments = client.get(row.lines_url), client.get(row.payments_url)
    assert [one["line"].pk for one in lines.context["rows"]] == [works.pk]
    assert f"Công trình tại: {unit(code).full_name}" in words_of(lines)
    assert (row.money.plan, lines.context["total_plan"]) == (900, "0,9"), "in tỷ đồng there"
    assert payments.context["total"] == row.money.paid


def test_the_way_to_the_names_leads_to_as_many_people_also_of_a_unit_that_ended(client, province):
    """The district's own deputies are no more in office today."""
    term = CouncilTerm.objects.get(name="2021–2026")
    for place in ("220", AN_LAC):
        fields = common("220") | {"unit": unit(place), "full_name": f"Người {place}"}
        day = datetime.date(2021, 5, 23)
        CouncilDeputy.objects.create(term=term, elected_date=day, **fields)
    client.force_login(member("leader"))
    (found,) = client.get("/ho-so/huyen/220").context["profile"].people_figures
    assert found.value == "2"
    assert client.get(found.url).context["page_obj"].paginator.count == 2
    client.force_login(member("administrator"))
    (found,) = client.get("/ho-so/huyen/220").context["profile"].people_figures
    assert not found.url
