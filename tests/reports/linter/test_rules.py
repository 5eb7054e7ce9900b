"""Rules one by one, where the clean texts leave something unsaid."""

import dataclasses
import datetime

import pytest

from reports.linter import Severity
from reports.linter.agencies import initials, without_place
from reports.linter.citing import mentions
from reports.linter.text import Call, Line, OfficialText, Part, Titles
from tests.reports.linter.known import TEXTS, TODAY, catalogue, departures


def text_of(*lines: str | Line, **facts) -> OfficialText:
    """A bare piece of text; strings are paragraphs."""
    told = [Line(Part.BODY, one) if isinstance(one, str) else one for one in lines]
    return OfficialText(**{"day": TODAY, "lines": tuple(told), "has_frame": False} | facts)


def headings(*labels: str) -> OfficialText:
    levels = ("capital" if label in ("A.", "B.") else "arabic" for label in labels)
    pairs = zip(labels, levels, strict=True)
    return text_of(*(Line(Part.HEADING, "Tên mục", label, level) for label, level in pairs))


def codes(text: OfficialText | str, **kw) -> list[str]:
    if isinstance(text, str):
        text = text_of(text)
    return [one.rule.code for one in departures(text, **kw)]


def mends(text: OfficialText | str, code: str) -> list[str | None]:
    if isinstance(text, str):
        text = text_of(text)
    return [one.spot.mend for one in departures(text) if one.rule.code == code]


class TestNumbering:
    @pytest.mark.parametrize(
        "labels",
        [
            ("I.", "1.", "2.", "2.1.", "2.2.", "2.2.1.", "II.", "1.", "III."),
            ("I.", "1.", "2.", "II.", "3.", "4."),
            ("1.", "1.1.", "1.2.", "2.", "2.1."),
            ("Phần I", "I.", "1.", "II.", "Phần II", "I.", "1."),
            ("Chương I", "Điều 1", "Điều 2", "Chương II", "Điều 3"),
            ("1.", "a)", "b)", "c)", "d)", "đ)", "e)", "g)", "h)", "i)", "k)", "2.", "a)"),
            ("I.", "1.1.", "1.2.", "II.", "2.1."),
            ("A.", "I.", "1.", "II.", "B.", "1.", "C.", "D.", "E."),
            ("A.", "B.", "C.", "D.", "Đ."),
            ("PHẦN I", "I.", "1.", "PHẦN II", "1."),
            ("Phần thứ nhất", "I.", "1.", "II.", "PHẦN THỨ HAI", "I.", "1."),
        ],
    )
    def test_numbers_that_follow_each_other(self, labels):
        assert codes(headings(*labels)) == []

    @pytest.mark.parametrize(
        ("labels", "right"),
        [
            (("1.", "3."), "2."),
            (("II.",), "I."),
            (("I.", "III."), "II."),
            (("1.", "2.1."), "2."),
            (("1.", "1.1.", "1.1."), "1.2."),
            (("2.2.1.", "2.2.2.", "2.2.3.4."), None),
            (("a)", "c)"), "b)"),
            (("a)", "b)", "c)", "d)", "e)"), "đ)"),
            (("a)", "f)"), "b)"),
            (("Điều 1", "Điều 3"), "Điều 2."),
            (("Phụ lục 2",), "Phụ lục II"),
            (("A.", "C."), "B."),
            (("PHẦN I", "PHẦN III"), "Phần II"),
            (("Phần thứ nhất", "Phần thứ ba"), "Phần thứ hai"),
            (("Phần thứ hai",), "Phần thứ nhất"),
        ],
    )
    def test_what_does_not(self, labels, right):
        found = mends(headings(*labels), "danh-so")
        assert found
        assert right is None or found == [right]

    @pytest.mark.parametrize(
        ("words", "right"),
        [
            ("Kết quả từng huyện tại Phụ lục 2 kèm theo.", ["Phụ lục II"]),
            ("Ban gửi kèm phụ lục số 03 và biểu số 02.", ["phụ lục III"]),
            ("Ban gửi kèm Phụ lục II; xem mục 2.", []),
            ("Làm theo mẫu tại Phụ lục 2 Thông tư hướng dẫn.", []),
        ],
    )
    def test_an_annex_named_in_the_text_has_a_roman_number(self, words, right):
        assert mends(words, "so-phu-luc") == right


