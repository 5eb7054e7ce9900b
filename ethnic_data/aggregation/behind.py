"""The observations that an answer was made of."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from ethnic_data.models import Observation
from ethnic_data.models.observations import ObservationQuerySet

from .answered import Answer
from .observed import Operand
from .questions import Question, group_ids


def observations_behind(answer: Answer) -> ObservationQuerySet:
    """The values of the revisions used, without parts of a total that was given itself."""
    question = Question.of(
        answer.indicator,
        [answer.unit],
        answer.period.code,
        sex=answer.sex,
        units_on=answer.units_on,
        category=answer.category,
    )
    operands = [way for ways in question.operands(group_ids(answer.group)) for way in ways]
    if answer.indicator.counted is not None:
        operands.append(Operand(answer.indicator.counted, answer.sex, answer.category))
    told = Q(pk__in=[])
    for operand in operands:
        told |= _of(operand)
    place = question.places[answer.unit.pk]
    of_its_kind = Q(kind=answer.kind) if answer.kind else Q()
    return Observation.objects.filter(
        told,
        of_its_kind,
        submission__in=[revision.submission for revision in answer.revisions],
        unit__in={place.own, *place.levels},
    )


def _of(operand: Operand) -> Q:
    """Rows of the operand: as narrow as asked, else totals, or parts where there is no total."""
    rows = Q(indicator=operand.indicator.pk)
    if operand.sex:
        rows &= Q(sex=operand.sex)
    else:
        rows &= Q(sex="") | ~Q(_with_total("sex", ""))
    if operand.category:
        rows &= Q(category=operand.category)
    else:
        rows &= Q(category="") | ~Q(_with_total("category", ""))
    if operand.groups is None:
        return rows & (Q(group=None) | ~Q(_with_total("group", None)))
    return rows & Q(group__in=operand.groups)


def _with_total(part: str, whole: str | None) -> Exists:
    """Whether a row beside says the total over `part` of the same thing."""
    same = {"submission", "indicator", "unit"}
    if part != "group":  # a total over all groups stands above sexes and categories as well
        same |= {"sex", "category"} - {part}
    beside = Observation.objects.filter(
        **{name: OuterRef(name) for name in same},
        **({f"{part}__isnull": True} if whole is None else {part: whole}),
        value__isnull=False,
    )
    if part != "group":
        nobody = Value(0)
        beside = beside.alias(of=Coalesce("group", nobody)).filter(
            of=Coalesce(OuterRef("group"), nobody)
        )
    return Exists(beside)
