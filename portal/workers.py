"""Gunicorn's settings in Python: what a worker of the web does before its first request."""

from __future__ import annotations

import gc
import sys
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver

SWITCH_SECONDS = 0.0005


def post_worker_init(worker: Any) -> None:
    """Gunicorn calls this in each worker once the application is there."""
    make_ready()


def make_ready() -> None:
    """Load all pages, and leave what is loaded out of every later look for garbage.

    Looking through half a million objects that never go away takes a tenth of a second each time.
    A page that computes gives way to the other threads sooner than Python does by itself: whoever
    only fetches rows would wait 5 ms behind it for each answer of the database.
    """
    _ = get_resolver().url_patterns
    load_templates()
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)


def load_templates() -> None:
    """Take every template of the portal apart once: else the first readers of each page wait."""
    folder = settings.BASE_DIR / "templates"
    for path in folder.rglob("*.html"):
        get_template(path.relative_to(folder).as_posix())
