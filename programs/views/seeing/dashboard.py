"""One screen for leaders: the year's plan, what is paid of it, where it is slow, which works."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from portal.charts import Chart, NotDrawn
from portal.formats import NO_BREAK, lateness, money, number, percent, points, share
from programs.aggregation import (
    Answer,
    Progress,
    Row,
    late_on,
    progress,
    works_of,
)
from programs.aggregation.course import drawing
from programs.models import Works

from . import curve
from .asking import AskingMixin, Links, works_address
from .tables import Written, is_slow, table_of

LATE_SHOWN = 8
SLOW_SHOWN = 5
DRAWN = "ve"
BESIDE = ("source", "kind", "area", "investor")


@dataclass(frozen=True)
class Figure:
    """One large figure, as components/key_figure.html takes it."""

    label: str
    value: str
    url: str = ""
    unit: str = ""
    note: str = ""
    target: str = ""
    target_kind: str = ""
    more: str = ""
    more_url: str = ""


class ProgrammeDashboard(AskingMixin, TemplateView):
    template_name = "programs/seeing/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.answer()
        context = super().get_context_data(answer=found, **kwargs)
        if not found.has_money:
            return context
        written = Written(self.in_millions)
        tables = {
            name: table_of(
                found,
                cut,
                self.links,
                slow=self.form.threshold,
                written=written,
                whole=self.request.GET.get("het") == name,
            )
            for name, cut in found.cuts.items()
        }
        works = progress(self.question, self.visible)
        return context | {
            "figures": figures(found, works, self.links),
            "chart": self.curve(found),
            "curve_url": self.links.to("programs:dashboard_curve"),
            "months": curve.table(found, self.links, written=written),
            "month_total": tables["kind"].total,
            "months_query": f"{self.links.query()}&bang=thang",
            "months_export_url": self.links.to("programs:cut_export", bang="thang"),
            "main": tables["component"] if leads_further(found) else None,
            "tables": [tables[name] for name in BESIDE if shown(found, name)],
            "slow": slow_parts(found, self.links, self.form.threshold),
            "slow_lines": found.low_lines,
            "slow_url": self.links.lines(duoi=self.form.threshold),
            "threshold": self.form.threshold,
            "progress": works,
            "states": state_rows(works, self.links),
            "late": self.late(works),
            "late_url": self.links.to("programs:funded_works_list", cham=1),
            "is_demo": found.is_demo,
            "units_url": self.links_in_other_unit(),
        }

    def curve(self, found: Answer) -> Chart | None:
        """The curve when it is drawn already; a new one takes longer than all else on the page,
        which asks for it by itself. ?ve=1 waits for it."""
        try:
            return drawing(found, kept_only=self.request.GET.get(DRAWN) != "1")
        except NotDrawn:
            return None

    def late(self, works: Progress) -> list[dict[str, Any]]:
        if not works.late:
            return []
        late = late_on(works_of(self.question, self.visible), self.question.day)
        keys = list(late.values_list("pk", flat=True)[:LATE_SHOWN])  # sorted without their rows
        found = Works.objects.select_related("investor").in_bulk(keys)
        chosen = [found[key] for key in keys]
        return [
            {
                "works": one,
                "url": works_address(one.code),
                "days": lateness((self.question.day - one.planned_finish).days),
            }
            for one in chosen
        ]

    def links_in_other_unit(self) -> str:
        beside = tuple(pair for pair in self.links.beside if pair[0] != "tien")
        if not self.in_millions:
            beside += (("tien", "trieu"),)
        return Links(self.question, self.today, beside).dashboard()


class ProgrammeCurve(AskingMixin, TemplateView):
    """The curve alone, for the page that did not wait for it."""

    template_name = "programs/seeing/curve.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.programme = self.get_programme()
        if request.headers.get("HX-Request") != "true":
            return redirect(self.links.to("programs:dashboard", **{DRAWN: 1}))
        found = self.answer()
        chart = drawing(found) if found.has_money else None
        return self.render_to_response({"chart": chart, "question": self.question})


def leads_further(answer: Answer) -> bool:
    """Components stand below the one asked, even if it is only one."""
    return any(not row.is_remainder for row in answer.cuts["component"].rows)


def shown(answer: Answer, name: str) -> bool:
    """A cut that a filter has left with one row says nothing."""
    return len(answer.cuts[name].rows) > 1


def figures(answer: Answer, works: Progress, links: Links) -> list[Figure]:
    total, year = answer.total, answer.this_year
    behind = total.rate - Decimal(answer.expected) if total.rate is not None else None
    late_words = f"{number(works.late)} chậm tiến độ" if works.late else "không có công trình chậm"
    return [
        Figure(
            "Kế hoạch vốn",
            *large(total.plan, links.lines()),
            note=carried_words(year.carried_in, year.carried_out),
        ),
        Figure(
            "Đã phân bổ tới công trình",
            *large(total.detail, links.lines(cap="cong-trinh")),
            note=f"{share(total.detail, total.plan)} kế hoạch",
            more=f"Chưa phân bổ {money(total.not_detailed)}" if total.not_detailed > 0 else "",
            more_url=links.lines(cap="tren-cong-trinh") if total.not_detailed > 0 else "",
        ),
        Figure(
            "Đã giải ngân",
            *large(total.paid, links.payments()),
            note=f"Còn lại {money(total.left)}",
        ),
        Figure(
            "Tỷ lệ giải ngân",
            percent(total.rate),
            links.lines(sort="rate"),
            note=last_year_words(answer),
            target=f"Theo thời gian {percent(answer.expected)}"
            + (f", {points(behind)}" if behind is not None else ""),
            target_kind="" if behind is None else "done" if behind >= 0 else "wrong",
        ),
        Figure(
            "Công trình, hoạt động có vốn",
            number(works.works),
            links.to("programs:funded_works_list"),
            target=late_words,
            target_kind="waiting" if works.late else "done",
            more="Xem công trình chậm" if works.late else "",
            more_url=links.to("programs:funded_works_list", cham=1) if works.late else "",
        ),
    ]


def large(millions: Decimal, url: str) -> tuple[str, str, str]:
    """An amount as a key figure has it: the number, where it leads, its unit."""
    value, unit = money(millions).split(NO_BREAK, 1)
    return value, url, unit


def carried_words(came: Any, went: Any) -> str:
    said = []
    if came:
        said.append(f"gồm {money(came)} năm trước chuyển sang")
    if went:
        said.append(f"{money(went)} chuyển sang năm sau")
    words = "; ".join(said)
    return words[:1].upper() + words[1:]


def last_year_words(answer: Answer) -> str:
    rate = answer.last_year.rate
    if rate is None:
        return ""
    return f"Cùng kỳ năm {answer.last_year.year}: {percent(rate)}"


@dataclass(frozen=True)
class Slow:
    """Parts of a cut below the threshold: the slowest, how many there are, and the whole cut."""

    title: str
    rows: list[tuple[str, str, str, str]]
    count: int
    anchor: str

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def slow_parts(answer: Answer, links: Links, threshold: int) -> list[Slow]:
    """Districts and investors below the threshold, the slowest first."""
    found = []
    for name, words in (("area", "Địa bàn"), ("investor", "Chủ đầu tư")):
        slow = [
            row
            for row in answer.cuts[name].rows
            if not row.is_remainder and is_slow(row.money, threshold)
        ]
        slow.sort(key=lambda row: row.money.rate or 0)
        if slow:
            first = [slow_row(row, answer, name, links, threshold) for row in slow[:SLOW_SHOWN]]
            found.append(Slow(words, first, len(slow), name))
    return found


def slow_row(
    row: Row, answer: Answer, name: str, links: Links, threshold: int
) -> tuple[str, str, str, str]:
    narrowed = answer.question.with_(name, row.value)
    return (
        row.label,
        links.dashboard(narrowed),
        percent(row.money.rate),
        links.lines(narrowed, duoi=threshold),
    )


def state_rows(works: Progress, links: Links) -> list[tuple[str, int, str, str]]:
    return [
        (
            one.state.label[:1].upper() + one.state.label[1:],
            one.works,
            share(one.works, works.works),
            links.to("programs:funded_works_list", tinh_trang=one.state.value),
        )
        for one in works.states
        if one.works
    ]
