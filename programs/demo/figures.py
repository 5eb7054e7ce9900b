"""Made-up works, money and results. Shown as "Số liệu minh hoạ" everywhere.

How they are made, so that nobody takes them for a report:

- Totals of a year are the published ones (TOTALS, in million đồng); PAID_BY_JUNE_2024 too.
- Shares of sources, of districts and of kinds of works are made up (SOURCES, DISTRICTS, TRADES).
- The medium term of a source (MEDIUM_TERM) is shared among projects as the years share it, in whole
  billions upward; the largest share takes the rest.
- An amount is a share of its total by a made-up weight, rounded to a thousand đồng; the last part
  takes the rest, so that parts add up to the whole.

The dice are thrown from a fixed number, so every run gives the same.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Million = Decimal
Purse = tuple[str, str]  # code of the source, kind of capital

TOTALS = {2022: Decimal(221_000), 2023: Decimal(635_000), 2024: Decimal(734_000),
          2025: Decimal(610_000)}  # fmt: skip
PAID_BY_JUNE_2024 = Decimal(155_000)
WORKS = {2022: 90, 2023: 180, 2024: 190, 2025: 140}
INVESTMENT, RECURRENT = "investment", "recurrent"

# of 2022 the two kinds of central money were published; other shares are made up
SOURCES: dict[int, dict[Purse, float]] = {
    2022: {("NSTW", INVESTMENT): 151, ("NSTW", RECURRENT): 70},
    2023: {("NSTW", INVESTMENT): 33, ("NSTW", RECURRENT): 35, ("NST", INVESTMENT): 6,
           ("NST", RECURRENT): 4, ("NSH", INVESTMENT): 9, ("TDCS", RECURRENT): 10,
           ("KHAC", RECURRENT): 3},
    2024: {("NSTW", INVESTMENT): 35, ("NSTW", RECURRENT): 33, ("NST", INVESTMENT): 6,
           ("NST", RECURRENT): 4, ("NSH", INVESTMENT): 9, ("TDCS", RECURRENT): 10,
           ("KHAC", RECURRENT): 3},
    2025: {("NSTW", INVESTMENT): 32, ("NSTW", RECURRENT): 36, ("NST", INVESTMENT): 7,
           ("NST", RECURRENT): 3, ("NSH", INVESTMENT): 9, ("TDCS", RECURRENT): 10,
           ("KHAC", RECURRENT): 3},
}  # fmt: skip
# of the phase: the whole, the central and the provincial budget were published; the rest is made
# up. What the years give (SOURCES) stays below it, source by source.
MEDIUM_TERM = {"NSTW": Decimal(1_600_000), "NST": Decimal(241_000), "NSH": Decimal(220_000),
               "TDCS": Decimal(300_000), "KHAC": Decimal(139_000)}  # fmt: skip
DISTRICTS = {"220": 30, "219": 28, "218": 16, "215": 12, "217": 6}
OTHER_DISTRICT = 1.5
NOT_YET_PASSED_ON = 0.03  # of what the province has in a year
PAID = {2022: 0.93, 2023: 0.79, 2024: 0.86, 2025: 0.74}  # of a line, about, by the year's end
# how far payments have come by the end of each month of the year
COURSE = (0.0, 0.02, 0.06, 0.11, 0.17, 0.24, 0.33, 0.43, 0.54, 0.67, 0.82, 1.0)
GROUPS = {"07": 38, "02": 24, "18": 13, "15": 12, "04": 8, "09": 5}
THOUSAND = Decimal("0.001")


@dataclass(frozen=True)
class Trade:
    """One kind of works or activity: its component, how it is called, what it costs and gives."""

    component: str
    kind: str
    name: str
    weight: float
    cost: tuple[int, int]  # of one, in million đồng
    output: str
    quantity: tuple[float, float]

    @property
    def purse_kind(self) -> str:
        return RECURRENT if self.kind == "support" else INVESTMENT


TRADES = (
    Trade("DA1.ND4", "new", "Công trình nước sinh hoạt tập trung thôn {village}, {commune}", 5,
          (1500, 6000), "KQ-NUOC-TT", (1, 1)),
    Trade("DA4.TDA1.ND1", "new", "Cứng hoá đường thôn {village}, {commune}", 14,
          (800, 5200), "KQ-DUONG", (0.4, 2.6)),
    Trade("DA4.TDA1.ND1", "new", "Nhà văn hoá thôn {village}, {commune}", 7,
          (700, 1800), "KQ-NHA-VH", (1, 1)),
    Trade("DA4.TDA1.ND1", "upgrade", "Nâng cấp đập, kênh mương thôn {village}, {commune}", 5,
          (900, 4200), "KQ-THUY-LOI", (1, 1)),
    Trade("DA4.TDA1.ND2", "upgrade", "Cải tạo đường đến trung tâm {commune}", 3,
          (6000, 14000), "KQ-DUONG", (2, 7)),
    Trade("DA4.TDA1.ND3", "upgrade", "Cải tạo chợ {commune}", 1, (1500, 4000), "KQ-CHO", (1, 1)),
    Trade("DA5.TDA1", "upgrade", "Sửa chữa phòng học, nhà ở bán trú tại {commune}", 4,
          (1500, 7000), "KQ-TRUONG", (1, 1)),
    Trade("DA6", "new", "Bảo tồn làng văn hoá truyền thống thôn {village}, {commune}", 1.5,
          (1000, 3500), "KQ-DI-TICH", (1, 1)),
    Trade("DA7.ND1", "upgrade", "Nâng cấp trạm y tế {commune}", 2, (2000, 5500), "KQ-Y-TE", (1, 1)),
    Trade("DA1.ND2", "support", "Hỗ trợ nhà ở cho hộ nghèo {commune}", 6,
          (160, 900), "KQ-NHA-O", (3, 22)),
    Trade("DA1.ND3", "support", "Hỗ trợ chuyển đổi nghề {commune}", 7,
          (90, 600), "KQ-NGHE", (8, 60)),
    Trade("DA1.ND4", "support", "Hỗ trợ nước sinh hoạt phân tán {commune}", 6,
          (60, 400), "KQ-NUOC-PT", (15, 110)),
    Trade("DA3.TDA1", "support", "Hỗ trợ bảo vệ rừng {commune}", 6,
          (300, 1900), "KQ-RUNG", (150, 1600)),
    Trade("DA3.TDA2.ND1", "support", "Phát triển sản xuất cộng đồng {commune}", 10,
          (400, 2200), "KQ-SINH-KE", (12, 75)),
    Trade("DA5.TDA3", "support", "Đào tạo nghề cho lao động {commune}", 5,
          (150, 900), "KQ-HOC-NGHE", (20, 90)),
    Trade("DA5.TDA4", "support", "Tập huấn cán bộ thực hiện chương trình {commune}", 3,
          (60, 300), "KQ-TAP-HUAN", (30, 120)),
    Trade("DA8.ND1", "support", "Truyền thông thay đổi nếp nghĩ, cách làm {commune}", 3,
          (60, 260), "KQ-TO-TT", (2, 9)),
    Trade("DA9.TDA2", "support", "Tuyên truyền giảm tảo hôn {commune}", 2,
          (50, 220), "KQ-TAO-HON", (60, 320)),
    Trade("DA10.TDA1.ND2", "support", "Phổ biến pháp luật cho đồng bào {commune}", 3,
          (60, 260), "KQ-TRUYEN-THONG", (80, 400)),
    Trade("DA10.TDA2.ND2", "support", "Điểm hỗ trợ ứng dụng công nghệ thông tin {commune}", 2,
          (80, 320), "KQ-CNTT", (1, 2)),
)  # fmt: skip
VILLAGES = ("Nà Hin", "Đồng Bài", "Khuôn Mười", "Bãi Chợ", "Tân Lập", "Thác", "Mỏ", "Làng Chả",
            "Nà Trắng", "Đồng Cao", "Việt Ngoài", "Rõng", "Khe Nghè", "Bắc Hoa", "Trại Một",
            "Đồng Dương")  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A commune in force on the day the works are planned to begin."""

    code: str
    name: str
    district: str


