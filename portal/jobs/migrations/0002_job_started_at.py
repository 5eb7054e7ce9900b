"""When a job was first begun: the time that all its attempts share."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="started_at",
            field=models.DateTimeField("bắt đầu lần đầu lúc", null=True, blank=True),
        )
    ]
