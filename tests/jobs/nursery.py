"""Forks workers of the test database on demand, each in a moment: run as a process.

Reads upload ids from stdin, one a line; answers with the pid of a worker that reads that upload and
takes it over, as a Celery worker would, and leaves.
"""

import os
import signal
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings_test"

import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["JOB_TEST_DATABASE"]
settings.MEDIA_ROOT = os.environ["JOB_TEST_MEDIA"]
settings.CELERY_BROKER_URL = "redis+socket:///nowhere"
django.setup()

from django.db import connections  # noqa: E402

from portal.collection import tasks  # noqa: E402, F401 - declares the jobs
from portal.collection.models import Upload  # noqa: E402
from portal.collection.services.taking import COMMIT_JOB, ask_takeover  # noqa: E402
from portal.jobs import services  # noqa: E402
from portal.jobs.models import Job  # noqa: E402

services.ring = lambda job_id: None


def work(upload_id: int) -> None:
    for job in Job.objects.open().filter(name="read_upload", subject_id=upload_id):
        services.run(job.pk)
    upload = Upload.objects.select_related("submission", "uploaded_by").get(pk=upload_id)
    if upload.is_accepted:
        takeover = ask_takeover(submission=upload.submission, by=upload.uploaded_by)
        services.run(Job.objects.open().get(name=COMMIT_JOB, subject_id=takeover.pk).pk)


signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    connections.close_all()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        try:
            work(int(line))
        finally:
            connections.close_all()
            os._exit(0)
    print(child, flush=True)