@dataclass
class Job:
    """Made-up works of one year: what is planned by purse, and paid by day."""

    code: str
    name: str
    trade: Trade
    year: int
    place: Place
    begin: datetime.date
    finish: datetime.date
    weight: float
    village: str
    money: dict[Purse, Million] = field(default_factory=dict)
    payments: dict[Purse, list[tuple[datetime.date, Million]]] = field(default_factory=dict)
    pace: float = 1.0  # below 1 slower than planned
    quantity: Decimal = Decimal(0)
    people: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def total(self) -> Million:
        return sum(self.money.values(), Decimal(0))


def parts(total: Million, weights: Sequence[float]) -> list[Million]:
    """`total` by weight, in thousand đồng; the last part takes the rest."""
    whole = Decimal(str(sum(weights)))
    found = [(total * Decimal(str(weight)) / whole).quantize(THOUSAND) for weight in weights[:-1]]
    return [*found, total - sum(found, Decimal(0))]


class Dice:
    """Everything that is made up, the same every time."""

    def __init__(self, places: Mapping[int, Sequence[Place]]) -> None:
        self.dice = random.Random(1719)  # noqa: S311 - made-up works, no secret
        self.places = places

    def jobs(self, year: int) -> list[Job]:
        """The works of a year, without money yet."""
        found = [self._job(year, n) for n in range(1, WORKS[year] + 1)]
        return [job for job in found if job]

    def _job(self, year: int, n: int) -> Job:
        dice = self.dice
        trade = dice.choices(TRADES, [trade.weight for trade in TRADES])[0]
        by_district: dict[str, list[Place]] = {}
        for place in self.places[year]:
            by_district.setdefault(place.district, []).append(place)
        codes = sorted(by_district)
        weights = [DISTRICTS.get(code, OTHER_DISTRICT) for code in codes]
        place = dice.choice(by_district[dice.choices(codes, weights)[0]])
        village = dice.choice(VILLAGES)
        begin = datetime.date(year, dice.randint(2, 6), dice.choice((1, 5, 10, 15, 20)))
        return Job(
            code=f"{place.district}-{year % 100}-{n:03}",
            name=trade.name.format(village=village, commune=place.name),
            trade=trade,
            year=year,
            place=place,
            begin=begin,
            finish=datetime.date(year, dice.randint(9, 12), dice.choice((10, 20, 30))),
            weight=dice.uniform(*trade.cost),
            village=village if "{village}" in trade.name else "",
            pace=dice.choices((1.0, 0.85, 0.6, 0.2, 0.0), (52, 22, 14, 8, 4))[0],
            quantity=Decimal(str(round(dice.uniform(*trade.quantity), 3))),
            people=self._people(trade),
        )

    def _people(self, trade: Trade) -> dict[str, tuple[int, int]]:
        chosen = self.dice.sample(sorted(GROUPS), k=self.dice.randint(2, 4))
        size = self.dice.randint(40, 420)
        whole = sum(GROUPS[code] for code in chosen)
        each = {code: size * GROUPS[code] // whole for code in chosen}
        return {code: (count - count // 2, count // 2) for code, count in sorted(each.items())}

    def give_money(self, jobs: Sequence[Job], purses: Mapping[Purse, Million]) -> None:
        """Share the money of each purse among the works that it is for."""
        for purse, total in purses.items():
            mine = [job for job in jobs if job.trade.purse_kind == purse[1]]
            if purse[0] != "NSTW":  # other sources go along with some of them
                mine = [job for job in mine if self.dice.random() < 0.35] or mine[:1]
            for job, amount in zip(mine, parts(total, [job.weight for job in mine]), strict=True):
                job.money[purse] = amount

    def pay(self, jobs: Sequence[Job], year: int) -> None:
        """Payments at the end of months, each line up to about PAID of what it has."""
        for job in jobs:
            for purse, amount in job.money.items():
                reach = Decimal(str(min(1.0, PAID[year] * job.pace * self.dice.uniform(1.0, 1.15))))
                job.payments[purse] = list(self._course(job, amount * reach))

    def _course(self, job: Job, total: Million) -> Iterator[tuple[datetime.date, Million]]:
        told = Decimal(0)
        step = self.dice.choice((1, 2, 3))
        for month in range(job.begin.month, 13):
            if (12 - month) % step:
                continue
            due = (total * Decimal(str(COURSE[month - 1]))).quantize(THOUSAND)
            if due > told:
                yield last_day(job.year, month), due - told
                told = due


def last_day(year: int, month: int) -> datetime.date:
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def reach_by(jobs: Sequence[Job], day: datetime.date, wanted: Million) -> None:
    """Scale payments up to `day` so that together they are exactly `wanted`.

    What a line pays less early it pays more later, and the other way round, within what it has.
    """
    early = [
        (job, purse, index, amount)
        for job in jobs
        for purse, payments in job.payments.items()
        for index, (paid_on, amount) in enumerate(payments)
        if paid_on <= day
    ]
    for (job, purse, index, _), amount in zip(
        early, parts(wanted, [float(amount) for *_, amount in early]), strict=True
    ):
        payments = job.payments[purse]
        payments[index] = (payments[index][0], amount)
    for job in jobs:
        for purse, payments in job.payments.items():
            job.payments[purse] = list(_within(payments, job.money[purse]))


def _within(
    payments: Sequence[tuple[datetime.date, Million]], most: Million
) -> Iterator[tuple[datetime.date, Million]]:
    left = most
    for day, amount in payments:
        fits = min(amount, left)
        if fits > 0:
            yield day, fits
        left -= fits
