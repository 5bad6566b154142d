"""Organs on pages: who may look and change, what a change brings with it, what stays as it was recorded."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse

from youwei.cases.models import Case, OpenStep
from youwei.cases.queries import view
from youwei.decisions.models import Decision
from youwei.desk.organs import acting
from youwei.desk.safekeeping.proving import prove
from youwei.desk.tests.factories import (
    CLERK,
    EARLIER,
    MORNING,
    TODAY,
    City,
    decide,
    holder,
    open_case,
    organ,
    person,
    signed_in,
)
from youwei.journal.queries import records, verify
from youwei.organs.changes import Ground
from youwei.organs.commands import create_account, grant
from youwei.organs.models import Organ, OrganName, Role
from youwei.organs.queries import names_on
from youwei.people.models import Person
from youwei.statistics.answers import figures_json

pytestmark = [pytest.mark.django_db, pytest.mark.req("I8")]
PAPER = "云编〔2026〕3号"
SENT = {"on": "2026-9-1", "paper": PAPER}


@pytest.fixture
def admin(place: City) -> Client:
    return signed_in(holder(Role.SYSTEM_ADMIN, place.city, "system", "系统管理员"))


@pytest.fixture
def officer(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission, "clerk"))


def fresh(which: Organ) -> Organ:
    return Organ.objects.get(pk=which.pk)


def confirm(client: Client, which: Organ, act: str, given: dict[str, Any]) -> Any:
    """Through the preview, sending back what it carries."""
    url = reverse("organ-change", args=[which.pk, act])
    shown = client.post(url, given)
    assert shown.status_code == 200, shown.content.decode()
    assert "还没有保存" in shown.content.decode()
    context = shown.context
    return client.post(url, {**given, "confirmed": "yes", "seen": context["seen"], "token": context["token"]})


def test_the_tree_is_listed_with_kind_management_former_names_and_days(place: City, admin: Client) -> None:
    Organ.objects.filter(pk=place.unit.pk).update(managed_by=place.city, starts_on=date(2019, 1, 1))
    OrganName.objects.create(organ=place.unit, name="青溪区建设局", ends_on=date(2018, 12, 31))
    html = admin.get(reverse("organs")).content.decode()
    for words in (
        "青溪区住房和城乡建设局",
        "机关部门",
        "曾用名：青溪区建设局（至2018年12月31日）",
        "2019年1月1日起",
        "云川市纪委监委",
    ):
        assert words in html
    found = admin.get(reverse("organs"), {"q": "区建设局"})
    assert [row.organ for row in found.context["rows"]] == [place.unit]
    inside = admin.get(reverse("organs"), {"region": place.other_district.pk}).context["rows"]
    assert {row.organ.name for row in inside} == {"临湖县", "临湖县纪委监委", "临湖县水务局"}


def test_an_officer_looks_at_the_organs_in_reach_and_changes_none(place: City, officer: Client) -> None:
    assert {row.organ.name for row in officer.get(reverse("organs")).context["rows"]} == {
        "青溪区", "青溪区纪委监委", "青溪区住房和城乡建设局",
    }  # fmt: skip
    assert officer.get(reverse("organ", args=[place.unit.pk])).status_code == 200
    assert "机构变更" not in officer.get(reverse("organ", args=[place.unit.pk])).content.decode()
    assert officer.get(reverse("organ", args=[place.other_unit.pk])).status_code == 404
    district = officer.get(reverse("organ", args=[place.district.pk])).content.decode()
    assert reverse("organ", args=[place.city.pk]) not in district, "no link leads out of reach"
    assert "云川市" in district


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_changes_organs(place: City, role: Role) -> None:
    client = signed_in(holder(role, place.commission))
    before = Organ.objects.count()
    for name, arguments in (("organ-new", []), ("organ-roster", []), ("organ-change", [place.unit.pk, "rename"])):
        assert client.get(reverse(name, args=arguments)).status_code == 404
        assert client.post(reverse(name, args=arguments), {"name": "某某局", "kind": "department"}).status_code == 404
    looks = role in {Role.CASE_OFFICER, Role.LEADER, Role.UPPER_VIEWER}
    assert client.get(reverse("organs")).status_code == (200 if looks else 404)
    moves = role == Role.CASE_OFFICER
    assert client.get(reverse("organ-people", args=[place.unit.pk])).status_code == (200 if moves else 404)
    assert Organ.objects.count() == before


def test_an_organ_is_entered_by_hand(place: City, admin: Client) -> None:
    sent = {"name": "青溪区税务局", "kind": "department", "level": "county", "parent": "青溪区", "managed_by": "云川市"}
    answer = admin.post(reverse("organ-new"), {**sent, "starts_on": "2018年7月5日", "paper": PAPER})
    made = Organ.objects.get(name="青溪区税务局")
    assert answer["Location"] == reverse("organ", args=[made.pk])
    assert (made.parent, made.managed_by, made.starts_on) == (place.district, place.city, date(2018, 7, 5))
    assert "依据：云编〔2026〕3号" in admin.get(reverse("organ", args=[made.pk])).content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "请填写"),
        ({"name": "青溪区纪委监委"}, "name", "已在这一级"),
        ({"parent": "没有的区"}, "parent", "没有“没有的区”"),
        ({"kind": "衙门"}, "kind", "不在可选项里"),
        ({"starts_on": "2027-1-1"}, "starts_on", "2026年9月29日"),
    ],
)
def test_a_wrong_entry_is_told_at_its_field(
    place: City, admin: Client, changes: dict[str, str], field: str, words: str
) -> None:
    sent = {"name": "青溪区税务局", "kind": "department", "level": "county", "parent": "青溪区", **changes}
    before = Organ.objects.count()
    answer = admin.post(reverse("organ-new"), sent)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert Organ.objects.count() == before


def test_a_renamed_organ_is_found_by_both_names_and_its_records_stay_its_own(
    place: City, admin: Client, officer: Client
) -> None:
    someone = person(place.unit)
    decision = decide(someone, place.commission, "党内警告")
    assert confirm(admin, place.unit, "rename", {**SENT, "name": "青溪区住建局"}).status_code == 302
    assert "青溪区住建局" in officer.get(reverse("person", args=[someone.pk])).content.decode()
    assert Decision.objects.get(pk=decision.pk).unit == place.unit
    for text in ("青溪区住建局", "住房和城乡建设"):
        assert [row.organ for row in officer.get(reverse("organs"), {"q": text}).context["rows"]] == [place.unit]
    then = officer.get(reverse("person", args=[someone.pk]), {"on": "2026-8-31"}).content.decode()
    assert "青溪区住房和城乡建设局" in then
    assert "青溪区住建局" not in then
    shown = officer.get(reverse("decision", args=[decision.pk])).content.decode()
    assert "青溪区住房和城乡建设局 建设管理科科长" in shown, "decided in March, renamed in September"
    assert names_on([place.unit.pk], date(2026, 9, 1)) == {place.unit.pk: "青溪区住建局"}


@pytest.mark.req("J3")
def test_open_cases_people_and_roles_follow_the_successor_in_the_middle_of_a_case(place: City, admin: Client) -> None:
    heir = organ("青溪区城市管理局", "department", place.district)
    someone = person(place.unit)
    decision = decide(someone, place.commission, "党内严重警告")
    case = open_case(decision)
    due = {step.step: step.due_on for step in OpenStep.objects.filter(case=case)}
    unit = signed_in(holder(Role.UNIT, place.unit, "unit"))
    theirs = signed_in(holder(Role.UNIT, heir, "heir"))
    assert [
        unit.get(reverse("case", args=[case.pk])).status_code,
        theirs.get(reverse("case", args=[case.pk])).status_code,
    ] == [200, 404]
    answer = confirm(admin, place.unit, "merge", {**SENT, "into": "青溪区城市管理局"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.subject_organ, Person.objects.get().organ) == (heir, heir)
    assert [(post.organ, post.ends_on) for post in someone.posts.all()] == [(place.unit, date(2026, 8, 31))]
    told = records("case", case.pk)[-1]
    assert (told.kind, told.on, told.content["values"]) == ("facts", date(2026, 9, 1), {"organ.subject": str(heir.pk)})
    assert told.content["reason"] == "青溪区住房和城乡建设局并入青溪区城市管理局（云编〔2026〕3号，2026年9月1日起）"
    assert {step.step: step.due_on for step in OpenStep.objects.filter(case=case)} == due, "nobody is late by a merger"
    assert not OpenStep.objects.filter(case=case, organ=place.unit).exists()
    assert view(case, TODAY).plan.outcome is None
    decision.refresh_from_db()
    assert decision.unit == place.unit, "the record says where it was"
    assert [client.get(reverse("case", args=[case.pk])).status_code for client in (unit, theirs)] == [200, 200]
    assert verify() == []


@pytest.mark.req("J3")
def test_when_the_office_itself_is_merged_its_cases_are_its_successors(place: City, admin: Client) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    ended = open_case(decide(person(place.unit, "季长安"), place.commission, "党内警告", number="青纪发〔2026〕20号"))
    Case.objects.filter(pk=ended.pk).update(state=Case.State.ENDED)
    department = organ("临湖县委组织部", "organization", place.other_district)
    clerk = signed_in(holder(Role.CASE_OFFICER, place.commission, "clerk"))
    other = signed_in(holder(Role.CASE_OFFICER, place.other_commission, "other"))
    assert other.get(reverse("case", args=[case.pk])).status_code == 404
    assert confirm(admin, place.commission, "merge", {**SENT, "into": "临湖县纪委监委"}).status_code == 302
    case.refresh_from_db()
    ended.refresh_from_db()
    assert (case.organ, ended.organ) == (place.other_commission, place.commission)
    held = records("case", case.pk)[-1].content["values"]
    assert held["organ.case"] == held["organ.deciding"] == str(place.other_commission.pk)
    assert held["organ.organization"] == str(department.pk)
    steps = OpenStep.objects.filter(case=case)
    assert steps.exists()
    assert not steps.filter(organ=place.commission).exists()
    for client in (clerk, other):
        assert [client.get(reverse("case", args=[each.pk])).status_code for each in (case, ended)] == [200, 200]


def test_figures_over_a_merger_count_where_the_record_says(place: City, admin: Client) -> None:
    decide(person(place.unit), place.commission, "党内警告")
    decide(person(place.other_unit, "季长安"), place.other_commission, "党内警告")

    def counted(where: Organ) -> Any:
        return figures_json(where, date(2026, 1, 1), TODAY, today=TODAY)["measures"]["decisions"]["value"]

    before = [counted(where) for where in (place.city, place.district, place.other_district)]
    assert before == [2, 1, 1]
    confirm(admin, place.commission, "merge", {**SENT, "into": "临湖县纪委监委"})
    confirm(admin, place.district, "merge", {**SENT, "into": "临湖县"})
    assert fresh(place.unit).path.startswith(place.other_district.path)
    assert [counted(fresh(where)) for where in (place.city, place.district, place.other_district)] == before
    heirs = signed_in(holder(Role.LEADER, place.other_commission, "leader"))
    answer = heirs.get(reverse("figures"), {"organ": place.district.pk, "from": "2026-1-1", "to": "2026-9-29"})
    assert (answer.status_code, "青溪区" in answer.content.decode()) == (200, True)


def test_the_preview_shows_numbers_and_roles_and_no_person_under_sanction(place: City, admin: Client) -> None:
    organ("青溪区城市管理局", "department", place.district)
    open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    holder(Role.UNIT, place.unit, "unit", "建设局党组")
    html = admin.post(
        reverse("organ-change", args=[place.unit.pk, "merge"]), {**SENT, "into": "青溪区城市管理局"}
    ).content.decode()
    for words in ("1人转为青溪区城市管理局的人员", "0件由它办理、1件与它有关的在办事项", "建设局党组 所在单位党组织"):
        assert words in html
    assert "许南舟" not in html
    assert fresh(place.unit).ends_on is None


def test_what_changed_since_the_preview_is_looked_at_again(place: City, admin: Client) -> None:
    url = reverse("organ-change", args=[place.unit.pk, "rename"])
    given = {**SENT, "name": "青溪区住建局"}
    shown = admin.post(url, given).context
    confirm(admin, place.unit, "rename", {**SENT, "name": "青溪区建设局"})
    late = admin.post(url, {**given, "confirmed": "yes", "seen": shown["seen"], "token": shown["token"]})
    assert late.status_code == 422
    assert "请重新核对后再确认" in late.content.decode()
    assert fresh(place.unit).name == "青溪区建设局"


def test_a_double_click_is_one_change(place: City, admin: Client) -> None:
    url = reverse("organ-change", args=[place.unit.pk, "rename"])
    given = {**SENT, "name": "青溪区住建局"}
    shown = admin.post(url, given).context
    sent = {**given, "confirmed": "yes", "seen": shown["seen"], "token": shown["token"]}
    assert [admin.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert fresh(place.unit).former_names.count() == 1
    url = reverse("organ-change", args=[place.unit.pk, "merge"])
    given = {**SENT, "into": "青溪区纪委监委", "on": "2026-9-2"}
    shown = admin.post(url, given).context
    sent = {**given, "confirmed": "yes", "seen": shown["seen"], "token": shown["token"]}
    assert [admin.post(url, sent)["Location"] for _ in range(2)] == [reverse("organ", args=[place.unit.pk])] * 2
    assert [entry.kind for entry in records("organ", place.unit.pk)].count("organ.merged") == 1


@pytest.mark.parametrize(
    ("act", "given", "words"),
    [
        ("rename", {"name": "青溪区纪委监委"}, "已在这一级"),
        ("merge", {"into": "青溪区住房和城乡建设局"}, "不能并入自己"),
        ("merge", {"into": "没有"}, "没有“没有”"),
        ("place", {"parent": "青溪区", "managed_by": ""}, "都没有改动"),
        ("split", {"name": "", "kind": "department", "parent": "青溪区"}, "请填写"),
        ("abolish", {}, "还有1件在办事项"),
        ("rename", {"name": "新局", "on": "2027-1-1"}, "2026年9月29日"),
        ("rename", {"name": "新局", "paper": ""}, "请填写"),
        ("rename", {"name": "\x00"}, "不能保存的字符"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words_and_what_was_typed_stays(
    place: City, admin: Client, act: str, given: dict[str, str], words: str
) -> None:
    open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    answer = admin.post(reverse("organ-change", args=[place.unit.pk, act]), {**SENT, **given})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert (PAPER in answer.content.decode()) == (given.get("paper", PAPER) == PAPER)
    assert (fresh(place.unit).name, fresh(place.unit).ends_on) == ("青溪区住房和城乡建设局", None)


def test_a_split_organ_takes_chosen_units_along_and_people_are_moved_by_an_officer(
    place: City, admin: Client, officer: Client
) -> None:
    station, office = organ("质监站", "school", place.unit), organ("测绘站", "school", place.unit)
    someone, stays = person(place.unit), person(place.unit, "季长安")
    case = open_case(decide(someone, place.commission, "党内严重警告"))
    given = {**SENT, "name": "青溪区规划局", "kind": "department", "parent": "青溪区", "children": [str(office.pk)]}
    assert confirm(admin, place.unit, "split", given).status_code == 302
    made = Organ.objects.get(name="青溪区规划局")
    assert (fresh(office).parent, fresh(station).parent, made.starts_on) == (made, place.unit, date(2026, 9, 1))
    url = reverse("organ-people", args=[place.unit.pk])
    assert officer.post(url, {**SENT, "people": [someone.pk], "to": "青溪区规划局"}).status_code == 302
    someone.refresh_from_db()
    stays.refresh_from_db()
    case.refresh_from_db()
    assert (someone.organ, stays.organ, case.subject_organ) == (made, place.unit, made)
    assert records("case", case.pk)[-1].content["values"] == {"organ.subject": str(made.pk)}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to": "临湖县水务局"}, "不在您的工作范围内"),
        ({"to": "青溪区住房和城乡建设局"}, "就是现在的单位"),
        ({"people": []}, "请至少选择一项"),
        ({"people": ["999999"]}, "不在可选项里"),
    ],
)
def test_people_are_not_moved_out_of_reach_or_nowhere(
    place: City, officer: Client, changes: dict[str, Any], words: str
) -> None:
    someone = person(place.unit)
    sent = {**SENT, "people": [someone.pk], "to": "青溪区纪委监委", **changes}
    answer = officer.post(reverse("organ-people", args=[place.unit.pk]), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    someone.refresh_from_db()
    assert someone.organ == place.unit


def roster(*rows: tuple[str, ...]) -> io.BytesIO:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((("名称", "上级", "类别", "级别", "干部管理机关"), *rows)):
            sheet.write_row(number, 0, row)
    out.seek(0)
    out.name = "名录.xlsx"
    return out


def test_a_roster_is_shown_before_it_is_entered(place: City, admin: Client) -> None:
    rows = (("青溪区税务局", "青溪区", "", "", "云川市"), ("青溪区", "云川市", "", "", ""))
    before = Organ.objects.count()
    shown = admin.post(reverse("organ-roster"), {"file": roster(*rows)})
    assert "新建1个，已有1个" in shown.content.decode()
    assert Organ.objects.count() == before
    answer = admin.post(reverse("organ-roster"), {"packed": shown.context["roster"].packed})
    assert answer.status_code == 302
    assert str(Organ.objects.get(name="青溪区税务局").managed_by) == "云川市"


def test_a_faulty_roster_is_refused_by_its_row_and_one_tampered_with_is_not_taken(place: City, admin: Client) -> None:
    before = Organ.objects.count()
    answer = admin.post(reverse("organ-roster"), {"file": roster(("财政局", "白鹭市", "", "", ""))})
    assert answer.status_code == 422
    assert "第2行 上级：没有“白鹭市”" in answer.content.decode()
    answer = admin.post(reverse("organ-roster"), {"packed": "nonsense"})
    assert answer.status_code == 422
    assert "请重新上传" in answer.content.decode()
    assert admin.post(reverse("organ-roster"), {}).status_code == 422
    assert Organ.objects.count() == before


@pytest.mark.parametrize("page", ["list", "one", "people", "preview"])
def test_the_pages_make_a_fixed_number_of_queries(
    place: City, admin: Client, officer: Client, page: str, django_assert_max_num_queries: Any
) -> None:
    heir = organ("青溪区城市管理局", "department", place.district)
    ask: dict[str, Callable[[], Any]] = {
        "list": lambda: admin.get(reverse("organs")),
        "one": lambda: admin.get(reverse("organ", args=[place.unit.pk])),
        "people": lambda: officer.get(reverse("organ-people", args=[place.unit.pk])),
        "preview": lambda: admin.post(
            reverse("organ-change", args=[place.unit.pk, "rename"]), {**SENT, "name": "新局"}
        ),
    }
    with django_assert_max_num_queries(40) as few:
        ask[page]()
    for number in range(12):
        child = organ(f"站{number}", "school", place.unit)
        OrganName.objects.create(organ=child, name=f"旧站{number}", ends_on=date(2020, 1, 1))
        Organ.objects.filter(pk=child.pk).update(managed_by=heir)
        someone = person(place.unit, f"甘岭{number}")
        open_case(decide(someone, place.commission, "党内严重警告", number=f"青纪发〔2026〕{number}号"))
    with django_assert_max_num_queries(40) as many:
        ask[page]()
    assert len(many) == len(few)


@pytest.mark.req("J3", "J5")
def test_after_every_kind_of_change_all_rows_are_as_the_logs_say(place: City) -> None:
    heir, station = organ("青溪区城市管理局", "department", place.district), organ("质监站", "school", place.unit)
    someone, other = person(place.unit), person(place.unit, "季长安")
    open_case(decide(someone, place.commission, "党内严重警告"))
    unit = create_account(username="unit", name="建设局党组")
    grant(account=unit, role=Role.UNIT, organ=place.unit, by=CLERK, on=TODAY, at=EARLIER)
    ground = Ground(on=date(2026, 9, 1), paper=PAPER, by=CLERK, today=TODAY, at=MORNING)
    old = organ("青溪区扶贫办", "department", place.district)
    split: dict[str, Any] = {
        "name": "青溪区规划局",
        "kind": "department",
        "parent": place.district,
        "children": [station.pk],
    }
    done = (
        ("rename", place.unit, {"name": "青溪区住建局"}),
        ("split", place.unit, split),
        ("place", place.other_unit, {"parent": place.district, "managed_by": place.city}),
        ("abolish", old, {}),
        ("merge", place.unit, {"into": heir}),
        ("merge", place.commission, {"into": place.other_commission}),
    )
    for act, which, given in done:
        acting.carry_out(acting.ACTS[act], fresh(which), given, ground)
    other.refresh_from_db()
    acting.transfer(people=[other], to=Organ.objects.get(name="青溪区规划局"), ground=ground)
    assert [str(finding) for finding in prove(TODAY)] == []


def test_siblings_stand_by_kind_and_then_as_they_were_entered_whatever_their_numbers(
    place: City, admin: Client
) -> None:
    """Sorted by the text of their paths, the tenth organ would stand before the second."""
    made = [organ(f"青溪区第{number}中学", "school", place.district) for number in range(1, 13)]
    office = organ("青溪区委组织部", "organization", place.district)
    names = [row.organ.name for row in admin.get(reverse("organs"), {"region": place.district.pk}).context["rows"]]
    assert names == [
        "青溪区", place.commission.name, office.name, place.unit.name, *(each.name for each in made)
    ]  # fmt: skip


def test_the_page_of_a_merged_organ_says_what_went_and_what_stayed(place: City, admin: Client) -> None:
    heir = organ("青溪区自然资源局", "department", place.district)
    confirm(admin, place.unit, "merge", {"into": heir.name, **SENT})
    page = admin.get(reverse("organ", args=[place.unit.pk])).content.decode()
    assert f"在办的事项、岗位和下级单位都转到了{heir.name}" in page
    assert "没有下级单位" not in page
