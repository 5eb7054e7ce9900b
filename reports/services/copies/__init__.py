"""Copies of documents: begun by the clerk, made ready by a job, numbered, sealed or printed."""

from .beginning import (
    CopyRefused,
    CopyWanted,
    NoCopyHere,
    drop_copy,
    is_copyable,
    report_of,
    start_copy,
)
from .finishing import number_copy, seal_copy
from .lifting import copies_waiting_for_proofs, lift_copy
from .making import JOB as COPY_JOB
from .making import make_copy

__all__ = [
    "COPY_JOB",
    "CopyRefused",
    "CopyWanted",
    "NoCopyHere",
    "copies_waiting_for_proofs",
    "drop_copy",
    "is_copyable",
    "lift_copy",
    "make_copy",
    "number_copy",
    "report_of",
    "seal_copy",
    "start_copy",
]
