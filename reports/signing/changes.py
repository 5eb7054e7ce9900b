"""What may have changed in a file after one of its signatures."""

from collections.abc import Iterator
from typing import Any

from asn1crypto import parser
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from .certificates import one_line
from .fields import AGENCY_FIELD, DATE_FIELD, LEADER_FIELD, NUMBER_FIELD, is_reference

#: The library's own policy but for one thing: pictures of fields may not be replaced in place. With
#: that, it takes a field filled before the seal for one changed after it (pyHanko 0.38).
CHANGES_ALLOWED = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        *(
            rule.as_qualified(ModificationLevel.LTA_UPDATES)
            for rule in (
                DocInfoRule(),
                XrefStreamRule(),
                ObjectStreamRule(),
                DSSCompareRule(),
                MetadataUpdateRule(),
            )
        ),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(),
            SigFieldModificationRule(allow_in_place_appearance_stream_changes=False),
            GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
        ]
    ),
)

#: What may change between the leader's signature and the end of the file, beside the lines under
#: the titles of annexes.
_FILLED_LATER = frozenset({NUMBER_FIELD, DATE_FIELD, AGENCY_FIELD})

#: Fields within fields are looked at down to this depth.
_DEEPEST = 20


def unchanged_since(signature: EmbeddedPdfSignature) -> bool:
    """Say whether everything after the signature is what may come after it."""
    if signature.coverage not in (
        SignatureCoverageLevel.ENTIRE_FILE,
        SignatureCoverageLevel.ENTIRE_REVISION,
    ):
        return False
    if _has_bytes_beside(signature):
        return False
    is_whole = signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
    changes = signature.diff_result
    if not isinstance(changes, DiffResult):
        return changes is None and is_whole
    if changes.modification_level == ModificationLevel.NONE and not is_whole:
        return False  # bytes behind the signature that belong to no update
    if signature.field_name == LEADER_FIELD:
        return changes.modification_level.value <= ModificationLevel.FORM_FILLING.value and all(
            name in _FILLED_LATER or is_reference(name) for name in changes.changed_form_fields
        )
    return changes.modification_level.value <= ModificationLevel.LTA_UPDATES.value


def level_of_changes(signature: EmbeddedPdfSignature) -> ModificationLevel | None:
    """How much came after the signature; None when it does not even cover its own revision.

    The library lets a signature field be added with any picture, wherever it lies on the page. One
    that nobody signed in, or that holds but a time stamp, has none that hides or says nothing.
    """
    if _has_bytes_beside(signature):
        return ModificationLevel.OTHER
    if signature.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return ModificationLevel.NONE
    if signature.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return None
    found = signature.diff_result
    if not isinstance(found, DiffResult) or found.modification_level == ModificationLevel.NONE:
        return ModificationLevel.OTHER  # bytes behind the signature that belong to no update
    if any(_is_drawn(field) for field in _unsigned_fields_since(signature)):
        return ModificationLevel.OTHER
    return found.modification_level


def fields_filled_since(signature: EmbeddedPdfSignature) -> list[str]:
    """What readers call the fields, other than those of signatures, that were written after it."""
    reader, since = signature.reader, signature.signed_revision + 1
    if "/AcroForm" not in reader.root or signature.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return []
    now = reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
    written = {
        reference
        for revision in range(since, reader.xrefs.total_revisions)
        for reference in reader.xrefs.explicit_refs_in_revision(revision)
    }
    return [
        one_line(field.get("/TU") or name)
        for name, reference, field in _fields(now.root["/AcroForm"]["/Fields"])
        if reference in written
        or ("/AP" in field and written & now.collect_dependencies(field.raw_get("/AP")))
    ]


def changes_in_words(signature: EmbeddedPdfSignature) -> str:
    match level_of_changes(signature):
        case None:
            return "Chữ ký không bao trùm toàn bộ tệp."
        case ModificationLevel.NONE:
            return "Không có thay đổi nào sau chữ ký."
        case ModificationLevel.LTA_UPDATES:
            return "Chỉ thêm dấu thời gian, dữ liệu thu hồi hoặc thông tin mô tả tệp."
        case ModificationLevel.FORM_FILLING:
            filled = ", ".join(fields_filled_since(signature))
            return (
                f"Có ô được điền hoặc sửa sau chữ ký: {filled}." if filled else "Chỉ thêm chữ ký."
            )
        case ModificationLevel.ANNOTATIONS:
            return "Có thêm ghi chú."
        case _:
            return "Có dữ liệu thêm vào hoặc nội dung bị sửa sau chữ ký."


def _has_bytes_beside(signature: EmbeddedPdfSignature) -> bool:
    """Whether more than zeros fills the room that was left for the signature and is not signed."""
    content = bytes(signature.pkcs7_content)
    return any(content[parser.peek(content) :])


def _unsigned_fields_since(signature: EmbeddedPdfSignature) -> list[Any]:
    """Signature fields in which no person signed and which were not there when this one did."""
    reader = signature.reader
    signed = {one.field_name for one in reader.embedded_regular_signatures}
    before = reader.get_historical_resolver(signature.signed_revision)
    earlier = {name for name, _, _ in enumerate_sig_fields(before)}
    return [
        reference.get_object()
        for name, _, reference in enumerate_sig_fields(reader)
        if name not in signed | earlier
    ]


def _is_drawn(field: Any) -> bool:
    """Whether the field, or one of its widgets, has a picture that is not empty."""
    for widget in (field, *_objects(field.get("/Kids", ()))):
        picture = widget.get("/AP", {}).get("/N")
        if picture is not None and bytes(getattr(picture, "data", b"?")).strip():
            return True
    return False


def _objects(references: Any) -> list[Any]:
    return [reference.get_object() for reference in references]


def _fields(
    references: Any, of: str = "", kind: str = "", depth: int = 0
) -> Iterator[tuple[str, Any, Any]]:
    """Fields that are no signatures: full name, reference, and the field itself."""
    for reference in references if depth < _DEEPEST else ():
        field = reference.get_object()
        name = ".".join(part for part in (of, str(field.get("/T", ""))) if part)
        own = str(field.get("/FT", kind))
        if own != "/Sig":
            yield name, reference.reference, field
        yield from _fields(field.get("/Kids", ()), name, own, depth + 1)
