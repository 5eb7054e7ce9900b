"""Open a zip of workbooks: its files one by one on the disk, what was left out, and why.

A stranger's archive is trusted in nothing: the directory is measured before it is read, names are
decoded and judged, and what comes out is counted against a limit while it comes.
"""

from __future__ import annotations

import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from .reader.archive import Archive
from .reader.problems import Problem
from .reader.sniff import kind_of

MEBIBYTE = 1 << 20
TAIL = 65_557  # where the end of the directory must stand
MOST_DIRECTORY = 2 * MEBIBYTE
MOST_FILES = 300
MOST_CONTENT = 512 * MEBIBYTE
UTF8_NAME = 0x800
ENCRYPTED = 0x1
SYSTEM_NAMES = {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "icon\r"}
BOX_DRAWING = range(0x2500, 0x25A0)

SENTENCES = {
    "corrupt": "Tệp nén “{name}” bị hỏng nên không mở được. Hãy nén lại rồi gửi, "
    "hoặc chọn cùng lúc các tệp Excel mà không nén.",
    "encrypted": "Tệp nén “{name}” đặt mật khẩu. Hãy nén lại không đặt mật khẩu rồi gửi.",
    "bomb": "Tệp nén “{name}” nở ra lớn hơn nhiều lần mức cho phép. "
    "Hãy gửi riêng các tệp Excel cần nộp.",
    "many": "Tệp nén “{name}” có quá nhiều tệp (nhiều nhất {most}). Hãy chia thành nhiều lần gửi.",
    "outside": "Tệp nén “{name}” có tên tệp chỉ ra ngoài thư mục (“{entry}”) nên không được mở. "
    "Hãy nén lại các tệp Excel rồi gửi.",
    "empty": "Tệp nén “{name}” không có tệp bảng tính nào.",
}


class NotUnpacked(Exception):
    """The archive is refused as a whole. `message` is the sentence for the sender."""

    def __init__(self, code: str, name: str, **facts: object) -> None:
        self.code = code
        self.message = SENTENCES[code].format(name=name, most=MOST_FILES, **facts)
        super().__init__(self.message)


class Member(NamedTuple):
    """A file of the archive: its path inside as the sender knows it, and where it lies now."""

    name: str
    path: Path


class LeftOut(NamedTuple):
    """An entry that was not taken, and why."""

    name: str
    reason: str


@dataclass
class Unpacked:
    members: list[Member] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def is_archive(path: str | Path) -> bool:
    """Whether a file is a zip of files, other than a workbook that is a zip inside."""
    try:
        with Path(path).open("rb") as file:
            if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
                return False
        if directory_size(Path(path)) > MOST_DIRECTORY:
            return True
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, NotImplementedError):
        return Path(path).suffix.lower() == ".zip"
    office = {"[content_types].xml", "content.xml", "mimetype", "xl/workbook.xml"}
    return not office & names


def directory_size(path: Path) -> int:
    """Bytes of the zip's directory, found without reading it; 0 where there is none."""
    with path.open("rb") as file:
        file.seek(0, 2)
        length = file.tell()
        file.seek(max(0, length - TAIL))
        tail = file.read()
    if (far := tail.rfind(b"PK\x06\x06")) >= 0 and len(tail) >= far + 48:
        return int(struct.unpack_from("<Q", tail, far + 40)[0])
    near = tail.rfind(b"PK\x05\x06")
    if near < 0 or len(tail) < near + 16:
        return 0
    return int(struct.unpack_from("<L", tail, near + 12)[0])


def unpack(
    path: str | Path,
    folder: str | Path,
    *,
    name: str = "",
    most_bytes: int = 50 * MEBIBYTE,
    tick: Callable[[int], None] | None = None,
) -> Unpacked:
    """Write the workbooks of a zip, and of the zips in it, into `folder`, a piece at a time.

    `most_bytes` is the size of one file at most; `tick` is told after each file how many there
    are. Raises `NotUnpacked` when the archive is refused as a whole.
    """
    unpacking = Unpacking(Path(folder), most_bytes, tick)
    unpacking.open(Path(path), name or Path(path).name, prefix="")
    if not unpacking.found.members:
        raise NotUnpacked("empty", name or Path(path).name)
    return unpacking.found


