"""What can stand in the way of a step: each refusal is one plain sentence for the user."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


class ReportRefusal(Exception):
    """The step is not taken, nothing has changed; the message says why and what to do."""

    message = "Chưa thực hiện được."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class NotNow(ReportRefusal):
    message = (
        "Báo cáo đã chuyển sang bước khác, có thể người khác vừa xử lý. Hãy tải lại trang rồi xem "
        "bước hiện tại."
    )


class NotAllowed(ReportRefusal):
    message = "Việc này không thuộc vai trò của anh, chị."


class OwnReport(ReportRefusal):
    message = "Người soạn thảo hoặc đã sửa báo cáo không tự kiểm tra báo cáo của mình."


class ReasonMissing(ReportRefusal):
    message = "Hãy ghi lý do."


class NotStored(ReportRefusal):
    message = (
        "Máy chủ không lưu được tệp (hết chỗ hoặc không cho ghi) nên việc này chưa được thực hiện. "
        "Hãy báo quản trị, sau đó làm lại; không có gì bị mất."
    )


@contextmanager
def storing() -> Iterator[None]:
    """A disk that is full or closed is told as a refusal; the step around it leaves nothing."""
    try:
        yield
    except OSError as problem:
        log.exception("a file was not stored")
        raise NotStored from problem
