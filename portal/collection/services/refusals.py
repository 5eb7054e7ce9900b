"""What the services refuse, each with the sentence that a person reads."""

from __future__ import annotations

from portal import room


class Refused(Exception):
    """The base: `message` is one plain Vietnamese sentence or two."""

    message = "Không thực hiện được."

    def __init__(self, message: str = "") -> None:
        self.message = message or self.message
        super().__init__(self.message)


class NoRoom(Refused):
    """The disk or the database is full."""

    message = room.WORDS


class NotAllowed(Refused):
    message = "Tài khoản này không được làm việc đó với số liệu của đơn vị này."


class NotOwn(Refused):
    message = "Dòng hoặc tệp này của người khác nhập. Bạn chỉ làm việc với phần của mình."


class NotEditable(Refused):
    message = "Bộ số liệu đã nộp hoặc đã duyệt nên không sửa được nữa."


class NotAwaitingReview(Refused):
    message = "Bộ số liệu không ở trạng thái chờ duyệt. Tải lại trang để xem trạng thái mới."


class OwnSubmission(Refused):
    message = "Người nhập hoặc nộp không tự duyệt số liệu của mình. Hãy nhờ người khác duyệt."


class NotYourTurn(Refused):
    message = "Chưa đến lượt bạn duyệt bộ số liệu này. Tải lại trang để xem đang chờ cấp nào."


class SecondLevel(Refused):
    message = "Bạn đã duyệt bộ số liệu này ở cấp khác. Hãy nhờ người khác duyệt cấp này."


class NoDelegation(Refused):
    message = "Hôm nay không có uỷ quyền để làm việc thay người này."


class NoLongerRight(Refused):
    message = "Chưa duyệt được: số liệu liên quan đã thay đổi sau khi nộp."


class NotTakenUp(Refused):
    message = "Chưa duyệt được: số liệu không khớp với sổ theo dõi. Hãy kiểm tra lại rồi trả lại."


class NotReadyForAll(Refused):
    message = "Còn lỗi hoặc ý kiến chưa trả lời. Mở riêng bộ số liệu này để xem."


class NoLevelBelow(Refused):
    message = "Không có cấp duyệt nào bên dưới. Hãy trả lại đơn vị."


class AlreadyReviewed(Refused):
    message = "Đã có cấp duyệt bộ số liệu này nên không rút lại được. Hãy nhờ người duyệt trả lại."


class PeriodClosed(Refused):
    message = "Kỳ này của biểu đã khoá sổ."


class DayPassed(Refused):
    message = "Chọn một ngày từ hôm nay trở đi."


class NothingToHandOver(Refused):
    message = "Người này không còn việc nào đang mở."


class WrongDays(Refused):
    message = "Ngày kết thúc phải từ ngày bắt đầu trở đi."


class WrongSubstitute(Refused):
    message = "Người này không phụ trách được địa bàn hoặc việc được giao. Chọn người khác."


class OverlappingDays(Refused):
    message = "Khoảng ngày này chồng lên một dòng đã có. Kết thúc dòng đó trước."


class ReasonMissing(Refused):
    message = "Ghi lý do đính chính."


class NothingToSay(Refused):
    message = "Ghi ý kiến ở ô cần sửa hoặc lời nhắn chung trước khi trả lại."


class WrongUnit(Refused):
    message = "Đơn vị này không nộp biểu này trong kỳ đã chọn."


class FileTooLarge(Refused):
    message = "Tệp quá lớn. Hãy chia thành nhiều tệp nhỏ hơn rồi gửi lại."


class FileEmpty(Refused):
    message = "Tệp rỗng (0 byte). Hãy kiểm tra lại tệp trên máy rồi tải lên lần nữa."


class FileStillOpen(Refused):
    message = "Còn tệp chưa ghi nhận. Ghi nhận hoặc bỏ tệp đó trước khi nộp."


class CannotMark(Refused):
    message = "Không đánh dấu được tệp này. Sửa theo danh sách lỗi trên trang."


class NothingToCommit(Refused):
    message = "Không có tệp nào đã đọc xong và không còn lỗi để ghi nhận."


class FilesOverlap(Refused):
    message = "Có dòng nằm trong hai tệp. Bỏ bớt một tệp rồi ghi nhận lại."


class AnswerUnknown(Refused):
    message = "Câu trả lời không nằm trong các lựa chọn. Chọn lại rồi bấm “Đọc lại tệp”."


class NothingToCorrect(Refused):
    message = "Ghi số đúng vào ô cần sửa rồi bấm “Kiểm tra lại”."


class StillNeeded(Refused):
    message = "Chưa hoàn tác được: số liệu ghi nhận sau còn dựa vào tệp này."


class NotReconciled(Refused):
    message = (
        "Số liệu đã thay đổi sau khi trang này được mở. Xem lại phần đối chiếu, "
        "đánh dấu “Tôi đã đối chiếu” rồi nộp."
    )


class NotComplete(Refused):
    message = "Số liệu chưa đủ nên chưa nộp được."


class CoverLetterMissing(Refused):
    message = "Biểu này phải kèm công văn: số, ngày và bản chụp."
