"""The way of a report, guarded by the database itself.

A report begins as a draft; only the listed steps are possible; its text, figures, citations and
recipients change in a draft only; files, signatures, versions and events are only ever added; after
issue nothing of it changes, by whatever road.
"""

from django.db import migrations

LOCKS = """
CREATE FUNCTION reports_guard_report() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved reports_report;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'Báo cáo phải bắt đầu từ dự thảo.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = 'issued' THEN
        RAISE EXCEPTION 'Báo cáo đã phát hành, không sửa, không xoá được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'Báo cáo đã trình không xoá được.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.status <> 'draft' THEN
        moved := OLD;
        moved.status := NEW.status;
        moved.draft_no := NEW.draft_no;
        moved.frozen_at := NEW.frozen_at;
        moved.content_checked_by_id := NEW.content_checked_by_id;
        moved.content_checked_at := NEW.content_checked_at;
        moved.form_checked_by_id := NEW.form_checked_by_id;
        moved.form_checked_at := NEW.form_checked_at;
        moved.rendering_id := NEW.rendering_id;
        moved.number := NEW.number;
        moved.issue_date := NEW.issue_date;
        moved.numbered_by_id := NEW.numbered_by_id;
        moved.numbered_at := NEW.numbered_at;
        moved.issued_by_id := NEW.issued_by_id;
        moved.issued_at := NEW.issued_at;
        moved.document_id := NEW.document_id;
        IF moved IS DISTINCT FROM NEW THEN
            RAISE EXCEPTION 'Báo cáo đã trình; muốn sửa phải trả về dự thảo.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.status <> 'draft' AND NEW.frozen_at IS DISTINCT FROM OLD.frozen_at THEN
            RAISE EXCEPTION 'Số liệu của báo cáo đã chốt.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'content_check'),
        ('content_check', 'form_check'), ('content_check', 'draft'),
        ('form_check', 'to_sign'), ('form_check', 'draft'),
        ('to_sign', 'signed'), ('to_sign', 'draft'),
        ('signed', 'numbered'), ('signed', 'draft'),
        ('numbered', 'sealed'), ('sealed', 'issued')) THEN
        RAISE EXCEPTION 'Báo cáo không chuyển từ % sang % được.', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.number IS NOT NULL AND (
        (NEW.number, NEW.issue_date, NEW.numbered_by_id, NEW.numbered_at, NEW.rendering_id)
        IS DISTINCT FROM
        (OLD.number, OLD.issue_date, OLD.numbered_by_id, OLD.numbered_at, OLD.rendering_id)
        OR (OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id))
    THEN
        RAISE EXCEPTION 'Số và ngày đã cấp không đổi được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status IN ('signed', 'numbered', 'sealed', 'issued') AND NOT EXISTS (
        SELECT FROM reports_signature s
        WHERE s.rendering_id = NEW.rendering_id AND s.role = 'leader') THEN
        RAISE EXCEPTION 'Báo cáo chưa có chữ ký của người có thẩm quyền.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status IN ('sealed', 'issued') AND NOT EXISTS (
        SELECT FROM reports_signature s
        WHERE s.rendering_id = NEW.rendering_id AND s.role = 'agency') THEN
        RAISE EXCEPTION 'Báo cáo chưa có chữ ký số của cơ quan.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER report_way BEFORE INSERT OR UPDATE OR DELETE ON reports_report
    FOR EACH ROW EXECUTE FUNCTION reports_guard_report();

CREATE FUNCTION reports_guard_content() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    FOR stands IN
        SELECT status FROM reports_report
        WHERE (TG_OP <> 'INSERT' AND id = OLD.report_id)
           OR (TG_OP <> 'DELETE' AND id = NEW.report_id)
        FOR SHARE
    LOOP
        IF stands <> 'draft' THEN
            RAISE EXCEPTION 'Báo cáo đã trình hoặc đã phát hành; nội dung không sửa được.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER section_locked BEFORE INSERT OR UPDATE OR DELETE ON reports_section
    FOR EACH ROW EXECUTE FUNCTION reports_guard_content();
CREATE TRIGGER figure_locked BEFORE INSERT OR UPDATE OR DELETE ON reports_figure
    FOR EACH ROW EXECUTE FUNCTION reports_guard_content();
CREATE TRIGGER citation_locked BEFORE INSERT OR UPDATE OR DELETE ON reports_citation
    FOR EACH ROW EXECUTE FUNCTION reports_guard_content();
CREATE TRIGGER recipient_locked BEFORE INSERT OR UPDATE OR DELETE ON reports_recipient
    FOR EACH ROW EXECUTE FUNCTION reports_guard_content();

CREATE FUNCTION reports_guard_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reports_report
        WHERE status = 'issued'
          AND ((TG_OP <> 'INSERT' AND id = OLD.report_id)
            OR (TG_OP <> 'DELETE' AND id = NEW.report_id))) THEN
        RAISE EXCEPTION 'Báo cáo đã phát hành, không sửa, không xoá được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER remark_locked BEFORE INSERT OR UPDATE OR DELETE ON reports_remark
    FOR EACH ROW EXECUTE FUNCTION reports_guard_issued();
CREATE TRIGGER rendering_issued BEFORE INSERT OR UPDATE OR DELETE ON reports_rendering
    FOR EACH ROW EXECUTE FUNCTION reports_guard_issued();

CREATE FUNCTION reports_guard_rendering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'Bản in đã xong không sửa, không xoá được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER rendering_done BEFORE UPDATE OR DELETE ON reports_rendering
    FOR EACH ROW EXECUTE FUNCTION reports_guard_rendering();

CREATE FUNCTION reports_guard_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reports_rendering g JOIN reports_report r ON r.id = g.report_id
        WHERE g.id = NEW.rendering_id AND r.status = 'issued') THEN
        RAISE EXCEPTION 'Báo cáo đã phát hành, không thêm tệp hay chữ ký được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER report_file_issued BEFORE INSERT ON reports_reportfile
    FOR EACH ROW EXECUTE FUNCTION reports_guard_file();
CREATE TRIGGER signature_issued BEFORE INSERT ON reports_signature
    FOR EACH ROW EXECUTE FUNCTION reports_guard_file();

CREATE FUNCTION reports_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Dòng này chỉ được ghi thêm, không sửa, không xoá.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER report_file_kept BEFORE UPDATE OR DELETE ON reports_reportfile
    FOR EACH ROW EXECUTE FUNCTION reports_keep();
CREATE TRIGGER signature_kept BEFORE UPDATE OR DELETE ON reports_signature
    FOR EACH ROW EXECUTE FUNCTION reports_keep();
CREATE TRIGGER section_version_kept BEFORE UPDATE OR DELETE ON reports_sectionversion
    FOR EACH ROW EXECUTE FUNCTION reports_keep();
CREATE TRIGGER report_event_kept BEFORE UPDATE OR DELETE ON reports_reportevent
    FOR EACH ROW EXECUTE FUNCTION reports_keep();

CREATE FUNCTION reports_guard_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.fingerprint, NEW.role, NEW.owner_id, NEW.agency_id)
       IS DISTINCT FROM (OLD.fingerprint, OLD.role, OLD.owner_id, OLD.agency_id)
       AND EXISTS (SELECT FROM reports_signature s WHERE s.certificate_id = OLD.id) THEN
        RAISE EXCEPTION 'Chứng thư đã dùng để ký không đổi chủ được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER certificate_owner BEFORE UPDATE ON reports_certificate
    FOR EACH ROW EXECUTE FUNCTION reports_guard_certificate();
"""

UNLOCK = """
DROP FUNCTION reports_guard_certificate() CASCADE;
DROP FUNCTION reports_keep() CASCADE;
DROP FUNCTION reports_guard_file() CASCADE;
DROP FUNCTION reports_guard_rendering() CASCADE;
DROP FUNCTION reports_guard_issued() CASCADE;
DROP FUNCTION reports_guard_content() CASCADE;
DROP FUNCTION reports_guard_report() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunSQL(LOCKS, UNLOCK)]
