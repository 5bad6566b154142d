import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_lists_drawn_up"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=64)),
                ("key", models.CharField(blank=True, default="", max_length=64)),
                ("entry_seq", models.PositiveIntegerField()),
                ("on", models.DateField()),
                ("intent", models.CharField(max_length=16)),
                ("answer", models.CharField(max_length=8)),
                ("words", models.CharField(blank=True, default="", max_length=200)),
                ("doubted", models.DateField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="cases.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="people.person"
                    ),
                ),
            ],
        ),
    ]
