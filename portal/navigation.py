"""What the frame of every page shows: the table of entries, and who may see which.

Rooms are named by URL name only, so that this file knows no other app. An entry whose room is not
there yet is left out; a test says which those are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from portal.units.models import IssuingAgency

if TYPE_CHECKING:
    from portal.accounts.models import User

PORTAL_NAME = "Cổng thông tin công tác dân tộc"
NARROW_COOKIE = "danh-muc"


@dataclass(frozen=True)
class Entry:
    """One place in the left navigation; one of `permissions` opens it, none means everybody.

    `also`: how addresses begin that belong to it without standing below its own.
    """

    label: str
    icon: str
    url_name: str
    permissions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """An entry as one page shows it: where it leads, whether one is there or below it."""

    label: str
    icon: str
    url: str
    current: bool
    exact: bool
    nearness: int = 0  # how much of the address of the page it knows as its own


@dataclass(frozen=True)
class Group:
    """A heading of the left navigation with its entries."""

    label: str
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        "Tổng quan",
        (
            Entry("Việc của tôi", "inbox", "reports:home", also=("/so-lieu/thong-bao",)),
            Entry("Tổng quan điều hành", "speedometer2", "reports:dashboard", ("dashboards.view",)),
            Entry("Chuyên đề", "bar-chart-line", "reports:theme_index", ("ethnic_data.view",)),
        ),
    ),
    Group(
        "Số liệu",
        (
            Entry(
                "Nộp số liệu",
                "upload",
                "collection:submission_list",
                ("collection.enter",),
                ("/so-lieu/bo", "/so-lieu/tep", "/dan-toc/he-thong-cu"),
            ),
            Entry(
                "Duyệt số liệu",
                "check2-square",
                "collection:review_list",
                ("collection.review",),
            ),
            Entry(
                "Tình hình nộp",
                "grid-3x3",
                "collection:completeness",
                ("collection.view",),
                ("/so-lieu/bo", "/so-lieu/tep", "/so-lieu/dung-han", "/so-lieu/gia-han"),
            ),
            Entry(
                "Khám phá số liệu",
                "table",
                "ethnic_data:explorer",
                ("ethnic_data.view",),
                ("/dan-toc/so-lieu",),
            ),
            Entry(
                "Biểu đã công bố",
                "book",
                "ethnic_data:published_list",
                ("ethnic_data.view",),
                ("/dan-toc/dieu-tra",),
            ),
            Entry(
                "Người có uy tín",
                "person-badge",
                "ethnic_data:prestigious_list",
                ("people.view",),
                ("/dan-toc/nhap-danh-sach", "/dan-toc/nhap-tep", "/dan-toc/nhat-ky-danh-sach"),
            ),
            Entry(
                "Đại biểu HĐND",
                "person-vcard",
                "ethnic_data:deputy_list",
                ("people.view",),
                ("/dan-toc/nhap-danh-sach/dai-bieu",),
            ),
            Entry("Dân tộc", "people", "ethnic_data:group_list", ("ethnic_data.view",)),
            Entry("Chỉ tiêu", "list-columns", "ethnic_data:indicator_list", ("ethnic_data.view",)),
            Entry(
                "Biểu số liệu",
                "ui-checks-grid",
                "ethnic_data:dataset_list",
                ("collection.design",),
                ("/so-lieu/quy-tac", "/dan-toc/phan-loai"),
            ),
            Entry("Đơn vị hành chính", "geo-alt", "units:list", ("units.view",)),
        ),
    ),
    Group(
        "Chương trình mục tiêu",
        (
            Entry(
                "Vốn và tiến độ",
                "graph-up-arrow",
                "programs:dashboard",
                ("programs.view",),
                ("/chuong-trinh",),
            ),
            Entry(
                "Kế hoạch vốn",
                "cash-stack",
                "programs:plan_list",
                ("programs.view",),
                ("/chuong-trinh/von",),
            ),
            Entry("Công trình", "buildings", "programs:works_list", ("programs.view",)),
            Entry("Mục tiêu", "bullseye", "programs:target_list", ("programs.view",)),
        ),
    ),
    Group(
        "Báo cáo, văn bản",
        (
            Entry(
                "Báo cáo",
                "file-earmark-text",
                "reports:report_list",
                ("reports.view",),
                ("/don-doc",),
            ),
            Entry(
                "Công việc của Ban",
                "list-check",
                "reports:office",
                ("reports.view",),
            ),
            Entry("Đề cương", "list-nested", "reports:template_list", ("reports.view",)),
            Entry("Phiếu hàng loạt", "files", "reports:batch_list", ("reports.view",)),
            Entry("Chờ ký", "pen", "reports:signing_queue", ("reports.sign",)),
            Entry(
                "Sổ văn bản",
                "journal-text",
                "documents:document_list",
                ("documents.view",),
                ("/ban-sao",),
            ),
            Entry("Giải quyết văn bản", "reply", "documents:assignment_list", ("reports.view",)),
            Entry(
                "Hồ sơ công việc",
                "folder",
                "documents:case_file_list",
                ("reports.view",),
                ("/van-ban/thoi-han",),
            ),
            Entry("Kiểm tra thể thức", "card-checklist", "reports:text_check", ("reports.view",)),
        ),
    ),
    Group(
        "Hệ thống",
        (
            Entry(
                "Tài khoản",
                "person-gear",
                "accounts:user_list",
                ("accounts.manage", "accounts.audit"),
                ("/so-lieu/ban-giao",),
            ),
            Entry(
                "Chứng thư số",
                "shield-lock",
                "reports:certificate_list",
                ("reports.certificates",),
            ),
            Entry("Cấp duyệt, khoá sổ", "layers", "collection:level_list", ("collection.design",)),
            Entry(
                "Góp ý, báo lỗi",
                "chat-left-text",
                "public:feedback_list",
                ("accounts.manage", "documents.edit"),
            ),
        ),
    ),
)

PUBLIC_LINKS = (
    Entry("Trang chủ", "house", "public:home"),
    Entry("Văn bản", "journal-text", "public:document_list"),
    Entry("Xác thực văn bản", "patch-check", "reports:verify"),
)

ACCOUNT_LINKS = (
    Entry("Thông báo", "bell", "collection:notices"),
    Entry(
        "Uỷ quyền",
        "person-check",
        "collection:delegations",
        ("collection.submit", "collection.review"),
    ),
    Entry("Đổi mật khẩu", "key", "accounts:password"),
    Entry("Mã truy cập", "plug", "accounts:token_list"),
)


_also_opened: dict[str, Callable[[User], bool]] = {}


def open_also(url_name: str, to: Callable[[User], bool]) -> None:
    """Open an entry to those people too for whom `to` says so, whatever their role.

    For rooms that a row opens for some days, and that this file does not know.
    """
    _also_opened[url_name] = to


@lru_cache
def address(url_name: str) -> str:
    """Return the URL of a room, or an empty text while the room does not exist."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def shown_entry(entry: Entry, path: str) -> Shown | None:
    """Return what the templates need of one entry, or None when there is no such room yet."""
    url = address(entry.url_name)
    if not url:
        return None
    own = [beginning for beginning in (url, *entry.also) if belongs(path, beginning)]
    nearness = max(map(len, own), default=0)
    return Shown(entry.label, entry.icon, url, bool(own), path == url, nearness)


