"""The 54 ethnic groups of the list of 1979, their other names and the codes they go by."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.units.names import fold, sort_key


def group_key(text: str) -> str:
    """Letters and digits only, without marks: "Ê-đê", "Ê Đê" and "Ê đê" are all "ede"."""
    return fold(text).replace(" ", "")


class GroupKind(models.TextChoices):
    LISTED = "listed", "dân tộc trong danh mục"
    OTHER = "other", "dân tộc khác (gộp)"
    FOREIGN = "foreign", "người nước ngoài"
    UNDETERMINED = "undetermined", "không xác định"


class EthnicGroupQuerySet(models.QuerySet["EthnicGroup"]):
    def listed(self) -> Self:
        """The 54 groups of the official list, without the extra rows of tables."""
        return self.filter(kind=GroupKind.LISTED)

    def minorities(self) -> Self:
        """The 53 minorities of the official list."""
        return self.listed().filter(counts_as_minority=True)

    def named(self, text: str) -> Self:
        """Groups whose name, other name, local group or code holds `text`, however spelt."""
        key = group_key(text)
        if not key:
            return self
        return self.filter(
            Q(name_key__contains=key)
            | Q(aliases__key__contains=key)
            | Q(local_groups__key__contains=key)
            | Q(codes__code=key)
        ).distinct()


class EthnicGroup(models.Model):
    """One group, or one of the rows that tables need beside the 54.

    `code` is the position in the list of 1979 (QĐ 121-TCTK/PPCĐ); 55, 98 and 99 are the extra
    rows. Codes of other systems are `GroupCode` rows: a bare number never names a group.
    """

    code = models.CharField("mã", max_length=2, unique=True)
    name = models.CharField("tên dân tộc", max_length=60, unique=True)
    ascii_name = models.CharField("tên không dấu", max_length=60)
    name_key = models.CharField("tên để tìm", max_length=60, unique=True, editable=False)
    sort_key = models.CharField(
        "khoá xếp", max_length=300, editable=False, db_collation="C", db_index=True
    )
    kind = models.CharField("loại", max_length=14, choices=GroupKind, default=GroupKind.LISTED)
    family = models.CharField("ngữ hệ", max_length=40, blank=True)
    branch = models.CharField("nhóm ngôn ngữ", max_length=40, blank=True)
    is_very_small = models.BooleanField(
        "dân tộc rất ít người",
        default=False,
        help_text="Dưới 10.000 người (Nghị định 05/2011/NĐ-CP).",
    )
    counts_as_minority = models.BooleanField("tính vào dân tộc thiểu số", default=True)

    objects = EthnicGroupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "dân tộc"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d\d$"),
                name="group_code_two_digits",
                violation_error_message="Mã dân tộc gồm đúng hai chữ số.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in GroupKind]),
                name="group_kind_known",
                violation_error_message="Loại dân tộc không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(code="01", counts_as_minority=True),
                name="group_majority_is_no_minority",
                violation_error_message="Dân tộc Kinh không phải là dân tộc thiểu số.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key, self.sort_key = group_key(self.name), sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("ethnic_data:group_detail", args=[self.code])

    @property
    def names(self) -> list[GroupAlias]:
        """The other names in the order of the alphabet; prefetch `aliases` for many groups."""
        return sorted(self.aliases.all(), key=lambda alias: sort_key(alias.name))

    @property
    def other_names(self) -> str:
        return "; ".join(alias.name for alias in self.names)


class GroupCode(models.Model):
    """A group's number in one code system; the same number names other groups elsewhere."""

    class System(models.TextChoices):
        LIST_1979 = "1979", "Danh mục năm 1979"
        CENSUS_1999_2009 = "1999-2009", "Tổng điều tra 1999–2009"

    group = models.ForeignKey(EthnicGroup, models.CASCADE, related_name="codes")
    code_system = models.CharField("hệ mã", max_length=12, choices=System)
    code = models.CharField("mã", max_length=4)

    class Meta:
        verbose_name = verbose_name_plural = "mã dân tộc"
        ordering = ["code_system", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code_system", "code"],
                name="group_code_once_in_a_system",
                violation_error_message="Mã này đã có trong hệ mã.",
            ),
            models.UniqueConstraint(
                fields=["group", "code_system"],
                name="group_one_code_in_a_system",
                violation_error_message="Dân tộc đã có mã trong hệ mã này.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.get_code_system_display()})"


class GroupAlias(models.Model):
    """Another name or spelling. Several groups may share it; then a person has to say which.

    Two names that differ in marks only ("Xá", "Xạ") are rows of their own with the same key.
    """

    name = models.CharField("tên gọi khác", max_length=80, unique=True)
    key = models.CharField("tên để tìm", max_length=80, db_index=True, editable=False)
    groups = models.ManyToManyField(EthnicGroup, related_name="aliases", verbose_name="dân tộc")
    needs_confirmation = models.BooleanField(
        "phải hỏi lại",
        default=False,
        help_text="Nhiều dân tộc có chung tên gọi này.",
    )

    class Meta:
        verbose_name = verbose_name_plural = "tên gọi khác của dân tộc"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = group_key(self.name)
        super().save(*args, **kwargs)


class LocalGroup(models.Model):
    """A local group (nhóm địa phương) that prose counts apart, such as Cao Lan of Sán Chay."""

    group = models.ForeignKey(EthnicGroup, models.CASCADE, related_name="local_groups")
    name = models.CharField("nhóm địa phương", max_length=60)
    key = models.CharField("tên để tìm", max_length=60, unique=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "nhóm địa phương"
        ordering = ["group", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = group_key(self.name)
        super().save(*args, **kwargs)
