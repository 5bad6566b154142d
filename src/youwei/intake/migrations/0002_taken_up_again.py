"""An import says on whose behalf it is written or taken back, so that a server that starts again can go on with it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("checked", "待确认"), ("queued", "排队中"), ("writing", "写入中"), ("done", "已写入"), ("undoing", "撤回中"), ("undone", "已撤回"),
    ("failed", "未写入"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "import",
            "ordered_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField("import", "state", models.CharField(choices=STATES, default="checked", max_length=8)),
    ]
