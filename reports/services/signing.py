"""The two signatures: made here with a key file, or elsewhere with the office's own token.

A signature is made without holding any lock, then stored under one; whoever comes second finds the
first and leaves no trace. Passphrases are passed through and kept nowhere.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localtime

from reports import signing
from reports.models import (
    Certificate,
    Report,
    ReportFile,
    Signature,
    SignerRole,
    Status,
)
from reports.signing import AGENCY_FIELD, LEADER_FIELD, SigningRefused

from .authority import check_authority, signing_day
from .certificates import authority_of, candidates, certificate_for, mark_of, opened_key
from .refusals import NotNow, ReportRefusal
from .rendering import keep_file, rendering_of
from .trail import at_step, locked, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User

LEVEL = "PAdES B-B"


@dataclass(frozen=True, slots=True)
class Act:
    """One of the two signatures: where the report stands before and after, and what is signed."""

    role: str
    permission: str
    before: Status
    after: Status
    signs: str
    makes: str
    field_name: str
    what: str


ACTS = {
    SignerRole.LEADER: Act(
        role=SignerRole.LEADER,
        permission="reports.sign",
        before=Status.TO_SIGN,
        after=Status.SIGNED,
        signs=ReportFile.Stage.PREPARED,
        makes=ReportFile.Stage.SIGNED,
        field_name=LEADER_FIELD,
        what="Đã ký số",
    ),
    SignerRole.AGENCY: Act(
        role=SignerRole.AGENCY,
        permission="reports.number",
        before=Status.NUMBERED,
        after=Status.SEALED,
        signs=ReportFile.Stage.FILLED,
        makes=ReportFile.Stage.SEALED,
        field_name=AGENCY_FIELD,
        what="Đã ký số của cơ quan",
    ),
}


class NotTheSignatory(ReportRefusal):
    def __init__(self, report: Report) -> None:
        super().__init__(f"Báo cáo này do {report.signer_name} ký.")


class FileMissing(ReportRefusal):
    message = "Không còn tệp chờ ký của báo cáo. Hãy trả lại để kết xuất lại."


class NotCertificateOf(ReportRefusal):
    message = (
        "Tệp tải lên không được ký bằng chứng thư đã đăng ký cho báo cáo này. Hãy ký lại bằng đúng "
        "chứng thư."
    )


def sign(*, report: Report, by: User, passphrase: str, now: datetime.datetime) -> Signature:
    """The leader signs with the key file; signing twice returns the first signature.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority
        NoCertificate, NoKeyHere, NoMark, FileMissing
        SigningRefused: wrong passphrase, expired or foreign certificate.
    """
    return _sign_here(ACTS[SignerRole.LEADER], report, by, passphrase, now)


def seal(*, report: Report, by: User, passphrase: str, now: datetime.datetime) -> Signature:
    """The records clerk puts the agency's signature on the numbered file. Raises as `sign`."""
    return _sign_here(ACTS[SignerRole.AGENCY], report, by, passphrase, now)


def file_to_take_away(*, report: Report, role: str, by: User, now: datetime.datetime) -> ReportFile:
    """The file to be signed elsewhere.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority, FileMissing
    """
    act = ACTS[SignerRole(role)]
    _check_may_sign(act, report, by, now)
    if report.status != act.before:
        raise NotNow
    return _file_to_sign(act, report)


def take_back(
    *, report: Report, role: str, by: User, uploaded: bytes, now: datetime.datetime
) -> Signature:
    """Take the file signed elsewhere, if it is the same file with the right signature and no more.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority, NoCertificate, FileMissing
        SigningRefused: another file, no signature, a wrong one, or anything else changed.
    """
    act = ACTS[SignerRole(role)]
    _check_may_sign(act, report, by, now)
    if made := _made_already(act, report):
        return made
    if report.status != act.before:
        raise NotNow
    prepared = _file_to_sign(act, report).content()
    certificate = _certificate_used(act, report, prepared, uploaded, now)
    return _store(act, report, certificate, uploaded, by=by, now=now, is_take_away=True)


