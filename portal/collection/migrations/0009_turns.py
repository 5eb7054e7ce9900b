"""Whose turn a submission is, and the guards around levels, steps, closed periods, delegations.

`collection_turn` is the one rule of whose turn it is. A step is taken by the level in turn, by
nobody who had a hand in the data, for oneself or for somebody who named one for that day. A
submission is approved when no level is left. Days are those of Việt Nam.
"""

from django.db import migrations

TURN = """
CREATE FUNCTION collection_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (moment AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;

-- the levels of a dataset that hold for a unit on a day; the committee once when there is none
CREATE FUNCTION collection_levels(dataset bigint, unit bigint, day date)
RETURNS TABLE ("position" integer, reviewer text) LANGUAGE sql STABLE AS $$
    WITH told AS (
        SELECT l.position::integer AS place, l.reviewer::text AS who
        FROM collection_reviewlevel l
        WHERE l.dataset_id = $1 AND l.valid @> $3
          AND (l.reviewer <> 'district' OR EXISTS (
              SELECT FROM units_unitancestor a
              JOIN units_administrativeunit u ON u.id = a.ancestor_id
              WHERE a.unit_id = $2 AND a.valid @> $3 AND u.level = 'district'))
    )
    SELECT place, who FROM told
    UNION ALL
    SELECT 1, 'committee' WHERE NOT EXISTS (SELECT FROM told)
$$;

-- the first level that has not approved in the round in hand; NULL when all have
CREATE FUNCTION collection_next_level(submission bigint, day date)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT l.reviewer
    FROM collection_submission s, collection_levels(s.dataset_id, s.unit_id, $2) l
    WHERE s.id = $1 AND NOT EXISTS (
        SELECT FROM collection_reviewstep a
        WHERE a.submission_id = s.id AND a.round = s.round AND a.outcome = 'approved'
          AND a.reviewer = l.reviewer AND NOT EXISTS (
              SELECT FROM collection_reviewstep b
              WHERE b.submission_id = s.id AND b.round = s.round AND b.id > a.id
                AND b.outcome = 'sent_back' AND b.sent_back_to = a.reviewer))
    ORDER BY l.position LIMIT 1
$$;

CREATE FUNCTION collection_turn(submission bigint, day date)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(collection_next_level(s.id, $2), 'committee')
    FROM collection_submission s WHERE s.id = $1 AND s.status = 'submitted'
$$;

CREATE FUNCTION collection_turn_since(submission bigint)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT greatest(s.submitted_at, max(p.at))
    FROM collection_submission s
    LEFT JOIN collection_reviewstep p ON p.submission_id = s.id AND p.round = s.round
    WHERE s.id = $1 AND s.status = 'submitted'
    GROUP BY s.submitted_at
$$;

CREATE FUNCTION collection_is_maker(submission bigint, person bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM collection_submission s
                   WHERE s.id = $1 AND $2 IN (s.created_by_id, s.submitted_by_id))
        OR EXISTS (SELECT FROM collection_upload u
                   WHERE u.submission_id = $1 AND u.state <> 'discarded' AND u.uploaded_by_id = $2)
        OR EXISTS (SELECT FROM collection_submissionevent e
                   WHERE e.submission_id = $1 AND $2 IN (e.who_id, e.on_behalf_of_id)
                     AND e.what IN ('committed', 'typed', 'undone', 'submitted'))
$$;
"""

