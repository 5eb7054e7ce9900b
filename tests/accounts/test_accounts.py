"""Signing in, first password, reset by an administrator, and the role table."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts import demo, models, services
from portal.accounts.models import PAUSE, FailedSignIn, User
from portal.accounts.roles import TABLE, Role
from tests.cast import PASSWORD, person

pytestmark = pytest.mark.django_db


def sign_in(client, username, password, address="192.0.2.1"):
    typed = {"username": username, "password": password}
    return client.post(reverse("accounts:login"), typed, REMOTE_ADDR=address)


def guess(client, username, *, times, address):
    for _ in range(times):
        sign_in(client, username, "sai", address)


def test_a_person_signs_in_with_name_and_password(client, leader):
    assert sign_in(client, leader.username, PASSWORD).status_code == 302
    assert client.session["_auth_user_id"] == str(leader.pk)


def test_a_name_in_capitals_with_spaces_signs_in_too(client, leader):
    assert sign_in(client, f"  {leader.username.upper()} ", PASSWORD).status_code == 302


@pytest.mark.parametrize("password", ["", "sai", "hoa-ban-trang-2024", "\x00", "a" * 5000])
def test_a_wrong_password_is_answered_in_one_plain_sentence(client, leader, password):
    page = sign_in(client, leader.username, password)
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_locked_account_does_not_sign_in_and_its_sessions_end(client, leader, administrator):
    client.force_login(leader)
    services.set_active(user=leader, active=False, by=administrator)
    assert client.get(reverse("accounts:password")).status_code == 302
    assert "_auth_user_id" not in client.session
    sign_in(client, leader.username, PASSWORD)
    assert "_auth_user_id" not in client.session


def test_a_reset_gives_a_password_that_must_be_changed_before_anything_else(
    client, leader, administrator
):
    client.force_login(administrator)
    page = client.post(reverse("accounts:user_reset", args=[leader.pk]))
    password = page.context["password"]
    assert page.headers["Cache-Control"] == "no-store"
    client.logout()
    sign_in(client, leader.username, password)
    assert client.get(reverse("units:list")).url == reverse("accounts:password")
    new = "rung-xanh-suoi-mat-9"
    client.post(
        reverse("accounts:password"),
        {"old_password": password, "new_password1": new, "new_password2": new},
    )
    assert client.get(reverse("units:list")).status_code == 200


@pytest.mark.parametrize("weak", ["12345678901", "ngắn", "password1234"])
def test_a_weak_password_is_refused(leader, weak):
    with pytest.raises(ValidationError):
        services.change_own_password(user=leader, password=weak)


def test_nobody_resets_or_locks_the_own_account(administrator):
    with pytest.raises(services.OwnAccount):
        services.reset_password(user=administrator, by=administrator)
    with pytest.raises(services.OwnAccount):
        services.set_active(user=administrator, active=False, by=administrator)


def test_temporary_passwords_differ_and_are_not_stored_in_clear(leader, administrator):
    first = services.reset_password(user=leader, by=administrator)
    second = services.reset_password(user=leader, by=administrator)
    leader.refresh_from_db()
    assert first != second
    assert second not in leader.password
    assert leader.check_password(second)


def test_the_database_refuses_an_unknown_role():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="ai", full_name="Ai", role="king")


def test_the_database_refuses_an_officer_without_an_area():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="ai", full_name="Ai", role=Role.OFFICER)


def test_the_role_table_names_every_role():
    assert set(TABLE) == {role.value for role in Role}


def test_separate_acts_of_the_law_belong_to_separate_roles():
    acts = ["reports.check_content", "reports.check_form", "reports.sign", "reports.number"]
    for grant in TABLE.values():
        assert len([act for act in acts if act in grant.permissions]) <= 1


def test_an_administrator_makes_an_account_and_sees_its_password_once(client, administrator):
    client.force_login(administrator)
    page = client.post(
        reverse("accounts:user_create"),
        {"username": "moi", "full_name": "Người Mới", "role": "leader"},
    )
    assert page.status_code == 200
    made = User.objects.get(username="moi")
    assert made.check_password(page.context["password"])
    assert made.must_change_password


def test_accounts_stand_in_the_order_of_the_vietnamese_alphabet(client, administrator):
    names = ["Đỗ Minh Châu", "Ông Văn Ba", "Vi Thị Mai", "Dương Thị Liên", "An Văn Tư", "Ân Thị Tư"]
    for number, name in enumerate(names):
        person(f"nguoi.{number}", role="leader", full_name=name)
    client.force_login(administrator)
    page = client.get(reverse("accounts:user_list"))
    shown = [user.full_name for user in page.context["page_obj"] if user.full_name in names]
    assert shown == [names[4], names[5], names[3], names[0], names[1], names[2]]


def test_a_form_keeps_what_was_typed_when_something_is_missing(client, administrator):
    client.force_login(administrator)
    page = client.post(
        reverse("accounts:user_create"),
        {"username": "moi", "full_name": "Người Mới", "role": "officer"},
    )
    words = page.content.decode()
    assert "Người Mới" in words
    assert "Cán bộ huyện, xã phải có địa bàn." in words


def test_demo_accounts_are_refused_outside_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(demo.DemoRefused):
        demo.load_accounts()


def test_the_demo_has_one_account_per_role_and_loads_once():
    demo.load_accounts()
    demo.load_accounts()
    assert {user.role for user in User.objects.filter(is_demo=True)} == {
        role.value for role in Role
    }
    assert User.objects.filter(is_demo=True).count() == 19


def test_the_password_page_is_open_while_a_change_is_forced(client, leader):
    leader.must_change_password = True
    leader.save(update_fields=["must_change_password"])
    client.force_login(leader)
    assert client.get(reverse("accounts:password")).status_code == 200
    assert client.post(reverse("accounts:logout")).status_code == 302


def test_after_five_failures_a_name_rests_even_with_the_right_password(client, leader):
    for _ in range(5):
        sign_in(client, leader.username, "sai")
    page = sign_in(client, leader.username.upper(), PASSWORD)
    assert "Chờ 15 phút" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_pause_ends_by_itself_and_with_a_reset(client, leader, administrator):
    for _ in range(5):
        sign_in(client, leader.username, "sai")
    failed = FailedSignIn.objects.latest("at")
    tried = {"username": leader.username, "network": failed.network}
    assert FailedSignIn.objects.rest(**tried, now=timezone.now())
    assert FailedSignIn.objects.rest(**tried, now=timezone.now() + PAUSE) is None
    password = services.reset_password(user=leader, by=administrator)
    assert sign_in(client, leader.username, password).status_code == 302


def test_one_name_resting_does_not_keep_others_out(client, leader, clerk):
    for _ in range(6):
        sign_in(client, leader.username, "sai")
    assert sign_in(client, clerk.username, PASSWORD).status_code == 302


def test_an_open_session_is_no_place_to_guess_the_password(client, leader):
    client.force_login(leader)
    new = "rung-xanh-suoi-mat-9"
    typed = {"old_password": "sai", "new_password1": new, "new_password2": new}
    for _ in range(5):
        client.post(reverse("accounts:password"), typed)
    page = client.post(reverse("accounts:password"), typed | {"old_password": PASSWORD})
    assert "Chờ 15 phút" in page.content.decode()
    leader.refresh_from_db()
    assert leader.check_password(PASSWORD)


def test_guesses_from_elsewhere_do_not_keep_a_person_out(client, leader):
    guess(client, leader.username, times=6, address="203.0.113.7")
    assert sign_in(client, leader.username, PASSWORD).status_code == 302


def test_a_name_guessed_from_many_places_rests_but_not_where_the_person_signed_in_last(
    client, leader, clerk, monkeypatch
):
    monkeypatch.setattr(models, "MOST_FAILURES_OF_NAME", 12)
    sign_in(client, leader.username, PASSWORD)
    client.logout()
    for place in range(3):
        guess(client, leader.username, times=4, address=f"203.0.113.{place}")
    page = sign_in(client, leader.username, PASSWORD, "198.51.100.1")
    assert "từ nhiều nơi" in page.content.decode()
    assert sign_in(client, clerk.username, PASSWORD, "198.51.100.1").status_code == 302
    client.logout()
    assert sign_in(client, leader.username, PASSWORD).status_code == 302


def test_a_network_that_tries_one_name_after_the_other_rests(client, leader, clerk, monkeypatch):
    monkeypatch.setattr(models, "MOST_FAILURES_OF_NETWORK", 12)
    for name in range(12):
        sign_in(client, f"ten.{name}", "sai", "203.0.113.7")
    page = sign_in(client, leader.username, PASSWORD, "203.0.113.7")
    assert "Mạng này" in page.content.decode()
    assert sign_in(client, leader.username, PASSWORD).status_code == 302


def test_no_cache_on_the_way_keeps_what_a_person_was_shown(client, leader):
    assert "Cache-Control" not in client.get(reverse("public:home")).headers
    client.force_login(leader)
    for address in ("units:list", "public:home"):
        kept = client.get(reverse(address)).headers["Cache-Control"]
        assert kept == "private, no-cache"


def test_signing_out_empties_the_browsers_store(client, leader):
    client.force_login(leader)
    answer = client.post(reverse("accounts:logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_the_first_administrator_comes_from_the_shell_with_a_temporary_password(capsys):
    call_command("create_administrator", "quan.tri", "Hoàng Văn Tú")
    user = User.objects.get(username="quan.tri")
    assert user.must_change_password
    assert user.check_password(capsys.readouterr().out.split()[-1])
    with pytest.raises(CommandError, match="đã có người dùng"):
        call_command("create_administrator", "quan.tri", "Hoàng Văn Tú")
