"""The portal's Celery application with one slow job, on the test database: run as a process."""

import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings_test"

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["JOB_TEST_DATABASE"]
django.setup()

from portal.celery import app  # noqa: E402
from portal.jobs.registry import job  # noqa: E402

queue = os.environ["JOB_TEST_DATABASE"]
app.conf.task_default_queue = queue  # workers of other tests listen elsewhere


@job("slow_mark")
def slow_mark(lease, subject_id):
    from portal.units.models import UnitList

    time.sleep(4)
    with lease.effect():
        UnitList.objects.create(code=f"slow{lease.attempt}", name="slow", decision="thử")


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        app.worker_main(
            [
                "worker",
                "--concurrency=1",
                "--loglevel=ERROR",
                "--without-gossip",
                "--without-mingle",
                f"--hostname=w{os.getpid()}@test",
                f"--queues={queue}",
            ]
        )
    else:
        from celery.apps.beat import Beat

        Beat(app=app, schedule=f"/tmp/beat-{os.getpid()}", loglevel="ERROR", max_interval=1).run()
