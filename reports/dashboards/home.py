"""Everybody's own work: what waits, what is late, what has changed.

Each list belongs to a permission, not to a role; who has none of them sees rooms only.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from portal import formats
from portal.accounts.models import User
from portal.collection.models import Submission, SubmissionEvent
from portal.collection.services.duties import (
    Duty,
    duties,
    latest_period_in_use,
    periods_for,
)
from portal.collection.services.turns import may_review_at_all
from portal.jobs.models import Job
from portal.navigation import Entry, address
from portal.public.models import Feedback
from portal.units.models import Level
from reports.models import Report, ReportEvent, Status
from reports.services import DueReport, due_reports, reports_that_differ

from .office import plan_tasks, recommendations_unanswered
from .waiting import (
    STATES,
    Task,
    Work,
    certificates_to_renew,
    forms_to_review,
    left_by_reorganisations,
    letters_to_answer,
    letters_to_pass_on,
    notices_to_see,
    sections_to_write,
    shortened,
    watches_letters,
)
from .works import works_late

MOST_CHANGES = 6
LATEST_OF_EACH = 2  # periods of each length that are looked at
SOON = 14  # days
LATE = ("wrong", "Quá hạn")


def own_work(user: User, *, today: datetime.date) -> list[Work]:
    """The lists of things that wait for `user`, the most pressing first."""
    works = notices_to_see(user)
    if user.has_perm("reports.sign") or user.has_perm("reports.certificates"):
        works += certificates_to_renew(user, now=timezone.now())
    sends, reviews = user.has_perm("collection.submit"), may_review_at_all(user, day=today)
    owed = current_duties(user, today=today) if sends or reviews else []
    if sends and not user.sees_every_unit:
        works.append(forms_to_send(user, owed))
    works += works_late(user, today=today)
    if reviews:
        to_review = forms_to_review(user, today=today)
        works += [to_review] if to_review.tasks or user.has_perm("collection.review") else []
    if user.has_perm("reports.view"):
        letters = letters_to_answer(user, today=today)
        works += [letters] if letters.tasks or user.division_id else []
        if watches_letters(user):
            works += letters_to_pass_on(user, today=today)
        works += sections_to_write(user, today=today)
        works.append(reports_to_move(user))
        works += reports_due(user, today=today)
        works += figures_that_differ(user)
        works += plan_tasks(user, today=today)
    if user.has_perm("reports.draft"):
        works += recommendations_unanswered(user, today=today)
    if user.has_perm("collection.review"):
        works.append(late_forms(owed))
    if sends and user.sees_every_unit:
        works.append(forms_to_send(user, owed))
    if user.has_perm("units.reorganise"):
        works += left_by_reorganisations(today=today)
    if user.has_perm("accounts.manage"):
        works += [questions_to_answer(), accounts_to_see(), failed_jobs()]
    return works


def current_duties(user: User, *, today: datetime.date) -> list[Duty]:
    """What the user's area owes for the latest two periods of each length, and the one in use."""
    periods = periods_for(user, today=today)
    now = {latest_period_in_use(periods)} - {None}
    for frequency in {period.frequency for period in periods}:
        now |= set([p for p in periods if p.frequency == frequency][:LATEST_OF_EACH])
    return duties(periods=[one for one in periods if one in now], user=user, today=today)


def forms_to_send(user: User, owed: list[Duty]) -> Work:
    """Forms still owed: an officer's own unit's, a specialist's those of the province."""
    everywhere = user.sees_every_unit
    own = [
        duty
        for duty in owed
        if (not everywhere or duty.unit.level == Level.PROVINCE) and not duty.is_sent
    ]
    own.sort(key=lambda duty: duty.due or duty.period.end)
    begun, untouched = parted(own)
    late = [duty for duty in begun if duty.days_late]
    return shortened(
        "Số liệu cần nộp",
        [
            *map(duty_task, late),
            *untouched_task(untouched, reverse("collection:submission_list")),
            *coming_tasks([duty for duty in begun if not duty.days_late]),
        ],
        nothing="Đã nộp đủ số liệu các kỳ gần đây.",
        more_url=reverse("collection:submission_list"),
    )


