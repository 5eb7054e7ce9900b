"""`manage.py up` for real: everything starts, answers, and nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings

from portal.embedded import Place, embedded_servers

pytestmark = [pytest.mark.slow, pytest.mark.machine]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_of(place: Place) -> list[str]:
    """Command lines of living processes that belong to a place: by environment or argument."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes()
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
        if str(place.root).encode() in environment + command and int(entry.name) != os.getpid():
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


@pytest.fixture
def start_up(tmp_path):
    """Start the supervisor in a folder of its own; killed at the end if it still lives."""
    started: list[subprocess.Popen[str]] = []

    def start(name: str, port: int, **environment: str) -> subprocess.Popen[str]:
        inherited = {
            key: value
            for key, value in os.environ.items()
            if key not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "TEST_RUN")
        }
        child = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=settings.BASE_DIR,
            env=inherited
            | {"PORTAL_DEMO": "1", "PORTAL_VAR": str(tmp_path / name), "PORT": str(port)}
            | environment,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait(timeout=10)
        if child.stdout:
            child.stdout.close()


def announced(child: subprocess.Popen[str], *, seconds: float) -> str:
    """What the supervisor printed until the portal is ready."""
    deadline, words = time.monotonic() + seconds, ""
    assert child.stdout
    while time.monotonic() < deadline:
        line = child.stdout.readline()
        words += line
        if "Dừng: Ctrl-C" in line:
            return words
        if not line and child.poll() is not None:
            break
    raise AssertionError(f"not ready within {seconds} s: {words}")


def page(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.read().decode()


def gone(place: Place, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not processes_of(place):
            return True
        time.sleep(0.1)
    return False


def test_two_clones_run_at_once_start_again_in_a_third_of_the_time_and_leave_no_process(
    start_up, tmp_path
):
    first_port, second_port = free_port(), free_port()
    began = time.monotonic()
    first, second = start_up("first", first_port), start_up("second", second_port)
    words = announced(first, seconds=170)
    took = time.monotonic() - began
    announced(second, seconds=170)
    for role in ("Cán bộ huyện, xã", "Chuyên viên", "Lãnh đạo", "Văn thư", "Quản trị"):
        assert role in words
    assert "Đăng nhập" in page(first_port, "/")
    assert "Đăng nhập" in page(second_port, "/")

    first.send_signal(signal.SIGINT)
    assert first.wait(timeout=40) == 0
    assert gone(Place(tmp_path / "first"), seconds=5), processes_of(Place(tmp_path / "first"))
    assert "Đăng nhập" in page(second_port, "/")  # the other clone goes on

    began = time.monotonic()
    again = start_up("first", first_port)
    announced(again, seconds=60)
    assert time.monotonic() - began < took / 3

    again.kill()  # not even kill -9 of the supervisor leaves servers behind
    second.send_signal(signal.SIGTERM)
    second.wait(timeout=40)
    for name in ("first", "second"):
        assert gone(Place(tmp_path / name), seconds=20), processes_of(Place(tmp_path / name))


def test_a_busy_port_is_said_plainly(start_up):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        child = start_up("busy", holder.getsockname()[1])
        words, _ = child.communicate(timeout=60)
    assert child.returncode != 0
    assert "đang bận" in words
    assert "Traceback" not in words


def test_up_is_the_demo_and_production_refuses_demo_data(start_up, tmp_path):
    child = start_up("production", free_port(), PORTAL_DEMO="0")
    words, _ = child.communicate(timeout=60)
    assert child.returncode != 0
    assert "make run" in words


def test_a_second_command_in_a_clone_uses_the_servers_that_run(tmp_path):
    place = Place(tmp_path / "var")
    with embedded_servers(place, durable=False):
        before = len(processes_of(place))
        with embedded_servers(place, durable=False):
            assert len(processes_of(place)) == before
        assert len(processes_of(place)) == before
    assert gone(place, seconds=5)


def test_a_server_that_was_killed_comes_back_with_its_data(tmp_path):
    place = Place(tmp_path / "var")
    with embedded_servers(place) as servers:
        with contextlib.closing(psycopg2.connect(place.database_url)) as line, line.cursor() as ask:
            ask.execute("CREATE TABLE kept AS SELECT 7 AS number")
            line.commit()
        assert servers.start_ended() == []
        for child in servers.running.values():
            child.kill()
            child.wait(timeout=10)
        assert servers.start_ended() == ["PostgreSQL", "Redis"]
        with contextlib.closing(psycopg2.connect(place.database_url)) as line, line.cursor() as ask:
            ask.execute("SELECT number FROM kept")
            assert ask.fetchone() == (7,)
        with contextlib.closing(redis.Redis(unix_socket_path=str(place.redis_socket))) as broker:
            assert broker.ping()
    assert gone(place, seconds=5)


@pytest.mark.parametrize(
    ("words", "later", "told"),
    [
        ("Khởi động PostgreSQL", 0.0, signal.SIGTERM),
        ("Cập nhật cơ sở dữ liệu", 3.0, signal.SIGINT),
        ("Cập nhật cơ sở dữ liệu", 0.5, signal.SIGTERM),
    ],
)
def test_told_to_stop_while_it_prepares_it_stops_within_two_seconds_and_leaves_no_process(
    start_up, tmp_path, words, later, told
):
    child = start_up("stopped", free_port())
    for line in child.stdout:
        if words in line:
            break
    time.sleep(later)
    began = time.monotonic()
    os.killpg(child.pid, told)  # as Ctrl-C in a terminal: the whole group hears it
    said, _ = child.communicate(timeout=20)
    took = time.monotonic() - began
    assert child.returncode == 0, said
    assert "Đã dừng." in said
    assert "Traceback" not in said
    assert processes_of(Place(tmp_path / "stopped")) == []
    if words.startswith("Cập nhật"):  # making the cluster itself is let to end
        assert took < 2, took
    else:
        assert took < 6, took
