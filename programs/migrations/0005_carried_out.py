"""What is carried over into the next year is a total of its own: the plan of a year stays."""

from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION programs_capital_plan_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above programs_capitalplan;
    job programs_works;
    same programs_capitalplan;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        same := NEW;
        IF pg_trigger_depth() > 1 THEN
            same.received := OLD.received;
            same.passed_on := OLD.passed_on;
            same.disbursed := OLD.disbursed;
            same.carried_out := OLD.carried_out;
        END IF;
        IF same IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'Dòng vốn đã lập không đổi được; hãy ghi thay đổi vốn.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.received, NEW.passed_on, NEW.disbursed, NEW.carried_out) <> (0, 0, 0, 0) THEN
        RAISE EXCEPTION 'Dòng vốn mới bắt đầu từ số 0.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capital_plan_begins_empty';
    END IF;
    IF NOT EXISTS (SELECT FROM programs_component c
                   WHERE c.id = NEW.component_id AND c.programme_id = NEW.programme_id)
       OR NOT (NEW.phase_id IS NULL OR EXISTS (
           SELECT FROM programs_phase p
           WHERE p.id = NEW.phase_id AND p.programme_id = NEW.programme_id)) THEN
        RAISE EXCEPTION 'Dự án hoặc giai đoạn thuộc chương trình khác.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capital_plan_of_one_programme';
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        SELECT * INTO above FROM programs_capitalplan WHERE id = NEW.parent_id;
        IF (above.programme_id, above.source_id, above.kind, above.year, above.phase_id)
           IS DISTINCT FROM
           (NEW.programme_id, NEW.source_id, NEW.kind, NEW.year, NEW.phase_id) THEN
            RAISE EXCEPTION 'Dòng vốn phải cùng chương trình, năm, nguồn, loại với dòng cấp trên.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'capital_plan_like_its_parent';
        END IF;
        IF NOT EXISTS (
            SELECT FROM programs_component c
            LEFT JOIN programs_component up ON up.id = c.parent_id
            WHERE c.id = NEW.component_id
              AND above.component_id IN (c.id, c.parent_id, up.parent_id)) THEN
            RAISE EXCEPTION 'Dự án của dòng vốn không thuộc dự án của dòng cấp trên.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'capital_plan_within_component';
        END IF;
    END IF;
    IF NEW.works_id IS NOT NULL THEN
        SELECT * INTO job FROM programs_works WHERE id = NEW.works_id;
        IF job.component_id <> NEW.component_id THEN
            RAISE EXCEPTION 'Công trình % thuộc dự án khác.', job.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'capital_plan_of_its_component';
        END IF;
    END IF;
    NEW.area_id := CASE WHEN NEW.holder IN ('district', 'commune')
                        THEN coalesce(above.area_id, NEW.unit_id) ELSE above.area_id END;
    NEW.investor_id := CASE WHEN NEW.holder = 'works' THEN job.investor_id
                            WHEN NEW.holder = 'investor' THEN NEW.organisation_id
                            ELSE above.investor_id END;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION programs_capital_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entered bigint[];
    lines bigint[];
    wrong record;
BEGIN
    SELECT array_agg(DISTINCT plan_id) INTO entered FROM fresh;
    IF entered IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(DISTINCT id) INTO lines FROM (
        SELECT unnest(entered) AS id
        UNION SELECT p.parent_id FROM fresh f JOIN programs_capitalplan p ON p.id = f.plan_id
        WHERE p.parent_id IS NOT NULL) touched;
    PERFORM 1 FROM programs_capitalplan WHERE id = ANY(lines) ORDER BY id FOR NO KEY UPDATE;

    SELECT f.what, p.parent_id INTO wrong FROM fresh f
    JOIN programs_capitalplan p ON p.id = f.plan_id
    WHERE (f.what = 'assigned') <> (p.parent_id IS NULL) AND f.what IN ('assigned', 'allocated');
    IF FOUND THEN
        RAISE EXCEPTION 'Vốn giao ghi ở dòng cao nhất, vốn phân bổ ghi ở dòng có cấp trên.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capital_change_at_its_place';
    END IF;
    SELECT f.day, d.date INTO wrong FROM fresh f
    JOIN documents_document d ON d.id = f.document_id WHERE f.day < d.date;
    IF FOUND THEN
        RAISE EXCEPTION 'Thay đổi vốn ngày % trước ngày % của quyết định.',
            to_char(wrong.day, 'DD/MM/YYYY'), to_char(wrong.date, 'DD/MM/YYYY')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capital_after_decision';
    END IF;
    PERFORM FROM fresh f
    LEFT JOIN programs_capitalchange o ON o.id = f.counterpart_id
    LEFT JOIN programs_capitalplan a ON a.id = o.plan_id
    JOIN programs_capitalplan b ON b.id = f.plan_id
    WHERE f.what = 'carried_in'
      AND (o.what IS DISTINCT FROM 'carried_out' OR o.amount <> -f.amount OR o.day > f.day
           OR (a.source_id, a.kind, a.component_id, a.holder, a.unit_id, a.organisation_id,
               a.works_id)
              IS DISTINCT FROM
              (b.source_id, b.kind, b.component_id, b.holder, b.unit_id, b.organisation_id,
               b.works_id)
           OR a.year IS NULL OR b.year IS NULL OR a.year >= b.year);
    IF FOUND THEN
        RAISE EXCEPTION 'Vốn nhận chuyển nguồn phải bằng số chuyển đi của cùng dòng vốn năm trước.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capital_carried_whole';
    END IF;

    UPDATE programs_capitalplan p
    SET received = p.received + s.given, carried_out = p.carried_out - s.gone
    FROM (SELECT plan_id,
                 coalesce(sum(amount) FILTER (WHERE what <> 'carried_out'), 0) AS given,
                 coalesce(sum(amount) FILTER (WHERE what = 'carried_out'), 0) AS gone
          FROM fresh GROUP BY plan_id) s
    WHERE p.id = s.plan_id;
    UPDATE programs_capitalplan p SET passed_on = p.passed_on + s.amount
    FROM (SELECT below.parent_id, sum(f.amount) AS amount
          FROM fresh f JOIN programs_capitalplan below ON below.id = f.plan_id
          WHERE f.what IN ('allocated', 'adjusted') AND below.parent_id IS NOT NULL
          GROUP BY below.parent_id) s
    WHERE p.id = s.parent_id;
    PERFORM programs_refuse_shortage(lines, false, entered);
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0004_ledger")]
    operations = [
        migrations.AddField(
            model_name="capitalplan",
            name="carried_out",
            field=models.DecimalField(
                verbose_name="đã chuyển nguồn sang năm sau",
                max_digits=15,
                decimal_places=3,
                default=0,
                editable=False,
            ),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
