"""The report of November 2023, rebuilt through the portal's own models, as a file."""

import io
import json
import subprocess
from collections import Counter

import pikepdf
import pytest

from reports import services
from reports.models import Citation
from reports.printing import printed_report
from reports.references import nodes_of
from reports.rendering.pdf import EVIDENCE_NAME
from reports.text.numbering import in_order
from tests.reports import stage
from tests.reports.printed_sample import TEXT_FILE, sample_words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def words_of(pdf: bytes) -> list[str]:
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode().split()


def laid_out(report) -> bytes:
    services.send_up(report=report, by=report.drafter, now=stage.NOW)
    return services.lay_out(stage.fresh(report), now=stage.NOW, is_draft=True).pdf


def evidence_of(pdf: bytes) -> dict:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return json.loads(file.attachments[EVIDENCE_NAME].get_file().read_bytes())


@pytest.fixture
def report():
    return stage.draft()


def test_at_least_98_percent_of_the_samples_words_are_in_the_file(report):
    wanted, got = Counter(sample_words()), Counter(words_of(laid_out(report)))
    missing = wanted - got
    assert missing.total() <= 0.02 * wanted.total(), missing


def test_the_sections_carry_the_samples_labels_and_titles(report):
    told = [f"{node.label} {node.row.title}".strip() for node in nodes_of(report) if node.label]
    sample = TEXT_FILE.read_text(encoding="utf-8").lower()
    assert [line.split()[0] for line in told] == [
        "I.", "1.", "2.", "2.1.", "2.2.", "2.2.1.", "2.2.2.", "2.2.3.4.", "II.", "1.", "2.", "III.",
    ]  # fmt: skip
    for line in told:
        assert line.lower() in sample


def test_without_the_manual_label_the_portal_counts_on(report):
    rows = list(report.sections.present())
    for row in rows:
        row.manual_label = ""
    labels = [node.label for node in in_order(rows)]
    assert "2.2.3." in labels
    assert "2.2.3.4." not in labels


def test_five_notes_cite_the_register_with_the_text_as_printed(report):
    notes = printed_report(report).notes
    sample = TEXT_FILE.read_text(encoding="utf-8")
    assert [note.number for note in notes] == [1, 2, 3, 4, 5]
    for note in notes:
        assert note.content[0].text in sample
    cited = report.citations.filter(place=Citation.Place.NOTE)
    assert sorted(one.document.number_and_symbol for one in cited) == [
        "124/KH-UBND",
        "459/KH-BDT",
        "527/KH-BDT",
        "63/KH-BDT",
        "642/KH-BDT",
    ]


@pytest.mark.parametrize(
    ("printed", "really"),
    [
        ("Quyết định số 17/QĐUBQGCDĐT", "17/QĐ-UBQGCĐS"),
        ("Quyết định số 330/QĐ-UBND", "330/QĐ-UBDT"),
        ("Kế hoạch số 38/KH-BCĐCĐĐT", "38/KH-BCĐCĐS"),
    ],
)
def test_misprints_stay_in_the_text_and_are_right_in_the_register(report, printed, really):
    citation = report.citations.get(printed=printed)
    assert citation.document.number_and_symbol == really


def test_recipients_and_signature_are_the_samples(report):
    printed = printed_report(report)
    assert printed.recipients == (
        "- Sở Kế hoạch và Đầu tư;",
        "+ phong_vx_skhd@bacgiang.gov.vn;",
        "- Lãnh đạo Ban;",
        "- Các phòng thuộc Ban;",
        "- Lưu: VT, HC-TH.",
    )
    assert printed.addressees == ()
    signature = printed.signature
    assert (signature.prefix_lines, signature.title, signature.name) == (
        ("KT. TRƯỞNG BAN",),
        "PHÓ TRƯỞNG BAN",
        "Nhữ Văn Nam",
    )
    assert printed.agency.symbol == "BC-BDT"


def test_the_samples_numbers_are_bound_to_data(report):
    bound = {figure.query: figure.printed for figure in report.figures.all()}
    assert bound == {
        "K04": "01",
        "K05": "100%",
        "dan-toc-thieu-so": "53",
        "xa-trong-danh-sach": "73",
        "K10": "01",
        "K11": "01",
        "K07": "100%",
        "K09": "100%",
        "K14": "02",
        "K17": "toàn bộ",
        "K13": "01",
    }


def test_with_other_data_only_those_places_change():
    before = words_of(laid_out(stage.draft()))
    changed = stage.agency_data(is_approved=False, K14=3, K06=20)
    stage.approve(changed, at=stage.NOW)
    again = stage.sample.load(
        now=stage.NOW, drafter=stage.member("specialist"), signatory=stage.member("leader")
    )
    pdf = laid_out(again)
    after = words_of(pdf)
    assert Counter(before) - Counter(after) == Counter({"02": 1, "100%": 1})
    assert Counter(after) - Counter(before) == Counter({"03": 1, "95,2%": 1})
    figures = {figure["key"]: figure for figure in evidence_of(pdf)["figures"]}
    for key, code, value in (("K14", "K14", "3"), ("K07", "K06", "20")):
        cells = {cell["indicator"]: cell for cell in figures[key]["provenance"]["files"]}
        assert cells[code]["file"] == stage.FILE
        assert cells[code]["sheet"] == stage.SHEET
        assert cells[code]["cell"] == stage.cell_of(code)
        assert cells[code]["value"] == value


def test_it_does_not_say_all_procedures_when_not_all_are_published():
    words = " ".join(words_of(laid_out(stage.draft(K16=6))))
    assert "công khai toàn bộ TTHC" not in words
    assert "công khai 85,7% TTHC" in words


def test_the_report_of_another_year_speaks_of_that_year(report):
    next_year = services.create_from_template(
        template=report.template,
        period=stage.ReportingPeriod.objects.get(code="2022"),
        drafter=report.drafter,
        now=stage.NOW,
    )
    text = " ".join(node.row.body for node in nodes_of(next_year))
    assert "Trong năm 2022" in text
    assert "{nam}" not in text
    assert {figure.missing for figure in next_year.figures.filter(query="K14")} == {"not_collected"}


def test_loading_the_templates_again_changes_nothing():
    assert services.load_reference() is False
