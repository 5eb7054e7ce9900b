"""Signatures made elsewhere, with the office's own tool and token: the file out, the same back."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from reports import signing
from reports.models import (
    Certificate,
    Report,
    ReportFile,
    Signature,
    SignerRole,
)
from reports.signing import SigningRefused

from .annexes import check_sealed_here
from .certificates import authority_of, candidates, certificate_for, trust_roots
from .opening import revocation_services
from .refusals import NotNow, ReportRefusal

if TYPE_CHECKING:
    from portal.accounts.models import User

from .acts import ACTS, Act, Made, check_may_sign, file_to_sign, made_already, store


class NotCertificateOf(ReportRefusal):
    message = (
        "Tệp tải lên không được ký bằng chứng thư đã đăng ký cho báo cáo này. Hãy ký lại bằng đúng "
        "chứng thư."
    )


def file_to_take_away(*, report: Report, role: str, by: User, now: datetime.datetime) -> ReportFile:
    """The file to be signed elsewhere.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority, FileMissing
        AnnexesNeedKeyHere: the agency's seal of a report with annexes in files of their own.
    """
    act = ACTS[SignerRole(role)]
    check_may_sign(act, report, by, now)
    if report.status != act.before:
        raise NotNow
    if act.role == SignerRole.AGENCY:
        check_sealed_here(report)
    return file_to_sign(act, report)


def take_back(
    *, report: Report, role: str, by: User, uploaded: bytes, now: datetime.datetime
) -> Signature:
    """Take the file signed elsewhere, if it is the same file with the right signature and no more;
    the same once more changes nothing.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority, NoCertificate, FileMissing
        AnnexesNeedKeyHere: as `file_to_take_away`.
        SigningRefused: another file, no signature, a wrong one, or anything else changed.
    """
    act = ACTS[SignerRole(role)]
    check_may_sign(act, report, by, now)
    made = made_already(act, report) or _taken(act, report, uploaded, by=by, now=now)
    if made.file.sha256 != hashlib.sha256(uploaded).hexdigest():
        raise NotNow
    return made


def _taken(
    act: Act, report: Report, uploaded: bytes, *, by: User, now: datetime.datetime
) -> Signature:
    if report.status != act.before:
        raise NotNow
    if act.role == SignerRole.AGENCY:
        check_sealed_here(report)
    prepared = file_to_sign(act, report).content()
    certificate = _certificate_used(act, report, prepared, uploaded, now)
    made_elsewhere = _described(act, report, uploaded)
    return store(act, report, certificate, made_elsewhere, by=by, now=now)


def _certificate_used(
    act: Act, report: Report, prepared: bytes, uploaded: bytes, now: datetime.datetime
) -> Certificate:
    """The registered certificate that made the signature; the last refusal says why none did."""
    certificate_for(report, act.role, now)
    refusal: SigningRefused | None = None
    online = revocation_services()
    for certificate in candidates(report, act.role):
        try:
            signing.accept_signed(
                prepared,
                uploaded,
                field_name=act.field_name,
                authority=replace(authority_of(certificate), online=online),
                now=now,
            )
        except SigningRefused as found:
            refusal = refusal or found
        else:
            return certificate
    raise refusal or NotCertificateOf


def _described(act: Act, report: Report, uploaded: bytes) -> Made:
    """What the check says of a signature that was made elsewhere."""
    verdict = signing.verify(uploaded, trust_roots=trust_roots(), expected=None)
    level, standing = verdict.signatures[-1].level, verdict.signatures[-1].standing
    levels = [found.level for found in verdict.signatures]
    return Made(uploaded, level, standing, signing.weakest(levels), is_take_away=True)
