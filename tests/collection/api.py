"""A program that speaks to the API with somebody's token."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.services import make_token


class Machine:
    """Calls the API for one user; every answer is JSON."""

    def __init__(self, user: User) -> None:
        self.made = make_token(user=user, name="máy thử", days=30, now=timezone.now())
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, dict]:
        """`body` as an object, or as the very bytes."""
        headers = {"Authorization": f"Bearer {self.made.text}"} | more.pop("headers", {})
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        answer = self.client.generic(
            method,
            f"/api/v1/{path}",
            content,
            content_type=more.pop("content_type", "application/json"),
            headers=headers,
            **more,
        )
        assert answer["Content-Type"] == "application/json", answer.content[:500]
        return answer.status_code, json.loads(answer.content) if answer.content else {}

    def get(self, path: str) -> tuple[int, dict]:
        return self.call("GET", path)

    def put(self, path: str, body: Any) -> tuple[int, dict]:
        return self.call("PUT", path, body)

    def post(self, path: str, body: Any = None) -> tuple[int, dict]:
        return self.call("POST", path, body)
