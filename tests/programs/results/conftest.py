"""Works of Sơn Động with the district's money for 2023, and the way of a workbook to approval."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from portal.collection import services
from portal.collection.models import Dataset, ReportingPeriod, Submission, Upload
from portal.collection.services.beside import layout_of
from portal.collection.services.review import CoverLetter
from portal.collection.workbooks.entries import RowKey
from portal.collection.workbooks.template import write_template
from portal.jobs.services import drain
from programs.models import Component, Programme, WorksPlace
from tests.cast import member, unit
from tests.programs.factories import CapitalPlanFactory, WorksFactory, change, decision

AN_LAC = "07645"
DECIDED = datetime.date(2023, 2, 1)


def works_at(commune: str, **more):
    """Works of DA4.TDA1 whose place is the commune of that code in November 2023."""
    component = more.pop("component", None) or Component.objects.get(code="DA4.TDA1")
    works = WorksFactory(component=component, **more)
    WorksPlace.objects.create(works=works, unit=unit(commune))
    return works


@pytest.fixture
def jobs(db):
    """Two works of Sơn Động (xã An Lạc), one of Lục Ngạn."""
    return [
        works_at(AN_LAC, code="SD-01", name="Đường thôn Nà Trắng"),
        works_at(AN_LAC, code="SD-02", name="Nhà văn hoá thôn Biểng"),
        works_at("07528", code="LN-01", name="Trạm y tế Tân Sơn"),
    ]


@pytest.fixture
def money(jobs):
    """The province has 5 000 of DA4.TDA1 for 2023, Sơn Động 2 000 of it."""
    programme = Programme.objects.get(code="1719")
    component = jobs[0].component
    same = {"programme": programme, "component": component}
    province = CapitalPlanFactory(**same)
    change(province, "assigned", 5000, datetime.date(2023, 1, 10))
    district = CapitalPlanFactory(
        **same, source=province.source, holder="district", unit=unit("220"), parent=province
    )
    change(district, "allocated", 2000, datetime.date(2023, 1, 20))
    return district


def begin(code, time, *, at="220", by="son_dong_officer", **more) -> Submission:
    period = ReportingPeriod.objects.get(code=time)
    return services.open_submission(
        dataset=Dataset.objects.get(code=code),
        unit=unit(at, on=period.end),
        period=period,
        by=member(by) if isinstance(by, str) else by,
        **more,
    )


def send_file(submission, figures, *, by="son_dong_officer") -> Upload:
    """`figures`: (row, column) or (row, group, column) to number, in the template of the rows."""
    values = {}
    for (row, *group, column), value in figures.items():
        values[RowKey(row, group[0] if group else None), column] = value
    content = write_template(layout_of(submission), values=values)
    upload = services.receive_upload(
        submission=submission,
        file=ContentFile(content),
        name="bieu.xlsx",
        by=member(by) if isinstance(by, str) else by,
    )
    drain()
    return Upload.objects.get(pk=upload.pk)


def take_over(upload) -> Submission:
    services.commit_uploads(submission=upload.submission, by=upload.uploaded_by)
    return Submission.objects.get(pk=upload.submission_id)


def cite(number="88", date=DECIDED) -> CoverLetter:
    scan = ContentFile(b"%PDF-1.4", name="quyet-dinh.pdf")
    return CoverLetter(number=f"{number}/QĐ-UBND", date=date, scan=scan)


@pytest.fixture
def approved(db):
    """`approved("CT-GN", "2023-M03", {...})`: a workbook sent, taken over, submitted, approved."""

    def through(code, time, figures, *, letter=None, reviewers=("specialist",), now=None, **more):
        submission = begin(code, time, **more)
        upload = send_file(submission, figures)
        assert [issue["message"] for issue in upload.issues] == []
        submission = take_over(upload)
        submission = services.submit(
            submission=submission, by=member("son_dong_officer"), cover_letter=letter, now=now
        )
        for reviewer in reviewers:
            by = member(reviewer) if isinstance(reviewer, str) else reviewer
            submission = services.approve(submission=submission, by=by, now=now)
        return submission

    return through


@pytest.fixture
def plan(money, approved):
    """1 200,5 for SD-01 and 300 for SD-02, by decision 88/QĐ-UBND."""
    decision(DECIDED, number="88")
    figures = {
        ("SD-01", "NSTW-DT"): Decimal("1200.5"),
        ("SD-01", "TONG"): Decimal("1200.5"),
        ("SD-02", "NSTW-DT"): 300,
    }
    return approved("CT-KHV", "2023", figures, letter=cite())
