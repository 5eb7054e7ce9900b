"""What a worker of the web does before its first request."""

from __future__ import annotations

import gc
import sys

from django.template import engines
from django.urls import get_resolver

from portal import workers
from portal.management.commands.start import web


def test_a_worker_has_every_page_ready_and_looks_for_garbage_among_what_is_new():
    before = sys.getswitchinterval()
    gc.unfreeze()
    try:
        workers.post_worker_init(None)
        assert gc.get_freeze_count() > 10_000
        assert "url_patterns" in vars(get_resolver())
        assert sys.getswitchinterval() < before
        (loader,) = engines["django"].engine.template_loaders
        assert "ethnic_data/explorer.html" in loader.get_template_cache
    finally:
        gc.unfreeze()
        sys.setswitchinterval(before)


def test_the_web_server_reads_these_settings():
    assert "--config=python:portal.workers" in web(8000, "127.0.0.1")
