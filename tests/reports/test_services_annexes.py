"""Annexes in files of their own: bound by their digest, sealed with number and time."""

import hashlib
import io
import json

import pikepdf
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.jobs.services import drain
from reports import services, signing
from reports.models import AnnexFile, Certificate, SealedAnnex, Status
from tests.cast import member
from tests.reports import stage
from tests.reports.books import book
from tests.reports.signed_sample import tool

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def add(report, content=None, **given):
    told = {"by": member("specialist"), "title": "Biểu tổng hợp", "now": stage.NOW} | given
    return services.add_annex(report=report, content=content or book(), **told)


@pytest.fixture
def report():
    return stage.draft()


def sealed(report):
    stage.sealed(report)
    return SealedAnnex.objects.get()


def test_its_digest_is_in_the_evidence_that_the_leader_signs(report):
    add(report)
    made = stage.signed(report)
    with pikepdf.open(io.BytesIO(made.rendering.file_of("signed").content())) as pdf:
        (name,) = pdf.attachments
        evidence = json.loads(pdf.attachments[name].get_file().read_bytes())
    digest = hashlib.sha256(book()).hexdigest()
    assert evidence["annexes"] == [
        {"title": "Biểu tổng hợp", "sha256": digest, "size": len(book())}
    ]


def test_it_is_sealed_with_number_and_time_and_begins_with_the_bytes_that_were_bound(report):
    add(report)
    found = sealed(report)
    content = found.content()
    assert content.startswith(book())
    assert tool("pdfsig", content, "-nocert").count("Signature is Valid") == 1
    text = tool("pdftotext", content, "-layout", "-l", "1")
    assert "Số: 460/BC-BDT; 06/11/2023; 09:30:00 +07:00" in text
    fonts = tool("pdffonts", content).splitlines()[2:]
    assert len(fonts) == 1
    assert "Tinos" in fonts[0]
    assert " yes yes yes " in fonts[0]
    assert not tool("pdfimages", content, "-list").splitlines()[2:]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_line_stands_upright_at_the_top_right_of_a_page_however_it_is_turned(report, rotate):
    add(report, book(rotate=rotate))
    content = sealed(report).content()
    page = tool("pdftotext", content, "-bbox", "-l", "1")
    width = 595 if rotate % 180 == 0 else 842
    words = [line for line in page.splitlines() if "<word" in line]
    places = [[float(part.split('"')[1]) for part in line.split()[1:5]] for line in words]
    assert words
    assert all(place[1] > 10 and place[3] < 45 for place in places), page
    assert max(place[2] for place in places) > width - 60
    assert min(place[0] for place in places) > width / 2


def test_the_issued_annex_is_genuine_and_with_one_byte_more_it_is_not(report):
    add(report)
    issued = stage.issued(report)
    content = SealedAnnex.objects.get().content()
    finding = services.verify_file(content)
    assert finding.verdict.genuine, finding.verdict.reasons
    assert (finding.report, str(finding.annex)) == (issued, "Biểu tổng hợp")
    assert [one.role for one in finding.verdict.signatures] == ["Cơ quan"]
    for changed in (content + b"\n", content + b"%", content[:-1] + b"x"):
        assert not services.verify_file(changed).verdict.genuine
    assert services.verify_file(content + b"\n").verdict.outcome == "forged"


def test_the_register_keeps_the_annexes_and_shows_them(client, report):
    add(report)
    issued = stage.issued(report, is_public=True)
    (kept,) = issued.document.annexes.all()
    with kept.file.open("rb") as file:
        assert file.read() == SealedAnnex.objects.get().content()
    for room in ("public", "documents"):
        page = client.get(reverse(f"{room}:document_detail", args=[issued.document_id])).text
        url = reverse(f"{room}:document_annex", args=[issued.document_id, kept.pk])
        assert f'<a href="{url}">Biểu tổng hợp</a>' in page
        assert client.get(url).getvalue().startswith(b"%PDF")
        client.force_login(member("clerk"))
    for change in (issued.document.annexes.all().delete, lambda: kept.save(force_update=True)):
        with pytest.raises(IntegrityError, match="không sửa"), transaction.atomic():
            change()


def test_recipients_get_the_annexes_too(report):
    add(report)
    stage.issued(report)
    drain()
    names = [attachment.filename for attachment in mail.outbox[0].attachments]
    assert names[1:] == ["phu-luc-1.pdf"]