def parted(owed: list[Duty]) -> tuple[list[Duty], list[Duty]]:
    """The duties to look at one by one; and, one duty for each, the late forms that nobody at all
    has begun in that period, which says more of the form than of the unit.
    """
    found = Submission.objects.filter(period__in={duty.period.pk for duty in owed})
    begun = set(found.order_by().values_list("dataset_id", "period_id").distinct())
    one_by_one: list[Duty] = []
    untouched: list[Duty] = []
    for form, alike in groupby(owed, key=lambda duty: (duty.dataset.pk, duty.period.pk)):
        of_form = list(alike)
        if form not in begun and of_form[0].days_late:
            untouched.append(of_form[0])
        else:
            one_by_one += of_form
    return one_by_one, untouched


def untouched_task(forms: list[Duty], url: str) -> list[Task]:
    """One line for all late forms that nobody has begun, counted by period; none when none."""
    counts = Counter(str(duty.period) for duty in forms)
    words = [f"{period}: {formats.number(count)} biểu" for period, count in counts.items()]
    title = "Biểu quá hạn chưa đơn vị nào nộp"
    return [Task(title, url, " · ".join(words), *LATE)] if forms else []


def coming_tasks(owed: list[Duty]) -> list[Task]:
    """What is not late: a form that several units have yet to begin is one line."""
    to_begin: dict[tuple[int, int], list[Duty]] = {}
    for duty in owed:
        if duty.submission is None:
            to_begin.setdefault((duty.dataset.pk, duty.period.pk), []).append(duty)
    tasks = []
    for duty in owed:
        alike = to_begin.get((duty.dataset.pk, duty.period.pk), [])
        if duty.submission is not None or len(alike) < 2:
            tasks.append(duty_task(duty))
        elif duty is alike[0]:
            tasks.append(shared_task(alike))
    return tasks


def shared_task(owed: list[Duty]) -> Task:
    """One form of one period that several units owe."""
    first = duty_task(owed[0])
    url = reverse("collection:submission_list", query={"ky": owed[0].period.code})
    due = first.note.rpartition(" · ")[2]
    note = f"{formats.number(len(owed))} đơn vị · {due}"
    return Task(first.title, url, note, first.kind, first.word)


def duty_task(duty: Duty) -> Task:
    due = f"Hạn nộp {formats.day(duty.due)}" if duty.due else "Không quy định hạn nộp"
    notes = [duty.unit.full_name, due]
    if duty.submission is not None and duty.submission.status == Submission.Status.RETURNED:
        kind, word = STATES[duty.submission.status]
        notes.append(
            f"{formats.number(getattr(duty.submission, 'open_remarks', 0))} ý kiến cần sửa"
        )
    elif duty.days_late:
        kind, word = LATE
        notes[-1] += f", chậm {duty.lateness}"
    elif duty.submission is not None:
        kind, word = STATES[duty.submission.status]
    else:
        soon = duty.days_left is not None and duty.days_left <= SOON
        kind, word = ("warning", "Sắp đến hạn") if soon else ("draft", "Chưa nộp")
    return Task(
        f"{duty.dataset} · {duty.period}",
        duty.submission.get_absolute_url()
        if duty.submission
        else reverse(
            "collection:start", args=[duty.dataset.code, duty.unit.code, duty.period.code]
        ),
        " · ".join(notes),
        kind,
        word,
    )


def late_forms(owed: list[Duty]) -> Work:
    """Units below the province that let a day pass, counted by period."""
    late: dict[str, list[Duty]] = {}
    begun, untouched = parted([duty for duty in owed if duty.unit.level != Level.PROVINCE])
    for duty in begun:
        if duty.days_late:
            late.setdefault(duty.period.code, []).append(duty)
    tasks = [
        Task(
            f"{found[0].period}: {formats.number(len(found))} biểu của "
            f"{formats.number(len({duty.unit.pk for duty in found}))} đơn vị chưa nộp",
            reverse("collection:completeness", query={"ky": code}),
            shortened_names(duty.unit.full_name for duty in found),
            *LATE,
        )
        for code, found in late.items()
    ]
    tasks += untouched_task(untouched, reverse("collection:timeliness"))
    return shortened("Đơn vị nộp chậm", tasks, nothing="Không có đơn vị nào nộp chậm.")


