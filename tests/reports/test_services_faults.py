"""Between signature and issue the process may die at any moment: one number, one document."""

import datetime
import errno
import hashlib
import os
import signal
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection, connections

from portal.documents.models import IssuedNumber
from reports import services
from reports.models import Report, ReportFile, Signature, Status
from tests.at_once import together
from tests.cast import member, person
from tests.reports import stage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("reference_data", "laid_out_once"),
]


def number(report):
    services.number(report=report, by=member("clerk"), on=stage.DAY, now=stage.NOW)


def seal(report):
    services.seal(report=report, by=member("clerk"), passphrase=stage.PASSPHRASE, now=stage.NOW)


def issue(report):
    services.issue(report=report, by=member("clerk"), now=stage.NOW)


class Reaper:
    """Kills this process at one moment: each statement, commit and file written is one."""

    def __init__(self, moment):
        self.moment, self.passed = moment, 0

    def pass_by(self):
        self.passed += 1
        if self.passed == self.moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, execute, sql, parameters, many, context):
        self.pass_by()
        return execute(sql, parameters, many, context)

    def watch(self):
        connection.execute_wrappers.append(self.statement)
        commit, save = connection._commit, FileSystemStorage._save

        def committed():
            self.pass_by()
            result = commit()
            self.pass_by()
            return result

        def saved(storage, name, content):
            self.pass_by()
            result = save(storage, name, content)
            self.pass_by()
            return result

        connection._commit = committed
        FileSystemStorage._save = saved


