"""Acts on persons. Each leaves an entry in the person's log."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append, append_many
from youwei.journal.queries import Record, records
from youwei.journal.sealing import blind_index, seal_text
from youwei.journal.stores import for_each, store
from youwei.organs.models import Organ
from youwei.people.models import FormerName, Person, Post, Term
from youwei.people.terms import terms

CHUNK = 500
LONGEST_NAME = 64
LONGEST_REASON = 200
UNTITLED = "（未填）"
FACTS = (
    "name",
    "sex",
    "ethnicity",
    "born_on",
    "politics",
    "joined_on",
    "kind",
    "rank",
    "managed_by",
    "post",
    "standing",
)
CHANGEABLE = frozenset(FACTS) - {"name"} | {"organ", "born_day_known"}


class Refused(ValueError):
    """An act that cannot be done, with the reason and the remedy in Chinese."""


def build(*, organ: Organ, identity: str = "", import_id: int | None = None, **facts: Any) -> Person:
    """A person not yet stored; the identity number is sealed at once."""
    person = Person(organ=organ, import_id=import_id, **facts)
    if identity:
        person.id_sealed = seal_text(identity, place="person.id")
        person.id_index = blind_index(identity)
    return person


@transaction.atomic
def register_many(people: Iterable[Person], *, by: Actor, on: date, at: datetime) -> list[Person]:
    """Store new persons, their terms and the first entry of each one's log."""
    stored = list(store(list(people)))
    found = ((person.pk, term) for person in stored for term in sorted(terms(person.name)))
    for_each("INSERT INTO people_term (person_id, term) VALUES (%s, %s)", found)
    append_many(Act("person", person.pk, "person.registered", content(person), by, on, at) for person in stored)
    return stored


def content(person: Person) -> dict[str, Any]:
    """What the log keeps of a person: the facts and the index of the identity number, never the number."""
    return {name: getattr(person, name) for name in FACTS} | {
        "organ": person.organ_id, "id_index": person.id_index, "born_day_known": person.born_day_known,
        "shelf": person.shelf, "import": person.import_id,
    }  # fmt: skip


@transaction.atomic
def correct_name(*, person: Person, name: str, reason: str, by: Actor, on: date, at: datetime) -> None:
    """Correct a misspelt name, once, everywhere it is shown; issued papers stay as issued (J4), and the old spelling still finds the person."""
    name = "".join(name.split())
    if not name:
        raise Refused("姓名：没有填写；请填写正确的姓名")
    if len(name) > LONGEST_NAME:
        raise Refused(f"姓名：超过{LONGEST_NAME}个字；请核对")
    if not reason.strip():
        raise Refused("理由：没有填写；请写明为什么更正")
    if name == person.name:
        raise Refused("姓名：与现在的一样；不需要更正")
    append(
        Act(
            "person",
            person.pk,
            "person.corrected",
            {"name": {"from": person.name, "to": name}, "reason": reason.strip()},
            by,
            on,
            at,
        )
    )
    FormerName.objects.create(person=person, name=person.name, changed_on=on, reason=reason.strip()[:LONGEST_REASON])
    person.name = name
    person.save(update_fields=["name"])
    wanted = terms(name) | {term for former in person.former_names.all() for term in terms(former.name)}
    known = set(person.terms.values_list("term", flat=True))
    Term.objects.bulk_create([Term(person=person, term=term) for term in sorted(wanted - known)])


@transaction.atomic
def update_facts(*, person: Person, changes: Mapping[str, Any], by: Actor, on: date, at: datetime) -> None:
    """Changed facts (another post, another unit): the newer ones hold, the older stay in the log and among the posts.

    A name is not among them: it is corrected with `correct_name`, which keeps the old spelling findable.
    """
    if not set(changes) <= CHANGEABLE:
        raise ValueError(f"not facts of a person: {sorted(set(changes) - CHANGEABLE)}")
    changes = {name: value for name, value in changes.items() if getattr(person, name) != value}
    if not changes:
        return
    before = {name: getattr(person, name) for name in changes}
    if "organ" in changes or "post" in changes:
        person.posts.create(organ=person.organ, title=person.post or UNTITLED, ends_on=on)
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=sorted(changes))
    plain = {name: {"from": _plain(before[name]), "to": _plain(value)} for name, value in changes.items()}
    append(Act("person", person.pk, "person.changed", plain, by, on, at))


@transaction.atomic
def move_many(*, people: Iterable[Person], to: Organ, by: Actor, on: date, at: datetime) -> int:
    """Persons belong to another organ from a day on, each with the same post; the old one stays among the posts. Returns how many."""
    rows = list(people)
    last = on - timedelta(days=1)
    Post.objects.bulk_create(
        [Post(person=row, organ_id=row.organ_id, title=row.post or UNTITLED, ends_on=last) for row in rows], CHUNK
    )
    append_many(
        Act(
            "person",
            row.pk,
            "person.changed",
            {"organ": {"from": row.organ_id, "to": to.pk}, "post_until": last},
            by,
            on,
            at,
        )
        for row in rows
    )
    for start in range(0, len(rows), CHUNK):
        Person.objects.filter(pk__in=[row.pk for row in rows[start : start + CHUNK]]).update(organ=to)
    return len(rows)


