"""The parts of an xlsx and their relations."""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument."
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


class Unusual(Exception):
    """The package is not built as Excel builds it."""


def tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def split(address: str) -> tuple[int, int]:
    """Row and column from 1 of "E17"."""
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", address)
    if match is None:
        raise Unusual(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


class Package:
    """A zip of parts, some of them parsed; `save` writes what was not touched as it was."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)
        self.names = self.archive.namelist()
        self.trees: dict[str, Any] = {}
        self.texts: dict[str, str] = {}
        self.gone: set[str] = set()

    def tree(self, name: str) -> Any:
        if name not in self.trees:
            if name not in self.names:
                raise Unusual(name)
            self.trees[name] = etree.fromstring(self.archive.read(name), PARSER)
        return self.trees[name]

    def text(self, name: str) -> str:
        if name not in self.texts:
            self.texts[name] = self.archive.read(name).decode("utf-8")
        return self.texts[name]

    def relations(self, part: str) -> Any:
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self.names and path not in self.trees:
            self.trees[path] = etree.Element(f"{{{RELS}}}Relationships", nsmap={None: RELS})
        return self.tree(path)

    def related(self, part: str, kind: str) -> str | None:
        """The part of that kind that `part` points to."""
        for relation in self.relations(part):
            if relation.get("Type", "").endswith(f"/{kind}"):
                return self.resolved(part, relation.get("Target", ""))
        return None

    def resolved(self, part: str, target: str) -> str:
        if target.startswith("/"):
            return target[1:]
        return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))

    def relate(self, part: str, kind: str, target: str) -> str:
        relations = self.relations(part)
        known = {relation.get("Id") for relation in relations}
        ident = next(f"rIdDau{n}" for n in range(1, 10_000) if f"rIdDau{n}" not in known)
        etree.SubElement(
            relations,
            f"{{{RELS}}}Relationship",
            Id=ident,
            Type=f"{OFFICE}/{kind}",
            Target=f"/{target}",
        )
        return ident

    def declare(self, name: str, kind: str) -> None:
        types = self.tree("[Content_Types].xml")
        part = f"/{name}"
        if not any(item.get("PartName") == part for item in types):
            etree.SubElement(types, f"{{{TYPES}}}Override", PartName=part, ContentType=kind)

    def declare_vml(self) -> None:
        types = self.tree("[Content_Types].xml")
        if not any((item.get("Extension") or "").lower() == "vml" for item in types):
            kind = f"{KIND}vmlDrawing"
            types.insert(0, etree.Element(f"{{{TYPES}}}Default", Extension="vml", ContentType=kind))

    def save(self, out: Path) -> None:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in self.archive.infolist():
                if entry.filename in self.gone:
                    continue
                target.writestr(entry.filename, self._content(entry.filename))
            for name in [*self.trees, *self.texts]:
                if name not in self.names and (name in self.texts or len(self.trees[name])):
                    target.writestr(name, self._content(name))

    def _content(self, name: str) -> bytes:
        if name in self.texts:
            return self.texts[name].encode("utf-8")
        if name in self.trees:
            found: bytes = etree.tostring(
                self.trees[name], xml_declaration=True, encoding="UTF-8", standalone=True
            )
            return found
        return self.archive.read(name)


def legal(text: str) -> str:
    """Without the signs that XML does not take."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def name_of(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
