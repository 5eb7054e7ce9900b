"""Series of their own: secret documents, advisory bodies; the turn of the year; two clerks."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from portal.documents import services
from portal.documents.books import choices_for
from portal.documents.models import Document, IssuedNumber, Issuer, NumberSeries, Register
from tests.at_once import together
from tests.cast import member
from tests.documents.incoming import NOW, TODAY, given, letter, outgoing
from tests.documents.test_casefiles import case

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BODY = "Ban Chỉ đạo Chương trình mục tiêu quốc gia tỉnh Bắc Giang"


def secret_book(direction="outgoing"):
    return Register.objects.create(
        code=f"mat-{direction}", name="Sổ văn bản mật", direction=direction, kind="secret"
    )


def body_book():
    issuer = Issuer.objects.create(name=BODY)
    return Register.objects.create(
        code="bcd", name="Sổ của Ban Chỉ đạo", direction="outgoing", kind="body", issuer=issuer
    )


def secret(**more):
    books = Register.objects.filter(kind="secret", direction="outgoing")
    book = books.first() or secret_book()
    return outgoing(register=book, secrecy="mat", subject="về việc mật", **more)


def test_each_book_counts_for_itself_and_the_same_number_may_stand_in_two():
    common = outgoing()
    hidden = secret()
    body = outgoing(register=body_book())
    assert common.number_and_symbol == hidden.number_and_symbol == body.number_and_symbol
    assert hidden.issuer == common.issuer
    assert body.issuer.name == BODY


def test_a_document_goes_into_the_book_it_belongs_to():
    common = Register.objects.get(code="di")
    hidden, body = secret_book(), body_book()
    fitting = Register.objects.fitting
    assert fitting("outgoing") == common
    assert fitting("outgoing", secrecy="mat") == hidden
    assert fitting("outgoing", issuer=body.issuer) == body
    assert Register.objects.main("outgoing") == common
    assert fitting("incoming", secrecy="mat") is None


def test_what_is_secret_stands_in_no_other_book_and_nothing_else_in_theirs():
    with pytest.raises(services.WrongBook):
        outgoing(secrecy="mat")
    with pytest.raises(services.WrongBook):
        outgoing(register=secret_book())


def test_the_database_keeps_no_file_of_a_secret_document():
    document = secret()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(file="a.pdf", sha256="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(is_public=True)


def test_nobody_else_learns_of_a_secret_document_or_its_book(client, cast):
    document = secret()
    book = document.issued_number.register
    pages = [
        document.get_absolute_url(),
        book.get_absolute_url(),
        reverse("documents:register_print", args=[book.code]),
        reverse("documents:document_update", args=[document.pk]),
    ]
    for name in ("specialist", "head", "form_checker", "auditor", "son_dong_officer"):
        user = cast(name)
        client.force_login(user)
        for page in pages:
            assert client.get(page).status_code == 404, (name, page)
        assert f"dang-ky:{book.code}" not in dict(choices_for(user))
        found = client.get(reverse("documents:document_list"), {"q": "việc mật"})
        assert "về việc mật" not in found.text
        listed = client.get(reverse("documents:register_list"))
        assert "văn bản mật" not in listed.text
    for name in ("leader", "clerk"):
        client.force_login(cast(name))
        assert client.get(pages[0]).status_code == 200
        assert client.get(pages[1]).status_code == 200


def test_a_specialist_who_enters_the_same_number_learns_nothing(client, specialist):
    """The warning of a duplicate names only what the person may read."""
    issuer = Issuer.objects.using_symbol("SKHĐT").first()
    hidden = letter("812", registered=False)
    Document.objects.filter(pk=hidden.pk).update(secrecy="mat")
    client.force_login(specialist)
    told = {
        "number": "812", "symbol": hidden.symbol, "date": "04/03/2024", "issuer_name": issuer.name,
        "document_type": hidden.document_type_id, "subject": "Về việc khác",
    }  # fmt: skip
    answer = client.post(reverse("documents:document_create"), told)
    assert answer.status_code == 302


def test_the_clerk_registers_in_the_book_of_secrets_without_a_file(client, clerk):
    book = secret_book()
    client.force_login(clerk)
    address = f"{reverse('documents:outgoing_create')}?so={book.code}"
    page = client.get(address)
    assert 'name="upload"' not in page.text
    told = {
        "symbol": "BC-BDT", "date": "05/03/2024", "document_type": "", "subject": "Về việc 1",
        "secrecy": "mat", "priority": "0", "language": "", "signer_name": "A",
    }  # fmt: skip
    told["document_type"] = letter("1").document_type_id
    assert client.post(address, told | {"secrecy": ""}).status_code == 200
    assert client.post(address, told | {"confirmed": "on"}).status_code == 302
    document = Document.objects.get(secrecy="mat")
    assert (document.number, document.issued_number.register) == ("01", book)


@pytest.mark.parametrize("code", ["khong-co", "den", "\0", "mat-incoming", "x" * 500])
def test_a_book_that_is_not_there_is_404(client, clerk, code):
    secret_book("incoming")
    client.force_login(clerk)
    assert client.get(reverse("documents:outgoing_create"), {"so": code}).status_code == 404


def test_an_incoming_secret_letter_takes_the_number_of_its_book(clerk):
    secret_book("incoming")
    document = letter("5", secrecy="toi-mat")
    assert document.issued_number.register.kind == "secret"
    assert document not in Document.objects.visible_to(member("specialist"))


def test_secret_letters_are_neither_given_out_nor_filed_nor_answers_told(clerk, leader):
    secret_book("incoming")
    hidden = letter("6", secrecy="mat")
    with pytest.raises(services.SecretStaysOut):
        given(hidden)
    with pytest.raises(services.FilingRefused, match="mật"):
        services.file_document(case_file=case(), document=hidden, by=clerk, now=NOW)
    with pytest.raises(services.SecretStaysOut):
        services.answer_with(assignment=given(), answer=secret(), by=leader, now=NOW)
    tomorrow = TODAY + datetime.timedelta(days=1)
    assert hidden not in Document.objects.not_passed_on(today=tomorrow)


class TestNewBooks:
    def test_the_clerk_makes_a_book_for_an_advisory_body(self, client, clerk):
        client.force_login(clerk)
        told = {"kind": "body", "direction": "outgoing", "name": "Sổ BCĐ", "code": "bcd"}
        address = reverse("documents:register_create")
        assert "Hãy ghi tên" in client.post(address, told).text
        assert client.post(address, told | {"body": BODY}).status_code == 302
        register = Register.objects.get(code="bcd")
        assert register.issuer.name == BODY
        again = client.post(address, told | {"body": BODY, "code": "bcd2"})
        assert "đã có sổ" in again.text

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "common"},
            {"kind": "\0"},
            {"direction": "legal"},
            {"direction": "incoming"},
            {"code": "có dấu"},
            {"code": "di"},
            {"code": "\0"},
            {"name": "a" * 999},
            {"body": "..."},
            {"body": "\0"},
        ],
    )
    def test_nonsense_is_refused_calmly(self, client, clerk, wrong):
        client.force_login(clerk)
        told = {
            "kind": "body", "direction": "outgoing", "name": "Sổ", "code": "so-moi", "body": BODY
        }  # fmt: skip
        before = Register.objects.count()
        assert client.post(reverse("documents:register_create"), told | wrong).status_code == 200
        assert Register.objects.count() == before

    def test_there_is_one_book_of_secrets_for_each_direction(self, client, clerk):
        client.force_login(clerk)
        told = {"kind": "secret", "direction": "outgoing", "name": "Sổ mật", "code": "mat-1"}
        address = reverse("documents:register_create")
        assert client.post(address, told).status_code == 302
        assert client.post(address, told | {"code": "mat-2"}).status_code == 200


def moment(year, month, day, hour, minute, second):
    """A moment in Việt Nam, as the server's clock (UTC) has it."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    there = datetime.datetime(year, month, day, hour, minute, second, tzinfo=zone)
    return there.astimezone(datetime.UTC)


