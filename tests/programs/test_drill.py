"""Every number leads to a list whose sum is that number; who sees works sees their money."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from html import unescape

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import resolve, reverse
from django.utils import timezone

from ethnic_data.models import EthnicGroup
from portal.accounts.models import User
from portal.formats import as_decimal, money, number
from portal.units.models import AdministrativeUnit, UnitShare
from programs.models import (
    Beneficiaries,
    CapitalPlan,
    Output,
    OutputKind,
    Programme,
    SupportedHousehold,
    Works,
    WorksPlace,
)
from programs.services import disbursing
from tests.cast import unit
from tests.programs.factories import CapitalPlanFactory, WorksFactory, change, line_of_works, pay
from tests.programs.test_ledger import on

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a (?:class="[^"]*" )?href="([^"]+)"[^>]*>([\d.,]+)</a>')
NEW = datetime.date(2025, 7, 1)


def communes_of(new):
    """The communes before 1/7/2025 that went wholly into `new`."""
    shares = UnitShare.objects.on(NEW).filter(
        target=new, weight=1, unit__level="commune", unit__valid__contains=on(1, 3)
    )
    return AdministrativeUnit.objects.filter(pk__in=shares.values("unit"))


def made_of(name):
    return AdministrativeUnit.objects.on(NEW).communes().get(name=name, is_reference=False)


@pytest.fixture
def place(specialist):
    """Two works of the commune's predecessors with money, outputs and people; one elsewhere."""
    new = made_of("An Lạc")
    first, second = list(communes_of(new))[:2]
    line = line_of_works(1000)
    Programme.objects.filter(pk=line.programme_id).update(valid=DateRange(on(1, 1), None))
    job = line.works
    WorksPlace.objects.create(works=job, unit=first)
    same = {name: getattr(line, name) for name in ("programme", "component", "source", "kind")}
    other = CapitalPlanFactory(
        parent=line.parent, holder="works", unit=None,
        works=WorksFactory(component=line.component), **same,
    )  # fmt: skip
    WorksPlace.objects.create(works=other.works, unit=second)
    change(other, "allocated", "250.125", on(20, 3))
    far = CapitalPlanFactory(
        parent=line.parent, holder="works", unit=None,
        works=WorksFactory(component=line.component), **same,
    )  # fmt: skip
    WorksPlace.objects.create(works=far.works, unit=unit("07525"))
    change(far, "allocated", 300, on(20, 3))
    change(line, "adjusted", "-50.5", on(1, 6))
    pay(line, "120.25", on(31, 3))
    pay(other, "11.005", on(30, 4))
    pay(far, 77, on(30, 4))
    wrong = pay(line, 40, on(31, 5))
    disbursing.reverse(disbursement=wrong, day=on(3, 6), by=specialist, note="Ghi nhầm")
    kind = OutputKind.objects.create(
        component=line.component, code="X-KM", name="Đường", unit_of_measure="km", decimals=1
    )
    for works, year, planned in ((job, 2023, 2), (other.works, 2024, 3), (far.works, 2023, 9)):
        Output.objects.create(works=works, kind=kind, year=year, planned=planned, actual=1)
    group = EthnicGroup.objects.get(code="02")
    for works in (job, far.works):
        Beneficiaries.objects.create(works=works, year=2023, group=group, male=5, female=7)
    for one in (first, second):
        SupportedHousehold.objects.create(
            component=line.component, year=2023, unit=one, household_no="12"
        )
    return new, line, other, far


def numbers(client, url):
    """The linked numbers of a page: what each says, where it leads."""
    html = client.get(url).text
    return [(text, unescape(target)) for target, text in LINK.findall(html)]


def typed(text):
    return as_decimal(text.replace(".", "").replace(",", "."))


def said_by(client, target):
    """What the list behind a number says itself, as the pages write it; None for no list."""
    name = resolve(target.partition("?")[0]).url_name
    context = client.get(target).context
    if name in ("payment_list", "line_list"):
        total = context["total"] if name == "payment_list" else typed(context["total_plan"])
        return {number(total), money(total).split("\N{NO-BREAK SPACE}")[0]}
    if name in ("funded_works_list", "household_list"):
        return {number(context["paginator"].count)}
    if name == "works_list":
        return {number(context["whole"]["count"])}
    if name == "output_works":
        return {number(context["total"][key]) for key in ("planned", "actual")}
    if name == "beneficiary_works":
        return {number(context["total"]["people"])}
    return None


def walked(client, url):
    """The numbers of a page whose list was compared."""
    found = []
    for text, target in numbers(client, url):
        if not target.startswith("/"):
            continue
        if (said := said_by(client, target)) is not None:
            assert text in said, target
            found.append(resolve(target.partition("?")[0]).url_name)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("who", ["leader", "specialist"])
