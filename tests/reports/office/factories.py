"""One factory per kind of record."""

import datetime

import factory
from factory.django import DjangoModelFactory

from portal.accounts.models import Division
from reports.models import office

DAY = datetime.date(2023, 3, 1)


class PlanFactory(DjangoModelFactory):
    class Meta:
        model = office.Plan

    title = factory.Sequence(lambda n: f"Kế hoạch thử {n}")
    first_day = datetime.date(2023, 1, 1)
    last_day = datetime.date(2023, 12, 31)


def division():
    return Division.objects.get_or_create(
        code="HC-TH", defaults={"name": "Phòng Hành chính - Tổng hợp"}
    )[0]


class PlanTaskFactory(DjangoModelFactory):
    class Meta:
        model = office.PlanTask

    plan = factory.SubFactory(PlanFactory)
    content = factory.Sequence(lambda n: f"Nhiệm vụ thử {n}")
    division = factory.LazyFunction(division)


class TrainingFactory(DjangoModelFactory):
    class Meta:
        model = office.Training

    title = factory.Sequence(lambda n: f"Lớp thử {n}")
    first_day = DAY


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = office.Finding

    text = factory.Sequence(lambda n: f"Khó khăn thử {n}")
    first_day = DAY


class RecommendationFactory(DjangoModelFactory):
    class Meta:
        model = office.Recommendation

    text = factory.Sequence(lambda n: f"Đề nghị thử {n}")
    addressee = "UBND tỉnh"
    first_day = DAY


class SteeringBodyFactory(DjangoModelFactory):
    class Meta:
        model = office.SteeringBody

    name = factory.Sequence(lambda n: f"Ban chỉ đạo thử {n}")
    first_day = DAY
