"""What dashboards ask, over a million and over ten million observations, without any cache.

Each of more than twenty questions is asked as a page asks it, beside direct SQL on the values and
DuckDB on the same values; all three must say the same sum. Then a commune's year is corrected and
approved with a real worker at work: how long until the numbers are new. Then the leader's home.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from ethnic_data.aggregation.crosstab import Ask, GroupSet, crosstab
from ethnic_data.aggregation.questions import group_ids
from ethnic_data.models import EthnicGroup, Unsummed
from ethnic_data.services import rollups
from ethnic_data.store import ObservationStore
from portal.celery import app
from portal.collection.models import Dataset, ReportingPeriod, Submission
from portal.collection.services.approving import approve
from portal.collection.services.confirming import confirm
from portal.collection.services.opening import open_submission
from portal.collection.workbooks.outcome import CellValue
from portal.jobs import services as jobs
from portal.units.models import AdministrativeUnit
from portal.workers import make_ready

from .observations import BY_SEX, DAY, filled, person
from .ours import worker
from .questions import Question, areas_of, measures, questions, unit_on

ROUNDS = 5
HOME = "/viec-cua-toi"
WAYS = ("ours", "worked", "sql", "duckdb")


def measured(sizes: list[int]) -> dict[str, Any]:
    """For each size: the data, the questions, an approval, the leader's home."""
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    make_ready()
    return {str(size): _size(size) for size in sizes}


def _size(size: int) -> dict[str, Any]:
    found: dict[str, Any] = {"data": filled(size)}
    say(f"  {found['data']}")
    duck = _duck()
    found["questions"] = {one.name: _asked(one, duck) for one in questions()}
    say(f"  questions: p95 {p95_of(found, 'ours'):.0f} ms")
    found["home"] = _home()
    say(f"  {HOME}: p95 {p95(found['home']['cold']):.0f} ms, {p95(found['home']['warm']):.0f} ms")
    found["approval"] = _approval()
    say(f"  {found['approval']}")
    return found


def say(words: str) -> None:
    print(words, flush=True)


def _duck() -> duckdb.DuckDBPyConnection:
    """The same values and submissions in a DuckDB of their own, by way of CSV."""
    folder = Path(settings.VAR_DIR) / "duck"
    folder.mkdir(exist_ok=True)
    file = folder / "all.duckdb"
    file.unlink(missing_ok=True)
    duck = duckdb.connect(str(file))
    columns = {
        "ethnic_data_observation": "submission_id, indicator_id, unit_id, group_id, sex, value",
        "collection_submission": "id, period_id, unit_id, status",
    }
    for table, names in columns.items():
        path = folder / f"{table}.csv"
        with path.open("wb") as target, connection.cursor() as cursor:
            cursor.copy_expert(
                f"COPY (SELECT {names} FROM {table}) TO STDOUT (FORMAT csv, HEADER)",  # noqa: S608
                target,
            )
        types = "{'value': 'DECIMAL(30,10)'}" if "value" in names else "{}"
        read = f"read_csv('{path}', types = {types})" if types != "{}" else f"read_csv('{path}')"
        duck.execute(f"CREATE TABLE {table} AS SELECT * FROM {read}")  # noqa: S608
        path.unlink()
    return duck