class TestSymbols:
    @pytest.mark.parametrize(
        "words",
        [
            "Nghị quyết số 52-NQ/TW",
            "Kết luận số 65-KL/TW",
            "Quy định số 11-QĐi/TW",
            "Chương trình hành động số 10-CTr/TU",
            "Công văn số 3032/SKHĐT-KGVX",
            "Quyết định số 445/2013/QĐ-UBND",
            "Nghị quyết số 88/2019/QH14",
            "Luật Đầu tư công số 39/2019/QH14",
            "Thông tư liên tịch số 07/2014/TTLT-UBDT-BNV",
            "Kế hoạch số 38/KH-BCĐCĐS",
            "Nghị quyết số 32/NQ-HĐND",
            "Công văn số 1204/UBDT-KHTC",
            "Tờ trình số 12/TTr-SDTTG",
            "Thông báo số 101/TB-VPCP",
            "Nghị quyết số 1210/2016/UBTVQH13",
            "Quyết định số 04/QĐ-BCĐ",
        ],
    )
    def test_well_formed(self, words):
        assert {"ky-hieu", "loai-ky-hieu", "co-quan-ky-hieu"}.isdisjoint(
            codes(f"Thực hiện {words}, Ban đã triển khai.")
        )

    @pytest.mark.parametrize(
        ("words", "right"),
        [
            ("Quyết định số 17/QĐUBND", "17/QĐ-UBND"),
            ("Quyết định số 17 / QĐ - UBND", "17/QĐ-UBND"),
            ("Quyết định số 17/QĐ–UBND", "17/QĐ-UBND"),
            ("Quyết định số 17/QĐ/UBND", "17/QĐ-UBND"),
            ("Quyết định số 17-QĐ/UBND", "17/QĐ-UBND"),
            ("Quyết định số 17/UBND-QĐ", "17/QĐ-UBND"),
            ("Quyết định số 17/QD-UBND", "17/QĐ-UBND"),
            ("Kế hoạch số 5/KH-BDT", "05/KH-BDT"),
            ("Kế hoạch số 459/BDT", "459/KH-BDT"),
            ("Nghị quyết số 29/NQ-TW", "29-NQ/TW"),
            ("Kế hoạch số 15/2023/KH-UBND", "15/KH-UBND"),
            ("Quyết định số 1719/QĐ-TTG", "1719/QĐ-TTg"),
            ("Nghị quyết số 12/NQ-HDND", "12/NQ-HĐND"),
            ("Nghị quyết số 88/2019/QH-14", "88/2019/QH14"),
            ("Kết luận số 65/KL-TW", "65-KL/TW"),
            ("Quyết định số 12QĐ/UBND", "12/QĐ-UBND"),
            ("Kế hoạch số 12 KH-UBND", "12/KH-UBND"),
            ("Nghị quyết số 29NQ/TW", "29-NQ/TW"),
            ("Nghị định số 27/NĐ-CP/2022", "27/2022/NĐ-CP"),
            ("Nghị định số 27/2022-NĐ-CP", "27/2022/NĐ-CP"),
            ("Nghị quyết số 88/2019-QH14", "88/2019/QH14"),
            ("Nghị định số 28/2021/NĐ-CP ngày 26/4/2022 của Chính phủ", None),
        ],
    )
    def test_malformed(self, words, right):
        assert mends(f"Thực hiện {words}, Ban đã triển khai.", "ky-hieu") == [right]

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("Quyết định số 331/QĐ-UBND ngày 12/5/2023 của Bộ Nội vụ", "co-quan-ky-hieu"),
            (
                "Nghị định số 31/2020/NĐ-CP ngày 05/3/2020 của Thủ tướng Chính phủ",
                "co-quan-ky-hieu",
            ),
            ("Thông tư số 05/2021/TT-BTC ngày 05/3/2021 của Bộ Nội vụ", "co-quan-ky-hieu"),
            ("Kế hoạch số 12/QĐ-BDT ngày 05/3/2021 của Ban Dân tộc", "loai-ky-hieu"),
        ],
    )
    def test_that_do_not_fit(self, words, code):
        assert code in codes(f"Thực hiện {words} về việc tổ chức hội nghị.")

    @pytest.mark.parametrize(
        "words",
        [
            "Kế hoạch số 12/KH-UBND ngày 05/3/2021 của Chủ tịch UBND huyện Sơn Động",
            "Nghị quyết số 12/NQ-HĐND ngày 05/3/2021 của HĐND tỉnh",
            "Thông tư số 05/2021/TT-BKHĐT ngày 05/3/2021 của Bộ Kế hoạch và Đầu tư",
            "Báo cáo số 12/BC-BDT ngày 05/3/2021 của Ban Dân tộc tỉnh",
            "Báo cáo số 12/BC-HĐND ngày 05/3/2021 của Ban Dân tộc HĐND tỉnh",
            "Chỉ thị số 05-CT/TU ngày 05/3/2021 của Ban Thường vụ Tỉnh ủy",
        ],
    )
    def test_that_fit(self, words):
        assert "co-quan-ky-hieu" not in codes(f"Thực hiện {words} về việc tổ chức hội nghị.")


