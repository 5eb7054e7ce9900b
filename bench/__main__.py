"""`python -m bench`: the comparison, the growth and the checks, as a table and as JSON.

QUICK=1 takes 10 000 rows in place of 100 000 and stops the growth there. ROUNDS=3 repeats the
comparison in alternating order and prints medians. ONLY=pages looks at the programme's pages and
nothing else, ONLY=rendering at reports becoming PDF, ONLY=dashboards at what dashboards ask of one
and of ten million observations (QUICK=1: of one million), ONLY=load at 50 people at once. It ends
with a line for each target, and with status 1 when one is missed.
"""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"
QUICK = os.environ.get("QUICK") == "1"
ROUNDS = int(os.environ.get("ROUNDS", "1"))
ONLY = os.environ.get("ONLY", "")
ONLY_PAGES = ONLY == "pages"
os.environ |= {
    "PORTAL_VAR": str(VAR),
    "PORTAL_DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "PYTHONPATH": str(ROOT),
}
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)
ROWS, COLUMNS = (10_000 if QUICK else 100_000), 25
PLAIN_ROWS, TUNED_ROWS = (40, 2_000) if QUICK else (400, 10_000)
GROWTH = [(1_000, 25), (10_000, 25)] + ([] if QUICK else [(100_000, 25), (1_000_000, 3)])


class Target(NamedTuple):
    """One line of the verdict: `found` is to be at most, or at least, `wanted`."""

    name: str
    found: float
    wanted: float
    at_least: bool = False

    @property
    def is_reached(self) -> bool:
        return self.found >= self.wanted if self.at_least else self.found <= self.wanted

    def __str__(self) -> str:
        verdict = "reached    " if self.is_reached else "NOT REACHED"
        side = "at least" if self.at_least else "at most"
        return f"{verdict}  {self.name}: {self.found:.2f} ({side} {self.wanted:g})"


def say(*words: object) -> None:
    print(*words, flush=True)


def main() -> int:
    if ONLY == "rendering":
        return drawn_alone()
    from portal.embedded import Place, embedded_servers

    shutil.rmtree(VAR / "postgres", ignore_errors=True)  # each run begins with an empty database
    with embedded_servers(Place(VAR)):
        import django

        django.setup()
        from django.core.management import call_command

        say("Preparing the database…")
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        if ONLY in ("dashboards", "load"):
            return asked() if ONLY == "dashboards" else loaded()
        report = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "quick": QUICK,
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "load_before": os.getloadavg()[0],
        }
        if not ONLY_PAGES:
            # before the larger files, which bring a province of many thousand made-up communes
            report |= {"checked": checked(), "mended": mended()}
        report["pages"] = seen()
        if not ONLY_PAGES:
            report |= {"compared": compared(), "growth": growth(), "rendering": drawn()}
            report["signing"] = signed()
    targets = [] if ONLY_PAGES else verdict(report) + verdict_of_drawn(report["rendering"])
    targets += verdict_of_pages(report["pages"])
    report["verdict"] = [target._asdict() | {"reached": target.is_reached} for target in targets]
    VAR.mkdir(parents=True, exist_ok=True)
    kind = "pages" if ONLY_PAGES else "quick" if QUICK else "full"
    target = VAR / f"{kind}-{report['at'].replace(':', '')}.json"
    target.write_text(json.dumps(report, indent=1, ensure_ascii=False))
    if not ONLY_PAGES:
        show(report)
        show_drawn(report["rendering"])
    show_pages(report["pages"])
    say("\nVerdict")
    for line in targets:
        say(f"  {line}")
    say(f"\nWritten to {target.relative_to(ROOT)}")
    return 0 if all(line.is_reached for line in targets) else 1


def drawn() -> dict:
    """Reports to PDF, beside the engine alone and other programs."""
    from . import rendering

    return rendering.measured(quick=QUICK)


def drawn_alone() -> int:
    """Only the reports, which need no database."""
    import django

    django.setup()
    found = drawn()
    show_drawn(found)
    targets = verdict_of_drawn(found)
    say("\nVerdict")
    for line in targets:
        say(f"  {line}")
    return 0 if all(line.is_reached for line in targets) else 1


