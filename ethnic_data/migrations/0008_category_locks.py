"""A value's category is one of the catalogue, and a category's code stays what it is.

The triggers on values look at whole statements, as those of migration 0002 do: of 100 000 values
the few distinct categories are looked up once.
"""

from django.db import migrations

LOCKS = """
CREATE FUNCTION ethnic_data_refuse_category(codes text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    unknown text;
BEGIN
    IF codes IS NULL THEN
        RETURN;
    END IF;
    PERFORM FROM ethnic_data_category c WHERE c.code = ANY (codes) ORDER BY c.id FOR KEY SHARE;
    SELECT one INTO unknown FROM unnest(codes) AS one
        WHERE NOT EXISTS (SELECT FROM ethnic_data_category c WHERE c.code = one) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Phân loại “%” không có trong danh mục.', unknown
            USING ERRCODE = 'foreign_key_violation';
    END IF;
END $$;

CREATE FUNCTION ethnic_data_guard_observed_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ethnic_data_refuse_category((
        SELECT array_agg(category)
        FROM (SELECT DISTINCT category FROM become WHERE category <> '') told));
    RETURN NULL;
END $$;

CREATE TRIGGER observation_category_insert AFTER INSERT ON ethnic_data_observation
    REFERENCING NEW TABLE AS become
    FOR EACH STATEMENT EXECUTE FUNCTION ethnic_data_guard_observed_category();
CREATE TRIGGER observation_category_update AFTER UPDATE ON ethnic_data_observation
    REFERENCING NEW TABLE AS become
    FOR EACH STATEMENT EXECUTE FUNCTION ethnic_data_guard_observed_category();

CREATE FUNCTION ethnic_data_guard_column_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.category <> '' AND EXISTS (
        SELECT FROM collection_dataset d
        WHERE d.id = NEW.dataset_id AND starts_with(d.store, 'ethnic_data.')) THEN
        PERFORM ethnic_data_refuse_category(ARRAY[NEW.category]);
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER column_category BEFORE INSERT OR UPDATE OF category, dataset_id
    ON collection_datasetcolumn
    FOR EACH ROW EXECUTE FUNCTION ethnic_data_guard_column_category();

CREATE FUNCTION ethnic_data_keep_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.code, NEW.dimension_id) IS DISTINCT FROM (OLD.code, OLD.dimension_id) THEN
            RAISE EXCEPTION 'Mã và cách phân tổ của một phân loại không đổi được.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM collection_datasetcolumn k WHERE k.category = OLD.code)
       OR EXISTS (SELECT FROM ethnic_data_publishedcolumn k WHERE k.category = OLD.code)
       OR EXISTS (SELECT FROM ethnic_data_observation o WHERE o.category = OLD.code) THEN
        RAISE EXCEPTION 'Phân loại “%” đã được dùng nên không xoá được; hãy ngừng dùng.', OLD.name
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER category_kept BEFORE UPDATE OR DELETE ON ethnic_data_category
    FOR EACH ROW EXECUTE FUNCTION ethnic_data_keep_category();
"""

UNLOCK = """
DROP TRIGGER category_kept ON ethnic_data_category;
DROP FUNCTION ethnic_data_keep_category();
DROP TRIGGER column_category ON collection_datasetcolumn;
DROP FUNCTION ethnic_data_guard_column_category();
DROP TRIGGER observation_category_update ON ethnic_data_observation;
DROP TRIGGER observation_category_insert ON ethnic_data_observation;
DROP FUNCTION ethnic_data_guard_observed_category();
DROP FUNCTION ethnic_data_refuse_category(text[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ethnic_data", "0007_categories"),
        ("collection", "0011_column_locks"),
    ]

    operations = [migrations.RunSQL(LOCKS, UNLOCK)]
