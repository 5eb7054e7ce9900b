"""Who looks at the portal at once: a leader, officers, specialists. A file for locust, which
`bench/load.py` starts; pages and sessions come in the environment.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import Any

from locust import HttpUser, between, task

PLAN: dict[str, Any] = json.loads(os.environ["LOAD_PLAN"])


class _Reader(HttpUser):
    """Opens one of their role's pages, reads it for some seconds, opens another."""

    abstract = True
    wait_time = between(PLAN["least_wait"], PLAN["most_wait"])
    role = ""

    def on_start(self) -> None:
        self.turns = Counter[str]()

    @task
    def read(self) -> None:
        self.look_as(self.role)

    def look_as(self, role: str) -> None:
        """The role's next page."""
        pages = PLAN["pages"][role]
        name, address = pages[self.turns[role] % len(pages)]
        self.turns[role] += 1
        with self.client.get(
            address,
            name=f"{role}: {name}",
            cookies={PLAN["cookie"]: PLAN["sessions"][role]},
            allow_redirects=False,
            catch_response=True,
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


class Anyone(_Reader):
    """One person who looks at what all of them look at, in the same proportion."""

    roles = ("leader", *["officer"] * 3, *["specialist"] * 2)

    @task
    def read(self) -> None:
        self.turns["looks"] += 1
        self.look_as(self.roles[self.turns["looks"] % len(self.roles)])
