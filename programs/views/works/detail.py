"""One page per works: what they are, where, how far, on which decisions, with which pictures."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import DetailView

from portal.access import PermissionNeededMixin
from portal.documents.models import Document
from programs.figures.of_works import results_of
from programs.forms.works import DecisionForm, PhotoForm, StateForm
from programs.ledger.of_works import capital_of
from programs.models import State, Works

from .list import STATE_KINDS


def works_of(user: Any, code: str) -> Works:
    """The works of that code, if `user` sees them; else 404."""
    if "\0" in code:
        raise Http404
    works: Works = get_object_or_404(
        Works.objects.visible_to(user).select_related("component__programme", "investor"), code=code
    )
    return works


class WorksDetail(PermissionNeededMixin, DetailView):
    permissions = ("programs.view",)
    template_name = "programs/works/works_detail.html"
    context_object_name = "works"
    kwargs: dict[str, Any]

    def get_object(self, queryset: Any = None) -> Works:
        return works_of(self.request.user, self.kwargs["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        works: Works = self.object
        readable = Document.objects.visible_to(user)
        edits = user.has_perm("programs.works")
        forms = {
            "state_form": StateForm(works=works, user=user),
            "decision_form": DecisionForm(user=user),
            "photo_form": PhotoForm(),
        }
        return super().get_context_data(
            **(forms | kwargs),
            edits=edits,
            late=works.days_late(on=timezone.localdate()),
            state_kind=STATE_KINDS[State(works.state)],
            places=works.place_rows.select_related("unit"),
            decisions=decisions_of(works, readable),
            events=events_of(works, readable),
            photos=works.photos.select_related("by"),
            capital=capital_of(works, user=user),
            results=results_of(works),
        )


def decisions_of(works: Works, readable: Any) -> list[dict[str, Any]]:
    """The decisions on the works; those that the reader may not open stand without a link."""
    decisions = list(works.decisions.select_related("document__document_type", "document__issuer"))
    known = set(readable.filter(works_decisions__works=works).values_list("pk", flat=True))
    return [
        {"decision": one, "document": one.document, "opens": one.document_id in known}
        for one in decisions
    ]


def events_of(works: Works, readable: Any) -> list[dict[str, Any]]:
    """The states of the works with their days, newest first, as the timeline shows them."""
    events = works.events.select_related("document__document_type", "by").order_by("-day", "-pk")
    known = set(readable.filter(works_events__works=works).values_list("pk", flat=True))
    return [
        {
            "kind": STATE_KINDS[State(event.state)],
            "what": event.get_state_display().capitalize(),
            "day": event.day,
            "who": str(event.by) if event.by else "",
            "note": event.note,
            "links": [
                {
                    "url": event.document.get_absolute_url() if event.document_id in known else "",
                    "name": str(event.document),
                }
            ]
            if event.document
            else [],
        }
        for event in events
    ]
