"""Programmes made for a test, apart from the one that reference data load."""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from portal.documents.models import Document, DocumentType, Issuer
from programs.models import (
    CapitalChange,
    CapitalPlan,
    Component,
    Disbursement,
    FundingSource,
    Organisation,
    Programme,
    Target,
    Works,
)
from tests.cast import unit


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"CT-{n}")
    name = factory.Sequence(lambda n: f"Chương trình thử {n}")
    short_name = factory.Sequence(lambda n: f"Chương trình {n}")
    decision = "Nghị quyết số 257/2025/QH15"
    owner = "Bộ Nông nghiệp và Môi trường"
    valid = DateRange(datetime.date(2026, 1, 1), datetime.date(2036, 1, 1))


class ComponentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Component

    programme = factory.SubFactory(ProgrammeFactory)
    kind = Component.Kind.PROJECT
    number = factory.Sequence(lambda n: n + 1)
    code = factory.LazyAttribute(lambda c: f"X{c.number}")
    name = factory.Sequence(lambda n: f"Dự án thử {n}")
    confidence = "high"


class TargetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Target

    programme = factory.SubFactory(ProgrammeFactory)
    code = factory.Sequence(lambda n: f"M{n}")
    name = "Tỷ lệ thử"
    unit_of_measure = "%"
    direction = "up"
    position = factory.Sequence(lambda n: n + 1)
    confidence = "high"


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"cdt-{n}")
    name = factory.Sequence(lambda n: f"Ban Quản lý dự án thử {n}")
    kind = Organisation.Kind.INVESTOR


class WorksFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Works

    code = factory.Sequence(lambda n: f"CT{n:04}")
    name = factory.Sequence(lambda n: f"Đường thử {n}")
    component = factory.SubFactory(ComponentFactory)
    investor = factory.SubFactory(OrganisationFactory)
    kind = Works.Kind.NEW
    total_investment = Decimal(5000)
    planned_start = datetime.date(2023, 3, 1)
    planned_finish = datetime.date(2023, 12, 31)


class CapitalPlanFactory(factory.django.DjangoModelFactory):
    """A line of the province for 2023, central budget, investment; pass `parent` for one below."""

    class Meta:
        model = CapitalPlan

    class Params:
        below = factory.Trait(
            programme=factory.SelfAttribute("parent.programme"),
            component=factory.SelfAttribute("parent.component"),
            source=factory.SelfAttribute("parent.source"),
            unit=None,
            holder="investor",
            organisation=factory.SubFactory(OrganisationFactory),
        )

    year = 2023
    programme = factory.SubFactory(ProgrammeFactory)
    component = factory.SubFactory(ComponentFactory, programme=factory.SelfAttribute("..programme"))
    source = factory.LazyFunction(lambda: FundingSource.objects.get(code="NSTW"))
    kind = "investment"
    holder = "province"
    unit = factory.LazyFunction(lambda: unit("24"))


_numbers = itertools.count(9000)


def decision(date: datetime.date = datetime.date(2023, 1, 10), number: str = "") -> Document:
    """A decision of the province's committee in the register, dated `date`."""
    return Document.objects.create(
        direction="legal",
        number=number or str(next(_numbers)),
        symbol="QĐ-UBND",
        date=date,
        issuer=Issuer.objects.get(name="Ủy ban nhân dân tỉnh Bắc Giang"),
        document_type=DocumentType.objects.get(name="Quyết định"),
        subject="Về việc giao kế hoạch vốn",
    )


def change(plan: CapitalPlan, what: str, amount: object, day: datetime.date, **more: object):
    """A change of `plan`, decided the same day unless `document` is given."""
    return CapitalChange.objects.create(
        plan=plan,
        what=what,
        amount=Decimal(str(amount)),
        day=day,
        document=more.pop("document", None) or decision(day),
        **more,
    )


def pay(plan: CapitalPlan, amount: object, day: datetime.date, **more: object) -> Disbursement:
    return Disbursement.objects.create(plan=plan, amount=Decimal(str(amount)), day=day, **more)


def line_of_works(amount: object = 1000, **of: object) -> CapitalPlan:
    """Province 5 000, Sơn Động 2 000, its works `amount` (passed down on 15/2/2023)."""
    province = CapitalPlanFactory(**of)
    same = {name: getattr(province, name) for name in ("programme", "component", "source", "kind")}
    district = CapitalPlanFactory(parent=province, holder="district", unit=unit("220"), **same)
    job = WorksFactory(component=province.component)
    works = CapitalPlanFactory(parent=district, holder="works", unit=None, works=job, **same)
    change(province, "assigned", 5000, datetime.date(2023, 1, 15))
    change(district, "allocated", 2000, datetime.date(2023, 2, 1))
    change(works, "allocated", amount, datetime.date(2023, 2, 15))
    works.refresh_from_db()
    return works