class TestCitations:
    @pytest.mark.parametrize(
        ("words", "code", "right"),
        [
            (
                "Theo QĐ 1719/QĐ-TTg của Thủ tướng, Ban đã làm.",
                "ten-loai-tat",
                "Quyết định số 1719/QĐ-TTg",
            ),
            (
                "Theo NĐ số 27/2022/NĐ-CP của Chính phủ, Ban đã làm.",
                "ten-loai-tat",
                "Nghị định số 27/2022/NĐ-CP",
            ),
            ("Theo Quyết định số: 12/QĐ-UBND của UBND tỉnh, Ban đã làm.", "thieu-so", " "),
            (
                "Theo Quyết định số 1719/QĐ-TTg ngày 14/10/2022 của Thủ tướng Chính phủ phê duyệt.",
                "so-van-ban",
                "14/10/2021",
            ),
            (
                "Theo Công văn số 3032/SKHDT-KGVX ngày 19/10/2023 của Sở Kế hoạch và Đầu tư.",
                "so-van-ban",
                "3032/SKHĐT-KGVX",
            ),
            ("Theo Quyết định số 1719 của Thủ tướng Chính phủ, Ban đã làm.", "thieu-ky-hieu", None),
            ("Theo Quyết định 1719 của Thủ tướng Chính phủ, Ban đã làm.", "thieu-ky-hieu", None),
        ],
    )
    def test_other_ways_to_cite_wrongly(self, words, code, right):
        assert mends(words, code) == [right]

    @pytest.mark.parametrize(
        "words",
        [
            "Theo Thông báo số 15/TB-UBND ngày 30/02/2023 của UBND tỉnh về kết luận.",
            "Theo Nghị quyết số 43/2022/NĐ-CP ngày 24/6/2022 của Quốc hội về chính sách.",
        ],
    )
    def test_another_type_of_that_number_is_not_offered(self, words):
        mended = [one for one in departures(text_of(words)) if one.has_mend]
        assert mended == []

    def test_who_proposes_in_a_document_is_its_issuer(self):
        assert codes(
            "Theo đề nghị của Sở Tài chính tại Tờ trình số 410/TTr-STC ngày 25/12/2022 về vốn."
        ) == ["chua-vao-so"]

    def test_what_is_no_citation(self):
        text = text_of(
            "Đạt tỷ lệ 01 máy tính/01 công chức, 50 người/km2, 24/7, 27/29 việc, 428/635 tỷ."
        )
        assert mentions(text, catalogue()) == []

    def test_day_and_issuer_before_the_verb_count(self):
        assert (
            codes("Ngày 04/7/2023, Ủy ban Dân tộc có Công văn số 1204/UBDT-KHTC về báo cáo.") == []
        )

    @pytest.mark.parametrize(
        "words",
        [
            "Chủ tịch UBND tỉnh ký Công văn số 1687/UBND-KGVX ngày 15/12/2022 về việc tặng quà.",
            "Theo Nghị quyết số 06/2022/NQ-HĐND ngày 12/7/2022 và Nghị quyết số 36/2022/NQ-HĐND "
            "ngày 09/12/2022 của HĐND tỉnh về vốn đối ứng.",
            "Theo Công văn số 22/UBND-VX ngày 15/4/23 của UBND huyện về việc báo cáo.",
        ],
    )
    def test_nothing_is_missing_of_what_is_said_otherwise(self, words):
        assert "dan-lan-dau" not in codes(words)

    def test_issuers_symbol_is_looked_at_where_two_share_it(self):
        assert "co-quan-ky-hieu" in codes(
            "Theo Nghị quyết số 06/NQ-UBND ngày 12/7/2022, Nghị quyết số 36/NQ-HĐND ngày "
            "09/12/2022 của HĐND tỉnh về vốn đối ứng."
        )

    def test_a_short_citation_in_a_title_is_told_in_the_note_it_calls(self):
        title = Line(Part.HEADING, "Theo Quyết định số 1719/QĐ-TTg", "1.", calls=(Call(30, 1),))
        note = "Quyết định số 1719/QĐ-TTg ngày 14/10/2021 của Thủ tướng Chính phủ phê duyệt."
        assert codes(text_of(title, Line(Part.NOTE, note, note=1))) == []
        assert codes(text_of(title)) == ["dan-lan-dau", "chu-thich"]

    def test_who_speaks_is_no_second_issuer(self):
        words = "Thực hiện Thông tư số 05/2022/TT-UBDT ngày 26/5/2022 của Ủy ban Dân tộc, "
        alone = codes(f"{words}Ban Dân tộc báo cáo kết quả như sau.")
        assert "dan-lan-dau" in alone, "no subject"
        joint = codes(f"{words}Bộ Nội vụ hướng dẫn chế độ báo cáo.")
        assert "dan-lan-dau" not in joint

    def test_number_that_returns_every_year_is_another_document(self):
        found = codes(
            text_of(
                "Thực hiện Kế hoạch số 15/KH-UBND ngày 10/02/2023 của UBND tỉnh về dân tộc.",
                "Thực hiện Kế hoạch số 15/KH-UBND ngày 11/01/2022 của UBND tỉnh về dân tộc.",
            )
        )
        assert found == ["chua-vao-so"]

    def test_a_law_is_cited_by_its_name(self):
        assert codes("Theo khoản 2 Điều 5 Luật Đầu tư công số 39/2019/QH14, Ban đã thẩm định.") == [
            "chua-vao-so"
        ]

    def test_a_document_dated_after_the_text(self):
        found = departures(
            text_of(
                "Theo Quyết định số 698/QĐ-TTg ngày 19/7/2024 của Thủ tướng Chính phủ điều chỉnh."
            )
        )
        assert [one.rule.code for one in found] == ["het-hieu-luc"]
        assert "sau ngày của văn bản này" in found[0].message

    def test_a_document_of_no_register_dated_after_the_text(self):
        assert codes(
            text_of("Theo Quyết định số 99/QĐ-TTg ngày 01/12/2023 của Thủ tướng Chính phủ về vốn.")
        ) == ["het-hieu-luc", "chua-vao-so"]

    def test_in_force_until_the_day_it_ends(self):
        words = "Theo Nghị định số 43/2011/NĐ-CP ngày 13/6/2011 của Chính phủ quy định cung cấp."
        assert codes(text_of(words, day=datetime.date(2022, 8, 14))) == []
        assert codes(text_of(words, day=datetime.date(2022, 8, 15))) == ["het-hieu-luc"]


