from django.db import migrations, models

from portal.units.names import sort_key


def fill(apps, schema_editor):
    for user in apps.get_model("accounts", "User").objects.all():
        user.sort_key = sort_key(user.full_name)
        user.save(update_fields=["sort_key"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_failures_by_network"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sort_key",
            field=models.CharField(
                db_collation="C", default="", editable=False, max_length=400
            ),
        ),
        migrations.AlterModelOptions(
            name="user",
            options={
                "ordering": ["sort_key", "username"],
                "verbose_name": "tài khoản",
                "verbose_name_plural": "tài khoản",
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
