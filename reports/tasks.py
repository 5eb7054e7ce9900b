"""Long work on reports."""

from __future__ import annotations

from portal.jobs.lease import Lease
from portal.jobs.registry import job

from . import services
from .models import Rendering
from .services import printing


@job("render_report")
def render_report(lease: Lease, rendering_id: int) -> None:
    """Lay a report out for signing; what the report itself hinders is kept as the reason."""
    rendering = Rendering.objects.select_related("report").get(pk=rendering_id)
    if rendering.state != Rendering.State.WAITING:
        return
    lease.say("Đang dàn trang")
    now = rendering.requested_at
    try:
        rendered = services.lay_out(rendering.report, now=now)
        prepared = services.prepare_file(rendered)
    except services.NOT_PRINTABLE as problem:
        with lease.effect():
            services.refuse_rendering(rendering=rendering, problem=str(problem), now=now)
        return
    with lease.effect():
        services.store_rendering(rendering=rendering, rendered=rendered, prepared=prepared, now=now)


@job("send_issued_report")
def send_issued_report(lease: Lease, report_id: int) -> None:
    """E-mail an issued report to the recipients that have an address and have not had it yet."""
    services.deliver(report_id=report_id, lease=lease)


@job("print_book")
def print_book(lease: Lease, prepared_id: int) -> None:
    """Draw one of the clerk's books for whoever asked."""
    printing.draw(prepared_id=prepared_id, lease=lease)
