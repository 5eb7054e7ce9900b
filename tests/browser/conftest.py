"""A portal with its demo province, a worker, and Debian's Chromium in front of it.

The province is loaded once for the package; its tests look at what they find and leave it to the
next. The database is emptied at the end, as every test does that commits.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import override_settings
from django.test.testcases import LiveServerThread
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from ethnic_data.demo import load_demo
from portal.jobs import services as jobs
from portal.jobs.models import Job
from reports import sample
from reports.demo import make_keys

from .people import Visitor

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "Chromium is not on this machine, and the browser tests do not pass by skipping. "
    "`make test` installs it where it may; else: apt-get install chromium"
)


class StaticFiles(StaticFilesHandler):
    """Kept by the browser as in production, so that a page asks for itself only."""

    def serve(self, request: HttpRequest) -> HttpResponseBase:
        response = super().serve(request)
        response.headers["Cache-Control"] = "max-age=3600"
        return response


class Worker(threading.Thread):
    """Does waiting jobs as they come, as a Celery worker of the portal would."""

    def __init__(self) -> None:
        super().__init__(name="worker", daemon=True)
        self._end = threading.Event()

    def run(self) -> None:
        try:
            while not self._end.is_set():
                job = Job.objects.claimable().order_by("pk").first()
                if job is None:
                    self._end.wait(0.1)
                else:
                    jobs.run(job.pk)
        finally:
            connections.close_all()

    def end(self) -> None:
        self._end.set()
        self.join(timeout=30)


@pytest.fixture(scope="package")
def province(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """The demo as it stands in the morning: Sơn Động has not yet sent Biểu 05 of the last year."""
    home = tmp_path_factory.mktemp("portal")
    folders = override_settings(MEDIA_ROOT=home / "media", SIGNING_DIR=home / "signing")
    with folders, django_db_blocker.unblock():
        cache.clear()
        call_command("load_reference", verbosity=0)
        now = timezone.now()
        load_demo(now=now, with_agency=True)
        make_keys(now=now)
        sample.load(now=now)
        yield
        call_command("flush", verbosity=0, interactive=False)
        cache.clear()


@pytest.fixture(autouse=True)
def media_in_a_folder_of_its_own(province):
    """The province's files stay for the package, other than in the rest of the suite."""


@pytest.fixture
def _django_db_helper(province):
    """In place of pytest-django's, which would empty the database between these tests."""


@pytest.fixture
def portal(province, monkeypatch) -> Iterator[str]:
    """The portal's address, with a worker behind it."""
    # the browser's driver keeps a loop running in this thread; Django would refuse to ask the
    # database for that reason alone
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    server, worker = LiveServerThread("127.0.0.1", StaticFiles), Worker()
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    worker.start()
    yield f"http://127.0.0.1:{server.port}"
    worker.end()
    server.terminate()


@pytest.fixture
def chromium(portal) -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
        # the test's own questions went through a connection of the driver's loop
        connections.close_all()


@pytest.fixture
def arrive(chromium, portal) -> Iterator[Callable[..., Visitor]]:
    """`arrive("chuyenvien")` signs in; `arrive()` stays a visitor. No page may have had faults."""
    here: list[Visitor] = []

    def come(username: str = "", **how: bool) -> Visitor:
        visitor = Visitor.arrive(chromium, portal, **how)
        here.append(visitor)
        return visitor.sign_in(username) if username else visitor

    yield come
    faults = [fault for visitor in here for fault in visitor.faults]
    failed = list(Job.objects.filter(state=Job.State.FAILED).values_list("name", "error"))
    for visitor in here:
        visitor.leave()
    assert not faults, "\n".join(faults)
    assert not failed, failed