def test_a_report_is_not_issued_while_an_annex_is_unsealed(report, monkeypatch):
    add(report)
    monkeypatch.setattr("reports.services.signing.sealed_annexes", lambda *_, **__: [])
    stage.sealed(report)
    with pytest.raises(services.AnnexesUnsealed):
        services.issue(report=stage.fresh(report), by=member("clerk"), now=stage.NOW)
    assert stage.fresh(report).status == Status.SEALED


def test_annexes_change_in_a_draft_only(report):
    annex = add(report)
    stage.in_content_check(report)
    with pytest.raises(services.NotNow):
        add(report, book(pages=3))
    with pytest.raises(services.NotNow):
        services.remove_annex(annex=annex, by=member("specialist"), now=stage.NOW)


def encrypted():
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(book())) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))
    return buffer.getvalue()


def dynamic_form():
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(book())) as pdf:
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.String("x"))
        pdf.save(buffer)
    return buffer.getvalue()


def test_a_hostile_file_is_read_in_a_process_with_limits(report, monkeypatch):
    monkeypatch.setattr("reports.confined.WALL_SECONDS", 0.01)
    with pytest.raises(signing.UnfitAnnex, match="quá phức tạp"):
        add(report)


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"x",
        lambda: b"%PDF-1.7",
        lambda: b"PK\x03\x04" * 50,
        lambda: book()[:200],
        lambda: book(pages=0),
        encrypted,
        dynamic_form,
    ],
)
def test_what_cannot_be_sealed_is_refused_at_once(report, make):
    with pytest.raises(signing.UnfitAnnex, match="không dùng được"):
        add(report, make())
    assert not AnnexFile.objects.exists()


def test_a_signed_pdf_is_no_annex(report):
    from tests.reports.signed_sample import certified_sample

    with pytest.raises(signing.UnfitAnnex, match="đã có chữ ký"):
        add(report, certified_sample())


def test_the_same_file_twice_and_a_name_that_says_nothing_are_refused(report):
    add(report)
    with pytest.raises(services.AnnexThere):
        add(report)
    with pytest.raises(services.ReportRefusal, match="tên phụ lục"):
        add(report, book(pages=3), title=" ")


def test_all_annexes_together_have_a_limit(report, settings):
    settings.UPLOAD_MAX_BYTES = len(book())
    add(report)
    with pytest.raises(services.AnnexesTooLarge, match="tổng dung lượng"):
        add(report, book(pages=9))


def test_the_page_takes_an_annex_and_shows_its_digest(client, report):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(member("specialist"))
    url = reverse("reports:annex_list", args=[report.pk])
    file = SimpleUploadedFile("a.pdf", book())
    assert client.post(url, {"title": "Biểu 1", "file": file}).status_code == 302
    assert hashlib.sha256(book()).hexdigest() in client.get(url).content.decode()
    client.force_login(member("clerk"))
    assert client.post(url, {"title": "Biểu 2", "file": file}).status_code == 200
    assert AnnexFile.objects.count() == 1


class TestTheSealMadeElsewhere:
    """Annexes in files of their own are sealed with the report, by a key that is used here."""

    def test_no_number_is_taken_when_no_key_here_could_seal_them(self, report):
        add(report)
        stage.signed(report)
        Certificate.objects.filter(role="agency").update(key_file="")
        with pytest.raises(services.AnnexesNeedKeyHere, match="cùng tệp với báo cáo"):
            services.number(
                report=stage.fresh(report), by=member("clerk"), on=stage.DAY, now=stage.NOW
            )
        assert stage.fresh(report).number is None

    def test_the_file_is_not_given_out_and_the_page_says_the_way(self, client, report):
        add(report)
        stage.numbered(report)
        clerk = member("clerk")
        with pytest.raises(services.AnnexesNeedKeyHere):
            services.file_to_take_away(
                report=stage.fresh(report), role="agency", by=clerk, now=stage.NOW
            )
        with pytest.raises(services.AnnexesNeedKeyHere):
            services.take_back(
                report=stage.fresh(report), role="agency", by=clerk, uploaded=b"", now=stage.NOW
            )
        client.force_login(clerk)
        page = client.get(reverse("reports:seal", args=[report.pk])).content.decode()
        assert "nên ký tại đây" in page
        assert "Tải tệp chờ ký" not in page

    def test_without_annexes_the_file_is_given_out(self, report):
        stage.numbered(report)
        file = services.file_to_take_away(
            report=stage.fresh(report), role="agency", by=member("clerk"), now=stage.NOW
        )
        assert file.stage == "filled"
