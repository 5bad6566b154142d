"""A store of an earlier version: filled, taken back to the first form of its tables, and read table by table without the models."""

import json
import sys
from datetime import UTC, date, datetime

from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tests.support.cast import assemble
from youwei.cases.commands import refresh
from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.cases.tests.builders import GROUP, MENTOR, UNPLANNED, moment
from youwei.cases.tests.tables import imported, line, several
from youwei.documents.commands import record
from youwei.journal.actors import SHELL, Actor
from youwei.organs.commands import enter_notice, trace

ROOMS = ("documents", "cases", "decisions", "intake", "people", "organs", "journal")
MOMENT = datetime(2026, 9, 29, 1, 30, 0, 123456, tzinfo=UTC)
DAYS = [{"on": "2027-01-01", "kind": "holiday", "name": "元旦"}]


def fill() -> None:
    """Something in every room."""
    cast = assemble()
    imported(cast, *several(4), line(姓名="温如许", 是否涉密="是", 决定文号="青密〔2026〕1号"))
    stamp = {"by": SHELL, "on": date(2026, 9, 29), "at": MOMENT}
    enter_notice(year=2027, source="通知", days=DAYS, organ=cast.commission, **stamp)
    refresh(Case.objects.order_by("pk"), today=MOMENT.date())  # as the job of a notice does
    trace(account=cast.officer, by="方知行", act="person.view", kind="person", ref=1, at=MOMENT)
    case = Case.objects.filter(procedure="jingzhou-visit").order_by("pk")[0]
    steps, day = pack_of(case).steps, date(2026, 3, 18)
    done = (("group", GROUP, ()), ("mentor", MENTOR, ()), ("unplanned", UNPLANNED, (("a.pdf", b"%PDF-1.7 scan"),)))
    for name, values, files in done:
        record(
            case=case, step=steps[name], key="", values=values, files=files, by=Actor(cast.officer.name, cast.officer.pk),
            account=cast.officer, on=day, at=moment(day), today=day,
        )  # fmt: skip


def back() -> None:
    """Take every room's tables back to the form of its first migration, but for the journal, which keeps its guards."""
    for room in ROOMS:
        call_command("migrate", room, "0001" if room != "journal" else "0002", verbosity=0, interactive=False)


def dump() -> None:
    """Every row of every table of the rooms, as the database has it."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        found = {}
        for table in sorted(
            model._meta.db_table
            for room in ROOMS
            for model in apps.get_app_config(room).get_models(include_auto_created=True)
        ):
            if table in there:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
                columns = [column[0] for column in cursor.description]
                rows = [
                    [bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for v in row] for row in cursor
                ]
                found[table] = [dict(zip(columns, row, strict=True)) for row in rows]
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    {"fill": fill, "back": back, "dump": dump}[sys.argv[-1]]()
