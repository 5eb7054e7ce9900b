"""Put reorganisations in force on their day."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.jobs.lease import Lease
from portal.jobs.registry import job

from .models import Reorganisation
from .services import reorganising


@job(reorganising.JOB)
def put_in_force(lease: Lease, reorganisation_id: int) -> None:
    """Harmless when run twice, and when the reorganisation was thrown away."""
    if not Reorganisation.objects.due(timezone.localdate()).filter(pk=reorganisation_id).exists():
        return
    with lease.effect():
        reorganising.put_in_force(reorganisation_id=reorganisation_id)


@shared_task(name="portal.units.put_due_in_force")
def put_due_in_force() -> None:
    reorganising.ask_for_due(today=timezone.localdate())
