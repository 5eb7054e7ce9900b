"""Add and change people; the review and the removal of a prestigious person."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, UpdateView

from ethnic_data.forms.people import DeputyForm, PrestigiousForm, RemovalForm, ReviewForm
from ethnic_data.models import CouncilDeputy, PrestigiousPerson
from ethnic_data.models.people import PersonQuerySet
from ethnic_data.services import people as services
from portal.access import PermissionNeededMixin, permission_needed

from .lists import PrestigiousDetail


class PersonEdit(PermissionNeededMixin):
    """Save through the service; what the database refuses goes back into the form."""

    permissions = ("people.edit",)
    template_name = "ethnic_data/person_form.html"
    request: Any
    model: ClassVar[Any]

    def get_queryset(self) -> PersonQuerySet:
        people: PersonQuerySet = self.model.objects.visible_to(self.request.user)
        return people.with_names()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            person = services.save_person(
                person=form.save(commit=False), by=self.request.user, now=timezone.now()
            )
        except IntegrityError as error:
            form.add_error(None, str(error).split("\n")[0])
            return self.form_invalid(form)  # type: ignore[attr-defined,no-any-return]
        messages.success(self.request, f"Đã lưu {person}.")
        return redirect(person)


class DeputyEdit(PersonEdit):
    model = CouncilDeputy
    form_class = DeputyForm
    extra_context: ClassVar[dict[str, str]] = {
        "list_url_name": "ethnic_data:deputy_list",
        "list_title": "Đại biểu HĐND",
        "new_title": "Thêm đại biểu",
    }


class DeputyCreate(DeputyEdit, CreateView):
    pass


class DeputyUpdate(DeputyEdit, UpdateView):
    pass


class PrestigiousEdit(PersonEdit):
    model = PrestigiousPerson
    form_class = PrestigiousForm
    extra_context: ClassVar[dict[str, str]] = {
        "list_url_name": "ethnic_data:prestigious_list",
        "list_title": "Người có uy tín",
        "new_title": "Thêm người có uy tín",
    }


class PrestigiousCreate(PrestigiousEdit, CreateView):
    pass


class PrestigiousUpdate(PrestigiousEdit, UpdateView):
    pass


def prestigious_of(request: HttpRequest, pk: int) -> PrestigiousPerson:
    people = PrestigiousPerson.objects.visible_to(request.user).with_names()
    person: PrestigiousPerson = get_object_or_404(people, pk=pk)
    return person


def again(request: HttpRequest, person: PrestigiousPerson, **forms: Form) -> HttpResponse:
    """The person's page with what was typed and what is wrong with it."""
    view = PrestigiousDetail(request=request, object=person, kwargs={"pk": person.pk})
    view.setup(request, pk=person.pk)
    view.object = person
    context = view.get_context_data(**forms)
    return render(request, view.template_name, context, status=422)


@require_POST
@permission_needed("people.edit")
def prestigious_remove(request: HttpRequest, pk: int) -> HttpResponse:
    person = prestigious_of(request, pk)
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return again(request, person, removal_form=form)
    try:
        services.remove_prestigious(
            person=person, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except services.NotOnTheList as error:
        messages.error(request, error.message)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return again(request, person, removal_form=form)
    else:
        messages.success(request, f"Đã đưa {person} ra khỏi danh sách.")
    return redirect(person)


@require_POST
@permission_needed("people.edit")
def prestigious_review(request: HttpRequest, pk: int) -> HttpResponse:
    person = prestigious_of(request, pk)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return again(request, person, review_form=form)
    try:
        review = services.review_prestigious(
            person=person, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return again(request, person, review_form=form)
    messages.success(request, f"Đã ghi kết quả rà soát năm {review.year}.")
    return redirect(person)
