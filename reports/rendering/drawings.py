"""The drawings that belong to a report, by the addresses its HTML calls them."""

import base64
import hashlib
from collections.abc import Iterator
from io import BytesIO

import segno

from .blocks import Block, Chart, PrintedReport
from .charts import own_drawing

#: The address of the QR code that leads to the verify page.
QR_ASSET = "asset:verify-qr"


def all_blocks(report: PrintedReport) -> Iterator[Block]:
    """Every block of the report and its annexes, in reading order."""
    yield from report.blocks
    for annex in report.annexes:
        yield from annex.blocks


def assets_of(report: PrintedReport) -> dict[str, str]:
    """Return the SVG of each address; raises RefusedResource or UnfitDrawing."""
    charts = [block for block in all_blocks(report) if isinstance(block, Chart)]
    assets = {chart_asset(chart): own_drawing(chart.svg) for chart in charts}
    if report.verify_url:
        assets[QR_ASSET] = _qr_drawing(report.verify_url)
    return assets


def chart_asset(chart: Chart) -> str:
    """Return the address of this chart's drawing."""
    return f"asset:chart-{hashlib.sha256(chart.svg.encode()).hexdigest()[:24]}"


def data_address(svg: str) -> str:
    """Return the drawing as an address that a browser needs not fetch."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"


def _qr_drawing(url: str) -> str:
    code, drawing = segno.make(url, error="m", micro=False), BytesIO()
    code.save(drawing, kind="svg", border=1, omitsize=True, xmldecl=False)
    return drawing.getvalue().decode()
