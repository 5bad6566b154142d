"""The page of a case says each thing once, shows the form as it is in this case, and leads to what is to be done."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.support.cast import Cast, organ
from youwei.cases.batches import open_batch
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.queries import as_asked, view
from youwei.cases.tests.builders import CLERK, act, begun, case_of, moment, record
from youwei.cases.tests.tianqiao import PROFILE, WORDS
from youwei.desk.cases.acting import item_of
from youwei.desk.cases.mapping import procedure_map
from youwei.desk.cases.shown import shown
from youwei.engine.conditions import ABSENT, UNKNOWN, narrowed
from youwei.organs.policy import reader
from youwei.rulebook.pack_types import Clause, Condition, Name, Op, Test

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 23)
GROUP = {"leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-19"}
PLAN = {"strategies": ["压担子"], "adjusted": "本人愿意", "steps": "谈一次"}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(moment(DAY), tick=False):
        yield


def page(cast: Cast, case: Case, step: str) -> str:
    client = Client()
    client.force_login(cast.officer)
    return client.get(reverse("case", args=[case.pk]), {"step": step}).content.decode()


def planned(cast: Cast, kind: str) -> Case:
    """Haishu's visits up to the plan, of a kind chosen with a reason."""
    organ("云川市委组织部", "organization", cast.city, "city")
    case = case_of(cast, "haishu-visit")
    record(case, "group", DAY, GROUP)
    record(case, "profile", DAY, {**PROFILE, "visit_kind": kind, "why_kind": "本人想谈"})
    record(case, "plan", DAY, PLAN)
    act(case, "sign", DAY, step="plan", part="organization", values={"opinion": "同意"})
    return case


@pytest.mark.req("I3")
def test_a_step_not_yet_due_says_so_once(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)
    said = page(cast, case, "assess")
    assert said.count("还没有到办理的时间") == 1
    assert "起才能办" not in said


@pytest.mark.req("I3")
def test_contacts_noted_at_any_time_owe_nothing_on_the_map(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)

    def states() -> dict[str, str]:
        return {box.id: box.state for box in procedure_map(view(case, DAY), None).boxes}

    assert states()["contact"] == "next"
    record(case, "contact", DAY, {**WORDS, "mode": "电话", "heard": ["本人"]})
    assert (states()["contact"], states()["visit"]) == ("done", "now")


@pytest.mark.req("I3")
def test_a_repeated_step_is_found_where_it_is_to_be_done(cast: Cast) -> None:
    case = planned(cast, "标准访")
    assert item_of(view(case, DAY), "first", "").key == "1"  # type: ignore[union-attr]
    put_off = {"outcome": "本人推迟", "people": ["方知行", "甘棠"], "contacted": True, "missed": "出差"}
    record(case, "first", DAY, put_off | {"again_on": date(2026, 3, 24)}, key="1")
    assert item_of(view(case, DAY), "first", "").key == "2"  # type: ignore[union-attr]
    assert item_of(view(case, DAY), "first", "1").key == "1"  # type: ignore[union-attr]


@pytest.mark.req("B4")
@pytest.mark.parametrize(
    ("kind", "asked"),
    [("标准访", set()), ("深度访", {"insight"}), ("暖心访", {"growth"})],
    ids=["plain", "deep", "warm"],
)
def test_a_field_that_another_step_has_ruled_out_is_not_in_the_form(cast: Cast, kind: str, asked: set[str]) -> None:
    case = planned(cast, kind)
    form = as_asked(view(case, DAY), view(case, DAY).pack.steps["first"], "1").form
    assert {"insight", "growth"} & form.keys() == asked
    for name in ("insight", "growth"):
        assert (f'name="{name}"' in page(cast, case, "first")) is (name in asked)
    for name in asked:  # what is left hangs on the outcome of the visit itself
        when = form[name].when
        assert when is not None
        assert [str(clause.name) for table in when.any_of for clause in table] == ["first.outcome"]


@pytest.mark.req("B4")
def test_of_a_condition_stays_what_hangs_on_the_step_itself() -> None:
    own, other = Clause(Name("mine", "a"), Test(Op.IS, ("x",))), Clause(Name("other", "b"), Test(Op.IS, ("y",)))
    both = Condition(((own, other),))
    assert narrowed(None, "mine", lambda _: ABSENT) is None
    assert narrowed(both, "mine", lambda _: "y") == Condition(((own,),))
    assert narrowed(both, "mine", lambda _: ABSENT) == Condition(())
    assert narrowed(both, "mine", lambda _: UNKNOWN) == both
    assert narrowed(Condition(((other,),)), "mine", lambda _: "y") is None
    assert narrowed(Condition(((own,), (other,))), "mine", lambda _: "z") == Condition(((own,),))


@pytest.mark.req("B2", "B8")
def test_what_is_approved_stands_beside_the_approval(cast: Cast) -> None:
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "tianqiao-year")
    batch = open_batch(pack=pack, name="2026年", organ=cast.commission, by=CLERK, on=DAY, at=moment(DAY), today=DAY)
    demands = [{"id": "a", "matter": "列入区委重要工作", "by": "区纪委", "due": date(2026, 4, 30)}]
    record(batch, "report", DAY, {"content": "专题汇报", "heard": "区委书记", "demands": demands})
    teams = [{"id": "a", "leader": "岑伯安", "members": "方知行", "units": "水利局"}]
    scheme = {"objects": "全体", "content": "思想认识", "demands": "不走过场", "teams": teams, "assessed": True}
    record(batch, "scheme", DAY, scheme)
    (before,) = shown(reader(cast.leader, DAY), view(batch, DAY), pack.steps["approve_scheme"])
    assert (before.title, before.on) == ("制定实施方案", DAY)
    assert ("回访要求", "不走过场") in before.fields
