"""A letter that asks about people: names pasted, recognised, checked on one page, signed, approved, answered, and told in the files."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from pytest_django import DjangoAssertNumQueries
from xlsxwriter import Workbook

from youwei.cases import following
from youwei.cases.commands import NewCase, open_many
from youwei.cases.facts import person_facts
from youwei.cases.logs import packs
from youwei.cases.models import Case, OpenStep, Reply
from youwei.decisions.altering import Doing, Review
from youwei.desk.names.reading import read_text
from youwei.desk.tests.factories import CLERK, TODAY, City, decide, holder, person, signed_in
from youwei.documents.models import Paper
from youwei.intake.identity import check_digit
from youwei.journal.actors import Actor
from youwei.journal.queries import records, verify
from youwei.organs import clock
from youwei.organs.models import Account, Role
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("D1")]
LETTER = "eligibility-reply"


def identity(number: int, born: str = "19800505") -> str:
    """An invented number of a region that there is not."""
    start = f"990101{born}{number:03d}"
    return start + check_digit(start)


def xlsx(lines: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    return out.getvalue()


@pytest.fixture
def clerk(place: City) -> Account:
    return holder(Role.CASE_OFFICER, place.commission, "clerk")


@pytest.fixture
def client(clerk: Account) -> Client:
    return signed_in(clerk)


@pytest.fixture
def letter(client: Client, place: City) -> Case:
    url = f"/opening/letter/{place.commission.pk}/{LETTER}/"
    sent = {"on": "2026-9-29", "letter-from": "青溪区委组织部", "letter-number": "青组函〔2026〕8号", "token": "t"}
    assert client.post(url, sent).status_code == 302
    return Case.objects.get(procedure=LETTER)


def register(client: Client, case: Case, names: str, **more: str) -> int:
    sent = {
        "on": "2026-9-29",
        "received_on": "2026-9-29",
        "intent": "晋升职务",
        "post": "局长",
        "pasted": names,
        "token": f"n{len(names)}",
        **more,
    }
    return client.post(f"/cases/{case.pk}/names/register/", sent).status_code


def rows(case: Case) -> list[dict[str, object]]:
    (record,) = [each for each in records("case", case.pk) if each.step == "register"]
    found: list[dict[str, object]] = record.content["values"]["people"]
    return found


def test_a_letter_is_opened_under_its_number_and_there_may_be_many(client: Client, letter: Case, place: City) -> None:
    assert letter.title == "征求意见函的核查和答复：青组函〔2026〕8号"
    assert (letter.person, letter.subject_organ) == (None, place.commission)
    url = f"/opening/letter/{place.commission.pk}/{LETTER}/"
    assert (
        client.post(url, {"on": "2026-9-29", "letter-from": "县里", "letter-number": "9号", "token": "u"}).status_code
        == 302
    )
    assert Case.objects.filter(procedure=LETTER).count() == 2
    answer = client.post(url, {"on": "2026-9-29", "letter-from": "县里", "token": "v"})
    assert answer.status_code == 422
    assert "来函文号" in answer.content.decode()
    assert client.get(f"/opening/of/{LETTER}/").headers["Location"] == url


def test_names_are_recognised_by_identity_number_and_the_number_is_not_kept(
    client: Client, letter: Case, place: City
) -> None:
    known = person(place.unit, "许南舟", identity=identity(1))
    assert (
        register(
            client,
            letter,
            f"姓名\t单位\t身份证号\n许南舟\t区住建局\t{identity(1)}\n沈望\t区住建局\t{identity(2)}\n郑秋\t\t",
        )
        == 302
    )
    first, second, third = rows(letter)
    assert (first["matched"], first["person"]) == ("身份证号一致", {"id": str(known.pk), "name": "许南舟"})
    assert (second["matched"], "person" in second) == ("身份证号系统内没有", False)
    assert (third["matched"], "person" in third) == ("没有身份证号", False)
    assert identity(1) not in str(records("case", letter.pk))
    assert identity(2) not in str(records("case", letter.pk))
    assert set(OpenStep.objects.filter(case=letter, step="identify").values_list("key", flat=True)) == {"2", "3"}


def test_a_table_is_uploaded_instead_and_not_both(client: Client, letter: Case, place: City) -> None:
    known = person(place.unit, "许南舟", identity=identity(1))
    table = xlsx(
        [["序号", "姓名", "工作单位", "身份证号码"], [1, "许南舟", "区住建局", identity(1)], [2, "郑秋", "", ""]]
    )
    sent = {"on": "2026-9-29", "received_on": "2026-9-29", "intent": "晋升职务", "token": "x"}
    url = f"/cases/{letter.pk}/names/register/"
    both = client.post(url, {**sent, "pasted": "郑秋", "list_file": SimpleUploadedFile("名单.xlsx", table)})
    assert "只用一种" in both.content.decode()
    broken = client.post(url, {**sent, "list_file": SimpleUploadedFile("名单.xlsx", b"PK\x03\x04")})
    assert broken.status_code == 422
    assert client.post(url, {**sent, "list_file": SimpleUploadedFile("名单.xlsx", table)}).status_code == 302
    assert [(row["name"], row.get("person")) for row in rows(letter)] == [
        ("许南舟", {"id": str(known.pk), "name": "许南舟"}),
        ("郑秋", None),
    ]


def test_a_number_of_somebody_else_stops_the_list(client: Client, letter: Case, place: City) -> None:
    person(place.unit, "许南舟", identity=identity(1))
    assert register(client, letter, f"许南州 区住建局  {identity(1)}") == 422
    assert not [each for each in records("case", letter.pk) if each.step == "register"]


def test_whoever_is_out_of_reach_is_not_recognised(client: Client, letter: Case, place: City) -> None:
    person(place.other_unit, "许南舟", identity=identity(1))
    assert register(client, letter, f"许南舟\t{identity(1)}") == 302
    assert rows(letter)[0]["matched"] == "身份证号系统内没有"


def test_bad_lines_are_named_and_what_was_typed_is_kept(client: Client, letter: Case) -> None:
    sent = {
        "on": "2026-9-29",
        "received_on": "2026-9-29",
        "intent": "晋升职务",
        "pasted": "张三\t甲局\n\t\n123456\n李四\t甲局\t99010119800505",
        "token": "n",
    }
    answer = client.post(f"/cases/{letter.pk}/names/register/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "第3行：" in text
    assert "第4行：" in text
    assert "18位" in text
    assert "李四" in text
    assert register(client, letter, "") == 422


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1\t张三\t水务局\n2\t李四", [("张三", "水务局"), ("李四", "")]),
        ("姓名,单位\n张 三,水务局", [("张三", "水务局")]),
        ("单位\t姓名\n水务局\t买买提·艾力", [("买买提·艾力", "水务局")]),
        ("张三，水务局；科长", [("张三", "水务局")]),
    ],
)
def test_lists_are_read_however_they_were_laid_out(text: str, found: list[tuple[str, str]]) -> None:
    read = read_text(text)
    assert ([(each.name, each.unit) for each in read.people], read.faults) == (found, ())


def test_five_hundred_are_the_most_and_twice_the_same_is_told() -> None:
    assert "一次最多500人" in read_text("\n".join(f"张{chr(0x4E00 + number)}" for number in range(501))).faults[0]
    assert "完全相同" in read_text("张三\t甲局\n张三\t甲局").faults[0]
    assert read_text("张三\t甲局\n张三\t乙局").faults == ()


def identify(client: Client, case: Case, **chosen: str) -> int:
    sent = {"on": "2026-9-29", "token": f"i{len(chosen)}"} | {
        f"r{key[1:]}-person": value for key, value in chosen.items()
    }
    return client.post(f"/cases/{case.pk}/rows/identify/", sent).status_code


def check(client: Client, case: Case, token: str = "c", **chosen: str) -> tuple[int, str]:
    sent = {"on": "2026-9-29", "token": token} | {f"r{key[1:]}-reply": value for key, value in chosen.items()}
    answer = client.post(f"/cases/{case.pk}/rows/check/", sent)
    return answer.status_code, answer.content.decode()


def test_a_name_alone_is_settled_by_a_named_person_and_never_chosen_beforehand(
    client: Client, letter: Case, place: City
) -> None:
    mine, other = person(place.unit, "许南舟", identity=identity(1)), person(place.unit, "许南舟", post="科员")
    register(client, letter, "许南舟\t区住建局\n沈望")
    page = client.get(f"/cases/{letter.pk}/rows/identify/").content.decode()
    assert f'value="{mine.pk}"' in page
    assert f'value="{other.pk}"' in page
    assert not re.search(rf'value="({mine.pk}|{other.pk})" selected', page)
    assert 'value="none" selected' in page  # nobody on the roll is called 沈望: there is nothing to choose between
    assert identify(client, letter, r2="none") == 422
    assert identify(client, letter, r1=str(other.pk), r2="none") == 302
    found = [each for each in records("case", letter.pk) if each.step == "identify"]
    assert [(each.key, each.by, each.content["values"]["person"]["id"]) for each in found] == [
        ("1", "陈思远", str(other.pk)),
        ("2", "陈思远", ""),
    ]
    assert identify(client, letter, r1=str(mine.pk)) == 404  # nothing is left to identify


@pytest.mark.req("K1")
def test_one_page_checks_all_and_refuses_what_the_rule_refuses(client: Client, letter: Case, place: City) -> None:
    barred, free = person(place.unit, "许南舟", identity=identity(1)), person(place.unit, "沈望", identity=identity(2))
    decide(barred, place.commission, "党内警告")  # 2026年3月12日起一年，至2027年3月11日
    decide(free, place.commission, "党内警告", made_on=date(2024, 3, 12), number="青纪发〔2024〕2号")
    register(client, letter, f"许南舟\t{identity(1)}\n沈望\t{identity(2)}\n郑秋")
    identify(client, letter, r3="none")
    page = client.get(f"/cases/{letter.pk}/rows/check/").content.decode()
    assert "2027年3月12日起按日期不再受限" in page
    assert "2024" not in page.split("<table")[1]
    status, text = check(client, letter, r1="无不同意见", r2="无不同意见", r3="无不同意见")
    assert status == 422
    assert "期内不得的" in text
    assert not [each for each in records("case", letter.pk) if each.step == "check"]  # none, not two of three
    assert check(client, letter, "d", r1="影响期、处分期未满", r2="无不同意见", r3="系统内未见记录")[0] == 302
    kept = {each.key: each.content["values"]["answer"] for each in records("case", letter.pk) if each.step == "check"}
    assert {key: each["answer"] for key, each in kept.items()} == {"1": "不得", "2": "可以", "3": "未见记录"}
    assert kept["1"]["until"] == "2027-03-12"
    assert kept["1"]["basis"]
    assert kept["1"]["on"] == "2026-09-29"
    assert kept["2"]["reasons"] == []
    assert kept["2"]["says"] == ""
    log = client.get(f"/cases/{letter.pk}/").content.decode()
    assert "不得（2026年3月12日的党内警告" in log, "the record tells what the rulebook answered"
    assert "（删去）" not in log
    replies = Reply.objects.order_by("key").values_list("person__name", "answer", "words")
    assert list(replies) == [("许南舟", "不得", "影响期、处分期未满"), ("沈望", "可以", "无不同意见")]


def test_another_person_is_not_put_under_an_answer_that_stands(client: Client, letter: Case, place: City) -> None:
    one, two = person(place.unit, "许南舟"), person(place.unit, "许南舟", post="科员")
    register(client, letter, "许南舟")
    identify(client, letter, r1=str(one.pk))
    assert check(client, letter, r1="系统内未见记录")[0] == 302
    (seq,) = [each.seq for each in records("case", letter.pk) if each.step == "identify"]
    answer = client.post(
        f"/cases/{letter.pk}/act/withdraw/", {"target": seq, "on": "2026-9-29", "reason": "认错了人", "token": "w"}
    )
    assert answer.status_code == 422
    assert "请先撤回" in answer.content.decode()
    assert two.pk


def whole(client: Client, case: Case, place: City) -> Client:
    """From the check to the reply, in the accounts it takes."""
    commission = place.commission
    petition = signed_in(holder(Role.CASE_OFFICER, commission, "petition", "信访甲"))
    supervision = signed_in(holder(Role.CASE_OFFICER, commission, "supervision", "监督乙"))
    leader = signed_in(holder(Role.LEADER, commission, "leader", "岑伯安"))
    base = f"/cases/{case.pk}"
    client.post(f"{base}/record/gather/", {"on": "2026-9-29", "summary": "共二人", "token": "g", "seen": "99"})
    for signer, part in ((petition, "petition"), (supervision, "supervision")):
        sent = {"on": "2026-9-29", "part": part, "opinion": "同意", "verdict": "agree", "token": part, "seen": "99"}
        signer.post(f"{base}/sign/gather/", sent)
    leader.post(f"{base}/record/approve/", {"on": "2026-9-29", "opinion": "同意", "token": "a", "seen": "99"})
    sent = {"on": "2026-9-29", "number": "青纪函〔2026〕3号", "to": "青溪区委组织部", "token": "r", "seen": "99"}
    client.post(f"{base}/record/reply/", sent)
    case.refresh_from_db()
    return leader


def test_the_reply_is_a_word_letter_and_stands_in_each_file(client: Client, letter: Case, place: City) -> None:
    known = person(place.unit, "许南舟", identity=identity(1))
    decide(known, place.commission, "党内警告")
    register(client, letter, f"许南舟\t区住建局\t{identity(1)}\n郑秋\t区住建局")
    identify(client, letter, r2="none")
    check(client, letter, r1="影响期、处分期未满", r2="系统内未见记录")
    whole(client, letter, place)
    assert (letter.state, letter.outcome) == ("ended", "replied")
    (paper,) = Paper.objects.filter(case=letter)
    document = Document(io.BytesIO(paper.data()))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["1", "许南舟", "区住建局", "影响期、处分期未满"] in [row[:4] for row in cells]
    assert ["2", "郑秋", "区住建局", "系统内未见记录", "系统内未见记录"] in cells
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "系统内未见记录，不等于" in text
    assert "{" not in text
    assert "青组函〔2026〕8号" in str(cells)
    file = client.get(f"/people/{known.pk}/").content.decode()
    assert "青组函〔2026〕8号" in file
    assert "晋升职务：影响期、处分期未满" in file


@pytest.mark.req("I5")
@pytest.mark.parametrize("role", [Role.UNIT, Role.MENTOR, Role.UPPER_VIEWER, Role.ORGANIZATION])
def test_nobody_else_registers_or_checks(letter: Case, place: City, role: Role) -> None:
    other = signed_in(holder(role, place.commission, "other"))
    for path in (f"/cases/{letter.pk}/names/register/", f"/cases/{letter.pk}/rows/check/"):
        assert other.get(path).status_code == 404
    far = signed_in(holder(Role.CASE_OFFICER, place.other_commission, "far"))
    assert far.get(f"/cases/{letter.pk}/names/register/").status_code == 404


def test_the_page_of_all_asks_as_often_for_thirty_as_for_three(
    client: Client, letter: Case, place: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = f"/opening/letter/{place.commission.pk}/{LETTER}/"
    client.post(url, {"on": "2026-9-29", "letter-from": "县里", "letter-number": "9号", "token": "u"})
    longer = Case.objects.filter(procedure=LETTER).latest("pk")
    for number in range(30):
        one = person(place.unit, "许南舟", identity=identity(number + 1))
        if number % 3 == 0:
            decide(one, place.commission, "党内警告", number=f"青纪发〔2026〕{number}号")
    for case, count in ((letter, 3), (longer, 30)):
        register(
            client, case, "\n".join(f"许南舟\t{identity(number + 1)}" for number in range(count)), token=f"q{count}"
        )
        with django_assert_num_queries(14):
            assert client.get(f"/cases/{case.pk}/rows/check/").status_code == 200


@pytest.mark.req("A6")
def test_a_reply_given_before_its_decision_was_withdrawn_is_marked(client: Client, letter: Case, place: City) -> None:
    known = person(place.unit, "许南舟", identity=identity(1))
    decision = decide(known, place.commission, "党内警告")
    other = person(place.unit, "沈望", identity=identity(2))
    decide(other, place.commission, "党内警告", number="青纪发〔2026〕20号")
    register(client, letter, f"许南舟\t{identity(1)}\n沈望\t{identity(2)}")
    check(client, letter, r1="影响期、处分期未满", r2="影响期、处分期未满")
    whole(client, letter, place)
    doing = Doing(
        reason="复审认为事实不清",
        by=Actor("陈思远"),
        on=date(2026, 9, 29),
        at=clock.now(),
        convention="inclusive",
        seen=decision.version,
    )
    review = Review(ground="复审决定", organ=place.commission, number="青监复〔2026〕1号", starts_on=date(2026, 9, 29))
    following.withdraw(decision=decision.pk, review=review, doing=doing)
    marked = dict(Reply.objects.values_list("person__name", "doubted"))
    assert marked == {"许南舟": date(2026, 9, 29), "沈望": None}
    assert "须重新核对" in client.get(f"/people/{known.pk}/").content.decode()
    assert "须重新核对" not in client.get(f"/people/{other.pk}/").content.decode()
    (note,) = [each for each in records("case", letter.pk) if each.kind == "note"]
    assert "复审认为事实不清" in note.content["reason"]
    assert note.key == "1"


@pytest.mark.req("D1", "F2")
def test_a_pending_check_of_tolerance_holds_the_reply(client: Client, letter: Case, place: City) -> None:
    known = person(place.unit, "许南舟", identity=identity(1))
    pack = next(pack for ref, pack in sorted(packs().items()) if pack.holds_replies and "person" in pack.about)
    new = NewCase(
        pack=pack, organ=place.commission, subject_organ=place.unit, person=known, facts=person_facts(known, TODAY)
    )
    open_many([new], by=CLERK, on=TODAY, at=clock.now(), today=TODAY)
    register(client, letter, f"许南舟\t{identity(1)}")
    status, text = check(client, letter, r1="无不同意见")
    assert status == 422
    assert "办结以前不能答复" in text
    assert f"“{pack.title}" in text.split("<table")[1]  # the officer may see the case that holds it
    assert pack.title not in text.split("<table")[0]  # a refusal is for everybody who checks a list
    assert check(client, letter, "d", r1="有事项正在核实，暂不答复")[0] == 302
    assert Reply.objects.get().answer == "待核"


def signed(client: Client, case: Case, place: City) -> Client:
    """Gathered and signed by two other officers. Returns the leader's browser."""
    base = f"/cases/{case.pk}"
    client.post(f"{base}/record/gather/", {"on": "2026-9-29", "summary": "共一人", "token": "g", "seen": "99"})
    for name, part in (("信访甲", "petition"), ("监督乙", "supervision")):
        signer = signed_in(holder(Role.CASE_OFFICER, place.commission, part, name))
        sent = {"on": "2026-9-29", "part": part, "opinion": "同意", "verdict": "agree", "token": part, "seen": "99"}
        assert signer.post(f"{base}/sign/gather/", sent).status_code == 302
    return signed_in(holder(Role.LEADER, place.commission, "leader", "岑伯安"))


