"""What anybody may see, and how anybody may write to the agency."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.documents.models import Document
from portal.public import services
from portal.public.models import Feedback

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FEEDBACK = "public:feedback"


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_front_page_says_what_the_portal_is_and_leads_on(client):
    content = page(client, "public:home")
    assert "Cổng thông tin công tác dân tộc" in content
    assert reverse("public:document_list") in content
    assert reverse("accounts:login") in content


def test_the_front_page_stands_without_the_rooms_above(client, monkeypatch):
    monkeypatch.setattr("portal.public.views.address", lambda name: "")
    content = page(client, "public:home")
    assert "Số liệu chính" not in content
    assert "Văn bản mới" in content


def test_the_front_page_loads_key_figures_by_address_with_a_plain_link(client, monkeypatch):
    monkeypatch.setattr("portal.public.views.address", lambda name: f"/{name}")
    content = page(client, "public:home")
    assert 'hx-get="/reports:public_figures"' in content
    assert 'href="/reports:public_figures"' in content


def test_the_public_finds_published_texts_only(client):
    assert "527/KH-BDT" in page(client, "public:document_list", q="527")
    hidden = Document.objects.get(number="3032")
    assert "3032/SKHĐT" not in page(client, "public:document_list", q="3032")
    assert client.get(reverse("public:document_detail", args=[hidden.pk])).status_code == 404
    assert client.get(reverse("public:document_file", args=[hidden.pk])).status_code == 404


def test_the_public_page_names_no_related_document_that_is_not_public(client):
    from portal.documents.services import relate

    hidden, shown = Document.objects.get(number="3032"), Document.objects.get(number="2289")
    relate(source=hidden, kind="answers", target=shown)
    assert "3032" not in page(client, "public:document_detail", shown.pk)


def test_the_public_page_shows_no_internal_notes(client):
    document = Document.objects.get(number="527")
    document.note, document.verification_note = "Ghi chú nội bộ", "Điều nội bộ"
    document.is_verified = False
    document.save()
    content = page(client, "public:document_detail", document.pk)
    assert "nội bộ" not in content


@pytest.mark.parametrize("q", ["%", "\0", "a" * 10_000, "<script>alert(1)</script>", "' OR 1=1"])
def test_hostile_searches_are_answered_calmly(client, q):
    content = page(client, "public:document_list", q=q, nam="\0", loai="%", page="x")
    assert "<script>alert" not in content


def test_the_agency_is_shown_under_all_its_names(client):
    content = page(client, "public:about")
    assert "Ban Dân tộc tỉnh Bắc Giang" in content
    assert "cần đối chiếu" in content


def send(client, **data):
    return client.post(reverse(FEEDBACK), {"text": "Trang không mở được"} | data)


def test_a_message_is_kept_with_its_page_and_code(client):
    assert 'value="/so-lieu/"' in page(client, FEEDBACK, trang="/so-lieu/", ma="7F3K")
    answer = send(client, page="/so-lieu/?a=1", fault_code="7F3K", contact="0204 000 000")
    kept = Feedback.objects.get()
    assert (kept.page, kept.fault_code, kept.contact) == ("/so-lieu/", "7F3K", "0204 000 000")
    assert kept.sent_by is None
    assert kept.code in client.get(answer.url).content.decode()


def test_the_page_comes_from_the_browser_when_the_link_names_none(client):
    came_from = {"HTTP_REFERER": "http://testserver/van-ban/?q=1"}
    answer = client.get(reverse(FEEDBACK), **came_from)
    assert 'value="/van-ban/"' in answer.content.decode()


@pytest.mark.parametrize(
    "written",
    [
        "https://evil.example/x",
        "javascript:alert(1)",
        "//evil.example",
        "http://[",
        "\0",
        "x" * 9000,
    ],
)
def test_only_a_path_of_this_portal_is_kept_as_page(client, written):
    client.get(reverse(FEEDBACK), {"trang": written}, HTTP_REFERER=written.replace("\0", ""))
    send(client, page=written)
    for kept in Feedback.objects.all():
        assert kept.page == "" or (kept.page.startswith("/") and "evil" not in kept.page)


def test_a_signed_in_person_is_known(client, clerk):
    client.force_login(clerk)
    send(client)
    assert Feedback.objects.get().sent_by == clerk


def test_a_robot_is_thanked_and_nothing_is_kept(client):
    answer = send(client, website="https://spam.example")
    assert answer.status_code == 302
    assert not Feedback.objects.exists()


def test_the_robots_field_is_hidden_from_people_and_screen_readers(client):
    content = page(client, FEEDBACK)
    assert 'tabindex="-1"' in content
    assert "bay-may" in content


@pytest.mark.parametrize("text", ["", "   ", "a" * 4001, "\0"])
def test_an_empty_or_endless_message_is_refused(client, text):
    assert send(client, text=text).status_code == 200
    assert not Feedback.objects.exists()


def test_one_sender_writes_five_times_an_hour(client):
    for _ in range(5):
        assert send(client).status_code == 302
    refused = send(client)
    assert refused.status_code == 429
    assert "Trang không mở được" in refused.content.decode()
    assert Feedback.objects.count() == 5


def test_after_an_hour_the_sender_may_write_again():
    now = timezone.now()
    for minutes in (61, 62, 63, 64, 65):
        then = now - datetime.timedelta(minutes=minutes)
        services.send_feedback(text="x", address="192.0.2.1", now=then)
    assert services.send_feedback(text="x", address="192.0.2.1", now=now)


def test_everybody_together_has_a_limit(monkeypatch):
    monkeypatch.setattr(services, "FROM_EVERYBODY", 3)
    for n in range(3):
        services.send_feedback(text="x", address=f"192.0.2.{n}")
    with pytest.raises(services.TooMuchFeedback):
        services.send_feedback(text="x", address="192.0.2.99")


def test_no_network_address_is_kept():
    kept = services.send_feedback(text="x", address="192.0.2.1")
    assert "192.0.2.1" not in str(vars(kept))


def test_markup_in_a_message_is_shown_as_text(client, clerk):
    send(client, text="<script>alert(1)</script>\nHỏi", contact="<b>x</b>")
    client.force_login(clerk)
    content = page(client, "public:feedback_list")
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert" in content


def test_a_message_is_handled_once(client, clerk):
    send(client)
    kept = Feedback.objects.get()
    client.force_login(clerk)
    url = reverse("public:feedback_handle", args=[kept.pk])
    client.post(url, {"outcome": "Đã sửa"})
    client.post(url, {"outcome": "Lần hai"})
    kept.refresh_from_db()
    assert (kept.outcome, kept.handled_by) == ("Đã sửa", clerk)
    assert kept.code in page(client, "public:feedback_list", xong="1")
    assert kept.code not in page(client, "public:feedback_list")


def test_search_engines_are_told_where_not_to_knock(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert "Disallow: /so-lieu/" in answer.content.decode()


def test_a_weakness_can_be_reported(client):
    lines = dict(
        line.split(": ", 1)
        for line in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert lines["Contact"].endswith(reverse(FEEDBACK))
    assert datetime.datetime.fromisoformat(lines["Expires"]) > timezone.now()


def test_public_pages_carry_no_inline_script_or_style(client):
    for name in ("public:home", "public:document_list", "public:about", FEEDBACK):
        content = page(client, name)
        assert "<style" not in content
        assert ' style="' not in content
        assert "onclick=" not in content
