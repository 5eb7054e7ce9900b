"""The province at a glance: each card's figure, course, aim and ends are those of their source."""

from __future__ import annotations

import datetime
import re
import subprocess

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from ethnic_data.aggregation import answer
from portal import formats
from programs.models import CapitalPlan, Works
from reports.glance import Card, glance
from reports.models import WeeklyLetter
from reports.services import due_reports, weekly
from tests.cast import unit
from tests.ethnic_data.filling import AN_LAC, CAM_SON, HUU_SAN, TAN_SON, VAN_SON, approved, value
from tests.programs.factories import line_of_works, pay
from tests.programs.test_ledger import on
from tests.reports import stage

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2023, 11, 1)
SON_DONG_COMMUNES, LUC_NGAN_COMMUNES = (AN_LAC, HUU_SAN, VAN_SON), (CAM_SON, TAN_SON)


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def poor(rates: dict[str, int], period: str, **of: object) -> None:
    """Of 100 minority households in each commune, that many are poor; 1 000 people, 400 Tày."""
    for district, communes in (("220", SON_DONG_COMMUNES), ("219", LUC_NGAN_COMMUNES)):
        told = [code for code in communes if code in rates]
        values = [
            one
            for code in told
            for one in (
                value(code, "D02", 100),
                value(code, "N03", rates[code]),
                value(code, "D03", 1000),
                value(code, "D04", 400),
            )
        ]
        if values:
            approved(values, unit_code=district, period=period, **of)


def card(user, label: str, *, today: datetime.date = TODAY) -> Card | None:
    found = glance(user, today=today)
    assert found is not None
    return next((one for one in found.cards if label in one.figure.label), None)


def places(one: Card) -> list[list[tuple[str, str]]]:
    return [[(place.name, place.value) for place in ranking.places] for ranking in one.rankings]


def test_poverty_tells_its_course_its_target_and_both_ends(leader):
    poor({AN_LAC: 30, HUU_SAN: 20, VAN_SON: 40, CAM_SON: 12, TAN_SON: 22}, "2022")
    poor({AN_LAC: 20, HUU_SAN: 18, VAN_SON: 37, CAM_SON: 10, TAN_SON: 15}, "2023")
    found = card(leader, "hộ nghèo")
    rate = answer("N06", unit("24"), "2023")
    assert found.figure.value == formats.percent(rate.value) == "20\u00a0%"
    assert found.course.words == "2022: 24,8\u00a0% → 2023: 20\u00a0%"
    assert "2022: 24,8" in found.course.drawing, "the drawing's name says every value"
    assert found.figure.target == "Mục tiêu giảm trên 3 điểm: đạt"
    assert places(found) == [
        [("Xã Vân Sơn", "37\u00a0%"), ("Xã An Lạc", "20\u00a0%")],
        [("Xã Cấm Sơn", "10\u00a0%"), ("Xã Tân Sơn", "15\u00a0%")],
    ]
    assert found.among == "trong các xã theo Quyết định 861"


def test_years_of_other_communes_are_judged_over_those_of_both_and_it_says_so(leader):
    poor({AN_LAC: 30, HUU_SAN: 20, VAN_SON: 40}, "2022")
    poor({AN_LAC: 29, HUU_SAN: 19, VAN_SON: 39, CAM_SON: 1}, "2023")
    figure = card(leader, "hộ nghèo").figure
    assert figure.target == "Mục tiêu giảm trên 3 điểm: tạm tính chưa đạt"
    assert figure.target_kind == "waiting"


def test_people_tell_the_largest_and_the_smallest_groups(leader):
    poor({AN_LAC: 20}, "2023")
    counts = {"02": 500, "03": 7, "06": 90, "09": 40}
    approved(
        [value(AN_LAC, "D03", number, group=code) for code, number in counts.items()],
        dataset="DAN-SO",
        unit_code="220",
    )
    found = card(leader, "Dân số")
    names = [[name for name, _ in one] for one in places(found)]
    assert names == [["Tày", "Mường"], ["Thái", "Dao"]]
    assert "4 dân tộc thiểu số" in found.figure.note


def test_a_number_of_a_card_leads_to_the_values_behind_it(client, leader):
    poor({AN_LAC: 20, HUU_SAN: 18}, "2023")
    client.force_login(leader)
    for one in glance(leader, today=TODAY).cards:
        urls = [one.figure.url, one.url, one.figure.more_url]
        urls += [place.url for ranking in one.rankings for place in ranking.places]
        for url in filter(None, urls):
            assert client.get(url.partition("#")[0]).status_code == 200, url


def test_since_there_are_no_districts_communes_stand_in_the_order_with_their_forms(leader):
    told = [value("07621", "D02", 100), value("07621", "N03", 20)]
    approved(told, unit_code="07621", period="2025")
    found = card(leader, "Xã đủ số liệu", today=datetime.date(2026, 11, 1))
    assert (found.figure.value, found.figure.note) == ("0/99", "0/99 xã đã duyệt đủ biểu")
    behind, ahead = places(found)
    assert ahead[0][0] == "Xã Vân Sơn"
    assert ahead[0][1].startswith("1/")
    assert all(words.startswith("0/") and words.endswith(" biểu") for _, words in behind)


@pytest.fixture
def money(db) -> CapitalPlan:
    line = line_of_works()
    pay(line, "300.125", on(31, 3))
    pay(line, "100", on(30, 6))
    return line


