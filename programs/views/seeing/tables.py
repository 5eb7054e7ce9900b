"""Cuts as tables: each row with its numbers in words, its bar, and where each leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.formats import number, percent
from programs.aggregation import Answer, Cut, Money, Question, Row
from programs.aggregation.cuts import TITLES, ordered

from .asking import Links, address

THOUSAND = Decimal(1000)
MOST_ROWS = 15


@dataclass(frozen=True)
class Written:
    """Amounts as the page writes them: tỷ with one place, or triệu with all there are."""

    in_millions: bool

    def amount(self, millions: Decimal) -> str:
        return number(millions) if self.in_millions else number(millions / THOUSAND, 1)


@dataclass(frozen=True)
class TableRow:
    """One part of a cut as it is shown; `is_slow`: below the threshold."""

    label: str
    about: str
    plan: str
    detail: str
    paid: str
    rate: str
    bar: SafeString
    is_slow: bool
    url: str = ""
    lines_url: str = ""
    detail_url: str = ""
    payments_url: str = ""
    rate_url: str = ""


@dataclass(frozen=True)
class Table:
    """One cut: `name` is the dimension; `query` asks for it, wherever it is taken."""

    name: str
    title: str
    head: str
    rows: list[TableRow]
    total: TableRow
    export_url: str
    query: str


def bar(rate: Decimal | None, expected: float) -> SafeString:
    """A bar of a rate in per cent, with a mark where the straight line would be."""
    width = min(100, max(0, round(rate or 0)))
    return format_html(
        '<svg class="rate-bar" viewBox="0 0 104 10" width="104" height="10" aria-hidden="true">'
        '<rect class="rate-bar__whole" x="2" y="1" width="100" height="8"/>'
        '<rect class="rate-bar__part" x="2" y="1" width="{}" height="8"/>'
        '<path class="rate-bar__mark" d="M{} 0v10"/></svg>',
        width,
        2 + round(expected),
    )


def table_of(
    answer: Answer, cut: Cut, links: Links, *, slow: int, written: Written, whole: bool = False
) -> Table:
    """A long cut ends with one row of all the small ones, which leads to the whole of it."""
    title, head = TITLES[cut.dimension]
    parts = list(ordered(cut))
    most = len(parts) if whole or len(parts) <= MOST_ROWS + 1 else MOST_ROWS
    rows = [
        table_row(row, answer, cut.dimension, links, slow=slow, written=written)
        for row in parts[:most]
    ]
    if rest := parts[most:]:
        rows.append(rest_row(rest, answer, cut.dimension, links, written=written))
    return Table(
        name=cut.dimension,
        title=title,
        head=head,
        rows=rows,
        total=total_row(answer, links, written=written),
        export_url=links.to("programs:cut_export", bang=cut.dimension),
        query=f"{links.query()}&bang={cut.dimension}",
    )


def table_row(
    row: Row, answer: Answer, dimension: str, links: Links, *, slow: int, written: Written
) -> TableRow:
    narrowed = answer.question.with_(dimension, row.value)
    money = row.money
    return TableRow(
        label=row.label,
        about=row.about,
        bar=bar(money.rate, answer.expected),
        is_slow=is_slow(money, slow),
        **_words(money, written),
        **_leads(links, narrowed),
    )


def rest_row(
    rest: Sequence[Row], answer: Answer, dimension: str, links: Links, *, written: Written
) -> TableRow:
    money = sum((row.money for row in rest), Money())
    url = f"{links.to('programs:dashboard', het=dimension)}#{dimension}"
    return TableRow(
        label=f"{number(len(rest))} dòng khác",
        about="",
        bar=bar(money.rate, answer.expected),
        is_slow=False,
        url=url,
        **_words(money, written),
        **dict.fromkeys(("lines_url", "detail_url", "payments_url", "rate_url"), url),
    )


def total_row(answer: Answer, links: Links, *, written: Written) -> TableRow:
    return TableRow(
        label="Tổng cộng",
        about="",
        bar=bar(answer.total.rate, answer.expected),
        is_slow=False,
        **_words(answer.total, written),
        **_leads(links, answer.question),
    )


def is_slow(money: Money, slow: int) -> bool:
    return money.plan > 0 and money.paid * 100 < money.plan * slow


def _words(money: Money, written: Written) -> dict[str, str]:
    return {
        "plan": written.amount(money.plan),
        "detail": written.amount(money.detail),
        "paid": written.amount(money.paid),
        "rate": percent(money.rate),
    }


def _leads(links: Links, question: Question) -> dict[str, str]:
    query = links.query(question)
    lines = address("programs:line_list", query)
    return {
        "url": address("programs:dashboard", query),
        "lines_url": lines,
        "detail_url": f"{lines}&cap=cong-trinh",
        "payments_url": address("programs:payment_list", query),
        "rate_url": f"{lines}&sort=rate",
    }