@transaction.atomic
def fill_in(*, report: Report) -> ReportFile:
    """Write number and date into the signed file; again returns the file already filled.

    Raises:
        NotNow, FileMissing, SigningRefused
    """
    report = at_step(report, Status.NUMBERED, Status.SEALED, Status.ISSUED)
    rendering = rendering_of(report)
    filled = rendering.files.filter(stage=ReportFile.Stage.FILLED).first()
    if filled is not None:
        return filled
    signed = rendering.files.filter(stage=ReportFile.Stage.SIGNED).first()
    if signed is None or not signed.is_there or report.issue_date is None:
        raise FileMissing
    content = signing.fill_number_and_date(
        signed.content(), number=report.number or "", issued_on=report.issue_date
    )
    return keep_file(rendering, ReportFile.Stage.FILLED, content)


def _sign_here(
    act: Act, report: Report, by: User, passphrase: str, now: datetime.datetime
) -> Signature:
    _check_may_sign(act, report, by, now)
    if made := _made_already(act, report):
        return made
    if report.status != act.before:
        raise NotNow
    certificate = certificate_for(report, act.role, now)
    key = opened_key(certificate, passphrase)
    make = signing.certify if act.role == SignerRole.LEADER else signing.seal
    signed = make(
        _file_to_sign(act, report).content(),
        key=key,
        authority=authority_of(certificate),
        mark=mark_of(certificate),
        now=localtime(now),
    )
    return _store(act, report, certificate, signed, by=by, now=now, is_take_away=False)


def _check_may_sign(act: Act, report: Report, by: User, now: datetime.datetime) -> None:
    """The agency's signature goes by role; a leader's by being the signatory, with authority."""
    if act.role == SignerRole.AGENCY:
        need(by, act.permission)
        return
    if report.signatory_id != by.pk:
        need(by, act.permission)
        raise NotTheSignatory(report)
    check_authority(report, day=signing_day(report, now))


def _made_already(act: Act, report: Report) -> Signature | None:
    """The signature of this act in the report's present file, when somebody was faster."""
    report.refresh_from_db()
    if report.rendering_id is None:
        return None
    return Signature.objects.filter(rendering=report.rendering_id, role=act.role).first()


def _file_to_sign(act: Act, report: Report) -> ReportFile:
    if act.role == SignerRole.AGENCY:
        return fill_in(report=report)
    file = ReportFile.objects.filter(rendering=report.rendering_id, stage=act.signs).first()
    if file is None or not file.is_there:
        raise FileMissing
    return file


def _certificate_used(
    act: Act, report: Report, prepared: bytes, uploaded: bytes, now: datetime.datetime
) -> Certificate:
    """The registered certificate that made the signature; the last refusal says why none did."""
    certificate_for(report, act.role, now)
    refusal: SigningRefused | None = None
    for certificate in candidates(report, act.role):
        try:
            signing.accept_signed(
                prepared,
                uploaded,
                field_name=act.field_name,
                authority=authority_of(certificate),
                now=now,
            )
        except SigningRefused as found:
            refusal = refusal or found
        else:
            return certificate
    raise refusal or NotCertificateOf


@transaction.atomic
def _store(
    act: Act,
    report: Report,
    certificate: Certificate,
    signed: bytes,
    *,
    by: User,
    now: datetime.datetime,
    is_take_away: bool,
) -> Signature:
    """Keep file and signature and move the report on; a second attempt gets the first one's."""
    rendering_id = report.rendering_id
    report = locked(report)
    made = Signature.objects.filter(rendering=report.rendering_id, role=act.role).first()
    if made is not None:
        return made
    if report.status != act.before or report.rendering_id != rendering_id:
        raise NotNow
    rendering = rendering_of(report)
    signature = Signature.objects.create(
        rendering=rendering,
        role=act.role,
        file=keep_file(rendering, act.makes, signed),
        certificate=certificate,
        made_by=by,
        signer_name=certificate.subject,
        signed_at=now,
        level=LEVEL,
        is_take_away=is_take_away,
    )
    report.status = act.after
    report.save(update_fields=["status"])
    note = "Ký ở ngoài rồi tải lên" if is_take_away else ""
    write_down(report, f"signed_by_{act.role}", act.what, who=by, at=now, note=note)
    return signature
