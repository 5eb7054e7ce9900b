"""The published tables typed into workbooks the way their sources print them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from ethnic_data.services.files import rows_of


def dots(number: str) -> str:
    """ "3.612.331": the number style of the survey's tables."""
    return f"{int(number):,}".replace(",", ".")


def commas(number: str) -> str:
    """ "82,085,826": that of the statistics office's tables; nothing where nothing is printed."""
    return "" if not number else f"{int(number):,}"


def spaces(number: str) -> str:
    """ "8 053 663": that of the census volumes."""
    return f"{int(number):,}".replace(",", " ")


def sheet(titles: Sequence[str]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    page = book.active
    for title in titles:
        page.append([title])
    page["A1"].font = Font(bold=True)
    return book, page


def content(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def population_2019() -> bytes:
    """Bắc Giang by group; the total first, minorities as "Trong đó", shares beside."""
    rows = rows_of("published/bac_giang_population_by_group_2019.csv")
    book, page = sheet(
        [
            "Biểu 2.",
            "DÂN SỐ CHIA THEO DÂN TỘC, TỈNH BẮC GIANG",
            "(Kết quả toàn bộ Tổng điều tra dân số và nhà ở, thời điểm 01/4/2019)",
            "Đơn vị tính: Người",
        ]
    )
    page.append(["Số TT", "Dân tộc", "Dân số", "Tỷ lệ (%)"])
    page.append(["A", "B", "1", "2"])
    page.append(["", "TỔNG SỐ", spaces("1803950"), "100,0"])
    page.append(["", "Trong đó: Dân tộc thiểu số", spaces("257273"), "14,3"])
    for n, row in enumerate(rows, start=1):
        share = row["pct_1dp_rerounded_by_dataset"].replace(".", ",")
        page.append([n, row["name"], spaces(row["population"]), share])
    page.append([])
    page.append(["Nguồn: Tổng cục Thống kê, Kết quả toàn bộ Tổng điều tra năm 2019, Biểu 2"])
    return content(book)


def minorities_2014() -> bytes:
    """Count and share in one cell; one merged number for Sán Chí and Cao Lan; the total last."""
    rows = rows_of("published/bac_giang_minorities_2014.csv")
    book, page = sheet(
        ["CÁC DÂN TỘC THIỂU SỐ TRÊN ĐỊA BÀN TỈNH BẮC GIANG", "(Số liệu năm 2014)", ""]
    )
    page.append(["TT", "Dân tộc", "Số người (tỷ lệ %)"])
    for row in rows:
        figure = f"{dots(row['population'])} ({row['pct_of_dtts_printed']}%)"
        if not row["name"].startswith("Sán Chay"):
            page.append([page.max_row - 3, row["name"], figure])
            continue
        page.append([page.max_row - 3, "Sán Chí", figure])
        page.append([page.max_row - 3, "Cao Lan"])
        page.merge_cells(f"C{page.max_row - 1}:C{page.max_row}")
    page.append(["", "Tổng cộng", dots("200538")])
    page.append(["Ghi chú: tỷ lệ trong ngoặc là so với tổng số người dân tộc thiểu số."])
    return content(book)


def household_size() -> bytes:
    """Biểu 4a: two rows of headings, "A B 1 2", the total first."""
    rows = rows_of("published/survey_2019_bieu_4a_household_size.csv")
    book, page = sheet(
        [
            "Biểu 4a.",
            "Số hộ dân tộc thiểu số chia theo quy mô hộ và dân tộc, cả nước, thời điểm 01/4/2019",
            "Đơn vị tính: Hộ",
        ]
    )
    page.append(["Mã", "Dân tộc", "Tổng số hộ", "Chia theo quy mô hộ"])
    page.append(["", "", "", "Hộ 1 người", "Hộ 2 người", "Hộ 3 người"])
    for cells in ("A4:A5", "B4:B5", "C4:C5", "D4:F4"):
        page.merge_cells(cells)
    page.append(["A", "B", "1", "2", "3", "4"])
    fields = ("households_total", "size_1", "size_2", "size_3")
    for row in rows:
        page.append([row["code"], row["name"], *(dots(row[field]) for field in fields)])
    page.append([])
    page.append(["Nguồn: Điều tra 53 dân tộc thiểu số năm 2019"])
    return content(book)


def toilets_kon_tum() -> bytes:
    """Biểu 56: the province first, then its districts; blank where there is nothing."""
    rows = rows_of("published/survey_2019_bieu_56_toilet_kon_tum.csv")
    book, page = sheet(
        [
            "Biểu 56.",
            "Số hộ dân tộc thiểu số chia theo loại hố xí chính, tỉnh Kon Tum, 1/10/2019",
            "Đơn vị tính: hộ",
        ]
    )
    page.append(["Tên đơn vị", "Tổng số", "Chia theo loại hố xí chính"])
    page.append(["", "", "Tự hoại/bán tự hoại", "Khác", "Không có"])
    for cells in ("A4:A5", "B4:B5", "C4:E4"):
        page.merge_cells(cells)
    page.append(["A", "1", "2", "3", "4"])
    for row in rows:
        figures = [row[field] for field in ("total", "septic_or_semi", "other", "none")]
        page.append([row["unit"], *(int(f) if f != "0" else None for f in figures)])
    page.append([])
    page.append(["Nguồn: Ban Dân tộc tỉnh Kon Tum, Biểu 35-68"])
    return content(book)


def groups_of_the_nation() -> bytes:
    """Two censuses side by side, the growth printed for some groups only, the total last."""
    rows = rows_of("published/viet_nam_54_groups_2009_2019.csv")
    book, page = sheet(
        [
            "DÂN SỐ CÁC DÂN TỘC VIỆT NAM",
            "Tổng điều tra dân số và nhà ở ngày 01/4/2009 và ngày 01/4/2019",
            "Đơn vị tính: Người",
        ]
    )
    page.append(["TT", "Dân tộc", "Dân số", "", "Tăng bình quân năm (%)"])
    page.append(["", "", "1/4/2009", "1/4/2019", ""])
    for cells in ("A4:A5", "B4:B5", "C4:D4", "E4:E5"):
        page.merge_cells(cells)
    page.append(["(1)", "(2)", "(3)", "(4)", "(5)"])
    for row in rows:
        counts = [commas(row["pop_2009"]), commas(row["pop_2019"])]
        page.append([row["code"], row["name"], *counts, row["growth_printed"]])
    return content(book)
