from django.db import migrations


def say_only_what_the_pack_says(apps, schema_editor):
    """Why a case was broken off is read in its log, which is sealed."""
    apps.get_model("cases", "Case").objects.filter(state="terminated").exclude(outcome_title="").update(
        outcome_title=""
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0019_titles_without_rows"),
    ]

    operations = [
        migrations.RunPython(say_only_what_the_pack_says, migrations.RunPython.noop),
        migrations.RemoveField(model_name="member", name="left_because"),
    ]
