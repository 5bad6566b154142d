"""The race on Viewflow: each step is a person's task, assigned, started and executed as its own views do it, one transaction a step."""

from importlib.metadata import version

import django
from django.conf import settings
from steps import asked, modes, race, steps


def carry(number: int) -> None:
    """One case from its opening to its end."""
    with transaction.atomic():
        process = Race.begin.run()
    for name, written in steps(number):
        with transaction.atomic():
            task = Task.objects.select_related("process").get(
                process=process.pk, flow_task=getattr(Race, name), status="NEW"
            )
            with task.activation() as activation:
                activation.assign(person)
                activation.start(None)
                activation.process.data = {**activation.process.data, **written}
                activation.process.save(update_fields=["data"])
                activation.task.data = written
                activation.execute()
    process.refresh_from_db()
    if process.status != "DONE":
        raise SystemExit(f"case {number} did not come to its end: {process.status}")


folder, cases = asked()
settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow", "race"],
    DATABASES={"default": {
        "ENGINE": "django.db.backends.sqlite3", "NAME": folder / "viewflow.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"},
    }},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True,
)  # fmt: skip
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from race.flows import Race  # noqa: E402
from viewflow.workflow.models import Task  # noqa: E402

call_command("migrate", verbosity=0)
person = User.objects.create(username="person", is_superuser=True)
connection.ensure_connection()
race(carry, cases, name="Viewflow", version=version("django-viewflow"), **modes(connection.connection))
