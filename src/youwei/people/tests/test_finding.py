"""Finding a person by what a clerk has at hand (J7)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from youwei.journal.actors import SHELL
from youwei.organs.commands import create_organ
from youwei.organs.models import Organ
from youwei.people import commands, queries
from youwei.people.models import Person, Term
from youwei.people.terms import terms

pytestmark = pytest.mark.req("J7")
STAMP: dict[str, Any] = {"by": SHELL, "on": date(2026, 9, 29), "at": datetime(2026, 9, 29, 1, 30, tzinfo=UTC)}
IDENTITY = "990000197803152416"


@pytest.mark.parametrize(
    ("name", "sounds", "initials"),
    [
        ("单雄飞", "shanxiongfei", "sxf"), ("解云帆", "xieyunfan", "xyf"), ("仇望舒", "qiuwangshu", "qws"), ("查良木", "zhaliangmu", "zlm"),
        ("曾国柳", "zengguoliu", "zgl"), ("区小满", "ouxiaoman", "oxm"), ("朴一舟", "piaoyizhou", "pyz"), ("盖云川", "geyunchuan", "gyc"),
        ("万俟雪", "moqixue", "mqx"), ("尉迟远山", "yuchiyuanshan", "ycys"), ("吕一苇", "lvyiwei", "lyw"), ("吕一苇", "lyuyiwei", "lyw"),
        ("欧阳柳", "ouyangliu", "oyl"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_a_surname(name: str, sounds: str, initials: str) -> None:
    assert {sounds, initials} <= terms(name)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("单雄飞", "danxiongfei"), ("解云帆", "jieyunfan"), ("查良木", "chaliangmu"), ("曾国柳", "cengguoliu")],
)
def test_the_reading_a_surname_does_not_have_is_left_out(name: str, wrong: str) -> None:
    assert wrong not in terms(name)


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("乐平川", {"yuepingchuan", "lepingchuan"}),
        ("翟一行", {"zhaiyixing", "diyixing", "zhaiyihang"}),
        ("覃长乐", {"qinchangle", "qinzhangle", "tanchangle"}),
    ],
)
def test_a_character_with_several_readings_is_found_by_each(name: str, readings: set[str]) -> None:
    assert readings <= terms(name)


def test_a_name_gives_its_characters_its_pairs_and_itself() -> None:
    assert {"柳", "不", "凡", "柳不", "不凡", "柳不凡"} <= terms(" 柳不凡 ")
    assert {"阿依古丽", "ayiguli", "依古"} <= terms("阿依·古丽")
    assert terms("") == set()


@pytest.fixture
def people(db: None) -> Organ:
    organ = create_organ(name="云川市财政局", kind="department", parent=None, level="city", **STAMP)
    rows = [("单雄飞", ""), ("柳不凡", IDENTITY), ("柳不帆", ""), ("阿依·古丽", ""), ("吕一苇", ""), ("单凡", "")]
    commands.register_many([commands.build(organ=organ, name=name, identity=number) for name, number in rows], **STAMP)
    return organ


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("柳", {"柳不凡", "柳不帆"}), ("不凡", {"柳不凡"}), ("凡", {"柳不凡", "单凡"}), ("柳不凡", {"柳不凡"}), (" 柳 不 ", {"柳不凡", "柳不帆"}),
        ("shan", {"单雄飞", "单凡"}), ("SHANX", {"单雄飞"}), ("sxf", {"单雄飞"}), ("lbf", {"柳不凡", "柳不帆"}), ("liu bu", {"柳不凡", "柳不帆"}),
        ("阿依古丽", {"阿依·古丽"}), ("阿依·古丽", {"阿依·古丽"}), ("ayigu", {"阿依·古丽"}), ("lvyi", {"吕一苇"}), ("lüyi", {"吕一苇"}),
        ("ｓｘｆ", {"单雄飞"}), (IDENTITY, {"柳不凡"}), (f" {IDENTITY} ", {"柳不凡"}), ("９９００００１９７８０３１５２４１６", {"柳不凡"}),
        (IDENTITY[:17], set()), ("柳凡", set()), ("zzz", set()), ("", set()), ("   ", set()), ("%", set()), ("_", set()),
        ("柳%", {"柳不凡", "柳不帆"}),
        ("'; --", set()), ("凡不柳", set()), ("长" * 500, set()), ("\x00", set()),
    ],
)  # fmt: skip
def test_a_person_is_found_by_fragment_pinyin_initials_or_identity_number(
    people: Organ, text: str, names: set[str]
) -> None:
    assert {person.name for person in queries.find(text)} == names


def test_an_identity_number_ending_in_x_is_found_in_either_letter(people: Organ) -> None:
    commands.register_many([commands.build(organ=people, name="石听雨", identity="99000019780315241X")], **STAMP)
    for number in ("99000019780315241X", "99000019780315241x"):
        assert [person.name for person in queries.find(number)] == ["石听雨"]


@pytest.mark.parametrize("text", ["柳不凡", "柳", "liubu", IDENTITY, "没有的人"])
def test_a_search_is_one_query_however_many_there_are(people: Organ, text: str, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        list(queries.find(text).select_related("organ"))
    rows = [commands.build(organ=people, name=f"柳不凡{number}") for number in range(40)]
    commands.register_many(rows, **STAMP)
    with django_assert_num_queries(1):
        list(queries.find(text).select_related("organ"))


@pytest.mark.req("J4")
def test_persons_taken_back_with_their_import_are_found_no_more(people: Organ) -> None:
    commands.undo_registered(people=Person.objects.filter(name="柳不凡"), **STAMP)
    for text in ("柳不凡", "liubufan", IDENTITY):
        assert "柳不凡" not in {person.name for person in queries.find(text)}


def test_known_people_are_looked_up_in_bulk_with_one_query(people: Organ, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    index = Person.objects.get(name="柳不凡").id_index
    with django_assert_num_queries(1):
        assert [person.organ.name for person in queries.by_indexes([index, "", "x"])[index]] == ["云川市财政局"]
    with django_assert_num_queries(1):
        assert set(queries.by_names(["柳不凡", "单凡", "", "没有"])) == {"柳不凡", "单凡"}


@pytest.mark.django_db
def test_a_beginning_in_pinyin_is_read_from_the_index_and_not_by_walking_through_all_terms() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # few rows: the planner would rather read them all
    plan = Term.objects.filter(term__begins="xun").values("person").explain()
    assert "term_beginning" in plan
    if connection.vendor == "postgresql":
        assert "~>=~ 'xun'" in plan, "the range is the condition of the index, not a filter over all of it"
    else:
        assert "SEARCH" in plan
        assert "term>?" in plan