class TestDates:
    @pytest.mark.parametrize(
        ("written", "right"),
        [
            ("ngày 5/7/2023", "05/7/2023"),
            ("ngày 28/2/2023", "28/02/2023"),
            ("ngày 1/1/2023", "01/01/2023"),
            ("ngày 5 tháng 7 năm 2023", "ngày 05 tháng 7 năm 2023"),
            ("ngày 15 tháng 1 năm 2023", "ngày 15 tháng 01 năm 2023"),
            ("ngày 5/7", "05/7"),
            ("ngày 05.7.2023", "05/7/2023"),
            ("ngày 12 / 2 / 2023", "12/02/2023"),
        ],
    )
    def test_zeros(self, written, right):
        assert mends(f"Hội nghị họp {written} tại Ban.", "ngay-thang") == [right]

    @pytest.mark.parametrize(
        ("words", "code", "right"),
        [
            ("Hội nghị họp ngày 15/4/23 tại Ban.", "nam-hai-chu-so", "15/4/2023"),
            ("Họp từ ngày 5 đến ngày 10/8/2023 tại Ban.", "ngay-le", "từ ngày 05"),
            ("Gửi báo cáo trước ngày 5 hằng tháng.", "ngay-le", "trước ngày 05"),
            ("Kết quả tháng 09/2023 tăng.", "thang", "tháng 9/2023"),
        ],
    )
    def test_days_and_months_that_stand_otherwise(self, words, code, right):
        assert mends(words, code) == [right]

    @pytest.mark.parametrize(
        "written",
        [
            "ngày 05/7/2023",
            "từ ngày 10 đến ngày 12/10/2023",
            "mỗi ngày 2 buổi",
            "ngày 30/9/2021",
            "ngày 06/02/2023",
            "ngày 02 tháng 9",
            "từ 01-05/7/2023",
        ],
    )
    def test_right_ones(self, written):
        assert codes(f"Hội nghị họp {written} tại Ban.") == []

    def test_a_month_with_a_zero_too_many_is_only_to_be_looked_at(self):
        found = departures(text_of("Hội nghị họp ngày 14/06/2023 tại Ban."))
        assert [(one.spot.mend, one.severity) for one in found] == [("14/6/2023", Severity.LOOK)]


