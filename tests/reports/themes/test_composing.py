"""Pages composed of saved views, and panels that rotate."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from ethnic_data.models import SavedView
from reports.models import Dashboard
from reports.services import composing
from tests.ethnic_data.filling import AN_LAC, HUU_SAN, approved, value

pytestmark = pytest.mark.django_db

BY_COMMUNE = "ct=N03&hang=don-vi&cap=xa&cot=ky&dv=220&ky=2023"


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def told():
    approved([value(AN_LAC, "N03", 12), value(HUU_SAN, "N03", 3), value(AN_LAC, "D02", 50)])


@pytest.fixture
def board(client, administrator):
    """A page of a shared view and of one that its owner keeps to herself, made in the browser."""
    client.force_login(administrator)
    client.post(reverse("reports:board_list"), {"title": "Giao ban", "lead": "Thứ hai"})
    made = Dashboard.objects.get()
    for name, is_shared in (("Hộ nghèo theo xã", True), ("Của riêng tôi", False)):
        view = SavedView.objects.create(
            owner=administrator, name=name, query=BY_COMMUNE, is_shared=is_shared
        )
        url = reverse("reports:board_panel_add", args=[made.pk])
        answer = client.post(url, {"view": view.pk, "title": "", "chart": "cot", "width": "half"})
        assert answer.status_code == 302
    return made


def publish(client, board, **fields):
    data = {"title": board.title, "lead": "", "is_published": "on", **fields}
    return client.post(reverse("reports:board_edit", args=[board.pk]), data)


def words(response):
    return " ".join(response.content.decode().split())


def test_what_a_panel_shows_is_decided_by_who_reads_it(
    client, board, administrator, leader, specialist, told
):
    assert publish(client, board, roles=["leader"]).status_code == 302
    address = board.get_absolute_url()
    own = client.get(address)
    assert "Không công bố" in words(own), "small counts are not the administrator's"
    client.force_login(leader)
    seen = client.get(address)
    first, second = seen.context["panels"]
    assert {line.label: line.values[0].text for line in first.body}["Xã Hữu Sản"] == "3"
    assert "chưa chia sẻ" in second.empty
    assert "Của riêng tôi" not in words(seen), "not even its name"
    assert not second.explorer
    assert client.get(f"{address}/{second.key}.csv").status_code == 200
    client.force_login(specialist)
    assert client.get(address).status_code == 404
    assert address not in words(client.get(reverse("reports:theme_index")))


def test_a_view_that_was_deleted_is_told_and_the_page_stays(client, board, leader, told):
    publish(client, board)
    SavedView.objects.all().delete()
    client.force_login(leader)
    response = client.get(board.get_absolute_url())
    assert response.status_code == 200
    assert words(response).count("đã bị xoá") == 2
    assert client.get(f"{board.get_absolute_url()}/tep.xlsx").status_code == 200


def test_the_pages_filters_narrow_a_view_only_where_they_are_asked(client, board, leader, told):
    publish(client, board)
    client.force_login(leader)
    kept = client.get(board.get_absolute_url()).context["panels"][0]
    assert "Xã An Lạc" in {line.label for line in kept.lines}, "the view's own district"
    narrowed = client.get(board.get_absolute_url(), {"dv": HUU_SAN}).context["panels"][0]
    assert {line.label for line in narrowed.lines} == {"Xã Hữu Sản"}


def test_what_a_view_keeps_is_not_compared_under_the_pages_name(client, board, leader, told):
    """The view is of Sơn Động in 2023, the page of the province."""
    publish(client, board)
    client.force_login(leader)
    for query, word in (({"so_dv": "219"}, "địa bàn"), ({"so_ky": "2022"}, "kỳ")):
        shown = client.get(board.get_absolute_url(), query).context["panels"][0]
        assert f"Bảng này giữ {word} đã lưu: chọn {word} của trang để so sánh." in shown.unapplied
        assert shown.width_in_columns == 1
    both = client.get(board.get_absolute_url(), {"dv": "220", "so_dv": "219"})
    assert both.context["panels"][0].width_in_columns == 3


def test_panels_are_ordered_and_taken_off(client, board, administrator):
    first, second = board.panels.all()
    url = reverse("reports:board_panel_change", args=[second.pk])
    client.post(url, {"viec": "len"})
    assert list(board.panels.all()) == [second, first]
    client.post(url, {"viec": "len"})  # at the top nothing happens
    assert list(board.panels.all()) == [second, first]
    client.post(
        url, {f"p{second.pk}-view": first.view_id, f"p{second.pk}-title": "Khác",
              f"p{second.pk}-chart": "", f"p{second.pk}-width": "full"},
    )  # fmt: skip
    second.refresh_from_db()
    assert (second.title, second.width, second.view_id) == ("Khác", "full", first.view_id)
    publish(client, board)
    for panel in (first, second):
        client.post(reverse("reports:board_panel_change", args=[panel.pk]), {"viec": "bo"})
    board.refresh_from_db()
    assert not board.is_published, "an empty page is published no more"
    client.post(reverse("reports:board_delete", args=[board.pk]))
    assert not Dashboard.objects.exists()
    assert SavedView.objects.count() == 2


def test_what_makes_no_page_is_refused(client, administrator, leader):
    client.force_login(administrator)
    url = reverse("reports:board_list")
    client.post(url, {"title": "Giao ban"})
    assert "Đã có trang mang tên này" in words(client.post(url, {"title": " Giao  ban "}))
    assert client.post(url, {"title": ""}).status_code == 422
    board = Dashboard.objects.get()
    assert "chưa có bảng nào" in words(publish(client, board))
    hidden = SavedView.objects.create(owner=leader, name="Của lãnh đạo", query=BY_COMMUNE)
    add = reverse("reports:board_panel_add", args=[board.pk])
    assert client.post(add, {"view": hidden.pk, "width": "half"}).status_code == 422
    view = SavedView.objects.create(owner=administrator, name="Bảng", query="ct=x&hang=y")
    for _ in range(composing.MOST_PANELS):
        assert client.post(add, {"view": view.pk, "width": "half"}).status_code == 302
    assert "nhiều nhất" in words(client.post(add, {"view": view.pk, "width": "half"}))
    assert client.get(board.get_absolute_url()).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        board.panels.update(width="wide")


def test_the_rotation_goes_round_without_scripts(client, leader, told):
    client.force_login(leader)
    url = reverse("reports:rotation")
    assert "Bắt đầu" in words(client.get(url))
    query = {"c": ["giam-ngheo", "giam-ngheo"], "giay": "9", "dv": "220", "o": "5"}
    last = client.get(url, query)
    assert (last.context["place"], last.context["count"]) == (6, 6)
    assert '<noscript><meta http-equiv="refresh" content="9;url=' in words(last)
    assert "dv=220" in last.context["next_url"]
    assert client.get(last.context["next_url"]).context["place"] == 1
    assert client.get(last.context["previous_url"]).context["place"] == 5
    paused = client.get(last.context["pause_url"])
    assert 'http-equiv="refresh"' not in words(paused)
    assert client.get(paused.context["pause_url"]).context["is_paused"] is False


@pytest.mark.parametrize("query", ["c=x", "c=trang-999", "c=trang-%00", "c=giam-ngheo&giay=x&o=-7"])
def test_nonsense_asked_of_the_rotation_is_answered(client, leader, query):
    client.force_login(leader)
    assert client.get(f"{reverse('reports:rotation')}?{query}").status_code == 200


def test_a_page_that_is_not_for_the_reader_does_not_rotate(client, board, specialist):
    client.force_login(specialist)
    response = client.get(reverse("reports:rotation"), {"c": f"trang-{board.pk}"})
    assert response.context["asked"]
    assert not response.context["boards"]
