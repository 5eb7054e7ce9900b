"""Pages of the committee's own records."""

import datetime

import pytest
from django.urls import reverse

from reports.models.office import Finding, Plan, PlanTask
from reports.office.kinds import KINDS

from .factories import FindingFactory, PlanFactory, PlanTaskFactory, division

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def plan_form(**changed):
    return {
        "title": "Kế hoạch chuyển đổi số",
        "document": "",
        "first_day": "01/01/2023",
        "last_day": "31/12/2023",
        "note": "",
        "revision": "1",
    } | changed


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_has_its_list_and_form(client, specialist, slug):
    client.force_login(specialist)
    for name in ("kept_list", "kept_create"):
        assert client.get(reverse(f"reports:{name}", args=[slug])).status_code == 200


def test_a_plan_and_its_task_are_entered(client, specialist):
    client.force_login(specialist)
    answer = client.post(reverse("reports:kept_create", args=["ke-hoach"]), plan_form())
    plan = Plan.objects.get()
    assert answer.url == plan.get_absolute_url()
    task = {
        "content": "Rà soát máy tính",
        "division": division().pk,
        "deadline": "30/06/2023",
        "state": "done",
        "done_on": "20/06/2023",
        "result": "đã rà soát 21 máy",
        "revision": "1",
    }
    client.post(reverse("reports:task_create", args=[plan.pk]), task)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "đã rà soát 21 máy" in page
    assert "1 nhiệm vụ, 1 hoàn thành" in page
    assert PlanTask.objects.get().created_by == specialist


def test_a_task_that_is_done_says_how_and_when_and_nothing_typed_is_lost(client, specialist):
    client.force_login(specialist)
    plan = PlanFactory()
    told = {"content": "Rà soát", "division": division().pk, "state": "done", "revision": "1"}
    answer = client.post(reverse("reports:task_create", args=[plan.pk]), told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ghi ngày hoàn thành." in page
    assert "Ghi kết quả hoặc văn bản chứng minh." in page
    assert "Rà soát" in page
    assert not PlanTask.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"done_on": "01/01/2099"}, "Ngày này chưa đến."),
        ({"done_on": "31/12/2022"}, "Ngày này phải từ ngày bắt đầu kế hoạch (01/01/2023) trở đi."),
        ({"deadline": "31/12/2022"}, "Ngày này phải từ ngày bắt đầu kế hoạch (01/01/2023) trở đi."),
        ({"deadline": "01/01/0001"}, "Ngày từ 01/01/1945 đến 31/12/2100."),
        ({"content": "\u200b"}, "Trường này là bắt buộc."),
    ],
)
def test_a_task_is_done_in_the_time_of_its_plan(client, specialist, changed, said):
    client.force_login(specialist)
    plan = PlanFactory(first_day=datetime.date(2023, 1, 1))
    told = {
        "content": "Rà soát",
        "division": division().pk,
        "state": "done",
        "done_on": "05/02/2023",
        "result": "xong",
        "revision": "1",
    }
    answer = client.post(reverse("reports:task_create", args=[plan.pk]), told | changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PlanTask.objects.exists()


def test_an_answer_is_not_promised_before_it_is_asked_for(client, specialist):
    client.force_login(specialist)
    told = {
        "text": "Đề nghị bố trí vốn",
        "addressee": "UBND tỉnh",
        "first_day": "05/05/2023",
        "due_on": "04/05/2023",
        "state": "open",
        "revision": "1",
    }
    answer = client.post(reverse("reports:kept_create", args=["kien-nghi"]), told)
    assert "Ngày này phải từ ngày kiến nghị (05/05/2023) trở đi." in answer.content.decode()


def test_a_document_that_is_not_in_the_register_is_said_at_its_field(client, specialist):
    client.force_login(specialist)
    answer = client.post(
        reverse("reports:kept_create", args=["ke-hoach"]), plan_form(document="999/KH-BDT")
    )
    assert answer.status_code == 422
    assert "Trong sổ văn bản chưa có “999/KH-BDT”" in answer.content.decode()


def test_a_record_changed_meanwhile_is_told_and_can_then_be_saved(client, specialist, head):
    plan = PlanFactory()
    url = reverse("reports:kept_edit", args=["ke-hoach", plan.pk])
    client.force_login(head)
    client.post(url, plan_form(title="Của trưởng phòng"))
    client.force_login(specialist)
    answer = client.post(url, plan_form(title="Của chuyên viên"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "vừa sửa mục này" in page
    assert "Của chuyên viên" in page
    assert 'name="revision" value="2"' in page
    client.post(url, plan_form(title="Của chuyên viên", revision="2"))
    plan.refresh_from_db()
    assert (plan.title, plan.revision) == ("Của chuyên viên", 3)


def test_a_record_is_taken_out_with_a_reason_only(client, specialist):
    finding = FindingFactory()
    client.force_login(specialist)
    url = reverse("reports:kept_remove", args=["thuan-loi-kho-khan", finding.pk])
    for nothing in (" ", "\x01\x1b"):
        client.post(url, {"reason": nothing})
        assert Finding.objects.present().exists()
    client.post(url, {"reason": "Ghi nhầm"})
    finding.refresh_from_db()
    assert finding.removed_reason == "Ghi nhầm"
    assert not Finding.objects.present().exists()
    edit = reverse("reports:kept_edit", args=["thuan-loi-kho-khan", finding.pk])
    assert client.get(edit).status_code == 404


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "x" * 5000, "loai=zzz", "loai=advantage", "page=999999999", "page=x"]
)
def test_nonsense_in_the_address_is_no_error(client, specialist, query):
    FindingFactory()
    client.force_login(specialist)
    url = reverse("reports:kept_list", args=["thuan-loi-kho-khan"])
    assert client.get(f"{url}?{query}").status_code in (200, 404)


@pytest.mark.parametrize("slug", ["khong-co", "ke-hoach-2"])
def test_an_unknown_kind_is_not_there(client, specialist, slug):
    client.force_login(specialist)
    assert client.get(reverse("reports:kept_list", args=[slug])).status_code == 404


def test_a_list_asks_as_often_for_thirty_as_for_one(
    client, specialist, django_assert_max_num_queries
):
    for _ in range(40):
        PlanTaskFactory(deadline=datetime.date(2023, 1, 1))
    client.force_login(specialist)
    with django_assert_max_num_queries(12):
        client.get(reverse("reports:kept_list", args=["ke-hoach"]))


def test_readers_find_no_way_to_write(client, auditor):
    PlanFactory(title="Kế hoạch thử")
    client.force_login(auditor)
    page = client.get(reverse("reports:kept_list", args=["ke-hoach"])).content.decode()
    assert "Kế hoạch thử" in page
    assert "Thêm kế hoạch" not in page