def shortened_names(names: Iterable[str], most: int = 5) -> str:
    different = list(dict.fromkeys(names))
    rest = len(different) - most
    told = ", ".join(different[:most])
    return f"{told} và {formats.number(rest)} đơn vị khác" if rest > 0 else told


def reports_to_move(user: User) -> Work:
    """Reports at this person's step."""
    waiting = Report.objects.waiting_for(user).with_names()
    tasks = [
        Task(
            report.subject,
            report.get_absolute_url(),
            f"{report.period} · dự thảo {formats.number(report.draft_no)} · {report.drafter}",
            "draft" if report.is_draft else "waiting",
            report.get_status_display(),
        )
        for report in waiting
    ]
    work = shortened(
        "Báo cáo chờ tôi",
        tasks,
        nothing="Không có báo cáo nào chờ bạn xử lý.",
        more_url=address("reports:report_list"),
    )
    if signing := sum(report.status == Status.TO_SIGN for report in waiting):
        words = "Đọc từng văn bản rồi ký với một lần nhập mật khẩu."
        title = f"Danh sách chờ ký ({formats.number(signing)})"
        way = Task(title, address("reports:signing_queue"), words, "", "")
        work = replace(work, tasks=[way, *work.tasks], ways=1)
    return work


def reports_due(user: User, *, today: datetime.date) -> list[Work]:
    """Reports that templates' deadlines ask for now: who drafts, begun or not, days late."""
    drafts = user.has_perm("reports.draft")
    if not drafts and not user.has_perm("reports.sign"):
        return []
    tasks = [due_task(one, drafts=drafts) for one in due_reports(today=today, user=user)]
    url = f"{reverse('reports:theme', args=['van-ban'])}#bang-den-han"
    return [shortened("Báo cáo đến hạn", tasks, nothing="", more_url=url)] if tasks else []


def due_task(one: DueReport, *, drafts: bool) -> Task:
    """A begun report leads to itself; one that is not begun, to the form that begins it."""
    url = ""
    if one.report is not None:
        url = one.report.get_absolute_url()
    elif drafts:
        told = {"de_cuong": one.template.pk, "ky": one.period.code}
        url = reverse("reports:report_create", query=told)
    who = str(one.template.division) if one.template.division else "chưa phân phòng"
    due = f"Hạn {formats.day(one.due)}"
    if one.is_late:
        due += f", chậm {formats.number(one.days_late)} ngày"
    stands = one.report.get_status_display() if one.report else "Chưa lập"
    kind = "wrong" if one.is_late else ("waiting" if one.report else "draft")
    return Task(f"{one.template.title} · {one.period}", url, f"{due} · {who}", kind, stands)


def figures_that_differ(user: User) -> list[Work]:
    """The person's own frozen reports whose figures today's data would write otherwise; no list
    when there is none."""
    if not user.has_perm("reports.draft"):
        return []
    tasks = [
        Task(
            report.subject,
            reverse("reports:figure_list", args=[report.pk]),
            f"{report.period} · {report.number_and_symbol} · "
            f"{formats.number(report.differing)} số liệu nay đã khác",  # type: ignore[attr-defined]
            "information",
            report.get_status_display(),
        )
        for report in reports_that_differ(user)
    ]
    return [shortened("Số liệu nay đã khác", tasks, nothing="")] if tasks else []


def questions_to_answer() -> Work:
    """What people wrote through "Báo lỗi / hỏi" and nobody has dealt with."""
    tasks = [
        Task(
            Truncator(feedback.text).chars(90),
            f"{reverse('public:feedback_list')}#tin-{feedback.pk}",
            f"Mã {feedback.code}, gửi ngày {formats.day(feedback.created_at)}",
            "waiting",
            "Chờ xử lý",
        )
        for feedback in Feedback.objects.waiting()
    ]
    return shortened(
        "Câu hỏi, báo lỗi",
        tasks,
        nothing="Không có câu hỏi nào chờ xử lý.",
        more_url=reverse("public:feedback_list"),
    )


