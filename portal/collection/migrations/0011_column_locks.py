"""What a column or a dataset means stays, once data were sent with it.

A column may be retired from a day after the last period that it was sent for, and another may
take its place; names, bounds and order may change at any time.
"""

from django.db import migrations

LOCKS = """
CREATE FUNCTION collection_guard_column() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    keeps boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        keeps := (NEW.dataset_id, NEW.key, NEW.measure, NEW.group_code, NEW.sex, NEW.category,
                  NEW.kind, NEW.value_type, NEW.unit_of_measure, NEW.numerator, NEW.denominator,
                  NEW.factor)
            IS NOT DISTINCT FROM
                 (OLD.dataset_id, OLD.key, OLD.measure, OLD.group_code, OLD.sex, OLD.category,
                  OLD.kind, OLD.value_type, OLD.unit_of_measure, OLD.numerator, OLD.denominator,
                  OLD.factor);
        IF keeps AND (NEW.since, NEW.until) IS NOT DISTINCT FROM (OLD.since, OLD.until) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF EXISTS (
        SELECT FROM collection_submission s JOIN collection_reportingperiod p ON p.id = s.period_id
        WHERE s.dataset_id = OLD.dataset_id
          AND coalesce(OLD.since <= p."end", true) AND coalesce(p."end" < OLD.until, true)
          AND NOT (keeps AND coalesce(NEW.since <= p."end", true)
                   AND coalesce(p."end" < NEW.until, true))) THEN
        RAISE EXCEPTION 'Cột “%” đã có bộ số liệu dùng đến: không xoá, không đổi nghĩa được.',
            OLD.heading USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER column_kept BEFORE UPDATE OR DELETE ON collection_datasetcolumn
    FOR EACH ROW EXECUTE FUNCTION collection_guard_column();

CREATE FUNCTION collection_guard_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.code, NEW.store, NEW.row_axis, NEW.row_level, NEW.frequency, NEW.source_kind,
        NEW.submitting_level)
       IS DISTINCT FROM
       (OLD.code, OLD.store, OLD.row_axis, OLD.row_level, OLD.frequency, OLD.source_kind,
        OLD.submitting_level)
       AND EXISTS (SELECT FROM collection_submission s WHERE s.dataset_id = OLD.id) THEN
        RAISE EXCEPTION 'Biểu “%” đã có bộ số liệu: kiểu dòng, cấp nộp, kỳ và loại số liệu giữ nguyên.',
            OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER dataset_kept BEFORE UPDATE ON collection_dataset
    FOR EACH ROW EXECUTE FUNCTION collection_guard_dataset();
"""

UNLOCK = """
DROP TRIGGER dataset_kept ON collection_dataset;
DROP FUNCTION collection_guard_dataset();
DROP TRIGGER column_kept ON collection_datasetcolumn;
DROP FUNCTION collection_guard_column();
"""


class Migration(migrations.Migration):
    dependencies = [("collection", "0010_catalogue")]

    operations = [migrations.RunSQL(LOCKS, UNLOCK)]
