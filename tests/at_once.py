"""Several people, or workers, in the same moment."""

from __future__ import annotations

import threading

from django.db import connection


def together(*works):
    """Run all at once, each with a connection of its own; what each gave or raised."""
    results, barrier = [None] * len(works), threading.Barrier(len(works))

    def run(index, work):
        try:
            barrier.wait(10)
            results[index] = work()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
