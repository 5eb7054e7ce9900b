"""Numbers are gapless, unique within the year, and never taken back."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from portal.documents import services
from portal.documents.models import Document, DocumentType, IssuedNumber, NumberSeries, Register

DAY = datetime.date(2024, 3, 5)


@pytest.fixture
def register(db):
    return Register.objects.get(code="di")


@pytest.fixture
def given(register):
    return services.set_numbering(register=register, numbering="given")


@pytest.fixture
def plan(db):
    return DocumentType.objects.get(code="KH")


def take(register, by, on=DAY, **more):
    return services.take_number(register=register, on=on, by=by, **more)


def test_numbers_begin_at_one_and_follow_each_other(register, clerk):
    assert [take(register, clerk) for _ in range(3)] == [1, 2, 3]


def test_the_series_is_that_of_the_documents_year(register, clerk):
    take(register, clerk, datetime.date(2024, 12, 31))
    assert take(register, clerk, datetime.date(2025, 1, 1)) == 1
    assert take(register, clerk, datetime.date(2024, 12, 31)) == 2


def test_numbers_go_on_after_the_old_book(register, clerk):
    assert take(register, clerk, datetime.date(2023, 11, 6)) == 460


def test_registers_count_apart(register, clerk):
    take(register, clerk)
    assert take(Register.objects.get(code="den"), clerk) == 1


def test_a_retry_with_the_same_key_takes_no_second_number(register, clerk):
    first = take(register, clerk, key="report:12")
    assert take(register, clerk, key="report:12") == first
    assert take(register, clerk, key="report:13") == first + 1


def test_a_number_rolled_back_is_taken_again(register, clerk):
    with transaction.atomic():
        assert take(register, clerk) == 1
        transaction.set_rollback(True)
    assert take(register, clerk) == 1


def test_a_given_number_is_entered_once_a_year(given, clerk):
    services.accept_given_number(register=given, on=DAY, number=812, by=clerk)
    with pytest.raises(services.NumberTaken, match="812"):
        services.accept_given_number(register=given, on=DAY, number=812, by=clerk)
    services.accept_given_number(register=given, on=datetime.date(2025, 1, 2), number=812, by=clerk)


def test_a_given_number_below_one_is_refused(given, clerk):
    with pytest.raises(services.NumberRefused):
        services.accept_given_number(register=given, on=DAY, number=0, by=clerk)


def test_a_register_is_either_automatic_or_given(register, clerk):
    with pytest.raises(services.NumbersComeFromPortal):
        services.accept_given_number(register=register, on=DAY, number=5, by=clerk)
    given = services.set_numbering(register=register, numbering="given")
    with pytest.raises(services.NumbersComeFromOutside):
        take(given, clerk)


def test_automatic_numbers_go_on_after_given_ones(given, clerk):
    services.accept_given_number(register=given, on=DAY, number=812, by=clerk)
    register = services.set_numbering(register=given, numbering="automatic")
    assert take(register, clerk) == 813


def test_a_register_without_numbers_gives_none(clerk):
    with pytest.raises(services.NumbersComeFromOutside):
        take(Register.objects.get(code="phap-luat"), clerk)


def test_a_series_can_be_taken_over_from_the_old_book_but_never_set_back(register, clerk):
    services.open_series(register=register, year=2024, last=300, by=clerk, on=DAY)
    assert take(register, clerk) == 301
    with pytest.raises(services.SeriesStarted):
        services.open_series(register=register, year=2024, last=200, by=clerk, on=DAY)


def test_an_unused_number_is_void_with_a_reason_and_stays(register, clerk):
    number = take(register, clerk)
    with pytest.raises(services.ReasonMissing):
        services.void_number(register=register, year=2024, number=number, reason="  ", by=clerk)
    services.void_number(
        register=register, year=2024, number=number, reason="Hoãn ban hành", by=clerk
    )
    assert take(register, clerk) == number + 1
    assert IssuedNumber.objects.of(register, 2024).get(number=number).is_void


def test_a_number_on_a_document_cannot_be_void(register, clerk, plan):
    number = take(register, clerk)
    outgoing(register, number, plan, clerk)
    with pytest.raises(services.NumberInUse):
        services.void_number(register=register, year=2024, number=number, reason="x", by=clerk)


def test_a_void_number_takes_no_document(register, clerk, plan):
    number = take(register, clerk)
    services.void_number(register=register, year=2024, number=number, reason="Hoãn", by=clerk)
    with pytest.raises(services.NumberMissing):
        outgoing(register, number, plan, clerk)


def outgoing(register, number, plan, by, **more):
    return services.register_outgoing(
        **{
            "register": register,
            "number": number,
            "on": DAY,
            "symbol": "KH-BDT",
            "document_type": plan,
            "subject": "về kiểm tra công tác dân tộc năm 2024",
            "by": by,
        }
        | more
    )


def test_an_issued_document_stands_in_the_register_under_its_number(register, clerk, plan):
    document = outgoing(register, take(register, clerk), plan, clerk, signer_name="Nhữ Văn Nam")
    assert document.number_and_symbol == "01/KH-BDT"
    assert document.issuer.name == "Ban Dân tộc tỉnh Bắc Giang"
    assert document.issued_number.number == 1


def test_registering_twice_gives_the_same_document(register, clerk, plan):
    number = take(register, clerk)
    assert outgoing(register, number, plan, clerk) == outgoing(register, number, plan, clerk)
    with pytest.raises(services.NumberInUse):
        outgoing(register, number, plan, clerk, subject="về việc khác")


def test_a_document_needs_a_number_that_was_taken(register, clerk, plan):
    with pytest.raises(services.NumberMissing):
        outgoing(register, 77, plan, clerk)


def refused(action):
    with pytest.raises(IntegrityError), transaction.atomic():
        action()


def test_the_database_keeps_every_number(register, clerk):
    take(register, clerk)
    numbers = IssuedNumber.objects.of(register, 2024)
    refused(lambda: numbers.delete())
    refused(lambda: numbers.update(number=9))
    refused(lambda: numbers.update(date=datetime.date(2024, 3, 6)))
    refused(lambda: NumberSeries.objects.filter(register=register, year=2024).delete())
    refused(lambda: NumberSeries.objects.filter(register=register, year=2024).update(last=0))
    assert numbers.get().number == 1


def test_the_database_keeps_a_numbered_document_as_it_was_issued(register, clerk, plan):
    document = outgoing(register, take(register, clerk), plan, clerk)
    mine = Document.objects.filter(pk=document.pk)
    refused(lambda: mine.update(subject="về việc khác"))
    refused(lambda: mine.update(date=datetime.date(2024, 3, 6)))
    refused(lambda: document.delete())
    mine.update(note="Đã chuyển lưu trữ")


@pytest.mark.slow
def test_fifty_parallel_requests_get_fifty_consecutive_numbers(django_db_blocker, django_db_setup):
    """Real transactions on connections of their own; the rows are removed afterwards."""
    with django_db_blocker.unblock():
        from tests.cast import member

        clerk = member("clerk")
        register = Register.objects.create(
            code="song-song", name="Sổ thử song song", direction="outgoing"
        )
        try:
            numbers = parallel_numbers(register, clerk, 50)
            last = NumberSeries.objects.get(register=register, year=2024).last
        finally:
            remove(register, clerk)
    assert sorted(numbers) == list(range(1, 51))
    assert last == 50


def parallel_numbers(register, by, count):
    numbers, start = [], threading.Barrier(count)

    def one():
        start.wait(timeout=30)
        try:
            numbers.append(take(register, by))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return numbers


def remove(register, clerk):
    """Take the test's rows away, past the triggers that keep real ones."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, column, pk in [
            ("documents_issuednumber", "register_id", register.pk),
            ("documents_numberseries", "register_id", register.pk),
            ("documents_register", "id", register.pk),
            ("accounts_user", "id", clerk.pk),
            ("accounts_division", "id", clerk.division_id),
        ]:
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [pk])  # noqa: S608
        cursor.execute("SET session_replication_role = DEFAULT")
