"""Why a file cannot be read. The codes are turned into sentences by `source`."""

from __future__ import annotations


class Problem(Exception):
    """`code` names the kind of problem, `facts` what a sentence about it may quote."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
