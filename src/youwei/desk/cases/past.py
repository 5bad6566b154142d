"""A case as it stood at the end of an earlier day: read from the same log and drawn on the same page, with nothing to do on it."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from youwei.cases import queries as cases
from youwei.cases.models import Case
from youwei.desk.cases import pages
from youwei.desk.people.records import facts_on
from youwei.journal.queries import records
from youwei.organs.policy import Reader
from youwei.ui.drawings.procedure_map import draw

READ_ONLY = {
    "acts": [],
    "may_record": False,
    "may_steer": False,
    "form": None,
    "chain": None,
    "on_paper": (),
    "may_care": False,
    "scannable": (),
    "withdrawable": (),
}


def past_page(who: Reader, case: Case, day: date, step: str, key: str) -> dict[str, Any]:
    """What the page of a case would have shown on that day; before the case was entered, only that it was not."""
    found = {"case": case, "past": day, "back": reverse("case", args=[case.pk])}
    if not records("case", case.pk, until=day):
        return found | {"unknown": True}
    view = cases.view(case, who.on, until=day)
    _name_then(case, day)
    page = pages.case_page(replace(who, on=day), view, step, key, past=True)
    drawn = replace(page["map"], boxes=[replace(box, url=_then(box.url, day)) for box in page["map"].boxes])
    if (as_list := page["listed"]) is not None:
        rows = tuple(replace(row, url=_then(row.url, day)) for row in as_list.rows)
        page["listed"] = replace(as_list, rows=rows, beside=())
    page |= {
        "map": drawn,
        "drawing": draw(drawn),
        "open_lines": [replace(line, url=_then(line.url, day)) for line in page["open_lines"]],
        "papers": [paper for paper in page["papers"] if timezone.localdate(paper.issued_at) <= day],
        "attachments": [file for file in page["attachments"] if timezone.localdate(file.uploaded_at) <= day],
    }
    return page | READ_ONLY | found | {"today": day}


def _then(url: str, day: date) -> str:
    """A link on the page of a past day stays in that day."""
    address, mark, place = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}on={day.isoformat()}{mark}{place}"


def _name_then(case: Case, day: date) -> None:
    """The person's name as it was written on that day; nothing is saved."""
    if case.person is not None:
        now = {"name": case.person.name}
        case.person.name = facts_on(now, records("person", case.person.pk), day)["name"]
