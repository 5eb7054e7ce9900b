"""No room left, on a disk or in the database: told apart from our own mistakes."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

WORDS = (
    "Máy chủ đang hết chỗ lưu nên chưa nhận được; không có gì thay đổi. "
    "Hãy báo người quản trị rồi làm lại sau."
)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
DISK_FULL = "53100"  # PostgreSQL: disk_full


def is_out_of_room(error: BaseException | None) -> bool:
    """Whether this error, or one that it comes from, is a full disk here or at the database."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        if is_full_database(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_full_database(error: BaseException) -> bool:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return getattr(error, "pgcode", None) == DISK_FULL or "DiskFull" in kinds


class UploadHandler(TemporaryFileUploadHandler):
    """Takes a request's files into temporary files; one that finds no room is closed at once.

    Django closes it only when a visitor goes away, and leaves a failed write to the collector.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._given_up_on_error():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        with self._given_up_on_error():
            return super().file_complete(file_size)

    @contextlib.contextmanager
    def _given_up_on_error(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            with contextlib.suppress(OSError):  # what is still to be written finds no room either
                self.file.close()
            raise
