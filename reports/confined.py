"""Strangers' PDF files are looked at in a process of their own, with little memory and time.

A crafted file can make any PDF library run for minutes or eat gigabytes; then the child dies and
the file is simply not genuine. `python -m reports.confined` is that child; it knows no database.
"""

from __future__ import annotations

import base64
import datetime
import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from asn1crypto import x509

from reports.signing import (
    AnnexFacts,
    IssuedFacts,
    Outcome,
    Owner,
    SignatureVerdict,
    UnfitAnnex,
    Verdict,
    read_annex,
    verify,
)

MEMORY_BYTES = 2 * 2**30
CPU_SECONDS = 20
WALL_SECONDS = 40

_ROOT = Path(__file__).resolve().parents[1]
_DIED = (subprocess.SubprocessError, ValueError, OSError)
_NOT_READ = "Tệp PDF bị hỏng hoặc quá phức tạp nên không kiểm tra được."


def judge(
    content: bytes,
    *,
    trust_roots: tuple[x509.Certificate, ...],
    expected: IssuedFacts | None,
    crls: tuple[bytes, ...] = (),
) -> Verdict:
    """As signing.verify, in a child process; a child that dies means "not genuine"."""
    try:
        found = _told_by_child(_as_json(trust_roots, expected, crls), content)
    except _DIED:
        return Verdict(False, (_NOT_READ,), (), False, Outcome.UNREADABLE)
    return Verdict(
        genuine=found["genuine"],
        reasons=tuple(found["reasons"]),
        signatures=tuple(SignatureVerdict(**row) for row in found["signatures"]),
        test_certificate=found["test_certificate"],
        outcome=Outcome(found["outcome"]),
    )


def annex_facts(content: bytes) -> AnnexFacts:
    """As signing.read_annex, in a child process; raises UnfitAnnex, also when the child dies."""
    try:
        found = _told_by_child({"annex": True}, content)
    except _DIED:
        raise UnfitAnnex("tệp bị hỏng hoặc quá phức tạp") from None
    if why := found.get("why"):
        raise UnfitAnnex(why)
    return AnnexFacts(**found)


def _told_by_child(head: dict[str, Any], content: bytes) -> dict[str, Any]:
    told = json.dumps(head).encode()
    child = subprocess.run(
        [sys.executable, "-m", "reports.confined"],
        input=len(told).to_bytes(8, "big") + told + content,
        capture_output=True,
        timeout=WALL_SECONDS,
        cwd=_ROOT,
        check=True,
    )
    found: dict[str, Any] = json.loads(child.stdout)
    return found


def _as_json(
    trust_roots: tuple[x509.Certificate, ...],
    expected: IssuedFacts | None,
    crls: tuple[bytes, ...],
) -> dict[str, Any]:
    facts = expected and {
        "number": expected.number,
        "issued_on": expected.issued_on.isoformat(),
        "sha256s": sorted(expected.sha256s),
        "leader": expected.leader.fingerprint,
        "agency": expected.agency.fingerprint,
    }
    return {
        "roots": [base64.b64encode(root.dump()).decode() for root in trust_roots],
        "crls": [base64.b64encode(crl).decode() for crl in crls],
        "expected": facts,
    }


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    told = sys.stdin.buffer
    asked = json.loads(told.read(int.from_bytes(told.read(8), "big")))
    answer = _annex_read if asked.get("annex") else _judged
    sys.stdout.write(json.dumps(answer(asked, told.read())))


def _annex_read(asked: dict[str, Any], content: bytes) -> dict[str, Any]:
    try:
        return asdict(read_annex(content))
    except UnfitAnnex as refusal:
        return {"why": refusal.why}


def _judged(asked: dict[str, Any], content: bytes) -> dict[str, Any]:
    facts = asked["expected"]
    expected = facts and IssuedFacts(
        number=facts["number"],
        issued_on=datetime.date.fromisoformat(facts["issued_on"]),
        sha256s=frozenset(facts["sha256s"]),
        leader=Owner(fingerprint=facts["leader"]),
        agency=Owner(fingerprint=facts["agency"]),
    )
    verdict = verify(
        content,
        trust_roots=[x509.Certificate.load(base64.b64decode(root)) for root in asked["roots"]],
        expected=expected,
        crls=[base64.b64decode(crl) for crl in asked["crls"]],
    )
    return asdict(verdict)


if __name__ == "__main__":
    main()
