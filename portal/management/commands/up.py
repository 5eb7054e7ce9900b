"""Run the whole portal on this machine: servers, data and processes. Ctrl-C stops it all."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.embedded import EmbeddedServerFailed, Servers, embedded_servers
from portal.embedded import children as processes

MANAGE = settings.BASE_DIR / "manage.py"
LOCAL = "127.0.0.1"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FORK = multiprocessing.get_context("fork")


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCAL, port))
        except OSError:
            return False
    return True


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=None, help="cổng của trang web")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("`up` chạy bản minh hoạ: đặt PORTAL_DEMO=1, hoặc dùng `make run`.")
        port = self._port(options["port"])
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        settings.DEMO_MARK.touch()
        stopping = threading.Event()
        for number in ENDING:
            signal.signal(number, lambda *_: stopping.set())
        try:
            self._run(port, stopping)
        except CommandError:
            if not stopping.is_set():  # else it failed because it was cut short
                raise
        self.stdout.write("Đã dừng.")

    def _run(self, port: int, stopping: threading.Event) -> None:
        with contextlib.ExitStack() as stack:
            servers = self._start_servers(stack)
            if self._prepared(stopping):
                running = self._start_processes(stack, port)
                if self._wait_for_web(port, running, stopping):
                    self._announce(port)
                    self._watch(servers, running, stopping)
            self.stdout.write("Đang dừng…")

    def _port(self, wanted: int | None) -> int:
        """The wanted port, or from 8000 the first free one."""
        given = wanted or int(os.environ.get("PORT") or 0)
        if given:
            if not port_is_free(given):
                raise CommandError(f"Cổng {given} đang bận. Chọn cổng khác: make run PORT=8080")
            return given
        return next(port for port in range(8000, 8100) if port_is_free(port))

    def _start_servers(self, stack: contextlib.ExitStack) -> Servers | None:
        if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
            self.stdout.write("Dùng máy chủ dữ liệu đã cho trong DATABASE_URL và REDIS_URL.")
            return None
        self.stdout.write("Khởi động PostgreSQL và Redis…")
        try:
            return stack.enter_context(embedded_servers(settings.EMBEDDED))
        except (EmbeddedServerFailed, PermissionError) as failed:
            raise CommandError(str(failed)) from None

    def _prepared(self, stopping: threading.Event) -> bool:
        """Prepare in a process beside, which ends at once when we are told to stop.

        The database rolls back what it had not finished; the next start goes on from there.
        """
        if stopping.is_set():
            return False
        connections.close_all()
        self.stdout.flush()
        child = FORK.Process(target=self._prepare_beside)
        child.start()
        while child.is_alive() and not stopping.is_set():
            child.join(0.05)
        if stopping.is_set():
            assert child.pid  # noqa: S101 - it was started
            processes.end_session(child.pid)
            child.join()
            return False
        if child.exitcode:
            raise CommandError("Chưa chuẩn bị được dữ liệu; lý do ở các dòng trên.")
        return True

    def _prepare_beside(self) -> None:
        """In the process beside: a session of its own, which Ctrl-C does not reach."""
        os.setsid()
        processes.end_with_parent()
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        self._prepare_data()

    def _prepare_data(self) -> None:
        self.stdout.write("Cập nhật cơ sở dữ liệu…")
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        call_command("load_demo", stdout=self.stdout)
        if not (settings.STATIC_ROOT / "staticfiles.json").exists() or _static_is_old():
            self.stdout.write("Chuẩn bị tệp giao diện…")
            call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()

    def _start_processes(
        self, stack: contextlib.ExitStack, port: int
    ) -> dict[str, subprocess.Popen[bytes]]:
        commands = {
            "web": ["web", f"--port={port}", f"--host={LOCAL}"],
            "worker": ["worker"],
            "beat": ["beat"],
        }
        running: dict[str, subprocess.Popen[bytes]] = {}
        # gunicorn ends on SIGTERM with grace, as celery does
        for name, arguments in commands.items():
            running[name] = _start(name, arguments)
        stack.callback(lambda: _stop_all(running))
        return running

    def _wait_for_web(
        self, port: int, running: dict[str, subprocess.Popen[bytes]], stopping: threading.Event
    ) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not stopping.is_set():
            if running["web"].poll() is not None:
                break
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"http://{LOCAL}:{port}/suc-khoe", timeout=2).close()
                return True
            time.sleep(0.1)
        if not stopping.is_set():
            self.stderr.write(
                f"Trang web không khởi động được. Xem {settings.VAR_DIR / 'web.log'}."
            )
        return False

    def _announce(self, port: int) -> None:
        from portal.accounts.demo import PASSWORD, accounts

        self.stdout.write(f"\n  Cổng đã sẵn sàng: http://localhost:{port}\n")
        self.stdout.write(f"  Tài khoản minh hoạ (mật khẩu chung: {PASSWORD})\n")
        for account in accounts():
            self.stdout.write(f"    {account.username:<18} {account.label}")
        self.stdout.write("\n  Dừng: Ctrl-C\n")

    def _watch(
        self,
        servers: Servers | None,
        running: dict[str, subprocess.Popen[bytes]],
        stopping: threading.Event,
    ) -> None:
        """Start again what ended by itself, not faster than once a second."""
        while not stopping.wait(1):
            self._keep(servers)
            for name, child in list(running.items()):
                if child.poll() is not None:
                    self.stderr.write(f"{name} đã dừng (mã {child.returncode}); chạy lại.")
                    arguments = [name] if name != "web" else list(child.args[3:])  # type: ignore[index]
                    running[name] = _start(name, [str(part) for part in arguments])

    def _keep(self, servers: Servers | None) -> None:
        try:
            for name in servers.start_ended() if servers else []:
                self.stderr.write(f"{name} đã dừng; đã chạy lại.")
        except EmbeddedServerFailed as failed:  # tried again a second later
            self.stderr.write(str(failed))


def _start(name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
    return processes.start(
        [sys.executable, MANAGE, "start", *arguments],
        log=Path(settings.VAR_DIR) / f"{name}.log",
        cwd=settings.BASE_DIR,
    )


def _stop_all(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in running.values():
        if child.poll() is None:
            child.terminate()
    for child in running.values():
        processes.stop(child, patience=8)


def _static_is_old() -> bool:
    """True when a source of static files is newer than the collected manifest."""
    made = (settings.STATIC_ROOT / "staticfiles.json").stat().st_mtime
    sources = [settings.BASE_DIR / "static", settings.BASE_DIR / "package-lock.json"]
    newest = max(
        path.stat().st_mtime
        for source in sources
        for path in ([source, *source.rglob("*")] if source.is_dir() else [source])
    )
    return newest > made
