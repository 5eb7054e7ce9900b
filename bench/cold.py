"""One report in a process that did nothing before, with no more imported than that needs."""

from __future__ import annotations

import datetime

from reports.rendering import render_pdf

from .texts import text

if __name__ == "__main__":
    now = datetime.datetime(2023, 11, 6, 9, 30, tzinfo=datetime.UTC)
    render_pdf(text(0), evidence={}, title="Báo cáo", now=now, blanks=True)
