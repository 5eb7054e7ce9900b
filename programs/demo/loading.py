"""Write the made-up programme into the database: in bulk, through the ledger's own triggers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import transaction

from ethnic_data.models import EthnicGroup
from portal.accounts.demo import load_accounts
from portal.accounts.models import User
from portal.documents.models import Document, DocumentType, Issuer
from portal.units.models import AdministrativeUnit, Level, UnitParent
from portal.units.names import fold, sort_key
from portal.units.services import LIST_861
from programs.models import (
    Beneficiaries,
    CapitalChange,
    CapitalPlan,
    Disbursement,
    FundingSource,
    Inspection,
    Membership,
    Organisation,
    Output,
    OutputKind,
    Phase,
    Programme,
    SupportedHousehold,
    Works,
    WorksDecision,
    WorksEvent,
    WorksPlace,
)

from . import figures
from .figures import Dice, Job, Place, Purse, parts

BY = "chuyenvien"
INVESTOR, INVESTOR_OF = "chudautu", ("bqlda-220", "kinh-te-220")
LISTED_ON = datetime.date(2023, 11, 1)
ISSUER = "Ủy ban nhân dân tỉnh Bắc Giang"
LEVELS = ("province", "district", "investor", "works")
What = CapitalChange.What
Line = tuple[str, str, Purse]  # holder's key, component, purse


def load(*, today: datetime.date) -> None:
    load_accounts()
    if Works.objects.filter(is_demo=True).exists():
        return
    with transaction.atomic():
        Loader(today=today).load()


@dataclass
class Year:
    """What is written of one year; `carried` are works of the year before with what was left."""

    year: int
    jobs: list[Job]
    carried: list[Job] = field(default_factory=list)
    lines: dict[Line, CapitalPlan] = field(default_factory=dict)

    @property
    def day(self) -> datetime.date:
        """From when the year's money is there."""
        return datetime.date(self.year, 1, 10)

    def share(self, dice: Dice, total: Decimal) -> dict[Purse, Decimal]:
        """Give every job its money and payments; returns what the province keeps, by purse."""
        shares = figures.SOURCES[self.year]
        purses = dict(zip(shares, parts(total, list(shares.values())), strict=True))
        for job in self.carried:
            for purse, amount in job.money.items():
                purses[purse] -= amount
        kept = {
            purse: (amount * Decimal(str(figures.NOT_YET_PASSED_ON))).quantize(Decimal(1))
            for purse, amount in purses.items()
        }
        dice.give_money(self.jobs, {purse: purses[purse] - kept[purse] for purse in purses})
        dice.pay([*self.jobs, *self.carried], self.year)
        if self.year == 2024:
            june = datetime.date(2024, 6, 30)
            figures.reach_by([*self.jobs, *self.carried], june, figures.PAID_BY_JUNE_2024)
        return kept


def left_over(one: Year | None) -> list[Job]:
    """Works that went on slowly, with what they have not spent, as jobs of the next year."""
    found = []
    for job in one.jobs if one else []:
        paid = {p: sum((a for _, a in told), Decimal(0)) for p, told in job.payments.items()}
        left = {p: job.money[p] - paid[p] for p in job.money if job.money[p] > paid[p]}
        if job.pace == 0.6 and left:
            begin = datetime.date(job.year + 1, 2, 1)
            found.append(
                replace(job, year=job.year + 1, begin=begin, money=left, payments={}, pace=1.0)
            )
    return found


