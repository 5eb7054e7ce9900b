"""The zip container, looked at before anything trusts it.

Sizes in a zip directory can lie, so the parts that will be read are inflated here first, in
chunks and against a limit that counts what really comes out.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from .problems import Problem

MAX_ENTRIES = 5_000
CHUNK = 1 << 18
ENCRYPTED = 0x1


class Archive:
    """A zip file whose parts are read within `max_bytes` of real, inflated content."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.path = path
        self.max_bytes = max_bytes
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
            raise Problem("corrupt") from error
        if len(entries) > MAX_ENTRIES:
            raise Problem("bomb", entries=len(entries))
        if any(entry.flag_bits & ENCRYPTED for entry in entries):
            raise Problem("encrypted")
        self.entries = {entry.filename.replace("\\", "/"): entry for entry in entries}
        self.names = set(self.entries)
        if sum(entry.file_size for entry in entries) > max_bytes:
            raise Problem("bomb", size=sum(entry.file_size for entry in entries))
        self.spent = 0

    def find(self, name: str) -> str | None:
        """The entry of that name whatever its case and leading slash."""
        if name in self.entries:
            return name
        wanted = name.lstrip("/").lower()
        return next((entry for entry in self.names if entry.lstrip("/").lower() == wanted), None)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The true content of one part, however long its directory entry says it is."""
        entry = self.entries[name]
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Problem("corrupt")
        if entry.header_offset < 0:  # a damaged directory may point before the file
            raise Problem("corrupt")
        with self.path.open("rb") as file:
            file.seek(entry.header_offset)
            header = file.read(30)
            if len(header) < 30 or header[:4] != b"PK\x03\x04":
                raise Problem("corrupt")
            name_length, extra_length = struct.unpack("<HH", header[26:30])
            file.seek(name_length + extra_length, 1)
            source = self._raw(file, entry.compress_size)
            if entry.compress_type == zipfile.ZIP_DEFLATED:
                source = self._inflate(source)
            for chunk in source:
                self.spent += len(chunk)
                if self.spent > self.max_bytes:
                    raise Problem("bomb", size=self.spent)
                yield chunk

    def read(self, name: str) -> bytes:
        return b"".join(self.chunks(name))

    @staticmethod
    def _raw(file, size: int) -> Iterator[bytes]:
        while size > 0 and (data := file.read(min(size, CHUNK))):
            size -= len(data)
            yield data

    @staticmethod
    def _inflate(source: Iterator[bytes]) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for data in source:
                while data:
                    if chunk := inflater.decompress(data, CHUNK):
                        yield chunk
                    data = inflater.unconsumed_tail
                if inflater.eof:
                    return
            while chunk := inflater.decompress(inflater.unconsumed_tail, CHUNK):
                yield chunk
        except zlib.error as error:
            raise Problem("corrupt") from error
        if not inflater.eof:
            raise Problem("corrupt")