@transaction.atomic
def transfer(
    *, person: Person, to: Organ, post: str, managed_by: str, paper: str, by: Actor, on: date, at: datetime
) -> None:
    """One person goes to another unit or post from a day on; what was held until then stays among the posts. `paper` says by what."""
    new = {"organ": to, "post": post.strip(), "managed_by": managed_by}
    changes = {name: value for name, value in new.items() if getattr(person, name) != value}
    if not {"organ", "post"} & changes.keys():
        raise Refused("调到哪个单位：单位和职务都没有变；请填写新的单位或职务")
    content: dict[str, Any] = {
        name: {"from": _plain(getattr(person, name)), "to": _plain(value)} for name, value in changes.items()
    }
    last = on - timedelta(days=1)
    person.posts.create(organ=person.organ, title=person.post or UNTITLED, ends_on=last)
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=sorted(changes))
    append(Act("person", person.pk, "person.changed", {**content, "post_until": last, "paper": paper}, by, on, at))


@transaction.atomic
def take_post(*, person: Person, organ: Organ, title: str, paper: str, by: Actor, on: date, at: datetime) -> Post:
    """A second post beside the first, from a day on (兼任)."""
    title = title.strip()
    if person.service:
        raise Refused(f"兼任：{person.name}已{person.get_service_display()}；请核对")
    if person.posts.filter(organ=organ, title=title, ends_on=None).exists() or (organ, title) == (
        person.organ,
        person.post,
    ):
        raise Refused(f"兼任职务：已经任{organ.name}{title}；不必重复登记")
    row = person.posts.create(organ=organ, title=title, starts_on=on)
    append(
        Act("person", person.pk, "person.post_taken", {"organ": organ.pk, "title": title, "paper": paper}, by, on, at)
    )
    return row


@transaction.atomic
def end_post(*, post: Post, paper: str, by: Actor, on: date, at: datetime) -> None:
    """A second post ends: the day before is its last."""
    if post.starts_on is None or post.ends_on is not None:
        raise Refused("免兼：这项兼任已经结束；请刷新页面")
    if on <= post.starts_on:
        raise Refused("生效日期：不晚于兼任开始之日；请核对日期")
    post.ends_on = on - timedelta(days=1)
    post.save(update_fields=["ends_on"])
    said = {"organ": post.organ_id, "title": post.title, "starts_on": post.starts_on, "paper": paper}
    append(Act("person", post.person_id, "person.post_ended", said, by, on, at))


@transaction.atomic
def leave(*, person: Person, service: str, paper: str, by: Actor, on: date, at: datetime) -> None:
    """Retired, gone from public service, or dead, since a day. Whoever has retired or left may yet die; nothing follows death."""
    if person.service in (service, Person.Service.DIED):
        raise Refused(f"去向：已经登记为{person.get_service_display()}；登记错了的，请先撤回")
    content = _service(person, service, on)
    person.save(update_fields=["service", "service_on"])
    append(Act("person", person.pk, "person.left", {**content, "paper": paper}, by, on, at))


@transaction.atomic
def take_back_leaving(*, person: Person, reason: str, by: Actor, on: date, at: datetime) -> datetime:
    """It was entered wrongly: the person is as before. Returns the moment it had been entered."""
    told = last_leaving(person)
    if told is None or not person.service:
        raise Refused("撤回：没有可以撤回的登记；请刷新页面")
    since = told.content["service_on"]["from"]
    content = _service(person, told.content["service"]["from"], date.fromisoformat(since) if since else None)
    person.save(update_fields=["service", "service_on"])
    said = {**content, "entry": told.seq, "reason": reason}
    append(Act("person", person.pk, "person.left_withdrawn", said, by, on, at))
    return told.at


def _service(person: Person, service: str, on: date | None) -> dict[str, Any]:
    """Set what became of a person, and tell it with what it was before."""
    content = {
        "service": {"from": person.service, "to": service},
        "service_on": {"from": person.service_on, "to": on},
    }
    person.service, person.service_on = service, on
    return content


def last_leaving(person: Person) -> Record | None:
    """The entry that says what became of the person, standing."""
    gone: set[int] = set()
    for told in reversed(records("person", person.pk)):
        if told.kind == "person.left_withdrawn":
            gone.add(told.content["entry"])
        elif told.kind == "person.left" and told.seq not in gone:
            return told
    return None


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Organ) else value


@transaction.atomic
def set_shelf(*, person: Person, shelf: str, by: Actor, on: date, at: datetime) -> None:
    """Where the paper file stands (J2)."""
    append(Act("person", person.pk, "person.shelf", {"from": person.shelf, "to": shelf.strip()}, by, on, at))
    person.shelf = shelf.strip()
    person.save(update_fields=["shelf"])


@transaction.atomic
def undo_registered(*, people: Iterable[Person], by: Actor, on: date, at: datetime) -> None:
    """Take back persons that came with an import; their logs say so and stay."""
    rows = list(people)
    append_many(Act("person", person.pk, "person.undone", {"import": person.import_id}, by, on, at) for person in rows)
    Person.objects.filter(pk__in=[person.pk for person in rows]).update(state=Person.State.UNDONE)
    Term.objects.filter(person__in=rows).delete()
