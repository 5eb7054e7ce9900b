"""The ledger and the history of works, guarded by the database itself.

Rows are only added. A line's totals follow its entries; an entry is refused after which, on any
day, a line would have passed on or paid more than it has. Lines are held in order of their ids
while an entry is weighed, so that entries at one moment see each other.
"""

from django.db import migrations

# what may be said of a line when it would fall short; the detail is the line, the day, how much
FORWARD = """
CREATE FUNCTION programs_amount(amount numeric) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT translate(
        regexp_replace(to_char(amount, 'FM999,999,999,990.999'), '\\.$', ''), ',.', '.,')
$$;

CREATE FUNCTION programs_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER capital_change_only_added BEFORE UPDATE OR DELETE ON programs_capitalchange
FOR EACH ROW EXECUTE FUNCTION
    programs_refuse_change('Thay đổi vốn đã ghi không sửa, không xoá; hãy ghi điều chỉnh.');
CREATE TRIGGER disbursement_only_added BEFORE UPDATE OR DELETE ON programs_disbursement
FOR EACH ROW EXECUTE FUNCTION
    programs_refuse_change('Giải ngân đã ghi không sửa, không xoá; hãy ghi huỷ.');
CREATE TRIGGER works_event_only_added BEFORE UPDATE OR DELETE ON programs_worksevent
FOR EACH ROW EXECUTE FUNCTION
    programs_refuse_change('Diễn biến của công trình không sửa, không xoá.');

-- a line: what it is for is that of the line above, or part of it; area and investor follow
CREATE FUNCTION programs_capital_plan_stands() RETURNS trigger LANGUAGE plpgsql AS $$
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
        END IF;
        IF same IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'Dòng vốn đã lập không đổi được; hãy ghi thay đổi vốn.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.received, NEW.passed_on, NEW.disbursed) <> (0, 0, 0) THEN
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
CREATE TRIGGER capital_plan_stands BEFORE INSERT OR UPDATE ON programs_capitalplan
FOR EACH ROW EXECUTE FUNCTION programs_capital_plan_stands();

-- every day on which something happened to these lines, with what is left at its end
CREATE FUNCTION programs_capital_days(lines bigint[])
RETURNS TABLE (plan_id bigint, day date, received numeric, available numeric)
LANGUAGE sql STABLE AS $$
    WITH moves AS (
        SELECT c.plan_id, c.day, c.amount, c.amount AS got
        FROM programs_capitalchange c WHERE c.plan_id = ANY(lines)
        UNION ALL
        SELECT p.parent_id, c.day, -c.amount, 0
        FROM programs_capitalplan p JOIN programs_capitalchange c ON c.plan_id = p.id
        WHERE p.parent_id = ANY(lines) AND c.what IN ('allocated', 'adjusted')
        UNION ALL
        SELECT d.plan_id, d.day, -d.amount, 0
        FROM programs_disbursement d WHERE d.plan_id = ANY(lines)
    )
    SELECT m.plan_id, m.day,
           sum(sum(m.got)) OVER through, sum(sum(m.amount)) OVER through
    FROM moves m GROUP BY m.plan_id, m.day
    WINDOW through AS (PARTITION BY m.plan_id ORDER BY m.day)
$$;

CREATE FUNCTION programs_refuse_shortage(lines bigint[], paid boolean, entered bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    short record;
    told text;
    rule text;
BEGIN
    SELECT d.* INTO short FROM programs_capital_days(lines) d
    WHERE d.available < 0 ORDER BY d.plan_id, d.day LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF paid AND short.received <= 0 THEN
        rule := 'disbursement_after_decision';
        told := format('Ngày %s dòng vốn chưa được giao vốn theo quyết định nào.',
                       to_char(short.day, 'DD/MM/YYYY'));
    ELSIF paid THEN
        rule := 'disbursement_within_balance';
        told := format('Ngày %s giải ngân vượt số vốn còn lại %s triệu đồng.',
                       to_char(short.day, 'DD/MM/YYYY'), programs_amount(-short.available));
    ELSIF short.plan_id = ANY(entered) THEN
        rule := 'capital_covers_use';
        told := format('Ngày %s dòng vốn đã phân bổ, giải ngân nhiều hơn số còn lại %s triệu đồng.',
                       to_char(short.day, 'DD/MM/YYYY'), programs_amount(-short.available));
    ELSE
        rule := 'capital_within_parent';
        told := format('Ngày %s phân bổ vượt số vốn của dòng cấp trên %s triệu đồng.',
                       to_char(short.day, 'DD/MM/YYYY'), programs_amount(-short.available));
    END IF;
    RAISE EXCEPTION '%', told USING ERRCODE = 'check_violation', CONSTRAINT = rule,
        DETAIL = json_build_object('plan', short.plan_id, 'day', short.day,
                                   'short', -short.available)::text;
END $$;

CREATE FUNCTION programs_capital_changed() RETURNS trigger LANGUAGE plpgsql AS $$
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

    UPDATE programs_capitalplan p SET received = p.received + s.amount
    FROM (SELECT plan_id, sum(amount) AS amount FROM fresh GROUP BY plan_id) s
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
CREATE TRIGGER capital_changed AFTER INSERT ON programs_capitalchange
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION programs_capital_changed();

CREATE FUNCTION programs_disbursed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines bigint[];
    wrong record;
BEGIN
    SELECT array_agg(DISTINCT plan_id) INTO lines FROM fresh;
    IF lines IS NULL THEN
        RETURN NULL;
    END IF;
    -- closing a month holds the programme: both wait for each other
    PERFORM 1 FROM programs_programme WHERE id IN (
        SELECT programme_id FROM programs_capitalplan WHERE id = ANY(lines)
    ) ORDER BY id FOR KEY SHARE;
    PERFORM 1 FROM programs_capitalplan WHERE id = ANY(lines) ORDER BY id FOR NO KEY UPDATE;

    SELECT c.month INTO wrong FROM fresh f JOIN programs_capitalplan p ON p.id = f.plan_id
    JOIN programs_closedmonth c ON c.programme_id = p.programme_id AND c.month = f.month
    WHERE c.reopened_at IS NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'Tháng % đã khoá sổ, không ghi thêm giải ngân.',
            to_char(wrong.month, 'MM/YYYY')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_month_open';
    END IF;
    SELECT p.year, f.day INTO wrong FROM fresh f JOIN programs_capitalplan p ON p.id = f.plan_id
    WHERE p.year IS NULL
       OR f.day NOT BETWEEN make_date(p.year, 1, 1) AND make_date(p.year + 1, 1, 31);
    IF FOUND THEN
        RAISE EXCEPTION
            'Vốn năm % chỉ giải ngân từ 01/01/% đến 31/01/%.', wrong.year, wrong.year,
            wrong.year + 1
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_in_its_year';
    END IF;
    PERFORM FROM fresh f JOIN programs_disbursement o ON o.id = f.reverses_id
    WHERE o.plan_id <> f.plan_id OR o.amount <> -f.amount OR o.reverses_id IS NOT NULL
       OR f.day < o.day;
    IF FOUND THEN
        RAISE EXCEPTION 'Dòng huỷ phải bằng số đã giải ngân, cùng dòng vốn và không trước ngày đó.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_reversed_whole';
    END IF;

    UPDATE programs_capitalplan p SET disbursed = p.disbursed + s.amount
    FROM (SELECT plan_id, sum(amount) AS amount FROM fresh GROUP BY plan_id) s
    WHERE p.id = s.plan_id;
    PERFORM programs_refuse_shortage(lines, true, lines);
    RETURN NULL;
END $$;
CREATE TRIGGER disbursed AFTER INSERT ON programs_disbursement
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION programs_disbursed();

CREATE FUNCTION programs_close_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM programs_programme WHERE id = NEW.programme_id FOR UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER close_month BEFORE INSERT ON programs_closedmonth
FOR EACH ROW EXECUTE FUNCTION programs_close_month();

-- works: one state after another
CREATE FUNCTION programs_works_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_in programs_works;
BEGIN
    SELECT * INTO now_in FROM programs_works WHERE id = NEW.works_id FOR NO KEY UPDATE;
    IF now_in.state_since IS NOT NULL AND NEW.day < now_in.state_since THEN
        RAISE EXCEPTION 'Tình trạng mới phải từ ngày % trở đi.',
            to_char(now_in.state_since, 'DD/MM/YYYY')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'works_event_in_order';
    END IF;
    IF now_in.state_since IS NOT NULL AND (now_in.state, NEW.state) NOT IN (
        ('prepared', 'approved'), ('prepared', 'suspended'),
        ('approved', 'started'), ('approved', 'suspended'),
        ('started', 'finished'), ('started', 'suspended'),
        ('suspended', 'prepared'), ('suspended', 'approved'), ('suspended', 'started'),
        ('finished', 'settled'), ('finished', 'started')) THEN
        RAISE EXCEPTION 'Công trình % không chuyển thẳng sang tình trạng này được.', now_in.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'works_event_follows';
    END IF;
    UPDATE programs_works SET
        state = NEW.state, state_since = NEW.day,
        actual_start = CASE WHEN NEW.state = 'started' THEN coalesce(actual_start, NEW.day)
                            ELSE actual_start END,
        actual_finish = CASE WHEN NEW.state = 'finished' THEN NEW.day
                             WHEN NEW.state = 'started' THEN NULL ELSE actual_finish END
    WHERE id = NEW.works_id;
    RETURN NEW;
END $$;
CREATE TRIGGER works_event BEFORE INSERT ON programs_worksevent
FOR EACH ROW EXECUTE FUNCTION programs_works_event();

CREATE FUNCTION programs_works_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.state, NEW.state_since) IS DISTINCT FROM (OLD.state, OLD.state_since)
       AND pg_trigger_depth() = 1 THEN
        RAISE EXCEPTION 'Tình trạng công trình đổi bằng diễn biến có ngày.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.component_id, NEW.investor_id) IS DISTINCT FROM (OLD.component_id, OLD.investor_id)
       AND EXISTS (SELECT FROM programs_capitalplan WHERE works_id = NEW.id) THEN
        RAISE EXCEPTION 'Công trình % đã có vốn; dự án và chủ đầu tư không đổi được.', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'works_with_capital_stay';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER works_guard BEFORE UPDATE ON programs_works
FOR EACH ROW EXECUTE FUNCTION programs_works_guard();

CREATE FUNCTION programs_works_lie_somewhere() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
    wanted bigint := NEW.id;
BEGIN
    IF TG_TABLE_NAME = 'programs_worksplace' THEN
        wanted := NEW.works_id;
    END IF;
    SELECT u.name, u.kind, coalesce(w.planned_start, current_date) AS day INTO wrong
    FROM programs_worksplace p
    JOIN programs_works w ON w.id = p.works_id
    JOIN units_administrativeunit u ON u.id = p.unit_id
    WHERE p.works_id = wanted
      AND NOT (u.level = 'commune' AND u.valid @> coalesce(w.planned_start, current_date));
    IF FOUND THEN
        RAISE EXCEPTION 'Ngày % không có % %.',
            to_char(wrong.day, 'DD/MM/YYYY'), wrong.kind, wrong.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'works_place_in_force';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER works_place_in_force AFTER INSERT OR UPDATE ON programs_worksplace
DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION programs_works_lie_somewhere();
CREATE CONSTRAINT TRIGGER works_place_in_force AFTER UPDATE OF planned_start ON programs_works
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programs_works_lie_somewhere();
"""

