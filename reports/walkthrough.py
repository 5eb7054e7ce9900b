"""The portal's main thread without a browser: workbooks in, a signed and verified report out.

Every step calls the services that the pages call. Times are of November 2023, like the report.
"""

from __future__ import annotations

import datetime
import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
from django.core.files.base import ContentFile

from portal.accounts.models import User
from portal.collection.models import Submission
from portal.collection.services import approve, return_submission, submit
from portal.collection.services.intake import Errand, Intake, commit_intake, read_files
from portal.collection.services.review import CoverLetter
from portal.collection.stores import ValueKey, store_of
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.marking import mark_workbook
from portal.collection.workbooks.template import write_template
from portal.documents.demo import letter_in_hand
from portal.jobs import services as jobs

from . import sample, services
from .models import Report, Status

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
PASSPHRASE = "thu-nghiem"  # noqa: S105 of the demonstration's test keys, printed on its pages
DISTRICT, PROVINCE, PERIOD = "220", "24", "2023"
DISTRICT_FORM, AGENCY_FORM = "BIEU-05", "CNTT-CO-QUAN"
OFFICER, SPECIALIST, HEAD = "canbo.sondong", "chuyenvien", "truongphong"
CHECKER, LEADER, CLERK = "thethuc", "lanhdao", "vanthu"
AS_ISSUED = "Giữ đúng như báo cáo đã phát hành năm 2023 để đối chiếu"
REASON = "Rà soát lại số liệu trước khi lập báo cáo năm"

# What the agency's workbook says when none is given: the figures of the sample report.
AGENCY_FIGURES = {
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
    "K15": 2,
    "K16": 2,
}


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime.datetime:
    """A moment of November 2023, Vietnam time."""
    return datetime.datetime(2023, 11, day, hour, minute, second, tzinfo=VIETNAM)


class FilesRefused(Exception):
    """A given workbook has mistakes or open questions; the message lists them."""