def accounts_to_see() -> Work:
    """People who cannot sign in or have not yet changed their first password."""
    people = User.objects.filter(Q(must_change_password=True) | Q(is_active=False))
    tasks = [
        Task(
            person.full_name,
            reverse("accounts:user_update", args=[person.pk]),
            f"{person.get_role_display()} · {person.username}",
            *(
                ("waiting", "Chưa đổi mật khẩu lần đầu")
                if person.is_active
                else ("locked", "Đã khoá")
            ),
        )
        for person in people.order_by("-is_active", "sort_key")
    ]
    return shortened(
        "Tài khoản cần xem",
        tasks,
        nothing="Mọi tài khoản đều đã đổi mật khẩu và được đăng nhập.",
        more_url=address("accounts:user_list"),
    )


def failed_jobs() -> Work:
    """Long work that gave up, newest first."""
    failed = Job.objects.filter(state=Job.State.FAILED).order_by("-finished_at")
    tasks = [
        Task(
            f"Mã hỗ trợ {job.support_code}",
            "",
            f"Đã thử {formats.number(job.attempt)} lần, dừng ngày {formats.day(job.finished_at)}",
            "wrong",
            job.get_state_display().capitalize(),
        )
        for job in failed
    ]
    return shortened("Việc chạy nền không xong", tasks, nothing="Không có việc nào bị hỏng.")


def changes(user: User, *, most: int = MOST_CHANGES) -> list[dict[str, object]]:
    """What happened lately to what this person may see, newest first, for the timeline."""
    events: list[dict[str, object]] = []
    if user.has_perm("collection.view"):
        submissions = Submission.objects.visible_to(user)
        for event in (
            SubmissionEvent.objects.filter(submission__in=submissions)
            .exclude(what__in=["opened", "typed", "uploaded", "discarded"])
            .select_related("submission__dataset", "submission__unit", "submission__period", "who")[
                :most
            ]
        ):
            kind = {"returned": "returned", "approved": "done", "submitted": "waiting"}
            events.append(
                {
                    "kind": kind.get(event.what, "draft"),
                    "what": f"{event.get_what_display()}: {event.submission}",
                    "who": event.who,
                    "at": event.at,
                    "note": event.note,
                }
            )
    if user.has_perm("reports.view"):
        events += [
            {
                "kind": "done" if event.status == Report.Status.ISSUED else "information",
                "what": f"{event.what}: {Truncator(event.report.subject).words(8)}",
                "who": event.who or "",
                "at": event.at,
                "note": event.note,
            }
            for event in ReportEvent.objects.filter(report__in=Report.objects.visible_to(user))
            .select_related("report", "who")
            .order_by("-at")[:most]
        ]
    events.sort(key=lambda event: event["at"], reverse=True)  # type: ignore[arg-type, return-value]
    return events[:most]


ROOMS = (
    Entry(
        "Nộp số liệu",
        "upload",
        "collection:submission_list",
        ("collection.submit", "collection.enter"),
    ),
    Entry("Duyệt số liệu", "check2-square", "collection:review_list", ("collection.review",)),
    Entry("Tổng quan điều hành", "speedometer2", "reports:dashboard", ("dashboards.view",)),
    Entry("Báo cáo", "file-earmark-text", "reports:report_list", ("reports.view",)),
    Entry("Công trình", "buildings", "programs:works_list", ("programs.works",)),
    Entry("Sổ văn bản", "journal-text", "documents:document_list", ("documents.view",)),
    Entry("Tài khoản", "person-gear", "accounts:user_list", ("accounts.manage", "accounts.audit")),
    Entry("Đơn vị hành chính", "geo-alt", "units:list", ("accounts.manage",)),
)


def rooms(user: User, *, most: int = 4) -> list[dict[str, str]]:
    """The rooms this person works in most."""
    open_to = [one for one in ROOMS if any(user.has_perm(name) for name in one.permissions)]
    return [
        {"label": one.label, "icon": one.icon, "url": reverse(one.url_name)}
        for one in open_to[:most]
    ]
