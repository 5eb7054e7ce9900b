"""The money of each yearly line by month, kept in step with its entries.

The triggers of the ledger (0004) run first: `kept_by_month` comes after `capital_changed` and
`disbursed` in the alphabet, and they hold the lines of the entries, so that two entries of a line
never add to its months at one moment.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION programs_slot(day date, year integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT least(greatest(1 + (extract(year FROM day)::integer - year) * 12
                          + extract(month FROM day)::integer, 1), 15)
$$;

CREATE FUNCTION programs_added(a bigint[], b bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(x + y ORDER BY place) FROM unnest(a, b) WITH ORDINALITY AS u(x, y, place)
$$;

-- what entries say of every yearly line, slot by slot
CREATE VIEW programs_moved AS
    SELECT c.plan_id, programs_slot(c.day, p.year) AS slot,
           (c.amount * 1000)::bigint AS held, 0::bigint AS paid
    FROM programs_capitalchange c JOIN programs_capitalplan p ON p.id = c.plan_id
    WHERE p.year IS NOT NULL AND c.what <> 'carried_out'
    UNION ALL
    SELECT p.parent_id, programs_slot(c.day, p.year), -(c.amount * 1000)::bigint, 0
    FROM programs_capitalchange c JOIN programs_capitalplan p ON p.id = c.plan_id
    WHERE p.year IS NOT NULL AND p.parent_id IS NOT NULL AND c.what IN ('allocated', 'adjusted')
    UNION ALL
    SELECT d.plan_id, programs_slot(d.day, p.year), 0, (d.amount * 1000)::bigint
    FROM programs_disbursement d JOIN programs_capitalplan p ON p.id = d.plan_id
    WHERE p.year IS NOT NULL;

CREATE FUNCTION programs_changes_by_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO programs_capitalbymonth AS kept (plan_id, held, paid)
    SELECT plan_id,
           array_agg(held ORDER BY slot), array_fill(0::bigint, ARRAY[15])
    FROM (SELECT line.plan_id, s.slot, coalesce(sum(m.held), 0)::bigint AS held
          FROM (SELECT DISTINCT plan_id FROM (
                    SELECT f.plan_id FROM fresh f
                    UNION ALL
                    SELECT p.parent_id FROM fresh f JOIN programs_capitalplan p ON p.id = f.plan_id
                    WHERE p.parent_id IS NOT NULL AND f.what IN ('allocated', 'adjusted')) touched
                ) line
          JOIN programs_capitalplan of ON of.id = line.plan_id AND of.year IS NOT NULL
          CROSS JOIN generate_series(1, 15) AS s(slot)
          LEFT JOIN (
                SELECT f.plan_id, programs_slot(f.day, p.year) AS slot,
                       (f.amount * 1000)::bigint AS held
                FROM fresh f JOIN programs_capitalplan p ON p.id = f.plan_id
                WHERE f.what <> 'carried_out' AND p.year IS NOT NULL
                UNION ALL
                SELECT p.parent_id, programs_slot(f.day, p.year), -(f.amount * 1000)::bigint
                FROM fresh f JOIN programs_capitalplan p ON p.id = f.plan_id
                WHERE p.parent_id IS NOT NULL AND f.what IN ('allocated', 'adjusted')
                  AND p.year IS NOT NULL
          ) m ON m.plan_id = line.plan_id AND m.slot = s.slot
          GROUP BY line.plan_id, s.slot) moved
    GROUP BY plan_id ORDER BY plan_id
    ON CONFLICT (plan_id) DO UPDATE SET held = programs_added(kept.held, excluded.held);
    RETURN NULL;
END $$;
CREATE TRIGGER kept_by_month AFTER INSERT ON programs_capitalchange
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION programs_changes_by_month();

CREATE FUNCTION programs_payments_by_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO programs_capitalbymonth AS kept (plan_id, held, paid)
    SELECT plan_id, array_fill(0::bigint, ARRAY[15]), array_agg(paid ORDER BY slot)
    FROM (SELECT line.plan_id, s.slot, coalesce(sum(m.paid), 0)::bigint AS paid
          FROM (SELECT DISTINCT plan_id FROM fresh) line
          JOIN programs_capitalplan of ON of.id = line.plan_id AND of.year IS NOT NULL
          CROSS JOIN generate_series(1, 15) AS s(slot)
          LEFT JOIN (
                SELECT f.plan_id, programs_slot(f.day, p.year) AS slot,
                       (f.amount * 1000)::bigint AS paid
                FROM fresh f JOIN programs_capitalplan p ON p.id = f.plan_id
                WHERE p.year IS NOT NULL
          ) m ON m.plan_id = line.plan_id AND m.slot = s.slot
          GROUP BY line.plan_id, s.slot) moved
    GROUP BY plan_id ORDER BY plan_id
    ON CONFLICT (plan_id) DO UPDATE SET paid = programs_added(kept.paid, excluded.paid);
    RETURN NULL;
END $$;
CREATE TRIGGER kept_by_month AFTER INSERT ON programs_disbursement
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION programs_payments_by_month();

-- written by the triggers alone
CREATE FUNCTION programs_months_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        RAISE EXCEPTION 'Vốn theo tháng do cơ sở dữ liệu tự tính, không sửa được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION programs_months_recomputed()
RETURNS TABLE (plan_id bigint, held bigint[], paid bigint[]) LANGUAGE sql STABLE AS $$
    SELECT m.plan_id, array_agg(m.held ORDER BY m.slot), array_agg(m.paid ORDER BY m.slot)
    FROM (SELECT line.plan_id, s.slot, coalesce(sum(e.held), 0)::bigint AS held,
                 coalesce(sum(e.paid), 0)::bigint AS paid
          FROM (SELECT DISTINCT plan_id FROM programs_moved) line
          CROSS JOIN generate_series(1, 15) AS s(slot)
          LEFT JOIN programs_moved e ON e.plan_id = line.plan_id AND e.slot = s.slot
          GROUP BY line.plan_id, s.slot) m
    GROUP BY m.plan_id
$$;

CREATE FUNCTION programs_months_astray() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(kept.plan_id, told.plan_id)
    FROM programs_capitalbymonth kept
    FULL JOIN programs_months_recomputed() told ON told.plan_id = kept.plan_id
    WHERE (kept.held, kept.paid) IS DISTINCT FROM (told.held, told.paid)
      AND NOT (told.plan_id IS NULL
               AND kept.held || kept.paid = array_fill(0::bigint, ARRAY[30]))
$$;

INSERT INTO programs_capitalbymonth (plan_id, held, paid)
SELECT plan_id, held, paid FROM programs_months_recomputed();

CREATE TRIGGER months_guard BEFORE INSERT OR UPDATE ON programs_capitalbymonth
FOR EACH ROW EXECUTE FUNCTION programs_months_guard();
"""

