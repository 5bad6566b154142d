"""Cases and their index as the logs say they are: whose a case is, and, planned anew, its state, open steps, standing records and chains."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from youwei.cases import admission_proof, cohort, guiding_proof, index, logs, pack_proof
from youwei.cases.models import Case, ChainLink, Citation, Done, Exempted, Member, NotDone, OpenStep, Redating, Reply
from youwei.decisions.altering import CORRECTED
from youwei.engine.plan import plan
from youwei.engine.types import Entry
from youwei.journal.models import Entry as Written
from youwei.journal.models import EntryContent
from youwei.journal.proof import Table, Told, compare, plain, readable, strays
from youwei.journal.queries import Finding, Record, record
from youwei.organs import queries as organs
from youwei.organs.models import HolidayNotice
from youwei.rulebook.calendar import WorkCalendar, seed_calendar
from youwei.rulebook.pack_types import PackRef

CASES = Table(
    Case, "事项",
    {"procedure": "规程", "version": "规程版本", "pack_digest": "规程摘要", "title": "名称", "person_id": "人员", "subject_organ_id": "所在单位",
     "decision_id": "决定", "organ_id": "承办机关", "opened_on": "立项日期", "import_id": "所属导入", "state": "状态", "outcome": "结局",
     "outcome_title": "结局名称", "ended_on": "办结日期", "next_change": "下次变动日期", "counted": "统计口径", "told": "告知事项",
     "offered_to_id": "待接收机关", "sealed": "是否保密"},
)  # fmt: skip
STEPS = Table(
    OpenStep, "待办环节",
    {"case_id": "事项", "step": "环节", "key": "序号", "part": "会签", "kind": "种类", "title": "名称", "role": "角色", "role_title": "角色名称",
     "held_by": "岗位", "organ_id": "机关", "optional": "是否可选", "scheduled": "是否未到时间", "starts_on": "开始日期", "due_on": "到期日期",
     "late_from": "逾期起算", "limit_on": "最迟日期", "provisional": "是否暂定", "rule": "依据", "excuse": "未办原因"},
)  # fmt: skip
DONE = Table(
    Done, "已办环节",
    {"case_id": "事项", "step": "环节", "key": "序号", "kind": "种类", "title": "名称", "entry_seq": "记录", "on": "办理日期", "at": "登记日期",
     "outcome": "结果", "due_on": "到期日期", "late_from": "逾期起算", "late": "是否逾期", "unplanned": "是否计划外", "afterwards": "是否补录",
     "people": "参加人"},
)  # fmt: skip
LINKS = Table(
    ChainLink,
    "前后事项",
    {"parent_id": "事项", "child_id": "接续事项", "target": "记录", "procedure": "规程", "title": "名称"},
)
SAID = Table(
    NotDone, "说明未办",
    {"case_id": "事项", "step": "环节", "key": "序号", "part": "会签", "kind": "种类", "title": "名称", "entry_seq": "记录", "on": "说明日期",
     "ground": "原因", "due_on": "到期日期", "state": "后来"},
)  # fmt: skip
EXEMPTED = Table(
    Exempted, "免办事项",
    {"case_id": "事项", "step": "环节", "key": "序号", "kind": "种类", "title": "名称", "entry_seq": "记录", "on": "免办日期", "ground": "事由",
     "due_on": "到期日期"},
)  # fmt: skip
REPLIES = Table(
    Reply, "答复意见",
    {"case_id": "事项", "person_id": "人员", "step": "环节", "key": "序号", "entry_seq": "记录", "on": "办理日期", "intent": "使用意向",
     "answer": "查询结果", "words": "答复", "doubted": "须重新核对"},
)  # fmt: skip
CITATIONS = Table(
    Citation, "引用的决定",
    {"case_id": "事项", "decision_id": "决定", "step": "环节", "key": "序号", "entry_seq": "记录", "on": "办理日期"},
)  # fmt: skip
MEMBERS = Table(
    Member,
    "批次成员",
    {"batch_id": "批次", "place": "序号", "person_id": "人员", "decision_id": "决定", "organ_id": "单位", "case_id": "事项",
     "left_on": "退出日期"},
)  # fmt: skip
TABLES = (
    CASES, STEPS, DONE, SAID, EXEMPTED, REPLIES, CITATIONS, LINKS, MEMBERS, pack_proof.VERSIONS, guiding_proof.GUIDING, admission_proof.ADMITTED,
    admission_proof.ASKED,
)  # fmt: skip
ONE_DAY = timedelta(days=1)
#: How a row of the index is known: its case first.
KEYS = {
    STEPS: ("case_id", "step", "key", "part"),
    DONE: ("case_id", "entry_seq"),
    SAID: ("case_id", "entry_seq"),
    EXEMPTED: ("case_id", "entry_seq"),
    REPLIES: ("case_id", "entry_seq"),
    CITATIONS: ("case_id", "entry_seq", "decision_id"),
    LINKS: ("parent_id", "target", "procedure"),
    MEMBERS: ("batch_id", "place"),
}
Stored = Mapping[Table, Mapping[int, Sequence[Any]]]


class Prover:
    def __init__(self, today: date) -> None:
        self.today = today
        self.notices: list[HolidayNotice] | None = None
        self.calendars: dict[int, WorkCalendar] = {}

    def take(self, kind: str, logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
        if kind == "pack":
            yield from pack_proof.take(logs)
        if kind == "organ":
            yield from guiding_proof.take(logs)
        if kind != "case":
            return
        rows, broken = readable(CASES, Case.objects.filter(pk__in=list(logs)).order_by("pk"))
        yield from broken
        cases, unread = {row.pk: row for row in rows}, {each.row for each in broken}
        whose = _whose({ref: records for ref, records in logs.items() if records and records[0].kind == "opened"})
        stored: dict[Table, dict[int, list[Any]]] = {}
        for table, key in KEYS.items():
            found, broken = readable(table, table.model._base_manager.filter(**{f"{key[0]}__in": list(logs)}))
            yield from broken
            of_case = stored.setdefault(table, {})
            for row in found:
                of_case.setdefault(getattr(row, key[0]), []).append(row)
        for ref, told in whose.items():
            if ref in cases:
                yield from self._differences(cases[ref], told, logs[ref], stored)
            elif ref not in unread:
                yield from compare(CASES, [], [told])
        yield from compare(CASES, [(pk, row) for pk, row in cases.items() if pk not in whose], [])
        yield from admission_proof.take(logs)

    def close(self) -> Iterable[Finding]:
        yield from strays(CASES, "pk", "case")
        yield from strays(pack_proof.VERSIONS, "pk", "pack")
        yield from strays(guiding_proof.GUIDING, "organ_id", "organ")
        yield from strays(admission_proof.ADMITTED, "case_id", "case")
        yield from strays(admission_proof.ASKED, "case_id", "case")
        for table, key in KEYS.items():
            yield from strays(table, key[0], "case")

    def _differences(self, row: Case, told: Told, records: Sequence[Record], stored: Stored) -> list[Finding]:
        """What of a case is not as its log says, by a calendar that may have held when its index was written."""
        least: list[Finding] | None = None
        for calendar in self._may_have_held(row, records[-1]):
            found = list(self._compared(row, told, records, stored, calendar))
            least = found if least is None or len(found) < len(least) else least
            if not found:
                break
        return least or []

    def _compared(
        self, row: Case, told: Told, records: Sequence[Record], stored: Stored, calendar: WorkCalendar
    ) -> Iterator[Finding]:
        day, ref = self._day(row), PackRef(told.value("procedure"), told.value("version"))
        known = Told(told.place, told.key, dict(told.columns))
        if ref not in logs.packs():
            yield Finding(
                *told.place, 1, f"规程“{ref}”没有装入，无法核对这件事项", table=CASES.model._meta.db_table, row=row.pk
            )
        elif day is not None:
            derived = _derived(row.pk, ref, told.value("title"), records, calendar, day)
            known.say(records[-1], **{name: getattr(derived[CASES][0], name) for name in index.SUMMARY})
            known.say(records[0], sealed=bool(logs.packs()[ref].sealed_to))
            for table, key in KEYS.items():
                rows = [(_key(each, key), each) for each in stored[table].get(row.pk, ())]
                yield from compare(table, rows, [_told(told, each, table, key, records[-1]) for each in derived[table]])
        yield from compare(CASES, [(row.pk, row)], [known])

    def _day(self, row: Case) -> date | None:
        """The day for which the index of a case was written; None when an upgrade has left it to the next round to write it anew."""
        if row.next_change is None or row.next_change > self.today:
            return self.today
        return None if row.next_change == row.opened_on else row.next_change - ONE_DAY

    def _may_have_held(self, row: Case, last: Record) -> Iterator[WorkCalendar]:
        """The calendar of today; and, where a notice entered since does not move a case or has not yet, the ones before it."""
        self.notices = _notices() if self.notices is None else self.notices
        notices = list(self.notices)
        yield self._calendar(notices)
        moving = Redating.objects.filter(state=Redating.State.MOVING).exists()
        while notices and (moving or (row.state != Case.State.OPEN and notices[-1].at > last.at)):
            moving = False
            notices.pop()
            yield self._calendar(notices)

    def _calendar(self, notices: Sequence[HolidayNotice]) -> WorkCalendar:
        """With the first so many notices over those shipped, the newest of each year."""
        if len(notices) not in self.calendars:
            newest = {each.year: each for each in notices}
            self.calendars[len(notices)] = organs.with_notices(seed_calendar(), newest.values())
        return self.calendars[len(notices)]


def _notices() -> list[HolidayNotice]:
    """The notices as the logs say they were entered: a row altered by hand shall not make every date look wrong."""
    found = []
    for written in Written.objects.filter(kind="notice.entered").select_related("content").order_by("pk"):
        try:
            said = record(written)
            found.append(HolidayNotice(year=said.content["year"], days=said.content["days"], at=said.at))
        except (ValueError, LookupError, EntryContent.DoesNotExist):  # a broken entry is told with its log
            continue
    return found


def _derived(
    pk: int, ref: PackRef, title: str, records: Sequence[Record], calendar: WorkCalendar, day: date
) -> dict[Table, list[Any]]:
    """The rows of a case as its log gives them."""
    case = Case(pk=pk, procedure=ref.procedure, version=ref.version, title=title)
    entries: list[Entry] = [logs.entry(each) for each in records]
    found = plan(logs.packs(), entries, calendar, day)
    index.summarise(case, entries, found)
    return {
        CASES: [case], STEPS: index.steps_of(case, entries, found), DONE: index.done_of(case, entries, found),
        SAID: index.not_done_of(case, entries, found), EXEMPTED: index.exempted_of(case, entries, found), LINKS: index.links_of(case, entries, found),
        REPLIES: index.replies_of(case, entries, found), CITATIONS: index.citations_of(case, entries, found), MEMBERS: cohort.members_of(pk, records),
    }  # fmt: skip


def _key(row: Any, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(plain(getattr(row, name)) for name in key)


def _told(case: Told, row: Any, table: Table, key: Sequence[str], last: Record) -> Told:
    told = Told(case.place, _key(row, key))
    told.say(last, **{name: getattr(row, name) for name in table.columns})
    return told


def _whose(wholes: Mapping[int, Sequence[Record]]) -> dict[int, Told]:
    """Whose the cases are: as they were opened, as organs were merged since, and as their decisions were corrected."""
    found: dict[int, Told] = {}
    for pk, records in wholes.items():
        first, ref = records[0], PackRef.parse(records[0].to)
        found[pk] = told = Told(("case", pk), pk)
        told.say(
            first, procedure=ref.procedure, version=ref.version, opened_on=first.on, **first.content.get("case", {})
        )
    moved = _units_corrected(found.values())
    for pk, told in found.items():
        moves = moved.get(told.value("decision_id"), [])
        for each in sorted([*wholes[pk][1:], *moves], key=lambda each: each.id):
            if each.kind == CORRECTED:
                if told.value("subject_organ_id") == each.content["before"]["unit"]:
                    told.say(each, subject_organ_id=each.content["after"]["unit"])
            else:
                told.say(each, **each.content.get("case", {}))
    return found


def _units_corrected(told: Iterable[Told]) -> dict[int, list[Record]]:
    """The corrections of decisions that name another unit: the cases about it follow."""
    people = {each.value("person_id") for each in told} - {None}
    written = Written.objects.filter(log__kind="person", log__ref__in=people, kind=CORRECTED).select_related("content")
    found: dict[int, list[Record]] = {}
    for each in map(record, written):
        if each.content["after"].get("unit") is not None:
            found.setdefault(each.content["decision"], []).append(each)
    return found
