"""The plan of a year as a tree of holders, narrowed by what stands in the address."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.views.generic import TemplateView

from portal.formats import day, share
from portal.row_addresses import row_address
from programs.forms.capital import PlanFilter
from programs.ledger.balances import Balance, balances, kept
from programs.ledger.holders import BETWEEN, Place, places
from programs.models import CapitalPlan
from programs.models.capital import CapitalPlanQuerySet
from programs.views.structure import ProgrammePartMixin

SHOWN = 50
END = datetime.date.max


@dataclass(frozen=True)
class Row:
    """One row of the tree: a place, or a line when its place is open."""

    name: str
    depth: int
    given: Decimal
    passed: Decimal
    disbursed: Decimal
    left: Decimal
    key: str = ""
    url: str = ""
    about: str = ""
    is_open: bool = False
    works_count: int = 0


class Seen(NamedTuple):
    """What the page shows: rows, all money, what of it reached works, works of the open place."""

    rows: list[Row]
    whole: Balance
    in_works: Decimal
    page: Page | None


class PlanList(ProgrammePartMixin, TemplateView):
    template_name = "programs/capital/plan_list.html"
    part = "programs:plan_list"
    shown = SHOWN

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.programme = self.get_programme()
        return super().get(request, *args, **kwargs)

    @cached_property
    def form(self) -> PlanFilter:
        return PlanFilter(
            self.request.GET,
            programme=self.programme,
            user=self.request.user,
            today=timezone.localdate(),
        )

    @cached_property
    def lines(self) -> CapitalPlanQuerySet:
        year = self.form.chosen_year()
        visible = CapitalPlan.objects.visible_to(self.request.user)
        return self.form.narrowed(visible.yearly(self.programme, year))

    @property
    def on(self) -> datetime.date:
        return self.form.told("den_ngay") or END

    def seen(self) -> Seen:
        """The tree as it is narrowed, with the lines of the place that is open."""
        wanted = self.request.GET.get("mo", "").replace("\0", "")
        opened_path = tuple(wanted.split(BETWEEN))
        year = self.form.chosen_year()
        found = places(self.lines, year=year, on=self.on, opened=opened_path)
        opened = (one for place in found for one in place.walk() if one.key == wanted)
        page = self._works(next(opened, None))
        return Seen(
            rows=list(self._rows(found, wanted, page)),
            whole=sum((place.whole for place in found), Balance()),
            in_works=sum((one.works.held for top in found for one in top.walk()), Decimal(0)),
            page=page,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = self.seen()
        return super().get_context_data(
            form=self.form,
            year=self.form.chosen_year(),
            on=self.form.told("den_ngay"),
            rows=seen.rows,
            whole=seen.whole,
            in_works=seen.in_works,
            in_works_words=f"{share(seen.in_works, seen.whole.held)} kế hoạch",
            rate=f"{share(seen.whole.disbursed, seen.whole.held)} kế hoạch",
            on_words=f"Đến hết ngày {day(self.on)}" if self.on != END else "",
            empty_words=f"Chưa có kế hoạch vốn năm {self.form.chosen_year()} khớp với điều kiện.",
            page_obj=seen.page,
            is_demo=self.lines.filter(is_demo=True).exists(),
            **kwargs,
        )

    def _works(self, place: Place | None) -> Page | None:
        """A page of the works' lines of the place that is open."""
        if place is None:
            return None
        lines = CapitalPlan.objects.filter(pk__in=place.works_lines)
        ordered = lines.order_by("works__sort_key", "source__position", "kind")
        pages = Paginator(list(ordered.values_list("pk", flat=True)), self.shown)
        return pages.get_page(self.request.GET.get("page"))

    def _rows(self, found: list[Place], wanted: str, page: Page | None) -> Iterator[Row]:
        for top in found:
            for place in top.walk():
                is_open = place.key == wanted and page is not None
                yield Row(
                    name=place.name,
                    depth=max(place.depth - 1, 0),
                    given=place.whole.held,
                    passed=place.whole.held - place.own.held,
                    disbursed=place.whole.disbursed,
                    left=place.whole.available,
                    key=place.key,
                    url=self._turned(place, is_open=is_open),
                    is_open=is_open,
                    works_count=place.works_count,
                )
                if is_open and page is not None:
                    yield from self._lines_of(place, [*sorted(place.own_lines), *page])

    @cached_property
    def _asked(self) -> str:
        """The address without what is open."""
        asked = self.request.GET.copy()
        for name in ("mo", "page"):
            asked.pop(name, None)
        return asked.urlencode()

    def _turned(self, place: Place, *, is_open: bool) -> str:
        """The address that opens a place, or closes the open one."""
        opened = "" if is_open else urlencode({"mo": place.key})
        return f"?{'&'.join(filter(None, (self._asked, opened)))}#{place.key}"

    def _lines_of(self, place: Place, keys: list[int]) -> Iterator[Row]:
        shown = CapitalPlan.objects.filter(pk__in=keys)
        found = shown.select_related("works", "component", "source").in_bulk()
        then = balances(shown, on=self.on) if self.on != END else {}
        for line in (found[key] for key in keys):
            balance = then.get(line.pk, Balance()) if self.on != END else kept(line)
            what = f"{line.component.code} · {line.source.name} · {line.get_kind_display()}"
            yield Row(
                name=f"{line.works.code} · {line.works.name}" if line.works else what,
                about=what if line.works else "",
                depth=place.depth,
                given=balance.received,
                passed=balance.passed_on,
                disbursed=balance.disbursed,
                left=balance.available,
                url=row_address("programs:plan_detail", line.pk),
            )