def asked() -> int:
    """What dashboards ask, and nothing else."""
    from . import dashboards

    found = dashboards.measured([1_000_000] if QUICK else [1_000_000, 10_000_000])
    return told("dashboards", found, dashboards.lines(found), dashboards.rows(found))


def loaded() -> int:
    """Fifty people at once."""
    from . import load

    found = load.measured(quick=QUICK)
    return told("load", found, load.lines(found), load.rows(found))


def told(name: str, found: dict, lines: list[str], rows: list[tuple]) -> int:
    """Keep what was found, print it and its verdict; the exit status."""
    target = VAR / f"{name}-{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    target.write_text(json.dumps(found, indent=1, ensure_ascii=False))
    targets = [Target(*row) for row in rows]
    for line in ["", *lines, "Verdict", *(f"  {one}" for one in targets)]:
        say(line)
    say(f"\nWritten to {target.relative_to(ROOT)}")
    return 0 if all(one.is_reached for one in targets) else 1


def verdict_of_drawn(found: dict) -> list[Target]:
    from . import rendering

    return [Target(*row) for row in rendering.rows(found)]


def show_drawn(found: dict) -> None:
    from . import rendering

    say()
    for line in rendering.lines(found):
        say(line)


def book(rows: int, columns: int, changed: float = 0, *, wrong: int = 0) -> Path:
    from . import files, province

    path = VAR / f"{rows}x{columns}-{changed:g}{f'-{wrong}' if wrong else ''}.xlsx"
    size = province.Size(rows, columns)
    _, district = province.found_dataset(size)
    if not path.exists():
        communes = [label for _, label in province.unit_names(district)]
        groups = [label for _, label in province.group_names()]
        content = files.rows(communes, groups, rows, columns, changed=changed, wrong=wrong)
        part = path.with_suffix(".part")
        files.write_xlsx(part, columns, content)
        part.rename(path)
    return path


def submission(rows: int, columns: int, year: str):  # type: ignore[no-untyped-def]
    from portal.collection.services.opening import open_submission

    from . import province

    dataset, district = province.found_dataset(province.Size(rows, columns))
    return open_submission(
        dataset=dataset, unit=district, period=province.period(year), by=province.sender()
    )


def compared() -> dict[str, list[dict]]:
    """Insert, one cell in a hundred changed, every cell changed: each way on its own submission."""
    from . import floor, ours, peers

    shares = {book(ROWS, COLUMNS, share): share for share in (0, 0.01, 1)}
    books = list(shares)

    def own(path: Path, rows: int) -> Path:
        """A workbook of the peer's own size: it does not read what it does not import."""
        return book(rows, COLUMNS, shares[path])

    ways = {
        "ours": ("2023", lambda path, at: ours.run(path, at)),
        "floor": ("2024", lambda path, at: floor.run(path, at, COLUMNS)),
        "tuned": (
            "2025",
            lambda path, at: peers.run("tuned", own(path, TUNED_ROWS), at, COLUMNS, TUNED_ROWS),
        ),
        "plain": (
            "2026",
            lambda path, at: peers.run("plain", own(path, PLAIN_ROWS), at, COLUMNS, PLAIN_ROWS),
        ),
    }
    found: dict[str, list[dict]] = {}
    for number in range(ROUNDS):
        order = list(ways) if number % 2 == 0 else list(ways)[::-1]
        for way in order:
            year, run = ways[way]
            at = submission(ROWS, COLUMNS, year)
            ours.emptied(at)
            for task, path in zip(("insert", "change 1 %", "change all"), books, strict=True):
                result = run(path, at)
                found.setdefault(f"{way}: {task}", []).append(result)
                seconds, rate = result["seconds"], result["rows_per_second"]
                say(f"  {way}, {task}: {seconds:.1f} s, {rate:.0f} rows/s")
            ours.emptied(at)
    return found


