"""The report of 2023 as it was issued: every one of its own faults is found, with its mend."""

import pytest

from reports.linter import Severity
from tests.reports.linter.known import departures, read
from tests.reports.printed_sample import TEXT_FILE

#: What is wrong with the sample: the rule, the words quoted, and what is offered instead.
FAULTS = {
    "2.2.3.4 after 2.2.2": ("danh-so", "2.2.3.4.", "2.2.3."),
    "a decision's symbol without its dash": ("ky-hieu", "17/QĐUBQGCDĐT", "17/QĐ-UBQGCĐS"),
    "a symbol that is not the committee's": ("co-quan-ky-hieu", "330/QĐ-UBND", "330/QĐ-UBDT"),
    "a symbol that is not the steering body's": (
        "co-quan-ky-hieu",
        "38/KH-BCĐCĐĐT",
        "38/KH-BCĐCĐS",
    ),
    "a plan without the word số": ("thieu-so", "Kế hoạch 459/KH-BDT", "Kế hoạch số 459/KH-BDT"),
    "February without its zero": ("ngay-thang", "28/2/2023", "28/02/2023"),
    "date and title of 2289 again and again": (
        "dan-lai",
        "ngày 31/12/2020 của Thủ tướng Chính phủ, ban hành Chiến lược",
        "",
    ),
    "the letter that asked, without its subject": (
        "dan-lan-dau",
        "ngày 19/10/2023 của Sở Kế hoạch và Đầu tư",
        "về việc báo cáo kết quả",
    ),
    "decision 17 without its subject": ("dan-lan-dau", "Quyết định số 17/", None),
    "plan 38 without its subject": ("dan-lan-dau", "Kế hoạch số 38/", None),
    "decision 445 without its subject": (
        "dan-lan-dau",
        "ngày 03/9/2013 của UBND tỉnh",
        "về tiêu chuẩn cán bộ",
    ),
    "plan 527 without its issuer": ("dan-lan-dau", "ngày 30/9/2021", "của Ban Dân tộc"),
    "plan 642 without its issuer": ("dan-lan-dau", "ngày 05/11/2021", "của Ban Dân tộc"),
    "plan 63 without its issuer": ("dan-lan-dau", "ngày 06/02/2023", "của Ban Dân tộc"),
    "plan 124 by the chairman": ("so-van-ban", "Chủ tịch UBND tỉnh", "UBND tỉnh"),
    "a decree that ended in 2022": ("het-hieu-luc", "Nghị định số 43/2011/NĐ-CP", None),
    "a plan still being drafted, issued in July": ("dang-soan", "đang chủ tham mưu", None),
    "chủ tham mưu": ("loi-chinh-ta", "chủ tham mưu", "chủ trì, tham mưu"),
    "Công thông tin": ("loi-chinh-ta", "Công thông tin", "Cổng thông tin"),
    "HDND": ("loi-chinh-ta", "HDND", "HĐND"),
    "Khoa học & Công nghệ": ("loi-chinh-ta", "Khoa học & Công nghệ", "Khoa học và Công nghệ"),
    "a department's capitals": (
        "viet-hoa-co-quan",
        "Sở Thông tin và truyền thông",
        "Sở Thông tin và Truyền thông",
    ),
    "a steering body's capitals": (
        "viet-hoa-co-quan",
        "Ban chỉ đạo chuyển đổi số",
        "Ban Chỉ đạo Chuyển đổi số",
    ),
    "theo Quy định tại": ("viet-hoa-quy-dinh", "Quy định", "quy định"),
    "Chuyển đổi số inside sentences": ("viet-hoa-danh-tu", "Chuyển đổi số", "chuyển đổi số"),
    "Thủ tục hành chính inside a sentence": (
        "viet-hoa-danh-tu",
        "Thủ tục hành chính",
        "thủ tục hành chính",
    ),
    "a paragraph without its stop": ("thieu-cham", "tỉnh", "tỉnh."),
    "note 2 without its stop": ("cuoi-chu-thich", "Giang", "Giang."),
    "note 4 with a semicolon": ("cuoi-chu-thich", "tộc;", "tộc."),
    "three dashes of years": ("khoang-nam", "2021 - 2025", "2021-2025"),
    "CNTT": ("viet-tat", "CNTT", "công nghệ thông tin (CNTT)"),
    "TTHC": ("viet-tat", "TTHC", "thủ tục hành chính (TTHC)"),
    "DTTS": ("viet-tat", "DTTS", "dân tộc thiểu số (DTTS)"),
    "KT-XH": ("viet-tat", "KT-XH", "kinh tế - xã hội (KT-XH)"),
    "a paragraph between bullets": ("gach-dau-dong", "Do không được giao", None),
    "a heading with a colon": ("ten-muc", "Thuận lợi:", "Thuận lợi"),
    "internet and Internet": ("viet-hai-kieu", "internet", "Internet"),
    "cán bộ công chức": ("viet-hai-kieu", "cán bộ công chức", "cán bộ, công chức"),
    "a sentence of purpose only": ("cau-thieu", "Để chủ động trong công tác khai thác", None),
}


@pytest.fixture(scope="module")
def sample():
    return read(TEXT_FILE.read_text(encoding="utf-8"), is_markdown=True)


@pytest.fixture(scope="module")
def found(sample):
    return departures(sample)


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_is_found_with_its_mend(found, name):
    code, quote, mend = FAULTS[name]
    mends = [one.spot.mend for one in found if one.rule.code == code and quote in one.quote]
    assert mends, f"{code} {quote}"
    if mend is None:
        assert None in mends
    else:
        assert any(offered is not None and mend in offered for offered in mends)


def test_at_least_sixteen_departures_are_listed():
    assert len(FAULTS) >= 16


def test_the_repetition_is_one_departure_that_counts(found):
    repeated = [one for one in found if one.rule.code == "dan-lai"]
    assert len(repeated) == 1
    assert "7 lần, trong đó 3 lần cả trích yếu" in repeated[0].message
    assert len(repeated[0].spots) == 7


def test_nothing_is_listed_that_is_not_a_fault(found):
    named = {(code, quote) for code, quote, _ in FAULTS.values()}
    stray = [
        f"{one.rule.code}: {one.quote}"
        for one in found
        if not any(code == one.rule.code and quote in one.quote for code, quote in named)
    ]
    assert stray == ["viet-hoa-danh-tu: Một cửa"]


def test_what_fits_passes(found):
    """The year in 445/2013/QĐ-UBND, the sub-line with an address, KT. over the deputy."""
    quotes = " ".join(one.quote for one in found)
    assert "445/2013" not in quotes
    assert "phong_vx" not in quotes
    assert {"quyen-han-ky", "noi-nhan", "kinh-gui", "ket-thuc", "can-cu"}.isdisjoint(
        one.rule.code for one in found
    )


def test_every_departure_names_rule_and_article(found):
    for one in found:
        assert one.rule.name
        assert one.rule.article
        assert one.severity in Severity
        assert one.message.endswith((".", "”."))
