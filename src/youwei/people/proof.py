"""Persons, their former names and posts, as their logs say they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from youwei.journal.proof import Table, Told, compare, plain, readable, strays
from youwei.journal.queries import Finding, Record
from youwei.journal.sealing import blind_index
from youwei.people.commands import FACTS
from youwei.people.models import FormerName, Person, Post

PERSONS = Table(
    Person, "人员",
    {field.name: str(field.verbose_name) for field in Person._meta.fields if field.name in FACTS}
    | {"organ_id": "单位", "born_day_known": "出生日期是否知道日", "id_sealed": "身份证号", "id_index": "身份证号", "shelf": "纸质档案架号",
       "state": "状态", "import_id": "所属导入", "service": "去向", "service_on": "去向日期"},
    {"id_sealed": lambda row: blind_index(row.identity()) if row.id_sealed is not None else ""},
)  # fmt: skip
NAMES = Table(FormerName, "曾用名", {"person_id": "人员", "name": "姓名", "changed_on": "更正日期", "reason": "理由"})
POSTS = Table(
    Post,
    "曾任职务",
    {"person_id": "人员", "organ_id": "单位", "title": "职务", "starts_on": "开始日期", "ends_on": "截止日期"},
)
TABLES = (PERSONS, NAMES, POSTS)
LONGEST_REASON = FormerName._meta.get_field("reason").max_length


class Prover:
    def take(self, kind: str, logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
        if kind != "person":
            return
        told: dict[Table, list[Told]] = {table: [] for table in TABLES}
        for ref, records in logs.items():
            _fold(ref, records, told)
        for table, column in ((PERSONS, "pk"), (NAMES, "person_id"), (POSTS, "person_id")):
            rows, broken = readable(table, table.model._base_manager.filter(**{f"{column}__in": list(logs)}))
            yield from broken
            yield from compare(table, [(_key(table, row), row) for row in rows], told[table])

    def close(self) -> Iterable[Finding]:
        yield from strays(PERSONS, "pk", "person")
        yield from strays(NAMES, "person_id", "person")
        yield from strays(POSTS, "person_id", "person")


def _key(table: Table, row: Any) -> Any:
    """A person is known by its number, a name or post borne before by all that the log says of it."""
    return row.pk if table is PERSONS else tuple(plain(getattr(row, name)) for name in table.columns)


def _fold(ref: int, records: Sequence[Record], told: Mapping[Table, list[Told]]) -> None:
    person = Told(("person", ref), ref)
    for record in records:
        said = record.content
        if record.kind == "person.registered":
            person.say(record, **_registered(said))
            told[PERSONS].append(person)
        elif record.kind == "person.corrected":
            old = {
                "person_id": ref,
                "name": said["name"]["from"],
                "changed_on": record.on,
                "reason": said["reason"][:LONGEST_REASON],
            }
            _held(told, NAMES, ref, record, old)
            person.say(record, name=said["name"]["to"])
        elif record.kind == "person.changed":
            changes = {name: change for name, change in said.items() if isinstance(change, Mapping)}
            if changes.keys() & {"organ", "post"}:
                title = person.value("post") or "（未填）"
                until = said.get("post_until", record.on)
                _held(told, POSTS, ref, record, {
                    "person_id": ref, "organ_id": person.value("organ_id"), "title": title, "starts_on": None, "ends_on": until
                })  # fmt: skip
            person.say(record, **{_column(name): change["to"] for name, change in changes.items()})
        elif record.kind == "person.post_taken":
            taken = {
                "person_id": ref,
                "organ_id": said["organ"],
                "title": said["title"],
                "starts_on": record.on,
                "ends_on": None,
            }
            _held(told, POSTS, ref, record, taken)
        elif record.kind == "person.post_ended":
            _ended(told[POSTS], ref, record)
        elif record.kind in ("person.left", "person.left_withdrawn"):
            person.say(record, service=said["service"]["to"], service_on=said["service_on"]["to"])
        elif record.kind == "person.shelf":
            person.say(record, shelf=said["to"])
        elif record.kind == "person.undone":
            person.say(record, state=Person.State.UNDONE)


def _ended(posts: Iterable[Told], ref: int, record: Record) -> None:
    """The second post that ends: the entry names it by organ, title and first day. What names a row tells its last day too."""
    said = record.content
    wanted = (said["organ"], said["title"], plain(said["starts_on"]), None)
    for told in posts:
        now = tuple(plain(told.value(name)) for name in ("organ_id", "title", "starts_on", "ends_on"))
        if told.value("person_id") == ref and now == wanted:
            told.say(record, ends_on=record.on - timedelta(days=1))
            told.key = tuple(plain(told.value(name)) for name in POSTS.columns)


def _registered(said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a person just registered; what an older entry does not keep is not compared."""
    found = {name: said[name] for name in (*FACTS, "born_day_known", "shelf") if name in said}
    if "import" in said:
        found["import_id"] = said["import"]
    return found | {
        "organ_id": said["organ"], "id_index": said["id_index"], "id_sealed": said["id_index"], "state": Person.State.ACTIVE,
        "service": "", "service_on": None,
    }  # fmt: skip


def _column(name: str) -> str:
    return "organ_id" if name == "organ" else name


def _held(told: Mapping[Table, list[Told]], table: Table, ref: int, record: Record, columns: Mapping[str, Any]) -> None:
    before = Told(("person", ref), tuple(plain(each) for each in columns.values()))
    before.say(record, **columns)
    told[table].append(before)
