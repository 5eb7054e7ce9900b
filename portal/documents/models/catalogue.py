"""The tables a document points to: its issuer and its type."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.documents.citation import symbol_key
from portal.units.names import fold, sort_key


class DocumentType(models.Model):
    """A type of document and its abbreviation (Nghị định 30/2020/NĐ-CP, Điều 7 and Phụ lục III)."""

    class Group(models.TextChoices):
        NORMATIVE = "normative", "văn bản quy phạm pháp luật"
        ADMINISTRATIVE = "administrative", "văn bản hành chính"
        COPY = "copy", "bản sao"

    code = models.CharField(
        "mã",
        max_length=10,
        unique=True,
        error_messages={"unique": "Đã có loại văn bản mang mã này."},
    )
    name = models.CharField("tên loại", max_length=80)
    group = models.CharField("nhóm", max_length=16, choices=Group, default=Group.ADMINISTRATIVE)
    in_symbol = models.BooleanField(
        "viết trong ký hiệu", default=True, help_text="Công văn, thư công không ghi tên loại."
    )
    cited_by_name = models.BooleanField(
        "viện dẫn bằng tên", default=False, help_text="Luật, pháp lệnh: chỉ ghi tên, không ghi số."
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "loại văn bản"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def abbreviation(self) -> str:
        """What the symbol carries of the type: "KH", or nothing for a công văn."""
        return self.code if self.in_symbol else ""


class IssuerQuerySet(models.QuerySet["Issuer"]):
    def using_symbol(self, code: str) -> Self:
        """Issuers whose documents carry `code` after the type: "UBDT" in 330/QĐ-UBDT."""
        return self.filter(symbol_keys__contains=[symbol_key(code)])

    def named(self, name: str) -> Self:
        """Issuers of that full or short name, marks and case aside."""
        key = fold(name)
        if not key:
            return self.none()
        return self.filter(Q(name_key=key) | Q(short_key=key))

    def organ_ids(self) -> dict[str, str]:
        """Identifying codes, where known, by folded full and short name."""
        rows = self.exclude(organ_id="").values_list("name_key", "short_key", "organ_id")
        return {key: code for *keys, code in rows for key in keys if key}


class Issuer(models.Model):
    """An agency that issues documents, and the codes by which its symbols are known."""

    class Level(models.TextChoices):
        CENTRAL = "central", "trung ương"
        PROVINCE = "province", "cấp tỉnh"
        DISTRICT = "district", "cấp huyện"
        COMMUNE = "commune", "cấp xã"
        PARTY = "party", "cơ quan Đảng"
        OTHER = "other", "cơ quan, tổ chức khác"

    name = models.CharField("tên cơ quan", max_length=200)
    short_name = models.CharField(
        "tên trong câu",
        max_length=120,
        blank=True,
        help_text="Cách gọi khi viện dẫn, ví dụ: UBND tỉnh.",
    )
    level = models.CharField("cấp", max_length=10, choices=Level, default=Level.OTHER)
    symbols = ArrayField(
        models.CharField(max_length=40),
        verbose_name="ký hiệu viết tắt",
        default=list,
        blank=True,
        help_text="Phần cơ quan trong ký hiệu văn bản, cách nhau bằng dấu phẩy: BDT, UBND.",
    )
    organ_id = models.CharField(
        "mã định danh",
        max_length=35,
        blank=True,
        help_text="Mã định danh điện tử của cơ quan, ví dụ: H02.08.",
    )
    name_key = models.CharField(max_length=200, editable=False)
    short_key = models.CharField(max_length=120, editable=False, db_index=True)
    symbol_keys = ArrayField(models.CharField(max_length=40), default=list, editable=False)
    sort_key = models.CharField(max_length=700, editable=False, db_collation="C")

    objects = IssuerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "cơ quan ban hành văn bản"
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                name="issuer_name_once",
                violation_error_message="Đã có cơ quan mang tên này.",
            ),
            models.CheckConstraint(
                condition=~Q(name_key=""),
                name="issuer_named",
                violation_error_message="Cơ quan phải có tên.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key, self.short_key = fold(self.name), fold(self.short_name)
        self.symbol_keys = [symbol_key(code) for code in self.symbols]
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)
        self.documents.refresh_search_text()  # type: ignore[attr-defined]

    @property
    def name_in_text(self) -> str:
        return self.short_name or self.name

    def uses_symbol(self, symbol: str) -> bool:
        """Whether `symbol` ("QĐ-UBDT", "2011/NĐ-CP", "SKHĐT-KGVX") fits this issuer's known codes.

        An issuer without known codes fits every symbol.
        """
        parts = {symbol_key(part) for part in symbol.replace("/", "-").split("-")}
        tail = symbol_key(symbol.rpartition("/")[2].partition("-")[2])
        return not self.symbol_keys or any(key in parts or key == tail for key in self.symbol_keys)
