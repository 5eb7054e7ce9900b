"""Migrations on an empty database in seconds.

After every operation Django renders anew each model that can be reached from the one it touched.
Here nearly all are linked with each other, so that 600 operations render some 40 000 models: 45 of
the 50 seconds (of processor time) in which an empty database gets its tables. What only adds to a
model needs that model and the ones it points to. Migrations that alter or remove what others may
point to begin with everything rendered, and are carried out as Django does it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any
from unittest import mock

from django.contrib.postgres.operations import CreateExtension
from django.db.migrations import operations as made
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, get_related_models_tuples

#: What other models need not be looked at for. RunPython has everything rendered by itself.
_OF_ONE_MODEL = (
    made.AddConstraint,
    made.AddField,
    made.AddIndex,
    made.AlterModelOptions,
    made.CreateModel,
    made.RemoveConstraint,
    made.RemoveIndex,
    made.RunPython,
    made.RunSQL,
    CreateExtension,
)


def touches_one_model(operations: Iterable[Operation]) -> bool:
    """Whether each of the operations leaves alone whatever a foreign key may point to."""
    return all(
        isinstance(one, _OF_ONE_MODEL)
        or (isinstance(one, made.AlterField) and _is_plain(one.field))
        for one in operations
    )


def _is_plain(field: Any) -> bool:
    return not (field.is_relation or field.unique)


def _reload_one(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
    """In place of ProjectState.reload_model: the model itself and those linked with it directly."""
    if "apps" not in state.__dict__:  # not rendered at all so far
        return
    state.is_delayed = True  # RunPython and whoever comes after will render everything
    found = {(app_label, model_name)}
    with contextlib.suppress(LookupError):
        found |= get_related_models_tuples(state.apps.get_model(app_label, model_name))
    state._reload(found)  # type: ignore[attr-defined]


@contextlib.contextmanager
def _one_model_at_a_time() -> Iterator[None]:
    with mock.patch.object(ProjectState, "reload_model", _reload_one):
        yield


class Executor(MigrationExecutor):
    """Renders everything once for a migration that needs it, else only what it touches."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, *args: Any, **options: Any
    ) -> ProjectState:
        if touches_one_model(migration.operations):
            with _one_model_at_a_time():
                return super().apply_migration(state, migration, *args, **options)
        state.clear_delayed_apps_cache()
        state.apps  # noqa: B018 - renders everything
        return super().apply_migration(state, migration, *args, **options)
