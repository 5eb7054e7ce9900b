"""Who may open which page of the collection: senders, reviewers, and those who only look."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from portal.collection.models import (
    Archive,
    Dataset,
    Delegation,
    Notice,
    Remark,
    ReportingPeriod,
    Submission,
    Upload,
)
from portal.collection.services.confirming import confirm
from portal.collection.stores import store_of
from portal.collection.workbooks.outcome import CellValue
from tests.access.accounts import everybody
from tests.cast import member, unit

LOOKING = ["form_checker", "leader", "clerk", "administrator", "auditor"]
OFFICERS = {"220": "son_dong_officer", "219": "luc_ngan_officer"}


def row(sender, *, reviewer=404, looker=404, head=None, other=404):
    """Statuses by role; the head of division reviews, the rest of the house looks."""
    return {
        "anonymous": "login",
        "officer_own": sender,
        "officer_other": other,
        "specialist": sender if reviewer == 404 else reviewer,
        "head": reviewer if head is None else head,
        **dict.fromkeys(LOOKING, looker),
    }


def sending(status, *, other=404):
    """Only those who send data: officers in their own area, specialists everywhere."""
    return row(status, other=other)


def seeing(status, *, other=404):
    return row(status, reviewer=status, looker=status, other=other)


def reviewing(status):
    return row(404, reviewer=status)


def _draft(code):
    officer = member(OFFICERS[code])
    return Submission.objects.create(
        dataset=Dataset.objects.get(code="BIEU-05"),
        unit=unit(code),
        period=ReportingPeriod.objects.get(code="2023"),
        created_by=officer,
    )


def _submitted(code):
    submission = _draft(code)
    submission.cover_letter_number, submission.cover_letter_date = "1/UBND", "2023-09-01"
    submission.cover_letter_file.save("a.pdf", ContentFile(b"%PDF-"), save=False)
    submission.status = "submitted"
    submission.submitted_by, submission.submitted_at = submission.created_by, timezone.now()
    confirm(submission=submission, by=submission.created_by, at=submission.submitted_at)
    submission.save()
    submission.events.create(what="submitted", who=submission.created_by, at=timezone.now())
    return submission


def _upload(submission, state="read"):
    upload = Upload(
        submission=submission,
        original_name="a.xlsx",
        sha256="0" * 64,
        size=3,
        state=state,
        uploaded_by=submission.created_by,
        uploaded_at=timezone.now(),
        committed_at=timezone.now() if state == "committed" else None,
    )
    upload.file.save("a.xlsx", ContentFile(b"abc"), save=False)
    upload.save()
    return upload


def designing(status):
    """Rules are the administrator's."""
    return everybody(404, anonymous="login", administrator=status)


def ruled(cast):
    return {"dataset": "BIEU-05"}, {"dataset": "BIEU-05"}


def one_rule(cast):
    rule = Dataset.objects.get(code="BIEU-05").rules.first()
    kwargs = {"dataset": "BIEU-05", "pk": rule.pk}
    return kwargs, kwargs


def duty(cast):
    own = {"dataset": "NGHEO-DAN-TOC", "unit": "220", "period": "2023"}
    return own, own | {"unit": "219"}


def draft(cast):
    return {"pk": _draft("220").pk}, {"pk": _draft("219").pk}


def submitted(cast):
    return {"pk": _submitted("220").pk}, {"pk": _submitted("219").pk}


def upload(cast):
    return tuple({"pk": _upload(_draft(code)).pk} for code in ("220", "219"))


def archive(cast):
    return tuple({"pk": _archive(_draft(code)).pk} for code in ("220", "219"))


def _archive(submission):
    zipped = Archive(
        submission=submission,
        original_name="cac-xa.zip",
        sha256="0" * 64,
        size=3,
        uploaded_by=submission.created_by,
        uploaded_at=timezone.now(),
    )
    zipped.file.save("a.zip", ContentFile(b"abc"), save=False)
    zipped.save()
    return zipped


def stored(cast):
    """A value of a file, at its cell."""
    return tuple(_stored(code) for code in ("220", "219"))


def _stored(code):
    submission = _draft(code)
    file = _upload(submission, "committed")
    store = store_of(submission.dataset)
    layout = store.layout(submission.dataset, submission.unit, submission.period)
    commune = next(layout.valid_units()).code
    value = CellValue(commune, "D01", None, None, None, Decimal(5), None, "A", "C3", "5", "D01")
    store.write(submission, [value], file)
    return {"pk": submission.pk, "upload": file.pk, "cell": "C3"}


def sent_remark(cast):
    """Sent with the return: the unit marks it as attended to."""
    return tuple({"pk": _remark(_draft(code), is_sent=True).pk} for code in ("220", "219"))


def own_remark(cast):
    """The specialist's, not sent yet: nobody else takes it back."""
    return tuple({"pk": _remark(_submitted(code), is_sent=False).pk} for code in ("220", "219"))


def _remark(submission, *, is_sent):
    return Remark.objects.create(
        submission=submission,
        text="Xem lại",
        author=member("specialist"),
        at=timezone.now(),
        is_sent=is_sent,
    )


def form_of(cast):
    return {"dataset": "BIEU-05"}, {"dataset": "BIEU-05"}


def somebody(cast):
    return {"pk": member("son_dong_officer").pk}, {"pk": member("luc_ngan_officer").pk}


