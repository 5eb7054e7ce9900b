"""One e-mail a day to those who want it, with what they were told since."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from portal import formats
from portal.accounts.models import User
from portal.collection.models import Notice, NoticeMail
from portal.jobs import services as jobs

MAIL_JOB = "send_notice_mail"
FRESH = datetime.timedelta(days=7)


@transaction.atomic
def prepare_mails(*, now: datetime.datetime) -> int:
    """Gather the unseen notices of the last week into today's letter of each; ask for sending."""
    today = timezone.localdate(now)
    waiting = Notice.objects.unseen().filter(mail=None, at__gt=now - FRESH)
    people = User.objects.active().filter(wants_mail=True, notices__in=waiting).exclude(email="")
    made = 0
    for person in people.distinct():
        mail, fresh = NoticeMail.objects.get_or_create(person=person, day=today)
        if fresh:
            waiting.filter(person=person).update(mail=mail)
            jobs.ask(MAIL_JOB, mail.pk)
            made += 1
    return made


def letter_of(mail: NoticeMail) -> EmailMessage:
    """The letter; a second attempt carries the same Message-ID, so mail servers drop the double."""
    notices = list(mail.notices.order_by("at", "pk"))
    count = formats.number(len(notices))
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return EmailMessage(
        subject=f"Cổng thông tin công tác dân tộc: {count} việc cần bạn xem",
        body=render_to_string(
            "collection/notice_mail.txt",
            {"person": mail.person, "notices": notices, "address": settings.PUBLIC_URL},
        ),
        to=[mail.person.email],
        headers={"Message-ID": f"<thong-bao-{mail.pk}@{host}>"},
    )


def set_mail(*, user: User, wanted: bool) -> None:
    """Switch the daily e-mail on or off; the notices in the portal stay."""
    user.wants_mail = wanted
    user.save(update_fields=["wants_mail"])
