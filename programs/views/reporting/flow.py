"""The way of the year's reports: each step, its last day, who has done it and who is late."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from programs.figures.flow import steps_of
from programs.figures.outputs import years_of
from programs.models import Works
from programs.views.results.outputs import has_demo
from programs.views.results.targets import year_asked
from programs.views.structure import ProgrammePartMixin


class ReportFlow(ProgrammePartMixin, TemplateView):
    template_name = "programs/reporting/report_flow.html"
    part = "programs:form_list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.programme = self.get_programme()
        today = timezone.localdate()
        years = years_of(self.programme, today.year)
        year = year_asked(self.request, years, years[0])
        works = Works.objects.visible_to(self.request.user)
        return super().get_context_data(
            year=year,
            years=years,
            today=today,
            is_demo=has_demo(self.programme),
            steps=steps_of(self.programme, year, works, today=today),
            **kwargs,
        )