class TestCapitals:
    @pytest.mark.parametrize(
        "words",
        [
            "Khoản 2 Điều này áp dụng cho các xã.",
            "Các đơn vị thuộc Quận 1, Phường 5 và Thành phố Hồ Chí Minh tham gia.",
            "Ủy ban nhân dân tỉnh, Tòa án nhân dân và Công an nhân dân phối hợp.",
            "Cơ quan nhà nước và ngân sách nhà nước bảo đảm kinh phí.",
            "Ban Chỉ đạo Chuyển đổi số tỉnh họp hằng tháng.",
            "Dân tộc Pu Péo, Si La, Rơ Măm và Brâu được hỗ trợ.",
            "Các sở thông tin và truyền thông trong cả nước dự họp.",
            "Báo Nhân Dân, Tỉnh Đoàn và Ban Thường vụ Tỉnh ủy dự; UBND Thành phố Hồ Chí Minh vắng.",
            "Người Dân tộc Tày và chính phủ điện tử là hai việc khác nhau.",
            "Ban Kinh tế - Xã hội của huyện, Luật sửa đổi, bổ sung một số điều năm 2019 nêu rõ.",
            "Một số hộ ở các xã Vân Sơn, Hữu Sản... còn thiếu đất.",
        ],
    )
    def test_right_ones(self, words):
        assert codes(words) == []

    @pytest.mark.parametrize(
        ("words", "right"),
        [
            ("theo Khoản 2 Điều 5", "khoản"),
            ("tại khoản 2 điều 5", "Điều"),
            ("của các xã, Huyện Sơn Động", "huyện"),
            ("do Hội đồng Nhân dân tỉnh", "Hội đồng nhân dân"),
            ("chính sách của Đảng và nhà nước", "Nhà nước"),
            ("của Bộ kế hoạch và đầu tư", "Bộ Kế hoạch và Đầu tư"),
            ("của UBND Tỉnh", "tỉnh"),
            ("của Ủy ban nhân dân Huyện Sơn Động", "huyện"),
            ("của Nhà Nước", "Nhà nước"),
            ("của bộ chính trị", "Bộ Chính trị"),
            ("của Ban thường vụ Tỉnh ủy", "Ban Thường vụ"),
            ("Chương trình mục tiêu Quốc gia", "quốc gia"),
            ("công tác Dân tộc", "dân tộc"),
            ("đồng bào Dân tộc Thiểu số và Miền núi", "dân tộc thiểu số và miền núi"),
            ("việc phát triển Kinh tế - Xã hội", "kinh tế - xã hội"),
            ("Luật đầu tư công năm 2019", "Đầu"),
            ("xong. kết quả tốt và", "Kết"),
        ],
    )
    def test_wrong_ones(self, words, right):
        found = departures(text_of(f"Ban thực hiện {words} quy định."))
        assert right in [one.spot.mend for one in found]


