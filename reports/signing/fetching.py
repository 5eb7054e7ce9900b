"""Asking a time stamp or revocation service, with an end to waiting and to reading.

A service that sends one byte a second never trips a socket's own timeout, so a watchdog closes the
connection when the time for the whole question is over.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

_MOST_REDIRECTS = 2
_MOVED = frozenset({301, 302, 303, 307, 308})


class NotReached(Exception):
    """The service gave no usable answer in time."""


def fetch(
    url: str,
    *,
    seconds: float,
    most_bytes: int,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Return the answer's body; a POST when there is a `body`.

    Raises:
        NotReached: no such address, no answer within `seconds`, more than `most_bytes`, no 200.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        try:
            with _connection(url, seconds) as (connection, path):
                connection.request("POST" if body is not None else "GET", path, body, headers or {})
                with connection.getresponse() as answer:
                    moved_to = answer.getheader("Location", "")
                    content = answer.read(most_bytes + 1)
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            raise NotReached from error
        if answer.status in _MOVED and body is None:
            url = urljoin(url, moved_to)
            continue
        if answer.status != 200 or len(content) > most_bytes:
            raise NotReached
        return content
    raise NotReached


@contextlib.contextmanager
def _connection(url: str, seconds: float) -> Iterator[tuple[http.client.HTTPConnection, str]]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError
    place = (parts.hostname, parts.port)
    connection = (
        http.client.HTTPSConnection(*place, timeout=seconds, context=ssl.create_default_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(*place, timeout=seconds)
    )
    connection.connect()
    watchdog = threading.Timer(seconds, _hang_up, [connection.sock])
    watchdog.daemon = True
    watchdog.start()
    try:
        yield connection, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    finally:
        watchdog.cancel()
        connection.close()


def _hang_up(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
