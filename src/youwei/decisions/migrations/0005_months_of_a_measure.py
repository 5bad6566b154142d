"""The months the organ chose itself, where the law leaves a range, and a probation extended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0004_restored_rights"),
    ]

    operations = [
        migrations.AddField(
            model_name="measure",
            name="months",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
