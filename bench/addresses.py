"""Every page of a programme that a person opens, as addresses over the bench's data.

A page that is added to programs.urls must come in here, or into `NOT_OPENED`: `every_page` refuses
what is in neither.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import URLPattern, URLResolver, resolve, reverse

from portal.collection.models import ReportingPeriod
from programs import urls
from programs.models import (
    CapitalPlan,
    Disbursement,
    FormSnapshot,
    Inspection,
    MonitoringForm,
    OutputKind,
    Programme,
    ReportStep,
    Target,
    TreasuryExtract,
    Works,
)

from .programme import DAY, YEARS

YEAR = YEARS[-1]

#: what answers with a file or a part of a page, and what only takes a form
NOT_OPENED = frozenset(
    {
        "carry_over_progress", "cut_export", "dashboard_curve", "export_file", "export_progress",
        "household_forget", "inspection_delete", "member_add", "member_remove", "ministry_export",
        "ministry_workbook", "month_close", "month_reopen", "part_delete", "plan_export",
        "plan_history_export", "programme_document_delete", "snapshot_workbook", "treasury_choose",
        "treasury_confirm", "treasury_discard", "treasury_progress", "treasury_rematch",
        "treasury_scale", "works_cite", "works_delete", "works_export", "works_photo",
        "works_photo_add", "works_photo_delete", "works_state", "works_uncite",
    }
)  # fmt: skip


def to(name: str, *args: object, **query: object) -> str:
    return reverse(f"programs:{name}", args=args, query=query)


def every_page(programme: Programme) -> dict[str, str]:
    """Page by name.

    Raises:
        RuntimeError: a page of programs.urls is missing.
    """
    pages = seen(programme) | money(programme) | works() | results(programme) | laid_down(programme)
    there = {resolve(address.split("?")[0]).url_name for address in pages.values()}
    missing = set(_names(urls.urlpatterns)) - there - NOT_OPENED
    if missing:
        raise RuntimeError(f"bench/addresses.py has no address of {', '.join(sorted(missing))}")
    return pages


def _place(line: CapitalPlan) -> str:
    """The holders down to a line of a district, as the plan's address opens them."""
    top = line.parent
    return f"province-{top.unit_id if top else 0}/district-{line.unit_id}"


