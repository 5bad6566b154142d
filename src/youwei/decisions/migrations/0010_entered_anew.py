"""A decision entered anew on the right person or as the right organ's names the record it stands for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0009_last_days_by_hand"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="replaces",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="decisions.decision",
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="state",
            field=models.CharField(
                choices=[
                    ("standing", "有效"),
                    ("changed", "已变更"),
                    ("withdrawn", "已撤销"),
                    ("undone", "登记有误，已撤回"),
                ],
                default="standing",
                max_length=10,
            ),
        ),
    ]