@pytest.mark.req("D1", "F2")
def test_what_has_come_between_the_check_and_the_letter_holds_the_letter(
    client: Client, letter: Case, place: City
) -> None:
    known = person(place.unit, "许南舟", identity=identity(1))
    register(client, letter, f"许南舟\t{identity(1)}")
    assert check(client, letter, r1="系统内未见记录")[0] == 302
    leader = signed(client, letter, place)
    approval = {"on": "2026-9-29", "opinion": "同意", "token": "a", "seen": "99"}
    assert leader.post(f"/cases/{letter.pk}/record/approve/", approval).status_code == 302
    pack = next(pack for ref, pack in sorted(packs().items()) if pack.holds_replies and "person" in pack.about)
    new = NewCase(
        pack=pack, organ=place.commission, subject_organ=place.unit, person=known, facts=person_facts(known, TODAY)
    )
    open_many([new], by=CLERK, on=TODAY, at=clock.now(), today=TODAY)
    sent = {"on": "2026-9-29", "number": "青纪函〔2026〕3号", "to": "青溪区委组织部", "token": "r", "seen": "99"}
    answer = client.post(f"/cases/{letter.pk}/record/reply/", sent)
    assert answer.status_code == 422
    assert "许南舟：2026年9月29日查询是“未见记录”，2026年9月29日是“待核”" in answer.content.decode()
    assert not Paper.objects.filter(case=letter).exists()
    (seq,) = [each.seq for each in records("case", letter.pk) if each.step == "check"]
    mended = {
        "target": seq,
        "on": "2026-9-29",
        "reason": "有事项在办",
        "reply": "有事项正在核实，暂不答复",
        "token": "m",
        "seen": "99",
    }
    assert client.post(f"/cases/{letter.pk}/act/correct/", mended).status_code == 302
    assert (
        client.post(f"/cases/{letter.pk}/record/reply/", {**sent, "token": "s"}).status_code != 302
    )  # approved anew first
    assert leader.post(f"/cases/{letter.pk}/record/approve/", {**approval, "token": "b"}).status_code == 302
    final = client.post(f"/cases/{letter.pk}/record/reply/", {**sent, "token": "final"})
    assert final.status_code == 302, re.findall("data-faults.*?</div>", final.content.decode(), re.S)
    assert Paper.objects.filter(case=letter).exists()


