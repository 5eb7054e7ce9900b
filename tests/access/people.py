"""Lists of people hold personal data: only those who need them see that they are there."""

from __future__ import annotations

import datetime

from django.utils import timezone

from ethnic_data.models import (
    CouncilDeputy,
    CouncilTerm,
    EthnicGroup,
    PeopleImport,
    PrestigiousPerson,
)
from tests.cast import member, unit

READERS = ["specialist", "head", "leader", "auditor"]
OTHERS = ["form_checker", "clerk", "administrator"]


def row(officer, *, other, specialist, reader):
    return {
        "anonymous": "login",
        "officer_own": officer,
        "officer_other": other,
        "specialist": specialist,
        "head": reader,
        "leader": reader,
        "auditor": reader,
        **dict.fromkeys(OTHERS, 404),
    }


def reading(*, other=404):
    return row(200, other=other, specialist=200, reader=200)


def editing(status, *, other=404, specialist=None):
    return row(status, other=other, specialist=specialist or status, reader=404)


def common(district):
    return {
        "full_name": "Vi Văn Sơn",
        "birth_year": 1960,
        "sex": "male",
        "group": EthnicGroup.objects.get(code="02"),
        "unit": a_commune_of(district),
        "changed_by": member("specialist"),
    }


def a_commune_of(district):
    day = datetime.date(2023, 11, 1)
    links = unit(district).children.filter(valid__contains=day, unit__level="commune")
    return links.order_by("unit__code").first().unit


def a_deputy(district):
    return CouncilDeputy.objects.create(
        term=CouncilTerm.objects.get(name="2021–2026"),
        elected_date=datetime.date(2021, 5, 23),
        **common(district),
    )


def a_person(district):
    return PrestigiousPerson.objects.create(
        category="elder",
        recognised_by="217/QĐ-UBND",
        recognised_date=datetime.date(2023, 4, 6),
        **common(district),
    )


def of_each(make):
    def given(cast):
        return {"pk": make("220").pk}, {"pk": make("219").pk}

    return given


def a_kind(cast):
    return {"kind": "xlsx"}, {"kind": "csv"}


def a_list(cast):
    return {"which": "prestigious"}, {"which": "deputies"}


def an_import(officer):
    return PeopleImport.objects.create(
        which="prestigious",
        original_name="danh sach.xlsx",
        by=officer,
        at=timezone.now(),
        state="read",
    )


def imports(cast):
    mine, theirs = an_import(cast("son_dong_officer")), an_import(cast("luc_ngan_officer"))
    return {"pk": mine.pk}, {"pk": theirs.pk}


def deputies_table(cast):
    from portal.collection.models import Dataset, ReportingPeriod, Submission

    dataset = Dataset.objects.get(code="DAI-BIEU")
    period = ReportingPeriod.objects.get(code="2023")
    return tuple(
        {
            "pk": Submission.objects.get_or_create(
                dataset=dataset,
                unit=unit(code),
                period=period,
                defaults={"created_by": cast("specialist")},
            )[0].pk
        }
        for code in ("220", "219")
    )


LED_ON = row(302, other=404, specialist=302, reader=302)
OWN_FILE = {
    "anonymous": "login",
    "officer_own": 200,
    "officer_other": 404,
    **dict.fromkeys([*READERS, *OTHERS], 404),
}
PERSON = of_each(a_person)
DEPUTY = of_each(a_deputy)

ROWS = [
    ("ethnic_data:deputy_list", None, "get", reading(other=200)),
    ("ethnic_data:deputy_export", a_kind, "get", reading(other=200)),
    ("ethnic_data:deputy_detail", DEPUTY, "get", reading()),
    ("ethnic_data:deputy_create", None, "get", editing(200, other=200)),
    ("ethnic_data:deputy_update", DEPUTY, "get", editing(200)),
    ("ethnic_data:prestigious_list", None, "get", reading(other=200)),
    ("ethnic_data:prestigious_export", a_kind, "get", reading(other=200)),
    ("ethnic_data:prestigious_detail", PERSON, "get", reading()),
    ("ethnic_data:prestigious_create", None, "get", editing(200, other=200)),
    ("ethnic_data:prestigious_update", PERSON, "get", editing(200)),
    ("ethnic_data:prestigious_remove", PERSON, "post", editing(422)),
    ("ethnic_data:prestigious_review", PERSON, "post", editing(422)),
    ("ethnic_data:people_import_start", a_list, "get", editing(200, other=200)),
    ("ethnic_data:people_blank", a_list, "get", editing(200, other=200)),
    ("ethnic_data:people_import", imports, "get", OWN_FILE),
    ("ethnic_data:people_import_progress", imports, "get", OWN_FILE | {"officer_own": 302}),
    ("ethnic_data:people_import_confirm", imports, "post", OWN_FILE | {"officer_own": 302}),
    ("ethnic_data:people_import_discard", imports, "post", OWN_FILE | {"officer_own": 302}),
    ("ethnic_data:people_import_undo", imports, "post", OWN_FILE | {"officer_own": 302}),
    ("ethnic_data:people_beside", deputies_table, "get", reading()),
    ("ethnic_data:people_beside_link", deputies_table, "get", reading()),
    ("ethnic_data:people_fill", deputies_table, "post", LED_ON),
    (
        "ethnic_data:people_log",
        None,
        "get",
        {
            "anonymous": "login",
            "officer_own": 404,
            "officer_other": 404,
            **dict.fromkeys(["specialist", "head", "leader", *OTHERS], 404),
            "auditor": 200,
        },
    ),
]