class Unpacking:
    """One archive on its way to files; limits count over it and the archives in it."""

    def __init__(self, folder: Path, most_bytes: int, tick: Callable[[int], None] | None) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self.tick = tick
        self.found = Unpacked()
        self.left = MOST_CONTENT

    def open(self, path: Path, name: str, *, prefix: str) -> None:
        archive = self._archive(path, name)
        entries = list(self._entries(archive, name))
        if len(entries) + len(self.found.members) > MOST_FILES:
            raise NotUnpacked("many", name)
        for key, shown in entries:
            self._take(archive, key, prefix + shown, name, nested=bool(prefix))

    def _archive(self, path: Path, name: str) -> Archive:
        try:
            if directory_size(path) > MOST_DIRECTORY:
                raise NotUnpacked("many", name)
            return Archive(path, self.left)
        except Problem as problem:
            code = problem.code if problem.code in ("encrypted", "bomb") else "corrupt"
            raise NotUnpacked(code, name) from problem

    def _entries(self, archive: Archive, name: str) -> Iterator[tuple[str, str]]:
        """(key, decoded path) of what may be a workbook; the rest is left out or refused."""
        for key, entry in archive.entries.items():
            shown = name_of(entry)
            parts = PurePosixPath(shown).parts
            if shown.startswith("/") or ".." in parts or (parts and parts[0].endswith(":")):
                raise NotUnpacked("outside", name, entry=shown[:80])
            if entry.is_dir() or shown.endswith("/") or not parts:
                continue
            if reason := is_of_system(parts):
                self.found.left_out.append(LeftOut(shown, reason))
                continue
            yield key, shown

    def _take(self, archive: Archive, key: str, shown: str, name: str, *, nested: bool) -> None:
        target = self.folder / f"{len(list(self.folder.iterdir()))}{suffix_of(shown)}"
        size = 0
        try:
            with target.open("xb") as file:
                for piece in archive.chunks(key):
                    size += len(piece)
                    if size <= self.most_bytes:
                        file.write(piece)
        except Problem as problem:
            code = "bomb" if problem.code == "bomb" else "corrupt"
            raise NotUnpacked(code, name) from problem
        self.left -= size
        if self.left <= 0:
            raise NotUnpacked("bomb", name)
        if size > self.most_bytes:
            self._leave_out(target, shown, "tệp quá lớn")
        elif size == 0:
            self._leave_out(target, shown, "tệp rỗng")
        elif is_archive(target):
            self._nested(target, shown, nested=nested)
        elif kind := foreign_kind(target):
            self._leave_out(target, shown, kind)
        else:
            self.found.members.append(Member(shown, target))
            if self.tick is not None:
                self.tick(len(self.found.members))

    def _nested(self, target: Path, shown: str, *, nested: bool) -> None:
        if nested:
            self._leave_out(target, shown, "tệp nén nằm trong hai lớp nén")
            return
        self.open(target, shown, prefix=f"{shown.rsplit('.', 1)[0]}/")
        target.unlink()

    def _leave_out(self, target: Path, shown: str, reason: str) -> None:
        target.unlink()
        self.found.left_out.append(LeftOut(shown, reason))


def is_of_system(parts: tuple[str, ...]) -> str:
    """Why an entry is none of the sender's: made by macOS, Windows or an open Excel."""
    last = parts[-1]
    if "__MACOSX" in parts or last.startswith("._"):
        return "tệp phụ của macOS"
    if last.startswith("~$") or last.startswith(".~lock"):
        return "tệp tạm của Excel đang mở"
    if last.lower() in SYSTEM_NAMES or last.startswith("."):
        return "tệp của hệ thống"
    return ""


def foreign_kind(path: Path) -> str:
    """ "tệp PDF" for what is clearly no workbook; "" for anything the reader should judge."""
    try:
        kind_of(path, MOST_CONTENT)
    except Problem as problem:
        if problem.code == "not_spreadsheet" and problem.facts.get("kind"):
            return f"tệp {problem.facts['kind']}, không phải bảng tính"
    except (OSError, ValueError):
        return ""
    return ""


def suffix_of(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) < 8 else ""


def name_of(entry: zipfile.ZipInfo) -> str:
    """The path of an entry in NFC with "/": UTF-8, or as Windows and old packers wrote it.

    Without the UTF-8 mark Python reads names as cp437; most packers of Vietnamese Windows wrote
    UTF-8 all the same, or Windows-1258.
    """
    text = getattr(entry, "orig_filename", entry.filename)
    if not entry.flag_bits & UTF8_NAME or any(ord(letter) in BOX_DRAWING for letter in text):
        text = _decoded(text)
    text = unicodedata.normalize("NFC", text.replace("\\", "/"))
    return "".join(letter for letter in text if letter.isprintable())


def _decoded(text: str) -> str:
    try:
        raw = text.encode("cp437")
    except UnicodeEncodeError:
        return text
    if raw.isascii():
        return text
    for encoding in ("utf-8", "cp1258"):
        try:
            found = unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_vietnamese(found):
            return found
    return text


def _is_vietnamese(text: str) -> bool:
    """Nothing but letters of Vietnamese, digits and signs of ASCII."""
    return all(
        letter.isascii() or letter in "đĐ" or unicodedata.combining(letter)
        for letter in unicodedata.normalize("NFD", text)
    )
