"""Opens an uploaded file in a process of its own and gives its cells, or one plain sentence.

The child (`reader`) has limits on memory, processor time and wall time; whatever kills it, the
caller gets `Unreadable` with a sentence for the person who sent the file.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

READER = Path(__file__).resolve().parent / "reader"
NO_ROOM = 28  # how the reader ends when its output finds no room
MEBIBYTE = 1 << 20
START = """
import importlib.util, runpy, sys
place = sys.argv.pop(1)
spec = importlib.util.spec_from_file_location(
    "reader", place + "/__init__.py", submodule_search_locations=[place]
)
sys.modules["reader"] = importlib.util.module_from_spec(spec)
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""  # the package alone, without its neighbours on the path

SENTENCES = {
    "empty": "Tệp rỗng (0 byte). Hãy kiểm tra lại tệp trên máy rồi tải lên lần nữa.",
    "empty_content": "Tệp không có nội dung. Hãy mở tệp, kiểm tra số liệu, lưu và tải lên lại.",
    "encrypted": "Tệp đang đặt mật khẩu nên không đọc được. "
    "Hãy mở tệp bằng Excel, bỏ mật khẩu, lưu và tải lên lại.",
    "corrupt": "Tệp bị hỏng nên không đọc được. "
    "Hãy mở tệp bằng Excel, lưu lại dưới dạng .xlsx rồi tải lên lại.",
    "bomb": "Tệp nén bất thường: nội dung lớn hơn nhiều lần mức cho phép. "
    "Hãy chép riêng bảng số liệu sang một tệp Excel mới rồi tải lên lại.",
    "too_large": "Tệp cần quá nhiều bộ nhớ để đọc. "
    "Hãy chép riêng bảng số liệu sang một tệp Excel mới rồi tải lên lại.",
    "too_slow": "Tệp mất quá nhiều thời gian để đọc. "
    "Hãy chép riêng bảng số liệu sang một tệp Excel mới rồi tải lên lại.",
    "too_many": "Tệp có hơn {most} ô có nội dung, nhiều hơn mức cổng đọc được một lần. "
    "Hãy chia thành nhiều tệp rồi tải lên lại.",
    "sparse": "Ô {cell} ở rất xa bảng số liệu nên tệp quá lớn để đọc. "
    "Hãy xoá các dòng, cột thừa phía sau bảng, lưu và tải lên lại.",
    "not_spreadsheet": "Đây không phải tệp bảng tính{of_kind}. "
    "Hãy tải lên tệp Excel (.xlsx, .xls), OpenDocument (.ods) hoặc .csv.",
    "ancient": "Tệp được lưu bằng Excel quá cũ (trước năm 1997) nên không đọc được. "
    "Hãy mở tệp bằng Excel, lưu lại dưới dạng .xlsx rồi tải lên lại.",
    "frameset": "Đây chỉ là khung của trang web Excel đã lưu, không có số liệu. "
    "Hãy mở tệp bằng Excel, lưu lại dưới dạng .xlsx rồi tải lên lại.",
    "cut_off": "Tệp bị cắt giữa chừng, thiếu phần cuối, nên số liệu có thể không đủ. "
    "Hãy xuất hoặc chép lại tệp gốc rồi tải lên lại.",
    "too_wide": "Tệp có dòng hơn {most} cột nên không phải bảng số liệu. "
    "Hãy chép riêng bảng số liệu sang một tệp Excel mới rồi tải lên lại.",
    "many_sheets": "Tệp có {count} trang tính, nhiều hơn mức cổng đọc được một lần ({most}). "
    "Hãy chỉ để lại các trang có số liệu của biểu, hoặc chia thành nhiều tệp.",
    "crashed": "Không đọc được tệp vì cấu trúc bên trong bất thường hoặc có ô ở quá xa bảng. "
    "Hãy chép riêng bảng số liệu sang một tệp Excel mới rồi tải lên lại.",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one reading: bytes of memory and of inflated content, seconds of processor and wall."""

    memory: int = 1024 * MEBIBYTE
    content: int = 1024 * MEBIBYTE
    cpu_seconds: int = 40
    wall_seconds: float = 50.0


MOST_CELLS = 8_000_000  # a sheet of Excel's 1 048 576 rows and seven columns
MOST_OUTPUT = 256 * MEBIBYTE
PIECE, PAUSE = 4 * MEBIBYTE, 0.05  # of what the child writes, while it writes on


class Unreadable(Exception):
    """The file gives nothing. `message` is the whole sentence, `code` the kind of problem."""

    def __init__(self, code: str, **facts: Any) -> None:
        kind = facts.get("kind")
        facts["of_kind"] = f" mà là tệp {kind}" if kind else ""
        self.code = code
        self.message = SENTENCES.get(code, SENTENCES["corrupt"]).format_map(facts)
        super().__init__(self.message)


class DateCell(NamedTuple):
    """A date or time, as ISO text."""

    text: str


class ErrorCell(NamedTuple):
    """An error value such as #REF!."""

    text: str


class Uncomputed(NamedTuple):
    """A formula that was saved without its result."""

    text: str = ""


Cell = str | float | bool | DateCell | ErrorCell | Uncomputed
Area = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0


@dataclass
class Sheet:
    """The cells of one sheet: `rows[r][c]`, both from 0; short rows end early; "" is empty."""

    name: str
    state: str = "visible"
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    percent: set[tuple[int, int]] = field(default_factory=set)
    fonts: dict[tuple[int, int], str] = field(default_factory=dict)

    def get(self, row: int, column: int) -> Cell:
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""

    def put(self, row: int, column: int, value: Cell) -> None:
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = value

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    @property
    def is_empty(self) -> bool:
        return not any(self.rows)


@dataclass
class Source:
    """A file as read: container (xlsx, xls, ods, xlsb, csv, html, xml) and its sheets."""

    container: str
    sheets: list[Sheet]
    encoding: str = "Unicode"
    mark: str = ""


def open_source(
    path: str | Path, *, limits: Limits | None = None, tick: Callable[[], None] | None = None
) -> Source:
    """The cells of a file. `tick` is called about once a second while the child works.

    Raises `Unreadable`, or OSError (ENOSPC) when our own disk is full; never
    lets the child's death or size reach the caller.
    """
    limits = limits or Limits()
    collected = Collected()
    with tempfile.TemporaryFile() as stream:
        lines = Lines(stream)

        def take() -> None:
            """What the child has told so far is taken in while it reads on."""
            collected.take(lines)

        ending = _run(Path(path).resolve(), stream, limits, tick, take)
        take()
    source = collected.source if collected.is_whole else None
    if source is None:
        raise Unreadable(ending or "crashed")
    if all(sheet.is_empty for sheet in source.sheets):
        raise Unreadable("empty_content")
    return source


class Lines:
    """The whole lines of a file that another process is still writing to.

    Raises `Unreadable` when there is more of it than any file is worth.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.descriptor, self.at, self.rest = stream.fileno(), 0, b""

    def __iter__(self) -> Iterator[bytes]:
        # the child writes where the shared descriptor stands: it is not moved
        while piece := os.pread(self.descriptor, PIECE, self.at):
            self.at += len(piece)
            if self.at > MOST_OUTPUT:
                raise Unreadable("too_large")
            *lines, self.rest = (self.rest + piece).split(b"\n")
            yield from lines


def _run(
    path: Path,
    stream: BinaryIO,
    limits: Limits,
    tick: Callable[[], None] | None,
    meanwhile: Callable[[], None],
) -> str | None:
    """Lets the child write to `stream`; a problem code when time killed it."""
    numbers = (limits.memory, limits.cpu_seconds, limits.content)
    code = run_confined(
        "reader",
        [str(path), *map(str, numbers)],
        stdout=stream,
        wall=limits.wall_seconds,
        tick=tick,
        meanwhile=meanwhile,
    )
    if code == NO_ROOM:
        raise OSError(errno.ENOSPC, "no room for what was read")
    return "too_slow" if code in (None, -signal.SIGXCPU, -signal.SIGKILL) else None


def run_confined(
    module: str,
    arguments: Sequence[str],
    *,
    stdout: BinaryIO | int = subprocess.DEVNULL,
    wall: float,
    tick: Callable[[], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> int | None:
    """Runs a module of the package `reader` in a process of its own; None when `wall` ran out.

    `meanwhile` is called many times a second, `tick` about once.
    """
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
        [sys.executable, "-I", "-X", "utf8", "-c", START, str(READER), module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8", "CALLER": str(os.getpid())},
    )
    started = ticked = time.monotonic()
    pause = 1.0 if meanwhile is None else PAUSE
    try:
        while (left := started + wall - time.monotonic()) > 0:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(timeout=min(left, pause))
            if meanwhile is not None:
                meanwhile()
            if tick is not None and time.monotonic() - ticked >= 1:
                ticked = time.monotonic()
                tick()
        return None
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


class Collected:
    """The sheets that the lines tell of; `is_whole` once the last line was there and made sense."""

    def __init__(self) -> None:
        self.source = Source(container="", sheets=[])
        self.once = Once()
        self.is_whole = self.is_over = False

    def take(self, lines: Iterable[bytes]) -> None:
        """Raises `Unreadable` for a problem that the lines tell of."""
        for line in lines:
            if self.is_over:
                continue
            try:
                self._take(line)
            except (ValueError, TypeError, LookupError, AttributeError):
                self.is_over = True

    def _take(self, line: bytes) -> None:
        kind, *items = json.loads(line)
        if kind == "problem":
            code, facts = items
            raise Unreadable(code, **facts)
        if kind == "end":
            self.source.container, self.source.encoding = items
            self.is_whole = self.is_over = True
            return
        if kind == "rows" and b'["d",' in line:
            _date_cells(items[2])
        if kind == "rows":
            self.once.share(items[2])
        _take(self.source, kind, items)


class Once:
    """Equal numbers and texts are kept once: a large file repeats most of its cells.

    Raises `Unreadable` when there are more cells than a worker's memory is made for.
    """

    def __init__(self) -> None:
        self.numbers: dict[float, float] = {}
        self.texts: dict[str, str] = {}
        self.cells = 0

    def share(self, rows: list[list]) -> None:
        number, text = self.numbers.setdefault, self.texts.setdefault
        for cells in rows:
            self.cells += len(cells)
            for column, cell in enumerate(cells):
                if cell.__class__ is float:
                    cells[column] = number(cell, cell)
                elif cell.__class__ is str:
                    cells[column] = text(cell, cell)
        if self.cells > MOST_CELLS:
            raise Unreadable("too_many", most=f"{MOST_CELLS:,}".replace(",", "."))


def _take(source: Source, kind: str, items: list[Any]) -> None:
    if kind == "mark":
        source.mark = items[0]
    elif kind == "sheet":
        source.sheets.append(Sheet(*items))
    elif kind == "rows":
        _take_rows(source.sheets[-1], *items)
    elif kind == "marks":
        _take_marks(source.sheets[-1], *items)


def _take_rows(sheet: Sheet, first_row: int, first_column: int, rows: list[list]) -> None:
    if first_row > len(sheet.rows):
        sheet.rows.extend([] for _ in range(first_row - len(sheet.rows)))
    margin = [""] * first_column
    sheet.rows.extend(margin + cells if cells and margin else cells for cells in rows)


def _date_cells(rows: list[list]) -> None:
    for cells in rows:
        for column, cell in enumerate(cells):
            if type(cell) is list:
                cells[column] = DateCell(cell[1])


def _take_marks(sheet: Sheet, kind: str, items: list[list]) -> None:
    if kind == "merges":
        sheet.merges = [tuple(item) for item in items]
    elif kind in ("hidden_rows", "hidden_columns"):
        hidden = sheet.hidden_rows if kind == "hidden_rows" else sheet.hidden_columns
        for first, last in items:
            hidden.update(range(first, min(last, first + 20_000) + 1))
    elif kind == "percent":
        sheet.percent = {(row, column) for row, column in items}
    elif kind == "fonts":
        sheet.fonts = {(row, column): name for row, column, name in items}
    elif kind == "errors":
        for row, column, text in items:
            sheet.put(row, column, ErrorCell(text))
    elif kind == "uncomputed":
        for row, column in items:
            if sheet.get(row, column) == "":
                sheet.put(row, column, Uncomputed())
