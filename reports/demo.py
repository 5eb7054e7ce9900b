"""The demonstration's reports: test keys, one issued, one in the making, others on their way."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from django.conf import settings

from portal.accounts.models import User
from portal.collection.models import ReportingPeriod
from portal.documents.demo import load_desk
from portal.jobs import services as jobs
from portal.units.models import IssuingAgency

from . import sample, services
from .models import Report, ReportTemplate
from .office import demo as office_demo
from .walkthrough import CHECKER, HEAD, LEADER, PASSPHRASE, SPECIALIST, Walkthrough, at

FOLDER = "demo"
# template, period and day of what waits for the leader's signature
TO_SIGN = (
    ("CDS-NAM", "2023", datetime.date(2023, 12, 15)),
    ("CTMTQG-GN", "2024-M12", datetime.date(2025, 1, 6)),
)
NOTHING_NEW = "không có nội dung mới (minh hoạ)"


def demo_folder() -> Path:
    return Path(settings.VAR_DIR) / FOLDER


def make_keys(*, now: datetime.datetime) -> None:
    """The test authority and its keys, once; refused outside the demonstration."""
    services.make_test_ca(
        passphrase=PASSPHRASE,
        leader=User.objects.get(username=LEADER),
        agency=IssuingAgency.objects.on(at(6, 8).date()),
        now=now,
    )


def load_demo(*, now: datetime.datetime) -> None:
    """Make keys, issue one report and leave a fresh draft; harmless when run again.

    Sơn Động has not sent its Biểu 05 of 2023 yet: the working day begins there.
    """
    if Report.objects.filter(is_demo=True).exists():
        return
    make_keys(now=now)
    load_desk(now=now)
    walk = Walkthrough(folder=demo_folder(), say=lambda words: None)
    walk.agency()
    walk.report()
    sample.load(
        now=at(20, 8),
        drafter=User.objects.get(username=SPECIALIST),
        signatory=User.objects.get(username=LEADER),
    )
    office_demo.load(by=User.objects.get(username=SPECIALIST))
    for template, period, dated in TO_SIGN:
        _bring_to_sign(template, period, dated, now=now)
    _send_up("CTDT-NAM", "2023", datetime.date(2023, 12, 14), now=now)


def _send_up(template: str, period: str, dated: datetime.date, *, now: datetime.datetime) -> Report:
    """A report as its template has it, what a person would write left out, before the head."""
    drafter = User.objects.get(username=SPECIALIST)
    report = services.create_from_template(
        template=ReportTemplate.objects.current().get(code=template),
        period=ReportingPeriod.objects.get(code=period),
        drafter=drafter,
        now=now,
        report_date=dated,
        signatory=User.objects.get(username=LEADER),
        is_demo=True,
    )
    for section in report.sections.filter(body__contains="…"):
        words = section.body.replace(">…<", f">{NOTHING_NEW.capitalize()}.<")
        services.edit_section(
            section=section,
            title=section.title,
            body=re.sub(r"…[.;]?<", f"{NOTHING_NEW}.<", words).replace("…", NOTHING_NEW),
            by=drafter,
            now=now,
        )
    services.send_up(report=report, by=drafter, now=now)
    return report


def _bring_to_sign(
    template: str, period: str, dated: datetime.date, *, now: datetime.datetime
) -> None:
    """A report with nothing left to do but the leader's signature.

    Raises:
        ReportRefusal: it could not be printed.
    """
    report = _send_up(template, period, dated, now=now)
    services.pass_content(report=report, by=User.objects.get(username=HEAD), now=now)
    checker = User.objects.get(username=CHECKER)
    rendering = services.pass_form(report=report, by=checker, now=now)
    jobs.see_through("render_report", rendering.pk)
    rendering.refresh_from_db()
    if rendering.problem:
        raise services.ReportRefusal(rendering.problem)
