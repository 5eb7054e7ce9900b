"""Every entry of the navigation leads to a page; the frame carries the agency's name of its day."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from portal import navigation
from portal.units.models import IssuingAgency

ENTRIES = [entry for group in navigation.GROUPS for entry in group.entries]


@pytest.mark.parametrize(
    "entry",
    [*ENTRIES, *navigation.PUBLIC_LINKS, *navigation.ACCOUNT_LINKS],
    ids=lambda entry: entry.url_name,
)
def test_every_entry_has_its_room(entry):
    assert navigation.address(entry.url_name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "name"),
    [
        (datetime.date(2023, 11, 1), "Ban Dân tộc tỉnh Bắc Giang"),
        (datetime.date(2026, 1, 1), "Sở Dân tộc và Tôn giáo tỉnh Bắc Ninh"),
    ],
)
def test_the_agency_shown_is_that_of_its_day(settings, day, name):
    settings.AGENCY_DAY = day
    cache.clear()
    assert IssuingAgency.objects.shown().full_name == name
    assert navigation.agency_name() == name
    cache.clear()


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/so-lieu/bo/12/xem-truoc", "Nộp số liệu"),
        ("/so-lieu/tep/3", "Nộp số liệu"),
        ("/so-lieu/duyet/12", "Duyệt số liệu"),
        ("/so-lieu/dung-han", "Tình hình nộp"),
        ("/so-lieu/gia-han/BIEU-05/220/2023", "Tình hình nộp"),
        ("/so-lieu/quy-tac/BIEU-05/them", "Biểu số liệu"),
        ("/so-lieu/ban-giao/4", "Tài khoản"),
        ("/dan-toc/", "Dân tộc"),
        ("/dan-toc/nhom/02", "Dân tộc"),
        ("/dan-toc/bieu/BIEU-05", "Biểu số liệu"),
        ("/dan-toc/bieu-cong-bo/BG-TDT-2019", "Biểu đã công bố"),
        ("/dan-toc/dieu-tra", "Biểu đã công bố"),
        ("/dan-toc/so-lieu", "Khám phá số liệu"),
        ("/dan-toc/nhap-danh-sach/dai-bieu", "Đại biểu HĐND"),
        ("/dan-toc/nhap-danh-sach/uy-tin", "Người có uy tín"),
        ("/chuong-trinh/nguon-von", "Vốn và tiến độ"),
        ("/don-doc/BIEU-05/2023", "Báo cáo"),
        ("/so-lieu/thong-bao", "Việc của tôi"),
    ],
)
def test_a_page_below_a_room_marks_that_room_alone(rf, path, label):
    request = rf.get(path)
    request.user = SimpleNamespace(has_perm=lambda name: True)
    shown = [entry for _, entries in navigation.shown_groups(request) for entry in entries]
    assert [entry.label for entry in shown if entry.current] == [label]


def test_who_does_not_send_finds_a_submission_under_its_completeness(rf):
    request = rf.get("/so-lieu/bo/12")
    request.user = SimpleNamespace(
        has_perm=lambda name: name == "collection.view", is_authenticated=False
    )
    shown = [entry for _, entries in navigation.shown_groups(request) for entry in entries]
    assert [entry.label for entry in shown if entry.current] == ["Tình hình nộp"]