def test_the_year_turns_by_the_clock_of_viet_nam(clerk):
    """At 23:59:58 of 31/12 it is still the old year; UTC has 16:59:58."""
    register = Register.objects.get(code="di")
    last = localdate(moment(2024, 12, 31, 23, 59, 58))
    first = localdate(moment(2025, 1, 1, 0, 0, 1))
    take = services.take_number
    assert take(register=register, on=last, by=clerk) == 1
    assert take(register=register, on=first, by=clerk) == 1
    assert take(register=register, on=last, by=clerk) == 2
    taken = IssuedNumber.objects.filter(register=register, year__gte=2024)
    assert set(taken.values_list("year", "number")) == {(2024, 1), (2025, 1), (2024, 2)}


@pytest.mark.django_db(transaction=True)
def test_clerks_on_both_sides_of_midnight_take_numbers_at_once(reference_data, cast):
    """Forty requests in one moment, half dated 31/12, half 01/01: each year gapless from 01."""
    clerk, register = cast("clerk"), Register.objects.get(code="di")
    days = [datetime.date(2024, 12, 31), datetime.date(2025, 1, 1)] * 10

    def take(day):
        return lambda: (day.year, services.take_number(register=register, on=day, by=clerk))

    found = together(*(take(day) for day in days))
    assert sorted(found) == [(year, number) for year in (2024, 2025) for number in range(1, 11)]
    assert set(
        NumberSeries.objects.filter(register=register, year__gte=2024).values_list("year", "last")
    ) == {(2024, 10), (2025, 10)}


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_register_the_same_letter_get_two_numbers_never_one(reference_data, cast):
    clerk = cast("clerk")
    documents = [letter("812", registered=False) for _ in range(2)]
    Document.objects.all().filter(pk__in=[one.pk for one in documents]).delete()
    for one in documents:
        one.pk = None
        one._state.adding = True

    def register(one):
        return lambda: services.register_incoming(document=one, by=clerk).number

    assert sorted(together(*map(register, documents))) == [1, 2]


def test_numbers_of_the_day_are_those_of_the_register_not_the_type(clerk):
    """One series per register and year, whatever the type (nghị định 30, điều 15)."""
    first = outgoing(TODAY)
    second = outgoing(TODAY, symbol="KH-BDT")
    assert [first.number, second.number] == ["01", "02"]
    assert NOW.date() == TODAY
