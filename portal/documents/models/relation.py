"""What a document does to another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from .document import Document


class DocumentRelation(models.Model):
    """What `source` does to `target`: amends, replaces, implements, answers or corrects it."""

    class Kind(models.TextChoices):
        REPLACES = "replaces", "Thay thế"
        AMENDS = "amends", "Sửa đổi, bổ sung"
        IMPLEMENTS = "implements", "Triển khai thực hiện"
        ANSWERS = "answers", "Trả lời"
        CORRECTS = "corrects", "Đính chính"

    INVERSE = {
        Kind.REPLACES: "Được thay thế bởi",
        Kind.AMENDS: "Được sửa đổi, bổ sung bởi",
        Kind.IMPLEMENTS: "Được triển khai bằng",
        Kind.ANSWERS: "Được trả lời bằng",
        Kind.CORRECTS: "Được đính chính bằng",
    }

    source = models.ForeignKey(
        Document, models.CASCADE, related_name="relations", verbose_name="văn bản"
    )
    kind = models.CharField("quan hệ", max_length=12, choices=Kind)
    target = models.ForeignKey(
        Document, models.PROTECT, related_name="inverse_relations", verbose_name="văn bản liên quan"
    )

    class Meta:
        verbose_name = verbose_name_plural = "quan hệ văn bản"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "target"],
                name="document_relation_once",
                violation_error_message="Quan hệ này đã được ghi.",
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")),
                name="document_relation_to_another",
                violation_error_message="Văn bản không thể có quan hệ với chính nó.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["replaces", "amends", "implements", "answers", "corrects"]),
                name="document_relation_known",
                violation_error_message="Quan hệ văn bản không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display().lower()} {self.target}"

    @property
    def inverse_label(self) -> str:
        return self.INVERSE[self.Kind(self.kind)]
