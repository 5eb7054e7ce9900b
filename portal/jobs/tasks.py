"""The two messages of the broker. Both are doorbells; losing one loses nothing."""

from celery import shared_task

from . import services


@shared_task(name="portal.jobs.run")
def run(job_id: int) -> None:
    services.run(job_id)


@shared_task(name="portal.jobs.sweep")
def sweep() -> None:
    services.sweep()