@pytest.mark.req("D1", "A1")
def test_a_sanction_between_the_check_and_the_approval_stops_the_approval(
    client: Client, letter: Case, place: City
) -> None:
    known = person(place.unit, "许南舟", identity=identity(1))
    register(client, letter, f"许南舟\t{identity(1)}")
    check(client, letter, r1="系统内未见记录")
    leader = signed(client, letter, place)
    decide(known, place.commission, "党内警告")
    approval = {"on": "2026-9-29", "opinion": "同意", "token": "a", "seen": "99"}
    answer = leader.post(f"/cases/{letter.pk}/record/approve/", approval)
    assert answer.status_code == 422
    assert "是“不得”" in answer.content.decode()


def test_nothing_on_file_is_never_worded_as_no_objection(client: Client, letter: Case, place: City) -> None:
    person(place.unit, "许南舟", identity=identity(1))
    register(client, letter, f"许南舟\t{identity(1)}\n郑秋")
    identify(client, letter, r2="none")
    page = client.get(f"/cases/{letter.pk}/rows/check/").content.decode()
    assert page.count('value="系统内未见记录" selected') == 2
    status, text = check(client, letter, r1="无不同意见", r2="系统内未见记录")
    assert status == 422
    assert "未见记录不等于没有问题" in text


def test_what_was_pasted_and_chosen_is_there_again_in_another_window(client: Client, letter: Case, place: City) -> None:
    one, _ = person(place.unit, "许南舟"), person(place.unit, "许南舟", post="科员")
    draft = f"/cases/{letter.pk}/draft/register/?part=names"
    typed = {
        "on": "2026-9-28",
        "received_on": "2026-9-28",
        "intent": "晋升职务",
        "pasted": "许南舟\t区住建局",
        "key": "",
    }
    assert client.post(draft, typed).status_code == 204
    page = client.get(f"/cases/{letter.pk}/names/register/").content.decode()
    assert "许南舟\t区住建局" in page
    assert re.search('value="晋升职务"[^>]* checked', page)
    assert "草稿" in page
    other = signed_in(holder(Role.CASE_OFFICER, place.commission, "second", "叶知秋"))
    assert "许南舟" not in other.get(f"/cases/{letter.pk}/names/register/").content.decode(), (
        "one's own and nobody else's"
    )
    register(client, letter, "许南舟\t区住建局\n沈望")
    assert not letter.drafts.exists()
    kept = {"on": "2026-9-29", "r1-person": str(one.pk), "r2-person": "none", "key": ""}
    assert client.post(f"/cases/{letter.pk}/draft/identify/?part=rows", kept).status_code == 204
    assert re.search(
        rf'value="{one.pk}"[^>]* (selected|checked)', client.get(f"/cases/{letter.pk}/rows/identify/").content.decode()
    )
    assert identify(client, letter, r2="none") == 422  # what was refused is kept as well
    assert letter.drafts.count() == 1
    assert identify(client, letter, r1=str(one.pk), r2="none") == 302
    assert not letter.drafts.exists()


