"""Long work on a programme: asked for once, done once, whatever happens to the worker."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.jobs import services as jobs
from portal.jobs.lease import Lease, LeaseLost
from portal.jobs.models import Job
from programs.ledger import LedgerRefused
from programs.models import CapitalChange, CarryOver, GroupsExport, Programme
from programs.services.carrying import CARRY_JOB, GIVEN_UP, ask_carry_over, do_carry_over
from programs.services.exporting import EXPORT_JOB, KEPT, ask_export, keep_export, make_export
from tests.programs.factories import decision, line_of_works, pay
from tests.programs.test_ledger import on

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TODAY = datetime.date(2023, 11, 15)


@pytest.fixture
def programme() -> Programme:
    return Programme.objects.get(code="1719")


def ask(programme, by) -> GroupsExport:
    return ask_export(programme=programme, today=TODAY, by=by)


def give_up(name: str, subject: int) -> None:
    job = Job.objects.last_of(name, subject)
    lease = Lease.claim(job.pk)
    lease.fail("x")


def test_the_export_is_asked_for_once_and_made_by_a_worker(programme, specialist, head):
    asked = ask(programme, specialist)
    assert ask(programme, head) == asked
    assert jobs.drain() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.file.size) == ("done", asked.size)
    with asked.file.open() as content:
        book = openpyxl.load_workbook(content)
    assert book.sheetnames[0] == "Mục lục"
    assert asked.rows > len(book.sheetnames)


def test_the_progress_of_an_export_is_told_in_sheets_and_rows(programme, specialist):
    said: list[str] = []
    asked = ask(programme, specialist)
    _, rows = make_export(asked, said.append)
    assert said[0] == "Đang lấy số liệu"
    assert said[-1].startswith("Đã ghi 17 / 17 trang")
    assert f"/ {rows:,}".replace(",", ".") in said[-1]


def test_an_attempt_that_lost_its_lease_keeps_nothing_and_the_next_one_keeps_one_file(
    programme, specialist
):
    asked = ask(programme, specialist)
    job = Job.objects.last_of(EXPORT_JOB, asked.pk)
    killed = Lease.claim(job.pk)
    content, rows = make_export(asked, killed.say)
    asked.file.storage.save(f"programs/exports/{asked.pk}.xlsx", content)  # then it was killed
    Job.objects.update(lease_until=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    assert jobs.drain() == 1
    with pytest.raises(LeaseLost), killed.effect():
        keep_export(asked=asked, content=content, rows=rows)
    asked.refresh_from_db()
    _, files = asked.file.storage.listdir("programs/exports")
    assert [name for name in files if name.startswith(f"{asked.pk}.")] == [f"{asked.pk}.xlsx"]
    assert [name for name in files if name.startswith(f"{asked.pk}_")] == []
    assert asked.state == "done"


def test_only_the_latest_exports_are_kept(
    programme, specialist, django_capture_on_commit_callbacks
):
    made = []
    for _ in range(KEPT + 2):
        with django_capture_on_commit_callbacks(execute=True):
            made.append(ask(programme, specialist))
        jobs.drain()
    kept = set(GroupsExport.objects.values_list("pk", flat=True))
    assert kept == {one.pk for one in made[-KEPT:]}
    made[0].file.name = f"programs/exports/{made[0].pk}.xlsx"
    assert not made[0].file.storage.exists(made[0].file.name)


def test_an_export_that_was_given_up_is_asked_for_anew(programme, specialist):
    first = ask(programme, specialist)
    give_up(EXPORT_JOB, first.pk)
    second = ask(programme, specialist)
    assert second.pk != first.pk
    assert list(GroupsExport.objects.all()) == [second]


def test_the_database_takes_one_export_of_a_programme_at_a_time(programme, specialist):
    ask(programme, specialist)
    with pytest.raises(IntegrityError, match="groups_export_asked_once"), transaction.atomic():
        GroupsExport.objects.create(programme=programme, day=TODAY, by=specialist)


@pytest.fixture
def line(db):
    """1 000 with works, 300 paid."""
    line = line_of_works()
    pay(line, 300, on(31, 3))
    return line


def carry(line, by, day=None) -> CarryOver:
    day = day or on(31, 12)
    return ask_carry_over(
        programme=line.programme, year=2023, document=decision(day), day=day, by=by
    )


def test_a_year_is_carried_over_by_a_worker_and_told(line, specialist):
    asked = carry(line, specialist)
    assert not CapitalChange.objects.filter(what="carried_in").exists()
    jobs.drain()
    asked.refresh_from_db()
    came = CapitalChange.objects.filter(what="carried_in")
    assert (asked.state, asked.lines, asked.total) == ("done", 3, 4700)
    assert sum(one.amount for one in came) == asked.total


def test_carrying_over_twice_doubles_nothing(line, specialist):
    asked = carry(line, specialist)
    do_carry_over(asked=asked)
    before = CapitalChange.objects.count()
    do_carry_over(asked=asked)
    jobs.drain()
    assert CapitalChange.objects.count() == before


def test_a_worker_that_lost_its_lease_carries_nothing_over(line, specialist):
    asked = carry(line, specialist)
    killed = Lease.claim(Job.objects.last_of(CARRY_JOB, asked.pk).pk)
    Job.objects.update(attempt=2)
    with pytest.raises(LeaseLost), killed.effect():
        do_carry_over(asked=asked)
    assert not CapitalChange.objects.filter(what="carried_in").exists()


def test_why_nothing_was_carried_over_is_kept(line, specialist):
    carry(line, specialist)
    jobs.drain()
    again = carry(line, specialist)
    jobs.drain()
    again.refresh_from_db()
    assert again.state == "refused"
    assert "không còn số dư" in again.outcome


def test_a_year_that_is_being_carried_over_is_not_asked_for_again(line, specialist):
    first = carry(line, specialist)
    with pytest.raises(LedgerRefused, match="đang được chuyển nguồn"):
        carry(line, specialist)
    give_up(CARRY_JOB, first.pk)
    carry(line, specialist)
    first.refresh_from_db()
    assert (first.state, first.outcome) == ("refused", GIVEN_UP)


def test_a_day_within_the_year_is_refused_at_once(line, specialist):
    with pytest.raises(LedgerRefused, match="từ ngày 31/12/2023"):
        carry(line, specialist, on(30, 12))


# on the pages


def ministry_home(client) -> str:
    return client.get(reverse("programs:ministry_home"), {"chuong-trinh": "1719"}).text


def test_the_page_shows_the_export_being_made_and_then_the_file(client, programme, specialist):
    client.force_login(specialist)
    client.post(reverse("programs:ministry_export", args=["1719"]))
    asked = GroupsExport.objects.get()
    url = reverse("programs:export_progress", args=[asked.pk])
    text = ministry_home(client)
    assert f'hx-get="{url}"' in text
    assert "Xem lại tiến độ" in text, "without scripts a link asks again"
    assert "Lập tệp năm nhóm dữ liệu" not in text
    fragment = client.get(url, headers={"HX-Request": "true"})
    assert "Đang chờ máy chủ làm" in fragment.text
    assert client.get(reverse("programs:export_file", args=[asked.pk])).status_code == 404
    jobs.drain()
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Redirect"]
    assert "Lập tệp năm nhóm dữ liệu" in ministry_home(client)
    fetched = client.get(reverse("programs:export_file", args=[asked.pk]))
    content = b"".join(fetched.streaming_content)
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0] == "Mục lục"
    assert "nam-nhom-du-lieu-1719-" in fetched.headers["Content-Disposition"]


def test_a_file_that_is_gone_is_not_there(client, programme, specialist):
    client.force_login(specialist)
    asked = ask(programme, specialist)
    jobs.drain()
    asked.refresh_from_db()
    asked.file.storage.delete(asked.file.name)
    assert client.get(reverse("programs:export_file", args=[asked.pk])).status_code == 404
    assert ministry_home(client)


def test_work_that_was_given_up_shows_its_code_and_can_be_asked_for_again(
    client, programme, specialist
):
    client.force_login(specialist)
    asked = ask(programme, specialist)
    give_up(EXPORT_JOB, asked.pk)
    text = ministry_home(client)
    assert Job.objects.get().support_code in text
    assert "Lập tệp năm nhóm dữ liệu" in text


def test_carrying_over_is_asked_for_and_told_on_its_page(client, line, specialist):
    client.force_login(specialist)
    asked = {"chuong-trinh": line.programme.code, "nam": "2023"}
    url = reverse("programs:carry_over_create", query=asked)
    document = decision(on(31, 12), number="4821")
    sent = {"document": str(document), "day": "31/12/2023", "note": ""}
    assert client.post(url, sent).status_code == 302
    waiting = client.get(url).text
    progress = reverse("programs:carry_over_progress", args=[CarryOver.objects.get().pk])
    assert f'hx-get="{progress}"' in waiting
    assert 'type="submit">Chuyển nguồn' not in waiting
    assert client.get(progress, headers={"HX-Request": "true"}).status_code == 200
    jobs.drain()
    assert client.get(progress, headers={"HX-Request": "true"}).headers["HX-Redirect"]
    told = client.get(url).text
    assert "Đã chuyển" in told
    assert "4.700" in told


def test_a_day_too_early_stands_at_the_form(client, line, specialist):
    client.force_login(specialist)
    asked = {"chuong-trinh": line.programme.code, "nam": "2023"}
    url = reverse("programs:carry_over_create", query=asked)
    sent = {"document": str(decision(on(1, 6), number="4822")), "day": "01/06/2023"}
    answer = client.post(url, sent)
    assert "từ ngày 31/12/2023 trở đi" in answer.text
    assert not CarryOver.objects.exists()
