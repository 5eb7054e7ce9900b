from django.db import migrations

FORWARD = """
CREATE FUNCTION programs_component_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM programs_component above
        WHERE above.id = NEW.parent_id AND above.programme_id = NEW.programme_id
          AND (above.kind = 'project' OR (above.kind = 'subproject' AND NEW.kind = 'content'))
    ) THEN
        RAISE EXCEPTION 'Cấp trên của % không đúng loại hoặc thuộc chương trình khác.', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'component_fits_its_parent';
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT 1 FROM programs_component below
        WHERE below.parent_id = NEW.id
          AND (below.programme_id <> NEW.programme_id OR NEW.kind = 'content'
               OR (NEW.kind = 'subproject' AND below.kind <> 'content'))
    ) THEN
        RAISE EXCEPTION 'Phần thuộc % không còn hợp với cấp trên.', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'component_fits_its_parent';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER component_fits
AFTER INSERT OR UPDATE OF kind, parent_id, programme_id ON programs_component
DEFERRABLE INITIALLY IMMEDIATE
FOR EACH ROW EXECUTE FUNCTION programs_component_fits();
"""

BACKWARD = """
DROP TRIGGER component_fits ON programs_component;
DROP FUNCTION programs_component_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