def test_a_letters_scan_is_kept_with_its_list_and_the_list_itself_is_not(
    client: Client, letter: Case, place: City
) -> None:
    table = xlsx([["姓名", "身份证号"], ["郑秋", identity(3)]])
    sent = {"on": "2026-9-29", "received_on": "2026-9-29", "intent": "晋升职务", "token": "x"}
    scan = SimpleUploadedFile("来函.pdf", b"%PDF-1.4 letter")
    given = {**sent, "list_file": SimpleUploadedFile("名单.xlsx", table), "file": scan}
    assert client.post(f"/cases/{letter.pk}/names/register/", given).status_code == 302
    assert [each.filename for each in letter.attachments.all()] == ["来函.pdf"]


def doubted(client: Client, letter: Case, place: City) -> tuple[Person, Client]:
    """Answered with a bar that the withdrawal of the decision takes away. Returns of whom, and the leader's browser."""
    known = person(place.unit, "许南舟", identity=identity(1))
    decision = decide(known, place.commission, "党内警告")
    register(client, letter, f"许南舟\t{identity(1)}")
    check(client, letter, r1="影响期、处分期未满")
    leader = whole(client, letter, place)
    doing = Doing(
        reason="复审认为事实不清", by=Actor("陈思远"), on=TODAY, at=clock.now(), convention="inclusive", seen=decision.version
    )  # fmt: skip
    review = Review(ground="复审决定", organ=place.commission, number="青监复〔2026〕1号", starts_on=TODAY)
    following.withdraw(decision=decision.pk, review=review, doing=doing)
    return known, leader