class TestAuthority:
    TITLES = Titles("Ban Dân tộc tỉnh Bắc Giang", "TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "BDT")

    def signed(self, *rows: str, **facts) -> OfficialText:
        lines = [Line(Part.SIGNATURE, row) for row in rows]
        return text_of(*lines, titles=self.TITLES, signer="Nhữ Văn Nam", **facts)

    @pytest.mark.parametrize(
        "rows",
        [
            ("TRƯỞNG BAN",),
            ("KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"),
            ("Q. TRƯỞNG BAN",),
            ("TL. TRƯỞNG BAN", "CHÁNH VĂN PHÒNG"),
        ],
    )
    def test_right_ones(self, rows):
        assert codes(self.signed(*rows)) == []

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            (("PHÓ TRƯỞNG BAN",), "quyen-han-ky"),
            (("KT. TRƯỞNG BAN", "TRƯỞNG PHÒNG"), "quyen-han-ky"),
            (("KT. PHÓ TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"), "quyen-han-ky"),
            (("TM. BAN DÂN TỘC", "TRƯỞNG BAN"), "quyen-han-ky"),
            (("Q. PHÓ TRƯỞNG BAN",), "quyen-han-ky"),
            (("TL. TRƯỞNG BAN",), "quyen-han-ky"),
            (("KT TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"), "quyen-han-ky"),
            (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "chuc-vu-ky"),
            (("GIÁM ĐỐC",), "chuc-vu-ky"),
            (("TM. ỦY BAN NHÂN DÂN", "PHÓ CHỦ TỊCH"), "quyen-han-ky"),
            (("TL. ỦY BAN NHÂN DÂN", "CHÁNH VĂN PHÒNG"), "quyen-han-ky"),
            (("TL. TRƯỞNG BAN", "PHÓ TRƯỞNG PHÒNG"), "quyen-han-ky"),
            (("K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"), "quyen-han-ky"),
            (("KT.TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"), "quyen-han-ky"),
            (("QUYỀN TRƯỞNG BAN",), "quyen-han-ky"),
        ],
    )
    def test_wrong_ones(self, rows, code):
        assert code in codes(self.signed(*rows))

    def test_by_authorisation_with_a_grant_of_that_day(self):
        text = self.signed("TUQ. TRƯỞNG BAN", "CHÁNH VĂN PHÒNG")
        asked = []

        def granted(signer, day):
            asked.append((signer, day))
            return day == TODAY

        assert codes(text, grants=granted) == []
        assert asked == [("Nhữ Văn Nam", TODAY)]
        later = dataclasses.replace(text, day=TODAY + datetime.timedelta(days=1))
        assert codes(later, grants=granted) == ["quyen-han-ky"]

    def test_by_authorisation_where_nobody_keeps_grants(self):
        found = departures(self.signed("TUQ. TRƯỞNG BAN", "CHÁNH VĂN PHÒNG"))
        assert [one.severity for one in found] == [Severity.LOOK]


class TestNumbers:
    @pytest.mark.parametrize(
        ("words", "right"),
        [
            ("đạt 95.2% kế hoạch", "95,2"),
            ("tổng số 12,345,678 đồng", "12.345.678"),
            ("tổng số 1,234,567.5 đồng", "1.234.567,5"),
            ("có 257273 người", "257.273"),
            ("dài 3.2 km", "3,2"),
            ("có 1,845 người", "1.845"),
        ],
    )
    def test_wrong_ones(self, words, right):
        assert mends(f"Toàn tỉnh {words} trong năm.", "so-kieu-anh") == [right]

    @pytest.mark.parametrize(
        "words",
        [
            "đạt 95,2% kế hoạch",
            "tổng số 1.845.492 người",
            "theo mục 2.1 của kế hoạch",
            "Tiểu dự án 3.2 triển khai",
            "số 1,234 tỷ đồng",
            "mật độ 1,845 người/km²",
            "năm 2021 - 2025",
            "dự án nhóm B, khu vực 3, lớp 5 xã An Lạc, quý 2 hộ tham gia",
        ],
    )
    def test_right_ones(self, words):
        assert codes(f"Toàn tỉnh {words} trong năm.") == []


