"""Programmes made for a test, apart from the one that reference data load."""

from __future__ import annotations

import datetime

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from programs.models import Component, Programme, Target


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
