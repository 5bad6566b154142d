"""On SQLite the triggers of stores made before this read the whole journal at every insert; they are made anew."""

from typing import ClassVar

from django.db import migrations

from youwei.journal import triggers


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        triggers.remove(schema_editor.connection)
        triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0003_logs_of_papers")]
    operations: ClassVar = [migrations.RunPython(forwards, migrations.RunPython.noop)]
