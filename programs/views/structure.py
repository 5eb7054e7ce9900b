"""The programme as it is laid down: read-only pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, ListView

from portal.access import PermissionNeededMixin
from portal.documents.models import Document
from programs.models import (
    Applicability,
    Component,
    Confidence,
    DocumentRole,
    MonitoringForm,
    Programme,
    PublishedCapital,
)

PARTS = (
    ("programs:dashboard", "Tổng quan"),
    ("programs:component_list", "Dự án, tiểu dự án"),
    ("programs:target_list", "Mục tiêu"),
    ("programs:plan_list", "Kế hoạch vốn"),
    ("programs:output_list", "Kết quả"),
    ("programs:capital_list", "Vốn đã công bố"),
    ("programs:form_list", "Báo cáo, chỉ đạo"),
)


class ProgrammePartMixin(PermissionNeededMixin):
    """A page about one programme: the one named by ?chuong-trinh=, else the one in force."""

    permissions = ("programs.view",)
    part = ""
    request: HttpRequest
    kwargs: dict[str, Any]
    programme: Programme

    def get_programme(self) -> Programme:
        asked = self.request.GET.get("chuong-trinh", "").replace("\0", "")
        if code := self.kwargs.get("code") or asked:
            return get_object_or_404(Programme, code=code)
        programme = Programme.objects.latest_begun(timezone.localdate())
        if programme is None:
            raise Http404
        return programme

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        programme = self.programme
        kwargs["tabs"] = [
            {
                "label": label,
                "url": reverse(name, query={"chuong-trinh": programme.code}),
                "current": name == self.part,
            }
            for name, label in PARTS
        ]
        return super().get_context_data(programme=programme, **kwargs)  # type: ignore[misc]


class ProgrammeList(PermissionNeededMixin, ListView):
    permissions = ("programs.view",)
    template_name = "programs/programme_list.html"
    context_object_name = "programmes"

    def get_queryset(self) -> QuerySet[Programme]:
        return Programme.objects.prefetch_related("phases").annotate(
            projects=Count("components", Q(components__kind="project"), distinct=True),
            subprojects=Count("components", Q(components__kind="subproject"), distinct=True),
            contents=Count("components", Q(components__kind="content"), distinct=True),
        )


class ProgrammeDetail(ProgrammePartMixin, DetailView):
    """The programme with its tree of projects."""

    template_name = "programs/programme_detail.html"
    context_object_name = "programme"
    part = "programs:component_list"

    def get_object(self, queryset: QuerySet[Programme] | None = None) -> Programme:
        self.programme = self.get_programme()
        return self.programme

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        components = self.programme.components.prefetch_related(not_carried_out())
        tree = components.select_related("programme").as_tree()
        kinds = [branch.component.kind for top in tree for branch in top.walk()]
        return super().get_context_data(
            tree=tree,
            counts=[(kind.label, kinds.count(kind)) for kind in Component.Kind],
            not_verified=any(
                not branch.component.is_verified for top in tree for branch in top.walk()
            ),
            phases=self.programme.phases.all(),
            decisions=Document.objects.visible_to(self.request.user)
            .filter(programmes__programme=self.programme, programmes__role=DocumentRole.PROGRAMME)
            .with_catalogue(),
            **kwargs,
        )


class ComponentDetail(PermissionNeededMixin, DetailView):
    permissions = ("programs.view",)
    template_name = "programs/component_detail.html"
    context_object_name = "component"

    def get_object(self, queryset: QuerySet[Component] | None = None) -> Component:
        if "\0" in self.kwargs["code"]:
            raise Http404
        return get_object_or_404(
            Component.objects.select_related("programme", "parent__parent__programme"),
            programme__code=self.kwargs["programme"],
            code=self.kwargs["code"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        component = self.object
        below = (
            component.programme.components.filter(Q(parent=component) | Q(parent__parent=component))
            .select_related("programme")
            .prefetch_related(not_carried_out())
        )
        return super().get_context_data(
            above=component.line_above(),
            below=below.as_tree(),
            applicability=Applicability.objects.filter(
                component__in=[component, *component.line_above()]
            ).select_related("unit", "component"),
            **kwargs,
        )


class PublishedCapitalList(ProgrammePartMixin, ListView):
    template_name = "programs/capital_list.html"
    context_object_name = "figures"
    part = "programs:capital_list"

    def get_queryset(self) -> QuerySet[PublishedCapital]:
        self.programme = self.get_programme()
        return self.programme.published_capital.select_related("unit")


class MonitoringFormList(ProgrammePartMixin, ListView):
    template_name = "programs/form_list.html"
    context_object_name = "forms"
    part = "programs:form_list"

    def get_queryset(self) -> QuerySet[MonitoringForm]:
        self.programme = self.get_programme()
        return self.programme.forms.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sure = Confidence.SOURCED
        not_sourced = any(form.confidence != sure for form in self.object_list)
        return super().get_context_data(not_sourced=not_sourced, **kwargs)


def not_carried_out() -> Prefetch:
    """The provinces in which a component is not carried out, as `component.ruled_out`."""
    return Prefetch(
        "applicability",
        Applicability.objects.filter(applies=False).select_related("unit"),
        to_attr="ruled_out",
    )
