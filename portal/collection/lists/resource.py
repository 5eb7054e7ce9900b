"""One kind of list: its columns, what tells its rows apart, and what may not be changed by a file.

A row names its record by "Mã" where the list has codes of its own; else by what the record says of
itself, so that the same file twice changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource

from .cells import text_of

if TYPE_CHECKING:
    from django.db import models

    from portal.accounts.models import User

Row = Mapping[str, Any]


class ListLoader(BaseInstanceLoader):
    """The record a row speaks of, among those the sender sees."""

    def get_instance(self, row: Row) -> Any:
        return self.resource.record_of(row)


class ListResource(ModelResource):
    """What all lists share. `by`: who sends or gets the file."""

    do_not_call_in_templates: ClassVar[bool] = True  # pages show the class, not one of it

    which: ClassVar[str]
    title: ClassVar[str] = ""
    permissions: ClassVar[tuple[str, ...]] = ()
    anchor: ClassVar[str]  # the heading that names a row
    required: ClassVar[tuple[str, ...]] = ()
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {}  # headings as others write them
    least_headings: ClassVar[int] = 3
    least_told: ClassVar[int] = 3
    takes_nameless: ClassVar[bool] = False
    keeps_before: ClassVar[bool] = True  # whether an undo may put changed records back
    own_relations: ClassVar[frozenset[str]] = frozenset()  # models that go with a record
    blank_keeps: ClassVar[bool] = False  # whether a blank cell leaves what is there
    stands_for: ClassVar[dict[str, str]] = {}  # where a column stands that files write otherwise
    filled_in: ClassVar[frozenset[str]] = frozenset()  # of the read-only fields, those files give
    not_asked: ClassVar[frozenset[str]] = frozenset()  # understood, but not in the blank workbook
    can_undo: ClassVar[bool] = True  # whether a whole file may be taken back
    from_old_system: ClassVar[bool] = True  # pages say that rows are moved here, not checked yet
    hint: ClassVar[str] = ""
    list_url: ClassVar[str] = ""

    def __init__(self, *, by: User, source: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by = by
        self.source = source  # the file, where its records point back to it
        self.seen: set[Any] = set()

    @classmethod
    def blank_headings(cls) -> list[str]:
        """Headings of the blank workbook: what a person fills in."""
        return [
            cls.fields[name].column_name
            for name in cls._meta.export_order
            if name not in cls.not_asked
            and (not cls.fields[name].readonly or name in cls.filled_in)
        ]

    @classmethod
    def missing(cls, headings: list[str]) -> list[str]:
        """Required headings that are not there."""
        return [name for name in cls.required if name not in headings]

    def record_of(self, row: Row) -> Any:
        """The record that the row changes, or None for a new one.

        Raises:
            ValueError: the row may not speak of it, or spoke of it before.
        """
        raise NotImplementedError

    def _see(self, key: Any, words: str = "Dòng này đã có ở một dòng trên của tệp.") -> None:
        if key in self.seen:
            raise ValueError(words)
        self.seen.add(key)

    def import_field(
        self, field: Field, instance: Any, row: Row, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        blank = not text_of(row.get(field.column_name))
        if not (self.blank_keeps and blank and instance.pk is not None):
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def words(self, record: Any) -> str:
        """A new record in a line, for the comparison."""
        return ""

    def notes(self, records: Sequence[Any]) -> list[str]:
        """What else these would bring, such as an issuer that is not in the catalogue."""
        return []

    def skip_row(self, instance: Any, original: Any, row: Row, errors: Any = None) -> bool:
        if errors or instance.pk is None:
            return False
        changes = self.changes(original, instance)
        if changes:
            self.refuse_change(original)
        return not changes

    def refuse_change(self, record: Any) -> None:
        """Raises ValidationError where a file may not change this record."""

    def changes(self, before: Any, after: Any) -> list[tuple[str, str, str]]:
        """(heading, before, after) of every column that differs."""
        found = []
        for field in self.get_export_fields():
            if not field.readonly and field.attribute:
                old, new = str(field.export(before) or ""), str(field.export(after) or "")
                if old != new:
                    found.append((field.column_name, old, new))
        return found

    # what an undo needs

    def stamp(self, record: Any) -> str:
        """What the record says now, in short: another stamp later means that it was changed."""
        told = [str(value) for value in self.told_of(record)]
        return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:32]

    def told_of(self, record: Any) -> list[Any]:
        return [field.export(record) for field in self.get_export_fields()]

    def look_up(self, records: list[Any]) -> None:
        """Fetch at once what `told_of` reads beside these records."""

    def forget(self, new: list[Any]) -> None:
        """What goes with records that an undo takes away."""

    def before(self, record: models.Model) -> dict[str, Any]:
        """The columns of a record as the database keeps them, to be put back."""
        names = {f.attribute for f in self.fields.values() if f.attribute and not f.readonly}
        kept: dict[str, Any] = {}
        for field in record._meta.concrete_fields:
            if field.name in names:
                kept[field.attname] = field.value_to_string(record)
                if getattr(record, field.attname) is None:
                    kept[field.attname] = None
        return kept
