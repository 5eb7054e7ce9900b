"""The two signatures: made here with a key file, or elsewhere with the office's own token.

A signature is made without holding any lock, then stored under one; whoever comes second finds the
first and leaves no trace. Passphrases are passed through and kept nowhere.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localtime
from django.views.decorators.debug import sensitive_variables

from reports import signing
from reports.models import (
    Certificate,
    Report,
    ReportFile,
    Signature,
    SignerRole,
    Standing,
    Status,
)
from reports.signing import AGENCY_FIELD, LEADER_FIELD, SigningRefused

from .annexes import ReadyAnnex, check_sealed_here, keep_annexes, sealed_annexes
from .authority import check_authority, signing_day
from .certificates import authority_of, candidates, certificate_for, trust_roots
from .opening import OpenedKey, opened_key, revocation_services
from .refusals import NotNow, ReportRefusal
from .rendering import keep_file, rendering_of
from .trail import at_step, locked, need, write_down

if TYPE_CHECKING:
    from portal.accounts.models import User


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


@dataclass(frozen=True, slots=True)
class Made:
    """A signed file about to be stored, and what is known of its new signature."""

    content: bytes
    level: str
    standing: str
    file_level: str
    is_take_away: bool = False


@sensitive_variables("passphrase")
def sign(*, report: Report, by: User, passphrase: str, now: datetime.datetime) -> Signature:
    """The leader signs with key file or token; signing twice returns the first signature.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority
        NoCertificate, NoKeyHere, NoMark, FileMissing
        SigningRefused: wrong passphrase or PIN, a certificate that is expired, revoked, another's.
    """
    return _sign_here(ACTS[SignerRole.LEADER], report, by, passphrase, now)


@sensitive_variables("passphrase")
def seal(*, report: Report, by: User, passphrase: str, now: datetime.datetime) -> Signature:
    """The records clerk puts the agency's signature on the numbered file. Raises as `sign`."""
    return _sign_here(ACTS[SignerRole.AGENCY], report, by, passphrase, now)


def file_to_take_away(*, report: Report, role: str, by: User, now: datetime.datetime) -> ReportFile:
    """The file to be signed elsewhere.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority, FileMissing
        AnnexesNeedKeyHere: the agency's seal of a report with annexes in files of their own.
    """
    act = ACTS[SignerRole(role)]
    _check_may_sign(act, report, by, now)
    if report.status != act.before:
        raise NotNow
    if act.role == SignerRole.AGENCY:
        check_sealed_here(report)
    return _file_to_sign(act, report)


def take_back(
    *, report: Report, role: str, by: User, uploaded: bytes, now: datetime.datetime
) -> Signature:
    """Take the file signed elsewhere, if it is the same file with the right signature and no more.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority, NoCertificate, FileMissing
        AnnexesNeedKeyHere: as `file_to_take_away`.
        SigningRefused: another file, no signature, a wrong one, or anything else changed.
    """
    act = ACTS[SignerRole(role)]
    _check_may_sign(act, report, by, now)
    if made := _made_already(act, report):
        return made
    if report.status != act.before:
        raise NotNow
    if act.role == SignerRole.AGENCY:
        check_sealed_here(report)
    prepared = _file_to_sign(act, report).content()
    certificate = _certificate_used(act, report, prepared, uploaded, now)
    made_elsewhere = _described(act, report, uploaded)
    return _store(act, report, certificate, made_elsewhere, by=by, now=now)


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


@sensitive_variables("passphrase")
def _sign_here(
    act: Act, report: Report, by: User, passphrase: str, now: datetime.datetime
) -> Signature:
    if made := ready(act, report, by, now):
        return made
    certificate = certificate_for(report, act.role, now)
    check_signable(act, report)
    with opened_key(certificate, passphrase) as tool:
        return sign_with(act, report, tool, by=by, now=now)


def ready(act: Act, report: Report, by: User, now: datetime.datetime) -> Signature | None:
    """The signature when there is one already; None when it may be made now.

    Raises:
        NotAllowed, NotNow, NotTheSignatory, NoAuthority
    """
    _check_may_sign(act, report, by, now)
    if made := _made_already(act, report):
        return made
    if report.status != act.before:
        raise NotNow
    return None