def checked() -> dict[str, float]:
    """20 000 rows of 30 columns: processor seconds from read to checked."""
    from portal.collection.services.beside import beside_of, layout_of
    from portal.collection.workbooks.source import open_source
    from portal.collection.workbooks.understanding import understand

    at = submission(20_000, 30, "2023")
    layout = layout_of(at)
    source = open_source(book(20_000, 30))
    started, clock = time.process_time(), time.perf_counter()
    reading = understand(source, layout=layout, answers={}, beside=beside_of(at, layout), name="x")
    result = {
        "rows": reading.reconciliation.rows_read,
        "cpu_seconds": time.process_time() - started,
        "seconds": time.perf_counter() - clock,
    }
    say(f"  20 000 × 30 checked in {result['cpu_seconds']:.2f} s of processor time")
    return result


def mended() -> list[float]:
    """A cell of a waiting file of 20 000 × 30 typed over, five times: wall seconds of each."""
    from django.core.files.base import File

    from portal.collection.services.mending import mend
    from portal.collection.services.reading import read_upload, store_reading
    from portal.collection.services.uploading import receive_upload

    from . import ours, province

    at = submission(20_000, 30, "2021")
    ours.emptied(at)
    path = book(20_000, 30, wrong=5)
    with path.open("rb") as content:
        upload = receive_upload(
            submission=at,
            file=File(content),
            name=path.name,
            by=province.sender(),
            read_later=False,
        )
    store_reading(upload=upload, reading=read_upload(upload))
    upload.refresh_from_db()
    wrong = [(issue["sheet"], issue["cell"]) for issue in upload.errors]
    found = []
    for place in wrong[:5]:
        started = time.perf_counter()
        upload = mend(upload=upload, texts={place: "1"}, by=province.sender())
        found.append(time.perf_counter() - started)
    if upload.errors or len(found) < 5:
        raise RuntimeError(f"mending: {len(wrong)} mistakes, {len(upload.errors)} left")
    say(f"  a cell mended in {statistics.median(found) * 1000:.0f} ms")
    return found


def signed() -> dict[str, float]:
    """One signature of ours beside one of bare pyHanko: milliseconds of processor time."""
    from . import signing

    found = signing.measured(10 if QUICK else 30)
    words = ", ".join(f"{name} {cost:.0f} ms" for name, cost in found.items())
    say(f"  a signature: {words} of processor time")
    return found


def seen() -> dict:
    """Pages of a programme: 5 000 works and 100 000 payments, a tenth of it when quick."""
    from django.core.management import call_command

    from . import pages
    from .programme import Size

    call_command("collectstatic", interactive=False, verbosity=0)
    found = pages.measured(Size(500, 10_000) if QUICK else Size())
    slowest = max(found["pages"], key=lambda name: found["pages"][name]["ms"])
    say(
        f"  {found['works']:,} works, {found['payments']:,} payments: "
        f"{slowest} in {found['pages'][slowest]['ms']:.0f} ms"
    )
    return found


def growth() -> list[dict]:
    """Files of growing size, and how the time for a value grows from step to step.

    The portal gives a file 60 seconds to be read; here it may take ten minutes.
    `exponent` is k in "time grows as values to the power of k" against the step before.
    """
    from . import ours

    found: list[dict] = []
    for rows, columns in GROWTH:
        at = submission(rows, columns, "2022")
        ours.emptied(at)
        try:
            result = ours.run(book(rows, columns), at, seconds=600)
        except (RuntimeError, TimeoutError) as problem:
            result = {"problem": str(problem)}
        ours.emptied(at)
        step = {"wanted": rows, "columns": columns, **result}
        if "problem" not in step:
            step["microseconds_per_value"] = step["seconds"] / (rows * columns) * 1e6
            before = found[-1] if found else {}
            if "seconds" in before:
                more = rows * columns / (before["wanted"] * before["columns"])
                if more >= 2:
                    longer = step["seconds"] / before["seconds"]
                    step["exponent"] = math.log(longer) / math.log(more)
        found.append(step)
        say(f"  {rows:,} × {columns}: {result}")
    return found


def middle(results: list[dict], key: str) -> float:
    return statistics.median(result[key] for result in results)


