"""Works and activities: what is built or supported, where, by whom, and how far it has come."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.documents.models import Document
from portal.row_addresses import row_address
from portal.units.models import AdministrativeUnit, UnitAncestor, UnitShare
from portal.units.names import fold, sort_key

from .organisations import Membership, Organisation
from .structure import Component

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class State(models.TextChoices):
    """How far works have come; which may follow which is held by the database (migration 0004)."""

    PREPARED = "prepared", "chuẩn bị"
    APPROVED = "approved", "đã phê duyệt"
    STARTED = "started", "đang thực hiện"
    SUSPENDED = "suspended", "tạm dừng"
    FINISHED = "finished", "đã hoàn thành"
    SETTLED = "settled", "đã quyết toán"


FOLLOWING: dict[str, tuple[State, ...]] = {
    State.PREPARED: (State.APPROVED, State.SUSPENDED),
    State.APPROVED: (State.STARTED, State.SUSPENDED),
    State.STARTED: (State.FINISHED, State.SUSPENDED),
    State.SUSPENDED: (State.PREPARED, State.APPROVED, State.STARTED),
    State.FINISHED: (State.SETTLED, State.STARTED),
    State.SETTLED: (),
}
DONE = (State.FINISHED, State.SETTLED)


@dataclass(frozen=True)
class Place:
    """A commune, and the villages in it."""

    unit: AdministrativeUnit
    village: str = ""


class WorksQuerySet(models.QuerySet["Works"]):
    def visible_to(self, user: User | AnonymousUser) -> WorksQuerySet:
        """All for roles that see every unit; else those in the own area or organisation.

        An investor's area says which units' data they enter; of works they see their own.
        """
        if not user.is_authenticated or not user.has_perm("programs.view"):
            return self.none()
        if user.sees_every_unit:
            return self
        mine = Membership.objects.filter(user=user, organisation=OuterRef("investor"))
        own = Exists(mine)
        if user.area_id is None or user.role == Role.INVESTOR:
            return self.filter(own)
        return self.filter(own | Exists(places_in(user.area_id)))

    @property
    def is_whole(self) -> bool:
        """No works are left out, so that rows of works need not be looked up among these."""
        return not self.query.where and not self.query.is_sliced

    def within(self, unit: AdministrativeUnit) -> WorksQuerySet:
        """Works with a place in `unit`, in what belongs or belonged to it, or went into it."""
        return self.filter(Exists(places_in(unit.pk)))

    def late(self, *, on: datetime.date) -> WorksQuerySet:
        """Not finished on the planned day, or finished after it."""
        return self.filter(is_late(on))

    def search(self, text: str) -> WorksQuerySet:
        """Code or words of the name, with or without marks; an empty text finds all."""
        found = self
        for word in fold(text).split():
            found = found.filter(Q(name_key__contains=word) | Q(code__icontains=word))
        return found


def is_late(on: datetime.date) -> Q:
    """Of works: not finished on the planned day, or finished after it."""
    return Q(planned_finish__lt=on, actual_finish=None) & ~Q(state__in=DONE) | Q(
        actual_finish__gt=F("planned_finish")
    )


def units_in(area: int) -> models.QuerySet[AdministrativeUnit]:
    """The unit, what belongs or belonged to it, and what of other times went wholly into it."""
    below = UnitAncestor.objects.filter(ancestor_id=area).values("unit")
    wholly = UnitShare.objects.filter(target_id=area, weight=1).values("unit")
    return AdministrativeUnit.objects.filter(Q(pk=area) | Q(pk__in=below) | Q(pk__in=wholly))


def places_in(area: int, *, works: str = "pk") -> models.QuerySet[WorksPlace]:
    """Places there of the works that the outer row names in `works`."""
    units = units_in(area).values("pk")
    return WorksPlace.objects.filter(unit__in=units, works=OuterRef(works))


class Works(models.Model):
    """Works (công trình) or an activity of a component, from preparation to settlement.

    `total_investment` is in million đồng. `state` and `state_since` are those of the last event.
    """

    class Kind(models.TextChoices):
        NEW = "new", "xây mới"
        UPGRADE = "upgrade", "nâng cấp, sửa chữa"
        SUPPORT = "support", "hỗ trợ, hoạt động"

    code = models.CharField(
        "mã",
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9._-]*$", "Mã chỉ gồm chữ không dấu, chữ số, . _ và -."
            )
        ],
        error_messages={"unique": "Mã này đã có."},
    )
    name = models.CharField("tên", max_length=300)
    component = models.ForeignKey(
        Component, models.PROTECT, related_name="works", verbose_name="dự án, nội dung"
    )
    investor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="works", verbose_name="chủ đầu tư"
    )
    kind = models.CharField("loại", max_length=10, choices=Kind)
    total_investment = models.DecimalField(
        "tổng mức đầu tư (triệu đồng)", max_digits=15, decimal_places=3, null=True, blank=True
    )
    planned_start = models.DateField("khởi công theo kế hoạch", null=True, blank=True)
    planned_finish = models.DateField("hoàn thành theo kế hoạch", null=True, blank=True)
    actual_start = models.DateField("khởi công thực tế", null=True, blank=True)
    actual_finish = models.DateField("hoàn thành thực tế", null=True, blank=True)
    state = models.CharField(
        "tình trạng", max_length=10, choices=State, default=State.PREPARED, editable=False
    )
    state_since = models.DateField("từ ngày", null=True, blank=True, editable=False)
    latitude = models.FloatField("vĩ độ", null=True, blank=True)
    longitude = models.FloatField("kinh độ", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField("lập lúc", db_default=Now(), editable=False)
    name_key = models.CharField(max_length=300, editable=False)
    sort_key = models.CharField(max_length=900, editable=False, db_collation="C", db_index=True)
    places = models.ManyToManyField(
        AdministrativeUnit, through="WorksPlace", related_name="works", verbose_name="địa điểm"
    )

    objects = WorksQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "công trình, hoạt động"
        ordering = ["sort_key", "code"]
        indexes = [
            GinIndex(OpClass("name_key", "gin_trgm_ops"), name="works_name_search"),
            models.Index(fields=["component", "state"], name="works_component_state"),
            models.Index(fields=["component"], condition=Q(is_demo=True), name="works_made_up"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["new", "upgrade", "support"]),
                name="works_kind_known",
                violation_error_message="Loại công trình không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]),
                name="works_state_known",
                violation_error_message="Tình trạng không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(total_investment=None) | Q(total_investment__gt=0),
                name="works_investment_positive",
                violation_error_message="Tổng mức đầu tư phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(planned_start=None)
                | Q(planned_finish=None)
                | Q(planned_start__lte=F("planned_finish")),
                name="works_planned_in_order",
                violation_error_message="Ngày hoàn thành theo kế hoạch phải từ ngày khởi công.",
            ),
            models.CheckConstraint(
                condition=Q(actual_finish=None)
                | (Q(actual_start__isnull=False) & Q(actual_start__lte=F("actual_finish"))),
                name="works_done_in_order",
                violation_error_message=(
                    "Ngày hoàn thành thực tế phải từ ngày khởi công thực tế trở đi."
                ),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(8, 24), longitude__range=(102, 110)),
                name="works_in_viet_nam",
                violation_error_message=(
                    "Toạ độ phải ở Việt Nam: vĩ độ 8–24, kinh độ 102–110, ghi đủ cả hai."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key, self.sort_key = fold(self.name), sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return row_address("programs:works_detail", self.code)

    @property
    def is_done(self) -> bool:
        return self.state in DONE

    def days_late(self, *, on: datetime.date) -> int:
        """Days after the planned finish: up to the real one, or up to `on` while not finished."""
        if self.planned_finish is None or (self.is_done and self.actual_finish is None):
            return 0
        return max(0, ((self.actual_finish or on) - self.planned_finish).days)


class WorksPlace(models.Model):
    """A commune that works lie in; the first (`is_main`) is the one named in lists.

    The database refuses a commune that is not in force on the works' planned start (while none is
    planned, today).
    """

    works = models.ForeignKey(Works, models.CASCADE, related_name="place_rows")
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="+", verbose_name="xã, phường, thị trấn"
    )
    village = models.CharField("thôn, bản", max_length=200, blank=True)
    is_main = models.BooleanField("địa điểm chính", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "địa điểm"
        ordering = ["-is_main", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["works", "unit", "village"],
                name="works_place_once",
                violation_error_message="Địa điểm này đã có.",
            ),
            models.UniqueConstraint(
                fields=["works"],
                condition=Q(is_main=True),
                name="works_one_main_place",
                violation_error_message="Công trình đã có địa điểm chính.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village}, {self.unit}" if self.village else str(self.unit)


class WorksDecision(models.Model):
    """A document of the register that decides on works."""

    class Role(models.TextChoices):
        POLICY = "policy", "chủ trương đầu tư"
        APPROVAL = "approval", "phê duyệt dự án, báo cáo kinh tế – kỹ thuật"
        CONTRACTOR = "contractor", "lựa chọn nhà thầu"
        CHANGE = "change", "điều chỉnh"
        SETTLEMENT = "settlement", "phê duyệt quyết toán"
        OTHER = "other", "khác"

    works = models.ForeignKey(Works, models.CASCADE, related_name="decisions")
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="works_decisions", verbose_name="văn bản"
    )
    role = models.CharField("nội dung", max_length=12, choices=Role)

    class Meta:
        verbose_name = verbose_name_plural = "quyết định"
        ordering = ["document__date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["works", "document", "role"],
                name="works_decision_once",
                violation_error_message="Văn bản này đã gắn với công trình.",
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "policy",
                        "approval",
                        "contractor",
                        "change",
                        "settlement",
                        "other",
                    ],
                ),
                name="works_decision_role_known",
                violation_error_message="Nội dung quyết định không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.works.code}: {self.get_role_display()}"


class WorksEvent(models.Model):
    """From `day` on the works are in `state`. Rows are only added; the last one is in force."""

    works = models.ForeignKey(Works, models.CASCADE, related_name="events")
    state = models.CharField("tình trạng", max_length=10, choices=State)
    day = models.DateField("từ ngày")
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="works_events",
        verbose_name="văn bản",
    )
    note = models.CharField("ghi chú", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("ghi lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "diễn biến"
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]),
                name="works_event_state_known",
                violation_error_message="Tình trạng không đúng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.works.code}: {self.get_state_display()}"


def photo_path(photo: WorksPhoto, name: str) -> str:
    """A random name in the works' own folder."""
    return f"works/{photo.works_id}/{secrets.token_hex(16)}.jpg"


class WorksPhoto(models.Model):
    """A photograph of works, re-encoded without hidden data; time and place are those it told."""

    works = models.ForeignKey(Works, models.CASCADE, related_name="photos")
    file = models.ImageField("ảnh", upload_to=photo_path, max_length=200)
    caption = models.CharField("chú thích", max_length=200, blank=True)
    taken_at = models.DateTimeField("chụp lúc", null=True, blank=True)
    latitude = models.FloatField("vĩ độ", null=True, blank=True)
    longitude = models.FloatField("kinh độ", null=True, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("tải lên lúc", db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "ảnh công trình"
        ordering = ["taken_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["works", "sha256"],
                name="works_photo_once",
                violation_error_message="Ảnh này đã có.",
            ),
        ]

    def __str__(self) -> str:
        return self.caption or f"Ảnh {self.works.code}"
