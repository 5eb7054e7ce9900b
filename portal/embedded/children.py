"""Child processes that end with the process that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(stop_signal: signal.Signals = signal.SIGTERM) -> None:
    """In a child: have the kernel send it `stop_signal` when its parent dies."""
    _libc.prctl(PR_SET_PDEATHSIG, stop_signal)


def start(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    stop_signal: signal.Signals = signal.SIGTERM,
    **options: object,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that Ctrl-C reaches the supervisor alone.

    The kernel sends `stop_signal` to the child when its parent dies, by kill -9 too.
    """

    with contextlib.ExitStack() as stack:
        out = stack.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # noqa: S603
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT if out else None,
            start_new_session=True,
            preexec_fn=lambda: end_with_parent(stop_signal),
            **options,
        )


def stop(
    child: subprocess.Popen[bytes],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    patience: float = 10,
) -> None:
    """Ask `child` to end; after `patience` seconds end its whole session."""
    if child.poll() is None:
        child.send_signal(stop_signal)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=patience)
    end_session(child.pid)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=5)


def end_session(leader: int) -> None:
    """End at once whatever is left of the session that `leader` leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def wait_until(ready: object, *, seconds: float, child: subprocess.Popen[bytes]) -> bool:
    """Poll `ready()` until it is true; give up when the child ends or time runs out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():  # type: ignore[operator]
            return True
        if child.poll() is not None:
            return False
        time.sleep(0.05)
    return False
