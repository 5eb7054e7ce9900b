"""Changing a row that several people may have open: it is held while it is compared and stored."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from programs.forms.opened import OPENED
from programs.models import Edit


class SavedInTurn:
    """Stands first among the bases of a page that changes one row with an `OpenedForm`."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            one = self.get_object()  # type: ignore[attr-defined]
            held = type(one)._base_manager.select_for_update(no_key=True).filter(pk=one.pk)
            held.values_list("pk").first()
            return super().post(request, *args, **kwargs)  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        changed = [name for name in form.changed_data if name != OPENED]
        if answer.status_code == 302 and changed:
            labels = ", ".join(str(form.fields[name].label) for name in changed)
            Edit.objects.create(
                noun=form.instance._meta.label_lower,
                row=form.instance.pk,
                what=labels[:500],
                by=self.request.user,  # type: ignore[attr-defined]
            )
        return answer