def killed_at(moment, step, report):
    """Take the step in a process that dies at that moment; whether it died."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        code = 3
        with suppress(BaseException):
            connections["default"].connection = None  # the parent's: not ours to close
            connections["default"].ensure_connection()
            Reaper(moment).watch()
            step(Report.objects.get(pk=report.pk))
            code = 0
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def check_numbers(report):
    """The report has its one number or none was taken for it."""
    numbers = list(IssuedNumber.objects.filter(key=f"report:{report.pk}"))
    assert len(numbers) == (stage.fresh(report).number is not None)
    return numbers


def check(report):
    """What must hold after every death: nothing is half."""
    report = stage.fresh(report)
    numbers = check_numbers(report)
    for taken in numbers:
        assert taken.document_id == report.document_id
        assert not taken.is_void
    signatures = {one.role: one for one in Signature.objects.filter(rendering=report.rendering)}
    assert ("agency" in signatures) == report.has_reached(Status.SEALED)
    for file in ReportFile.objects.filter(rendering=report.rendering):
        assert hashlib.sha256(file.content()).hexdigest() == file.sha256


def test_killed_at_every_moment_between_number_and_issue_there_is_one_number_and_one_document():
    report = stage.signed(stage.draft())
    before = IssuedNumber.objects.count()
    moments = {}
    for step in (number, seal, issue):
        moments[step.__name__] = 0
        while killed_at(moments[step.__name__] + 1, step, report):
            moments[step.__name__] += 1
            check(report)
    assert sum(moments.values()) >= 20, moments
    assert min(moments.values()) >= 5, moments
    report = stage.fresh(report)
    assert report.status == Status.ISSUED
    assert IssuedNumber.objects.count() == before + 1
    assert Signature.objects.filter(rendering=report.rendering).count() == 2
    found = services.verify_file(services.issued_file(report).content()).verdict
    assert found.genuine, found.reasons


def test_two_clerks_at_once_give_one_report_one_number():
    report = stage.signed(stage.draft())
    clerks = [member("clerk"), person("van.thu.hai", role="clerk", full_name="Lê Thị Hoa")]
    before = IssuedNumber.objects.count()

    def act(clerk):
        own = stage.fresh(report)
        return lambda: services.number(report=own, by=clerk, on=stage.DAY, now=stage.NOW).number

    one, other = together(*map(act, clerks))
    assert one == other == stage.fresh(report).number
    assert IssuedNumber.objects.count() == before + 1


def test_two_clerks_at_once_give_two_reports_two_numbers_without_a_gap():
    first = stage.signed(stage.draft())
    second = stage.signed(stage.sample_again(first))
    clerks = [member("clerk"), person("van.thu.hai", role="clerk", full_name="Lê Thị Hoa")]

    def act(report, clerk):
        return lambda: services.number(report=report, by=clerk, on=stage.DAY, now=stage.NOW).number

    numbers = together(act(first, clerks[0]), act(second, clerks[1]))
    assert sorted(numbers) == ["460", "461"]


def test_two_clerks_at_once_leave_one_seal():
    report = stage.numbered(stage.draft())
    clerks = [member("clerk"), person("van.thu.hai", role="clerk", full_name="Lê Thị Hoa")]

    def act(clerk):
        own = stage.fresh(report)
        return lambda: (
            services.seal(report=own, by=clerk, passphrase=stage.PASSPHRASE, now=stage.NOW).pk
        )

    one, other = together(*map(act, clerks))
    assert one == other
    assert ReportFile.objects.filter(stage="sealed").count() == 1


@pytest.mark.parametrize(
    ("day", "expected"), [(datetime.date(2023, 12, 31), "460"), (datetime.date(2024, 1, 1), "01")]
)
def test_signed_two_seconds_before_midnight_of_the_last_day_the_year_is_the_dates(day, expected):
    late = datetime.datetime(2023, 12, 31, 23, 59, 58, tzinfo=stage.ZONE)
    after = late + datetime.timedelta(seconds=4)
    report = stage.to_sign(stage.draft())
    stage.certificates(report)
    services.sign(report=report, by=member("leader"), passphrase=stage.PASSPHRASE, now=late)
    numbered = services.number(report=report, by=member("clerk"), on=day, now=after)
    assert numbered.printed_number == expected
    services.seal(report=numbered, by=member("clerk"), passphrase=stage.PASSPHRASE, now=after)
    issued = services.issue(report=numbered, by=member("clerk"), now=after)
    verdict = services.verify_file(services.issued_file(issued).content()).verdict
    assert verdict.genuine, verdict.reasons
    assert verdict.signatures[0].time == "2023-12-31T23:59:58+07:00"


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_takes_no_file_keeps_the_number_and_is_told_in_words(monkeypatch, fault):
    report = stage.numbered(stage.draft())
    for step, before in ((seal, Status.NUMBERED), (issue, Status.SEALED)):

        def full(*_):
            raise OSError(fault, os.strerror(fault))

        with monkeypatch.context() as patch:
            patch.setattr(FileSystemStorage, "_save", full)
            with pytest.raises(services.NotStored, match="Máy chủ không lưu được tệp"):
                step(report)
        check(report)
        assert stage.fresh(report).status == before
        step(report)
    found = services.verify_file(services.issued_file(stage.fresh(report)).content()).verdict
    assert found.genuine, found.reasons


def test_a_file_damaged_in_the_store_is_neither_numbered_nor_sealed_nor_issued():
    report = stage.signed(stage.draft())
    for step, kind, advice in (
        (number, "signed", "trả lại"),
        (seal, "signed", "bản sao lưu"),
        (issue, "sealed", "bản sao lưu"),
    ):
        path = Path(ReportFile.objects.get(rendering=report.rendering, stage=kind).file.path)
        whole = path.read_bytes()
        path.write_bytes(whole[:-1000] + bytes(1000))
        with pytest.raises(services.FileMissing, match=advice):
            step(stage.fresh(report))
        check_numbers(report)
        path.write_bytes(whole)
        step(stage.fresh(report))
    check(report)


def test_a_servers_clock_set_back_makes_no_seal_from_before_the_signature():
    report = stage.numbered(stage.draft())
    yesterday = stage.NOW - datetime.timedelta(days=1)
    with pytest.raises(services.ClockBehind):
        services.seal(report=report, by=member("clerk"), passphrase=stage.PASSPHRASE, now=yesterday)
    check(report)
    seal(report)


def test_a_leaders_clock_that_is_a_little_ahead_spoils_no_document():
    report = stage.to_sign(stage.draft())
    stage.certificates(report)
    ahead = stage.NOW + datetime.timedelta(minutes=12)
    services.sign(report=report, by=member("leader"), passphrase=stage.PASSPHRASE, now=ahead)
    for step in (number, seal, issue):
        step(report)
    found = services.verify_file(services.issued_file(stage.fresh(report)).content()).verdict
    assert found.genuine, found.reasons