def check_signable(act: Act, report: Report) -> None:
    """Raise FileMissing before a key is opened for nothing."""
    stage = ReportFile.Stage.PREPARED if act.role == SignerRole.LEADER else ReportFile.Stage.SIGNED
    file = ReportFile.objects.filter(rendering=report.rendering_id, stage=stage).first()
    if file is None or not file.is_there:
        raise FileMissing


def sign_with(
    act: Act, report: Report, tool: OpenedKey, *, by: User, now: datetime.datetime
) -> Signature:
    """Make and store the signature with a key that is open."""
    make = signing.signed_by_leader if act.role == SignerRole.LEADER else signing.sealed_by_agency
    signed = make(
        _file_to_sign(act, report).content(),
        key=tool.key,
        authority=tool.authority,
        mark=tool.mark,
        now=localtime(now),
        timestamper=tool.stamps,
    )
    level = signing.STAMPED if signed.is_stamped else signing.BASIC
    made = Made(signed.pdf, level, signed.check.standing, level)
    annexes: list[ReadyAnnex] = []
    if act.role == SignerRole.AGENCY:
        made = _provable(report, tool, signed, now)
        annexes = sealed_annexes(report, tool, now=now)
    with transaction.atomic():
        signature = _store(act, report, tool.certificate, made, by=by, now=now)
        if signature.file.sha256 == hashlib.sha256(made.content).hexdigest():
            keep_annexes(annexes, tool, by=by, now=now)
    return signature


def _provable(
    report: Report, tool: OpenedKey, signed: signing.Signed, now: datetime.datetime
) -> Made:
    """The sealed file with its revocation data, where both signatures are stamped and the
    issuers answer (B-LT); else the file as it is, of the level of its weaker signature.
    """
    level = signing.STAMPED if signed.is_stamped else signing.BASIC
    leaders = rendering_of(report).signatures.get(role=SignerRole.LEADER).level
    lowest, pdf = signing.weakest([leaders, level]), signed.pdf
    if lowest != signing.BASIC:
        try:
            pdf = signing.add_revocation_data(
                pdf,
                trust_roots=tool.authority.trust_roots,
                data=signed.check.data,
                now=now,
                online=tool.authority.online,
            )
        except signing.NotLifted:
            pass
        else:
            level = lowest = signing.PROVABLE
    return Made(pdf, level, signed.check.standing, lowest)


def _described(act: Act, report: Report, uploaded: bytes) -> Made:
    """What the check says of a signature that was made elsewhere."""
    verdict = signing.verify(uploaded, trust_roots=trust_roots(), expected=None)
    level, standing = verdict.signatures[-1].level, verdict.signatures[-1].standing
    levels = [found.level for found in verdict.signatures]
    return Made(uploaded, level, standing, signing.weakest(levels), is_take_away=True)


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


@transaction.atomic
def _store(
    act: Act,
    report: Report,
    certificate: Certificate,
    signed: Made,
    *,
    by: User,
    now: datetime.datetime,
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
        file=keep_file(rendering, act.makes, signed.content, level=signed.file_level),
        certificate=certificate,
        made_by=by,
        signer_name=certificate.subject,
        signed_at=now,
        level=signed.level,
        standing=signed.standing,
        is_take_away=signed.is_take_away,
    )
    report.status = act.after
    report.save(update_fields=["status"])
    note = ". ".join(_notes(signature))
    write_down(report, f"signed_by_{act.role}", act.what, who=by, at=now, note=note)
    return signature


def _notes(signature: Signature) -> list[str]:
    """What the trail says of the signature: where it was made, its level, what could not be had."""
    notes = ["Ký ở ngoài rồi tải lên"] if signature.is_take_away else []
    notes.append(f"Mức chữ ký {signature.level}")
    if signature.level == signing.BASIC:
        notes.append("Chưa có dấu thời gian")
    if signature.standing != Standing.GOOD:
        notes.append("Tình trạng thu hồi của chứng thư chưa kiểm tra được với nơi cấp")
    return notes
