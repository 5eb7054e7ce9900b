"""Who may open which page of the programmes: all read, who designs enters what they are."""

import datetime

from django.core.files.base import ContentFile

from portal.collection.models import ReportingPeriod
from programs.models import (
    Applicability,
    Component,
    FormSnapshot,
    GroupsExport,
    Inspection,
    MonitoringForm,
    OutputKind,
    Phase,
    Programme,
    ProgrammeDocument,
    ReportStep,
    SupportedHousehold,
    Target,
    WorksPlace,
)
from tests.cast import unit
from tests.programs.factories import WorksFactory, decision

SEEN = {
    "anonymous": "login",
    "officer_own": 200,
    "officer_other": 200,  # the programme is the same for every area
    "specialist": 200,
    "head": 200,
    "form_checker": 200,
    "leader": 200,
    "clerk": 200,
    "administrator": 200,
    "auditor": 200,
}


DESIGNED = {
    "anonymous": "login",
    "officer_own": 404,
    "officer_other": 404,
    "specialist": 200,
    "head": 404,
    "form_checker": 404,
    "leader": 404,
    "clerk": 404,
    "administrator": 200,
    "auditor": 404,
}
LED_BACK = {role: 302 if code == 200 else code for role, code in SEEN.items()}
OF_THE_AREA = SEEN | {"officer_other": 404}
REFUSED = DESIGNED | {"specialist": 404, "administrator": 404}
TAKEN_AWAY = DESIGNED | {"specialist": 302, "administrator": 302}


def twice(kwargs):
    return kwargs, kwargs


def of_1719(cast):
    return twice({"programme": "1719"})


def a_phase(cast):
    return twice({"programme": "1719", "pk": Phase.objects.get(name="Giai đoạn I").pk})


def a_rule(cast):
    rule = Applicability.objects.get()
    return twice({"programme": "1719", "code": rule.component.code, "pk": rule.pk})


def a_target(cast):
    return twice({"programme": "1719", "pk": Target.objects.get(code="MT01").pk})


def a_target_by_code(cast):
    return twice({"programme": "1719", "code": "MT02"})


OF_THE_COMMITTEE = SEEN | {"officer_own": 404, "officer_other": 404, "administrator": 404}
ASKED_BY_THE_COMMITTEE = {
    role: 302 if code == 200 else code for role, code in OF_THE_COMMITTEE.items()
}
PLANNED = dict.fromkeys(SEEN, 404) | {"anonymous": "login", "specialist": 200}
PLANNED_AWAY = PLANNED | {"specialist": 302}


def a_kind(cast):
    return twice({"programme": "1719", "pk": OutputKind.objects.first().pk})


def a_step(cast):
    return twice({"programme": "1719", "pk": ReportStep.objects.first().pk})


def a_report(cast):
    return twice({"programme": "1719", "form": "nam", "period": "2023"})


def a_snapshot(cast):
    one = FormSnapshot.objects.create(
        programme=Programme.objects.get(code="1719"), form="nam", values=[], sha256="0" * 64,
        period=ReportingPeriod.objects.get(code="2023"), by=cast("specialist"),
    )  # fmt: skip
    return twice({"pk": one.pk})


def an_export(cast):
    one = GroupsExport(
        programme=Programme.objects.get(code="1719"), day=datetime.date(2023, 6, 1), state="done",
        by=cast("specialist"),
    )  # fmt: skip
    one.file.save("x.xlsx", ContentFile(b"PK"), save=False)
    one.save()
    return twice({"pk": one.pk})


def a_programme_document(cast):
    one = ProgrammeDocument.objects.create(
        programme=Programme.objects.get(code="1719"), document=decision(), role="guidance"
    )
    return twice({"pk": one.pk})


def an_inspection(cast):
    day = datetime.date(2023, 6, 1)
    one = Inspection.objects.create(
        programme=Programme.objects.get(code="1719"), first_day=day, last_day=day, place="Xã",
        content="Kiểm tra",
    )  # fmt: skip
    return twice({"programme": "1719", "pk": one.pk})


def an_inspection_alone(cast):
    return twice({"pk": an_inspection(cast)[0]["pk"]})


def an_output_kind(cast):
    return twice({"code": "KQ-DUONG"})


LISTED = SEEN | {"form_checker": 404, "clerk": 404, "administrator": 404}
FORGOTTEN = dict.fromkeys(SEEN, 404) | {
    "anonymous": "login",
    "officer_own": 302,
    "specialist": 404,  # the officer took it away already
}
OF_WORKS = SEEN | {"officer_other": 404}


def a_household(cast):
    own, other = (
        SupportedHousehold.objects.create(
            component=Component.objects.get(code="DA1.ND2"), year=2023, unit=unit(code),
            household_no="1",
        )
        for code in ("07645", "07528")
    )  # fmt: skip
    return {"pk": own.pk}, {"pk": other.pk}


