"""People who sign in, and the divisions they work in."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now

from portal.units.models import AdministrativeUnit, Level
from portal.units.names import sort_key

from .roles import OF_AREAS_WITH_UNITS, Role, grant_of

# after so many failures in this time a name is refused from that network, right password or not
MOST_FAILURES = 5
# ... and from everywhere a name with so many, and every name from a network with so many, except
# where that person signed in last: nobody keeps others out by guessing from somewhere else
MOST_FAILURES_OF_NAME = 50
MOST_FAILURES_OF_NETWORK = 50
PAUSE = datetime.timedelta(minutes=15)


class Division(models.Model):
    """A division (phòng) of the committee."""

    code = models.CharField("ký hiệu", max_length=20, unique=True)
    name = models.CharField("tên phòng", max_length=120, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "phòng"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def having(self, permission: str) -> UserQuerySet:
        """Active people whose role carries `permission`."""
        roles = [role for role in Role if permission in grant_of(role).permissions]
        return self.active().filter(role__in=roles)


class PortalUserManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes accounts; there are no superusers, the role table is the whole law."""

    def create_user(self, username: str, *, password: str | None = None, **fields: object) -> User:
        user: User = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person with one role; officers have an area, the subtree of one unit."""

    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]*$",
                "Chỉ dùng chữ thường không dấu, chữ số và các dấu . _ -",
            )
        ],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng."},
    )
    full_name = models.CharField("họ và tên", max_length=120)
    sort_key = models.CharField(max_length=400, editable=False, db_collation="C", default="")
    email = models.EmailField("thư điện tử", blank=True)
    wants_mail = models.BooleanField("nhận thư nhắc việc", default=True)
    title = models.CharField("chức vụ", max_length=120, blank=True)
    role = models.CharField("vai trò", max_length=20, choices=Role)
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name="phòng", null=True, blank=True
    )
    area = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, verbose_name="địa bàn", null=True, blank=True
    )
    is_active = models.BooleanField("được đăng nhập", default=True)
    is_demo = models.BooleanField("tài khoản minh hoạ", default=False, editable=False)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=True)
    signed_in_from = models.CharField("mã mạng", max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField("lập lúc", db_default=Now())

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    objects = PortalUserManager()

    class Meta:
        verbose_name = verbose_name_plural = "tài khoản"
        ordering = ["sort_key", "username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="user_role_known",
                violation_error_message="Vai trò không có trong bảng vai trò.",
            ),
            models.CheckConstraint(
                condition=~Q(role="officer") | Q(area__isnull=False),
                name="user_officer_has_area",
                violation_error_message="Cán bộ huyện, xã phải có địa bàn.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.full_name)
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split()[-1] if self.full_name else self.username

    @property
    def sees_every_unit(self) -> bool:
        return grant_of(self.role).everywhere

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """The role table decides; Django's own model permissions belong to administrators."""
        granted = grant_of(self.role).permissions
        if permission in OF_AREAS_WITH_UNITS and not self.area_has_units:
            return False
        model_permission = permission.partition(".")[2].startswith(
            ("add_", "change_", "delete_", "view_")
        )
        return self.is_active and (
            permission in granted or (model_permission and "accounts.manage" in granted)
        )

    @property
    def area_has_units(self) -> bool:
        """The area is a district: other units report below it."""
        return self.area is not None and self.area.level == Level.DISTRICT

    def has_perms(self, permissions: list[str], obj: object = None) -> bool:
        return all(self.has_perm(permission) for permission in permissions)

    @property
    def is_staff(self) -> bool:
        """Django's own admin is open to the portal's administrators."""
        return self.has_perm("accounts.manage")

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def usable(self, *, now: datetime.datetime) -> AccessTokenQuerySet:
        """Neither taken back nor run out, of somebody who may sign in."""
        return self.filter(revoked_at=None, expires_at__gt=now, user__is_active=True)


class AccessToken(models.Model):
    """A personal key for a machine that speaks to the portal for one user.

    `key` is its public part, by which it is found and its failures are counted; of the secret part
    only the SHA-256 is kept (it has 256 bits of its own, so that a slow hash adds nothing).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens")
    name = models.CharField("tên", max_length=80)
    key = models.CharField("phần công khai", max_length=12, unique=True)
    digest = models.CharField("mã băm", max_length=64)
    created_at = models.DateTimeField("lập lúc")
    expires_at = models.DateTimeField("hết hạn lúc")
    last_used_at = models.DateTimeField("dùng lần cuối", null=True, blank=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "mã truy cập"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="access_token_expires_later",
                violation_error_message="Ngày hết hạn phải sau ngày lập.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_usable(self, *, now: datetime.datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now


class Rest(models.TextChoices):
    """Why a right password would not help just now."""

    HERE = "here", "tên này từ mạng này"
    NAME = "name", "tên này"
    NETWORK = "network", "mạng này"


class FailedSignInQuerySet(models.QuerySet["FailedSignIn"]):
    def rest(self, *, username: str, network: str, now: datetime.datetime) -> Rest | None:
        """What rests for whoever gives this name in this network; None: they may try."""
        by_name, from_network = Q(username=username), Q(network=network)
        failed = self.filter(by_name | from_network, at__gt=now - PAUSE).aggregate(
            here=Count("pk", filter=by_name & from_network),
            name=Count("pk", filter=by_name),
            network=Count("pk", filter=from_network),
        )
        if failed["here"] >= MOST_FAILURES:
            return Rest.HERE
        wide = None
        if failed["name"] >= MOST_FAILURES_OF_NAME:
            wide = Rest.NAME
        elif failed["network"] >= MOST_FAILURES_OF_NETWORK:
            wide = Rest.NETWORK
        own = User.objects.filter(username=username, signed_in_from=network)
        return None if wide and own.exists() else wide


class FailedSignIn(models.Model):
    """A sign-in that failed, under the name that was typed."""

    username = models.CharField("tên đã gõ", max_length=60)
    network = models.CharField("mã mạng", max_length=64, default="")
    at = models.DateTimeField("lúc")

    objects = FailedSignInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "lần đăng nhập hỏng"
        indexes = [
            models.Index(fields=["username", "at"], name="failed_sign_in_recent"),
            models.Index(fields=["network", "at"], name="failed_sign_in_network"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.at}"