CORRECTION = "reply-correction"


@pytest.mark.req("D1", "A6")
def test_a_marked_reply_is_put_right_by_a_letter_with_approval_tracked_until_it_is_sent(
    client: Client, letter: Case, place: City
) -> None:
    known, leader = doubted(client, letter, place)
    seq = Reply.objects.get().entry_seq
    offered = f"/cases/{letter.pk}/next/{seq}/{CORRECTION}/"
    for page in (f"/people/{known.pk}/", f"/eligibility/{known.pk}/", f"/cases/{letter.pk}/"):
        assert offered in client.get(page).content.decode(), page
    assert "更正答复（许南舟）" in client.get("/").content.decode()
    sent = {"on": "2026-9-29", "verdict": "start", "token": "n1"}
    assert client.post(offered, sent).status_code == 302
    case = Case.objects.get(procedure=CORRECTION)
    assert case.title == "更正答复：青组函〔2026〕8号（许南舟）"
    assert (case.person, case.subject_organ, case.organ) == (None, place.commission, place.commission)
    base = f"/cases/{case.pk}"
    page = client.get(f"{base}/").content.decode()
    for told in ("影响期、处分期未满", "复审认为事实不清", "青溪区委组织部", "系统内未见记录"):
        assert told in page, told
    assert "今天按规定查询" in page, "who decides sees what the rulebook says before it is written down"
    assert not re.search('value="无不同意见"[^>]* checked', page), "nothing is chosen beforehand that is not so"
    assert "更正函尚未发出" in client.get(f"/people/{known.pk}/").content.decode()
    again = {"on": "2026-9-29", "reply": "影响期、处分期未满", "token": "k1", "seen": "9"}
    assert client.post(f"{base}/record/recheck/", again).status_code == 422  # nothing bars any more
    assert (
        client.post(f"{base}/record/recheck/", {**again, "reply": "系统内未见记录", "token": "k2"}).status_code == 302
    )
    early = {
        "on": "2026-9-29",
        "number": "青纪函〔2026〕4号",
        "to": "青溪区委组织部",
        "why": "原处分决定已经撤销",
        "seen": "99",
    }
    client.post(f"{base}/record/send/", {**early, "token": "e1"})
    assert not Paper.objects.filter(case=case).exists(), "not before it is approved"
    for name, part in (("petition", "petition"), ("supervision", "supervision")):
        signer = signed_in(Account.objects.get(username=name))
        opinion = {
            "on": "2026-9-29",
            "part": part,
            "opinion": "同意",
            "verdict": "agree",
            "token": f"2{part}",
            "seen": "99",
        }
        assert signer.post(f"{base}/sign/recheck/", opinion).status_code == 302
    approval = {"on": "2026-9-29", "opinion": "同意", "corrects": "发更正函", "token": "a2", "seen": "99"}
    assert leader.post(f"{base}/record/approve/", approval).status_code == 302
    assert OpenStep.objects.get(case=case).step == "send"
    assert client.post(f"{base}/record/send/", {**early, "token": "e2"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("ended", "corrected")
    (paper,) = Paper.objects.filter(case=case)
    document = Document(io.BytesIO(paper.data()))
    cells = str([[cell.text for cell in row.cells] for table in document.tables for row in table.rows])
    for told in ("许南舟", "影响期、处分期未满", "系统内未见记录", "原处分决定已经撤销", "青组函〔2026〕8号"):
        assert told in cells, told
    told = client.get(f"/people/{known.pk}/").content.decode()
    assert "已发更正函" in told
    assert "须重新核对" not in told
    assert offered not in told
    assert list(Reply.objects.order_by("pk").values_list("case__procedure", "doubted")) == [
        (LETTER, TODAY),
        (CORRECTION, None),
    ]
    assert verify() == []


@pytest.mark.req("I5")
def test_who_does_not_handle_letters_neither_sees_the_correction_nor_begins_it(
    client: Client, letter: Case, place: City
) -> None:
    doubted(client, letter, place)
    offered = f"/cases/{letter.pk}/next/{Reply.objects.get().entry_seq}/{CORRECTION}/"
    for role, where in (
        (Role.UNIT, place.unit),
        (Role.ORGANIZATION, place.commission),
        (Role.CASE_OFFICER, place.other_commission),
    ):
        other = signed_in(holder(role, where, f"other-{role}"))
        assert other.get(offered).status_code == 404, role
        assert other.post(offered, {"on": "2026-9-29", "verdict": "start"}).status_code == 404, role
    assert not Case.objects.filter(procedure=CORRECTION).exists()


@pytest.mark.req("A6")
def test_that_no_correction_is_sent_is_said_with_a_reason(client: Client, letter: Case, place: City) -> None:
    known, _ = doubted(client, letter, place)
    offered = f"/cases/{letter.pk}/next/{Reply.objects.get().entry_seq}/{CORRECTION}/"
    assert client.post(offered, {"on": "2026-9-29", "verdict": "not", "token": "n2"}).status_code == 422
    declined = {"on": "2026-9-29", "verdict": "not", "reason": "来函机关已经停止这次选任", "token": "n3"}
    assert client.post(offered, declined).status_code == 302
    assert offered not in client.get(f"/people/{known.pk}/").content.decode()
    assert "来函机关已经停止这次选任" in str([each.content for each in records("case", letter.pk)])


@pytest.mark.parametrize("step", ["register", "identify"])
def test_a_person_typed_as_text_is_nobody_and_gets_no_answer(
    client: Client, letter: Case, place: City, step: str
) -> None:
    """Sent past the pages of the list: what is typed as a person is a text, and no answer is given of it."""
    person(place.unit, "许南舟")
    base = f"/cases/{letter.pk}"
    if step == "register":
        row = {"people-0-name": "许南舟", "people-0-matched": "身份证号一致", "people-0-person": "许南舟"}
        sent = {"on": "2026-9-29", "received_on": "2026-9-29", "intent": "晋升职务", "token": "x1", "seen": "9", **row}
        client.post(f"{base}/record/register/", sent)
    else:
        register(client, letter, "许南舟")
        client.post(
            f"{base}/record/identify/", {"on": "2026-9-29", "key": "1", "person": "许南舟", "token": "x2", "seen": "9"}
        )
    for path in (f"{base}/record/check/", f"{base}/rows/check/"):
        sent = {
            "on": "2026-9-29",
            "key": "1",
            "reply": "无不同意见",
            "r1-reply": "无不同意见",
            "token": path[-12:],
            "seen": "9",
        }
        assert client.post(path, sent).status_code != 500
    assert not [each for each in records("case", letter.pk) if each.step == "check"]
    assert not Reply.objects.exists()
