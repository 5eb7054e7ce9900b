"""The sample report, rendered, prepared and signed once for the tests that look at it."""

import functools
import hashlib
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from asn1crypto import x509

from reports import signing
from reports.rendering import RenderedReport, render_pdf
from reports.signing import authority
from reports.signing.keys import SigningKey
from tests.reports.printed_sample import sample_report

VIETNAM = timezone(timedelta(hours=7))
SIGNED_AT = datetime(2023, 11, 6, 10, 23, 45, tzinfo=VIETNAM)
SEALED_AT = datetime(2023, 11, 6, 14, 2, 10, tzinfo=VIETNAM)
ISSUED_ON = date(2023, 11, 6)
NUMBER = 124
PASSPHRASE = "mật khẩu thử"
TITLE = "Báo cáo kết quả thực hiện Quyết định số 2289/QĐ-TTg"
EVIDENCE = {"figures": [{"key": "K14", "value": "02", "file": "cntt.xlsx", "cell": "C15"}]}


@functools.cache
def rendered_sample() -> RenderedReport:
    return render_pdf(sample_report(), evidence=EVIDENCE, title=TITLE, now=SIGNED_AT)


@dataclass(frozen=True)
class Authorities:
    """The test authority's folder and what it says of its certificates."""

    folder: Path
    facts: dict[str, Any]

    def key(self, name: str) -> SigningKey:
        return signing.open_pkcs12((self.folder / name).read_bytes(), PASSPHRASE)

    def roots(self, name: str = authority.ROOT_FILE) -> tuple[x509.Certificate, ...]:
        return signing.load_certificates((self.folder / name).read_bytes())

    def owner(self, name: str) -> signing.Owner:
        return signing.Owner(fingerprint=self.facts[name]["fingerprint"])

    def allowing(self, name: str) -> signing.Authority:
        return signing.Authority(self.owner(name), self.roots())


@functools.cache
def authorities() -> Authorities:
    folder = Path(tempfile.mkdtemp(prefix="portal-test-ca-"))
    facts = signing.create_test_ca(folder, passphrase=PASSPHRASE, now=datetime.now(UTC))
    return Authorities(folder, facts)


@functools.cache
def prepared_sample() -> bytes:
    return signing.prepare(rendered_sample())


@functools.cache
def certified_sample() -> bytes:
    return signing.certify(
        prepared_sample(),
        key=authorities().key(authority.LEADER_FILE),
        authority=authorities().allowing(authority.LEADER_FILE),
        mark=signing.demonstration_handwriting(),
        now=SIGNED_AT,
    )


@functools.cache
def filled_sample() -> bytes:
    return signing.fill_number_and_date(certified_sample(), number=NUMBER, issued_on=ISSUED_ON)


@functools.cache
def issued_sample() -> bytes:
    return signing.seal(
        filled_sample(),
        key=authorities().key(authority.AGENCY_FILE),
        authority=authorities().allowing(authority.AGENCY_FILE),
        mark=signing.demonstration_seal(),
        now=SEALED_AT,
    )


def facts_of(pdf: bytes) -> signing.IssuedFacts:
    """What the register would know if this very file had been issued."""
    return signing.IssuedFacts(
        number=NUMBER,
        issued_on=ISSUED_ON,
        sha256s=frozenset({hashlib.sha256(pdf).hexdigest()}),
        leader=authorities().owner(authority.LEADER_FILE),
        agency=authorities().owner(authority.AGENCY_FILE),
    )


def tool(name: str, pdf: bytes, *options: str) -> str:
    """What a tool of poppler-utils (pdftotext, pdfsig, pdffonts, pdfinfo) says of the file."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        ending = ["-"] if name == "pdftotext" else []
        done = subprocess.run(
            [name, *options, file.name, *ending], capture_output=True, text=True, check=False
        )
    return done.stdout