def verdict(report: dict) -> list[Target]:
    """The targets of "Speed and memory", each with what was measured."""
    found, targets = report["compared"], []
    for task in ("insert", "change 1 %", "change all"):
        rate = {
            way: middle(found[f"{way}: {task}"], "rows_per_second")
            for way in ("ours", "plain", "tuned")
        }
        time_ours, time_floor = (
            middle(found[f"{way}: {task}"], "seconds") for way in ("ours", "floor")
        )
        targets += [
            Target(f"{task}, times the rate of plain", rate["ours"] / rate["plain"], 25, True),
            Target(f"{task}, times the rate of tuned", rate["ours"] / rate["tuned"], 3, True),
            Target(f"{task}, times the time of the floor", time_ours / time_floor, 2),
        ]
    ours = [result for name, results in found.items() if "ours" in name for result in results]
    taken = [step for step in report["growth"] if "problem" not in step]
    targets += [
        Target("memory of the worker, MB", max(r["worker_mb"] for r in ours), 500),
        Target("sizes of the growth that were taken in", len(taken), len(GROWTH), True),
        Target("20 000 × 30 checked, seconds", report["checked"]["cpu_seconds"], 3),
        Target("first page of the preview, seconds", max(r["first_page"] for r in ours), 1),
        Target("a cell mended, milliseconds", statistics.median(report["mended"]) * 1000, 300),
    ]
    signature = report["signing"]
    ours_signed = max(signature["certified"], signature["sealed"])
    return [
        *targets,
        Target("a signature, milliseconds of processor time", ours_signed, 40),
        Target("a signature, times bare pyHanko", ours_signed / signature["bare pyHanko"], 1),
    ]


def verdict_of_pages(seen: dict) -> list[Target]:
    """A line for each page of the programme, and one for the queries of them all."""
    pages = seen["pages"]
    overview = pages["overview amid a month"]["ms"] / seen["floor_ms"]
    return [
        *(Target(f"{name}, milliseconds", page["ms"], 100) for name, page in pages.items()),
        Target("queries of a programme's page", max(p["queries"] for p in pages.values()), 30),
        Target("overview, times plain sums over its entries", overview, 1),
    ]


def show(report: dict) -> None:
    say(f"\n{ROWS:,} rows × {COLUMNS} columns, every cell a value of the long table")
    say(f"{'way':<22}{'rows':>9}{'seconds':>10}{'rows/s':>10}{'worker MB':>11}{'reader MB':>11}")
    for name, results in report["compared"].items():
        line = f"{name:<22}{results[0]['rows']:>9}{middle(results, 'seconds'):>10.1f}"
        line += f"{middle(results, 'rows_per_second'):>10.0f}"
        if "worker_mb" in results[0]:
            line += f"{middle(results, 'worker_mb'):>11.0f}{middle(results, 'reader_mb'):>11.0f}"
        say(line)
    page = max(result["first_page"] for result in report["compared"]["ours: change 1 %"])
    say(f"  first page of the preview: {page:.2f} s (at most 1)")
    check = report["checked"]
    say(f"  20,000 × 30 checked: {check['cpu_seconds']:.2f} s of processor time (at most 3)")
    heads = ("seconds", "rows/s", "µs/value", "exponent", "worker MB", "reader MB")
    say("\n" + f"{'growth':<22}" + "".join(f"{head:>11}" for head in heads))
    for step in report["growth"]:
        if "problem" in step:
            say(f"{step['wanted']:,} × {step['columns']}: {step['problem']}")
            continue
        exponent = f"{step['exponent']:.2f}" if "exponent" in step else ""
        say(
            f"{step['wanted']:,} × {step['columns']}".ljust(22)
            + f"{step['seconds']:>11.1f}{step['rows_per_second']:>11.0f}"
            + f"{step['microseconds_per_value']:>11.1f}{exponent:>11}"
            + f"{step['worker_mb']:>11}{step['reader_mb']:>11}"
        )


def show_pages(seen: dict) -> None:
    say(
        f"\n{seen['works']:,} works, {seen['payments']:,} payments".ljust(46)
        + "      ms   first queries"
    )
    for name, page in seen["pages"].items():
        say(f"{name:<45}{page['ms']:>8.0f}{page['first_ms']:>8.0f}{page['queries']:>8}")
    say(f"{'the sums in plain SQL over the entries':<45}{seen['floor_ms']:>8.0f}")


if __name__ == "__main__":
    sys.exit(main())