def test_money_stands_against_the_plan_and_the_straight_line(leader, money):
    found = card(leader, "Giải ngân", today=datetime.date(2023, 6, 30))
    assert found.figure.value == "8\u00a0%"
    paid, plan = formats.money("400.125"), formats.money(5000)
    assert found.figure.note == f"{paid} trên {plan} kế hoạch"
    assert found.figure.target.startswith("Theo thời gian 49,6")
    assert found.figure.target_kind == "wrong"
    assert found.as_of == "Đến hết ngày 30/06/2023"


def test_works_tell_how_many_were_late_month_by_month(leader, money):
    works = money.works
    Works.objects.filter(pk=works.pk).update(planned_finish=on(30, 4), actual_finish=None)
    june = card(leader, "chậm tiến độ", today=datetime.date(2023, 6, 30))
    assert june.figure.value == "1"
    assert june.course.words == "T7/22: 0 → T6/23: 1"
    drawn = re.findall(r"T\d+/\d+: (\d)", str(june.course.drawing))
    assert drawn[:12] == list("000000000011")
    Works.objects.filter(pk=works.pk).update(planned_finish=on(31, 12))
    then = card(leader, "chậm tiến độ", today=datetime.date(2023, 6, 30))
    assert then.figure.value == "0"
    assert then.figure.target == "Không có công trình chậm"


def test_reports_due_are_those_of_the_list(leader):
    poor({AN_LAC: 20}, "2023")
    found = card(leader, "Báo cáo đến hạn")
    due = due_reports(today=TODAY, user=leader)
    assert found.figure.value == formats.number(len(due))
    late = sum(one.is_late for one in due)
    assert found.figure.target == (
        f"{late} báo cáo quá hạn" if late else "Không có báo cáo quá hạn"
    )


def test_who_may_not_see_a_part_has_no_card_of_it(cast, clerk):
    poor({AN_LAC: 20}, "2023")
    assert glance(clerk, today=TODAY) is None


def test_nothing_is_shown_while_there_is_nothing(leader):
    assert glance(leader, today=TODAY) is None


def test_a_correction_is_seen_at_once(leader):
    poor({AN_LAC: 20}, "2023")
    assert card(leader, "hộ nghèo").figure.value == "20\u00a0%"
    poor({AN_LAC: 25}, "2023", revision=2, reason="Đếm lại")
    assert card(leader, "hộ nghèo").figure.value == "25\u00a0%"


def test_the_leaders_home_asks_little(client, leader, money, django_assert_max_num_queries):
    poor({AN_LAC: 20, HUU_SAN: 18, CAM_SON: 7}, "2022")
    poor({AN_LAC: 20, HUU_SAN: 18, CAM_SON: 7}, "2023")
    stage.in_content_check(stage.draft())
    client.force_login(leader)
    address = reverse("reports:home")
    client.get(address)
    with django_assert_max_num_queries(60):
        assert client.get(address).status_code == 200


# as a file, and by e-mail every week


def words_of(pdf: bytes) -> str:
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True)
    return " ".join(told.stdout.decode().split())


def test_the_home_is_a_file_with_the_same_numbers(client, leader, money):
    poor({AN_LAC: 20, HUU_SAN: 18, CAM_SON: 7, TAN_SON: 9}, "2023")
    client.force_login(leader)
    response = client.get(reverse("reports:home_paper"))
    assert response["Content-Type"] == "application/pdf"
    text = words_of(response.content)
    for one in glance(leader, today=timezone.localdate()).cards:
        assert one.figure.label.replace("\u00a0", " ") in text
        assert one.figure.value.replace("\u00a0", " ") in text
    assert "Xã An Lạc" in text
    assert "Việc đang chờ" in text


def monday(now: datetime.datetime) -> int:
    return weekly.prepare_weekly_letters(now=now)


def test_one_letter_a_week_goes_to_those_who_sign(leader, clerk, run_jobs, mailoutbox):
    poor({AN_LAC: 20, HUU_SAN: 18}, "2023")
    for user in (leader, clerk):
        user.email = f"{user.username}@example.vn"
        user.save(update_fields=["email"])
    tuesday = datetime.datetime(2023, 10, 31, 6, 50, tzinfo=timezone.get_default_timezone())
    assert monday(tuesday) == 1
    assert monday(tuesday + datetime.timedelta(days=2)) == 0, "the same week"
    run_jobs()
    run_jobs()
    (letter,) = mailoutbox
    assert letter.to == [leader.email]
    assert "30/10/2023" in letter.subject
    (name, content, kind) = letter.attachments[0]
    assert (name, kind) == ("tong-hop-tuan-2023-10-30.pdf", "application/pdf")
    assert "19 %" in words_of(content)
    assert monday(tuesday + datetime.timedelta(days=6)) == 1, "the next week"


def test_who_switched_mail_off_gets_none(leader):
    leader.email, leader.wants_mail = "a@example.vn", False
    leader.save(update_fields=["email", "wants_mail"])
    assert monday(timezone.now()) == 0
    assert not WeeklyLetter.objects.exists()


def test_a_week_without_data_says_so_and_carries_no_file(leader, run_jobs, mailoutbox):
    leader.email = "a@example.vn"
    leader.save(update_fields=["email"])
    monday(timezone.now())
    run_jobs()
    assert "chưa có số liệu" in mailoutbox[0].body
    assert not mailoutbox[0].attachments
