"""What is typed on the pages of lists, kept apart from the drafts of the case's own form: through a cut line, a closed window, an ended session."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from youwei.cases import commands, queries
from youwei.cases.models import Case
from youwei.desk.address import reader_of, whole
from youwei.desk.cases.forms import StepForm, draft_data, draft_of
from youwei.desk.cases.signing import draft_key
from youwei.desk.together.forms import ManyForm
from youwei.organs import clock

NAMES, ROWS = "names", "rows"


def keep(request: HttpRequest, case: Case, step: str, part: str, key: str = "") -> None:
    commands.save_draft(
        account=reader_of(request).account, case=case, step=step, key=draft_key(part, key), text=draft_of(request.POST), at=clock.now()
    )  # fmt: skip


def drop(request: HttpRequest, case: Case, step: str, part: str, key: str = "") -> None:
    commands.drop_draft(account=reader_of(request).account, case=case, step=step, key=draft_key(part, key))


def _kept(request: HttpRequest, case: Case, step: str, part: str, key: str) -> tuple[Any, datetime] | None:
    found = queries.draft(reader_of(request).account, case, step, draft_key(part, key))
    return None if found is None else (draft_data(found[0]), found[1])


def with_names(request: HttpRequest, case: Case, step: str, form: StepForm, key: str) -> int | None:
    """Put what was pasted and typed back into the form. Returns the last entry that was known when it was typed."""
    kept = _kept(request, case, step, NAMES, key)
    if kept is None:
        return None
    _fill(form, kept[0], form.prefix or "")
    form.kept_at = kept[1]
    return whole(kept[0], "seen")


def with_rows(request: HttpRequest, case: Case, step: str, form: ManyForm) -> datetime | None:
    """Put what was chosen for each row back; rows that were not there keep what is suggested. Returns when it was kept."""
    kept = _kept(request, case, step, ROWS, "")
    if kept is None:
        return None
    for each in (form.shared, *form.rows):
        _fill(each, kept[0], each.prefix or "")
    return kept[1]


def _fill(form: Any, data: Any, prefix: str) -> None:
    for name, field in form.fields.items():
        sent = form.add_prefix(name)
        if not prefix or any(each.startswith(sent) for each in data):
            form.initial[name] = field.widget.value_from_datadict(data, {}, sent)
