"""The reader is a stranger to the portal, and its death is nobody else's."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.collection.workbooks import source
from portal.collection.workbooks.intake import read_workbook
from portal.collection.workbooks.layout import Column, Layout, RowUnit, Rule
from portal.collection.workbooks.understanding import understand
from tests.collection.files import books
from tests.collection.files.foreign import sheet_of
from tests.collection.files.forms import bieu_05_grid
from tests.collection.files.layouts import bieu_05

ALLOWED = {"openpyxl", "python_calamine", *sys.stdlib_module_names}


def test_the_reader_imports_nothing_of_the_portal_and_no_django():
    for path in source.READER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                roots = {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level < 2, path.name
                roots = {node.module.split(".")[0]} if node.level == 0 else set()
            else:
                continue
            assert roots <= ALLOWED, (path.name, roots)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL, signal.SIGTERM])
def test_a_reader_that_dies_gives_one_sentence(number, tmp_path, monkeypatch):
    monkeypatch.setattr(source, "START", f"import os; os.kill(os.getpid(), {int(number)})")
    path = books.xlsx(tmp_path / "a.xlsx", bieu_05_grid())
    [error] = read_workbook(path, layout=bieu_05()).errors
    assert error.rule in ("file_crashed", "file_too_slow")
    assert "Hãy" in error.message


@pytest.mark.slow
@pytest.mark.parametrize("output", ["", "[", '["rows",0,0,[[1]]]\n', "null\n", '["end"]\n'])
def test_a_reader_that_prints_nonsense_gives_one_sentence(output, tmp_path, monkeypatch):
    monkeypatch.setattr(source, "START", f"print({output!r}, end='')")
    path = books.xlsx(tmp_path / "a.xlsx", bieu_05_grid())
    [error] = read_workbook(path, layout=bieu_05()).errors
    assert error.rule == "file_crashed"


@pytest.mark.slow
def test_the_caller_is_told_that_the_reader_still_works(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "START", "import time; time.sleep(30)")
    ticks = []
    path = books.xlsx(tmp_path / "a.xlsx", bieu_05_grid())
    limits = source.Limits(wall_seconds=2.5)
    reading = read_workbook(path, layout=bieu_05(), limits=limits, tick=lambda: ticks.append(1))
    assert reading.errors[0].rule == "file_too_slow"
    assert len(ticks) >= 2


@pytest.mark.slow
def test_the_reader_dies_with_its_caller(tmp_path):
    """A worker killed with -9 leaves no reader behind."""
    path = tmp_path / "fifo.csv"
    os.mkfifo(path)  # the reader waits for somebody to write
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from portal.collection.workbooks.source import open_source; open_source(sys.argv[2])"
    )
    root = Path(__file__).resolve().parents[2]
    caller = subprocess.Popen(
        [sys.executable, "-c", program, str(root), str(path)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings_test"},
    )
    try:
        child = _wait_for(lambda: _children(caller.pid))
        time.sleep(0.5)
        caller.kill()
        caller.wait()
        _wait_for(lambda: not Path(f"/proc/{child[0]}").exists() or _is_dead(child[0]))
    finally:
        caller.kill()
        caller.wait()


@pytest.mark.slow
def test_a_reader_whose_caller_died_before_it_began_does_not_begin(tmp_path):
    path = tmp_path / "fifo.csv"
    os.mkfifo(path)  # it would wait for ever
    start = [sys.executable, "-I", "-X", "utf8", "-c", source.START, str(source.READER), "reader"]
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    told = {"LC_ALL": "C.UTF-8", "CALLER": str(gone.pid)}
    limits = [str(1 << 30), "40", str(1 << 30)]
    assert subprocess.run([*start, str(path), *limits], env=told, timeout=60).returncode == 1


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _is_dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def _wait_for(condition, seconds: float = 15.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("did not happen in time")


@pytest.mark.slow
@pytest.mark.machine
def test_twenty_thousand_rows_of_thirty_columns_are_checked_in_seconds():
    columns = tuple(
        Column(key=f"C{n}", measure=f"C{n}", heading=f"Chỉ tiêu số {n} bê") for n in range(1, 31)
    )
    rules = tuple(
        Rule(code=f"R{n}", kind="at_most", columns=(f"C{n}",), other=f"C{n - 1}")
        for n in range(2, 31, 3)
    )
    units = tuple(RowUnit(code=f"{n:06}", name=f"Thử {n}", kind="xã") for n in range(20_000))
    layout = Layout(
        dataset="LON", title="Biểu lớn", period="2023", period_label="Năm 2023", unit="1",
        unit_name="Huyện Lớn", rows="unit", columns=columns, units=units, rules=rules,
    )  # fmt: skip
    rows = [["STT", "Tên đơn vị", *[column.heading for column in columns]]]
    rows += [
        [n, unit.label, *[10_000 + n % 997 - c for c in range(30)]] for n, unit in enumerate(units)
    ]
    opened = source.Source("xlsx", [sheet_of(rows)])
    start = time.process_time()
    reading = understand(opened, layout=layout, answers={})
    seconds = time.process_time() - start
    assert reading.is_accepted
    assert len(reading.values) == 600_000
    assert seconds < 8, "3 s on an idle machine of 2023; the suite's machine is busy"
