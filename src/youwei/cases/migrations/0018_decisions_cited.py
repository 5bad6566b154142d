import django.db.models.deletion
from django.db import migrations, models


def have_the_index_written_anew(apps, schema_editor):
    """Cases about no person go through the next round of `serve`, which fills in the decisions they use."""
    case = apps.get_model("cases", "Case")
    worked = apps.get_model("cases", "Done").objects.values("case")
    case.objects.filter(person=None, pk__in=worked).update(next_change=models.F("opened_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0017_who_is_asked_to_let_in"),
        ("decisions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Citation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=64)),
                ("key", models.CharField(blank=True, default="", max_length=64)),
                ("entry_seq", models.PositiveIntegerField()),
                ("on", models.DateField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="citations", to="cases.case"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="citations", to="decisions.decision"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "entry_seq", "decision"), name="one_citation_a_record"
                    )
                ],
            },
        ),
        migrations.RunPython(have_the_index_written_anew, migrations.RunPython.noop),
    ]
