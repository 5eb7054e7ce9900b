"""Settings from the environment."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow


def read(name, **environment):
    """What a setting is in a process of its own with this environment."""
    return subprocess.run(
        [sys.executable, "-c", f"from portal import settings; print(settings.{name})"],
        env=os.environ | {"PORTAL_DEMO": "1"} | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_letters_go_to_the_mail_server_that_is_named_and_wait_for_it_only_so_long():
    named = {"EMAIL_HOST": "thu.example.vn"}
    assert "smtp" in read("EMAIL_BACKEND", **named).stdout
    assert read("EMAIL_TIMEOUT", **named).stdout.strip() == "15.0"
    assert "filebased" in read("EMAIL_BACKEND").stdout


def test_a_mail_server_is_spoken_to_in_one_way():
    both = read("EMAIL_HOST", EMAIL_USE_TLS="1", EMAIL_USE_SSL="1")
    assert "chỉ đặt một trong hai" in both.stderr
