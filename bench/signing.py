"""Signing a report of several pages: ours beside bare pyHanko with the same key, in one run.

Ours checks the certificate, draws the mark, certifies or seals; bare pyHanko signs the same field
of the same file with its usual look. Keys are open in both. Medians of processor time.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from reports import signing
from reports.rendering import render_pdf
from reports.rendering.blocks import AgencyHeader, Paragraph, PrintedReport, SignatureBlock, Text
from reports.signing import authority
from reports.signing.keys import pss

PASSPHRASE = "bench"  # noqa: S105 of keys made for the measure
WORDS = "Ban Dân tộc đã triển khai đầy đủ các nội dung được giao theo kế hoạch của tỉnh. " * 8


def measured(times: int) -> dict[str, float]:
    """Milliseconds of processor time a signature: certified, sealed, bare pyHanko."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="bench-ca-") as folder:
        facts = signing.create_test_ca(Path(folder), passphrase=PASSPHRASE, now=now)
        files = {name: Path(folder, name).read_bytes() for name in facts if name.endswith("p12")}
        roots = signing.load_certificates(Path(folder, authority.ROOT_FILE).read_bytes())
    prepared = signing.prepare(
        render_pdf(printed(), evidence={"figures": []}, title="Báo cáo", now=now)
    )
    leader, agency = (
        _given(files[name], facts[name]["fingerprint"], roots, mark, now)
        for name, mark in (
            (authority.LEADER_FILE, signing.demonstration_handwriting()),
            (authority.AGENCY_FILE, signing.demonstration_seal()),
        )
    )
    bare = SimpleSigner.load_pkcs12_data(
        files[authority.LEADER_FILE],
        (),
        passphrase=PASSPHRASE.encode(),
        signature_mechanism=pss(),
    )
    filled = signing.fill_number_and_date(
        signing.certify(prepared, **leader), number=1, issued_on=now.date()
    )
    ways = {
        "certified": lambda: signing.certify(prepared, **leader),
        "sealed": lambda: signing.seal(filled, **agency),
        "bare pyHanko": lambda: _bare(prepared, bare),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(times):
        for name, way in ways.items():
            taken[name].append(_cost(way))
    return {name: statistics.median(found) for name, found in taken.items()}


def _given(data: bytes, fingerprint: str, roots: tuple, mark: signing.Mark, now: datetime) -> dict:
    owner = signing.Owner(fingerprint=fingerprint)
    return {
        "key": signing.open_pkcs12(data, PASSPHRASE),
        "authority": signing.Authority(owner, roots),
        "mark": mark,
        "now": now,
    }


def _bare(pdf: bytes, signer: SimpleSigner) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=signing.LEADER_FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    return PdfSigner(metadata, signer).sign_pdf(writer, existing_fields_only=True).getvalue()


def _cost(way: Callable[[], bytes]) -> float:
    started = time.process_time()
    way()
    return (time.process_time() - started) * 1000


def printed() -> PrintedReport:
    """Five pages of text."""
    return PrintedReport(
        agency=AgencyHeader(
            parent_name="UBND TỈNH BẮC GIANG",
            name="BAN DÂN TỘC",
            place="Bắc Giang",
            symbol="BC-BDT",
        ),
        subject="Kết quả công tác dân tộc",
        blocks=tuple(Paragraph((Text(WORDS),)) for _ in range(20)),
        recipients=("Như trên;", "Lưu: VT."),
        signature=SignatureBlock(title="TRƯỞNG BAN", name="Nhữ Văn Nam"),
        verify_url="http://localhost/xac-thuc/x",
    )


if __name__ == "__main__":
    for name, milliseconds in measured(30).items():
        print(f"{name}: {milliseconds:.1f} ms")
