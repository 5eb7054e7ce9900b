"""What one place is known by: everything that was seen of it."""

import hashlib

from reports.services.refusals import ReportRefusal


class PointGone(ReportRefusal):
    message = "Chỗ này vừa được sửa hoặc đã xem. Danh sách dưới đây là những chỗ còn lại."


def key_of(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
