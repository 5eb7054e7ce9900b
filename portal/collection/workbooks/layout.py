"""What a dataset expects of a file: the contract between the domain and the workbook engine.

Nothing here knows a model. A service builds a `Layout` from its own rows and passes it to
`intake.read_workbook`, `template.write_template`, `checking.check_entries` and
`marking.mark_workbook`. Codes of measures are those of the indicator catalogue, codes of units
those of the list of administrative units; `None` for a group or a sex means "all".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

RowAxis = Literal["unit", "unit_group", "measure"]
ValueType = Literal["count", "decimal", "percent", "yes_no", "text"]
Severity = Literal["error", "warning"]
Relation = Literal["=", "<=", ">="]
RuleKind = Literal[
    "at_most",
    "at_least",
    "sum",
    "range",
    "ratio",
    "required_if",
    "change",
    "outlier",
    "cross",
]

UNIT_ROWS: RowAxis = "unit"  # one row per unit: Biểu 05
UNIT_GROUP_ROWS: RowAxis = "unit_group"  # one row per unit and ethnic group
TOTAL = "Tổng số"
MEASURE_ROWS: RowAxis = "measure"  # one row per measure, one value column, one unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A ratio over two other columns of the layout: numerator / denominator * factor."""

    numerator: str
    denominator: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One declared column (in `measure` layouts: one declared row).

    `key` is unique in the layout and is what rules and formulas name; two columns of one measure
    (total, male, female) differ in key. `number` is the mark of the "A B 1 2" row. `parents` are
    the headings printed above this one in the template, outermost first; `needs_parent` where the
    heading alone is another column's as well ("Vốn đầu tư" of each source).
    """

    key: str
    measure: str
    heading: str
    number: str = ""
    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    group: str | None = None
    sex: Literal["male", "female"] | None = None
    category: str | None = None
    kind: Literal["entered", "computed"] = "entered"
    value_type: ValueType = "count"
    formula: Formula | None = None
    required: bool = True
    unit_of_measure: str = ""
    decimals: int = 2
    minimum: Decimal | None = Decimal(0)
    maximum: Decimal | None = None
    needs_parent: bool = False

    @property
    def name(self) -> str:
        """The heading by itself: "Giáo viên – Nam", "Giáo viên – Tiểu học", "Tổng số nhân khẩu"."""
        if not self.parents:
            return self.heading
        above = self.parents[-1]
        if self.sex or self.category or self.group or self.needs_parent:
            return f"{above} – {self.heading}"
        if self.heading != TOTAL:
            return self.heading
        return above if above.startswith(TOTAL) else f"{above} – tổng số"

    @property
    def spoken(self) -> str:
        """What a sentence calls it beside its cell."""
        return self.name if self.needs_parent else self.heading

    @property
    def is_entered(self) -> bool:
        return self.kind == "entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowUnit:
    """A unit, or a record such as a works, that may stand in a row.

    `name` is the bare name ("An Lạc"), `kind` its word ("xã"); a record has none. `valid` is false
    for what did not exist in the period; `note` then says what became of it, as the end of a
    sentence. `district` is where a unit belongs; of a record the code of its place, the name of
    which tells namesakes apart. `expected` is about how much money a row may hold at most (a
    works' total investment), in the unit of measure of the columns of money; None: not known.
    `ceilings` are what the columns of a measure cannot hold more of (what a works has of a source
    and kind), `usual` the most that they held in periods before; pairs of measure and amount.
    """

    code: str
    name: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    district: str | None = None
    district_name: str = ""
    valid: bool = True
    note: str = ""
    expected: Decimal | None = None
    ceilings: tuple[tuple[str, Decimal], ...] = ()
    usual: tuple[tuple[str, Decimal], ...] = ()

    def ceiling(self, measure: str) -> Decimal | None:
        """Of a measure, where it is known and not nothing."""
        return next((amount for key, amount in self.ceilings if key == measure and amount), None)

    def most_before(self, measure: str) -> Decimal | None:
        return next((amount for key, amount in self.usual if key == measure and amount), None)

    @property
    def label(self) -> str:
        """ "Xã An Lạc": the name as a heading or a message prints it."""
        if not self.kind:
            return self.name
        kind = self.kind[:1].upper() + self.kind[1:]
        return f"{kind} {self.name}".strip()


class LaterRows(Sequence[RowUnit]):
    """Rows that are looked up when somebody asks: thousands of records of other places, of which
    only a file may speak."""

    def __init__(self, find: Callable[[], Iterable[RowUnit]]) -> None:
        self._find = find

    @cached_property
    def _rows(self) -> tuple[RowUnit, ...]:
        return tuple(self._find())

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._rows[index]

    def __repr__(self) -> str:
        return "<rows of other places>"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupName:
    """An ethnic group by name. An alias that several groups share asks before it is taken."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    alt_codes: tuple[tuple[str, str], ...] = ()  # (code system, code); never matched alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One declared rule over the columns of a row, run alike for workbook, form and API.

    kind          says of each row
    at_most       every one of `columns` ≤ `other`
    at_least      every one of `columns` ≥ `other`
    sum           the sum of `columns` stands in `relation` to `other`
    range         `minimum` ≤ every one of `columns` ≤ `maximum`
    ratio         `minimum` ≤ columns[0] / `other` * `parameter` (default 1) ≤ `maximum`
    required_if   where `other` > `parameter` (default 0), `columns` are told
    change        every one of `columns` is within the factor `parameter` (default 3) of the value
                  of the period before
    outlier       no modified z-score of `columns` is beyond `parameter` (default 3.5); a value
                  nearer than `minimum` to the median (default 10 for counts) is never strange
    cross         the sum of `columns` (with `over_groups`: over all groups of the unit) stands in
                  `relation` to values of another dataset, which the service lays beside by `code`

    In `sum` and `cross`, `parameter` is the difference allowed, and `tolerance_percent` the same in
    per cent of the other side; the larger holds. Where a value that a rule needs is not known
    (empty, or missing with a reason), the rule says nothing.

    `severity` is that of the layout's period; `note` says when it will be another. `message` may
    hold {cell} {heading} {value} {other} {other_heading} {limit} {previous}; empty means the
    kind's own sentence.
    """

    code: str
    kind: RuleKind
    columns: tuple[str, ...]
    other: str | None = None
    parameter: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    relation: Relation = "="
    tolerance_percent: Decimal | None = None
    over_groups: bool = False
    other_heading: str = ""  # what the other dataset's values are called
    severity: Severity = "error"
    message: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One dataset, for one submitting unit and one period.

    `unit` is whose submission it is (a district, a commune or the province); `units` the rows
    expected; `known_units` further units of the province, so that a message can say where a
    stray row belongs. `main_groups` are pre-filled in a template by unit and group.
    `every_unit` wants a row for every valid unit of `units`. `is_printed`: a table that others
    published, taken as it is. `keeps_own`: the unit's own row among those of `units` is no sum of
    them to be worked out, but a figure of its own. `has_records`: the rows are records (works,
    plan lines) found by their code first; `row_noun` says what a row is ("công trình"),
    `expected_noun` what `RowUnit.expected` is ("tổng mức đầu tư"), `ceiling_noun` what its ceilings
    are, `code_heading` is the heading of
    the codes in a template.
    """

    dataset: str
    title: str
    period: str
    period_label: str
    unit: str
    unit_name: str
    rows: RowAxis
    columns: tuple[Column, ...]
    units: tuple[RowUnit, ...] = ()
    known_units: Sequence[RowUnit] = ()
    groups: tuple[GroupName, ...] = ()
    main_groups: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    template_version: str = "1"
    unit_of_measure: str = ""
    year: int | None = None
    every_unit: bool = True
    is_printed: bool = False
    keeps_own: bool = False
    has_records: bool = False
    row_noun: str = "đơn vị"
    expected_noun: str = "mức của dòng"
    ceiling_noun: str = "mức cao nhất của dòng"
    code_heading: str = "Mã"
    unit_heading: str = "Tên đơn vị"
    group_heading: str = "Dân tộc"
    measure_heading: str = "Chỉ tiêu"
    value_heading: str = "Số liệu"
    instructions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # other titles of the dataset, to recognise a file

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def entered(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_entered)

    @cached_property
    def computed(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.is_entered)

    @cached_property
    def unit_by_code(self) -> dict[str, RowUnit]:
        """Units by code; records of other places (`known_units`) are not looked up for it."""
        known = () if self.has_records else self.known_units
        return {unit.code: unit for unit in (*known, *self.units)}

    @cached_property
    def known_by_code(self) -> dict[str, RowUnit]:
        """Every unit and record that a file may name."""
        return {unit.code: unit for unit in self.known_units} | self.unit_by_code

    @cached_property
    def group_by_code(self) -> dict[str, GroupName]:
        return {group.code: group for group in self.groups}

    def valid_units(self) -> Iterator[RowUnit]:
        return (unit for unit in self.units if unit.valid)

    @property
    def has_groups(self) -> bool:
        return self.rows == UNIT_GROUP_ROWS