STEPS = """
CREATE FUNCTION collection_guard_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine collection_submission;
    day date;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'Bước duyệt không sửa, không xoá.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO mine FROM collection_submission WHERE id = NEW.submission_id FOR UPDATE;
    IF mine.status IS DISTINCT FROM 'submitted' THEN
        RAISE EXCEPTION 'Bộ số liệu không ở trạng thái chờ duyệt.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.round := mine.round;
    day := collection_day(NEW.at);
    IF NEW.reviewer IS DISTINCT FROM collection_turn(mine.id, day) THEN
        RAISE EXCEPTION 'Chưa đến lượt cấp này duyệt.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.outcome = 'approved' AND (collection_is_maker(mine.id, NEW.by_id)
            OR collection_is_maker(mine.id, NEW.on_behalf_of_id)) THEN
        RAISE EXCEPTION 'Người nhập, tải tệp hoặc nộp không tự duyệt số liệu của mình.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.outcome = 'approved' AND EXISTS (
        SELECT FROM collection_reviewstep s
        WHERE s.submission_id = mine.id AND s.round = mine.round AND s.outcome = 'approved'
          AND s.reviewer <> NEW.reviewer
          AND ARRAY[s.by_id, s.on_behalf_of_id] && ARRAY[NEW.by_id, NEW.on_behalf_of_id]) THEN
        RAISE EXCEPTION 'Một người không duyệt ở hai cấp.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.on_behalf_of_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM collection_delegation d
        WHERE d.principal_id = NEW.on_behalf_of_id AND d.substitute_id = NEW.by_id
          AND d.valid @> day) THEN
        RAISE EXCEPTION 'Ngày này không có uỷ quyền để thay mặt.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER step_in_turn BEFORE INSERT OR UPDATE OR DELETE ON collection_reviewstep
    FOR EACH ROW EXECUTE FUNCTION collection_guard_step();

-- the round counts by itself; what is closed is not sent for the first time without an exception
CREATE FUNCTION collection_guard_round() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date := collection_day(NEW.submitted_at);
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.round := 0;
        RETURN NEW;
    END IF;
    NEW.round := OLD.round;
    IF NEW.status = 'submitted' AND OLD.status IN ('draft', 'returned') THEN
        NEW.round := OLD.round + 1;
        IF OLD.status = 'draft' AND EXISTS (
            SELECT FROM collection_periodclosing c
            WHERE c.dataset_id = NEW.dataset_id AND c.period_id = NEW.period_id
              AND c.closed_from <= day)
        AND NOT EXISTS (
            SELECT FROM collection_lockexception e
            WHERE e.dataset_id = NEW.dataset_id AND e.period_id = NEW.period_id
              AND e.unit_id = NEW.unit_id AND e.until >= day) THEN
            RAISE EXCEPTION 'Kỳ này của biểu đã khoá sổ và đơn vị chưa được gia hạn.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF OLD.status = 'submitted' AND NEW.status = 'draft' AND EXISTS (
        SELECT FROM collection_reviewstep s
        WHERE s.submission_id = NEW.id AND s.round = NEW.round) THEN
        RAISE EXCEPTION 'Đã có cấp duyệt nên không rút lại được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER submission_round BEFORE INSERT OR UPDATE ON collection_submission
    FOR EACH ROW EXECUTE FUNCTION collection_guard_round();

-- after the checks of the row itself: every level of the day has approved, the approver last
CREATE FUNCTION collection_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF collection_next_level(NEW.id, collection_day(NEW.approved_at)) IS NOT NULL
       OR NEW.approved_by_id IS DISTINCT FROM (
           SELECT s.by_id FROM collection_reviewstep s
           WHERE s.submission_id = NEW.id AND s.round = NEW.round AND s.outcome = 'approved'
           ORDER BY s.id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'Chưa đủ các cấp duyệt.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER submission_every_level AFTER UPDATE OF status ON collection_submission
    FOR EACH ROW WHEN (NEW.status = 'approved' AND OLD.status = 'submitted')
    EXECUTE FUNCTION collection_guard_approval();

CREATE FUNCTION collection_keep_delegation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := collection_day(now());
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF lower(OLD.valid) <= today THEN
            RAISE EXCEPTION 'Uỷ quyền đã có hiệu lực được giữ lại, không xoá.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.principal_id, NEW.substitute_id, lower(NEW.valid), NEW.named_by_id, NEW.named_at)
        IS DISTINCT FROM
       (OLD.principal_id, OLD.substitute_id, lower(OLD.valid), OLD.named_by_id, OLD.named_at)
       OR upper(NEW.valid) > upper(OLD.valid)
       OR (upper(NEW.valid) < upper(OLD.valid) AND upper(NEW.valid) < today) THEN
        RAISE EXCEPTION 'Uỷ quyền chỉ kết thúc sớm được, không đổi được người và ngày đã qua.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER delegation_kept BEFORE UPDATE OR DELETE ON collection_delegation
    FOR EACH ROW EXECUTE FUNCTION collection_keep_delegation();

CREATE FUNCTION collection_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Dòng này là vết của việc đã làm: không sửa, không xoá.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER hand_over_kept BEFORE UPDATE OR DELETE ON collection_handover
    FOR EACH ROW EXECUTE FUNCTION collection_keep_row();
CREATE TRIGGER lock_exception_kept BEFORE UPDATE OR DELETE ON collection_lockexception
    FOR EACH ROW EXECUTE FUNCTION collection_keep_row();
"""

BACK = """
DROP TRIGGER lock_exception_kept ON collection_lockexception;
DROP TRIGGER hand_over_kept ON collection_handover;
DROP FUNCTION collection_keep_row();
DROP TRIGGER delegation_kept ON collection_delegation;
DROP FUNCTION collection_keep_delegation();
DROP TRIGGER submission_every_level ON collection_submission;
DROP FUNCTION collection_guard_approval();
DROP TRIGGER submission_round ON collection_submission;
DROP FUNCTION collection_guard_round();
DROP TRIGGER step_in_turn ON collection_reviewstep;
DROP FUNCTION collection_guard_step();
DROP FUNCTION collection_is_maker(bigint, bigint);
DROP FUNCTION collection_turn_since(bigint);
DROP FUNCTION collection_turn(bigint, date);
DROP FUNCTION collection_next_level(bigint, date);
DROP FUNCTION collection_levels(bigint, bigint, date);
DROP FUNCTION collection_day(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("collection", "0008_review_levels"),
        ("units", "0002_initial"),
    ]

    operations = [migrations.RunSQL(TURN, "SELECT 1"), migrations.RunSQL(STEPS, BACK)]
