"""A limit on the time that a worker spends on keeping one file, its statements included."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from django.db import OperationalError, connection
from psycopg2.errors import QueryCanceled

from portal.collection.workbooks.patience import within
from portal.collection.workbooks.source import Unreadable


@contextlib.contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Raises `Unreadable` ("too_slow") inside the block when the time is over.

    A statement that is running then is cancelled: Python alone would wait for its end.
    """
    connection.ensure_connection()
    timer = threading.Timer(max(seconds, 0.1), connection.connection.cancel)
    timer.daemon = True
    timer.start()
    try:
        with within(seconds):
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise Unreadable("too_slow") from error
        raise
    except QueryCanceled as error:  # of COPY, which Django does not see
        raise Unreadable("too_slow") from error
    finally:
        timer.cancel()