class Loader:
    def __init__(self, *, today: datetime.date) -> None:
        self.today = today
        self.programme = Programme.objects.get(code="1719")
        self.by = User.objects.get(username=BY)
        self.components = {c.code: c for c in self.programme.components.all()}
        self.sources = {source.code: source for source in FundingSource.objects.all()}
        self.groups = {group.code: group for group in EthnicGroup.objects.listed()}
        self.kinds = {kind.code: kind for kind in OutputKind.objects.all()}
        self.communes: dict[tuple[int, str], AdministrativeUnit] = {}
        self.districts: dict[tuple[int, str], AdministrativeUnit] = {}
        self.works: dict[str, Works] = {}

    def load(self) -> None:
        dice = Dice({year: self._places(year) for year in figures.TOTALS})
        self._investors()
        self._medium_term()
        last: Year | None = None
        for year, total in figures.TOTALS.items():
            one = Year(year, dice.jobs(year), carried=left_over(last) if year == 2024 else [])
            kept = one.share(dice, total)
            self._write_works(one)
            self._write_money(one, kept, last)
            self._write_results(one)
            last = one
        self._inspections()

    # where

    def _places(self, year: int) -> list[Place]:
        """Communes of the 73 and, of other districts, a few; in force all the time of the works."""
        day, end = datetime.date(year, 2, 1), datetime.date(year, 6, 30)
        listed = set(
            AdministrativeUnit.objects.listed(LIST_861, on=LISTED_ON).values_list("pk", flat=True)
        )
        links = (
            UnitParent.objects.filter(
                valid__contains=day, unit__level=Level.COMMUNE, unit__is_reference=False,
                unit__valid__contains=end, parent__level=Level.DISTRICT,
            )
            .select_related("unit", "parent")
            .order_by("unit__code")
        )  # fmt: skip
        found: list[Place] = []
        others: dict[str, int] = {}
        for link in links:
            unit, district = link.unit, link.parent
            if unit.pk not in listed:
                if district.code in figures.DISTRICTS or others.get(district.code, 0) >= 4:
                    continue
                others[district.code] = others.get(district.code, 0) + 1
            self.communes[year, unit.code] = unit
            self.districts[year, district.code] = district
            found.append(Place(unit.code, f"{unit.kind} {unit.name}", district.code))
        return found

    def _investors(self) -> None:
        by_code = {unit.code: unit for (_, _), unit in sorted(self.districts.items(), key=str)}
        wanted = [
            Organisation(
                code=f"bqlda-{code}", kind=Organisation.Kind.INVESTOR, unit=unit, is_demo=True,
                name=f"Ban Quản lý dự án đầu tư xây dựng {unit.kind} {unit.name}",
            )
            for code, unit in sorted(by_code.items())
        ] + [
            Organisation(
                code=f"kinh-te-{code}", kind=Organisation.Kind.INVESTOR, unit=unit, is_demo=True,
                name=f"Phòng Dân tộc {unit.kind} {unit.name}",
            )
            for code, unit in sorted(by_code.items())
        ]  # fmt: skip
        for one in wanted:
            one.name_key, one.sort_key = fold(one.name), sort_key(one.name)
        Organisation.objects.bulk_create(wanted, ignore_conflicts=True)
        self.investors = {o.code: o for o in Organisation.objects.filter(is_demo=True)}
        for user in User.objects.filter(username=INVESTOR):
            for code in INVESTOR_OF:
                Membership.objects.create(user=user, organisation=self.investors[code])

    def _inspections(self) -> None:
        told = (
            ((2023, 5, 16), (2023, 5, 18), "220", "UBND huyện Sơn Động",
             "Tiến độ giải ngân Dự án 1, Dự án 4",
             "Đôn đốc chủ đầu tư nghiệm thu khối lượng; báo cáo trước 30/6."),
            ((2024, 8, 20), (2024, 8, 21), "219", "UBND huyện Lục Ngạn",
             "Hỗ trợ nhà ở, nước sinh hoạt; sổ hộ được hỗ trợ",
             "Rà soát hộ trùng giữa các nội dung trước khi giải ngân đợt cuối năm."),
        )  # fmt: skip
        for first, last, code, place, content, finding in told:
            day = datetime.date(*first)
            Inspection.objects.create(
                programme=self.programme, first_day=day, last_day=datetime.date(*last),
                unit=AdministrativeUnit.objects.on(day).get(code=code, level=Level.DISTRICT),
                place=place, content=content, finding=finding, is_demo=True, by=self.by,
            )  # fmt: skip

    # documents

    def _decision(self, year: int, what: str, date: datetime.date | None = None) -> Document:
        return Document.objects.create(
            direction="legal",
            number=f"MH{year % 100:02}{len(what):02}",
            symbol="QĐ-UBND",
            date=date or datetime.date(year - 1, 12, 20),
            issuer=Issuer.objects.get(name=ISSUER),
            document_type=DocumentType.objects.get(code="QĐ"),
            subject=f"Quyết định minh hoạ về việc {what} năm {year}",
            verification_note="Văn bản minh hoạ, không có thật",
            is_demo=True,
            created_by=self.by,
        )

    # works

    def _investor(self, job: Job) -> Organisation:
        office = "bqlda" if job.trade.purse_kind == figures.INVESTMENT else "kinh-te"
        return self.investors[f"{office}-{job.place.district}"]

    def _write_works(self, one: Year) -> None:
        made = Works.objects.bulk_create(self._works(job) for job in one.jobs)
        self.works |= {works.code: works for works in made}
        WorksPlace.objects.bulk_create(
            WorksPlace(
                works=self.works[job.code],
                unit=self.communes[one.year, job.place.code],
                village=job.village,
            )
            for job in one.jobs
        )
        approval = self._decision(one.year, "phê duyệt danh mục công trình")
        WorksDecision.objects.bulk_create(
            WorksDecision(works=works, document=approval, role="approval") for works in made
        )
        steps = sorted(
            (day, index, job.code, state)
            for job in one.jobs
            for index, (state, day) in enumerate(self._steps(job))
            if day <= self.today
        )
        WorksEvent.objects.bulk_create(
            WorksEvent(works=self.works[code], state=state, day=day, by=self.by)
            for day, _, code, state in steps
        )

    def _works(self, job: Job) -> Works:
        return Works(
            code=job.code,
            name=job.name,
            name_key=fold(job.name),
            sort_key=sort_key(job.name),
            component=self.components[job.trade.component],
            investor=self._investor(job),
            kind=job.trade.kind,
            total_investment=job.total or None,
            planned_start=job.begin,
            planned_finish=job.finish,
            is_demo=True,
            created_by=self.by,
        )

    def _steps(self, job: Job) -> Iterable[tuple[str, datetime.date]]:
        yield "approved", job.begin - datetime.timedelta(days=20)
        if job.pace == 0:
            return
        yield "started", job.begin
        if job.pace <= 0.2:
            yield "suspended", job.begin + datetime.timedelta(days=90)
            return
        late = {1.0: -10, 0.85: 25, 0.6: 140}[job.pace]
        done = max(job.begin, job.finish) + datetime.timedelta(days=late)
        if job.pace == 0.6 and job.year == 2025:
            return
        yield "finished", done
        if job.year <= 2023 and job.pace == 1.0:
            yield "settled", done + datetime.timedelta(days=150)

    # money

    def _write_money(self, one: Year, kept: dict[Purse, Decimal], last: Year | None) -> None:
        """Lines from the province down, each level's changes in one statement, then payments."""
        decision = self._decision(one.year, "giao, phân bổ kế hoạch vốn")
        amounts: dict[str, dict[Line, Decimal]] = {level: {} for level in LEVELS}
        for job in [*one.jobs, *one.carried]:
            for purse, amount in job.money.items():
                for level in LEVELS:
                    key = self._key(job, purse, level)
                    fresh = Decimal(0) if job in one.carried else amount
                    amounts[level][key] = amounts[level].get(key, Decimal(0)) + fresh
        for purse, amount in kept.items():
            first = next(key for key in amounts["province"] if key[2] == purse)
            amounts["province"][first] += amount
        for level in LEVELS:
            self._lines(one, level, list(amounts[level]))
            CapitalChange.objects.bulk_create(
                CapitalChange(
                    plan=one.lines[key],
                    what=What.ASSIGNED if level == "province" else What.ALLOCATED,
                    amount=amount,
                    day=one.day + datetime.timedelta(days=LEVELS.index(level) * 5),
                    document=decision,
                    by=self.by,
                )
                for key, amount in amounts[level].items()
                if amount
            )
        if last and one.carried:
            self._carry_over(last, one)
        Disbursement.objects.bulk_create(
            Disbursement(
                plan=one.lines[self._key(job, purse, "works")],
                day=day,
                amount=amount,
                voucher=f"MH-{day:%y%m}",
                document=decision,
                by=self.by,
            )
            for job in [*one.jobs, *one.carried]
            for purse, payments in job.payments.items()
            for day, amount in payments
            if day <= self.today
        )

    def _carry_over(self, last: Year, one: Year) -> None:
        decision = self._decision(one.year, "chuyển nguồn vốn năm trước sang")
        keys = [self._key(job, purse, "works") for job in one.carried for purse in job.money]
        amounts = [amount for job in one.carried for amount in job.money.values()]
        day = datetime.date(one.year, 1, 31)
        out = CapitalChange.objects.bulk_create(
            CapitalChange(plan=last.lines[key], what=What.CARRIED_OUT, amount=-amount, day=day,
                          document=decision, by=self.by)
            for key, amount in zip(keys, amounts, strict=True)
        )  # fmt: skip
        CapitalChange.objects.bulk_create(
            CapitalChange(plan=one.lines[key], what=What.CARRIED_IN, amount=-gone.amount, day=day,
                          document=decision, by=self.by, counterpart=gone)
            for key, gone in zip(keys, out, strict=True)
        )  # fmt: skip

    def _medium_term(self) -> None:
        """Of the phase 2021–2025, for the province, by source."""
        phase = Phase.objects.get(
            programme=self.programme, valid__contains=datetime.date(2023, 1, 1)
        )
        province = AdministrativeUnit.objects.on(LISTED_ON).get(code="24", level=Level.PROVINCE)
        decision = self._decision(2022, "giao kế hoạch vốn trung hạn từ")
        for code, amount in figures.MEDIUM_TERM.items():
            line = CapitalPlan.objects.create(
                programme=self.programme, phase=phase, component=self.components["DA4"],
                source=self.sources[code], kind=figures.INVESTMENT, holder="province",
                unit=province, is_demo=True,
            )  # fmt: skip
            CapitalChange.objects.create(
                plan=line, what=What.ASSIGNED, amount=amount, day=datetime.date(2022, 1, 5),
                document=decision, by=self.by,
            )  # fmt: skip

    def _key(self, job: Job, purse: Purse, level: str) -> Line:
        holder = {
            "province": "province",
            "district": f"district:{job.place.district}",
            "investor": f"investor:{self._investor(job).code}",
            "works": f"works:{job.code}",
        }[level]
        return holder, job.trade.component, purse

    def _above(self, one: Year, key: Line) -> CapitalPlan | None:
        holder, _, name = key[0].partition(":")
        if holder == "province":
            return None
        if holder == "district":
            return one.lines["province", key[1], key[2]]
        if holder == "investor":
            return one.lines[f"district:{name.rsplit('-', 1)[1]}", key[1], key[2]]
        investor = self.works[name].investor
        return one.lines[f"investor:{investor.code}", key[1], key[2]]

    def _lines(self, one: Year, level: str, keys: Sequence[Line]) -> None:
        province = AdministrativeUnit.objects.on(one.day).get(code="24", level=Level.PROVINCE)
        wanted = []
        for key in keys:
            _, _, name = key[0].partition(":")
            wanted.append(
                CapitalPlan(
                    programme=self.programme,
                    year=one.year,
                    component=self.components[key[1]],
                    source=self.sources[key[2][0]],
                    kind=key[2][1],
                    holder=level,
                    unit={"province": province}.get(level)
                    or (self.districts[one.year, name] if level == "district" else None),
                    organisation=self.investors[name] if level == "investor" else None,
                    works=self.works[name] if level == "works" else None,
                    parent=self._above(one, key),
                    is_demo=True,
                )
            )
        for key, line in zip(keys, CapitalPlan.objects.bulk_create(wanted), strict=True):
            one.lines[key] = line

    # results

    def _write_results(self, one: Year) -> None:
        """Outputs of what is finished, who benefited, and the households of the supports."""
        done = [job for job in one.jobs if job.pace >= 0.85]
        Output.objects.bulk_create(
            Output(
                works=self.works[job.code],
                kind=self.kinds[job.trade.output],
                year=one.year,
                planned=self._quantity(job),
                actual=self._quantity(job) if job in done else None,
                by=self.by,
            )
            for job in one.jobs
        )
        Beneficiaries.objects.bulk_create(
            Beneficiaries(works=self.works[job.code], year=one.year, group=self.groups[code],
                          male=male, female=female, by=self.by)
            for job in done
            for code, (male, female) in job.people.items()
        )  # fmt: skip
        self._write_households(one, done)

    def _quantity(self, job: Job) -> Decimal:
        decimals = self.kinds[job.trade.output].decimals
        return max(Decimal(1), job.quantity).quantize(Decimal(1).scaleb(-decimals))

    def _write_households(self, one: Year, done: Sequence[Job]) -> None:
        told: dict[tuple[str, str], int] = {}
        rows = []
        for job in done:
            kind = self.kinds[job.trade.output]
            if kind.counted != OutputKind.Counted.HOUSEHOLDS:
                continue
            place = (job.trade.component, job.place.code)
            for _ in range(int(self._quantity(job))):
                told[place] = told.get(place, 0) + 1
                rows.append(
                    SupportedHousehold(
                        component=self.components[job.trade.component],
                        year=one.year,
                        unit=self.communes[one.year, job.place.code],
                        household_no=str(told[place]),
                        works=self.works[job.code],
                        by=self.by,
                    )
                )
        SupportedHousehold.objects.bulk_create(rows, batch_size=2000)
