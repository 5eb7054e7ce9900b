"""Django's own command, with the executor of portal.migrating."""

from __future__ import annotations

from typing import Any
from unittest import mock

from django.core.management.commands import migrate

from portal.migrating import Executor


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with mock.patch.object(migrate, "MigrationExecutor", Executor):
            super().handle(*args, **options)
