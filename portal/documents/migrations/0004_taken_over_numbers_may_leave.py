"""A number that an old book brought leaves again with the file that brought it.

Numbers that the portal gave, or that mark where an old book ended, still never leave.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION documents_number_never_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'documents_issuednumber'
        AND to_jsonb(OLD) ->> 'origin' = 'taken_over'
        AND EXISTS (
            SELECT FROM documents_document d
            WHERE d.id = (to_jsonb(OLD) ->> 'document_id')::bigint AND d.brought_by_id IS NOT NULL
        ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Số văn bản đã cấp không xoá được. Số không dùng thì ghi huỷ kèm lý do.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION documents_number_never_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Số văn bản đã cấp không xoá được. Số không dùng thì ghi huỷ kèm lý do.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_old_books")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
