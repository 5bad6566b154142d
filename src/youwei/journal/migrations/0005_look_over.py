"""The function by which the application has PostgreSQL look over tables it does not own."""

from typing import ClassVar

from django.db import migrations

from youwei.journal import stores


def forwards(apps, schema_editor):
    stores.install(schema_editor.connection)


def backwards(apps, schema_editor):
    stores.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0004_triggers_look_up_by_index")]
    operations: ClassVar = [migrations.RunPython(forwards, backwards)]
