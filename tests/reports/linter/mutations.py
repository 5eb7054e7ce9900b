"""Ways to spoil a clean text: each brings in one departure, where the text has room for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

Mutate = Callable[[str], str | None]

#: A paragraph of the body without a label that ends with a full stop.
_PARAGRAPH = re.compile(
    r"(?<=\n\n)(?=[^\W\d_a-zđ])(?!Căn cứ|Xét|Theo đề nghị|Kính gửi|Nơi nhận|Số|[IVX]+\.|Điều|"
    r"[A-ZĐ ]+\n)[^\n]{70,}(?<!/)\.(?=\n\n)"
)


def once(pattern: str, right: str | Callable[[re.Match[str]], str]) -> Mutate:
    """Replace the first match; None when there is none."""

    def mutate(text: str) -> str | None:
        changed, count = re.subn(pattern, right, text, count=1, flags=re.MULTILINE)
        return changed if count else None

    return mutate


def last(pattern: str, right: Callable[[re.Match[str]], str]) -> Mutate:
    """Replace the last match."""

    def mutate(text: str) -> str | None:
        found = list(re.finditer(pattern, text, re.MULTILINE))
        if not found:
            return None
        one = found[-1]
        return text[: one.start()] + right(one) + text[one.end() :]

    return mutate


def everywhere(pattern: str, right: Callable[[re.Match[str]], str]) -> Mutate:
    """Change every occurrence of what the pattern finds first."""

    def mutate(text: str) -> str | None:
        found = re.search(pattern, text)
        return text.replace(found[0], right(found)) if found else None

    return mutate


def sentence(words: str) -> Mutate:
    """Add a sentence to the first long paragraph."""

    def mutate(text: str) -> str | None:
        found = _PARAGRAPH.search(text)
        return f"{text[: found.end()]} {words}{text[found.end() :]}" if found else None

    return mutate


def body(change: Callable[[str], str | None]) -> Mutate:
    """Change the first long paragraph."""

    def mutate(text: str) -> str | None:
        found = _PARAGRAPH.search(text)
        changed = change(found[0]) if found else None
        return text[: found.start()] + changed + text[found.end() :] if changed else None

    return mutate


def _swap(old: str, new: str) -> Callable[[str], str | None]:
    return lambda words: words.replace(old, new, 1) if old in words else None


def with_two(pattern: str, mutate: Mutate) -> Mutate:
    """Only where the text has two of them, so that they can differ."""
    return lambda text: mutate(text) if len(re.findall(pattern, text)) > 1 else None


_ISSUER = "(?:UBND tỉnh|Thủ tướng Chính phủ|Chính phủ|Ban Dân tộc|Quốc hội|Bộ Chính trị)"
_CITED = r"(?<=số )\d+/(?:\d{4}/)?[^\W\d_]+-[^\W\d_]+\b(?= ngày \d+/)"
_LATER = r"(số (\d+/KH-\w+)\b.*\n(?:.*\n)*?.*số \2)(?! ngày)"

#: Name, the rule that finds it, and the change.
MUTATIONS: tuple[tuple[str, str, Mutate], ...] = (
    ("arabic number jumps", "danh-so", last(r"^(\d)\. ", lambda m: f"{int(m[1]) + 2}. ")),
    ("arabic number twice", "danh-so", last(r"^([2-9])\. ", lambda m: f"{int(m[1]) - 1}. ")),
    ("Roman number jumps", "danh-so", last(r"^(II|III|IV)\. ", lambda m: f"{m[1]}II. "[-6:])),
    ("decimal jumps a level", "danh-so", last(r"^(\d)\.(\d)\. ", lambda m: f"{m[1]}.{m[2]}.4. ")),
    ("a letter that is none", "danh-so", last(r"^[b-eđ]\) ", lambda m: "f) ")),
    ("a letter is left out", "danh-so", last(r"^c\) ", lambda m: "d) ")),
    ("an article is left out", "danh-so", last(r"^Điều 3\.", lambda m: "Điều 4.")),
    ("no dash in the symbol", "ky-hieu", everywhere(_CITED, lambda m: m[0].replace("-", ""))),
    ("spaces in the symbol", "ky-hieu", everywhere(_CITED, lambda m: m[0].replace("-", " - "))),
    (
        "no year",
        "ky-hieu",
        everywhere(r"\d+/20\d\d/(?:NĐ|TT)-\w+", lambda m: re.sub(r"/20\d\d", "", m[0])),
    ),
    ("party number as a state one", "ky-hieu", everywhere(r"52-NQ/TW", lambda m: "52/NQ-TW")),
    ("order of the symbol", "ky-hieu", everywhere(r"15/KH-UBND", lambda m: "15/UBND-KH")),
    ("another type's symbol", "loai-ky-hieu", everywhere(r"15/KH-UBND", lambda m: "15/QĐ-UBND")),
    (
        "another type's symbol in law",
        "loai-ky-hieu",
        everywhere(r"\d+/20\d\d/NĐ-CP(?= ngày)", lambda m: m[0].replace("NĐ", "TT")),
    ),
    (
        "symbol of another issuer",
        "co-quan-ky-hieu",
        everywhere(r"\d+/(?:\d{4}/)?QĐ-TTg", lambda m: m[0].replace("TTg", "UBND")),
    ),
    (
        "symbol of the People's Committee",
        "co-quan-ky-hieu",
        everywhere(r"15/KH-UBND", lambda m: "15/KH-TTg"),
    ),
    ("without the word số", "thieu-so", once(r"(Nghị định|Kế hoạch|Quyết định) số (?=\d)", r"\1 ")),
    (
        "another day than the register's",
        "so-van-ban",
        once(r"(?<=số 15/KH-UBND ngày )10/02", "11/02"),
    ),
    ("another day of a decree", "so-van-ban", once(r"(số \d+/\d{4}/NĐ-CP ngày) \d\d/", r"\1 28/")),
    ("a digit wrong", "so-van-ban", everywhere(r"527/KH-BDT", lambda m: "257/KH-BDT")),
    (
        "first without issuer",
        "dan-lan-dau",
        once(
            rf"(số [\w/-]+ ngày [\d/]+) của {_ISSUER}",
            r"\1",
        ),
    ),
    (
        "first without a day",
        "dan-lan-dau",
        once(
            rf"(số [\w/-]+) ngày [\d/]+ (?=của {_ISSUER})",
            r"\1 ",
        ),
    ),
    (
        "later with day and issuer",
        "dan-lai",
        once(
            _LATER,
            lambda m: (
                f"{m[1]} ngày "
                f"{'10/02/2023 của UBND tỉnh' if 'UBND' in m[2] else '30/9/2021 của Ban Dân tộc'}"
            ),
        ),
    ),
    (
        "no longer in force",
        "het-hieu-luc",
        lambda text: (
            None
            if "43/2011" in text
            else sentence(
                "Nội dung này theo Nghị định số 43/2011/NĐ-CP ngày 13/6/2011 của Chính phủ quy "
                "định về việc cung cấp thông tin và dịch vụ công trực tuyến."
            )(text)
        ),
    ),
    (
        "not in the register",
        "chua-vao-so",
        sentence(
            "Ban đã triển khai Kế hoạch số 977/KH-SNV ngày 21/3/2022 của Sở Nội vụ về cải cách "
            "hành chính."
        ),
    ),
    ("a day without its zero", "ngay-thang", once(r"(?<=trước ngày )0(\d/\d)", r"\1")),
    (
        "a month with a zero too many",
        "ngay-thang",
        sentence("Việc này xong ngày 15 tháng 09 năm 2022."),
    ),
    ("a month without its zero", "ngay-thang", sentence("Việc này xong ngày 15/2/2022.")),
    (
        "a day that is none",
        "ngay-khong-co",
        once(r"(?<=trước ngày )\d\d/\d{1,2}/(\d{4})", r"31/4/\1"),
    ),
    ("month 2 without its zero", "thang", sentence("Kết quả của tháng 2/2022 cao hơn cùng kỳ.")),
    ("Khoản with a capital", "viet-hoa-khoan", once(r"(?<=[a-zđ] )khoản (?=\d)", "Khoản ")),
    ("điều without a capital", "viet-hoa-khoan", once(r"(?<=khoản \d )Điều", "điều")),
    (
        "Huyện with a capital",
        "viet-hoa-don-vi",
        once(r"(?<=[a-z,] )(?:huyện|xã)(?= [A-ZĐ][a-z])", lambda m: m[0].capitalize()),
    ),
    (
        "Nhân Dân in a committee's name",
        "viet-hoa-nhan-dan",
        once(r"Ủy ban nhân dân", "Ủy ban Nhân dân"),
    ),
    (
        "the state without a capital",
        "viet-hoa-nhan-dan",
        sentence("Đây là chủ trương của nhà nước."),
    ),
    (
        "the people without a capital",
        "viet-hoa-nhan-dan",
        sentence("Việc này cải thiện đời sống nhân dân."),
    ),
    (
        "a department's name",
        "viet-hoa-co-quan",
        once(r"Sở Thông tin và Truyền thông", "Sở Thông tin và truyền thông"),
    ),
    (
        "a ministry's name",
        "viet-hoa-co-quan",
        sentence("Việc này do Bộ Kế hoạch và đầu tư hướng dẫn."),
    ),
    (
        "Quy định with a capital",
        "viet-hoa-quy-dinh",
        sentence("Việc này làm theo Quy định của pháp luật."),
    ),
    (
        "type without a capital",
        "viet-hoa-ten-loai",
        once(
            r"(?<=[a-zệ] )(Nghị|Quyết|Thông|Kế)(?= (?:định|tư|hoạch) số \d)", lambda m: m[0].lower()
        ),
    ),
    (
        "a common noun with a capital",
        "viet-hoa-danh-tu",
        sentence("Ban quan tâm công tác Cải cách hành chính."),
    ),
    (
        "no basis",
        "can-cu",
        lambda text: (
            re.sub(r"\n\n(?:Căn cứ|Theo đề nghị|Xét)[^\n]*", "", text)
            if "Điều 1." in text
            else None
        ),
    ),
    ("a point in the basis", "cham-can-cu", once(r"(^Căn cứ [^\n]*);$", r"\1.")),
    ("no end mark", "ket-thuc", once(r"\./\.$", ".")),
    ("end mark twice", "ket-thuc", once(r"\./\.$", "././.")),
    ("end mark too early", "ket-thuc", body(lambda words: f"{words}/.")),
    ("not filed", "noi-nhan", once(r";\n- Lưu: VT[^\n]*$", ".")),
    ("filed without a colon", "noi-nhan", once(r"^- Lưu: ", "- Lưu ")),
    (
        "a recipient without its mark",
        "dau-noi-nhan",
        once(r"^(- (?:Lãnh đạo|Thường trực|Giám đốc)[^\n]*);$", r"\1"),
    ),
    (
        "a full stop in the middle",
        "dau-noi-nhan",
        once(r"^(- (?:Lãnh đạo|Thường trực|Giám đốc)[^\n]*);$", r"\1."),
    ),
    ("not addressed", "kinh-gui", once(r"^Kính gửi:(?:[^\n]*)(?:\n- [^\n]*)*\n\n", "")),
    ("addressed without Như trên", "kinh-gui", once(r"^- Như trên;\n", "")),
    (
        "a decision that is addressed",
        "kinh-gui",
        lambda text: (
            text.replace("\nCăn cứ", "\nKính gửi: UBND tỉnh.\n\nCăn cứ", 1).replace(
                "- Như Điều 3;", "- Như trên;\n- Như Điều 3;"
            )
            if "QUYẾT ĐỊNH" in text
            else None
        ),
    ),
    ("a deputy without KT.", "quyen-han-ky", once(r"^KT\. (?:TRƯỞNG BAN|GIÁM ĐỐC)\n(?=PHÓ)", "")),
    (
        "KT. without a deputy",
        "quyen-han-ky",
        once(r"^(KT\. (?:TRƯỞNG BAN|GIÁM ĐỐC))\nPHÓ ", r"\1\n"),
    ),
    (
        "TM. of one who decides alone",
        "quyen-han-ky",
        once(r"^KT\. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN", "TM. BAN DÂN TỘC\nTRƯỞNG BAN"),
    ),
    (
        "a degree before the name",
        "ten-nguoi-ky",
        once(r"(?<=\n\n)(?=[A-ZĐ]\w+ (?:Văn|Thị) \w+$)", "TS. "),
    ),
    ("an English decimal", "so-kieu-anh", once(r"(\d),(\d)(?=%| tỷ)", r"\1.\2")),
    ("English thousands", "so-kieu-anh", sentence("Tổng số là 12,345,678 đồng.")),
    ("two ways of percent", "phan-tram", with_two(r"\d%", once(r"(\d)%", r"\1 %"))),
    (
        "two dashes of years",
        "khoang-nam",
        sentence("Các giai đoạn 2011 - 2015, 2016–2020 đã tổng kết."),
    ),
    (
        "a count with one digit",
        "so-dem",
        with_two(
            r"\b0[1-9] (?:lớp|công trình|đợt|dự án|máy tính|xã|video|văn bản|cuộc|biên chế)",
            once(
                r"\b0([1-9]) (?=lớp|công trình|đợt|dự án|máy tính|xã|video|văn bản|cuộc|biên chế)",
                r"\1 ",
            ),
        ),
    ),
    (
        "a heading with a colon",
        "ten-muc",
        once(r"(^\d\. [^\n.;:]{4,40})$(?=\n\n(?!\d\.\d)[^\n]{60})", r"\1:"),
    ),
    ("an abbreviation unexplained", "viet-tat", sentence("Vùng DTTS còn nhiều khó khăn.")),
    ("a note without its stop", "cuoi-chu-thich", once(r"(^² [^\n]*)\.$", r"\1")),
    ("a note nobody calls", "chu-thich", once(r"(?<=[^\n])²", "")),
    ("a paragraph without its stop", "thieu-cham", body(lambda words: words[:-1])),
    (
        "a bracket left open",
        "ngoac",
        sentence("Kết quả này (theo báo cáo của các huyện đã được thẩm định."),
    ),
    ("a quote left open", "ngoac", sentence("Phần mềm “Quản lý hồ sơ đã được nghiệm thu.")),
    (
        "two kinds of quotes",
        "dau-ngoac-kep",
        lambda text: sentence('Phần mềm "Quản lý" đã dùng.')(text) if "“" in text else None,
    ),
    ("a word misspelt", "loi-chinh-ta", once(r"(?<=[a-zà-ỹ] )thực hiện", "thưc hiện")),
    ("HDND", "loi-chinh-ta", sentence("Việc này do HDND quyết định.")),
    ("a word twice", "lap-tu", body(_swap(" và ", " và và "))),
    ("a comma twice", "lap-dau", body(_swap(", ", ",, "))),
    ("a space before a comma", "dau-cach", body(_swap(", ", " , "))),
    ("no space after a comma", "dau-cach", sentence("Các huyện,thành phố phối hợp.")),
    (
        "letters and marks apart",
        "to-hop-dau",
        body(lambda words: unicodedata.normalize("NFD", words)),
    ),
    (
        "only a purpose",
        "cau-thieu",
        sentence("Để chủ động trong quản lý chương trình, chính sách."),
    ),
    (
        "the text's own symbol",
        "ky-hieu-van-ban",
        once(r"^(Số: \d+/)(?:BC|KH|QĐ|TTr|TB|GM)-", r"\1CTr-"),
    ),
)
