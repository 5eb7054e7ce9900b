"""The themes, declared: which panels each has, and what every panel asks the explorer.

A panel's `query` is an address of the explorer (ethnic_data.exploring.selection) without what the
page's filters say. `cap=duoi` stands for the level below the unit that is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

BELOW = "duoi"
HALF, FULL = "half", "full"


@dataclass(frozen=True)
class Panel:
    """One selection with its chart. years: whether it tells of the years up to the one asked.
    is_own: a saved view, which keeps what it says itself unless the page's address says otherwise.
    """

    key: str
    title: str
    query: str
    years: bool = False
    width: str = HALF
    note: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Gone:
    """A panel whose saved view is not there, or not for this reader; `words` say which."""

    key: str
    title: str
    words: str
    width: str = HALF


@dataclass(frozen=True)
class Beside:
    """A panel that does not come from the explorer: `maker` names who makes it (see beside)."""

    key: str
    title: str
    maker: str
    permissions: tuple[str, ...]
    width: str = HALF


@dataclass(frozen=True)
class Theme:
    """A page under its slug; one of `permissions` opens it."""

    slug: str
    title: str
    lead: str
    icon: str
    panels: tuple[Panel | Beside, ...]
    permissions: tuple[str, ...] = ("ethnic_data.view",)
    is_of_today: bool = False  # begins with the running year, not with the last that has data


POPULATION = Theme(
    "dan-so",
    "Dân số và dân tộc",
    "Bao nhiêu người, thuộc dân tộc nào, sống ở đâu",
    "people",
    (
        Panel("dan-so-xa", "Dân số theo xã", "ct=D03&hang=don-vi&cap=xa&cot=ky&bd=ban-do"),
        Panel(
            "ty-le-dtts", "Tỷ lệ dân số dân tộc thiểu số",
            f"ct=D05&hang=don-vi&cap={BELOW}&cot=ky&bd=cot",
        ),
        Panel(
            "thap", "Nam và nữ các dân tộc thiểu số",
            "ct=D03&hang=dan-toc&cot=gioi-tinh&dt=minorities&bd=thap",
        ),
        Panel(
            "dan-toc-nam", "Từng dân tộc qua các năm",
            "ct=D03&hang=dan-toc&cot=ky&dt=minorities&bd=nho", years=True,
        ),
        Panel(
            "dan-toc-dia-ban", "Dân tộc theo địa bàn",
            f"ct=D03&hang=don-vi&cap={BELOW}&cot=dan-toc&bd=chong", width=FULL,
        ),
        Panel(
            "co-cau", "Quy mô, giới tính, số dân tộc",
            f"ct=D01,D06,D08,D09&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong", width=FULL,
        ),
    ),
)  # fmt: skip
POVERTY = Theme(
    "giam-ngheo",
    "Giảm nghèo",
    "Hộ nghèo ở đâu, dân tộc nào, giảm nhanh hay chậm",
    "graph-down-arrow",
    (
        Panel(
            "ban-do", "Tỷ lệ hộ nghèo dân tộc thiểu số theo xã",
            "ct=N06&hang=don-vi&cap=xa&cot=ky&bd=ban-do",
        ),
        Panel(
            "qua-nam", "Tỷ lệ hộ nghèo qua các năm",
            "ct=N06,N07&hang=ky&cot=chi-tieu&bd=duong", years=True,
        ),
        Panel(
            "dia-ban", "Tỷ lệ hộ nghèo theo địa bàn",
            f"ct=N06&hang=don-vi&cap={BELOW}&cot=ky&bd=cot",
        ),
        Panel(
            "thu-hang", "Thứ hạng qua các năm",
            f"ct=N06&hang=don-vi&cap={BELOW}&cot=ky&bd=hang", years=True,
        ),
        Panel(
            "dan-toc", "Hộ nghèo theo dân tộc",
            "ct=N01&hang=dan-toc&cot=ky&dt=minorities&bd=nho", years=True, width=FULL,
        ),
        Panel(
            "bien-dong", "Thoát nghèo, phát sinh mới, tái nghèo",
            f"ct=N03,N09,N10,N11&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong", width=FULL,
        ),
    ),
)  # fmt: skip
SERVICES = Theme(
    "ha-tang",
    "Hạ tầng và dịch vụ",
    "Điện, đường, nước, vệ sinh, chợ, nông thôn mới",
    "signpost-2",
    (
        Panel(
            "nuoc", "Hộ dùng nước hợp vệ sinh theo xã",
            "ct=H13&hang=don-vi&cap=xa&cot=ky&bd=ban-do",
        ),
        Panel(
            "ty-le", "Tỷ lệ hộ có điện, nước, nhà tiêu hợp vệ sinh",
            f"ct=H02,H13,H15&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong",
        ),
        Panel(
            "duong", "Thôn có đường cứng hoá đến trung tâm xã",
            f"ct=H11&hang=don-vi&cap={BELOW}&cot=ky&bd=cot",
        ),
        Panel(
            "nha-tieu", "Hộ theo loại nhà tiêu",
            f"ct=H14&hang=don-vi&cap={BELOW}&cot=phan-loai&bd=chong",
        ),
        Panel(
            "thon", "Thôn, đường và chợ",
            f"ct=H03,H04,H10,H06,H23&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong", width=FULL,
        ),
        Panel(
            "kho-khan", "Thôn đặc biệt khó khăn và xã nông thôn mới",
            f"ct=Z02,Z03&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong", width=FULL,
        ),
    ),
)  # fmt: skip
PEOPLES_LIFE = Theme(
    "giao-duc-y-te",
    "Giáo dục, y tế, hôn nhân",
    "Biết chữ, thẻ bảo hiểm, ngủ màn, tảo hôn và hôn nhân cận huyết",
    "mortarboard",
    (
        Panel(
            "biet-chu", "Biết đọc, biết viết chữ phổ thông",
            f"ct=G09&hang=don-vi&cap={BELOW}&cot=ky&bd=cot",
        ),
        Panel(
            "bhyt", "Dân số có thẻ bảo hiểm y tế",
            f"ct=Y05&hang=don-vi&cap={BELOW}&cot=ky&bd=cot",
        ),
        Panel(
            "tao-hon", "Tảo hôn và hôn nhân cận huyết",
            f"ct=X03,X05&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong",
        ),
        Panel("man", "Hộ ngủ có màn", f"ct=Y09&hang=don-vi&cap={BELOW}&cot=ky&bd=cot"),
        Panel(
            "truong", "Trường, điểm trường, giáo viên",
            f"ct=G01,G02,G03,G05&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong", width=FULL,
        ),
        Panel(
            "tram", "Trạm y tế", f"ct=Y01,Y02&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong",
            width=FULL,
        ),
    ),
)  # fmt: skip
OFFICIALS = Theme(
    "can-bo",
    "Cán bộ, đại biểu, người có uy tín",
    "Người dân tộc thiểu số trong bộ máy và trong cộng đồng",
    "person-badge",
    (
        Beside("danh-sach", "Theo danh sách đang quản lý", "listed", ("people.view",), FULL),
        Panel(
            "dai-bieu", "Đại biểu HĐND cấp xã là người dân tộc thiểu số",
            f"ct=C01,C02,C03&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong",
        ),
        Panel(
            "cong-chuc", "Cán bộ, công chức cấp xã",
            f"ct=C04,C05,C06&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong",
        ),
        Panel(
            "uy-tin", "Người có uy tín theo báo cáo",
            f"ct=V03&hang=don-vi&cap={BELOW}&cot=ky&bd=cot",
        ),
        Panel(
            "dang-vien", "Đảng viên", f"ct=C07,C08&hang=don-vi&cap={BELOW}&cot=chi-tieu&bd=khong"
        ),
    ),
)  # fmt: skip
PROGRAMME = Theme(
    "chuong-trinh",
    "Chương trình",
    "Vốn, giải ngân và công trình của chương trình mục tiêu",
    "graph-up-arrow",
    (
        Beside("thang", "Giải ngân theo tháng", "money_by_month", ("programs.view",), FULL),
        Beside("du-an", "Theo dự án", "money_by_component", ("programs.view",), FULL),
        Beside("dia-ban", "Theo địa bàn", "money_by_area", ("programs.view",), FULL),
        Beside("nguon", "Theo nguồn vốn", "money_by_source", ("programs.view",), FULL),
    ),
    ("programs.view",),
    is_of_today=True,
)
PROGRESS = Theme(
    "tien-do",
    "Tiến độ số liệu",
    "Biểu nào đã duyệt, biểu nào còn thiếu, xã nào đủ",
    "grid-3x3",
    (Beside("don-vi", "Biểu đã duyệt theo đơn vị", "completeness", ("collection.view",), FULL),),
    ("collection.view",),
)
PAPERS = Theme(
    "van-ban",
    "Văn bản và báo cáo",
    "Báo cáo đến hạn, đã phát hành, trễ hạn; văn bản theo sổ",
    "journal-text",
    (
        Beside("den-han", "Báo cáo đến hạn và quá hạn", "reports_due", ("reports.view",), FULL),
        Beside("phat-hanh", "Báo cáo trong năm", "reports_by_state", ("reports.view",)),
        Beside("so-van-ban", "Văn bản theo sổ", "papers_by_register", ("documents.view",)),
    ),
    ("reports.view",),
    is_of_today=True,
)

THEMES = (
    POPULATION,
    POVERTY,
    SERVICES,
    PEOPLES_LIFE,
    OFFICIALS,
    PROGRAMME,
    PROGRESS,
    PAPERS,
)
BY_SLUG = {theme.slug: theme for theme in THEMES}
