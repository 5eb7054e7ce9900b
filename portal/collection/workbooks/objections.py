"""What stands against a file as a whole: whose rows, which units, which columns are wanting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .cleaned import Checked
from .finding import Finding
from .grid import letters
from .layout import MEASURE_ROWS, Layout, RowUnit
from .names import inline
from .outcome import Issue, Option, Question
from .rows import Harvest, Stray

FEW = 3


def stray_rows(strays: Sequence[Stray], harvest: Harvest, layout: Layout) -> Iterator[Issue]:
    """Rows of other districts: one sentence for many, one for each of a few."""
    if not strays:
        return
    known = layout.known_by_code
    districts = sorted({known[stray.code].district_name for stray in strays} - {""})
    where = ", ".join(map(inline, districts)) or "nơi khác"
    own, noun = inline(layout.unit_name), layout.row_noun
    if not harvest.entries.keys:
        text = (
            f"Tệp này có {len(strays)} {noun} của {where}, không có {noun} nào của "
            f"{own}. Hãy chọn đúng tệp của {own}."
        )
        yield Issue("error", "other_unit", text)
    elif len(strays) > FEW:
        first = strays[0]
        text = (
            f"Tệp có {len(strays)} dòng của {where} (từ ô {first.cell}). "
            f"Hãy chỉ để lại các dòng của {own}."
        )
        yield Issue("error", "other_unit", text, first.sheet, first.cell, value=first.label)
    else:
        for stray in strays:
            issue = Issue("error", "other_unit", _stray(stray, layout), stray.sheet, stray.cell)
            yield issue._replace(value=stray.label, unit=stray.code)


def _stray(stray: Stray, layout: Layout) -> str:
    unit = layout.known_by_code[stray.code]
    if not unit.valid:
        return f"Ô {stray.cell}: {_gone(unit, layout)} Hãy sửa hoặc xoá dòng này."
    of = f" thuộc {inline(unit.district_name)}," if unit.district_name else ""
    return (
        f"Ô {stray.cell}: {unit.label}{of} không thuộc {inline(layout.unit_name)}. "
        "Hãy xoá dòng này."
    )


def _gone(unit: RowUnit, layout: Layout) -> str:
    note = f" ({unit.note})" if unit.note else ""
    period = layout.period_label[:1].lower() + layout.period_label[1:]
    return f"{unit.label} không có trong kỳ {period}{note}."


def units_of_other_times(checked: Checked, layout: Layout) -> Iterator[Issue]:
    """Rows of units that did not exist in the period; they are refused."""
    for index, key in enumerate(checked.entries.keys):
        unit = layout.unit_by_code.get(key.unit)
        if unit is None or unit.valid:
            continue
        place = checked.entries.places[index]
        where = f"Dòng {place.row + 1}: " if place.row >= 0 else ""
        text = f"{where}{_gone(unit, layout)} Hãy sửa hoặc xoá dòng này."
        checked.refused.add(index)
        issue = Issue("error", "unit_period", text, place.sheet, value=unit.label)
        yield issue._replace(unit=unit.code, group=key.group)


def hidden_rows(harvest: Harvest) -> Iterator[Issue]:
    """A remark for each sheet whose hidden rows were read."""
    rows: dict[str, list[int]] = {}
    for sheet, row in harvest.hidden:
        rows.setdefault(sheet, []).append(row + 1)
    for sheet, numbers in rows.items():
        shown = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
        text = f"Trang tính “{sheet}” có dòng ẩn vẫn được đọc: {shown}. Hãy kiểm tra lại."
        yield Issue("warning", "hidden_rows", text, sheet)


def hidden_columns(finding: Finding) -> Iterator[Issue]:
    """A remark for each sheet whose hidden columns were read."""
    for table in finding.tables:
        sheet = table.grid.sheet
        kept = {column.key for column in finding.layout.entered}
        read = [column for column in sorted(table.meanings) if column in sheet.hidden_columns]
        values = [column for column in read if table.meanings[column].key in kept]
        if values:
            shown = ", ".join(map(letters, values[:10])) + (" …" if len(values) > 10 else "")
            text = f"Trang tính “{sheet.name}” có cột ẩn vẫn được đọc: {shown}. Hãy kiểm tra lại."
            yield Issue("warning", "hidden_columns", text, sheet.name)


def only_hidden(finding: Finding, layout: Layout) -> Issue | None:
    """The table stands on a hidden sheet only: nobody sees what would be stored."""
    for warning in finding.warnings:
        if warning.rule == "hidden_sheet":
            text = (
                f"Bảng số liệu của {layout.title} nằm ở trang tính ẩn “{warning.sheet}” nên không "
                "được đọc. Hãy bỏ ẩn trang tính, kiểm tra số liệu, lưu và tải lên lại."
            )
            return Issue("error", "hidden_sheet", text, warning.sheet)
    return None


def missing_columns(finding: Finding, harvest: Harvest, layout: Layout) -> Iterator[Issue]:
    """Required columns that no table has, unless a question may still bring them."""
    for table in finding.measure_tables:
        if table.value_column is None and not table.questions:
            text = (
                f"Không thấy cột số liệu của {layout.period_label} cạnh cột chỉ tiêu. "
                "Hãy dùng biểu mẫu tải từ cổng."
            )
            yield Issue("error", "no_values", text, table.grid.sheet.name)
    offered = {
        option.value
        for question in harvest.questions.values()
        if question.id.startswith(("column:", "row:"))
        for option in question.options
    } | {ident.removeprefix("derive:") for ident in harvest.questions}
    found = finding.keys | offered | harvest.keys_in_rows
    missing = [column for column in layout.entered if column.required and column.key not in found]
    word = "chỉ tiêu" if layout.rows == MEASURE_ROWS else "cột"
    if len(missing) > FEW:
        names = ", ".join(f"“{column.heading}”" for column in missing)
        text = (
            f"Tệp thiếu {len(missing)} {word} của {layout.title}: {names}. "
            "Hãy kiểm tra đã chọn đúng biểu chưa, hoặc dùng biểu mẫu tải từ cổng."
        )
        yield Issue("error", "missing_column", text)
        return
    for column in missing:
        text = f"Thiếu {word} “{column.heading}”. Hãy thêm {word} này hoặc dùng biểu mẫu."
        issue = Issue("error", "missing_column", text, heading=column.heading)
        yield issue._replace(column=column.key)


def columns_aside(finding: Finding) -> Iterator[Issue]:
    """One remark for each sheet with columns of numbers that nobody recognised."""
    aside: dict[str, dict[str, str]] = {}
    for table in finding.tables:
        for column in table.aside:
            heading = " / ".join(table.block.paths[column])
            aside.setdefault(table.grid.sheet.name, {})[letters(column)] = heading
    for sheet, columns in aside.items():
        shown = "; ".join(f"{letter} “{name[:60]}”" for letter, name in [*columns.items()][:8])
        more = f" và {len(columns) - 8} cột khác" if len(columns) > 8 else ""
        text = (
            f"Cột có số nhưng không có trong biểu nên không được lấy: {shown}{more}. "
            "Nếu đó là số liệu của biểu, hãy chọn lại cột ở mục “Chưa đúng?”."
        )
        first = next(iter(columns))
        yield Issue("warning", "columns_aside", text, sheet, heading=columns[first])


def meaning_of_blanks(issues: Sequence[Issue], layout: Layout) -> Question | None:
    """Many empty cells in a file that is not our template: what they mean is asked.

    In a table that others published even one: nobody can fill it in.
    """
    blanks = [issue for issue in issues if issue.rule == "required" and issue.cell]
    if len(blanks) < (1 if layout.is_printed else FEW):
        return None
    cells = ", ".join(issue.cell for issue in blanks[:5]) + ("…" if len(blanks) > FEW else "")
    return Question(
        id="blank",
        text=f"{len(blanks)} ô để trống ({cells}). Ô để trống trong tệp này nghĩa là gì?",
        options=(
            Option("zero", "Bằng 0"),
            Option("not_collected", "Không có số liệu"),
            Option("error", "Quên nhập, tôi sẽ sửa tệp"),
        ),
        sheet=blanks[0].sheet,
        cell=blanks[0].cell,
    )


def nothing_found(layout: Layout) -> Issue:
    text = (
        f"Không tìm thấy bảng số liệu của {layout.title} trong tệp. Hãy dùng biểu mẫu tải từ cổng, "
        "hoặc giữ nguyên các dòng tiêu đề cột của biểu."
    )
    return Issue("error", "no_table", text)


def no_data(harvest: Harvest, layout: Layout) -> Issue:
    """Nothing to store: an empty form, or sums alone."""
    if harvest.totals and not harvest.entries.keys:
        text = (
            f"Tệp chỉ có dòng tổng, không có dòng nào của từng {layout.row_noun} thuộc "
            f"{inline(layout.unit_name)}. "
            f"Hãy nhập số liệu theo từng {layout.row_noun}."
        )
    else:
        text = "Tệp chưa có số liệu nào. Hãy nhập số liệu, lưu tệp rồi tải lên lại."
    return Issue("error", "no_data", text)


def more_issues(count: int) -> Issue:
    text = f"Còn {count} lỗi khác chưa liệt kê. Hãy sửa các lỗi trên trước."
    return Issue("error", "more", text)
