"""Which function does which job. Apps declare theirs in tasks.py with `@job("name")`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from .lease import Lease

    Work = Callable[[Lease, int], None]

MOST_ATTEMPTS = 5
_works: dict[str, Work] = {}
_attempts: dict[str, int] = {}


class UnknownJob(Exception):
    """No app has declared a job of this name."""


def job(name: str, *, attempts: int = MOST_ATTEMPTS) -> Callable[[Work], Work]:
    """Declare `work(lease, subject_id)` as what the job `name` does.

    The work returns early when nothing is left to do, prepares without touching the database, and
    writes its effect inside `with lease.effect():`, which a second attempt cannot enter twice.
    """

    def declare(work: Work) -> Work:
        _attempts[name] = attempts
        if _works.setdefault(name, work) is not work:
            raise RuntimeError(f"job {name!r} is declared twice")
        return work

    return declare


def most_attempts(name: str) -> int:
    """How often a job is begun before it is given up."""
    if name not in _attempts:
        autodiscover_modules("tasks")
    return _attempts.get(name, MOST_ATTEMPTS)


def work_of(name: str) -> Work:
    """Raises UnknownJob. Outside a worker the apps' tasks are looked for when first needed."""
    if name not in _works:
        autodiscover_modules("tasks")
    try:
        return _works[name]
    except KeyError:
        raise UnknownJob(name) from None
