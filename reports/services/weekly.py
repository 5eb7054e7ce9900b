"""The leaders' home as a file, once a week, to those who want mail."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from portal.accounts.models import User
from portal.jobs import services as jobs
from reports.models import WeeklyLetter

WEEKLY_JOB = "send_weekly_letter"


@transaction.atomic
def prepare_weekly_letters(*, now: datetime.datetime) -> int:
    """A letter of this week for everybody who signs and wants mail; how many are new.

    A week whose Monday passed while nothing ran is made up for on the next day.
    """
    today = timezone.localdate(now)
    monday = today - datetime.timedelta(days=today.weekday())
    made = 0
    for person in User.objects.active().filter(wants_mail=True).exclude(email=""):
        if not (person.has_perm("reports.sign") and person.has_perm("dashboards.view")):
            continue
        letter, fresh = WeeklyLetter.objects.get_or_create(person=person, monday=monday)
        if fresh:
            jobs.ask(WEEKLY_JOB, letter.pk)
            made += 1
    return made


def weekly_mail(letter: WeeklyLetter, pdf: bytes | None) -> EmailMessage:
    """The letter; a second attempt carries the same Message-ID, so mail servers drop the double.

    pdf: None while the portal has nothing to show.
    """
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    mail = EmailMessage(
        subject=f"Tổng hợp tuần từ ngày {letter.monday:%d/%m/%Y}",
        body=render_to_string(
            "reports/weekly_mail.txt",
            {"letter": letter, "has_file": pdf is not None, "address": settings.PUBLIC_URL},
        ),
        to=[letter.person.email],
        headers={"Message-ID": f"<thu-tuan-{letter.pk}@{host}>"},
    )
    if pdf is not None:
        mail.attach(f"tong-hop-tuan-{letter.monday:%Y-%m-%d}.pdf", pdf, "application/pdf")
    return mail
