"""The last day of a period as a human settled it, with its basis, and the computed one kept beside it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0008_listed"),
    ]

    operations = [
        migrations.AddField(model_name="measure", name="last_day_by_hand", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="measure", name="basis_by_hand", field=models.CharField(blank=True, default="", max_length=200)
        ),
        migrations.AddField(model_name="period", name="by_hand", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="period", name="computed", field=models.DateField(null=True)),
    ]