def test_each_number_of_a_commune_is_the_sum_of_the_list_behind_it(client, cast, place, who):
    client.force_login(cast(who))
    found = walked(client, reverse("programs:commune_detail", args=[place[0].pk]))
    assert set(found) == {
        "payment_list", "line_list", "funded_works_list", "household_list", "works_list",
        "output_works", "beneficiary_works",
    }  # fmt: skip


@pytest.mark.slow
def test_each_number_of_the_overview_is_the_sum_of_the_list_behind_it(client, leader, place):
    client.force_login(leader)
    _, line, *_ = place
    asked = {"chuong-trinh": line.programme.code, "nam": "2023", "tien": "trieu"}
    for more in ({}, {"den_ngay": "31/05/2023"}, {"xa": place[0].pk}, {"dia_ban": unit("220").pk}):
        found = walked(client, reverse("programs:dashboard", query=asked | more))
        assert {"payment_list", "line_list"} <= set(found)
        assert len(found) > 20


def test_outputs_and_people_of_a_year_lead_to_their_works(client, leader, place):
    client.force_login(leader)
    asked = {"chuong-trinh": place[1].programme.code, "nam": "2023"}
    assert set(walked(client, reverse("programs:output_list", query=asked))) >= {"output_works"}
    found = walked(client, reverse("programs:beneficiary_list", query=asked))
    assert set(found) >= {"beneficiary_works"}


def test_money_that_is_decided_for_a_later_day_is_not_yet_a_commune_s(client, leader, place):
    new, line, *_ = place
    future = timezone.localdate() + datetime.timedelta(days=20)
    later = CapitalPlanFactory(
        year=future.year, programme=line.programme, component=line.component, source=line.source,
        kind=line.kind,
    )  # fmt: skip
    works = CapitalPlanFactory(
        year=future.year, programme=line.programme, component=line.component, source=line.source,
        kind=line.kind, parent=later, holder="works", unit=None, works=line.works,
    )  # fmt: skip
    change(later, "assigned", 500, future)
    change(works, "allocated", 200, future)
    client.force_login(leader)
    url = reverse("programs:commune_detail", args=[new.pk])
    assert "200" not in [text for text, _ in numbers(client, url)]
    walked(client, url)


def officer_of(area):
    return User.objects.create_user(
        "xa.moi", full_name="Hoàng Thị Xã", role="officer", area=area, must_change_password=False
    )


@pytest.fixture
def new_officer(place):
    """Of the commune of 1/7/2025."""
    return officer_of(place[0])


def test_an_officer_sees_the_money_of_every_works_in_the_commune_and_no_other(place, new_officer):
    _, line, other, far = place
    assert set(Works.objects.visible_to(new_officer)) == {line.works, other.works}
    assert set(CapitalPlan.objects.visible_to(new_officer)) == {line, other}
    assert far not in CapitalPlan.objects.visible_to(new_officer)


@pytest.mark.slow
def test_page_list_drill_and_workbook_agree_for_the_communes_officer(client, place, new_officer):
    new, line, other, far = place
    client.force_login(new_officer)
    found = walked(client, reverse("programs:commune_detail", args=[new.pk]))
    assert {"payment_list", "line_list", "funded_works_list"} <= set(found)
    for one in (line, other):
        url = reverse("programs:plan_detail", args=[one.pk])
        html = client.get(url).text
        assert client.get(url).status_code == 200
        assert reverse("programs:payment_create", args=[one.pk]) not in html
        assert client.post(reverse("programs:payment_create", args=[one.pk])).status_code == 404
        url = reverse("programs:plan_history_export", args=[one.pk])
        assert client.get(url).status_code == 200
    for name in ("plan_detail", "plan_history_export"):
        assert client.get(reverse(f"programs:{name}", args=[far.pk])).status_code == 404
    assert client.get(reverse("programs:works_detail", args=[far.works.code])).status_code == 404
    money = client.get(reverse("programs:works_detail", args=[line.works.code])).context["capital"]
    assert money.lines == [line]


def test_an_officer_of_a_part_of_a_split_commune_sees_none_of_its_works(place):
    """No one can say where in the old commune its works lie."""
    new, old = made_of("Sơn Động"), unit("07525")
    UnitShare.objects.create(
        unit=old, target=new, weight=Decimal("0.4"), valid=DateRange(NEW, None)
    )
    job = WorksFactory()
    WorksPlace.objects.create(works=job, unit=old)
    officer = officer_of(new)
    assert job not in Works.objects.visible_to(officer)
    assert not CapitalPlan.objects.visible_to(officer).exists()
