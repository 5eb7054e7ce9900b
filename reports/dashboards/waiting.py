"""What waits for a person: lists of things to do, notices, reviews in turn, and their number."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from portal import formats
from portal.accounts.models import User
from portal.collection.models import Notice, Reviewer, Submission
from portal.collection.services.turns import may_review_at_all, waiting_for
from portal.documents.models import Assignment, Document
from portal.documents.services.telling import deadline_words
from portal.navigation import address
from portal.units.services.foreseeing import left_open, recently_in_force
from reports.models import Report, SectionShare
from reports.services import ending_soon

MOST = 10  # rows of one list; the rest is counted
STATES: dict[str, tuple[str, str]] = {
    Submission.Status.SUBMITTED: ("waiting", "Chờ duyệt"),
    Submission.Status.RETURNED: ("returned", "Trả lại"),
    Submission.Status.DRAFT: ("draft", "Đang nhập"),
}
NOTICE_KINDS = {
    "due": "warning",
    "overdue": "wrong",
    "review": "waiting",
    "returned": "returned",
    "letter": "waiting",
}


@dataclass(frozen=True)
class Task:
    """One thing to do: what it is, where it is done, how it stands."""

    title: str
    url: str
    note: str = ""
    kind: str = "waiting"
    word: str = ""


@dataclass(frozen=True)
class Work:
    """One list of things to do; `more` counts those that are not shown, `ways` the first rows that
    only lead somewhere."""

    title: str
    tasks: list[Task] = field(default_factory=list)
    nothing: str = ""
    more: int = 0
    more_url: str = ""
    ways: int = 0

    @property
    def count(self) -> int:
        return len(self.tasks) - self.ways + self.more


def shortened(title: str, tasks: list[Task], *, nothing: str, more_url: str = "") -> Work:
    return Work(title, tasks[:MOST], nothing, max(len(tasks) - MOST, 0), more_url)


def notices_to_see(user: User) -> list[Work]:
    """What the person was told and has not looked at; no list when there is nothing."""
    unseen = Notice.objects.of(user).unseen()
    tasks = [
        Task(
            notice.text,
            reverse("collection:notice", args=[notice.pk]),
            formats.moment(notice.at),
            NOTICE_KINDS.get(notice.kind, "information"),
            notice.get_kind_display(),
        )
        for notice in unseen[: MOST + 1]
    ]
    if not tasks:
        return []
    more = max(unseen.count() - MOST, 0) if len(tasks) > MOST else 0
    return [Work("Thông báo mới", tasks[:MOST], "", more, reverse("collection:notices"))]


def certificates_to_renew(user: User, *, now: datetime.datetime) -> list[Work]:
    """Certificates that run out within a month; no list when there is none."""
    manages = user.has_perm("reports.certificates")
    url = reverse("reports:certificate_list") if manages else ""
    tasks = [
        Task(
            f"Chứng thư số của {certificate.subject}",
            url,
            "Hãy xin cấp chứng thư mới rồi " + ("đăng ký." if manages else "gửi quản trị đăng ký."),
            "warning",
            f"Hết hạn {formats.day(certificate.not_after)}",
        )
        for certificate in ending_soon(user, now=now)
    ]
    return [shortened("Chứng thư sắp hết hạn", tasks, nothing="")] if tasks else []


def left_by_reorganisations(*, today: datetime.date) -> list[Work]:
    """What reorganisations of the last year left to decide; no list when there is nothing."""
    found = left_open(recently_in_force(today=today))
    tasks = [
        Task(told.subject, told.url, f"{told.topic}: {told.effect}", "waiting", "Cần xử lý")
        for told in found
    ]
    more_url = reverse("units:reorganisation_list")
    return [shortened("Sau sắp xếp đơn vị", tasks, nothing="", more_url=more_url)] if tasks else []


def forms_to_review(user: User, *, today: datetime.date) -> Work:
    """What waits for a step of this reviewer, and since when; never one's own."""
    waiting = waiting_for(user, day=today).with_names()
    waiting = waiting.order_by("turn_since", "pk")  # type: ignore[misc]
    tasks = [review_task(submission) for submission in waiting[: MOST + 1]]
    more = max(waiting.count() - MOST, 0) if len(tasks) > MOST else 0
    return Work(
        "Số liệu chờ duyệt",
        tasks[:MOST],
        "Không có bộ số liệu nào chờ duyệt.",
        more,
        address("collection:review_list"),
    )


