"""Become one process of the portal: web, worker or beat, for `up` and docker-compose.yml."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.preflight import StartRefused, refuse_demo_in_production

BIN = Path(sys.executable).parent


def web(port: int, host: str) -> list[str]:
    return [
        str(BIN / "gunicorn"),
        "portal.wsgi:application",
        "--config=python:portal.workers",
        f"--bind={host}:{port}",
        f"--workers={os.environ.get('WEB_WORKERS', '2')}",
        "--threads=4",
        "--worker-class=gthread",
        f"--worker-tmp-dir={settings.EMBEDDED.runtime}"
        if settings.EMBEDDED.runtime.is_dir()
        else "--worker-tmp-dir=/dev/shm",
        "--preload",  # one copy of the code for all workers
        "--timeout=60",
        "--graceful-timeout=5",
        "--max-requests=2000",
        "--max-requests-jitter=200",
        "--access-logfile=-" if os.environ.get("ACCESS_LOG") == "1" else "--log-level=warning",
    ]


def worker() -> list[str]:
    return [
        str(BIN / "celery"),
        "--app=portal",
        "worker",
        f"--concurrency={os.environ.get('WORKER_PROCESSES', '2')}",
        "--max-tasks-per-child=200",
        "--loglevel=WARNING",
        "--without-gossip",
        "--without-mingle",
    ]


def beat() -> list[str]:
    return [
        str(BIN / "celery"),
        "--app=portal",
        "beat",
        "--loglevel=WARNING",
        "--pidfile=",
        f"--schedule={settings.CELERY_BEAT_SCHEDULE_FILENAME}",
        "--max-interval=1",
    ]


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("process", choices=["web", "worker", "beat"])
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            refuse_demo_in_production()
        except StartRefused as refused:
            raise CommandError(str(refused)) from None
        match options["process"]:
            case "web":
                command = web(options["port"], options["host"])
            case "worker":
                command = worker()
            case _:
                command = beat()
        os.execv(command[0], command)  # noqa: S606
