"""Annexes that were issued in files of their own. Append-only."""

import django.db.models.deletion
import portal.documents.models.annex
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION documents_annex_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Phụ lục đã phát hành không sửa, không xoá được.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER annex_stays BEFORE UPDATE OR DELETE ON documents_documentannex
    FOR EACH ROW EXECUTE FUNCTION documents_annex_stays();
"""

BACKWARD = """
DROP TRIGGER annex_stays ON documents_documentannex;
DROP FUNCTION documents_annex_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0010_signature_level")]

    operations = [
        migrations.CreateModel(
            name="DocumentAnnex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                ("title", models.CharField(max_length=300, verbose_name="tên phụ lục")),
                ("file", models.FileField(max_length=200, upload_to=portal.documents.models.annex.document_annex_path, verbose_name="tệp")),
                ("file_size", models.PositiveBigIntegerField(verbose_name="cỡ (byte)")),
                ("sha256", models.CharField(max_length=64)),
                ("document", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="annexes", to="documents.document")),
            ],
            options={
                "verbose_name": "phụ lục của văn bản",
                "verbose_name_plural": "phụ lục của văn bản",
                "ordering": ["document", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "position"), name="document_annex_position_once", violation_error_message="Văn bản đã có phụ lục ở thứ tự này."),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