def own_delegation(cast):
    """The specialist's, of days that have not come."""
    given = {"pk": _delegation().pk}
    return given, given


def _delegation():
    today = timezone.localdate()
    return Delegation.objects.create(
        principal=member("specialist"),
        substitute=member("head"),
        valid=(today, today + datetime.timedelta(days=3)),
        named_by=member("specialist"),
        named_at=timezone.now(),
    )


def own_notice(cast):
    """The specialist's."""
    made = Notice.objects.create(
        person=member("specialist"), kind="review", key="x", text="x", at=timezone.now()
    )
    return {"pk": made.pk}, {"pk": made.pk}


DESIGNING = row(404) | {"administrator": 200}

ROWS = [
    ("collection:submission_list", None, "get", sending(200, other=200)),
    ("collection:completeness", None, "get", seeing(200, other=200)),
    ("collection:rule_list", ruled, "get", designing(200)),
    ("collection:rule_create", ruled, "get", designing(200)),
    ("collection:rule_update", one_rule, "get", designing(200)),
    ("collection:rule_move", one_rule, "post", designing(302)),
    ("collection:rule_end", one_rule, "post", designing(302)),
    ("collection:rule_delete", one_rule, "post", designing(302)),
    ("collection:api_guide", None, "get", everybody(200, anonymous="login")),
    ("collection:start", duty, "get", sending(200)),
    ("collection:template", duty, "get", sending(200)),
    ("collection:submission", draft, "get", seeing(200)),
    ("collection:upload_create", draft, "post", sending(302)),
    ("collection:files", draft, "get", seeing(200)),
    ("collection:files_progress", draft, "get", seeing(302)),
    ("collection:files_answer", draft, "post", sending(302)),
    ("collection:files_correct", draft, "post", sending(302)),
    ("collection:archive_original", archive, "get", seeing(200)),
    ("collection:upload_move", upload, "post", sending(302)),
    ("collection:entry", draft, "get", sending(200)),
    ("collection:entry_cell", draft, "get", sending(200)),
    ("collection:entry_check", draft, "post", sending(200)),
    ("collection:preview", draft, "get", sending(200)),
    ("collection:commit", draft, "post", sending(302)),
    ("collection:takeover", draft, "get", seeing(302)),
    ("collection:values", draft, "get", seeing(200)),
    ("collection:cell", stored, "get", seeing(302)),
    ("collection:dependants", draft, "get", seeing(200)),
    ("collection:submit", draft, "get", sending(200)),
    ("collection:withdraw", submitted, "post", sending(302)),
    ("collection:delete", submitted, "post", sending(302)),
    ("collection:correct", submitted, "post", sending(302)),
    ("collection:warning_reasons", draft, "post", sending(302)),
    ("collection:receipt", submitted, "get", seeing(200)),
    ("collection:letter", submitted, "get", seeing(200)),
    ("collection:upload", upload, "get", seeing(200)),
    ("collection:upload_progress", upload, "get", seeing(302)),
    ("collection:upload_answer", upload, "post", sending(302)),
    ("collection:upload_correct", upload, "post", sending(302)),
    ("collection:upload_columns", upload, "get", sending(200)),
    ("collection:upload_columns", upload, "post", sending(302)),
    ("collection:upload_uncorrect", upload, "post", sending(302)),
    ("collection:upload_forget", upload, "post", sending(302)),
    ("collection:upload_discard", upload, "post", sending(302)),
    ("collection:upload_undo", upload, "post", sending(302)),
    ("collection:upload_original", upload, "get", seeing(200)),
    ("collection:upload_marked", upload, "get", seeing(200)),
    ("collection:remark_resolve", sent_remark, "post", sending(302)),
    ("collection:review_list", None, "get", row(200, reviewer=200, other=200)),
    ("collection:approve_several", None, "get", row(302, reviewer=302, other=302)),
    ("collection:send_back", submitted, "post", reviewing(302)),
    ("collection:review", submitted, "get", reviewing(200)),
    ("collection:remark_create", submitted, "post", row(404, reviewer=422)),
    ("collection:remark_delete", own_remark, "post", row(404, reviewer=302, head=404)),
    ("collection:return", submitted, "post", reviewing(302)),
    ("collection:approve", submitted, "post", reviewing(302)),
    ("collection:timeliness", None, "get", seeing(200, other=200)),
    ("collection:timeliness_export", None, "get", seeing(200, other=200)),
    ("collection:level_list", None, "get", DESIGNING),
    ("collection:level_edit", form_of, "get", DESIGNING),
    ("collection:closing_edit", form_of, "post", DESIGNING | {"administrator": 422}),
    ("collection:exception_list", None, "get", reviewing(200)),
    ("collection:exception_create", duty, "get", reviewing(200)),
    ("collection:delegations", None, "get", row(200, reviewer=200, other=200)),
    ("collection:delegation_end", own_delegation, "post", row(404, reviewer=302, head=404)),
    ("collection:handover", somebody, "get", DESIGNING),
    ("collection:notices", None, "get", row(200, reviewer=200, looker=200, other=200)),
    ("collection:notices_seen", None, "post", row(302, reviewer=302, looker=302, other=302)),
    ("collection:notice_mail", None, "post", row(302, reviewer=302, looker=302, other=302)),
    ("collection:notice", own_notice, "get", row(404, reviewer=302, head=404)),
]
