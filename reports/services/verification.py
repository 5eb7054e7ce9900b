"""Is a file the document that the agency issued? Asked of the register, answered by the check."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from reports import confined
from reports.models import Copy, Report, ReportFile, SealedAnnex, Signature, SignerRole, Status
from reports.signing import NOT_IN_REGISTER, IssuedFacts, Outcome, Owner, Verdict, verify

from .certificates import revocation_lists, trust_roots
from .lifting import issued_files
from .rendering import rendering_of


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on a file, the issued report it is or claims to be, and which revision."""

    verdict: Verdict
    report: Report | None
    sha256: str
    file: ReportFile | None = None
    annex: SealedAnnex | None = None
    copy: Copy | None = None


def verify_file(content: bytes, *, claimed: Report | None = None) -> Finding:
    """Judge any bytes. `claimed` is the report that the reader came from, if there is one.

    Without it the report is found by the file's digest, by that of one of its earlier revisions,
    or by what it begins with; a file of none is simply not genuine. Only our own very bytes are
    read in this process.
    """
    digest = hashlib.sha256(content).hexdigest()
    if annex := _annex_of(content, digest):
        return _annex_finding(content, digest, annex, claimed)
    copy = _copy_of(digest)
    if copy and (claimed is None or copy.source == claimed.document):
        return _copy_finding(content, digest, copy)
    report = claimed or _report_of(digest) or _report_inside(content)
    expected = None if report is None else issued_facts(report)
    ours = report and issued_files(report).filter(sha256=digest).first()
    judge = verify if ours else confined.judge
    verdict = judge(content, trust_roots=trust_roots(), expected=expected, crls=revocation_lists())
    return Finding(verdict, report, digest, ours or None)


def issued_facts(report: Report) -> IssuedFacts | None:
    """What the register knows of an issued report; None when it is not issued."""
    if report.status != Status.ISSUED or report.number is None or report.issue_date is None:
        return None
    signatures = {signature.role: signature for signature in signatures_of(report)}
    leader, agency = signatures[SignerRole.LEADER], signatures[SignerRole.AGENCY]
    digests = issued_files(report).values_list("sha256", flat=True)
    return IssuedFacts(
        number=report.number,
        issued_on=report.issue_date,
        sha256s=frozenset(digests),
        leader=Owner(fingerprint=leader.certificate.fingerprint),
        agency=Owner(fingerprint=agency.certificate.fingerprint),
    )


def signatures_of(report: Report) -> QuerySet[Signature]:
    """The signatures of the file in force, the leader's first."""
    return rendering_of(report).signatures.select_related("certificate", "file").order_by("pk")


def _annex_of(content: bytes, digest: str) -> SealedAnnex | None:
    """The sealed annex of an issued report that this file is, or begins with."""
    annexes = SealedAnnex.objects.filter(
        annex__report__status=Status.ISSUED, size__lte=len(content)
    ).select_related("annex__report__agency", "annex__report__document", "certificate", "lifted")
    if same := annexes.filter(Q(sha256=digest) | Q(lifted__sha256=digest)).first():
        return same
    inside = _digests_of_beginnings(content, set(annexes.values_list("size", flat=True)))
    return next(
        (
            one
            for one in annexes.filter(sha256__in=inside.values())
            if inside[one.size] == one.sha256
        ),
        None,
    )


def _annex_finding(
    content: bytes, digest: str, annex: SealedAnnex, claimed: Report | None
) -> Finding:
    """The verdict on a sealed annex: the very bytes, by the very certificate."""
    report = annex.annex.report
    lifted = getattr(annex, "lifted", None)
    is_same = digest in (annex.sha256, lifted and lifted.sha256)
    judge = verify if is_same else confined.judge
    found = judge(content, trust_roots=trust_roots(), expected=None, crls=revocation_lists())
    reasons = [reason for reason in found.reasons if reason != NOT_IN_REGISTER]
    if not is_same:
        reasons.append("Tệp không trùng khớp với phụ lục đã phát hành.")
    if claimed is not None and claimed != report:
        reasons.append("Phụ lục này là của văn bản khác.")
    return Finding(_of_the_agency(found, reasons), report, digest, annex=annex)


def _of_the_agency(found: Verdict, reasons: list[str]) -> Verdict:
    """The verdict on a file that carries the agency's signature alone."""
    signatures = tuple(replace(one, role="Cơ quan") for one in found.signatures)
    outcome = Outcome.FORGED if reasons else Outcome.GENUINE
    return Verdict(not reasons, tuple(reasons), signatures, found.test_certificate, outcome)


def _copy_of(digest: str) -> Copy | None:
    """The electronic copy one of whose files has this digest."""
    sealed = Copy.objects.sealed().with_names().select_related("lifted")
    return sealed.filter(Q(sha256=digest) | Q(lifted__sha256=digest)).first()


def _copy_finding(content: bytes, digest: str, copy: Copy) -> Finding:
    """The verdict on an electronic copy that this agency made; these are its very bytes."""
    found = verify(content, trust_roots=trust_roots(), expected=None, crls=revocation_lists())
    reasons = [reason for reason in found.reasons if reason != NOT_IN_REGISTER]
    return Finding(_of_the_agency(found, reasons), None, digest, copy=copy)


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
    digests = _digests_of_beginnings(content, set(files.values_list("size", flat=True)))
    for file in files.filter(sha256__in=digests.values()):
        if digests[file.size] == file.sha256:
            return file.rendering.report
    return None


def _digests_of_beginnings(content: bytes, lengths: set[int]) -> dict[int, str]:
    """The digest of the first bytes, for each of these lengths; the bytes are read once."""
    digests, running, done = {}, hashlib.sha256(), 0
    for length in sorted(lengths):
        running.update(content[done:length])
        digests[length], done = running.hexdigest(), length
    return digests
