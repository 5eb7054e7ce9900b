"""The two lists and one person of each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, TemplateView

from ethnic_data.aggregation.people import people_counts
from ethnic_data.forms.people import (
    DeputyFilter,
    PeopleFilter,
    PrestigiousFilter,
    RemovalForm,
    ReviewForm,
)
from ethnic_data.models import (
    CouncilDeputy,
    PeopleAccess,
    PrestigiousPerson,
    RecognitionLevel,
)
from ethnic_data.models.people import PeopleList, PersonQuerySet
from ethnic_data.services import people as services
from ethnic_data.views.exports import FORMATS
from portal.access import PermissionNeededMixin

PER_PAGE = 50
SEEN = PeopleAccess.objects.select_related("who")


class PeopleListView(PermissionNeededMixin, TemplateView):
    """A list with its filters, its counts and a page of names. Each look is logged."""

    permissions = ("people.view",)
    which: ClassVar[str]
    filter_class: ClassVar[type[PeopleFilter]]
    rooms: ClassVar[str]  # the beginning of the names of the list's addresses
    create_words: ClassVar[str]

    def people(self) -> PersonQuerySet:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        wanted = self.filter_class(self.request.GET, user=user, people=self.people())
        people = wanted.narrowed()
        counts = people_counts(people, on=wanted.day)
        page = Paginator(people.with_names(), PER_PAGE).get_page(self.request.GET.get("page"))
        services.record_access(
            which=self.which,
            what=PeopleAccess.What.LISTED,
            by=user,  # type: ignore[arg-type]
            count=len(page),
            detail=wanted.in_words(),
        )
        return super().get_context_data(
            form=wanted,
            counts=counts,
            page_obj=page,
            day=wanted.day,
            edits=user.has_perm("people.edit"),  # type: ignore[union-attr]
            audits=user.has_perm("accounts.audit"),  # type: ignore[union-attr]
            any_demo=any(person.is_demo for person in page),
            which=self.which,
            list_title=PeopleList(self.which).label,
            create_url=reverse(f"ethnic_data:{self.rooms}_create"),
            create_words=self.create_words,
            export_urls={
                kind: reverse(f"ethnic_data:{self.rooms}_export", args=[kind]) for kind in FORMATS
            },
            **kwargs,
        )


class DeputyList(PeopleListView):
    which = PeopleList.DEPUTIES
    filter_class = DeputyFilter
    rooms, create_words = "deputy", "Thêm đại biểu"
    template_name = "ethnic_data/deputy_list.html"

    def people(self) -> PersonQuerySet:
        return CouncilDeputy.objects.visible_to(self.request.user)


class PrestigiousList(PeopleListView):
    which = PeopleList.PRESTIGIOUS
    filter_class = PrestigiousFilter
    rooms, create_words = "prestigious", "Thêm người"
    template_name = "ethnic_data/prestigious_list.html"

    def people(self) -> PersonQuerySet:
        return PrestigiousPerson.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        year = context["day"].year
        there = context["form"].people.on(context["day"])
        waiting = there.not_reviewed(year).on(context["day"]).count()
        return context | {"year": year, "not_reviewed": waiting}


class PersonDetail(PermissionNeededMixin, DetailView):
    permissions = ("people.view",)
    context_object_name = "person"
    which: ClassVar[str]
    rooms: ClassVar[str]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, person = self.request.user, self.object
        services.record_access(
            which=self.which,
            what=PeopleAccess.What.READ,
            by=user,  # type: ignore[arg-type]
            person=person,
        )
        looks = None
        if user.has_perm("accounts.audit"):  # type: ignore[union-attr]
            looks = SEEN.filter(which=self.which, person_id=person.pk)[:20]
        changes = SEEN.filter(which=self.which, person_id=person.pk).exclude(
            what__in=[PeopleAccess.What.READ, PeopleAccess.What.LISTED]
        )
        return super().get_context_data(
            edits=user.has_perm("people.edit"),  # type: ignore[union-attr]
            age=person.age(timezone.localdate()),
            list_url_name=f"ethnic_data:{self.rooms}_list",
            list_title=PeopleList(self.which).label,
            update_url=reverse(f"ethnic_data:{self.rooms}_update", args=[person.pk]),
            looks=looks,
            changes=changes[:20],
            **kwargs,
        )


class DeputyDetail(PersonDetail):
    which = PeopleList.DEPUTIES
    rooms = "deputy"
    template_name = "ethnic_data/deputy_detail.html"

    def get_queryset(self) -> PersonQuerySet:
        return CouncilDeputy.objects.visible_to(self.request.user).with_names()


class PrestigiousDetail(PersonDetail):
    which = PeopleList.PRESTIGIOUS
    rooms = "prestigious"
    template_name = "ethnic_data/prestigious_detail.html"

    def get_queryset(self) -> PersonQuerySet:
        people = PrestigiousPerson.objects.visible_to(self.request.user).with_names()
        return people.select_related("recognised_document", "removed_document")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person: PrestigiousPerson = self.object
        year = timezone.localdate().year
        return super().get_context_data(
            level=RecognitionLevel.objects.on(person.recognised_date),
            reviews=person.reviews.select_related("reviewed_by"),
            review_form=kwargs.pop("review_form", ReviewForm(initial={"year": year})),
            removal_form=kwargs.pop("removal_form", RemovalForm()),
            **kwargs,
        )
