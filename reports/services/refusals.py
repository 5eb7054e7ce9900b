"""What can stand in the way of a step: each refusal is one plain sentence for the user."""

from __future__ import annotations


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
    message = "Hãy ghi lý do trả lại để người soạn thảo biết cần sửa gì."
