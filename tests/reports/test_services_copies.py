import datetime

import pytest
from django.db import IntegrityError, transaction

from portal.documents.models import Document, IssuedNumber, Register
from portal.jobs.services import drain
from reports import services
from reports.models import Authority, Certificate, Copy
from reports.services import CopyRefused, NoAuthority, NotAllowed, NotNow
from reports.signing import SigningRefused
from tests.at_once import together
from tests.cast import member
from tests.reports import copying, stage
from tests.reports.books import book
from tests.reports.signed_sample import tool
from tests.reports.test_services_granting import granted

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def issued(laid_out_once):
    return stage.issued(stage.draft())


def sealed(copy):
    return services.seal_copy(
        copy=copy, by=member("clerk"), passphrase=stage.PASSPHRASE, now=stage.NOW
    )


def test_a_copy_on_paper_carries_the_block_of_the_decree_under_the_text():
    copy = copying.numbered(copying.incoming(copying.scan(lines=6)))
    assert copy.state == Copy.State.READY
    pdf = copying.content_of(copy.file)
    text = copying.text_of(pdf)
    for words in (
        "SAO Y", "BAN DÂN TỘC", "Số: 01/SY-BDT", "Bắc Giang, ngày 06 tháng 11 năm 2023",
        "TRƯỞNG BAN", "Nhữ Văn Nam", "Nơi nhận:", "- Phòng Chính sách;", "- Lưu: VT.",
    ):  # fmt: skip
        assert words in text, words
    assert copying.pages_of(pdf) == 1, "there is room under six lines"


def test_where_no_room_is_left_the_block_takes_the_back_of_the_sheet():
    copy = copying.numbered(copying.incoming(copying.scan(lines=21)))
    assert copying.pages_of(copying.content_of(copy.file)) == copy.pages == 2


def test_all_forms_of_copies_share_one_series_without_gaps():
    source = copying.incoming(copying.scan())
    forms = ["SY", "SL", "TrS", "SY"]
    copies = [
        copying.numbered(source, form=form, part="Mục 1", content=copying.scan()) for form in forms
    ]
    written = [copy.document.number_and_symbol for copy in copies]
    assert written == ["01/SY-BDT", "02/SL-BDT", "03/TrS-BDT", "04/SY-BDT"]
    register = Register.objects.of_copies()
    numbers = IssuedNumber.objects.of(register, 2023).order_by("number")
    assert [one.document_id for one in numbers] == [copy.document_id for copy in copies]


def test_the_year_begins_with_01_again():
    source = copying.incoming(copying.scan())
    source.is_demo = True  # so that a day to come may stand on the copy
    copying.numbered(source, on=datetime.date(2023, 12, 31))
    copy = copying.numbered(source, on=datetime.date(2024, 1, 2))
    assert copy.document.number_and_symbol == "01/SY-BDT"


def test_the_main_book_gives_no_number_to_a_copy():
    before = IssuedNumber.objects.filter(register__code="di").count()
    copying.numbered(copying.incoming(copying.scan()))
    assert IssuedNumber.objects.filter(register__code="di").count() == before


def test_asking_again_for_a_number_takes_no_second_one():
    copy = copying.begun(copying.incoming(copying.scan()))
    for _ in range(2):
        services.number_copy(copy=copy, by=member("clerk"), now=stage.NOW)
    assert IssuedNumber.objects.filter(key=f"copy:{copy.pk}").count() == 1
    assert IssuedNumber.objects.filter(register__kind="copies").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_give_one_copy_one_number(reference_data):
    copy, clerk = copying.begun(copying.incoming(copying.scan())), member("clerk")

    def number():
        services.number_copy(copy=copy, by=clerk, now=stage.NOW)

    together(number, number)
    assert IssuedNumber.objects.filter(register__kind="copies").count() == 1


def test_an_electronic_copy_of_paper_carries_line_and_seal_and_nothing_else(issued):
    copy = copying.numbered(copying.incoming(copying.scan()), medium="electronic")
    assert copy.state == Copy.State.NUMBERED, "it waits for the seal"
    copy = sealed(copy)
    pdf = copying.content_of(copy.file)
    said = tool("pdfsig", pdf)
    assert "Total document signed" in said
    assert "Signature is Valid" in said
    line = "Sao y; Ban Dân tộc tỉnh Bắc Giang; 06/11/2023; 09:30:00 +07:00"
    assert line in copying.text_of(pdf)
    assert "SY-BDT" not in copying.text_of(pdf)
    assert copying.content_of(copy.document.file) == pdf


def test_whoever_checks_an_electronic_copy_learns_what_it_is(issued):
    pdf = copying.content_of(
        sealed(copying.numbered(copying.incoming(copying.scan()), medium="electronic")).file
    )
    finding = services.verify_file(pdf)
    assert finding.verdict.genuine
    assert finding.copy.document.number == "01"
    assert not services.verify_file(pdf + b"\n").verdict.genuine
    broken = pdf.replace(b"/MediaBox", b"/MediaBax", 1)
    assert not services.verify_file(broken).verdict.genuine


def test_sealing_twice_keeps_the_first_seal(issued):
    copy = copying.numbered(copying.incoming(copying.scan()), medium="electronic")
    assert sealed(copy).sha256 == sealed(copy).sha256


def test_a_wrong_passphrase_leaves_the_number_and_no_seal(issued):
    copy = copying.numbered(copying.incoming(copying.scan()), medium="electronic")
    with pytest.raises(SigningRefused):
        services.seal_copy(copy=copy, by=member("clerk"), passphrase="sai", now=stage.NOW)
    assert copying.fresh(copy).state == Copy.State.NUMBERED


