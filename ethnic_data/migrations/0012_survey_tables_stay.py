"""The day and the kind of a table stay, once data were sent with them."""

from django.db import migrations

LOCK = """
CREATE FUNCTION ethnic_data_guard_survey_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.dataset_id, NEW.period_id, NEW.round_id, NEW.reference_date,
                             NEW.counting)
        IS NOT DISTINCT FROM (OLD.dataset_id, OLD.period_id, OLD.round_id, OLD.reference_date,
                              OLD.counting) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM collection_submission s
               WHERE s.dataset_id = OLD.dataset_id AND s.period_id = OLD.period_id) THEN
        RAISE EXCEPTION 'Biểu đã có bộ số liệu: thời điểm và loại số liệu giữ nguyên.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER survey_table_kept BEFORE UPDATE OR DELETE ON ethnic_data_surveytable
    FOR EACH ROW EXECUTE FUNCTION ethnic_data_guard_survey_table();
"""

UNLOCK = """
DROP TRIGGER survey_table_kept ON ethnic_data_surveytable;
DROP FUNCTION ethnic_data_guard_survey_table();
"""


class Migration(migrations.Migration):
    dependencies = [("ethnic_data", "0011_survey_rounds")]

    operations = [migrations.RunSQL(LOCK, UNLOCK)]
