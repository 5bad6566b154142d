"""Acts on persons: registered in bulk, corrected once, changed with the old kept."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from youwei.journal.actors import SHELL, Actor
from youwei.journal.models import EntryContent
from youwei.journal.queries import records, verify
from youwei.organs.commands import create_organ
from youwei.organs.models import Organ
from youwei.people import commands, queries
from youwei.people.commands import Refused
from youwei.people.models import Person

DAY = date(2026, 9, 29)
STAMP: dict[str, Any] = {"by": SHELL, "on": DAY, "at": datetime(2026, 9, 29, 1, 30, tzinfo=UTC)}
IDENTITY = "990000197803152416"


def bureau(name: str = "云川市财政局") -> Organ:
    return create_organ(name=name, kind="department", parent=None, level="city", **STAMP)


def person(name: str = "柳不凡", **facts: Any) -> Person:
    organ = facts.pop("organ", None) or bureau()
    (made,) = commands.register_many([commands.build(organ=organ, name=name, **facts)], **STAMP)
    return made


@pytest.mark.django_db
@pytest.mark.req("J4", "J7")
def test_a_corrected_name_shows_at_once_and_the_old_spelling_still_finds_the_person() -> None:
    one = person("柳不帆")
    by = Actor("陈思源", 7)
    commands.correct_name(person=one, name="柳 步凡", reason="身份证为“步凡”", **{**STAMP, "by": by})
    one.refresh_from_db()
    assert one.name == "柳步凡"
    for text in ("柳不帆", "不帆", "liubufan", "lbf", "柳步凡", "步凡"):
        assert [found.name for found in queries.find(text)] == ["柳步凡"], text
    commands.correct_name(person=one, name="柳步樊", reason="再核", **STAMP)
    for text in ("不帆", "步凡", "步樊"):
        assert [found.name for found in queries.find(text)] == ["柳步樊"], text
    entry = records("person", one.pk)[1]
    assert (entry.kind, entry.by, entry.by_id) == ("person.corrected", "陈思源", 7)
    assert entry.content == {"name": {"from": "柳不帆", "to": "柳步凡"}, "reason": "身份证为“步凡”"}
    assert verify() == []


@pytest.mark.django_db
@pytest.mark.req("J4")
@pytest.mark.parametrize(
    ("name", "reason", "words"),
    [("", "笔误", "姓名：没有填写"), (" ", "笔误", "姓名：没有填写"), ("柳步凡", " ", "理由：没有填写"), ("柳不凡", "笔误", "与现在的一样"),
     ("柳 不凡", "笔误", "与现在的一样"), ("柳" * 65, "笔误", "超过64个字")],
)  # fmt: skip
def test_a_correction_without_name_reason_or_difference_is_refused_and_leaves_nothing(
    name: str, reason: str, words: str
) -> None:
    one = person()
    with pytest.raises(Refused, match=words):
        commands.correct_name(person=one, name=name, reason=reason, **STAMP)
    assert len(records("person", one.pk)) == 1
    assert not one.former_names.exists()


@pytest.mark.django_db
def test_a_long_reason_is_kept_whole_in_the_log() -> None:
    one = person()
    commands.correct_name(person=one, name="柳步凡", reason="因" * 500, **STAMP)
    assert records("person", one.pk)[1].content["reason"] == "因" * 500


@pytest.mark.django_db
@pytest.mark.req("J3")
def test_a_change_of_post_keeps_the_post_held_before() -> None:
    old = bureau()
    one, new = person(post="科长", organ=old), bureau("青溪区审计局")
    commands.update_facts(person=one, changes={"organ": new, "post": "副局长", "sex": ""}, **STAMP)
    one.refresh_from_db()
    assert (one.organ, one.post) == (new, "副局长")
    assert [(post.organ, post.title, post.ends_on) for post in one.posts.all()] == [(old, "科长", DAY)]
    assert records("person", one.pk)[1].content == {
        "organ": {"from": old.pk, "to": new.pk},
        "post": {"from": "科长", "to": "副局长"},
    }


@pytest.mark.django_db
def test_a_change_to_what_it_is_already_leaves_no_entry_and_a_name_goes_another_way() -> None:
    one = person(post="科长")
    commands.update_facts(person=one, changes={"post": "科长", "organ": one.organ}, **STAMP)
    assert len(records("person", one.pk)) == 1
    assert not one.posts.exists()
    with pytest.raises(ValueError, match="name"):
        commands.update_facts(person=one, changes={"name": "柳步凡"}, **STAMP)


@pytest.mark.django_db
@pytest.mark.req("J2")
def test_the_shelf_of_the_paper_file_is_kept_with_where_it_stood_before() -> None:
    one = person()
    commands.set_shelf(person=one, shelf=" 3-2-15 ", **STAMP)
    one.refresh_from_db()
    assert one.shelf == "3-2-15"
    assert records("person", one.pk)[1].content == {"from": "", "to": "3-2-15"}


@pytest.mark.django_db
@pytest.mark.req("I5")
def test_an_identity_number_is_sealed_opens_again_and_is_in_no_log() -> None:
    one = person(identity=IDENTITY)
    stored = Person.objects.get(pk=one.pk)
    assert stored.identity() == IDENTITY
    assert IDENTITY.encode() not in bytes(stored.id_sealed or b"")
    assert IDENTITY not in stored.id_index
    assert IDENTITY not in str([entry.content for entry in records("person", one.pk)])
    assert person("石听雨", organ=one.organ).identity() == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("I5")
def test_no_byte_of_an_identity_number_lies_in_the_file_of_the_store() -> None:
    one = person(identity=IDENTITY, name="柳不凡")
    commands.correct_name(person=one, name="柳步凡", reason="笔误记号甲乙丙", **STAMP)
    if connection.vendor == "sqlite":
        stored = b"".join(
            path.read_bytes() for path in Path(connection.settings_dict["NAME"]).parent.glob("test.sqlite3*")
        )
    else:
        stored = b"".join(_everything())
    assert "柳步凡".encode() in stored  # the look is a real one
    assert IDENTITY.encode() not in stored
    assert "笔误记号甲乙丙".encode() in stored  # the reason is also kept beside the former name
    sealed = b"".join(bytes(content.sealed) for content in EntryContent.objects.all())
    assert "笔误记号甲乙丙".encode() not in sealed


def _everything() -> list[bytes]:
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0].encode() for row in cursor.fetchall()]
        return found


@pytest.mark.django_db
def test_registering_many_costs_the_same_number_of_queries_for_one_and_for_a_hundred() -> None:
    organ = bureau()

    def cost(count: int, mark: str) -> int:
        rows = [commands.build(organ=organ, name=f"柳{mark}{'甲乙丙丁'[number % 4]}") for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            commands.register_many(rows, **STAMP)
        return len(captured)

    assert cost(30, "不") == cost(1, "听")
    assert cost(100, "望") <= cost(1, "云") + 5  # SQLite takes only so many values in one statement
    assert verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("born", "day", "age"),
    [(date(1980, 3, 15), date(2026, 3, 14), 45), (date(1980, 3, 15), date(2026, 3, 15), 46), (date(1980, 2, 29), date(2026, 2, 28), 45),
     (date(1980, 2, 29), date(2026, 3, 1), 46), (None, date(2026, 3, 1), None)],
)  # fmt: skip
def test_an_age_is_counted_in_full_years(born: date | None, day: date, age: int | None) -> None:
    assert Person(born_on=born).age_on(day) == age
