"""Makes a `Reading` of an opened file: which tables, which rows, which style, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from . import claims, objections, periods
from . import repair as old_fonts
from .amount_questions import Amounts
from .checking import Blank, Check, check
from .crosswise import CrossTable
from .deriving import Deriving
from .entries import Entries
from .finding import Finding
from .grid import address
from .kept import Scope, Working
from .layout import Layout
from .measures import MeasureTable
from .merging import Merging
from .names import GroupNames
from .outcome import ControlTotal, Issue, ReadColumn, Reading, Understood
from .reconciling import reconcile
from .records import names_of
from .repair import Repair
from .rows import GroupRows, Harvest, UnitRows, which_unit
from .rules import Beside
from .rules.money import AMOUNT, DECIMALS
from .scales import Scales, scale
from .source import Source
from .style import FileStyle, style_of
from .tables import Table
from .totals import Totals

SHOWN_REPAIRS = 20


def understand(
    source: Source,
    *,
    layout: Layout,
    answers: Mapping[str, str],
    beside: Beside | None = None,
    name: str = "",
) -> Reading:
    """See `intake.read_workbook`. `source` is changed: texts of old fonts are repaired in it."""
    mark = claims.mark_of_source(source)
    refusal = (
        (mark and claims.refuse_mark(mark, layout))
        or periods.refuse(answers, layout)
        or claims.refuse_unit(answers, layout)
    )
    if refusal is not None:
        issue = refusal._replace(file=name)
        return Reading(issues=(issue,), container=source.container, file=name)
    return Understanding(source, layout, answers, name, mark).reading(beside)


class Understanding:
    """One file on its way to a reading."""

    def __init__(
        self,
        source: Source,
        layout: Layout,
        answers: Mapping[str, str],
        name: str,
        mark: claims.Mark | None,
    ) -> None:
        self.source = source
        self.layout = layout
        self.answers = answers
        self.name = name
        self.mark = mark
        self.units = names_of(layout)
        self.groups = GroupNames(layout.groups)
        self.harvest = Harvest(Entries(layout), file=name)
        self.issues: list[Issue] = self.harvest.issues
        self.encoding = "Unicode"
        self.repairs: list[Repair] = []
        self.style = FileStyle(None, "")
        self.notes: list[str] = []
        self.blocked: set[int] = set()  # entries refused for more than their cells
        self.scopes: dict[tuple[str, str], list[Scope]] = {}

    def reading(self, beside: Beside | None) -> Reading:
        self._repair()
        finding = Finding(self.source, self.layout, self.answers, self.units, self.groups)
        self.finding = finding
        if finding.is_empty:
            hidden = objections.only_hidden(finding, self.layout)
            self.issues.append(hidden or objections.nothing_found(self.layout))
            return self._reading(())
        for question in finding.questions:
            self.harvest.ask(question)
        self.issues += finding.warnings
        self._settle_style()
        self._collect_rows()
        merging = Merging(self.harvest, self.layout, self.answers, self.style.style)
        merging.merge()
        self.blocked = set(merging.refused)
        deriving = Deriving(self.layout, self.harvest, finding.keys, self.style.style)
        deriving.run(self.answers)
        checker = check(
            self.harvest.entries,
            style=self.style.style,
            beside=beside,
            blank=self._blank(),
            refused=merging.refused,
        )
        totals = self._object(checker)
        return self._finish(checker, totals)

    # the steps

    def _repair(self) -> None:
        """Texts of old fonts in Unicode: read that way at once, kept only with consent."""
        answer = self.answers.get(old_fonts.QUESTION)
        if answer == old_fonts.UNCHANGED:
            return
        self.encoding, self.repairs = old_fonts.repair(self.source)
        question = old_fonts.ask(self.encoding, self.repairs)
        if question is not None and not old_fonts.is_agreed(answer, self.encoding):
            self.harvest.ask(question)

    def _settle_style(self) -> None:
        self.style = style_of(self.finding.texts(), self.layout, self.answers)
        if self.style.question:
            self.harvest.ask(self.style.question)
        self.finding.unfold_percentages()

    def _collect_rows(self) -> None:
        kind = GroupRows if self.layout.has_groups else UnitRows
        scales = Scales(self.layout, self.answers, self.style.style)
        self.amounts = Amounts(self.layout, self.answers, self.style.style)
        for table in self.finding.tables:
            start, counted = len(self.harvest.entries), len(self.harvest.totals)
            kind(
                grid=table.grid,
                block=table.block,
                meanings=table.meanings,
                layout=self.layout,
                units=self.units,
                groups=self.groups,
                harvest=self.harvest,
                answers=self.answers,
                default_unit=self._unit_of(table.grid.sheet.name, table.block.titles),
                sums_up=self._sums_up(table),
            ).read()
            self._scale(scales, table, start, counted)
        for measures in self.finding.measure_tables:
            self._collect_measures(measures, scales)
        for question in (*scales.questions, *self.amounts.questions):
            self.harvest.ask(question)
        self.issues += scales.issues
        self.notes += [*scales.notes, *self.amounts.notes]

    def _sums_up(self, table: Table) -> bool:
        """A sheet of groups that says it is of all, beside sheets that are each of one unit."""
        if not self.layout.has_groups or "whose" in self.answers:
            return False
        sheets = {t.grid.sheet.name: t.block.titles for t in self.finding.tables}
        units = {self._unit_of(name, titles) for name, titles in sheets.items()} - {None}
        told = [table.grid.sheet.name, *table.block.titles]
        return len(units) > 1 and claims.is_summary(told, self.layout)

    def _collect_measures(self, table: MeasureTable, scales: Scales) -> None:
        harvest = self.harvest
        if isinstance(table, CrossTable):
            unit = (
                None if table.places else self._unit_of(table.grid.sheet.name, self.finding.titles)
            )
            if table.value_column is not None and not table.places and unit is None:
                harvest.ask(which_unit(self.layout, table.grid.sheet.name, self.name))
            table.collect(harvest, unit, self.units)
        else:
            table.entry(harvest.entries, self.layout.unit, self.name)
        factors = scales.of_measures(table, self.finding.titles)
        scale(harvest.entries, harvest.totals, 0, factors)
        harvest.outcomes += [o._replace(file=self.name) for o in table.outcomes]

    def _scale(self, scales: Scales, table: Table, start: int, counted: int) -> None:
        """What one table gave, in the dataset's units of measure where the sender agreed."""
        entries, totals = self.harvest.entries, self.harvest.totals[counted:]
        scale(entries, totals, start, scales.of_table(table))
        scale(entries, totals, start, scales.of_shares(table), table.grid.sheet.percent)
        sheet, settled = table.grid.sheet.name, scales.settled
        scale(entries, totals, start, self.amounts.of_rows(sheet, entries, start, settled))

    def _unit_of(self, sheet: str, titles: list[str]) -> str | None:
        """Whose rows a table holds when the rows themselves do not say."""
        if "whose" in self.answers:
            return self.answers["whose"]
        if self.mark is not None and self.mark.unit != self.layout.unit:
            return self.mark.unit
        valid = [unit.code for unit in self.layout.valid_units()]
        if len(valid) == 1:
            return valid[0]
        return (
            claims.unit_of_titles([*titles, sheet], self.layout)
            or claims.unit_of_name(sheet, self.layout)
            or claims.unit_of_titles([self.name], self.layout)
            or claims.unit_of_name(self.name.rsplit(".", 1)[0], self.layout)
        )

    def _blank(self) -> Blank:
        """What an empty cell means: an omission, unless the person said otherwise."""
        answer = self.answers.get("blank")
        if answer == "zero":
            return "zero"
        return "not_collected" if answer == "not_collected" else "error"

    def _object(self, checker: Check) -> list[ControlTotal]:
        """Collects what stands against the file as a whole; returns the compared totals."""
        harvest, layout = self.harvest, self.layout
        if self.mark is None:
            self._ask_whose_and_when()
        self.issues += objections.stray_rows(harvest.strays, harvest, layout)
        before = set(checker.checked.refused) - self.blocked
        self.issues += objections.units_of_other_times(checker.checked, layout)
        self.issues += objections.hidden_rows(harvest)
        self.issues += objections.hidden_columns(self.finding)
        self.issues += objections.missing_columns(self.finding, harvest, layout)
        self.issues += objections.columns_aside(self.finding)
        self.blocked = checker.checked.refused - before
        totals = Totals(checker, harvest.totals, self.name)
        compared = totals.compared()
        self.scopes = totals.scopes
        if not checker.checked.refused:
            self.issues += totals.warnings(compared)
        return compared

    def _ask_whose_and_when(self) -> None:
        titles, layout, answers = self.finding.titles, self.layout, self.answers
        for question in (
            periods.ask(titles, self.name, layout, answers),
            claims.ask_unit(titles, layout, answers),
        ):
            if question is not None:
                self.harvest.ask(question)

    def _finish(self, checker: Check, totals: list[ControlTotal]) -> Reading:
        checked = checker.checked
        self.issues += checked.issues
        self._drop_consequences()
        if checked.hidden_issues:
            self.issues.append(objections.more_issues(checked.hidden_issues))
        if self.mark is None and "blank" not in self.answers:
            question = objections.meaning_of_blanks(self.issues, self.layout)
            if question is not None:
                self.harvest.ask(question)
        values = checked.values()
        refused = any(issue.severity == "error" for issue in self.issues)
        if not values and not self.harvest.questions and not refused:
            self.issues.append(objections.no_data(self.harvest, self.layout))
        reconciliation = reconcile(self.harvest, checked, self.issues, totals)
        working = Working(
            checked=checked,
            style=self.style.style,
            blank=self._blank(),
            blocked=frozenset(self.blocked),
            scopes=self.scopes,
        )
        return self._reading(values, reconciliation=reconciliation, working=working)

    def _drop_consequences(self) -> None:
        """Errors that an open question may do away with are not told before it is answered."""
        pending: set[str] = {"unclear"} if self.style.question else set()
        scaling = ("scale:", "percent:", "amount:")
        if any(ident.startswith(scaling) for ident in self.harvest.questions):
            pending |= {"integer", "range", "total", "computed", AMOUNT, DECIMALS}
        self.issues[:] = [issue for issue in self.issues if issue.rule not in pending]

    # the outcome

    def _reading(self, values, **more) -> Reading:
        issues = [issue._replace(file=self.name) for issue in self.issues]
        return Reading(
            understood=tuple(self._understood()),
            values=values,
            issues=tuple(sorted(issues, key=lambda issue: issue.severity != "error")),
            questions=tuple(replace(q, file=self.name) for q in self.harvest.questions.values()),
            container=self.source.container,
            file=self.name,
            **more,
        )

    def _understood(self) -> list[Understood]:
        shown = []
        for table in self.finding.tables:
            block = table.block
            columns = table.read_columns(self.layout)
            described = self._described(table.grid.sheet.name, columns, block.titles)
            shown.append(
                replace(
                    described,
                    heading_rows=block.heading_rows,
                    first_row=block.first + 1,
                    last_row=block.end,
                )
            )
        for measures in self.finding.measure_tables:
            name, titles = measures.grid.sheet.name, self.finding.titles
            shown.append(
                replace(
                    self._described(name, measures.read_columns(), titles),
                    heading_rows=measures.heading_rows(),
                    first_row=measures.first + 1,
                    last_row=max(measures.found) + 1,
                )
            )
        return shown

    def _described(
        self, sheet: str, columns: tuple[ReadColumn, ...], titles: list[str]
    ) -> Understood:
        repairs = [r for r in self.repairs if r.sheet == sheet][:SHOWN_REPAIRS]
        return Understood(
            sheet=sheet,
            heading_rows=(),
            first_row=0,
            last_row=0,
            columns=columns,
            number_style=self.style.shown,
            encoding=self.encoding if repairs else "Unicode",
            title=" ".join(titles)[:500],
            unit_of_measure=claims.unit_of_measure(titles),
            repairs=tuple((address(r.row, r.column), r.before, r.after) for r in repairs),
            notes=tuple(self.notes),
            file=self.name,
        )
