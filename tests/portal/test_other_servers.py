"""The same code against a second pair of servers, named by DATABASE_URL and REDIS_URL."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from portal.embedded import Place, embedded_servers

pytestmark = [pytest.mark.slow, pytest.mark.machine]


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE",)}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_the_thread_runs_on_servers_that_are_named(tmp_path):
    place = Place(tmp_path / "elsewhere")
    var = tmp_path / "var"
    with embedded_servers(place, durable=False):
        environment = {
            "DATABASE_URL": place.database_url,
            "REDIS_URL": place.redis_url,
            "PORTAL_DEMO": "1",
            "PORTAL_VAR": str(var),
        }
        walked = run(["demo_report"], environment)
        assert walked.returncode == 0, walked.stdout + walked.stderr
        pdf = var / "demo" / "bao-cao-2289-2023.pdf"
        asked = run(["verify_document", str(pdf)], environment)
        assert asked.returncode == 0, asked.stdout + asked.stderr
        assert json.loads(asked.stdout)["genuine"] is True

        # the same files elsewhere are in nobody's register
        production = environment | {
            "PORTAL_DEMO": "0",
            "DJANGO_SECRET_KEY": "Zq3vT1mW8xLrB5nY7cD2hJ6pF0sGaUeRtQoPiKwMbVdX",
        }
        refused = run(["start", "web"], production)
        assert refused.returncode != 0
        assert "minh hoạ" in refused.stderr
    assert not (var / "postgres").exists()
