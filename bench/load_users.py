"""Who looks at the portal at once: a leader, officers, specialists. A file for locust, which
`bench/load.py` starts; pages and sessions come in the environment.
"""

from __future__ import annotations

import json
import os
from typing import Any

from locust import HttpUser, between, task

PLAN: dict[str, Any] = json.loads(os.environ["LOAD_PLAN"])


class _Reader(HttpUser):
    """Opens one of their role's pages, reads it for some seconds, opens another."""

    abstract = True
    wait_time = between(PLAN["least_wait"], PLAN["most_wait"])
    role = ""

    def on_start(self) -> None:
        self.client.cookies.set(PLAN["cookie"], PLAN["sessions"][self.role])
        self.turn = 0

    @task
    def read(self) -> None:
        pages = PLAN["pages"][self.role]
        name, address = pages[self.turn % len(pages)]
        self.turn += 1
        with self.client.get(
            address, name=f"{self.role}: {name}", allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}")


class Leader(_Reader):
    weight = 1
    role = "leader"


class Officer(_Reader):
    weight = 3
    role = "officer"


class Specialist(_Reader):
    weight = 2
    role = "specialist"