def a_works(cast):
    found = []
    for code in ("07645", "07528"):
        works = WorksFactory(component=Component.objects.get(code="DA4.TDA1"))
        WorksPlace.objects.create(works=works, unit=unit(code))
        found.append({"code": works.code})
    return tuple(found)


def a_form(cast):
    return twice({"programme": "1719", "pk": MonitoringForm.objects.first().pk})


def what_is_in_use(cast):
    return twice({"noun": "chuong-trinh", "pk": Programme.objects.get(code="1719").pk})


def what_is_not_there(cast):
    return twice({"noun": "khong-co", "pk": 1})


def a_commune(cast):
    """One of Sơn Động, and one of Lục Ngạn."""
    return {"pk": unit("07615").pk}, {"pk": unit("07525").pk}


def the_programme(cast):
    kwargs = {"code": "1719"}
    return kwargs, kwargs


def a_component(cast):
    kwargs = {"programme": "1719", "code": "DA9.TDA1"}
    return kwargs, kwargs


ROWS = [
    ("programs:programme_list", None, "get", SEEN),
    ("programs:dashboard", None, "get", SEEN),
    ("programs:dashboard_curve", None, "get", LED_BACK),
    ("programs:cut_export", None, "get", SEEN),
    ("programs:line_list", None, "get", SEEN),
    ("programs:payment_list", None, "get", SEEN),
    ("programs:funded_works_list", None, "get", SEEN),
    ("programs:commune_detail", a_commune, "get", OF_THE_AREA),
    ("programs:component_list", None, "get", SEEN),
    ("programs:target_list", None, "get", SEEN),
    ("programs:target_detail", a_target_by_code, "get", SEEN),
    ("programs:output_list", None, "get", SEEN),
    ("programs:output_works", an_output_kind, "get", SEEN),
    ("programs:beneficiary_list", None, "get", SEEN),
    ("programs:beneficiary_works", None, "get", SEEN),
    ("programs:household_list", None, "get", LISTED),
    ("programs:household_forget", a_household, "post", FORGOTTEN),
    ("programs:works_outputs", a_works, "get", OF_WORKS),
    ("programs:output_kind_list", None, "get", DESIGNED),
    ("programs:output_kind_create", of_1719, "get", DESIGNED),
    ("programs:output_kind_update", a_kind, "get", DESIGNED),
    ("programs:report_step_create", of_1719, "get", DESIGNED),
    ("programs:report_step_update", a_step, "get", DESIGNED),
    ("programs:ministry_home", None, "get", OF_THE_COMMITTEE),
    ("programs:ministry_report", a_report, "get", OF_THE_COMMITTEE),
    ("programs:ministry_workbook", a_report, "get", OF_THE_COMMITTEE),
    ("programs:ministry_snapshot", a_snapshot, "get", OF_THE_COMMITTEE),
    ("programs:snapshot_workbook", a_snapshot, "get", OF_THE_COMMITTEE),
    ("programs:ministry_export", of_1719, "post", ASKED_BY_THE_COMMITTEE),
    ("programs:export_progress", an_export, "get", ASKED_BY_THE_COMMITTEE),
    ("programs:export_file", an_export, "get", OF_THE_COMMITTEE),
    ("programs:report_flow", None, "get", SEEN),
    ("programs:oversight_list", None, "get", SEEN),
    ("programs:programme_document_delete", a_programme_document, "post", PLANNED_AWAY),
    ("programs:inspection_create", of_1719, "get", PLANNED),
    ("programs:inspection_update", an_inspection, "get", PLANNED),
    ("programs:inspection_delete", an_inspection_alone, "post", PLANNED_AWAY),
    ("programs:capital_list", None, "get", SEEN),
    ("programs:form_list", None, "get", SEEN),
    ("programs:programme_detail", the_programme, "get", SEEN),
    ("programs:component_detail", a_component, "get", SEEN),
    ("programs:programme_create", None, "get", DESIGNED),
    ("programs:programme_update", of_1719, "get", DESIGNED),
    ("programs:phase_create", of_1719, "get", DESIGNED),
    ("programs:phase_update", a_phase, "get", DESIGNED),
    ("programs:component_create", of_1719, "get", DESIGNED),
    ("programs:component_update", a_component, "get", DESIGNED),
    ("programs:applicability_create", a_component, "get", DESIGNED),
    ("programs:applicability_update", a_rule, "get", DESIGNED),
    ("programs:target_create", of_1719, "get", DESIGNED),
    ("programs:target_update", a_target, "get", DESIGNED),
    ("programs:monitoring_form_create", of_1719, "get", DESIGNED),
    ("programs:monitoring_form_update", a_form, "get", DESIGNED),
    ("programs:part_delete", what_is_in_use, "post", TAKEN_AWAY),
    ("programs:part_delete", what_is_not_there, "post", REFUSED),
]
