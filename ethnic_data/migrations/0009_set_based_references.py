"""References of observations are held by triggers that look at whole statements.

A foreign key asks the parent table once for each row and each reference: five times 2,5 million
questions for a file of 100 000 rows, two minutes on the committee's machine. Here each statement is
checked once: the distinct ids that it brings must be there, and are locked against deletion as a
foreign key locks them. The other way round a parent that is still named cannot go; that is looked
at when the transaction ends, as Django declares its foreign keys.
"""

import django.db.models.deletion
from django.db import migrations, models


HELD = """
CREATE FUNCTION ethnic_data_refer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lost bigint;
BEGIN
    -- arguments: column, parent table, column, parent table...
    FOR n IN 0 .. TG_NARGS / 2 - 1 LOOP
        EXECUTE format(
            'WITH named AS (SELECT %1$I AS id FROM told WHERE %1$I IS NOT NULL GROUP BY %1$I),
                  held AS (SELECT p.id FROM %2$I p WHERE p.id IN (SELECT id FROM named)
                           FOR KEY SHARE)
             SELECT id FROM named WHERE id NOT IN (SELECT id FROM held) LIMIT 1',
            TG_ARGV[2 * n], TG_ARGV[2 * n + 1]) INTO lost;
        IF lost IS NOT NULL THEN
            RAISE EXCEPTION '% of % names % %, which is not there',
                TG_ARGV[2 * n], TG_TABLE_NAME, TG_ARGV[2 * n + 1], lost
                USING ERRCODE = 'foreign_key_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION ethnic_data_keep_named() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found boolean;
BEGIN
    -- arguments: child table, column, child table, column...
    FOR n IN 0 .. TG_NARGS / 2 - 1 LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1)',
                       TG_ARGV[2 * n], TG_ARGV[2 * n + 1]) INTO found USING OLD.id;
        IF found THEN
            RAISE EXCEPTION '% % is still named by % of %',
                TG_TABLE_NAME, OLD.id, TG_ARGV[2 * n + 1], TG_ARGV[2 * n]
                USING ERRCODE = 'foreign_key_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""
REFERENCES = {
    "ethnic_data_observation": {
        "submission_id": "collection_submission",
        "indicator_id": "ethnic_data_indicator",
        "unit_id": "units_administrativeunit",
        "group_id": "ethnic_data_ethnicgroup",
        "upload_id": "collection_upload",
    },
    "ethnic_data_replacedobservation": {
        "submission_id": "collection_submission",
        "indicator_id": "ethnic_data_indicator",
        "unit_id": "units_administrativeunit",
        "group_id": "ethnic_data_ethnicgroup",
        "upload_id": "collection_upload",
        "source_id": "collection_upload",
    },
}


def triggers() -> str:
    statements, named = [HELD], {}
    for table, parents in REFERENCES.items():
        arguments = ", ".join(f"'{column}', '{parent}'" for column, parent in parents.items())
        for event in ("INSERT", "UPDATE"):
            statements.append(
                f"CREATE TRIGGER refers_{event.lower()} AFTER {event} ON {table}"
                " REFERENCING NEW TABLE AS told FOR EACH STATEMENT"
                f" EXECUTE FUNCTION ethnic_data_refer({arguments});"
            )
        for column, parent in parents.items():
            named.setdefault(parent, []).append(f"'{table}', '{column}'")
    for parent, children in named.items():
        statements.append(
            f"CREATE CONSTRAINT TRIGGER named_by_observations AFTER DELETE OR UPDATE OF id"
            f" ON {parent} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
            f" EXECUTE FUNCTION ethnic_data_keep_named({', '.join(children)});"
        )
    return "\n".join(statements)


def no_triggers() -> str:
    statements = [
        f"DROP TRIGGER refers_{event} ON {table};"
        for table in REFERENCES
        for event in ("insert", "update")
    ]
    parents = {parent for parents in REFERENCES.values() for parent in parents.values()}
    statements += [f"DROP TRIGGER named_by_observations ON {parent};" for parent in parents]
    return "\n".join(
        [
            *statements,
            "DROP FUNCTION ethnic_data_refer();",
            "DROP FUNCTION ethnic_data_keep_named();",
        ]
    )


class Migration(migrations.Migration):

    dependencies = [
        ('collection', '0012_slim_staged_values'),
        ('ethnic_data', '0008_category_locks'),
        ('units', '0003_shares'),
    ]

    operations = [
        migrations.AlterField(
            model_name='observation',
            name='group',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='ethnic_data.ethnicgroup', verbose_name='dân tộc'),
        ),
        migrations.AlterField(
            model_name='observation',
            name='indicator',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='ethnic_data.indicator', verbose_name='chỉ tiêu'),
        ),
        migrations.AlterField(
            model_name='observation',
            name='submission',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='observations', to='collection.submission', verbose_name='bộ số liệu'),
        ),
        migrations.AlterField(
            model_name='observation',
            name='unit',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='units.administrativeunit', verbose_name='đơn vị'),
        ),
        migrations.AlterField(
            model_name='observation',
            name='upload',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='collection.upload', verbose_name='tệp'),
        ),
        migrations.AlterField(
            model_name='replacedobservation',
            name='group',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ethnic_data.ethnicgroup'),
        ),
        migrations.AlterField(
            model_name='replacedobservation',
            name='indicator',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ethnic_data.indicator'),
        ),
        migrations.AlterField(
            model_name='replacedobservation',
            name='source',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.upload'),
        ),
        migrations.AlterField(
            model_name='replacedobservation',
            name='submission',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.submission'),
        ),
        migrations.AlterField(
            model_name='replacedobservation',
            name='unit',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.administrativeunit'),
        ),
        migrations.AlterField(
            model_name='replacedobservation',
            name='upload',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collection.upload'),
        ),
        migrations.RunSQL(triggers(), no_triggers()),
    ]