class TestSlips:
    @pytest.mark.parametrize(
        "words",
        [
            "Trong năm năm qua, người người, nhà nhà thi đua; ai ai cũng biết.",
            "Gồm: a) hỗ trợ đất ở; b) hỗ trợ nhà ở; c) nước sinh hoạt.",
            "Ban đã gửi thư đến bandantoc@bacgiang.gov.vn, địa chỉ https://bandantoc.vn/a,b.",
            "Diện tích 12,5 m² và 3 km²; độ cao 1.068 m.",
            "Ban nêu ba điểm... rồi kết luận.",
            "Hệ thống “Quản lý hồ sơ” (giai đoạn 1) đã nghiệm thu.",
            "Quý II, quy hoạch và thuỷ lợi được quan tâm.",
            "(Có dự thảo Nghị quyết và phụ lục kèm theo)",
            "Có 02 hệ thống theo mô hình “4 lớp”.",
        ],
    )
    def test_right_ones(self, words):
        assert codes(words) == []

    @pytest.mark.parametrize(
        ("words", "code", "right"),
        [
            ("Ban đã họp xong.Kết quả tốt.", "dau-cach", "xong. K"),
            ("Ban đã họp( có danh sách kèm theo).", "dau-cach", "họp(c"),
            ("Ban đã họp(có danh sách kèm theo).", "cach-ngoac", "họp ("),
            ("Ban đã họp (có danh sách)và kết luận.", "cach-ngoac", ") "),
            ("Ban đã họp  bàn việc.", "hai-dau-cach", " "),
            ("Ban đã xữ lý văn bản.", "loi-chinh-ta", "xử lý"),
            (
                "Do Sở Nông nghiệp & PTNT thực hiện.",
                "loi-chinh-ta",
                "Nông nghiệp và PTNT",
            ),
            ("Ban đã trình (văn bản [1) cho tỉnh.", "ngoac", None),
        ],
    )
    def test_spaces_brackets_and_words(self, words, code, right):
        assert mends(words, code) == [right]

    @pytest.mark.parametrize(
        ("words", "right"),
        [
            ("Tæng sè hé nghÌo cña tØnh.", "Tổng số hộ nghèo của tỉnh."),
            ("Toång soá hoä ngheøo cuûa tænh.", "Tổng số hộ nghèo của tỉnh."),
            ("Tæng sè hé nghÌo của tỉnh ®iÒu tra.", None),
        ],
    )
    def test_words_of_old_fonts_are_told_in_unicode(self, words, right):
        assert mends(words, "phong-chu-cu") == [right]

    def test_what_only_looks_old_is_left(self):
        words = "Ở 5°C, ±2 m² cà phê «Café» và 3µm, quán Citroën nhà ông Müller, Brâu, Rơ Măm."
        assert mends(words, "phong-chu-cu") == []

    def test_quotes_of_two_kinds_are_told_once(self):
        assert codes('Ban đã trình "văn bản” cho tỉnh.') == ["ngoac"]

    def test_tones_in_two_ways(self):
        found = mends(text_of("Ủy ban và hòa bình, văn hóa.", "Uỷ ban họp."), "viet-hai-kieu")
        assert found == ["Ủy"]


def test_an_officers_bare_text_needs_no_frame():
    assert codes("Ban đã triển khai nhiệm vụ theo kế hoạch.") == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Bộ Lao động - Thương binh và Xã hội", "BLĐTBXH"),
        ("Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL"),
        ("Ủy ban Quốc gia về chuyển đổi số", "UBQGCĐS"),
    ],
)
def test_initials_of_an_agency(name, letters):
    assert initials(name) == letters


def test_a_name_without_its_place():
    assert without_place("Ban Dân tộc tỉnh Bắc Giang") == "Ban Dân tộc"
    assert without_place("Thủ tướng Chính phủ") == "Thủ tướng Chính phủ"


class TestBlanks:
    @pytest.mark.parametrize(
        "words", ["…", "...", "Trong quý, Ban Dân tộc đã ban hành: …", "Nhu cầu vốn: ……"]
    )
    def test_the_dots_of_an_outline_are_no_text(self, words):
        assert "cho-trong" in codes(words)

    @pytest.mark.parametrize(
        "words",
        [
            "Trồng ngô, lúa, … trên diện tích 20 ha.",
            "Tập huấn, hội nghị, v.v… được tổ chức tại huyện.",
            "Hỗ trợ máy tính, máy in...; đã nghiệm thu.",
        ],
    )
    def test_dots_that_go_on_with_a_list_are_left(self, words):
        assert "cho-trong" not in codes(words)


