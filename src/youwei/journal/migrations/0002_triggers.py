"""Triggers that refuse to alter the journal, on either store."""

from typing import ClassVar

from django.db import migrations

from youwei.journal import triggers


def forwards(apps, schema_editor):
    triggers.install(schema_editor.connection)


def backwards(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(forwards, backwards)]