BACKWARD = """
DROP TRIGGER works_place_in_force ON programs_works;
DROP TRIGGER works_place_in_force ON programs_worksplace;
DROP FUNCTION programs_works_lie_somewhere();
DROP TRIGGER works_guard ON programs_works;
DROP FUNCTION programs_works_guard();
DROP TRIGGER works_event ON programs_worksevent;
DROP FUNCTION programs_works_event();
DROP TRIGGER close_month ON programs_closedmonth;
DROP FUNCTION programs_close_month();
DROP TRIGGER disbursed ON programs_disbursement;
DROP FUNCTION programs_disbursed();
DROP TRIGGER capital_changed ON programs_capitalchange;
DROP FUNCTION programs_capital_changed();
DROP FUNCTION programs_refuse_shortage(bigint[], boolean, bigint[]);
DROP FUNCTION programs_capital_days(bigint[]);
DROP TRIGGER capital_plan_stands ON programs_capitalplan;
DROP FUNCTION programs_capital_plan_stands();
DROP TRIGGER works_event_only_added ON programs_worksevent;
DROP TRIGGER disbursement_only_added ON programs_disbursement;
DROP TRIGGER capital_change_only_added ON programs_capitalchange;
DROP FUNCTION programs_refuse_change();
DROP FUNCTION programs_amount(numeric);
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0003_works_capital_results")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