def belongs(path: str, beginning: str) -> bool:
    """Whether `path` is that address or stands below it; the front page has nothing below."""
    return path == beginning or (
        beginning != "/" and path.startswith(f"{beginning.removesuffix('/')}/")
    )


def shown_entries(entries: tuple[Entry, ...], request: HttpRequest) -> list[Shown]:
    """Return the entries this user may see."""
    allowed = (entry for entry in entries if is_open(entry, request))
    return [shown for entry in allowed if (shown := shown_entry(entry, request.path))]


def is_open(entry: Entry, request: HttpRequest) -> bool:
    user = request.user
    if not entry.permissions or any(user.has_perm(name) for name in entry.permissions):
        return True
    also = _also_opened.get(entry.url_name)
    return also is not None and user.is_authenticated and also(user)


def shown_groups(request: HttpRequest) -> list[tuple[str, list[Shown]]]:
    """Return the left navigation; only the nearest is current, of equals the first."""
    groups = [(group.label, shown_entries(group.entries, request)) for group in GROUPS]
    current = [entry for _, entries in groups for entry in entries if entry.current]
    nearest = max(current, key=lambda entry: entry.nearness, default=None)
    return [
        (label, [replace(entry, current=entry is nearest) for entry in entries])
        for label, entries in groups
        if entries
    ]


def feedback_address(request: HttpRequest) -> str:
    """Return where "Báo lỗi / hỏi" leads, with the page and the support code of this request."""
    url = address("public:feedback")
    sent = {"trang": request.get_full_path(), "ma": getattr(request, "support_code", "")}
    return f"{url}?{urlencode(sent)}" if url else ""


def agency_name() -> str:
    """The agency in full, as it is named on the day the pages speak of."""
    agency = shown_agency()
    return agency.full_name if agency else PORTAL_NAME


def agency_parent() -> str:
    agency = shown_agency()
    return f"Ủy ban nhân dân tỉnh {agency.place}" if agency else ""


def shown_agency() -> IssuingAgency | None:
    """Asked of the database once in five minutes and process, not once a page."""
    return cache.get_or_set("shown-agency", IssuingAgency.objects.shown, 300)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: everything base_staff.html and base_public.html show around a page."""
    context: dict[str, Any] = {
        "agency_name": SimpleLazyObject(agency_name),
        "agency_parent": SimpleLazyObject(agency_parent),
        "search_url": address("reports:search"),
        "suggestions_url": address("reports:search_suggestions"),
        "sign_in_url": address("accounts:login"),
        "feedback_url": feedback_address(request),
        "support_code": getattr(request, "support_code", ""),
    }
    user = getattr(request, "user", None)
    if user is None:
        return context
    context["public_links"] = shown_entries(PUBLIC_LINKS, request)
    if not user.is_authenticated:
        return context
    return context | {
        "navigation": shown_groups(request),
        "navigation_narrow": request.COOKIES.get(NARROW_COOKIE) == "gon",
        "home_url": address("home") or "/",
        "waiting_url": address("reports:home"),
        "waiting_count_url": address("reports:waiting_count"),
        "account_name": user.get_full_name() or user.get_username(),
        "account_role": user.title or user.get_role_display(),
        "account_links": shown_entries(ACCOUNT_LINKS, request),
        "sign_out_url": address("accounts:logout"),
    }
