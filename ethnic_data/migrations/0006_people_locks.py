"""What a list of people must never hold, and a log that is only ever added to.

A deputy's council and a prestigious person's commune are in force on the day of election or
recognition; communes recognise, so a prestigious person lives in a commune.
"""

from django.db import migrations

LOCKS = """
CREATE FUNCTION ethnic_data_guard_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date := (to_jsonb(NEW) ->> TG_ARGV[0])::date;
    place units_administrativeunit;
BEGIN
    SELECT * INTO place FROM units_administrativeunit u WHERE u.id = NEW.unit_id;
    IF NOT place.valid @> day THEN
        RAISE EXCEPTION 'Đơn vị % chưa có hoặc không còn vào ngày %.',
            place.name, to_char(day, 'DD/MM/YYYY')
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF place.is_reference OR NOT place.level = ANY (string_to_array(TG_ARGV[1], ',')) THEN
        RAISE EXCEPTION '% không phải là cấp đơn vị của danh sách này.', place.name
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER deputy_guarded
    BEFORE INSERT OR UPDATE OF unit_id, elected_date ON ethnic_data_councildeputy
    FOR EACH ROW EXECUTE FUNCTION
    ethnic_data_guard_person('elected_date', 'province,district,commune');
CREATE TRIGGER prestigious_guarded
    BEFORE INSERT OR UPDATE OF unit_id, recognised_date ON ethnic_data_prestigiousperson
    FOR EACH ROW EXECUTE FUNCTION
    ethnic_data_guard_person('recognised_date', 'commune');

CREATE FUNCTION ethnic_data_keep_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Nhật ký xem danh sách người không sửa, không xoá.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER people_access_kept BEFORE UPDATE OR DELETE ON ethnic_data_peopleaccess
    FOR EACH ROW EXECUTE FUNCTION ethnic_data_keep_access();
"""

UNLOCK = """
DROP TRIGGER people_access_kept ON ethnic_data_peopleaccess;
DROP FUNCTION ethnic_data_keep_access();
DROP TRIGGER prestigious_guarded ON ethnic_data_prestigiousperson;
DROP TRIGGER deputy_guarded ON ethnic_data_councildeputy;
DROP FUNCTION ethnic_data_guard_person();
"""


class Migration(migrations.Migration):
    dependencies = [("ethnic_data", "0005_people"), ("units", "0002_initial")]

    operations = [migrations.RunSQL(LOCKS, UNLOCK)]
