"""The database itself keeps numbers and numbered documents as they are."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION documents_number_never_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Số văn bản đã cấp không xoá được. Số không dùng thì ghi huỷ kèm lý do.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER issued_number_never_leaves BEFORE DELETE ON documents_issuednumber
    FOR EACH ROW EXECUTE FUNCTION documents_number_never_leaves();

CREATE TRIGGER number_series_never_leaves BEFORE DELETE ON documents_numberseries
    FOR EACH ROW EXECUTE FUNCTION documents_number_never_leaves();

CREATE FUNCTION documents_number_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.register_id, NEW.year, NEW.number, NEW.date, NEW.origin, NEW.taken_at)
        IS DISTINCT FROM
        (OLD.register_id, OLD.year, OLD.number, OLD.date, OLD.origin, OLD.taken_at)
        OR NEW.taken_by_id IS DISTINCT FROM OLD.taken_by_id
        OR NEW.key IS DISTINCT FROM OLD.key THEN
        RAISE EXCEPTION 'Số văn bản đã cấp không sửa được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id THEN
        RAISE EXCEPTION 'Số đã gắn với văn bản thì không chuyển sang văn bản khác.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.voided_at IS NOT NULL AND (NEW.voided_at, NEW.voided_by_id, NEW.void_reason)
        IS DISTINCT FROM (OLD.voided_at, OLD.voided_by_id, OLD.void_reason) THEN
        RAISE EXCEPTION 'Số đã huỷ không dùng lại được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER issued_number_stays BEFORE UPDATE ON documents_issuednumber
    FOR EACH ROW EXECUTE FUNCTION documents_number_stays();

CREATE FUNCTION documents_series_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last < OLD.last OR (NEW.register_id, NEW.year) <> (OLD.register_id, OLD.year) THEN
        RAISE EXCEPTION 'Dãy số văn bản chỉ tăng, không lùi.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER number_series_only_grows BEFORE UPDATE ON documents_numberseries
    FOR EACH ROW EXECUTE FUNCTION documents_series_only_grows();

CREATE FUNCTION documents_issued_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.direction = 'outgoing'
        AND (NEW.direction, NEW.number, NEW.symbol, NEW.date, NEW.issuer_id,
             NEW.document_type_id, NEW.subject)
            IS DISTINCT FROM
            (OLD.direction, OLD.number, OLD.symbol, OLD.date, OLD.issuer_id,
             OLD.document_type_id, OLD.subject)
        AND EXISTS (
            SELECT FROM documents_issuednumber issued
            WHERE issued.document_id = OLD.id AND issued.origin <> 'taken_over'
        ) THEN
        RAISE EXCEPTION 'Văn bản đi đã cấp số không sửa được. Sai nội dung thì thay thế, sai thể '
            'thức thì đính chính bằng công văn.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.direction = 'outgoing' AND OLD.sha256 <> '' AND NEW.sha256 <> OLD.sha256
        AND EXISTS (
            SELECT FROM documents_issuednumber issued
            WHERE issued.document_id = OLD.id AND issued.origin <> 'taken_over'
        ) THEN
        RAISE EXCEPTION 'Tệp của văn bản đi đã phát hành không thay được.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER document_issued_stays BEFORE UPDATE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_issued_stays();
"""

BACKWARD = """
DROP TRIGGER document_issued_stays ON documents_document;
DROP FUNCTION documents_issued_stays();
DROP TRIGGER number_series_only_grows ON documents_numberseries;
DROP FUNCTION documents_series_only_grows();
DROP TRIGGER issued_number_stays ON documents_issuednumber;
DROP FUNCTION documents_number_stays();
DROP TRIGGER number_series_never_leaves ON documents_numberseries;
DROP TRIGGER issued_number_never_leaves ON documents_issuednumber;
DROP FUNCTION documents_number_never_leaves();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
