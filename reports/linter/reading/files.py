"""A file that somebody uploads, as paragraphs. Strangers' Word files are read in a process of their
own, with little memory and time; `python -m reports.linter.reading.files` is that process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

from reports.linter.text import Call

from .paragraphs import Pages, Paragraph
from .plain import pages as plain_pages

MOST_BYTES = 10 * 2**20
#: About 230 printed pages.
MOST_CHARACTERS = 600_000
MEMORY_BYTES = 2**30
CPU_SECONDS = 15
WALL_SECONDS = 30

_ROOT = Path(__file__).resolve().parents[3]
_SENTENCES = {
    "corrupt": "Tệp Word bị hỏng nên không đọc được. Hãy mở bằng Word, lưu lại dưới dạng .docx rồi "
    "chọn lại.",
    "bomb": "Tệp nén bất thường nên không đọc. Hãy chép nội dung sang tệp mới rồi chọn lại.",
    "too_large": "Văn bản quá dài. Hãy chia thành nhiều phần rồi kiểm tra từng phần.",
    "too_slow": "Tệp mất quá nhiều thời gian để đọc. Hãy chép nội dung sang tệp mới rồi chọn lại.",
    "kind": "Chỉ kiểm tra được tệp Word (.docx) và tệp chữ (.txt, .md). Hãy lưu lại thành .docx.",
    "not_unicode": "Tệp chữ không dùng bảng mã Unicode (UTF-8). Hãy lưu lại dưới dạng .docx.",
    "empty": "Tệp không có chữ nào để kiểm tra.",
}


class Unreadable(Exception):
    """The file cannot be read; the message says what to do."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(_SENTENCES[code])


def read_file(name: str, content: bytes) -> Pages:
    """The paragraphs of an uploaded file. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large")
    if content[:4] == b"PK\x03\x04":
        found = _word(content)
    elif name.lower().endswith((".txt", ".md", ".text")):
        found = read_text(_decoded(content), is_markdown=name.lower().endswith(".md"))
    else:
        raise Unreadable("kind" if content else "empty")
    return _within(found)


def read_text(text: str, *, is_markdown: bool = False) -> Pages:
    """The paragraphs of pasted text. Raises Unreadable."""
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_large")
    return _within(plain_pages(text.replace("\0", ""), is_markdown=is_markdown))


def _within(found: Pages) -> Pages:
    length = sum(len(one.text) for one in found.paragraphs) + sum(map(len, found.notes.values()))
    if length > MOST_CHARACTERS:
        raise Unreadable("too_large")
    if not length:
        raise Unreadable("empty")
    return found


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    try:
        return content.decode(encodings[0])
    except UnicodeDecodeError:
        raise Unreadable("not_unicode") from None


def _word(content: bytes) -> Pages:
    """As word.pages, in a child process; a child that dies means a broken file."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "reports.linter.reading.files"],
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=_ROOT,
            check=True,
        )
        told = json.loads(child.stdout)
    except subprocess.TimeoutExpired:
        raise Unreadable("too_slow") from None
    except (subprocess.SubprocessError, ValueError, OSError):
        raise Unreadable("corrupt") from None
    if "problem" in told:
        raise Unreadable(told["problem"])
    return Pages(
        tuple(
            Paragraph(text, tuple(Call(at, note) for at, note in calls), table)
            for text, calls, table in told["paragraphs"]
        ),
        {int(number): text for number, text in told["notes"].items()},
    )


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from . import word

    try:
        found = word.pages(sys.stdin.buffer.read())
    except word.NotWord as problem:
        json.dump({"problem": str(problem)}, sys.stdout)
        return
    told = {
        "paragraphs": [
            (one.text, [(call.at, call.note) for call in one.calls], one.table)
            for one in found.paragraphs
        ],
        "notes": found.notes,
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
