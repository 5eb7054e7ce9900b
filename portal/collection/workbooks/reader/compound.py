"""The OLE compound file that holds an Excel 97 workbook: one named stream out of it."""

from __future__ import annotations

import struct

from .problems import Problem

END_OF_CHAIN = 0xFFFFFFFA  # and above: free, table and end marks
MAX_SECTORS = 4_000_000


class CompoundFile:
    """Reads streams by name. Chains that loop or leave the file raise `Problem` corrupt."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self.shift, self.mini_shift = struct.unpack_from("<HH", data, 30)
            self.directory_start, self.cutoff = struct.unpack_from("<I4xI", data, 48)
            mini_start, _ = struct.unpack_from("<II", data, 60)
            next_table, tables = struct.unpack_from("<II", data, 68)
            if not (7 <= self.shift <= 12 and 4 <= self.mini_shift <= self.shift):
                raise Problem("corrupt")
            self.size = 1 << self.shift
            sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < END_OF_CHAIN]
            for _ in range(min(tables, MAX_SECTORS)):
                if next_table >= END_OF_CHAIN:
                    break
                entries = struct.unpack(f"<{self.size // 4}I", self._sector(next_table))
                sectors += [s for s in entries[:-1] if s < END_OF_CHAIN]
                next_table = entries[-1]
            table = b"".join(self._sector(sector) for sector in sectors)
            self.table = struct.unpack(f"<{len(table) // 4}I", table)
            self.entries = self._directory()
            mini = self._chain(mini_start)
            self.mini_table = struct.unpack(f"<{len(mini) // 4}I", mini[: len(mini) // 4 * 4])
        except struct.error as error:
            raise Problem("corrupt") from error

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self.shift
        sector = self.data[start : start + self.size]
        if not sector:
            raise Problem("corrupt")
        return sector.ljust(self.size, b"\0")

    def _chain(self, sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < END_OF_CHAIN:
            if sector >= len(self.table) or len(parts) > len(self.table):
                raise Problem("corrupt")
            parts.append(self._sector(sector))
            sector = self.table[sector]
        return b"".join(parts)

    def _directory(self) -> dict[str, tuple[int, int]]:
        """Name in lower case -> (first sector, size)."""
        entries: dict[str, tuple[int, int]] = {}
        directory = self._chain(self.directory_start)
        for offset in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, offset + 64)[0]
            name = directory[offset : offset + max(length - 2, 0)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", directory, offset + 116)
            if name:
                entries.setdefault(name.lower(), (start, size))
        return entries

    def stream(self, name: str) -> bytes | None:
        found = self.entries.get(name.lower())
        if found is None:
            return None
        start, size = found
        if size >= self.cutoff:
            return self._chain(start)[:size]
        root, root_size = self.entries.get("root entry", (END_OF_CHAIN, 0))
        container = self._chain(root)[:root_size]
        parts: list[bytes] = []
        width = 1 << self.mini_shift
        while start < END_OF_CHAIN:
            if start >= len(self.mini_table) or len(parts) > len(self.mini_table):
                raise Problem("corrupt")
            parts.append(container[start * width : (start + 1) * width])
            start = self.mini_table[start]
        return b"".join(parts)[:size]