def review_task(submission: Any) -> Task:
    """`submission` with its turn (SubmissionQuerySet.with_turn)."""
    return Task(
        f"{submission.dataset} · {submission.unit} · {submission.period}",
        reverse("collection:review", args=[submission.pk]),
        f"{submission.submitted_by} nộp ngày {formats.day(submission.submitted_at)}, "
        f"đến lượt {Reviewer(submission.turn).label} từ {formats.day(submission.turn_since)}",
        *STATES[submission.status],
    )


def letters_to_answer(user: User, *, today: datetime.date) -> Work:
    """Incoming documents in this person's hands, or late in those they answer for."""
    waiting = Assignment.objects.waiting_for(user, today=today).with_names().by_deadline()
    return Work(
        "Văn bản đến cần giải quyết",
        [letter_task(one, today) for one in waiting[: MOST + 1]][:MOST],
        "Không có văn bản đến nào chờ bạn giải quyết.",
        max(waiting.count() - MOST, 0),
        f"{reverse('documents:assignment_list')}?xem=cua-toi",
    )


def letter_task(assignment: Assignment, today: datetime.date) -> Task:
    document, late = assignment.document, assignment.days_late(today=today)
    part = "" if assignment.is_lead else "phối hợp · "
    due = deadline_words(assignment, today)
    if late:
        state = ("wrong", "Quá hạn")
    elif assignment.officer is None:
        state = ("waiting", "Chưa phân công")
    else:
        state = ("waiting", assignment.get_state_display())
    return Task(
        f"{document}: {document.subject_in_text}",
        assignment.get_absolute_url(),
        f"{part}{assignment.who} · {due}",
        *state,
    )


def sections_to_write(user: User, *, today: datetime.date) -> list[Work]:
    """Sections of drafts given to this person; no list when there is none."""
    tasks = [
        Task(
            str(share.section),
            reverse("reports:section_edit", args=[share.section.report_id, share.section_id]),
            f"{share.section.report.template.title} · {share.given_by} giao, "
            f"hạn {formats.day(share.due_date)}",
            *(("wrong", "Quá hạn") if share.due_date < today else ("waiting", "Đang soạn")),
        )
        for share in SectionShare.objects.to_write(user)[: MOST * 5]
    ]
    return [shortened("Mục báo cáo được giao soạn", tasks, nothing="")] if tasks else []


def letters_to_pass_on(user: User, *, today: datetime.date) -> list[Work]:
    """Documents of an earlier day that nobody was given; no list when there is none."""
    waiting = Document.objects.visible_to(user).not_passed_on(today=today).with_catalogue()
    waiting = waiting.order_by("arrival_date", "pk")
    tasks = [
        Task(
            f"{document}: {document.subject_in_text}",
            document.get_absolute_url(),
            f"{document.issuer} · đến ngày {formats.day(document.arrival_date)}",
            "wrong",
            "Chưa chuyển xử lý",
        )
        for document in waiting[: MOST + 1]
    ]
    if not tasks:
        return []
    more = max(waiting.count() - MOST, 0) if len(tasks) > MOST else 0
    url = f"{reverse('documents:assignment_list')}?xem=chua-chuyen"
    return [Work("Văn bản đến chưa chuyển xử lý", tasks[:MOST], "", more, url)]


def watches_letters(user: User) -> bool:
    """Whoever answers for it that documents are passed on: clerk, heads, leaders."""
    return any(
        user.has_perm(name) for name in ("documents.number", "documents.assign", "documents.direct")
    )


def waiting_count(user: User, *, today: datetime.date) -> int:
    """How much waits for `user`: the number beside the bell; at most six queries."""
    count = Notice.objects.of(user).unseen().count()
    if may_review_at_all(user, day=today):
        count += waiting_for(user, day=today).count()
    if user.has_perm("reports.view"):
        count += Report.objects.waiting_for(user).count()
        count += SectionShare.objects.to_write(user).count()
        count += Assignment.objects.waiting_for(user, today=today).count()
    return count
