"""Which documents: whom they are shown to, what they are found by."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from portal.documents import search
from portal.documents.citation import number_key, symbol_key, written_numbers

from .qualities import Direction, Secrecy

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User

    from .catalogue import Issuer
    from .document import Document  # noqa: F401 - named in the type of the set


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User | AnonymousUser) -> DocumentQuerySet:
        """What this person may read.

        People of the committee read the whole register, but of what is secret nobody learns who
        is not allowed to; officers of districts and communes read the texts of law and what is
        published; a person without an account what is published.
        """
        if not user.is_authenticated:
            return self.public()
        if not user.has_perm("documents.view"):
            return self.none()
        if user.sees_every_unit:
            return self if user.has_perm("documents.secret") else self.filter(secrecy="")
        return self.filter(Q(direction=Direction.LEGAL) | Q(is_public=True))

    def public(self) -> DocumentQuerySet:
        return self.filter(is_public=True)

    def not_passed_on(self, *, today: datetime.date) -> DocumentQuerySet:
        """Incoming documents of an earlier day that nobody was given (điều 22: the same day, at
        the latest the next working day); those of the time before the portal left aside.
        """
        return self.filter(
            direction=Direction.INCOMING, arrival_date__lt=today, sent_date=None,
            assignments=None, brought_by=None, created_by__isnull=False, secrecy=Secrecy.NONE,
        )  # fmt: skip

    def of_year(self, year: int) -> DocumentQuerySet:
        return self.filter(date__year=year)

    def in_force(self, *, on: datetime.date) -> DocumentQuerySet:
        """Not ended and not still to come on `on`; a text without dates counts as in force."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on)
        )

    def like(self, *, number: str, symbol: str, issuer: Issuer) -> DocumentQuerySet:
        """Documents of the same number, symbol and issuer, of any year."""
        return self.filter(
            number_key=number_key(number), symbol_key=symbol_key(symbol), issuer=issuer
        )

    def named(self, text: str) -> DocumentQuerySet:
        """Documents whose number and symbol are exactly `text`, marks and case aside.

        A number that is no number ("MH2326/QĐ-UBND", of made-up documents) is taken as it stands.
        """
        written = [(one.number, one.symbol) for one in written_numbers(text)]
        if not written and len(parts := text.strip().split("/", 1)) == 2 and all(parts):
            written = [(parts[0], parts[1])]
        if len(written) != 1:
            return self.none()
        ((number, symbol),) = written
        return self.filter(number_key=number_key(number), symbol_key=symbol_key(symbol))

    def search(self, text: str) -> DocumentQuerySet:
        """Find by number, symbol, day, type, issuer or subject, with or without marks.

        Number matches come first, then the newest. Every word must occur at the start of a word.
        Nothing but signs finds nothing; an empty text finds everything.
        """
        return search.found(self, text)

    def with_catalogue(self) -> DocumentQuerySet:
        return self.select_related("issuer", "document_type")

    def refresh_search_text(self) -> int:
        """Write the search text anew, e.g. when an issuer is renamed; returns how many."""
        documents = list(self.with_catalogue())
        for document in documents:
            document.search_text = document.searchable()
        return self.model._default_manager.bulk_update(documents, ["search_text"], batch_size=500)
