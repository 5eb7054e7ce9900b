"""What the project's files gave is remembered; the step after works ended is watched by CT-TD."""

from django.db import migrations, models


def watch_completion(apps, schema_editor):
    """As report_steps.csv says since then; a database of before has nothing to compare with."""
    Dataset = apps.get_model("collection", "Dataset")
    progress = Dataset.objects.filter(code="CT-TD").first()
    steps = apps.get_model("programs", "ReportStep").objects.filter(
        occasion="completion", dataset=None
    )
    if progress is not None:
        steps.update(dataset=progress)


JANUARY = (
    "Biểu tháng 1 là vốn của năm mới. Khoản chi tháng 1 của vốn năm trước (đến hết 31/1) ghi ở dòng "
    "vốn năm trước, trang Kế hoạch vốn."
)


def tell_of_january(apps, schema_editor):
    """The sentence of datasets.toml, where the instructions are those of before."""
    payments = apps.get_model("collection", "Dataset").objects.filter(code="CT-GN").first()
    if payments is not None and JANUARY not in payments.instructions:
        payments.instructions = [*payments.instructions, JANUARY]
        payments.save(update_fields=["instructions"])


class Migration(migrations.Migration):

    dependencies = [
        ("collection", "0023_rows_of_records"),
        ("programs", "0013_asked_work"),
    ]

    operations = [
        migrations.CreateModel(
            name="GivenRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.CharField(max_length=40, verbose_name="tệp")),
                ("key", models.CharField(max_length=200, verbose_name="dòng")),
                ("values", models.JSONField(verbose_name="nội dung")),
            ],
            options={
                "verbose_name": "dữ liệu gốc đã nạp",
                "verbose_name_plural": "dữ liệu gốc đã nạp",
                "ordering": ["file", "key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "key"),
                        name="given_row_once",
                        violation_error_message="Dòng này của dữ liệu gốc đã có.",
                    )
                ],
            },
        ),
        migrations.RunPython(watch_completion, migrations.RunPython.noop),
        migrations.RunPython(tell_of_january, migrations.RunPython.noop),
    ]
