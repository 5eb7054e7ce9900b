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
from .making import JOB as COPY_JOB
from .making import make_copy

__all__ = [
    "COPY_JOB",
    "CopyRefused",
    "CopyWanted",
    "NoCopyHere",
    "drop_copy",
    "is_copyable",
    "make_copy",
    "number_copy",
    "report_of",
    "seal_copy",
    "start_copy",
]
