"""Whose file it is, of which dataset and period: the version mark, the titles, the names.

Only our own templates carry a mark; it is checked first and settles everything. Otherwise the
titles may say a year and a unit, and the rows say the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .layout import Layout
from .names import fold, inline, split_kind, tidy, words
from .outcome import Issue, Option, Question
from .periods import claims_of
from .source import Sheet, Source

MARK_SHEET = "_bieu_mau"
_SUMMARY = re.compile(r"\btong hop\b|\btoan huyen\b|\btoan tinh\b|\bbieu chung\b|\btong cong\b")


class Mark(NamedTuple):
    """The version mark of a template: dataset, unit, period and version it was made for."""

    dataset: str
    unit: str
    period: str
    version: str
    unit_name: str = ""
    period_label: str = ""

    def as_text(self) -> str:
        return "|".join(field.replace("|", " ") for field in self)


def mark_of_layout(layout: Layout) -> Mark:
    return Mark(
        layout.dataset,
        layout.unit,
        layout.period,
        layout.template_version,
        layout.unit_name,
        layout.period_label,
    )


def mark_of_source(source: Source) -> Mark | None:
    """The mark of a file: the hidden name of an xlsx, else the hidden sheet of any format."""
    text = source.mark
    if not text:
        for sheet in source.sheets:
            if fold(sheet.name) == fold(MARK_SHEET):
                text = str(sheet.get(0, 0))
    parts = text.split("|")
    return Mark(*parts[:6]) if len(parts) >= 4 else None


def refuse_mark(mark: Mark, layout: Layout) -> Issue | None:
    """One clear error when a template was made for something else."""
    if mark.dataset != layout.dataset:
        text = (
            f"Đây là biểu mẫu {mark.dataset}, không phải {layout.dataset} ({layout.title}). "
            "Hãy chọn đúng biểu hoặc tải lại biểu mẫu."
        )
        return _error("template_dataset", text)
    if mark.period != layout.period:
        label = mark.period_label or mark.period
        text = (
            f"Đây là biểu mẫu của kỳ “{label}”, không phải “{layout.period_label}”. "
            "Hãy tải biểu mẫu của kỳ đang nộp và chép số liệu sang."
        )
        return _error("template_period", text)
    rows, own = {unit.code for unit in layout.units}, inline(layout.unit_name)
    if mark.unit != layout.unit and mark.unit not in rows:
        text = (
            f"Đây là biểu mẫu của {inline(mark.unit_name or mark.unit)}, không phải của {own}. "
            f"Hãy tải biểu mẫu của {own} và nhập lại."
        )
        return _error("template_unit", text)
    if mark.version != layout.template_version:
        text = (
            f"Biểu mẫu này đã cũ (phiên bản {mark.version}, hiện dùng phiên bản "
            f"{layout.template_version}). Hãy tải biểu mẫu mới và chép số liệu sang."
        )
        return _error("template_version", text)
    return None


def _error(rule: str, text: str) -> Issue:
    return Issue("error", rule, text)


def years_named(titles: Iterable[str]) -> set[int]:
    """Years that titles give for the data; years of cited documents and of dates are left out."""
    return {claim.year for claim in claims_of(titles) if not claim.until}


def ask_unit(titles: list[str], layout: Layout, answers: Mapping[str, str]) -> Question | None:
    """When the titles speak of another district of the province only."""
    other = other_district(titles, layout)
    if other is None or answers.get("whose_file") == "yes":
        return None
    own = inline(layout.unit_name)
    return Question(
        id="whose_file",
        text=f"Tiêu đề trong tệp ghi “{inline(other)}”. Số liệu trong tệp có đúng là của {own} "
        "không?",
        options=(Option("yes", f"Đúng, là của {own}"), Option("no", "Không phải")),
    )


def refuse_unit(answers: Mapping[str, str], layout: Layout) -> Issue | None:
    if answers.get("whose_file") != "no":
        return None
    own = inline(layout.unit_name)
    return _error("other_unit", f"Tệp không phải số liệu của {own}. Hãy chọn đúng tệp của {own}.")


def unit_of_titles(texts: Iterable[str], layout: Layout) -> str | None:
    """The one expected unit that titles, a sheet's or a file's name speak of."""
    found: set[str] = set()
    for text in texts:
        plain = f" {words(text)} "
        for unit in layout.valid_units():
            kind_and_name = f" {words(unit.label)} "
            if unit.kind and kind_and_name in plain:
                found.add(unit.code)
    return found.pop() if len(found) == 1 else None


def is_summary(texts: Iterable[str], layout: Layout) -> bool:
    """Whether a sheet's name or titles say that it is of all units of the sender together."""
    own = f" {words(layout.unit_name)} "
    return any(_SUMMARY.search(words(text)) or own in f" {words(text)} " for text in texts)


def unit_of_name(text: str, layout: Layout) -> str | None:
    """The expected unit whose bare name stands in a sheet's or file's name, the longest first."""
    plain = f" {words(re.sub(r'[_.]+', ' ', text))} "
    found = [unit for unit in layout.valid_units() if f" {words(unit.name)} " in plain]
    longest = max((len(fold(unit.name)) for unit in found), default=0)
    codes = {unit.code for unit in found if len(fold(unit.name)) == longest}
    if not codes:
        joined = fold(text)
        near = [unit for unit in layout.valid_units() if len(fold(unit.name)) >= 5
                and fold(unit.name) in joined]  # fmt: skip
        codes = {unit.code for unit in near}
    return codes.pop() if len(codes) == 1 else None


def other_district(titles: Iterable[str], layout: Layout) -> str | None:
    """A district of the province, not ours, that the titles name as whose data these are."""
    own = fold(split_kind(layout.unit_name)[1])
    names = {unit.district_name for unit in layout.unit_by_code.values() if unit.district_name}
    if own not in {fold(split_kind(name)[1]) for name in names}:
        return None
    texts = [f" {words(title)} " for title in titles]
    if any(f" {words(split_kind(layout.unit_name)[1])} " in text for text in texts):
        return None
    for name in names:
        bare = split_kind(name)[1]
        if fold(bare) != own and any(f" huyen {bare} " in text for text in texts):
            return name
    return None


def is_ours(sheet: Sheet) -> bool:
    """A sheet of our own template that holds no data."""
    return fold(sheet.name) in {fold(MARK_SHEET), "huongdan", "ketquakiemtra"}


def unit_of_measure(titles: Iterable[str]) -> str:
    """ "hộ" of "Đơn vị tính: hộ"."""
    for title in titles:
        if match := re.search(r"(?:đơn vị tính|đvt)\s*:?\s*([^;()]{1,40})", title, re.IGNORECASE):
            return tidy(match[1]).rstrip(".")
    return ""
