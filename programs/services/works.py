"""The register of works: what changes in it; works that nothing was written about go away."""

from __future__ import annotations

from django.db import transaction

from programs.models import Works, WorksDecision, WorksPhoto, WorksPlace
from programs.register import (
    WorksRefused,
    change_state,
    cite_decision,
    communes_for,
    investors_for,
    next_states,
    save_works,
)

from .design import PartInUse, hanging
from .photos import delete_photo

__all__ = [
    "GOES_ALONG",
    "WorksRefused",
    "change_state",
    "cite_decision",
    "communes_for",
    "delete_works",
    "investors_for",
    "next_states",
    "save_works",
]

GOES_ALONG = (WorksPlace, WorksDecision, WorksPhoto)  # taken away with works


@transaction.atomic
def delete_works(*, works: Works) -> None:
    """Take works away that nothing was ever written about.

    Raises:
        PartInUse: they have a history, capital, results.
    """
    locked = Works.objects.select_for_update().get(pk=works.pk)
    if used := hanging(locked, aside=GOES_ALONG):
        raise PartInUse(f"Công trình đã có {used} nên giữ lại.")
    for photo in locked.photos.all():
        delete_photo(photo=photo)
    locked.delete()
