"""Taking in what people write, within limits, and closing it."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.models import User

from .models import Feedback

PER_SENDER = 5
FROM_EVERYBODY = 200
WINDOW = datetime.timedelta(hours=1)


class TooMuchFeedback(Exception):
    """One sender, or all together, wrote more than is taken in an hour."""


def sender_key(address: str, *, on: datetime.date) -> str:
    """A day's pseudonym of a network address; the address itself is not kept."""
    return salted_hmac(f"feedback {on.isoformat()}", address, algorithm="sha256").hexdigest()


@transaction.atomic
def send_feedback(
    *,
    text: str,
    address: str,
    contact: str = "",
    page: str = "",
    fault_code: str = "",
    sent_by: User | None = None,
    now: datetime.datetime | None = None,
) -> Feedback:
    """Keep one message.

    Raises:
        TooMuchFeedback: five from one sender or two hundred from everybody within the hour.
    """
    now = now or timezone.now()
    key = sender_key(f"user:{sent_by.pk}" if sent_by else address, on=timezone.localdate(now))
    lately = Feedback.objects.sent_since(now - WINDOW)
    if lately.filter(sender_key=key).count() >= PER_SENDER or lately.count() >= FROM_EVERYBODY:
        raise TooMuchFeedback
    return Feedback.objects.create(
        text=text,
        contact=contact,
        page=page,
        fault_code=fault_code,
        sent_by=sent_by,
        sender_key=key,
        created_at=now,
    )


@transaction.atomic
def handle_feedback(*, feedback: Feedback, by: User, outcome: str) -> Feedback:
    """Mark a message as dealt with; done twice, the first stays."""
    feedback = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if feedback.handled_at is None:
        feedback.handled_by, feedback.handled_at = by, timezone.now()
        feedback.outcome = outcome[:500]
        feedback.save(update_fields=["handled_by", "handled_at", "outcome"])
    return feedback
