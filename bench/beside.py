"""What stands beside the works of the bench's programme: reports, an extract, a form that was
sent, photographs, inspections, households; as much as a province has of each."""

from __future__ import annotations

import datetime
from io import BytesIO

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from PIL import Image

from portal.accounts.models import User
from portal.collection.models import (
    Confirmation,
    Dataset,
    ReportingPeriod,
    Reviewer,
    ReviewStep,
    Submission,
)
from portal.documents.models import Document
from portal.units.models import UnitParent
from programs.models import (
    CapitalPlan,
    Component,
    Inspection,
    Membership,
    Programme,
    ProgrammeDocument,
    RecordValue,
    SupportedHousehold,
    TreasuryExtract,
    TreasuryRow,
    Works,
    WorksDecision,
    WorksPlace,
)
from programs.services.closing import close_month
from programs.services.photos import keep_photo
from programs.services.reporting import record_sent

from .programme import DAY, YEARS

QUARTERS = ("2023-Q4", "2024-Q1", "2024-Q2")
HOUSEHOLDS, EXTRACT_ROWS, INSPECTIONS = 20_000, 2_000, 100


def people(works: Works) -> dict[str, User]:
    """The specialist, who opens every page; a leader; a district's officer; an investor."""
    above = UnitParent.objects.filter(valid__contains=DAY, unit=works.place_rows.get().unit)
    district = above.get().parent
    found = {
        "specialist": _person("specialist"),
        "leader": _person("leader"),
        "head": _person("head"),
        "officer": _person("officer", area=district),
        "investor": _person("investor", area=district),
    }
    Membership.objects.get_or_create(user=found["investor"], organisation=works.investor)
    return found


def _person(role: str, **more: object) -> User:
    found, _ = get_user_model().objects.get_or_create(
        username=f"bench.{role}",
        defaults={
            "full_name": "Người Xem Thử",
            "role": role,
            "must_change_password": False,
            **more,
        },
    )
    return found


def laid_beside(programme: Programme, readers: dict[str, User]) -> None:
    """Once per database."""
    if TreasuryExtract.objects.exists():
        return
    with transaction.atomic():
        _laid(programme, readers)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _laid(programme: Programme, readers: dict[str, User]) -> None:
    by = readers["specialist"]
    works = list(Works.objects.filter(code__startswith="B-").order_by("pk"))
    _reports(works, readers)
    _extract(programme, by)
    _households(works)
    _sent(programme, by)
    for n in range(3):
        _photo(works[7], n, by)
    decision = Document.objects.filter(subject__endswith="vốn (thử)").first()
    for one in works[:500]:
        WorksDecision.objects.create(works=one, document=decision, role="approval")
    ProgrammeDocument.objects.get_or_create(programme=programme, document=decision, role="guidance")
    Inspection.objects.bulk_create(
        Inspection(
            programme=programme, first_day=DAY, last_day=DAY, place=f"Xã thử {n}",
            content="Kiểm tra tiến độ", by=by,
        )
        for n in range(INSPECTIONS)
    )  # fmt: skip
    close_month(programme=programme, month=datetime.date(YEARS[0], 1, 1), by=by, now=timezone.now())


def _reports(works: list[Works], by: dict[str, User]) -> None:
    """The progress of every works in three quarters, approved at every commune."""
    dataset = Dataset.objects.get(code="CT-TD")
    maker = by["specialist"]
    unit_of = dict(WorksPlace.objects.filter(works__in=works).values_list("works", "unit"))
    for quarter in QUARTERS:
        period = ReportingPeriod.objects.get(code=quarter)
        moment = timezone.make_aware(datetime.datetime.combine(period.end, datetime.time(9)))
        for_unit = {
            unit: Submission(dataset=dataset, unit_id=unit, period=period, created_by=maker)
            for unit in sorted(set(unit_of.values()))
        }
        Submission.objects.bulk_create(for_unit.values())
        RecordValue.objects.bulk_create(
            RecordValue(
                submission=for_unit[unit_of[one.pk]], row=one.code, measure=measure, value=n
            )
            for one in works
            for n, measure in enumerate(("KL", "GTKL"), start=1)
        )
        sent = Submission.objects.filter(pk__in=[one.pk for one in for_unit.values()])
        Confirmation.objects.bulk_create(
            Confirmation(submission=one, by=maker, at=moment, statement={}, digest="0" * 64)
            for one in for_unit.values()
        )
        sent.update(status="submitted", round=1, submitted_by=maker, submitted_at=moment)
        for level, who in ((Reviewer.DISTRICT, "leader"), (Reviewer.COMMITTEE, "head")):
            turn = Func(F("pk"), Value(period.end), function="collection_turn")
            waiting = sent.annotate(turn=Cast(turn, TextField())).filter(turn=level)
            ReviewStep.objects.bulk_create(
                ReviewStep(submission=one, reviewer=level, outcome="approved", by=by[who],
                           at=moment, round=1)
                for one in waiting
            )  # fmt: skip
        sent.update(status="approved", approved_by=by["head"], approved_at=moment)


def _extract(programme: Programme, by: User) -> None:
    extract = TreasuryExtract.objects.create(
        programme=programme, original_name="bang-ke.xlsx", sha256="0" * 64, by=by,
        at=timezone.now(), state="read", scale=1,
    )  # fmt: skip
    lines = CapitalPlan.objects.filter(works__isnull=False, year=YEARS[-1]).order_by("pk")
    outcomes = ("certain", "open", "unmatched", "refused")
    chosen = list(lines.values_list("pk", flat=True)[:EXTRACT_ROWS])
    TreasuryRow.objects.bulk_create(
        TreasuryRow(
            extract=extract, place=n, day=datetime.date(YEARS[-1], 7, 1), voucher=f"KB-{n}",
            name="Thanh toán", told=1, amount=1, outcome=outcomes[n % 4], reason="",
            candidates=chosen[n % 1000 : n % 1000 + 3] if n % 4 == 1 else [],
            plan_id=pk if n % 4 == 0 else None,
        )
        for n, pk in enumerate(chosen)
    )  # fmt: skip


def _households(works: list[Works]) -> None:
    component = Component.objects.get(programme__code="1719", code="DA1.ND2")
    own = [one for one in works if one.component_id == component.pk]
    places = dict(WorksPlace.objects.filter(works__in=own).values_list("works", "unit"))
    SupportedHousehold.objects.bulk_create(
        SupportedHousehold(
            component=component, year=YEARS[n % 2], unit_id=places[own[n % len(own)].pk],
            household_no=str(n + 1), works=own[n % len(own)], amount=40,
        )
        for n in range(HOUSEHOLDS)
    )  # fmt: skip


def _sent(programme: Programme, by: User) -> None:
    for form, code in (("quy", f"{YEARS[-1]}-Q2"), ("nam", str(YEARS[0]))):
        record_sent(
            programme=programme, form=form, period=ReportingPeriod.objects.get(code=code),
            document=None, note="", by=by,
        )  # fmt: skip


def _photo(works: Works, n: int, by: User) -> None:
    drawn = BytesIO()
    Image.new("RGB", (1200, 900), (40 * n, 90, 60)).save(drawn, "JPEG")
    keep_photo(
        works=works, file=ContentFile(drawn.getvalue()), caption="Thi công", day=DAY, by=by,
        now=timezone.now(),
    )  # fmt: skip
