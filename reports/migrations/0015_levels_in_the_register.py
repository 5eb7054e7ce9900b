"""The register says of reports issued before how far their signatures can be proven."""

from django.db import migrations

SAY = """
UPDATE documents_document d SET signature_level = f.level
FROM reports_report r JOIN reports_reportfile f ON f.rendering_id = r.rendering_id
WHERE r.document_id = d.id AND r.status = 'issued' AND f.level <> ''
    AND (f.stage = 'lifted' OR (f.stage = 'sealed' AND NOT EXISTS (
        SELECT FROM reports_reportfile g
        WHERE g.rendering_id = f.rendering_id AND g.stage = 'lifted')));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0014_copies"),
        ("documents", "0010_signature_level"),
    ]

    operations = [migrations.RunSQL(SAY, migrations.RunSQL.noop)]
