"""Rows and files of one's own: where not everybody who enters data may write every row."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from portal.collection.row_owners import writes_rows_only
from portal.collection.stores import Asked, store_of

from .refusals import NotAllowed, NotOwn

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.collection.models import Submission, Upload


def own_rows_of(asked: Asked, user: User) -> Collection[str] | None:
    """Codes of the rows that `user` may write; None: every row."""
    own = store_of(asked.dataset).own_rows(asked, user)
    return frozenset() if own is None and writes_rows_only(user) else own


def check_writes_all(asked: Asked, *, by: User) -> None:
    """What touches every row is for those who may write every row.

    Raises:
        NotAllowed
    """
    if own_rows_of(asked, by) is not None:
        raise NotAllowed


def check_own_file(upload: Upload, *, by: User) -> None:
    """Whoever writes some rows only works with the files that they sent themselves.

    Raises:
        NotOwn
    """
    if upload.uploaded_by_id != by.pk and own_rows_of(upload.submission, by) is not None:
        raise NotOwn


def check_own_row(submission: Submission, code: str, *, by: User) -> None:
    """
    Raises:
        NotOwn
    """
    own = own_rows_of(submission, by)
    if own is not None and code not in own:
        raise NotOwn
