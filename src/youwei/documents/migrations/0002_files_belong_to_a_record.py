"""A file is stored with its record, in one transaction: there is none without."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.AlterField("attachment", "entry_seq", models.PositiveIntegerField())]
