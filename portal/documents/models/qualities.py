"""Which way a document goes, and how valid, secret, urgent and provable it is."""

from __future__ import annotations

from django.db import models


class Direction(models.TextChoices):
    OUTGOING = "outgoing", "Văn bản đi"
    INCOMING = "incoming", "Văn bản đến"
    LEGAL = "legal", "Văn bản pháp luật, chỉ đạo"


class Validity(models.TextChoices):
    IN_FORCE = "in_force", "Còn hiệu lực"
    NOT_YET = "not_yet", "Chưa có hiệu lực"
    ENDED = "ended", "Hết hiệu lực"
    UNKNOWN = "unknown", "Chưa rõ hiệu lực"


class Secrecy(models.TextChoices):
    """Of a secret document the portal keeps number and day only, never its file."""

    NONE = "", "Không mật"
    CONFIDENTIAL = "mat", "Mật"
    SECRET = "toi-mat", "Tối mật"
    TOP_SECRET = "tuyet-mat", "Tuyệt mật"


class Priority(models.IntegerChoices):
    """Độ khẩn (Nghị định 30/2020/NĐ-CP, Phụ lục VI: Priority, one digit)."""

    NORMAL = 0, "Thường"
    URGENT = 1, "Khẩn"
    VERY_URGENT = 2, "Thượng khẩn"
    AT_ONCE = 3, "Hỏa tốc"


class SignatureLevel(models.TextChoices):
    """How far the digital signatures of a file can be proven (PAdES), in plain words."""

    NONE = "", "Không ký số"
    BASIC = "PAdES B-B", "Ký số, chưa có dấu thời gian"
    STAMPED = "PAdES B-T", "Ký số, có dấu thời gian"
    PROVABLE = "PAdES B-LT", "Ký số, có dấu thời gian và bằng chứng chứng thư còn hiệu lực"
    ARCHIVAL = "PAdES B-LTA", "Ký số, đủ bằng chứng để lưu trữ lâu dài"