@dataclass
class Walkthrough:
    """One walk through the thread. `say` is told each step with what it did."""

    folder: Path
    say: Callable[[str], None]
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def run(self, *, cntt: Path | None = None, bieu05: Path | None = None) -> Report:
        """From workbooks to the issued report; files of each step are left in `folder`.

        Raises:
            FilesRefused: a workbook that was given is not accepted.
            Refused, ReportRefusal: a step was refused.
        """
        self.district(bieu05)
        self.agency(cntt)
        return self.report()

    def report(self) -> Report:
        """Drafted from the approved figures, checked, signed, numbered, sealed, issued."""
        report = self._drafted()
        self._checked(report)
        self._signed(report)
        self._issued(report)
        return report

    def _step(self, words: str) -> None:
        now = time.monotonic()
        self.say(f"{now - self._began:6.1f} giây  {words}")
        self._began = now

    # workbooks

    def district(self, given: Path | None = None) -> None:
        """The district's workbook: as given, or made with one mistake that is found and mended."""
        errand = self._errand(DISTRICT_FORM, DISTRICT, OFFICER)
        if given is None:
            given = self._district_workbook(errand)
        self._take_in(errand, given, at(1, 9), at(1, 15))

    def _district_workbook(self, errand: Errand) -> Path:
        layout = store_of(errand.dataset).layout(errand.dataset, errand.unit, errand.period)
        known = _known(errand)
        key = {column.measure: column.key for column in layout.entered}
        values = {
            (RowKey(place.unit), key[place.measure]): value
            for place, value in known.items()
            if place.measure in key
        }
        poor, minority = key["N03"], key["D02"]
        first = RowKey(next(layout.valid_units()).code)
        right = values[first, poor]
        values[first, poor] = values[first, minority] + 7
        wrong_file = self.folder / "bieu-05-son-dong-co-loi.xlsx"
        wrong_file.write_bytes(write_template(layout, values=values))
        found = read_files(errand=errand, paths=[wrong_file], answers={})
        issues = found.reading.issues
        marked = self.folder / "bieu-05-son-dong-danh-dau-loi.xlsx"
        marked.write_bytes(mark_workbook(wrong_file, list(issues), name=wrong_file.name))
        errors = [issue for issue in issues if issue.severity == "error"]
        self._step(f"Đọc {wrong_file.name}: {len(errors)} lỗi. {errors[0].message}")
        values[first, poor] = right
        corrected = self.folder / "bieu-05-son-dong.xlsx"
        corrected.write_bytes(write_template(layout, values=values))
        self._step(f"Trả lại tệp đã đánh dấu lỗi ({marked.name}); cán bộ sửa và gửi lại")
        return corrected

    def agency(self, given: Path | None = None) -> None:
        """The agency's own workbook: as given, or with the figures of the sample report."""
        errand = self._errand(AGENCY_FORM, PROVINCE, SPECIALIST)
        if given is None:
            layout = store_of(errand.dataset).layout(errand.dataset, errand.unit, errand.period)
            values = {
                (RowKey(PROVINCE), column.key): AGENCY_FIGURES[column.measure]
                for column in layout.entered
            }
            given = self.folder / "cntt-co-quan.xlsx"
            given.write_bytes(write_template(layout, values=values))
        self._take_in(errand, given, at(2, 8), at(2, 10))

    def _errand(self, dataset: str, unit: str, user: str) -> Errand:
        return Errand.of(dataset=dataset, unit=unit, period=PERIOD, user=user)

    def _take_in(
        self, errand: Errand, path: Path, sent: datetime.datetime, approved: datetime.datetime
    ) -> None:
        intake = read_files(errand=errand, paths=[path], answers={})
        self._refuse_mistakes(intake, path)
        self._return_waiting(errand, sent)
        submission, written = commit_intake(intake=intake, answers={}, reason=REASON, now=sent)
        counts = intake.reading.reconciliation
        self._step(
            f"Nhận {path.name}: đọc {counts.rows_read} dòng, nhận {counts.stored}; "
            f"{written.new} mới, {written.changed} thay đổi, {written.same} không đổi"
        )
        submit(submission=submission, by=errand.user, cover_letter=_letter(errand), now=sent)
        reviewer = self._person(SPECIALIST if errand.user.username != SPECIALIST else HEAD)
        approve(submission=submission, by=reviewer, now=approved)
        self._step(f"{errand.user} nộp, {reviewer} duyệt; số liệu đã khoá")

    def _refuse_mistakes(self, intake: Intake, path: Path) -> None:
        reading = intake.reading
        if reading.is_accepted:
            return
        words = [issue.message for issue in reading.issues if issue.severity == "error"]
        words += [question.text for question in reading.questions]
        raise FilesRefused("\n".join([f"Tệp {path.name} chưa nhận được:", *words]))

    def _return_waiting(self, errand: Errand, now: datetime.datetime) -> None:
        """What waits for review goes back first, so that this workbook can come in."""
        waiting = Submission.objects.filter(
            dataset=errand.dataset,
            unit=errand.unit,
            period=errand.period,
            status=Submission.Status.SUBMITTED,
        ).first()
        if waiting is not None:
            reviewer = self._person(SPECIALIST)
            return_submission(submission=waiting, by=reviewer, text=REASON, now=now)

    # the report

    def _drafted(self) -> Report:
        drafter, leader = self._person(SPECIALIST), self._person(LEADER)
        report = sample.load(now=at(3, 8), drafter=drafter, signatory=leader)
        if work := letter_in_hand():
            report = services.bind_to_assignment(
                report=report, assignment=work, by=drafter, now=at(3, 8)
            )
        count = report.figures.count()
        self._step(f"Lập dự thảo từ đề cương 2289/QĐ-TTg, gắn {count} số liệu đã duyệt")
        return report

    def _checked(self, report: Report) -> None:
        services.send_up(report=report, by=self._person(SPECIALIST), now=at(3, 14))
        services.pass_content(report=report, by=self._person(HEAD), now=at(3, 15))
        checker = self._person(CHECKER)
        left = services.waive_all(report=report, reason=AS_ISSUED, by=checker, now=at(3, 16))
        self._step(f"Kiểm tra thể thức: {left} chỗ sai được giữ nguyên, có ghi lý do")
        rendering = services.pass_form(report=report, by=checker, now=at(3, 16))
        jobs.see_through("render_report", rendering.pk)
        rendering.refresh_from_db()
        report.refresh_from_db()
        if report.status != Status.TO_SIGN:
            raise services.ReportRefusal(rendering.problem)
        self._step(f"Kiểm tra nội dung, kiểm tra thể thức, kết xuất {rendering.pages} trang")

    def _signed(self, report: Report) -> None:
        leader, moment = self._person(LEADER), at(6, 10, 23, 45)
        services.sign(report=report, by=leader, passphrase=PASSPHRASE, now=moment)
        self._step(f"{leader} ký số {moment:%d/%m/%Y %H:%M:%S} (chứng thư thử nghiệm)")

    def _issued(self, report: Report) -> None:
        clerk, moment = self._person(CLERK), at(6, 14, 2, 10)
        services.number(report=report, by=clerk, on=moment.date(), now=at(6, 14))
        report.refresh_from_db()
        self._step(f"Văn thư cấp số {report.number_and_symbol}")
        services.seal(report=report, by=clerk, passphrase=PASSPHRASE, now=moment)
        report.refresh_from_db()
        services.issue(report=report, by=clerk, now=at(6, 14, 5), is_public=True)
        report.refresh_from_db()
        self._step("Đóng dấu số của cơ quan, phát hành")

    def _person(self, username: str) -> User:
        return User.objects.get(username=username)


def _known(errand: Errand) -> Mapping[ValueKey, Decimal]:
    """The figures approved for the period, or made-up ones that go on from the period before."""
    store = store_of(errand.dataset)
    approved = Submission.objects.approved().filter(
        dataset=errand.dataset, unit=errand.unit, period=errand.period
    )
    if submission := approved.first():
        current = store.current(submission)
        return {place: held.value for place, held in current.items() if held.value is not None}
    before = store.previous(errand.dataset, errand.unit, errand.period)
    return {place: _a_year_on(place, count) for place, count in before.items()}


def _a_year_on(place: ValueKey, count: Decimal) -> Decimal:
    """Poor and near-poor households fall by a tenth in a year; the other counts stay."""
    return count - count // 10 if place.measure in ("N03", "N04") else count


def _letter(errand: Errand) -> CoverLetter | None:
    """The letter that the dataset wants, with a one-page scan that says what it is."""
    if not errand.dataset.wants_cover_letter:
        return None
    scan = ContentFile(_scan().getvalue(), name="cong-van.pdf")
    return CoverLetter(number="215/PDT", date=datetime.date(2023, 10, 31), scan=scan)


def _scan() -> io.BytesIO:
    page, stream = pikepdf.new(), io.BytesIO()
    page.add_blank_page(page_size=(595, 842))
    page.save(stream)
    return stream