class TestHead:
    """The head of a text that is not the portal's own."""

    TEXT = (TEXTS / "bao-cao-huyen.txt").read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc", "quoc-hieu"),
            ("CHỦ NGHĨA VIỆT NAM", "CHỦ NGHĨA VIÊT NAM", "quoc-hieu"),
            ("ngày 05 tháng 12 năm 2023", "ngày 5 tháng 12 năm 2023", "ngay-thang"),
            ("ngày 05 tháng 12 năm 2023", "ngày 31 tháng 11 năm 2023", "ngay-khong-co"),
            ("ngày 05 tháng 12 năm 2023", "ngày 05/12/2023", "ngay-ban-hanh"),
            ("Số: 312/", "Số 312/", "so-van-ban-nay"),
            ("/BC-UBND", "/2023/BC-UBND", "ky-hieu-van-ban"),
            ("TM. ỦY BAN NHÂN DÂN\n", "", "ky-thay-mat"),
        ],
    )
    def test_one_fault_is_found_and_nothing_else(self, old, new, code):
        assert old in self.TEXT
        assert [one.rule.code for one in departures(self.TEXT.replace(old, new, 1))] == [code]

    @pytest.mark.parametrize(
        ("author", "rows", "expected"),
        [
            ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH BẮC GIANG", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", []),
            ("ỦY BAN NHÂN DÂN TỈNH BẮC GIANG", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", ["ky-thay-mat"]),
            (
                "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH BẮC GIANG",
                "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
                ["ky-thay-mat"],
            ),
        ],
    )
    def test_who_decides_says_who_signs(self, author, rows, expected):
        text = (TEXTS / "quyet-dinh.txt").read_text(encoding="utf-8")
        text = text.replace("TRƯỞNG BAN DÂN TỘC\n", f"{author}\n", 1)
        text = text.replace("\nTRƯỞNG BAN\n", f"\n{rows}\n", 1).replace("/QĐ-BDT", "/QĐ-UBND")
        assert [one.rule.code for one in departures(text)] == expected


class TestDrafting:
    @pytest.mark.parametrize(
        ("words", "note", "expected"),
        [
            (
                "Ban đang xây dựng, trình UBND tỉnh ban hành Kế hoạch.",
                "Kế hoạch số 63/KH-BDT ngày 19/01/2023 của Ban Dân tộc.",
                True,
            ),
            (
                "Ban đang xây dựng Kế hoạch thực hiện Quyết định.",
                "Quyết định số 1719/QĐ-TTg ngày 14/10/2021 của Thủ tướng Chính phủ.",
                False,
            ),
            (
                "Hiện nay, huyện đang xây dựng 05 công trình theo Quyết định.",
                "Kế hoạch số 63/KH-BDT ngày 19/01/2023 của Ban Dân tộc.",
                False,
            ),
        ],
    )
    def test_only_what_is_drafted_is_meant(self, words, note, expected):
        body = Line(Part.BODY, words, calls=(Call(len(words) - 1, 1),))
        found = codes(text_of(body, Line(Part.NOTE, note, note=1)))
        assert ("dang-soan" in found) is expected

    def test_a_day_in_the_sentence_itself(self):
        found = codes("Ban đang dự thảo Kế hoạch số 527/KH-BDT ngày 30/9/2021 của Ban Dân tộc.")
        assert "dang-soan" in found
        other = codes(
            "Ban đang xây dựng Kế hoạch thực hiện Kế hoạch số 15/KH-UBND ngày 10/02/2023 của UBND "
            "tỉnh về công tác dân tộc."
        )
        assert "dang-soan" not in other


def test_a_title_before_dashes_is_an_item_where_its_neighbours_are():
    items = (
        Line(Part.BODY, "Thời gian: từ ngày 15/5/2023.", "1.", "arabic"),
        Line(Part.HEADING, "Thành phần:", "2.", "arabic"),
        Line(Part.BODY, "Trưởng đoàn: Phó Giám đốc Sở;", "-", "bullet"),
    )
    assert codes(text_of(*items)) == []
    assert codes(text_of(*items[1:]))[-1] == "ten-muc"


def test_a_basis_needs_no_dash():
    lines = (Line(Part.BASIS, "Căn cứ Luật Ngân sách nhà nước ngày 25/6/2015.", "-"),)
    assert codes(text_of(*lines)) == ["cham-can-cu"]
