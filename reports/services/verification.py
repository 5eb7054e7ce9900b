"""Is a file the document that the agency issued? Asked of the register, answered by the check."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet

from reports.models import Report, ReportFile, Signature, SignerRole, Status
from reports.signing import IssuedFacts, Owner, Verdict, verify

from .certificates import revocation_lists, trust_roots
from .rendering import rendering_of


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on a file, and the issued report it is or claims to be."""

    verdict: Verdict
    report: Report | None
    sha256: str


def verify_file(content: bytes, *, claimed: Report | None = None) -> Finding:
    """Judge any bytes. `claimed` is the report that the reader came from, if there is one.

    Without it the report is found by the file's digest, by that of one of its earlier revisions,
    or by what it begins with; a file of none is simply not genuine. Only our own very bytes are
    read in this process.
    """
    digest = hashlib.sha256(content).hexdigest()
    report = claimed or _report_of(digest) or _report_inside(content)
    expected = None if report is None else issued_facts(report)
    verdict = verify(content, trust_roots=trust_roots(), expected=expected, crls=revocation_lists())
    return Finding(verdict, report, digest)


def issued_facts(report: Report) -> IssuedFacts | None:
    """What the register knows of an issued report; None when it is not issued."""
    if report.status != Status.ISSUED or report.number is None or report.issue_date is None:
        return None
    signatures = {signature.role: signature for signature in signatures_of(report)}
    leader, agency = signatures[SignerRole.LEADER], signatures[SignerRole.AGENCY]
    return IssuedFacts(
        number=report.number,
        issued_on=report.issue_date,
        sha256s=frozenset({agency.file.sha256}),
        leader=Owner(fingerprint=leader.certificate.fingerprint),
        agency=Owner(fingerprint=agency.certificate.fingerprint),
    )


def signatures_of(report: Report) -> QuerySet[Signature]:
    """The signatures of the file in force, the leader's first."""
    return rendering_of(report).signatures.select_related("certificate", "file").order_by("pk")


def _report_of(digest: str) -> Report | None:
    """The issued report one of whose files is this one."""
    file = (
        ReportFile.objects.filter(sha256=digest, rendering__report__status=Status.ISSUED)
        .select_related("rendering__report")
        .first()
    )
    if file is None:
        return None
    report = file.rendering.report
    return report if report.rendering_id == file.rendering_id else None


def _report_inside(content: bytes) -> Report | None:
    """The issued report whose signed file this one begins with, whatever was done to it after.

    Only files about as long as one of ours are compared, so that a stranger's file costs nothing.
    """
    files = ReportFile.objects.filter(
        rendering__report__status=Status.ISSUED,
        stage=ReportFile.Stage.SIGNED,
        size__lte=len(content),
    ).select_related("rendering__report")
    digests, running, done = {}, hashlib.sha256(), 0
    for length in sorted(set(files.values_list("size", flat=True))):
        running.update(content[done:length])
        digests[length], done = running.hexdigest(), length
    for file in files.filter(sha256__in=digests.values()):
        if digests[file.size] == file.sha256:
            return file.rendering.report
    return None
