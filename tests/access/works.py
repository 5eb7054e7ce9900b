"""Who may open which page of the register of works: officers those of their own area."""

from __future__ import annotations

from django.core.files.base import ContentFile

from programs.models import Membership, WorksDecision, WorksEvent, WorksPhoto, WorksPlace
from tests.cast import unit
from tests.programs.factories import OrganisationFactory, WorksFactory, decision

SEEN = {
    "anonymous": "login",
    "officer_own": 200,
    "officer_other": 200,  # the page is there for every area; what it lists is not
    "specialist": 200,
    "head": 200,
    "form_checker": 200,
    "leader": 200,
    "clerk": 200,
    "administrator": 200,
    "auditor": 200,
}
OWN = SEEN | {"officer_other": 404}
WRITTEN = dict.fromkeys(SEEN, 404) | {
    "anonymous": "login", "specialist": 200, "officer_own": 200, "officer_other": 200
}  # fmt: skip
OWN_WRITTEN = WRITTEN | {"officer_other": 404}
REFUSED = OWN_WRITTEN | {"specialist": 422, "officer_own": 422}
DONE = OWN_WRITTEN | {"specialist": 302, "officer_own": 302}
GONE = OWN_WRITTEN | {"officer_own": 302, "specialist": 404}  # the officer took it away before
DESIGNED = dict.fromkeys(SEEN, 404) | {
    "anonymous": "login", "specialist": 200, "administrator": 200
}  # fmt: skip
DESIGN_DONE = DESIGNED | {"specialist": 302, "administrator": 302}


def a_works(cast):
    """In Sơn Động, and in Lục Ngạn."""
    return {"code": in_district("220").code}, {"code": in_district("219").code}


def in_district(code):
    works = WorksFactory()
    below = unit(code).descendants.filter(unit__level="commune")
    row = below.filter(unit__valid__contains=works.planned_start).first()
    WorksPlace.objects.create(works=works, unit=row.unit)
    return works


def with_a_history(cast):
    """Works that cannot be taken away any more."""
    own, other = in_district("220"), in_district("219")
    for works in (own, other):
        WorksEvent.objects.create(works=works, state="approved", day=works.planned_start)
    return {"code": own.code}, {"code": other.code}


def a_decision(cast):
    given = []
    for district in ("220", "219"):
        works = in_district(district)
        row = WorksDecision.objects.create(works=works, document=decision(), role="approval")
        given.append({"code": works.code, "pk": row.pk})
    return tuple(given)


def a_photo(cast):
    given = []
    for district in ("220", "219"):
        photo = WorksPhoto(works=in_district(district), sha256=district)
        photo.file.save("a.jpg", ContentFile(b"jpeg"))
        given.append({"pk": photo.pk})
    return tuple(given)


def an_organisation(cast):
    kwargs = {"code": OrganisationFactory().code}
    return kwargs, kwargs


def a_member(cast):
    member = Membership.objects.create(organisation=OrganisationFactory(), user=cast("investor"))
    return {"pk": member.pk}, {"pk": member.pk}


def the_list(which):
    def kwargs(cast):
        return {"which": which}, {"which": which}

    return kwargs


ROWS = [
    ("programs:works_list", None, "get", SEEN),
    ("programs:works_map", None, "get", SEEN),
    ("programs:works_export", None, "get", SEEN),
    ("programs:works_create", None, "get", WRITTEN),
    ("programs:works_detail", a_works, "get", OWN),
    ("programs:works_update", a_works, "get", OWN_WRITTEN),
    ("programs:works_state", a_works, "post", REFUSED),
    ("programs:works_cite", a_works, "post", REFUSED),
    ("programs:works_photo_add", a_works, "post", REFUSED),
    ("programs:works_delete", with_a_history, "post", DONE),
    ("programs:works_uncite", a_decision, "post", GONE),
    ("programs:works_photo", a_photo, "get", OWN),
    ("programs:works_photo_delete", a_photo, "post", GONE),
    ("programs:organisation_list", None, "get", DESIGNED),
    ("programs:organisation_create", None, "get", DESIGNED),
    ("programs:organisation_update", an_organisation, "get", DESIGNED),
    ("programs:member_add", an_organisation, "post", DESIGN_DONE),
    ("collection:list_start", the_list("co-quan-chu-dau-tu"), "get", DESIGNED),
    ("programs:member_remove", a_member, "post", DESIGN_DONE | {"administrator": 404}),
]
