"""Nothing that is typed in a sealed case lies anywhere in the store outside the seal: a copy of it is searched, table by table (E4)."""

import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tests.support.kept import Kept, Stage
from youwei.cases.commands import Rejected, act
from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.desk.tests.factories import MORNING, TODAY, signed_in
from youwei.desk.tests.test_sealed import FAMILY, Stand, build, head, let_in
from youwei.documents.models import Attachment, Paper
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.journal.queries import records, verify
from youwei.organs.models import Account, Role
from youwei.rulebook.pack_types import Field, FieldType

pytestmark = [pytest.mark.django_db, pytest.mark.req("E4", "I5")]
MARK = "暗号卯酉"
DAY = "2026-9-29"
CHOSEN: dict[str, dict[str, Any]] = {
    "inquire": {"fabricated": "yes", "intent": "yes"},
    "study": {"finding": "提请认定诬告陷害"},
    "determine": {"decision": "诬告陷害"},
    "consequence": {"public": "yes"},
}


@pytest.fixture(scope="module")
def kept_stand(stage: Stage) -> Kept[Stand]:
    return stage.lay(build)


@pytest.fixture
def stand(kept_stand: Kept[Stand], db: None) -> Stand:
    return kept_stand.copy()


def typed(field: Field) -> dict[str, Any]:
    """What a form sends for a field: the mark wherever words may be written."""
    match field.type:
        case FieldType.ROWS:
            cells = [typed(column) for column in field.of.values()]
            return {f"{field.id}-0-{name}": value for each in cells for name, value in each.items()}
        case FieldType.CHOICE:
            return {field.id: field.choices[0].id}
        case FieldType.DATE:
            return {field.id: DAY}
        case FieldType.YESNO:
            return {field.id: "yes"}
        case FieldType.NUMBER:
            return {field.id: "1"}
        case FieldType.FILE:
            return {}
        case FieldType.PERSON | FieldType.PEOPLE:
            return {field.id: f"{MARK}人", f"{field.id}-typed": f"{MARK}人"}
        case _:
            return {field.id: f"{MARK}{field.id}"}


def fill(who: Account, case: Case, step: str, key: str = "") -> None:
    """Record a step on its page with the mark in every text, after a draft of it, with a file that bears the mark."""
    values = {name: value for field in pack_of(case).steps[step].form.values() for name, value in typed(field).items()}
    values |= {"on": DAY, "key": key, **CHOSEN.get(step, {})}
    client, address = signed_in(who), f"/cases/{case.pk}"
    assert client.post(f"{address}/draft/{step}/", values).status_code == 204
    if step in ("register", "study"):
        assert found_in() == [], f"the draft of {step}"
    scan = SimpleUploadedFile(f"{MARK}{step}.pdf", b"%PDF-1.4 " + f"{MARK}{step}".encode())
    sent = client.post(f"{address}/record/{step}/", {**values, "seen": head(case), "attachments": scan})
    assert sent.status_code == 302, (step, sent.content.decode()[:4000])


def signed(who: Account, case: Case, step: str, part: str) -> None:
    said = {"part": part, "on": DAY, "verdict": "agree", "opinion": f"{MARK}同意", "seen": head(case)}
    assert signed_in(who).post(f"/cases/{case.pk}/sign/{step}/", said).status_code == 302


def steer(who: Account, case: Case, kind: str, **values: Any) -> None:
    sent = signed_in(who).post(
        f"/cases/{case.pk}/act/{kind}/", {"on": DAY, "reason": f"{MARK}{kind}", "seen": head(case), **values}
    )
    assert sent.status_code == 302, (kind, sent.content.decode()[:4000])


def found_in() -> list[tuple[str, str]]:
    """Table and column of every value in the store that holds the mark, as it is or as JSON writes it; what a session keeps is read."""
    found = []
    ways = (MARK, json.dumps(MARK).strip('"'))
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    raw = (
                        bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
                    )
                    found += [(table, name)] * any(way in raw for way in ways)
    found += [("session", "data") for each in Session.objects.all() if MARK in str(each.get_decoded())]
    return sorted(set(found))


def begun(stand: Stand) -> Case:
    start = f"/opening/office/{stand.place.commission.pk}/{FAMILY}/"
    assert signed_in(stand.clerk).post(start, {"on": DAY, "token": "sealed"}).status_code == 302
    return Case.objects.get(procedure=FAMILY)


def test_no_word_of_a_sealed_case_lies_outside_the_seal_from_its_opening_to_its_end(stand: Stand) -> None:
    case = begun(stand)
    fill(stand.clerk, case, "register")
    for each in (stand.leader, stand.city_clerk, stand.city_leader):
        let_in(case, each, stand.clerk)
    who = f"{stand.second.pk}-{Role.CASE_OFFICER}-{stand.place.commission.pk}"
    said = {"let-in": "1", "who": who, "reason": f"{MARK}准入"}
    assert signed_in(stand.clerk).post(f"/cases/{case.pk}/admissions/", said).status_code == 302
    fill(stand.leader, case, "start")
    steer(stand.clerk, case, "note")
    for step, key in (("request", "1"), ("reply", "1"), ("transfer", "1"), ("inquire", "")):
        fill(stand.clerk, case, step, key)
    seq = records("case", case.pk)[-1].seq
    steer(stand.clerk, case, "correct", target=seq, found=f"{MARK}更正", fabricated="yes", intent="yes")
    fill(stand.clerk, case, "study")
    signed(stand.second, case, "study", "petition")
    fill(stand.leader, case, "settle")
    fill(stand.clerk, case, "refer")
    fill(stand.city_clerk, case, "examine")
    fill(stand.city_leader, case, "determine")
    fill(stand.clerk, case, "consequence")
    steer(stand.leader, case, "exempt", step="gains", ground="没有因诬告取得利益")
    fill(stand.clerk, case, "shared")
    fill(stand.clerk, case, "circular")
    signed(stand.leader, case, "circular", "head")
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("ended", "malicious")
    assert MARK in str([record.content for record in records("case", case.pk)]), "it stands in the log, sealed"
    assert Paper.objects.filter(case=case).count() >= 9
    assert found_in() == []
    assert verify() == []


def test_why_it_was_broken_off_is_no_column_either_and_nobody_records_for_somebody_named(stand: Stand) -> None:
    case = begun(stand)
    stamp: dict[str, Any] = {"by": Actor(stand.clerk.name, stand.clerk.pk), "on": TODAY, "at": MORNING, "today": TODAY}
    with pytest.raises(Rejected, match="代录"):
        act(case=case, kind=EntryKind.RECORD, step="register", values={}, behalf=MARK, **stamp)
    act(case=case, kind=EntryKind.TERMINATED, reason=f"{MARK}立错", **stamp)
    case.refresh_from_db()
    assert (case.state, case.outcome_title) == ("terminated", "")
    assert f"终止：{MARK}立错" in signed_in(stand.clerk).get(f"/cases/{case.pk}/").content.decode()
    assert found_in() == []


def test_a_file_of_a_sealed_case_bears_a_number_and_not_the_name_it_came_with(stand: Stand) -> None:
    case = begun(stand)
    fill(stand.clerk, case, "register")
    assert list(Attachment.objects.filter(case=case).values_list("filename", flat=True)) == ["附件1.pdf"]


def test_the_search_of_the_store_finds_a_word_wherever_it_lies_open(stand: Stand) -> None:
    Case.objects.filter(pk=stand.open_case.pk).update(outcome_title=f"因{MARK}", told={"x": MARK})
    assert found_in() == [("cases_case", "outcome_title"), ("cases_case", "told")]
