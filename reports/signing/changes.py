"""What may have changed in a file after one of its signatures."""

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
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

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


def unchanged_since(signature: EmbeddedPdfSignature) -> bool:
    """Say whether everything after the signature is what may come after it."""
    if signature.coverage not in (
        SignatureCoverageLevel.ENTIRE_FILE,
        SignatureCoverageLevel.ENTIRE_REVISION,
    ):
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