def _asked(question: Question, duck: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    def ours() -> Decimal:
        figures = crosstab(question.ask).figures.values()
        return sum((one.value for one in figures if one.value is not None), Decimal(0))

    def sql() -> Decimal:
        with connection.cursor() as cursor:
            cursor.execute(question.sql)
            return sum((row[-1] for row in cursor.fetchall()), Decimal(0))

    def ducks() -> Decimal:
        rows = duck.execute(question.sql).fetchall()
        return sum((Decimal(row[-1]) for row in rows), Decimal(0))

    taken = {name: _timed(way) for name, way in (("ours", ours), ("sql", sql), ("duckdb", ducks))}
    told = {name: total for name, (*_, total) in taken.items()}
    alike = {name: total for name, total in told.items() if name != "ours" or question.checked}
    if len(set(alike.values())) != 1:
        raise RuntimeError(f"{question.name}: {told}")
    return {name: times for name, (times, *_) in taken.items()} | {"worked": taken["ours"][1]}


def _timed(way: Callable[[], Decimal]) -> tuple[list[float], list[float], Decimal]:
    """Milliseconds of each round by the clock and of processors, the cache emptied before each; a
    first one is not counted. Other load falsifies the clock, processor time much less."""
    times, worked, total = [], [], way()
    for _ in range(ROUNDS):
        cache.clear()
        began, before = time.perf_counter(), _worked()
        total = way()
        times.append((time.perf_counter() - began) * 1000)
        worked.append(_worked() - before)
    return times, worked, total


def _worked() -> float:
    """Milliseconds that this process and its own process of the database have worked."""
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() * 1000 + int(server.read_text().split()[0]) / 1e6


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def _home() -> dict[str, list[float]]:
    """The leader's own page: with nothing kept, and with what an earlier look left."""
    client = Client()
    client.force_login(person("leader"))
    cold, warm = [], []
    for _ in range(10):
        cache.clear()
        for times in (cold, warm):
            began = time.perf_counter()
            answer = client.get(HOME)
            times.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{HOME}: {answer.status_code}")
    return {"cold": cold, "warm": warm}


def _approval() -> dict[str, float]:
    """A commune's year corrected and approved: seconds until a page is new, and sums are kept."""
    district, period = unit_on("220"), ReportingPeriod.objects.get(code=str(DAY.year))
    communes = AdministrativeUnit.objects.within(district, on=DAY).on(DAY).communes()
    commune = communes.order_by("code")[0]
    groups = list(EthnicGroup.objects.listed().values_list("code", flat=True))
    officer, specialist = person("officer"), person("specialist")
    dataset = Dataset.objects.get(code="DAN-SO")
    one = open_submission(
        dataset=dataset, unit=district, period=period, by=officer, reason="Đính chính một xã"
    )
    values = [
        CellValue(commune.code, code, group, sex, None, Decimal(777), None, "", "", "777", "")
        for code in BY_SEX
        for group in groups
        for sex in ("male", "female")
    ]
    with transaction.atomic():
        ObservationStore().write(one, values, None, units=[commune.code])
    one.status, one.submitted_by, one.submitted_at = "submitted", officer, timezone.now()
    confirm(submission=one, by=officer, at=one.submitted_at)
    one.save()
    ask = Ask(
        measures=measures(BY_SEX[0]), areas=areas_of([commune, district, unit_on("24")]),
        periods=[period], groups=[GroupSet(groups[0], group_ids(groups[0]))],
    )  # fmt: skip
    jobs.drain()  # what the approval at the smaller size asked for last
    with worker(60):
        while not app.control.ping(timeout=1):
            pass
        began = time.perf_counter()
        approve(submission=Submission.objects.get(pk=one.pk), by=specialist)
        approved = time.perf_counter() - began
        figures = [figure.value for figure in crosstab(ask).figures.values()]
        read = time.perf_counter() - began
        if figures[0] != 2 * 777:
            raise RuntimeError(f"the page is not new: {figures}")
        while Unsummed.objects.exists():
            time.sleep(0.01)
        summed = time.perf_counter() - began
    if [figure.value for figure in crosstab(ask).figures.values()] != figures:
        raise RuntimeError("the sums are not what the values say")
    if rollups.verify_period(period, dataset):
        raise RuntimeError("the sums are not those of a full recomputation")
    return {"approved": approved, "new": read, "summed": summed}


def lines(found: dict[str, Any]) -> list[str]:
    """The table: medians in milliseconds."""
    told = []
    for size, one in found.items():
        data = one["data"]
        told += [
            f"{data['observations']:,} observations ({data['megabytes']:,.0f} MB), copied in"
            f" {data['copied_seconds']:.0f} s; {data['sums']:,} rows of sums"
            f" ({data['megabytes_of_sums']:,.0f} MB) in {data['summed_seconds']:.0f} s",
            f"{'milliseconds, medians':<52}{'ours':>8}{'worked':>8}{'SQL':>8}{'DuckDB':>8}",
        ]
        for name, times in one["questions"].items():
            middle = {way: statistics.median(times[way]) for way in times}
            row = "".join(f"{middle[way]:>8.1f}" for way in WAYS)
            told.append(f"{name[:51]:<52}{row}")
        every = {way: p95_of(one, way) for way in WAYS}
        told.append(f"{'p95':<52}" + "".join(f"{every[way]:>8.1f}" for way in every))
        home = {name: p95(times) for name, times in one["home"].items()}
        told.append(f"leader's home, p95: cold {home['cold']:.0f} ms, warm {home['warm']:.0f} ms")
        words = ", ".join(f"{name} {value:.2f} s" for name, value in one["approval"].items())
        told += [f"a commune's year approved at {size}: {words}", ""]
    return told


def p95_of(one: dict[str, Any], way: str) -> float:
    return p95([value for times in one["questions"].values() for value in times[way]])


def rows(found: dict[str, Any]) -> list[tuple[str, float, float]]:
    """The verdict: name, found, at most."""
    told = []
    for size, one in found.items():
        home = one["home"]
        told += [
            (f"{int(size):,}: p95 of the questions, milliseconds", p95_of(one, "ours"), 50.0),
            (
                f"{int(size):,}: p95 of their processor time, milliseconds",
                p95_of(one, "worked"),
                50.0,
            ),
            (f"{int(size):,}: leader's home cold, p95 in milliseconds", p95(home["cold"]), 150.0),
            (f"{int(size):,}: leader's home warm, p95 in milliseconds", p95(home["warm"]), 100.0),
            (f"{int(size):,}: new after an approval, seconds", one["approval"]["new"], 1.0),
            (f"{int(size):,}: summed after an approval, seconds", one["approval"]["summed"], 1.0),
        ]
    if len(found) > 1:
        for way, words in (("ours", "p95"), ("worked", "p95 of processor time")):
            small, large = (p95_of(one, way) for one in found.values())
            told.append((f"{words} at the larger size, times the smaller", large / small, 1.3))
    return told
