"""What was done with an assignment is written once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION documents_assignment_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Diễn biến giao việc không sửa, không xoá được.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER assignment_event_stays BEFORE UPDATE OR DELETE ON documents_assignmentevent
    FOR EACH ROW EXECUTE FUNCTION documents_assignment_event_stays();
"""

BACKWARD = """
DROP TRIGGER assignment_event_stays ON documents_assignmentevent;
DROP FUNCTION documents_assignment_event_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_assignments")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
