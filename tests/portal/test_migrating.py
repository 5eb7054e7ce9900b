"""The database that the quicker migrations made is the one that the models describe."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations import operations as made

from portal.migrating import touches_one_model

MODELS = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


@pytest.fixture(scope="module")
def described(django_db_setup, django_db_blocker):
    """What stands in the catalogue: columns, indexes and checks, foreign keys, by table."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        return {
            model: (
                {
                    row.name: row.null_ok
                    for row in connection.introspection.get_table_description(
                        cursor, model._meta.db_table
                    )
                },
                connection.introspection.get_constraints(cursor, model._meta.db_table),
            )
            for model in MODELS
        }


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_table_has_what_its_model_says_and_nothing_else(model, described):
    columns, constraints = described[model]
    fields = [field for field in model._meta.local_concrete_fields if field.column]
    # PostgreSQL does not hold what it computes itself to be there
    assert columns == {field.column: field.null or field.generated for field in fields}
    named = {one.name for one in [*model._meta.constraints, *model._meta.indexes]}
    assert named <= set(constraints)
    keys = {
        row["columns"][0]: row["foreign_key"] for row in constraints.values() if row["foreign_key"]
    }
    assert keys == {
        field.column: (field.related_model._meta.db_table, field.target_field.column)
        for field in fields
        if field.is_relation and field.db_constraint
    }
    unique = {tuple(row["columns"]) for row in constraints.values() if row["unique"]}
    assert {(field.column,) for field in fields if field.unique} <= unique


def test_what_a_foreign_key_may_point_to_is_altered_with_everything_rendered():
    plain = models.CharField(max_length=9)
    link = models.ForeignKey("units.AdministrativeUnit", models.CASCADE)
    assert touches_one_model(
        [
            made.CreateModel("One", [("name", plain)]),
            made.AddField("one", "unit", link),
            made.AlterField("one", "name", plain),
            made.RunSQL("SELECT 1"),
        ]
    )
    for one in (
        made.AlterField("one", "unit", link),
        made.AlterField("one", "name", models.CharField(max_length=9, unique=True)),
        made.RemoveField("one", "name"),
        made.RenameField("one", "name", "title"),
        made.DeleteModel("One"),
    ):
        assert not touches_one_model([one])
