"""`python -m reader FILE MEMORY CPU_SECONDS MAX_BYTES`: prints the file as JSON lines."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import io
import os
import resource
import signal
import sys
from pathlib import Path

from . import biff, delimited, hypertext, native, opendocument, spreadsheetml
from .archive import Archive
from .markup import Markup
from .output import Output
from .problems import Problem
from .sniff import kind_of

NO_ROOM = 28  # how the process ends when what it prints finds no room
PARENT_DEATH = 1  # PR_SET_PDEATHSIG


def confine(memory: int, seconds: int) -> None:
    """Limits of this process in bytes and seconds; it also dies with the one that started it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 30, 2 << 30))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGKILL)
    if os.environ.get("CALLER", str(os.getppid())) != str(os.getppid()):
        sys.exit(1)  # the caller died before this process could ask to die with it
    with contextlib.suppress(OSError):
        os.nice(5)


def read(path: Path, output: Output, max_bytes: int) -> tuple[str, str]:
    """Prints all sheets; returns (container, encoding)."""
    container, archive = kind_of(path, max_bytes)
    if container == "csv":
        return container, delimited.write(path, output, max_bytes)
    if container == "html":
        return container, hypertext.write(path, output, max_bytes)
    if container == "xml":
        return container, spreadsheetml.write(path, output, max_bytes)
    read_native(path, container, archive, output)
    return container, "Unicode"


def read_native(path: Path, container: str, archive: Archive | None, output: Output) -> None:
    mark = ""
    marks: list[dict[str, list]] = []
    if archive is not None and container == "xlsx":
        markup = Markup(archive)
        mark, marks = markup.mark, markup.sheets()
    elif archive is not None:
        verify(archive)
        marks = opendocument.sheets_of(archive) if container == "ods" else []
    elif container == "xls":
        marks = biff.sheets_of(path)
    try:
        workbook = native.open_workbook(path)
    except Problem as problem:
        if problem.code == "corrupt" and container == "xls" and biff.is_ancient(path):
            raise Problem("ancient") from problem
        raise
    if mark:
        output.line("mark", mark)
    for index, name, state in native.sheets(workbook):
        output.sheet(name, state)
        native.write_sheet(workbook, index, output)
        for kind, items in marks[index].items() if index < len(marks) else ():
            output.marks(kind, items)


def verify(archive: Archive) -> None:
    """Inflates every part once against the limit, before the native reader does."""
    for name in archive.names:
        if name.lower().endswith((".xml", ".bin", ".rels")):
            for _ in archive.chunks(name):
                pass


def main() -> None:
    path, memory, seconds, max_bytes = sys.argv[1:5]
    confine(int(memory), int(seconds))
    try:
        tell(Path(path), int(max_bytes))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            os._exit(NO_ROOM)  # nothing is flushed again on the way out
        raise


def tell(path: Path, max_bytes: int) -> None:
    """Prints all of the file, or why nothing of it can be read."""
    with io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace") as stream:
        output = Output(stream)
        try:
            container, encoding = read(path, output, max_bytes)
        except Problem as problem:
            output.line("problem", problem.code, problem.facts)
        except MemoryError:
            output.block = []
            output.line("problem", "too_large", {})
        else:
            output.line("end", container, encoding)


if __name__ == "__main__":
    main()
