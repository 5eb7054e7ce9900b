"""Makes a `Reading` of an opened file: which tables, which rows, which style, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from . import claims
from .checking import Blank, Check, Previous, check
from .cleaned import Checked
from .entries import Entries
from .grid import Grid, address, as_text
from .layout import MEASURE_ROWS, Layout
from .measures import Measures, MeasureTable
from .merging import Merging
from .names import GroupNames, UnitNames
from .outcome import (
    ControlTotal,
    Issue,
    Option,
    Question,
    Reading,
    Reconciliation,
    RowOutcome,
    Understood,
)
from .repair import Repair, repair
from .rows import GroupRows, Harvest, UnitRows
from .source import Sheet, Source
from .style import FileStyle, Texts, style_of
from .tables import Table, Tables
from .totals import Totals

SHOWN_REPAIRS = 20
SCANNED_TEXTS = 20_000


def understand(
    source: Source,
    *,
    layout: Layout,
    answers: Mapping[str, str],
    previous: Previous | None = None,
    name: str = "",
) -> Reading:
    """See `intake.read_workbook`. `source` is changed: texts of old fonts are repaired in it."""
    mark = claims.mark_of_source(source)
    refusal = (mark and claims.refuse_mark(mark, layout)) or claims.refuse_period(answers, layout)
    if refusal is not None:
        issue = refusal._replace(file=name)
        return Reading(issues=(issue,), container=source.container, file=name)
    encoding, repairs = repair(source, keep=answers.get("encoding") == "Unicode")
    work = Understanding(source, layout, answers, name, encoding, repairs, bool(mark))
    if mark is not None and mark.unit != layout.unit:
        work.default_unit = mark.unit
    return work.reading(previous)


class Understanding:
    """One file on its way to a reading."""

    def __init__(
        self,
        source: Source,
        layout: Layout,
        answers: Mapping[str, str],
        name: str,
        encoding: str,
        repairs: list[Repair],
        is_template: bool,
    ) -> None:
        self.source = source
        self.layout = layout
        self.answers = answers
        self.name = name
        self.encoding = encoding
        self.repairs = repairs
        self.is_template = is_template
        self.default_unit: str | None = None
        self.units = UnitNames(layout.units, layout.known_units)
        self.groups = GroupNames(layout.groups)
        self.harvest = Harvest(Entries(layout), file=name)
        self.issues: list[Issue] = self.harvest.issues
        self.titles: list[str] = []
        self.tables: list[Table] = []
        self.measure_tables: list[MeasureTable] = []
        self.style = FileStyle(None, "")

    # the steps

    def reading(self, previous: Previous | None) -> Reading:
        self._find_tables()
        if not self.tables and not self.measure_tables:
            return self._nothing_found()
        self.style = style_of(self._texts(), self.layout, self.answers)
        if self.style.question:
            self._ask(self.style.question)
        self._percentages()
        self._collect_rows()
        self._claims()
        merging = Merging(self.harvest, self.layout, self.answers)
        merging.merge()
        checker = check(
            self.harvest.entries,
            style=self.style.style,
            previous=previous,
            blank=self._blank(),
            refused=merging.refused,
        )
        checked = checker.checked
        self._period_of_units(checked)
        totals = Totals(checker, self.harvest.totals, self.name)
        compared = totals.compared()
        if not checked.refused:
            self.issues.extend(totals.warnings(compared))
        self._hidden()
        self._missing_columns()
        return self._finish(checker, compared)

    # finding

    def _visible(self) -> list[Sheet]:
        chosen = self.answers.get("sheet")
        sheets = [
            sheet
            for sheet in self.source.sheets
            if sheet.state == "visible" and not sheet.is_empty and not claims.is_ours(sheet)
        ]
        return [sheet for sheet in sheets if chosen in (None, sheet.name)] or sheets

    def _find_tables(self) -> None:
        finder = Tables(self.layout, self.units, self.groups, self.answers)
        if self.layout.rows == MEASURE_ROWS:
            self._find_measures(Measures(self.layout, finder.vocabulary, self.answers))
            return
        candidates = {sheet.name: finder.of(sheet) for sheet in self._visible()}
        found = {
            name: [table for table in tables if table.keys or table.questions]
            for name, tables in candidates.items()
        }
        best = max(
            (len(set().union(*(t.keys for t in ts))) for ts in found.values() if ts), default=0
        )
        kept = {
            name: tables
            for name, tables in found.items()
            if tables and 2 * len(set().union(*(t.keys for t in tables))) >= best
        }
        for tables in self._of_the_period(kept).values():
            self.tables += tables
        for table in self.tables:
            self.titles += table.block.titles
            for question in table.questions:
                self._ask(question)
        self._warn_hidden_sheets(finder)

    def _find_measures(self, finder: Measures) -> None:
        found = [table for sheet in self._visible() if (table := finder.of(Grid(sheet)))]
        most = max((len(table.found) for table in found), default=0)
        best = [table for table in found if len(table.found) == most]
        if len(best) > 1:
            best = self._sheet_of_year(best) or best
        if len(best) > 1:
            self._ask_sheet([table.grid.sheet.name for table in best])
        self.measure_tables = best[:1]
        for table in self.measure_tables:
            rows = range(min(table.first, 12))
            self.titles += [
                " ".join(map(as_text, filter(None, table.grid.sheet.rows[r]))) for r in rows
            ]
            for question in table.questions:
                self._ask(question)

    def _sheet_of_year(self, tables: list[MeasureTable]) -> list[MeasureTable]:
        year = str(self.layout.year)
        return [table for table in tables if year in table.grid.sheet.name]

    def _of_the_period(self, found: dict[str, list[Table]]) -> dict[str, list[Table]]:
        """Sheets of other years are left out when one is of the period."""
        years = {
            name: claims.years_named(
                [f"năm {name}", *(t for table in tables for t in table.block.titles)]
            )
            for name, tables in found.items()
        }
        if self.layout.year is None or not any(self.layout.year in y for y in years.values()):
            return found
        return {
            name: tables
            for name, tables in found.items()
            if not years[name] or self.layout.year in years[name]
        }

    def _warn_hidden_sheets(self, finder: Tables) -> None:
        for sheet in self.source.sheets:
            if sheet.state == "visible" or sheet.is_empty or claims.is_ours(sheet):
                continue
            if any(len(table.keys) >= 2 for table in finder.of(sheet)):
                text = f"Trang tính ẩn “{sheet.name}” có bảng giống biểu này và không được đọc."
                self._warn("hidden_sheet", text, sheet.name)

    def _nothing_found(self) -> Reading:
        text = (
            f"Không tìm thấy bảng số liệu của {self.layout.title} trong tệp. Hãy dùng biểu mẫu tải "
            "từ cổng, hoặc giữ nguyên các dòng tiêu đề cột của biểu."
        )
        self.issues.append(Issue("error", "no_table", text, file=self.name))
        return Reading(issues=tuple(self.issues), container=self.source.container, file=self.name)

    # numbers

    def _texts(self) -> list[Texts]:
        """The texts in value columns, for the style of the file."""
        found: list[Texts] = []
        for table in self.tables:
            for column, meaning in table.value_columns.items():
                rows = table.grid.sheet.rows[table.block.first : table.block.end]
                cells = [
                    (row, column, cell)
                    for row, line in enumerate(rows, table.block.first)
                    if column < len(line) and (cell := line[column]).__class__ is str and cell
                ]
                found.append(Texts(meaning.key or "", table.grid.sheet.name, cells[:SCANNED_TEXTS]))
        for table in self.measure_tables:
            for row, column in table.found.items():
                place = table.value_column
                if place is not None and isinstance(cell := table.grid.seen(row, place), str):
                    found.append(Texts(column.key, table.grid.sheet.name, [(row, place, cell)]))
        return found

    def _percentages(self) -> None:
        """Cells that show 38,34 % hold 0.3834."""
        for table in self.tables:
            kinds = {c: self.layout.by_key[m.key or ""] for c, m in table.value_columns.items()}
            for row, column in table.grid.sheet.percent:
                if column in kinds and kinds[column].value_type == "percent":
                    self._hundredfold(table.grid.sheet, row, column)
        for table in self.measure_tables:
            for row, declared in table.found.items():
                at = (row, table.value_column)
                if declared.value_type == "percent" and at in table.grid.sheet.percent:
                    self._hundredfold(table.grid.sheet, row, at[1] or 0)

    @staticmethod
    def _hundredfold(sheet: Sheet, row: int, column: int) -> None:
        cell = sheet.get(row, column)
        if isinstance(cell, float):
            sheet.put(row, column, float(Decimal(format(cell, ".15g")) * 100))

    # rows

    def _collect_rows(self) -> None:
        kind = GroupRows if self.layout.has_groups else UnitRows
        for table in self.tables:
            kind(
                grid=table.grid,
                block=table.block,
                meanings=table.meanings,
                layout=self.layout,
                units=self.units,
                groups=self.groups,
                harvest=self.harvest,
                answers=self.answers,
                default_unit=self._unit_of(table),
            ).read()
        for table in self.measure_tables:
            table.entry(self.harvest.entries, self.layout.unit, self.name)
            self.harvest.outcomes += [o._replace(file=self.name) for o in table.outcomes]

    def _unit_of(self, table: Table) -> str | None:
        """Whose rows a table holds when the rows themselves do not say."""
        if "whose" in self.answers:
            return self.answers["whose"]
        if self.default_unit:
            return self.default_unit
        valid = [unit.code for unit in self.layout.valid_units()]
        if len(valid) == 1:
            return valid[0]
        titles = [*table.block.titles, table.grid.sheet.name]
        return (
            claims.unit_of_titles(titles, self.layout)
            or claims.unit_of_name(table.grid.sheet.name, self.layout)
            or claims.unit_of_titles([self.name], self.layout)
            or claims.unit_of_name(self.name.rsplit(".", 1)[0], self.layout)
        )

    def _claims(self) -> None:
        """The period that the titles name, and rows of other districts."""
        question = claims.ask_period(self.titles, self.layout, self.answers)
        if question is not None and not self.is_template:
            self._ask(question)
        strays = self.harvest.strays
        if not strays:
            return
        known = self.layout.unit_by_code
        districts = sorted({known[stray.code].district_name for stray in strays} - {""})
        where = ", ".join(districts) or "nơi khác"
        if not self.harvest.entries.keys:
            text = (
                f"Tệp này có {len(strays)} đơn vị của {where}, không có đơn vị nào của "
                f"{self.layout.unit_name}. Hãy chọn đúng tệp của {self.layout.unit_name}."
            )
            self.issues.append(Issue("error", "other_unit", text, file=self.name))
        elif len(strays) > 3:
            text = (
                f"Tệp có {len(strays)} dòng của {where} (từ ô {strays[0].cell}). "
                f"Hãy chỉ để lại các dòng của {self.layout.unit_name}."
            )
            self.issues.append(Issue("error", "other_unit", text, strays[0].sheet, strays[0].cell,
                                     value=strays[0].label, file=self.name))  # fmt: skip
        else:
            for stray in strays:
                unit = known[stray.code]
                of = f" thuộc {unit.district_name}," if unit.district_name else ""
                text = (
                    f"Ô {stray.cell}: {unit.label}{of} không thuộc {self.layout.unit_name}. "
                    "Hãy xoá dòng này."
                )
                issue = Issue("error", "other_unit", text, stray.sheet, stray.cell)
                self.issues.append(
                    issue._replace(value=stray.label, unit=stray.code, file=self.name)
                )

    def _period_of_units(self, checked: Checked) -> None:
        for index, key in enumerate(self.harvest.entries.keys):
            unit = self.layout.unit_by_code.get(key.unit)
            if unit is None or unit.valid:
                continue
            place = self.harvest.entries.places[index]
            where = f"Dòng {place.row + 1}: " if place.row >= 0 else ""
            text = f"{where}{unit.label} không còn trong {self.layout.period_label}"
            text += f" ({unit.note})." if unit.note else "."
            checked.refused.add(index)
            self.issues.append(Issue("error", "unit_period", f"{text} Hãy sửa hoặc xoá dòng này.",
                                     place.sheet, place.cell(""), "", unit.label, unit.code,
                                     file=self.name))  # fmt: skip

    def _blank(self) -> Blank:
        """What an empty cell means: an omission, unless the person said otherwise."""
        answer = self.answers.get("blank")
        return answer if answer in ("zero", "not_collected") else "error"  # type: ignore[return-value]

    # endings

    def _hidden(self) -> None:
        rows: dict[str, list[int]] = {}
        for sheet, row in self.harvest.hidden:
            rows.setdefault(sheet, []).append(row + 1)
        for sheet, numbers in rows.items():
            shown = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
            text = f"Trang tính “{sheet}” có dòng ẩn vẫn được đọc: {shown}. Hãy kiểm tra lại."
            self._warn("hidden_rows", text, sheet)

    def _missing_columns(self) -> None:
        """Required columns that no table has, unless a question may still bring them."""
        found: set[str] = set()
        for table in self.tables:
            found |= table.keys
        for table in self.measure_tables:
            found |= {column.key for column in table.found.values()}
            if table.value_column is None and not table.questions:
                text = (
                    f"Không thấy cột số liệu của {self.layout.period_label} cạnh cột chỉ tiêu. "
                    "Hãy dùng biểu mẫu tải từ cổng."
                )
                self.issues.append(Issue("error", "no_values", text, table.grid.sheet.name,
                                         file=self.name))  # fmt: skip
        offered = {
            option.value
            for question in self.harvest.questions.values()
            if question.id.startswith(("column:", "row:"))
            for option in question.options
        }
        word = "chỉ tiêu" if self.layout.rows == MEASURE_ROWS else "cột"
        for column in self.layout.entered:
            if column.required and column.key not in found | offered:
                text = f"Thiếu {word} “{column.heading}”. Hãy thêm {word} này hoặc dùng biểu mẫu."
                self.issues.append(Issue("error", "missing_column", text, heading=column.heading,
                                         column=column.key, file=self.name))  # fmt: skip

    def _finish(self, checker: Check, totals: list[ControlTotal]) -> Reading:
        checked = checker.checked
        issues = [*self.issues, *checked.issues]
        if self.style.question:
            issues = [issue for issue in issues if issue.rule != "unclear"]
        if checked.hidden_issues:
            text = f"Còn {checked.hidden_issues} lỗi khác chưa liệt kê. Hãy sửa các lỗi trên trước."
            issues.append(Issue("error", "more", text, file=self.name))
        self._ask_blanks(issues)
        values = checked.values()
        if not values and not self.harvest.questions and not has_error(issues):
            text = "Tệp chưa có số liệu nào. Hãy nhập số liệu, lưu tệp rồi tải lên lại."
            issues.append(Issue("error", "no_data", text, file=self.name))
        return Reading(
            understood=tuple(self._understood()),
            values=values,
            issues=tuple(sorted(issues, key=lambda issue: issue.severity != "error")),
            questions=tuple(replace(q, file=self.name) for q in self.harvest.questions.values()),
            reconciliation=self._reconciled(checked, totals),
            container=self.source.container,
            file=self.name,
        )

    def _ask_blanks(self, issues: list[Issue]) -> None:
        """Many empty cells in a file that is not our template: what they mean is asked."""
        if self.is_template or "blank" in self.answers:
            return
        blanks = [issue for issue in issues if issue.rule == "required" and issue.cell]
        if len(blanks) < 3:
            return
        cells = ", ".join(issue.cell for issue in blanks[:5])
        self._ask(
            Question(
                id="blank",
                text=f"{len(blanks)} ô để trống ({cells}…). Ô để trống trong tệp này nghĩa là gì?",
                options=(
                    Option("zero", "Bằng 0"),
                    Option("not_collected", "Không có số liệu"),
                    Option("error", "Quên nhập, tôi sẽ sửa tệp"),
                ),
                sheet=blanks[0].sheet,
                cell=blanks[0].cell,
            )
        )

    def _understood(self) -> list[Understood]:
        shown = []
        for table in self.tables:
            block = table.block
            shown.append(
                self._described(table.grid.sheet.name, block.heading_rows, block.first, block.end,
                                table.read_columns(self.layout), block.titles)
            )  # fmt: skip
        for table in self.measure_tables:
            shown.append(
                self._described(table.grid.sheet.name, table.heading_rows(), table.first,
                                max(table.found) + 1, table.read_columns(), self.titles)
            )  # fmt: skip
        return shown

    def _described(self, sheet, heading_rows, first, end, columns, titles) -> Understood:
        repairs = [r for r in self.repairs if r.sheet == sheet][:SHOWN_REPAIRS]
        return Understood(
            sheet=sheet,
            heading_rows=tuple(heading_rows),
            first_row=first + 1,
            last_row=end,
            columns=columns,
            number_style=self.style.shown,
            encoding=self.encoding if repairs or self.encoding == "Unicode" else "Unicode",
            title=" ".join(titles)[:500],
            unit_of_measure=claims.unit_of_measure(titles),
            repairs=tuple((address(r.row, r.column), r.before, r.after) for r in repairs),
            file=self.name,
        )

    def _reconciled(self, checked: Checked, totals: list[ControlTotal]) -> Reconciliation:
        entries = self.harvest.entries
        outcomes = list(self.harvest.outcomes)
        stored: set[tuple[str, int]] = set()
        refused: dict[tuple[str, int], RowOutcome] = {}
        reasons = self._reasons(checked)
        for index, place in enumerate(entries.places):
            for row in self._file_rows(index):
                at = (place.sheet, row)
                if index in checked.refused:
                    key = entries.keys[index]
                    reason = reasons.get((place.sheet, key.unit, key.group), "Dòng có lỗi")
                    outcome = RowOutcome(
                        place.sheet, row + 1, place.label, "refused", reason, self.name
                    )
                    refused.setdefault(at, outcome)
                elif index in checked.empty:
                    outcomes.append(RowOutcome(place.sheet, row + 1, place.label, "skipped",
                                               "Dòng để trống", self.name))  # fmt: skip
                else:
                    stored.add(at)
        stored -= set(refused)
        outcomes += refused.values()
        outcomes.sort(key=lambda outcome: (outcome.sheet, outcome.row))
        told = {key.unit for index, key in enumerate(entries.keys) if index not in checked.empty}
        return Reconciliation(
            rows_read=len(stored) + len(outcomes),
            stored=len(stored),
            skipped=sum(outcome.status == "skipped" for outcome in outcomes),
            refused=sum(outcome.status == "refused" for outcome in outcomes),
            rows=tuple(outcomes),
            totals=tuple(totals),
            sums=self._sums(checked),
            missing_units=tuple(u.code for u in self.layout.valid_units() if u.code not in told)
            if self.layout.rows != MEASURE_ROWS
            else (),
        )

    def _file_rows(self, index: int) -> set[int]:
        place = self.harvest.entries.places[index]
        return {row for row, _ in place.cells.values()} | ({place.row} if place.columns else set())

    def _reasons(self, checked: Checked) -> dict[tuple[str, str | None, str | None], str]:
        """The first error of each row, by sheet, unit and group."""
        reasons: dict[tuple[str, str | None, str | None], str] = {}
        for issue in (*checked.issues, *self.issues):
            if issue.severity == "error":
                reasons.setdefault((issue.sheet, issue.unit, issue.group), issue.message)
        return reasons

    def _sums(self, checked: Checked) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for column in self.layout.entered:
            values = [
                value
                for index, value in enumerate(checked.columns.get(column.key, ()))
                if isinstance(value, Decimal) and index not in checked.refused
            ]
            if values:
                sums[column.key] = sum(values, Decimal(0))
        return sums

    def _ask(self, question: Question) -> None:
        self.harvest.ask(question)

    def _ask_sheet(self, names: list[str]) -> None:
        options = tuple(Option(name, f"Trang tính “{name}”") for name in names)
        text = "Nhiều trang tính trong tệp có bảng giống biểu này. Đọc trang tính nào?"
        self._ask(Question(id="sheet", text=text, options=options))

    def _warn(self, rule: str, text: str, sheet: str) -> None:
        self.issues.append(Issue("warning", rule, text, sheet, file=self.name))


def has_error(issues: list[Issue]) -> bool:
    return any(issue.severity == "error" for issue in issues)
