"""Everybody's own page: what waits, what is late, what has changed; and the public fragment."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from ethnic_data.models import PublishedFigure
from portal.collection.models import Submission, SubmissionEvent
from portal.jobs.models import Job
from portal.public.models import Feedback
from portal.units.models import AdministrativeUnit
from programs.models import Membership, WorksPlace
from reports.dashboards.home import changes, own_work
from reports.dashboards.public import census, listed, poverty_of_province
from reports.dashboards.waiting import waiting_count
from tests.cast import person
from tests.documents.incoming import given, letter
from tests.ethnic_data.filling import approved, filled, submission, submit, value
from tests.programs.factories import OrganisationFactory, WorksFactory
from tests.reports import stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TODAY = datetime.date(2023, 11, 1)
COMMUNE = "07621"


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def work(user, title: str, *, today: datetime.date = TODAY):
    return next((one for one in own_work(user, today=today) if one.title == title), None)


def titles(user) -> list[str]:
    return [one.title for one in own_work(user, today=TODAY)]


def words(work) -> list[str]:
    return [task.word for task in work.tasks]


def test_an_officer_finds_the_own_district_s_forms_with_their_day(son_dong_officer):
    waiting = work(son_dong_officer, "Số liệu cần nộp", today=datetime.date(2023, 3, 1))
    this_year = [task for task in waiting.tasks if task.title == "Biểu 05 · Năm 2023"]
    assert len(this_year) == 1
    assert this_year[0].word == "Chưa nộp"
    assert this_year[0].note.startswith("Huyện Sơn Động · Hạn nộp ")
    single = [task for task in waiting.tasks if "chưa đơn vị nào nộp" not in task.title]
    assert all("Huyện Sơn Động" in task.note for task in single)


def test_a_day_that_has_passed_is_late(son_dong_officer):
    submission()
    tasks = work(son_dong_officer, "Số liệu cần nộp", today=datetime.date(2024, 12, 1)).tasks
    late = next(task for task in tasks if task.title == "Biểu 05 · Năm 2023")
    assert late.word == "Quá hạn"
    assert "chậm" in late.note


def test_what_came_back_says_how_many_remarks_are_open(son_dong_officer, specialist):
    one = submit(filled([value(COMMUNE, "D01", 5)]))
    one.remarks.create(text="Sửa ô này", author=specialist, at=timezone.now(), is_sent=True)
    one.status = Submission.Status.RETURNED
    one.save()
    task = next(
        task
        for task in work(son_dong_officer, "Số liệu cần nộp").tasks
        if task.title == "Biểu 05 · Năm 2023"
    )
    assert task.word == "Trả lại"
    assert "1 ý kiến cần sửa" in task.note
    assert task.url == one.get_absolute_url()


def test_what_is_sent_waits_no_longer(son_dong_officer):
    submit(filled([value(COMMUNE, "D01", 5)]))
    tasks = work(son_dong_officer, "Số liệu cần nộp").tasks
    assert "Biểu 05 · Năm 2023" not in [task.title for task in tasks]


def test_a_reviewer_finds_what_came_in_but_not_the_own(specialist, head):
    submit(filled([value(COMMUNE, "D01", 5)]))
    assert len(work(specialist, "Số liệu chờ duyệt").tasks) == 1
    Submission.objects.update(submitted_by=specialist)
    assert work(specialist, "Số liệu chờ duyệt").tasks == []
    assert len(work(head, "Số liệu chờ duyệt").tasks) == 1


def test_late_districts_are_counted_by_period(specialist):
    submit(filled([value(COMMUNE, "D01", 5)]))
    late = work(specialist, "Đơn vị nộp chậm", today=datetime.date(2024, 12, 1))
    assert "Năm 2023: 9 biểu của 9 đơn vị chưa nộp" in [task.title for task in late.tasks]


def test_late_forms_that_nobody_has_begun_are_one_line(specialist, son_dong_officer):
    submit(filled([value(COMMUNE, "D01", 5)]))
    for user, title in ((specialist, "Đơn vị nộp chậm"), (son_dong_officer, "Số liệu cần nộp")):
        found = work(user, title, today=datetime.date(2024, 12, 1))
        [line] = [one for one in found.tasks if one.title == "Biểu quá hạn chưa đơn vị nào nộp"]
        assert "Năm 2023: " in line.note
        assert "Dân số" not in " ".join(task.title for task in found.tasks)


def test_a_form_that_several_communes_have_yet_to_begin_is_one_line(son_dong_officer):
    tasks = work(son_dong_officer, "Số liệu cần nộp", today=datetime.date(2024, 12, 1)).tasks
    [line] = [task for task in tasks if task.title == "Tiến độ công trình · Quý IV năm 2024"]
    assert line.note == "17 đơn vị · Hạn nộp 10/01/2025"
    assert line.url.endswith("?ky=2024-Q4")


def test_a_delay_of_years_is_told_in_years(son_dong_officer):
    submission()
    tasks = work(son_dong_officer, "Số liệu cần nộp", today=datetime.date(2026, 12, 1)).tasks
    assert "chậm hơn 3 năm" in tasks[0].note


def test_a_report_waits_for_whose_turn_it_is(specialist, head, form_checker, leader, clerk):
    report = stage.in_content_check(stage.draft())
    assert [task.title for task in work(head, "Báo cáo chờ tôi").tasks] == [report.subject]
    for other in (specialist, form_checker, leader, clerk):
        assert work(other, "Báo cáo chờ tôi").tasks == []


def test_the_way_to_the_queue_of_signing_is_not_counted_as_a_report(leader):
    report = stage.to_sign(stage.draft())
    found = work(leader, "Báo cáo chờ tôi")
    assert [task.title for task in found.tasks] == ["Danh sách chờ ký (1)", report.subject]
    assert found.count == 1


def test_whoever_keeps_works_finds_the_late_ones_and_the_list_has_as_many(
    client, son_dong_officer, luc_ngan_officer, specialist
):
    organisation = OrganisationFactory()
    investor = person("chu.dau.tu", role="investor", full_name="Giáp Văn Thịnh")
    Membership.objects.create(user=investor, organisation=organisation)
    day = datetime.date(2023, 6, 30)
    for name, theirs in (("Đường A", {"investor": organisation}), ("Đường B", {})):
        late = WorksFactory(name=name, planned_finish=day, **theirs)
        WorksPlace.objects.create(
            works=late, unit=AdministrativeUnit.objects.on(day).get(code=COMMUNE), is_main=True
        )
    WorksFactory(name="Đường C", investor=organisation, planned_finish=day.replace(year=2050))
    over = {
        "state": "finished",
        "actual_start": day.replace(month=3),
        "actual_finish": day + datetime.timedelta(days=9),
    }
    WorksFactory(name="Đường D", investor=organisation, planned_finish=day.replace(month=5), **over)
    told = {"investor": ["Đường A", "Đường D"], "officer": ["Đường A", "Đường B"]}
    for user, names in ((investor, told["investor"]), (son_dong_officer, told["officer"])):
        found = work(user, "Công trình chậm tiến độ")
        assert [task.title for task in found.tasks] == names
        client.force_login(user)
        page = client.get(found.more_url).text
        assert [
            name for name in ("Đường A", "Đường B", "Đường C", "Đường D") if name in page
        ] == names
    for other in (luc_ngan_officer, specialist):
        assert work(other, "Công trình chậm tiến độ") is None


def test_letters_in_hand_and_late_ones_stand_on_the_homes_of_those_who_answer(
    cast, specialist, head, leader, clerk, auditor
):
    letters = "Văn bản đến cần giải quyết"
    given(officer=specialist, lead=specialist.division, due_date=datetime.date(2024, 3, 12))
    day, late = datetime.date(2024, 3, 6), datetime.date(2024, 3, 15)
    [task] = work(specialist, letters, today=day).tasks
    assert task.note.endswith("hạn 12/03/2024, còn 6 ngày")
    assert work(head, letters, today=day).tasks == []
    assert work(leader, letters, today=day).tasks == []
    for user in (specialist, head, leader):
        [task] = work(user, letters, today=late).tasks
        assert task.word == "Quá hạn"
        assert "quá 3 ngày" in task.note
        assert waiting_count(user, today=late) >= 1
    for user in (clerk, auditor):
        found = work(user, letters, today=late)
        assert found is None or found.tasks == []


def test_a_letter_nobody_was_given_stands_on_the_homes_of_head_leader_and_clerk(
    specialist, head, leader, clerk
):
    letter(arrived=datetime.date(2024, 3, 1))
    day = datetime.date(2024, 3, 5)
    for user in (head, leader, clerk):
        [task] = work(user, "Văn bản đến chưa chuyển xử lý", today=day).tasks
        assert task.word == "Chưa chuyển xử lý"
    assert work(specialist, "Văn bản đến chưa chuyển xử lý", today=day) is None


def test_an_officer_has_nothing_to_do_with_reports_and_accounts(son_dong_officer):
    assert titles(son_dong_officer) == ["Số liệu cần nộp"]


def test_the_administrator_finds_questions_new_accounts_and_failed_jobs(client, administrator):
    Feedback.objects.create(text="Không mở được tệp", sender_key="x" * 64)
    person("moi.vao", role="specialist", full_name="Người Mới")
    newcomer = type(administrator).objects.get(username="moi.vao")
    newcomer.must_change_password = True
    newcomer.save()
    Job.objects.create(
        name="render_report", subject_id=1, state="failed", finished_at=timezone.now(), attempt=5
    )
    [question] = work(administrator, "Câu hỏi, báo lỗi").tasks
    page, _, place = question.url.partition("#")
    client.force_login(administrator)
    assert f'id="{place}"' in client.get(page).content.decode()
    assert "Người Mới" in [task.title for task in work(administrator, "Tài khoản cần xem").tasks]
    failed = work(administrator, "Việc chạy nền không xong").tasks
    assert failed[0].title == f"Mã hỗ trợ {Job.objects.get(state='failed').support_code}"


def test_long_lists_are_cut_and_the_rest_counted(administrator):
    for number in range(13):
        Feedback.objects.create(text=f"Câu hỏi {number}", sender_key="x" * 64)
    found = work(administrator, "Câu hỏi, báo lỗi")
    assert (len(found.tasks), found.more, found.count) == (10, 3, 13)


def test_changes_are_those_of_what_one_may_see(son_dong_officer, luc_ngan_officer, specialist):
    one = submit(filled([value(COMMUNE, "D01", 5)]))
    SubmissionEvent.objects.create(
        submission=one, what="submitted", who=son_dong_officer, at=timezone.now()
    )
    assert len(changes(son_dong_officer)) == 1
    assert len(changes(specialist)) == 1
    assert changes(luc_ngan_officer) == []


@pytest.mark.parametrize(
    "name",
    [
        "son_dong_officer",
        "specialist",
        "head",
        "form_checker",
        "leader",
        "clerk",
        "administrator",
        "auditor",
    ],
)
def test_every_role_has_a_page_of_its_own(client, cast, name, django_assert_max_num_queries):
    stage.in_content_check(stage.draft())
    submit(filled([value(COMMUNE, "D01", 5)]))
    client.force_login(cast(name))
    with django_assert_max_num_queries(45):
        response = client.get(reverse("reports:home"))
    assert response.status_code == 200
    assert "Thay đổi gần đây" in response.text


def test_who_signs_sees_the_province_at_a_glance(client, leader, clerk):
    approved([value(COMMUNE, "D02", 40), value(COMMUNE, "N03", 10)], is_demo=True)
    client.force_login(leader)
    text = client.get(reverse("reports:home")).text
    assert "25\u00a0%" in text
    assert "Số liệu minh hoạ" in text
    client.force_login(clerk)
    assert client.get(reverse("reports:home")).context["glance"] is None


# open to everybody


def test_the_public_figures_are_those_of_the_census(client):
    response = client.get(reverse("reports:public_figures"), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "257.273" in response.text
    assert "1.803.950" in response.text
    assert "14,26\u00a0%" in response.text
    assert "73" in response.text
    assert "<html" not in response.text


def test_without_javascript_the_public_figures_are_a_whole_page(client):
    response = client.get(reverse("reports:public_figures"))
    assert "257.273" in response.text
    assert "</html>" in response.text
    assert "HX-Request" in response.headers["Vary"]


def test_groups_are_listed_largest_first_without_the_majority():
    groups = census().groups
    assert [group.name for group in groups] == [
        "Nùng",
        "Tày",
        "Sán Dìu",
        "Sán Chay",
        "Hoa",
        "Dao",
    ]
    assert groups[0].people == Decimal(95806)


def test_a_small_group_is_not_published():
    PublishedFigure.objects.filter(row__table__code="BG-TDT-2019", row__group__name="Nùng").update(
        value=4
    )
    assert "Nùng" not in [group.name for group in census().groups]


def everybody_reports(period: str = "2023", poor: int = 10, **others: int) -> None:
    """Every commune has 100 minority households; `others`: the poor ones of x + its code."""
    day = datetime.date(int(period), 12, 31)
    units = AdministrativeUnit.objects.on(day)
    for district in units.districts().filter(parents__parent__code="24").distinct():
        values = []
        for commune in units.communes().within(district, on=day):
            told = others.get(f"x{commune.code}", poor)
            values += [value(commune.code, "D02", 100), value(commune.code, "N03", told)]
        approved(values, unit_code=district.code, period=period, is_demo=True)


def test_the_province_s_rate_is_public_once_every_commune_is_in(client):
    everybody_reports()
    assert poverty_of_province().value == 10
    text = client.get(reverse("reports:public_figures")).text
    assert "Tỷ lệ hộ nghèo dân tộc thiểu số toàn tỉnh" in text
    assert "10\u00a0%" in text
    assert "Số liệu minh hoạ" in text


def test_a_part_of_the_province_is_not_published_as_the_province(client):
    approved([value(COMMUNE, "D02", 40), value(COMMUNE, "N03", 3)])
    assert poverty_of_province() is None
    assert "toàn tỉnh" not in client.get(reverse("reports:public_figures")).text


@pytest.mark.parametrize(("count", "is_shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_small_count_of_the_whole_province_is_not_published(count, is_shown):
    everybody_reports(poor=0, **{f"x{COMMUNE}": count})
    assert (poverty_of_province() is not None) is is_shown


def test_the_listed_communes_are_those_of_the_day():
    assert listed(on=datetime.date(2023, 1, 1)).communes == 73
    assert listed(on=datetime.date(2030, 1, 1)).communes == 73


def test_the_public_fragment_asks_little_when_nothing_is_new(client, django_assert_max_num_queries):
    client.get(reverse("reports:public_figures"))
    with django_assert_max_num_queries(1):
        client.get(reverse("reports:public_figures"))
