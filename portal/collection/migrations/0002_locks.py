"""The way of a submission, guarded by the database itself.

A submission begins as a draft; only the listed steps are possible; what is approved or superseded
does not change any more, nor do its files. A file's sender does not approve it.
"""

from django.db import migrations

LOCKS = """
CREATE FUNCTION collection_guard_submission() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    same collection_submission;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'Bộ số liệu phải bắt đầu từ bản đang nhập.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'Bộ số liệu đã nộp không được xoá.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.status IN ('approved', 'superseded') THEN
        same := NEW;
        same.status := OLD.status;
        IF same IS DISTINCT FROM OLD
           OR NOT (NEW.status = OLD.status
                   OR (OLD.status = 'approved' AND NEW.status = 'superseded')) THEN
            RAISE EXCEPTION 'Số liệu đã duyệt đã khoá; muốn sửa phải lập bản đính chính.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.dataset_id, NEW.unit_id, NEW.period_id, NEW.revision, NEW.created_by_id)
       IS DISTINCT FROM
       (OLD.dataset_id, OLD.unit_id, OLD.period_id, OLD.revision, OLD.created_by_id) THEN
        RAISE EXCEPTION 'Biểu, đơn vị, kỳ và người lập của bộ số liệu không đổi được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'submitted'), ('submitted', 'draft'), ('submitted', 'returned'),
        ('returned', 'submitted'), ('submitted', 'approved')) THEN
        RAISE EXCEPTION 'Bộ số liệu không chuyển từ % sang % được.', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'approved' AND EXISTS (
        SELECT FROM collection_upload u
        WHERE u.submission_id = NEW.id AND u.state <> 'discarded'
          AND u.uploaded_by_id = NEW.approved_by_id) THEN
        RAISE EXCEPTION 'Người tải tệp lên không tự duyệt số liệu của mình.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER submission_way BEFORE INSERT OR UPDATE OR DELETE ON collection_submission
    FOR EACH ROW EXECUTE FUNCTION collection_guard_submission();

CREATE FUNCTION collection_guard_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.submission_id ELSE OLD.submission_id END;
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'collection_upload' THEN
        IF to_jsonb(OLD) ->> 'state' = 'discarded' THEN
            RETURN OLD;  -- a file that was put aside made no value
        END IF;
    END IF;
    IF EXISTS (SELECT FROM collection_submission s
               WHERE s.id = parent AND s.status IN ('approved', 'superseded')) THEN
        RAISE EXCEPTION 'Số liệu đã duyệt đã khoá; tệp và giải trình kèm theo không đổi được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER upload_locked BEFORE INSERT OR UPDATE OR DELETE ON collection_upload
    FOR EACH ROW EXECUTE FUNCTION collection_guard_part();
CREATE TRIGGER warning_reason_locked BEFORE INSERT OR UPDATE OR DELETE ON collection_warningreason
    FOR EACH ROW EXECUTE FUNCTION collection_guard_part();

CREATE FUNCTION collection_keep_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT FROM collection_submission s WHERE s.id = OLD.submission_id AND s.status <> 'draft')
    THEN
        RAISE EXCEPTION 'Diễn biến của bộ số liệu không sửa, không xoá.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON collection_submissionevent
    FOR EACH ROW EXECUTE FUNCTION collection_keep_event();
"""

UNLOCK = """
DROP TRIGGER event_kept ON collection_submissionevent;
DROP FUNCTION collection_keep_event();
DROP TRIGGER warning_reason_locked ON collection_warningreason;
DROP TRIGGER upload_locked ON collection_upload;
DROP FUNCTION collection_guard_part();
DROP TRIGGER submission_way ON collection_submission;
DROP FUNCTION collection_guard_submission();
"""


class Migration(migrations.Migration):
    dependencies = [("collection", "0001_initial")]

    operations = [migrations.RunSQL(LOCKS, UNLOCK)]
