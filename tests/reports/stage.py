"""What tests of reports stand on: the agency's data approved, the sample report at any step."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from ethnic_data.store import ObservationStore
from portal.collection.models import ReportingPeriod, Submission, Upload
from portal.jobs.services import drain
from reports import sample, services
from reports.models import Certificate, Report, Section
from reports.signing.authority import ROOT_FILE
from tests.cast import member
from tests.ethnic_data.filling import approve, submission, value

ZONE = datetime.timezone(datetime.timedelta(hours=7))
NOW = datetime.datetime(2023, 11, 6, 9, 30, tzinfo=ZONE)
DAY = NOW.date()
PASSPHRASE = "mat-khau-thu"

#: The agency's own numbers behind the sample's sentences: 21 officials, everything at 100 %.
AGENCY = {
    "K01": 21,
    "K02": 21,
    "K03": 21,
    "K06": 21,
    "K08": 21,
    "K10": 1,
    "K11": 1,
    "K12": 0,
    "K13": 1,
    "K14": 2,
    "K15": 7,
    "K16": 7,
}
FILE, SHEET = "cntt-ban-dan-toc-2023.xlsx", "CNTT"


def cell_of(code: str) -> str:
    """The cell of the agency's workbook that holds an indicator."""
    return f"C{6 + list(AGENCY).index(code)}"


def agency_data(*, is_approved: bool = True, **changed: int | None) -> Submission:
    """The agency's year 2023 from one workbook; keywords change single indicators."""
    earlier = Submission.objects.filter(dataset__code="CNTT-CO-QUAN").count()
    more = {"revision": earlier + 1, "reason": "Đính chính"} if earlier else {}
    one = submission("CNTT-CO-QUAN", "24", **more)
    content = b"the agency's workbook"
    upload = Upload(
        submission=one,
        original_name=FILE,
        sha256="5" * 64,
        size=len(content),
        uploaded_by=member("son_dong_officer"),
        uploaded_at=NOW,
        state=Upload.State.COMMITTED,
        committed_at=NOW,
    )
    upload.file.save(FILE, ContentFile(content), save=False)
    upload.save()
    told = AGENCY | changed
    values = [
        value("24", code, number, sheet=SHEET, cell=cell_of(code)) for code, number in told.items()
    ]
    with transaction.atomic():
        ObservationStore().write(one, values, upload)
    return approve(one, at=NOW) if is_approved else one


def submission_period() -> ReportingPeriod:
    return ReportingPeriod.objects.get(code="2023")


def draft(**changed: int | None) -> Report:
    """The sample report as a draft, over approved data."""
    agency_data(**changed)
    return sample.load(now=NOW, drafter=member("specialist"), signatory=member("leader"))


_authority = tempfile.TemporaryDirectory(prefix="chung-thu-")


def sample_again(report: Report) -> Report:
    """A second draft of the same report."""
    return sample.load(now=NOW, drafter=report.drafter, signatory=report.signatory)


def certificates(report: Report) -> list[Certificate]:
    """Register the test certificates; the keys are made once per process and copied."""
    made = Path(_authority.name)
    if (made / ROOT_FILE).exists():
        shutil.copytree(made, settings.SIGNING_DIR, dirs_exist_ok=True)
    registered = _registered(report)
    shutil.copytree(settings.SIGNING_DIR, made, dirs_exist_ok=True)
    return registered


def _registered(report: Report) -> list[Certificate]:
    return services.make_test_ca(
        passphrase=PASSPHRASE, leader=member("leader"), agency=report.agency, now=NOW
    )


def in_content_check(report: Report) -> Report:
    services.send_up(report=report, by=member("specialist"), now=NOW)
    return fresh(report)


def at_form_check(report: Report) -> Report:
    in_content_check(report)
    services.pass_content(report=report, by=member("head"), now=NOW)
    return fresh(report)


def explained(report: Report) -> Report:
    """The form checker leaves the sample's misprints: it is set as it was issued."""
    services.waive_all(
        report=report, reason="Giữ như bản đã phát hành", by=member("form_checker"), now=NOW
    )
    return fresh(report)


def in_form_check(report: Report) -> Report:
    """At the form check, with every departure of the sample explained."""
    return explained(at_form_check(report))


def to_sign(report: Report) -> Report:
    in_form_check(report)
    services.pass_form(report=report, by=member("form_checker"), now=NOW)
    drain()
    return fresh(report)


def signed(report: Report) -> Report:
    to_sign(report)
    certificates(report)
    services.sign(report=report, by=member("leader"), passphrase=PASSPHRASE, now=NOW)
    return fresh(report)


def numbered(report: Report) -> Report:
    signed(report)
    services.number(report=report, by=member("clerk"), on=DAY, now=NOW)
    return fresh(report)


def sealed(report: Report) -> Report:
    numbered(report)
    services.seal(report=report, by=member("clerk"), passphrase=PASSPHRASE, now=NOW)
    return fresh(report)


def issued(report: Report, **options: bool) -> Report:
    sealed(report)
    services.issue(report=report, by=member("clerk"), now=NOW, **options)
    return fresh(report)


def numbered_and_sealed(report: Report) -> Report:
    """A signed report's next two steps."""
    clerk = member("clerk")
    services.number(report=report, by=clerk, on=DAY, now=NOW)
    services.seal(report=report, by=clerk, passphrase=PASSPHRASE, now=NOW)
    return fresh(report)


def issued_from_signed(report: Report) -> Report:
    numbered_and_sealed(report)
    services.issue(report=report, by=member("clerk"), now=NOW)
    return fresh(report)


def fresh(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def section(report: Report, words: str) -> Section:
    """The section whose title or text holds `words`."""
    found = [one for one in report.sections.present() if words in one.title or words in one.body]
    assert found, words
    return found[0]
