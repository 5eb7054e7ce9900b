"""Outputs by project and year, the works behind each, and the form of one works."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import ListView, TemplateView

from ethnic_data.models import EthnicGroup
from portal.access import PermissionNeededMixin
from portal.formats import read_whole
from portal.units.models import AdministrativeUnit
from programs.figures.outputs import kinds_by_component, people_by_group, summed, years_of
from programs.forms.results import OutputsForm
from programs.models import Beneficiaries, Output, OutputKind, Programme, Works
from programs.services.results import TakenFromData, enter_outputs
from programs.views.structure import ProgrammePartMixin

from .targets import year_asked

ENTERING = ("programs.works", "programs.plan")  # investors: their own works
PAGE = 50


def has_demo(programme: Programme) -> bool:
    """Whether any works of the programme are made up."""
    return Works.objects.filter(component__programme=programme, is_demo=True).exists()


class YearOfProgrammeMixin(ProgrammePartMixin):
    """A page about one year of a programme; without ?nam= the last year that has rows."""

    model: Any = Output

    def get_year(self) -> int:
        self.years = years_of(self.programme, timezone.localdate().year)
        last = (
            self.model.objects.filter(works__component__programme=self.programme)
            .order_by("-year")
            .values_list("year", flat=True)
            .first()
        )
        return year_asked(self.request, self.years, last if last in self.years else self.years[0])


class OutputSummary(YearOfProgrammeMixin, TemplateView):
    """What the year gave, summed upward from works."""

    template_name = "programs/results/output_list.html"
    part = "programs:output_list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.programme = self.get_programme()
        year = self.get_year()
        works = Works.objects.visible_to(self.request.user)
        sections = summed(self.programme, year, works)
        told = [section for section in sections if any(one.works for one in section.kinds)]
        return super().get_context_data(
            year=year,
            years=self.years,
            sections=sections if told else [],
            is_demo=has_demo(self.programme),
            **kwargs,
        )


def place_asked(request: HttpRequest) -> AdministrativeUnit | None:
    """The commune of ?xa= that the person may open; 404 for another."""
    if "xa" not in request.GET:
        return None
    seen = AdministrativeUnit.objects.visible_to(request.user).communes()
    return get_object_or_404(seen, pk=read_whole(request.GET["xa"]))


class OutputWorks(YearOfProgrammeMixin, ListView):
    """The works that gave one kind of output in a year; of ?xa= alone, in every year."""

    template_name = "programs/results/output_works.html"
    context_object_name = "outputs"
    paginate_by = PAGE
    part = "programs:output_list"

    def get_programme(self) -> Any:
        self.kind = get_object_or_404(
            OutputKind.objects.select_related("component__programme"), code=self.kwargs["code"]
        )
        return self.kind.component.programme

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "\0" in kwargs["code"]:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Output]:
        self.programme, self.place = self.get_programme(), place_asked(self.request)
        works = Works.objects.visible_to(self.request.user)
        works = works.within(self.place) if self.place else works
        found = Output.objects.filter(kind=self.kind, works__in=works)
        self.year = None if self.place and "nam" not in self.request.GET else self.get_year()
        self.told = found.filter(year=self.year) if self.year else found
        return (
            self.told.select_related("works__investor", "works__component", "submission")
            .prefetch_related("works__place_rows__unit")
            .order_by("works__sort_key", "works__code", "year")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            kind=self.kind,
            year=self.year,
            years=self.years if self.year else [],
            place=self.place,
            total=self.told.order_by().aggregate(planned=Sum("planned"), actual=Sum("actual")),
            **kwargs,
        )


class BeneficiarySummary(YearOfProgrammeMixin, TemplateView):
    """Who benefited in a year, by ethnic group and sex."""

    template_name = "programs/results/beneficiary_list.html"
    part = "programs:output_list"
    model = Beneficiaries

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.programme = self.get_programme()
        year = self.get_year()
        works = Works.objects.visible_to(self.request.user)
        groups = people_by_group(self.programme, year, works)
        return super().get_context_data(
            year=year,
            years=self.years,
            groups=groups,
            male=sum(one.male for one in groups),
            female=sum(one.female for one in groups),
            people=sum(one.people for one in groups),
            works_url=reverse(
                "programs:beneficiary_works",
                query={"chuong-trinh": self.programme.code, "nam": year},
            ),
            is_demo=has_demo(self.programme),
            **kwargs,
        )


class BeneficiaryWorks(YearOfProgrammeMixin, ListView):
    """The works behind the people of a year: ?dan-toc= of one group, ?xa= in one commune."""

    template_name = "programs/results/beneficiary_works.html"
    context_object_name = "rows"
    paginate_by = PAGE
    part = "programs:output_list"
    model = Beneficiaries

    def get_queryset(self) -> QuerySet[Beneficiaries]:
        self.programme, self.place = self.get_programme(), place_asked(self.request)
        self.year = self.get_year()
        works = Works.objects.visible_to(self.request.user)
        works = works.within(self.place) if self.place else works
        self.told = Beneficiaries.objects.filter(
            year=self.year, works__in=works, works__component__programme=self.programme
        )
        self.group = None
        if (asked := self.request.GET.get("dan-toc")) is not None:
            self.group = get_object_or_404(EthnicGroup, code=asked.replace("\0", ""))
            self.told = self.told.filter(group=self.group)
        return self.told.select_related("works__investor", "group", "submission").order_by(
            "works__sort_key", "works__code", "group__code"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            year=self.year,
            years=self.years,
            place=self.place,
            group=self.group,
            total=self.told.order_by().aggregate(
                people=Sum(F("male") + F("female")), male=Sum("male"), female=Sum("female")
            ),
            is_demo=has_demo(self.programme),
            **kwargs,
        )


class WorksOutputs(PermissionNeededMixin, TemplateView):
    """The outputs of one works in a year, and the form for who may write them."""

    permissions = ("programs.view",)
    template_name = "programs/results/works_outputs.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "\0" in kwargs["code"]:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def prepare(self) -> None:
        self.works = get_object_or_404(
            Works.objects.visible_to(self.request.user).select_related(
                "component__programme", "investor"
            ),
            code=self.kwargs["code"],
        )
        self.years = years_of(self.works.component.programme, timezone.localdate().year)
        self.year = year_asked(self.request, self.years, self.years[0])
        self.may_enter = any(self.request.user.has_perm(one) for one in ENTERING)

    def form(self, data: Any = None) -> OutputsForm:
        return OutputsForm(
            data,
            kinds=kinds_by_component().get(self.works.component_id, ()),
            kept=list(
                Output.objects.filter(works=self.works, year=self.year).select_related(
                    "submission__dataset"
                )
            ),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        return self.answer(self.form())

    def answer(self, form: OutputsForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            works=self.works,
            programme=self.works.component.programme,
            year=self.year,
            years=self.years,
            form=form,
            may_enter=self.may_enter,
            people=Beneficiaries.objects.filter(works=self.works, year=self.year).select_related(
                "group"
            ),
        )
        return self.render_to_response(context, status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        if not self.may_enter:
            raise Http404
        form = self.form(request.POST)
        if not form.is_valid():
            return self.answer(form, status=422)
        try:
            changed = enter_outputs(
                works=self.works, year=self.year, told=form.told(), by=request.user
            )
        except TakenFromData:
            messages.error(
                request, "Số liệu vừa được duyệt từ biểu nộp. Đính chính ở bộ số liệu đó."
            )
        else:
            messages.success(request, f"Đã lưu, {changed} kết quả thay đổi.")
        address = reverse("programs:works_outputs", args=[self.works.code])
        return redirect(f"{address}?nam={self.year}")