def _names(patterns: Iterable[URLPattern | URLResolver]) -> Iterable[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _names(one.url_patterns)
        elif one.name:
            yield one.name


def narrow(programme: Programme) -> dict[str, str]:
    """Pages that show less to people of an area or an organisation."""
    asked = asked_of(programme)
    return {
        "overview": to("dashboard", **asked),
        "plan": to("plan_list", **asked),
        "lines": to("line_list", **asked),
        "payments": to("payment_list", **asked),
        "works with money": to("funded_works_list", **asked),
        "works": to("works_list"),
        "map of works": to("works_map"),
        "one works": to("works_detail", "B-7"),
        "outputs": to("output_list", **asked),
        "beneficiaries": to("beneficiary_list", **asked),
        "days of reporting": to("report_flow", **asked),
    }


def asked_of(programme: Programme) -> dict[str, str]:
    return {"chuong-trinh": programme.code, "nam": str(YEAR)}


def seen(programme: Programme) -> dict[str, str]:
    asked = asked_of(programme)
    then = asked | {"den_ngay": DAY.strftime("%d/%m/%Y")}
    one = Works.objects.get(code="B-7")
    commune = one.place_rows.get().unit_id
    return {
        "overview": to("dashboard", **asked),
        "overview amid a month": to("dashboard", **then),
        "overview of one investor": to("dashboard", **then, chu_dau_tu=one.investor_id),
        "overview with every investor": to("dashboard", **asked, het="investor"),
        "lines": to("line_list", **then),
        "slow lines": to("line_list", **then, duoi="30"),
        "payments": to("payment_list", **asked),
        "payments of a month": to("payment_list", **asked, thang=f"{YEAR}-06"),
        "works with money": to("funded_works_list", **then),
        "late works": to("funded_works_list", **then, cham="1"),
        "one commune": to("commune_detail", commune),
    }


def money(programme: Programme) -> dict[str, str]:
    asked = asked_of(programme)
    then = asked | {"den_ngay": DAY.strftime("%d/%m/%Y")}
    of_year = CapitalPlan.objects.filter(year=YEAR)
    line = of_year.get(works__code="B-7")
    district = line.parent
    top = district.parent if district else None
    if district is None or top is None:
        raise RuntimeError("works of the bench have lines above them")
    payment = Disbursement.objects.filter(plan=line).first()
    extract = TreasuryExtract.objects.first()
    return {
        "plan": to("plan_list", **asked),
        "plan amid a month": to("plan_list", **then),
        "plan with a place open": to("plan_list", **asked, mo=_place(district)),
        "plan with a place open, amid a month": to("plan_list", **then, mo=_place(district)),
        "plan of one investor": to("plan_list", **asked, chu_dau_tu=line.investor_id),
        "medium term": to("medium_term_list", **{"chuong-trinh": programme.code}),
        "one line": to("plan_detail", line.pk),
        "one line of a district": to("plan_detail", district.pk),
        "one line of the province": to("plan_detail", top.pk),
        "assigning": to("assignment_create", **asked),
        "carrying over": to("carry_over_create", **asked),
        "allocating": to("allocation_create", district.pk),
        "adjusting": to("adjustment_create", district.pk),
        "paying": to("payment_create", line.pk),
        "taking a payment back": to("reversal_create", payment.pk if payment else 0),
        "closed months": to("closed_month_list", **asked),
        "extracts of the treasury": to("treasury_list", **asked),
        "an extract: to choose": to("treasury_detail", extract.pk if extract else 0),
        "an extract: not matched": to("treasury_detail", extract.pk, phan="unmatched"),
        "an extract: certain": to("treasury_detail", extract.pk, phan="certain"),
        "published money": to("capital_list", **asked),
    }


def works() -> dict[str, str]:
    one = Works.objects.get(code="B-7")
    return {
        "works": to("works_list"),
        "works found by a word": to("works_list", q="thu 77"),
        "works, last page": to("works_list", page="99"),
        "map of works": to("works_map"),
        "entering works": to("works_create"),
        "one works": to("works_detail", one.code),
        "changing works": to("works_update", one.code),
        "investors": to("organisation_list"),
        "entering an investor": to("organisation_create"),
        "one investor": to("organisation_update", one.investor.code),
    }


def results(programme: Programme) -> dict[str, str]:
    asked = asked_of(programme)
    kind = OutputKind.objects.filter(outputs__isnull=False).first()
    quarter = ReportingPeriod.objects.get(code=f"{YEAR}-Q2")
    sent = dict(FormSnapshot.objects.values_list("form", "pk"))
    target = Target.objects.filter(programme=programme).first()
    return {
        "targets": to("target_list", **asked),
        "one target": to("target_detail", programme.code, target.code if target else "-"),
        "outputs": to("output_list", **asked),
        "outputs of one kind": to("output_works", kind.code if kind else "-", nam=YEAR),
        "outputs of one works": to("works_outputs", "B-7"),
        "beneficiaries": to("beneficiary_list", **asked),
        "works behind beneficiaries": to("beneficiary_works", **asked),
        "households": to("household_list", **asked),
        "reports for the ministry": to("ministry_home", **asked),
        "form of a quarter": to("ministry_report", programme.code, "quy", quarter.code),
        "form of half a year": to("ministry_report", programme.code, "6-thang", f"{YEAR}-H1"),
        "form of a year": to("ministry_report", programme.code, "nam", str(YEAR)),
        "form of a quarter that was sent": to("ministry_snapshot", sent.get("quy", 0)),
        "form of a year that was sent": to("ministry_snapshot", sent.get("nam", 0)),
        "days of reporting": to("report_flow", **asked),
        "documents and inspections": to("oversight_list", **asked),
        "entering an inspection": to("inspection_create", programme.code),
        "one inspection": to("inspection_update", programme.code, Inspection.objects.all()[0].pk),
        "forms": to("form_list", **asked),
    }


def laid_down(programme: Programme) -> dict[str, str]:
    """What the programme is made of, and the forms in which that is entered."""
    code = programme.code
    rule = programme.components.filter(applicability__isnull=False).first()
    step, form = ReportStep.objects.first(), MonitoringForm.objects.first()
    first = {
        "phase_update": programme.phases.all()[0].pk,
        "target_update": programme.targets.all()[0].pk,
        "report_step_update": step.pk if step else 0,
        "output_kind_update": OutputKind.objects.all()[0].pk,
        "monitoring_form_update": form.pk if form else 0,
    }
    found = {
        "programmes": to("programme_list"),
        "tree of projects": to("component_list", **asked_of(programme)),
        "one programme": to("programme_detail", code),
        "one project": to("component_detail", code, "DA4.TDA1"),
        "kinds of output": to("output_kind_list", **asked_of(programme)),
        "entering a programme": to("programme_create"),
        "changing a programme": to("programme_update", code),
        "entering a project": to("component_create", code),
        "changing a project": to("component_update", code, "DA4.TDA1"),
        "entering where a project applies": to("applicability_create", code, "DA4.TDA1"),
    }
    if rule:
        found["changing where a project applies"] = to(
            "applicability_update", code, rule.code, rule.applicability.all()[0].pk
        )
    for noun in ("phase", "target", "report_step", "output_kind", "monitoring_form"):
        words = noun.replace("_", " ")
        found[f"entering a {words}"] = to(f"{noun}_create", code)
        found[f"changing a {words}"] = to(f"{noun}_update", code, first[f"{noun}_update"])
    return found
