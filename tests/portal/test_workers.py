"""What a worker of the web does before its first request."""

from __future__ import annotations

import gc

from django.urls import get_resolver

from portal import workers
from portal.management.commands.start import web


def test_a_worker_leaves_what_is_loaded_out_of_looking_for_garbage():
    gc.unfreeze()
    try:
        workers.post_worker_init(None)
        assert gc.get_freeze_count() > 10_000
        assert "url_patterns" in vars(get_resolver())
    finally:
        gc.unfreeze()


def test_the_web_server_reads_these_settings():
    assert "--config=python:portal.workers" in web(8000, "127.0.0.1")
