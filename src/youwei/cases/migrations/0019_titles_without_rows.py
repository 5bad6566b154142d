from django.db import migrations, models


def have_the_index_written_anew(apps, schema_editor):
    """What a row of a table said no longer stands in a title: it goes now, and the next round of `serve` writes the titles anew."""
    for name in ("NotDone", "Exempted"):
        rows = apps.get_model("cases", name).objects.exclude(key="")
        touched = list(rows.values_list("case", flat=True).distinct())
        for row in rows.filter(title__contains="（"):
            row.title = row.title.partition("（")[0]
            row.save(update_fields=["title"])
        apps.get_model("cases", "Case").objects.filter(pk__in=touched).update(next_change=models.F("opened_on"))
    # Of these some are the last day of a span.
    spans = apps.get_model("cases", "OpenStep").objects.filter(rule__contains="前面环节之日")
    apps.get_model("cases", "Case").objects.filter(pk__in=spans.values("case")).update(
        next_change=models.F("opened_on")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_decisions_cited"),
    ]

    operations = [
        migrations.RunPython(have_the_index_written_anew, migrations.RunPython.noop),
    ]