BACKWARD = """
DROP TRIGGER months_guard ON programs_capitalbymonth;
DROP FUNCTION programs_months_guard();
DROP FUNCTION programs_months_astray();
DROP FUNCTION programs_months_recomputed();
DROP TRIGGER kept_by_month ON programs_disbursement;
DROP FUNCTION programs_payments_by_month();
DROP TRIGGER kept_by_month ON programs_capitalchange;
DROP FUNCTION programs_changes_by_month();
DROP VIEW programs_moved;
DROP FUNCTION programs_added(bigint[], bigint[]);
DROP FUNCTION programs_slot(date, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0008_reporting_and_oversight")]
    operations = [
        migrations.CreateModel(
            name="CapitalByMonth",
            fields=[
                (
                    "plan",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="by_month",
                        serialize=False,
                        to="programs.capitalplan",
                    ),
                ),
                (
                    "held",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), editable=False, size=15
                    ),
                ),
                (
                    "paid",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), editable=False, size=15
                    ),
                ),
            ],
            options={"verbose_name": "vốn theo tháng", "verbose_name_plural": "vốn theo tháng"},
        ),
        migrations.AddIndex(
            model_name="capitalchange",
            index=models.Index(fields=["day"], name="capital_change_day"),
        ),
        migrations.AddIndex(
            model_name="disbursement",
            index=models.Index(
                fields=["day"], include=("plan", "amount"), name="disbursement_day"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
