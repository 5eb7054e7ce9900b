"""The pages beside the text: what is typed stands in them, and one answer costs little."""

import re
import time

import pytest
from django.urls import reverse

from reports import previewing
from reports.models import Section
from tests.cast import member
from tests.reports import stage
from tests.timing import least

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def report():
    return stage.draft()


@pytest.fixture
def section(report):
    return stage.section(report, "nguồn nhân lực")


@pytest.fixture
def ask(client, report, section):
    client.force_login(member("specialist"))
    address = reverse("reports:section_preview", args=[report.pk, section.pk])

    def post(body, **told):
        told = {"title": section.title, "level": section.level, "manual_label": ""} | told
        answer = client.post(address, told | {"body": body})
        assert answer.status_code == 200
        return answer

    return post


def test_what_is_typed_stands_in_its_place_and_nothing_is_kept(ask, report, section):
    html = ask("<p>Chữ <strong>chưa lưu</strong></p>", title="Tên mới").content.decode()
    assert "Chữ <strong>chưa lưu</strong>" in html
    assert "Tên mới" in html
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in html
    section.refresh_from_db()
    assert "chưa lưu" not in section.body
    assert section.revision == 1


def test_it_is_the_html_of_the_printed_pages(ask, client, report, section):
    beside = ask(section.body, manual_label=section.manual_label).content.decode()
    whole = client.get(reverse("reports:preview", args=[report.pk])).content.decode()
    assert beside == whole


def test_a_level_that_is_chosen_numbers_at_once(ask, section):
    html = ask(section.body, level="letter").content.decode()
    assert "a) Về phát triển nguồn nhân lực" in re.sub("<[^>]+>", "", html)


@pytest.mark.parametrize(
    "body",
    [
        '<p>a<img src="http://vidu.vn/a.png"><script>alert(1)</script></p>',
        '<p>a <span data-figure="999999">02</span><span data-citation="x">y</span></p>',
        '<p style="background:url(http://vidu.vn)">a</p><iframe src="//vidu.vn"></iframe>',
        "<p>a\0b</p>",
        "<ul>" * 500,
        "",
    ],
)
def test_nothing_that_is_typed_loads_runs_or_breaks_it(ask, body):
    html = ask(body, level="\0", title="\0" * 500).content.decode()
    assert not re.search(r"<script|<style|<iframe|vidu\.vn|\sstyle=|\son\w+=", html)


def test_a_long_report_shows_the_section_at_hand_alone_with_its_notes_numbered(
    ask, report, section
):
    first = stage.section(report, "Căn cứ")
    Section.objects.filter(pk=first.pk).update(body="<p>Đoạn dài. </p>" * 6000)
    answer = ask("<p>Chữ chưa lưu</p>")
    html = answer.content.decode()
    assert answer.headers["X-Whole"] == "0"
    assert "Chữ chưa lưu" in html
    assert "Đoạn dài" not in html
    assert "CỘNG HÒA" not in html
    note = report.citations.filter(place="note").first()
    html = ask(f'<p>Theo kế hoạch<span data-citation="{note.pk}"></span></p>').content.decode()
    assert re.search(r'<ol class="end-notes" start="[2-9]">', html)


def test_the_page_of_a_long_report_says_that_it_is_one_section(ask, client, report, section):
    address = reverse("reports:section_edit", args=[report.pk, section.pk])
    assert "chỉ hiện mục đang soạn" not in client.get(address).content.decode()
    Section.objects.filter(pk=stage.section(report, "Căn cứ").pk).update(body="<p>Dài</p>" * 8000)
    assert "chỉ hiện mục đang soạn" in client.get(address).content.decode()


def test_a_long_table_shows_its_first_rows_and_says_so():
    from reports.rendering import Cell, Table, Text

    rows = tuple((Cell((Text(str(n)),)),) for n in range(5000))
    short = previewing._first_rows(Table(rows, head_rows=2))
    assert len(short.rows) == 2 + previewing.ROWS_SHOWN
    assert "Còn 4938 hàng nữa" in short.remark


def test_an_answer_asks_the_database_little(ask, section, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        ask(section.body)


@pytest.mark.machine
def test_a_refresh_within_200_pages_stays_under_half_a_second(ask, report):
    words = (
        "<p>" + "Phát triển kinh tế số vùng đồng bào dân tộc thiểu số và miền núi. " * 8 + "</p>"
    )
    Section.objects.filter(pk=stage.section(report, "Căn cứ").pk).update(body=words * 1100)
    ask("<p>một</p>")
    assert least(lambda: ask("<p>hai</p>"), clock=time.perf_counter) < 0.5
