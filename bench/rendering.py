"""Reports to PDF: ours beside bare WeasyPrint, Chromium and LibreOffice, warm and cold.

Processor seconds for what runs in this process, wall seconds for what starts another one. "Cold"
is a new process for one report, "warm" one that has laid a report out before.
"""

from __future__ import annotations

import datetime
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reports.rendering import PrintedReport, preview_html, render_pdf
from reports.rendering.drawings import assets_of
from reports.rendering.layout import PDF_VARIANT, STYLE_SHEET, lay_out, undisturbed
from reports.rendering.markup import report_html
from reports.rendering.pdf import _draw
from reports.word import WordFacts, word_file

from . import batch
from .texts import annexed, text

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime.datetime(2023, 11, 6, 9, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
TEXTS, ROUNDS, MEMORY_AFTER, MEMORY_UNTIL = 12, 3, 100, 500
Row = tuple[str, float, float, bool]


def measured(*, quick: bool = False) -> dict[str, Any]:
    """Everything; a quarter of the texts and a fifth of the reports for memory when quick."""
    texts = [text(seed) for seed in range(TEXTS // 4 if quick else TEXTS)]
    cpu(ours, texts[0])
    found: dict[str, Any] = {"against_bare": against_bare(texts)}
    found["text_page_ms"] = per_page(texts)
    found["table_page_ms"] = per_page([text(seed, tables=6) for seed in range(3)])
    found["annex_s"] = best(lambda: ours(annexed(73, 30)))
    found["bare"] = bare_alone(texts[0])
    found["peers"] = peers(texts[0])
    found["memory"] = memory(MEMORY_UNTIL // 5 if quick else MEMORY_UNTIL)
    found["batch"] = batch.measured(batch.SHEETS // 4 if quick else batch.SHEETS)
    return found


def ours(report: PrintedReport) -> Any:
    """As a worker does it: HTML, layout, the guard, the tagged file."""
    return render_pdf(report, evidence={}, title="Báo cáo", now=NOW, blanks=True)


def cpu(work: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    started = time.process_time()
    return work(*given), time.process_time() - started


def best(work: Callable[[], Any]) -> float:
    return min(cpu(work)[1] for _ in range(ROUNDS))


def against_bare(texts: list[PrintedReport]) -> dict[str, float]:
    """Processor seconds over all texts: bare, ours without the guard, ours with it.

    Bare is WeasyPrint as its manual has it for many files: its own font configuration and parsed
    style sheet kept, one call to write_pdf with the HTML and the spacing that we found.
    """
    bare = bare_engine()
    sums = {"bare": 0.0, "without_guard": 0.0, "with_guard": 0.0}
    for report in texts:
        result = ours(report)
        height = result.line_height
        ways: dict[str, Callable[[], Any]] = {
            "bare": lambda html=result.html, at=height: bare(html, at),
            "without_guard": lambda one=report, at=height: without_guard(one, at),
            "with_guard": lambda one=report: ours(one),
        }
        for name, way in ways.items():
            sums[name] += best(way)
    return sums


def bare_alone(report: PrintedReport) -> dict[str, float]:
    """What the engine alone takes on this machine for the same HTML: the floor of each target."""
    bare = bare_engine()
    found = {}
    for name, one in (
        ("text_page_ms", report),
        ("table_page_ms", text(0, tables=6)),
        ("annex_s", annexed(73, 30)),
    ):
        result = ours(one)
        seconds = best(lambda html=result.html, at=result.line_height: bare(html, at))
        found[name] = seconds if name == "annex_s" else seconds / result.pages * 1000
    return found


def bare_engine() -> Callable[[str, float], bytes]:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from reports.rendering.layout import FONT_DIRECTORY, FONT_FILES

    faces = "".join(
        f'@font-face {{ font-family: Tinos; src: url("{(FONT_DIRECTORY / name).as_uri()}"); '
        f"font-style: {style}; font-weight: {weight} }}"
        for (style, weight), name in FONT_FILES.items()
    )
    words = STYLE_SHEET.read_text(encoding="utf-8").replace('url("asset:note-rule")', "none")
    fonts = FontConfiguration()
    sheet = CSS(string=faces + words, font_config=fonts)

    def write(html: str, line_height: float) -> bytes:
        spacing = CSS(string=f"html {{ line-height: {line_height} }}")
        return HTML(string=html).write_pdf(
            stylesheets=[sheet, spacing], font_config=fonts, pdf_variant=PDF_VARIANT
        )

    return write


def without_guard(report: PrintedReport, line_height: float) -> bytes:
    html = report_html(report, title="Báo cáo", month=NOW.date(), blanks=True)
    with undisturbed():
        document, _ = lay_out(html, assets=assets_of(report), line_height=line_height)
        return _draw(document, evidence={}, now=NOW, html=html)


def per_page(texts: list[PrintedReport]) -> float:
    """Milliseconds of processor time for a page, warm, the guard included."""
    times, pages = 0.0, 0
    for report in texts:
        times += best(lambda one=report: ours(one))
        pages += ours(report).pages
    return times / pages * 1000


def peers(report: PrintedReport) -> dict[str, Any]:
    """Wall seconds for one report: ours cold and warm, Chromium and LibreOffice cold and warm."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        styles = f"<style>{STYLE_SHEET.read_text(encoding='utf-8')}</style>"
        html = preview_html(report, title="Báo cáo", month=NOW.date())
        (folder / "bao-cao.html").write_text(
            html.replace("</head>", f"{styles}</head>"), encoding="utf-8"
        )
        facts = WordFacts("Báo cáo", "Ban Dân tộc", NOW, NOW.date())
        (folder / "bao-cao.docx").write_bytes(word_file(report, facts))
        return {
            "ours_warm": wall(lambda: ours(report)),
            "ours_cold": wall(cold),
            "chromium_cold": chromium_cold(folder),
            "chromium_warm": chromium_warm(folder),
            **libreoffice(folder),
        }


def wall(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def cold() -> None:
    subprocess.run([sys.executable, "-m", "bench.cold"], cwd=ROOT, check=True)


def chromium_cold(folder: Path) -> float | None:
    program = shutil.which("chromium")
    if program is None:
        return None
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    profile = f"--user-data-dir={folder / 'chromium'}"
    asked = [f"--print-to-pdf={folder / 'chromium.pdf'}", str(folder / "bao-cao.html")]
    return wall(
        lambda: subprocess.run(  # noqa: S603
            [program, *flags, profile, *asked], check=True, capture_output=True, timeout=120
        )
    )


def chromium_warm(folder: Path) -> float | None:
    """A browser that is kept, printing the page anew each time."""
    program = shutil.which("chromium")
    if program is None:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])

        def printed() -> None:
            page = browser.new_page()
            page.goto((folder / "bao-cao.html").as_uri())
            page.pdf(format="A4", tagged=True)
            page.close()

        printed()
        seconds = wall(printed)
        browser.close()
    return seconds


def libreoffice(folder: Path) -> dict[str, float | None]:
    """Cold with a new profile, warm with one that is there; each is a process of its own."""
    program = shutil.which("soffice")
    if program is None:
        return {"libreoffice_cold": None, "libreoffice_warm": None}
    profile = f"-env:UserInstallation=file://{folder / 'office'}"

    def printed() -> float:
        started = time.perf_counter()
        subprocess.run(  # noqa: S603
            [program, profile, "--headless", "--convert-to", "pdf", "bao-cao.docx"],
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=240,
        )
        return time.perf_counter() - started

    return {"libreoffice_cold": printed(), "libreoffice_warm": min(printed(), printed())}


WORKER = """
import json
from bench.rendering import ours, resident
from bench.texts import text
seen = []
for number in range({until}):
    ours(text(number, paragraphs=3))
    if number + 1 in ({after}, {until}):
        seen.append(resident())
print(json.dumps(seen))
"""


def memory(until: int) -> dict[str, float]:
    """Megabytes that a worker holds after the first reports, and after all of them."""
    after = min(MEMORY_AFTER, until // 2)
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-c", WORKER.format(after=after, until=until)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    early, late = json.loads(told.stdout.splitlines()[-1])
    slope = (late - early) / (until - after) * 1024
    return {
        "reports": until,
        "early_mb": early,
        "late_mb": late,
        "growth": late / early,
        "kb_a_report": slope,
    }


def resident() -> float:
    """Megabytes of this process in memory now, as a worker holds them: nothing is collected."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def rows(found: dict[str, Any]) -> list[Row]:
    """The targets: name, found, wanted, whether it is a least."""
    bare = found["against_bare"]
    beside = found["peers"]
    told: list[Row] = [
        ("render without the guard, times bare", bare["without_guard"] / bare["bare"], 1.15, False),
        ("render with the guard, times bare", bare["with_guard"] / bare["bare"], 1.4, False),
        ("a page of text, milliseconds", found["text_page_ms"], 35, False),
        ("a page with tables, milliseconds", found["table_page_ms"], 60, False),
        ("a tagged annex of 73 × 30, seconds", found["annex_s"], 2.2, False),
        ("memory after all reports, times the early", found["memory"]["growth"], 1.05, False),
        ("a batch by two workers, times one", found["batch"]["times"], 1.8, True),
    ]
    for name, words in (("chromium", "Chromium"), ("libreoffice", "LibreOffice")):
        other = beside[f"{name}_cold"]
        if other is not None:
            told += [
                (f"ours warm, times {words} cold", beside["ours_warm"] / other, 1, False),
                (f"ours cold, times {words} cold", beside["ours_cold"] / other, 1, False),
            ]
    return told


def lines(found: dict[str, Any]) -> list[str]:
    """What was measured, in words; what could not be is said."""
    bare = found["against_bare"]
    told = ["reports to PDF, processor seconds over the same texts"]
    told += [f"  {name.replace('_', ' '):<16}{seconds:8.2f}" for name, seconds in bare.items()]
    floor = found["bare"]
    told.append(
        f"bare on this machine: {floor['text_page_ms']:.0f} ms a page of text, "
        f"{floor['table_page_ms']:.0f} with tables, the annex {floor['annex_s']:.1f} s"
    )
    told.append("one report, wall seconds")
    for name, seconds in found["peers"].items():
        shown = "not measured" if seconds is None else f"{seconds:8.2f}"
        told.append(f"  {name.replace('_', ' '):<18}{shown}")
    kept = found["memory"]
    told.append(
        f"  a worker holds {kept['early_mb']:.0f} MB early, {kept['late_mb']:.0f} MB after "
        f"{kept['reports']} reports: {kept['kb_a_report']:+.1f} kB a report"
    )
    sheets = found["batch"]
    told.append(
        f"  {sheets['sheets']} sheets: one worker {sheets['one_s']:.1f} s, "
        f"two {sheets['two_s']:.1f} s"
    )
    return told