def test_an_issued_report_is_copied_to_paper_with_its_marks(issued):
    copy = copying.numbered(issued.document, source_medium="electronic")
    pdf = copying.content_of(copy.file)
    text = copying.text_of(pdf)
    assert issued.number_and_symbol.split("/")[0] in text
    assert "01/SY-BDT" in text
    assert "does not contain any signatures" in tool("pdfsig", pdf)
    assert copying.images_of(pdf) >= 2, "handwriting and seal are printed with the page"


def test_an_electronic_document_is_not_copied_whole_into_another(issued):
    with pytest.raises(CopyRefused, match="gửi chính tệp ấy"):
        copying.begun(issued.document, source_medium="electronic", medium="electronic")


def test_a_signed_file_is_no_scan_of_paper(issued):
    file = services.issued_file(issued).content()
    copy = copying.begun(copying.incoming(), content=file, medium="electronic")
    assert copy.state == Copy.State.REFUSED
    assert "đã có chữ ký số" in copy.problem


def test_an_extract_of_a_report_has_its_form_and_the_chosen_sections(issued):
    first, second = (one.pk for one in issued.sections.filter(parent=None, level="roman")[:2])
    copy = copying.numbered(
        issued.document,
        form="TrS",
        source_medium="electronic",
        medium="electronic",
        sections=(second,),
    )
    copy = sealed(copy)
    text = " ".join(copying.text_of(copying.content_of(copy.file)).split())
    assert f"Số: {issued.number_and_symbol}" in text
    assert "ngày 06 tháng 11 năm 2023" in text
    assert "(Đã ký)" in text
    assert "Trích sao; Ban Dân tộc tỉnh Bắc Giang" in text
    titles = {one.pk: one.title.upper() for one in issued.sections.filter(pk__in=(first, second))}
    assert titles[second] in text
    assert titles[first] not in text
    assert titles[second].lower() in copy.part.lower()
    found = services.verify_file(copying.content_of(copy.file), claimed=issued)
    assert found.verdict.genuine, "the page behind the code of the report knows its extract"


def test_an_extract_says_what_it_takes():
    with pytest.raises(CopyRefused, match="phần được trích"):
        copying.begun(copying.incoming(), form="TrS", content=copying.scan())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (copying.scan(dpi=100), "100 dpi"),
        (b"%PDF-1.7 nothing more", "bị hỏng"),
        (b"GIF89a", "không phải PDF"),
    ],
    ids=["coarse", "broken", "no pdf"],
)
def test_a_file_that_cannot_become_an_electronic_copy_is_refused_with_its_reason(content, why):
    copy = copying.begun(copying.incoming(), content=content, medium="electronic")
    assert copy.state == Copy.State.REFUSED
    assert why in copy.problem
    with pytest.raises(NotNow):
        services.number_copy(copy=copy, by=member("clerk"), now=stage.NOW)


def test_no_number_is_taken_for_an_electronic_copy_that_nothing_here_could_seal():
    copy = copying.begun(copying.incoming(copying.scan()), medium="electronic")
    with pytest.raises(services.NoCertificate, match="Ban Dân tộc"):
        services.number_copy(copy=copy, by=member("clerk"), now=stage.NOW)
    stage.certificates(stage.draft())
    Certificate.objects.update(key_file="")
    with pytest.raises(CopyRefused, match="chưa có khoá"):
        services.number_copy(copy=copy, by=member("clerk"), now=stage.NOW)
    assert not IssuedNumber.objects.filter(register__kind="copies").exists()


def test_a_document_without_a_file_wants_one():
    with pytest.raises(CopyRefused, match="chưa có tệp PDF"):
        copying.begun(copying.incoming())


def test_a_secret_document_is_not_copied():
    source = copying.incoming()
    Document.objects.filter(pk=source.pk).update(secrecy="mat")
    source.refresh_from_db()
    with pytest.raises(CopyRefused, match="mật"):
        copying.begun(source, content=book())


def test_the_day_of_a_copy_lies_between_the_document_and_today():
    source = copying.incoming(copying.scan())
    for day in (source.date - datetime.timedelta(1), stage.DAY + datetime.timedelta(1)):
        with pytest.raises(CopyRefused, match="Ngày sao"):
            copying.begun(source, on=day)


def test_who_signs_copies_by_order_needs_the_grant():
    source, head = copying.incoming(copying.scan()), member("head")
    with pytest.raises(NoAuthority):
        copying.begun(source, authority=Authority.ORDER, signatory=head)
    granted(authority=Authority.ORDER, grantee=head)
    copy = copying.numbered(source, authority=Authority.ORDER, signatory=head)
    assert "TL. TRƯỞNG BAN" in copying.text_of(copying.content_of(copy.file))


def test_only_the_clerk_makes_copies():
    with pytest.raises(NotAllowed):
        services.start_copy(
            source=copying.incoming(copying.scan()),
            wanted=copying.wanted(),
            by=member("specialist"),
            now=stage.NOW,
        )


def test_a_copy_without_number_can_be_given_up_and_one_with_a_number_cannot():
    source = copying.incoming(copying.scan())
    copy = copying.begun(source)
    services.drop_copy(copy=copy, by=member("clerk"))
    assert not Copy.objects.exists()
    kept = copying.numbered(source)
    with pytest.raises(CopyRefused):
        services.drop_copy(copy=kept, by=member("clerk"))


def test_a_finished_copy_never_changes():
    copy = copying.numbered(copying.incoming(copying.scan()))
    for change in (
        lambda: Copy.objects.filter(pk=copy.pk).update(part="khác"),
        lambda: Copy.objects.filter(pk=copy.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_job_that_runs_again_changes_nothing():
    copy = copying.numbered(copying.incoming(copying.scan()))
    from portal.jobs import services as jobs

    jobs.ask("make_copy", copy.pk)
    drain()
    assert copying.fresh(copy).sha256 == copy.sha256
