"""The import pages, from the file to the ledger and back."""

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.cases.models import Case
from youwei.decisions.models import Decision
from youwei.desk.tests.factories import EARLIER, TODAY, City, decide, holder, person, signed_in
from youwei.intake.models import ColumnMemory, Import, StagedRow
from youwei.intake.tests import ledgers
from youwei.journal.actors import SHELL
from youwei.journal.queries import verify
from youwei.organs.models import Organ, ReadTrace, Role
from youwei.people.commands import build, register_many
from youwei.people.models import Person

START = "/imports/"


@pytest.fixture
def officer(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def upload(client: Client, data: bytes, name: str = "台账.xlsx", **more: Any) -> HttpResponse:
    organ = Organ.objects.get(name="青溪区纪委监委")
    given = {"file": SimpleUploadedFile(name, data), "mode": "current", "organ": str(organ.pk), "sheet": "", **more}
    return client.post(START, given)


def sent(client: Client, data: bytes, **more: Any) -> Import:
    """An upload that is taken; its import."""
    answer = upload(client, data, **more)
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("pk")


def url(batch: Import, name: str, *args: int) -> str:
    return reverse(f"import-{name}" if name else "import", args=[batch.pk, *args])


def shown(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def confirmed(client: Client, batch: Import) -> HttpResponse:
    """Confirm what the review page shows."""
    page = shown(client, url(batch, "review"))
    seen = re.search(r'name="seen" value="([\d-]+)"', page)
    assert seen is not None, page
    return client.post(url(batch, "write"), {"seen": seen.group(1)})


def sheet(data: bytes) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def counts() -> tuple[int, ...]:
    return (
        Decision.objects.exclude(state=Decision.State.UNDONE).count(),
        Person.objects.filter(state=Person.State.ACTIVE).count(),
        Case.objects.count(),
    )


@pytest.mark.req("A1")
def test_a_ledger_goes_the_whole_way_from_the_file_to_the_ledger(officer: Client) -> None:
    batch = sent(officer, ledgers.with_fourteen_faults())
    assert counts() == (0, 0, 0)
    review = shown(officer, url(batch, "review"))
    assert "写入76行（新增76）" in review
    assert "下载拒绝的14行" in review
    answer = confirmed(officer, batch)
    assert answer.status_code == 302
    assert answer["Location"] == url(batch, "")
    batch.refresh_from_db()
    assert (batch.state, batch.done_rows) == ("done", 90)
    assert Decision.objects.count() == 76
    done = shown(officer, url(batch, ""))
    assert "已写入" in done
    assert f"?import={batch.pk}" in done
    assert "共76条" in shown(officer, reverse("ledger"), **{"import": str(batch.pk)})


@pytest.mark.req("A1")
def test_each_of_the_fourteen_faults_is_shown_with_its_reason_and_comes_back_as_excel(officer: Client) -> None:
    batch = sent(officer, ledgers.with_fourteen_faults())
    page = shown(officer, url(batch, "review"), outcome="refused")
    assert page.count('<tr id="row-') == 14
    for chip in ("姓名2", "日期2", "身份证号2", "种类2", "没有种类2", "生效早于决定2", "重复2"):
        assert f">{chip}</a>" in page
    assert '<span class="yw-raw">2023-02-30</span>' in page
    assert "没有这一天" in page
    dates = shown(officer, url(batch, "review"), outcome="refused", code="date")
    assert dates.count('<tr id="row-') == 2
    answer = officer.get(url(batch, "refused"))
    assert answer["Content-Disposition"].startswith("attachment")
    rows = sheet(answer.content)
    assert len(rows) == 15
    assert rows[0][-2:] == ["拒绝原因", "怎么改"]
    assert ReadTrace.objects.filter(act="download", kind="import", ref=batch.pk).count() == 1


@pytest.mark.req("A1")
def test_a_cell_is_mended_in_place_and_the_row_is_then_taken(officer: Client) -> None:
    batch = sent(officer, ledgers.with_fourteen_faults())
    row = StagedRow.objects.get(batch=batch, serial="19")
    address = url(batch, "row", row.number)
    form = shown(officer, address, outcome="refused")
    found = re.search(r'name="cell-(\d+)" value="2023-02-30"', form)
    assert found is not None
    piece = officer.get(address, {"outcome": "refused"}, headers={"HX-Request": "true"}).content.decode()
    assert piece.startswith("<tr ")
    again = officer.post(address, {f"cell-{found.group(1)}": "2023-13-01", "outcome": "refused"})
    assert again.status_code == 422
    assert "2023-13-01" in again.content.decode()
    mended = officer.post(address, {f"cell-{found.group(1)}": "2022-04-27", "outcome": "refused"})
    assert mended.status_code == 303
    row.refresh_from_db()
    assert row.outcome == "create"
    assert "写入77行（新增77）" in shown(officer, url(batch, "review"))
    confirmed(officer, batch)
    assert Decision.objects.filter(import_row=row.number, made_on=date(2022, 4, 27)).count() == 1


@pytest.mark.req("A1")
def test_importing_the_same_file_twice_creates_nothing_new(officer: Client) -> None:
    data = ledgers.workbook(ledgers.lines(30))
    confirmed(officer, sent(officer, data))
    before = counts()
    assert before[:2] == (30, 30)
    batch = sent(officer, data)
    assert batch.totals["unchanged"] == 30
    page = shown(officer, url(batch, "review"))
    assert "没有可以写入的行" in page
    answer = officer.post(url(batch, "write"), {"seen": "0-0-0-0-0"}, follow=True)
    assert "没有可以写入的行" in answer.content.decode()
    assert counts() == before


@pytest.mark.req("A1")
def test_confirming_twice_or_on_an_outdated_page_writes_once(officer: Client, place: City) -> None:
    batch = sent(officer, ledgers.with_fourteen_faults())
    old = re.search(r'name="seen" value="([\d-]+)"', shown(officer, url(batch, "review")))
    assert old is not None
    row = StagedRow.objects.get(batch=batch, serial="19")
    officer.post(url(batch, "row", row.number), {"cell-19": "2022-04-27"})
    stale = officer.post(url(batch, "write"), {"seen": old.group(1)}, follow=True).content.decode()
    assert "有了改动" in stale
    assert Decision.objects.count() == 0
    confirmed(officer, batch)
    assert Decision.objects.count() == 77
    colleague = signed_in(holder(Role.CASE_OFFICER, place.commission, "second", "何予安"))
    second = colleague.post(url(batch, "write"), {"seen": "77-0-0-0-0"}, follow=True).content.decode()
    assert "没有重复写入" in second
    assert Decision.objects.count() == 77


@pytest.mark.req("J4")
def test_an_import_is_taken_back_whole_and_the_journal_still_verifies(officer: Client) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(20)))
    confirmed(officer, batch)
    words = shown(officer, url(batch, "undo"))
    assert "撤去20份决定" in words
    assert "撤回以后不能恢复" in words
    officer.post(url(batch, "undo"))
    batch.refresh_from_db()
    assert batch.state == "undone"
    assert counts()[:2] == (0, 0)
    assert verify() == []
    assert "已整批撤回" in shown(officer, url(batch, ""))
    again = sent(officer, ledgers.workbook(ledgers.lines(20)))
    assert again.totals["create"] == 20


@pytest.mark.req("J4")
def test_an_import_somebody_built_on_is_not_taken_back_and_says_why(officer: Client, place: City) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(3)))
    confirmed(officer, batch)
    someone = Person.objects.filter(import_id=batch.pk).order_by("pk")[0]
    decide(someone, place.commission, "党内警告", number="青纪发〔2026〕77号")
    answer = officer.post(url(batch, "undo"))
    assert answer.status_code == 409
    assert "之后又登记了别的决定" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "done"


def known(place: City, number: str = "", **more: Any) -> Person:
    facts = {"name": "许南舟", "born_on": date(1991, 8, 1), "born_day_known": False, "post": "科员", **more}
    return register_many([build(organ=place.unit, identity=number, **facts)], by=SHELL, on=TODAY, at=EARLIER)[0]


def row_about(at: int = 1, **changes: Any) -> dict[str, Any]:
    given = {"姓名": "许南舟", "身份证号": "", "出生年月": "1991.08", "单位及职务": "青溪区住房和城乡建设局副局长"}
    return ledgers.line(at, **{**given, **changes})


@pytest.mark.req("A1")
@pytest.mark.parametrize("answer", ["same", "new", "skip"])
def test_whether_it_is_the_same_person_is_asked_never_guessed(officer: Client, place: City, answer: str) -> None:
    someone = known(place)
    batch = sent(officer, ledgers.workbook([row_about(), *ledgers.lines(3)[1:]]))
    assert batch.totals["ask"] == 1
    page = shown(officer, url(batch, "review"), outcome="ask")
    assert "青溪区住房和城乡建设局，科员，1991年8月生" in page
    number = StagedRow.objects.get(batch=batch, outcome="ask").number
    given = str(someone.pk) if answer == "same" else answer
    officer.post(url(batch, "answers"), {f"answer-{number}": given, "page": "1"})
    confirmed(officer, batch)
    named = Person.objects.filter(name="许南舟")
    found = {"same": (1, 1), "new": (2, 1), "skip": (1, 0)}[answer]
    assert (named.count(), Decision.objects.filter(person__in=named).count()) == found


@pytest.mark.req("A1")
def test_a_row_nobody_answered_is_not_written(officer: Client, place: City) -> None:
    known(place)
    batch = sent(officer, ledgers.workbook([row_about(), *ledgers.lines(3)[1:]]))
    assert "还有1行没有回答" in shown(officer, url(batch, "review"))
    confirmed(officer, batch)
    assert Decision.objects.count() == 2


def test_an_answer_that_was_not_offered_is_refused(officer: Client, place: City) -> None:
    known(place)
    stranger = person(place.other_unit, "沈知微")
    batch = sent(officer, ledgers.workbook([row_about(), *ledgers.lines(3)[1:]]))
    number = StagedRow.objects.get(batch=batch, outcome="ask").number
    for value in (str(stranger.pk), "999999", "x", "1\x00"):
        officer.post(url(batch, "answers"), {f"answer-{number}": value})
        assert StagedRow.objects.get(batch=batch, number=number).answer == ""


@pytest.mark.req("A1")
def test_an_update_shows_the_old_and_the_new(officer: Client, place: City) -> None:
    first = row_about(1, 身份证号=ledgers.identity(date(1991, 8, 1), 1))
    confirmed(officer, sent(officer, ledgers.workbook([first, *ledgers.lines(3)[1:]])))
    batch = sent(officer, ledgers.workbook([{**first, "职级": "乡科级正职"}, *ledgers.lines(3)[1:]]))
    assert batch.totals["update"] == 1
    assert "看全部1行" in shown(officer, url(batch, "review"), outcome="refused")
    page = shown(officer, url(batch, "review"), outcome="update")
    assert '<s class="yw-was">股级</s> <span class="yw-new">乡科级正职</span>' in page
    assert "写入1行（更新1）" in page
    confirmed(officer, batch)
    assert Person.objects.get(name="许南舟").rank == "乡科级正职"
    assert "改回导入以前的写法" in shown(officer, url(batch, "undo"))
    officer.post(url(batch, "undo"))
    assert Person.objects.get(name="许南舟").rank == "股级"


@pytest.mark.req("A1")
def test_what_a_known_decision_lacks_is_shown_as_filled_and_what_it_says_otherwise_is_asked(officer: Client) -> None:
    first = row_about(1, 身份证号=ledgers.identity(date(1991, 8, 1), 1), 四种形态="")
    confirmed(officer, sent(officer, ledgers.workbook([first, *ledgers.lines(3)[1:]])))
    batch = sent(officer, ledgers.workbook([{**first, "四种形态": "第二种形态"}, *ledgers.lines(3)[1:]]))
    page = shown(officer, url(batch, "review"), outcome="update")
    assert '四种形态 <s class="yw-was">空</s> <span class="yw-new">第二种形态</span>' in page
    assert "只补空着的、改列出的几项" in page
    confirmed(officer, batch)
    decision = Decision.objects.get(person__name="许南舟")
    assert decision.form == 2
    other = sent(officer, ledgers.workbook([{**first, "四种形态": "第三种形态"}, *ledgers.lines(3)[1:]]))
    page = shown(officer, url(other, "review"), outcome="ask")
    assert "四种形态与系统里的不同" in page
    assert "同一人的另一份决定：许南舟" in page
    assert "系统里的不改" in page
    officer.post(url(batch, "undo"))
    decision.refresh_from_db()
    assert decision.form is None


@pytest.mark.req("I5")
def test_a_person_of_another_district_is_offered_without_a_word_about_them(officer: Client, place: City) -> None:
    number = ledgers.identity(date(1991, 8, 1), 1)
    facts = {"name": "沈知微", "born_on": date(1991, 8, 1), "post": "临湖秘书长"}
    register_many([build(organ=place.other_unit, identity=number, **facts)], by=SHELL, on=TODAY, at=EARLIER)
    batch = sent(officer, ledgers.workbook([row_about(1, 身份证号=number), *ledgers.lines(3)[1:]]))
    page = shown(officer, url(batch, "review"), outcome="ask")
    assert "由其他机关管理的人员" in page
    for told in ("沈知微", "临湖县水务局", "临湖秘书长"):
        assert told not in page


@pytest.mark.req("A1")
def test_columns_of_other_names_are_matched_by_hand_and_remembered_for_the_organ(officer: Client, place: City) -> None:
    data = ledgers.workbook(ledgers.lines(5), renamed={"姓名": "老干部称呼"})
    answer = upload(officer, data)
    batch = Import.objects.latest("pk")
    assert answer["Location"] == url(batch, "columns")
    assert batch.totals["create"] == 0
    page = shown(officer, url(batch, "columns"))
    assert "老干部称呼" in page
    at = ledgers.HEADERS.index("姓名")
    sent_back = officer.post(url(batch, "columns"), {f"column-{at}": "name", "remember": "yes"})
    assert sent_back["Location"] == url(batch, "review")
    batch.refresh_from_db()
    assert batch.totals["create"] == 5
    assert ColumnMemory.objects.get(organ=place.commission, header="老干部称呼").field == "name"
    assert sent(officer, data).totals["create"] == 5


@pytest.mark.req("J1")
def test_history_opens_only_what_still_runs_and_current_opens_its_cases(officer: Client) -> None:
    rows = [ledgers.line(at, 决定日期="2016-03-01", 生效日期="2016-03-01") for at in (1, 7, 13)]
    history = sent(officer, ledgers.workbook(rows), mode="history")
    confirmed(officer, history)
    assert Decision.objects.count() == 3
    assert Case.objects.count() == 0
    officer.post(url(history, "undo"))
    current = sent(officer, ledgers.workbook(rows), mode="current")
    confirmed(officer, current)
    assert Case.objects.filter(import_id=current.pk).count() > 0


def test_which_organs_will_be_entered_is_listed_before_anything_is_written(officer: Client) -> None:
    before = Organ.objects.count()
    batch = sent(officer, ledgers.workbook(ledgers.lines(12)))
    page = shown(officer, url(batch, "organs"))
    listed = int(re.search(r"新建(\d+)个机关", page).group(1))  # type: ignore[union-attr]
    assert Organ.objects.count() == before
    confirmed(officer, batch)
    assert Organ.objects.count() == before + listed
    batch.refresh_from_db()
    assert batch.message.startswith(f"新建机关{listed}个：")


@pytest.mark.req("I5")
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASE_OFFICER])
def test_nobody_but_a_case_officer_finds_an_import(officer: Client, place: City, role: Role) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(3)))
    where = place.unit if role in (Role.UNIT, Role.MENTOR) else place.commission
    no_way_in(signed_in(holder(role, where)), batch)


@pytest.mark.req("I5")
def test_a_case_officer_of_another_district_finds_no_import_and_cannot_send_one_for_this_district(
    officer: Client, place: City
) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(3)))
    outsider = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    no_way_in(outsider, batch, start=200)
    assert "台账.xlsx" not in shown(outsider, START)
    answer = upload(outsider, ledgers.workbook(ledgers.lines(3)))
    assert answer.status_code == 422
    assert Import.objects.count() == 1
    above = signed_in(holder(Role.CASE_OFFICER, place.city_commission))
    assert "台账.xlsx" in shown(above, START)


def no_way_in(client: Client, batch: Import, start: int = 404) -> None:
    assert client.get(START).status_code == start
    number = StagedRow.objects.filter(batch=batch)[0].number
    reads = ["", "columns", "review", "organs", "refused", "progress", "undo"]
    writes = ["columns", "answers", "write", "undo", "discard"]
    answers = [client.get(url(batch, name)) for name in reads] + [client.get(url(batch, "row", number))]
    answers += [client.post(url(batch, name), {"seen": "3-0-0-0-0", "resume": "yes"}) for name in writes]
    answers += [client.post(url(batch, "row", number), {"cell-1": "x"})]
    assert {answer.status_code for answer in answers} == {404}
    assert not any("试" + given in answer.content.decode() for answer in answers for given in ledgers.GIVEN)
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_the_review_page_asks_as_much_for_a_hundred_rows_as_for_ten(officer: Client, place: City) -> None:
    known(place)
    asked = []
    for count in (10, 100):
        batch = sent(officer, ledgers.workbook([row_about(), *ledgers.lines(count)[1:]]))
        for outcome in ("", "create", "ask", "refused"):
            with CaptureQueriesContext(connection) as queries:
                shown(officer, url(batch, "review"), outcome=outcome)
            asked.append(len(queries))
    assert asked[:4] == asked[4:]
    assert max(asked) <= 16


def test_fifty_rows_stand_on_a_page(officer: Client) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(120)))
    assert shown(officer, url(batch, "review")).count('<tr id="row-') == 50
    assert shown(officer, url(batch, "review"), page="3").count('<tr id="row-') == 20
    assert shown(officer, url(batch, "review"), page="99").count('<tr id="row-') == 20


def test_the_organ_of_ones_own_role_is_chosen_beforehand(place: City) -> None:
    page = shown(signed_in(holder(Role.CASE_OFFICER, place.city_commission)), START)
    organs = re.findall(r'<input type="radio" name="organ" value="(\d+)"([^>]*)>', page)
    assert [int(pk) for pk, _ in organs] == [place.city_commission.pk, place.commission.pk, place.other_commission.pk]
    assert ["checked" in rest for _, rest in organs] == [True, False, False]


def test_an_upload_is_thrown_away_only_while_nothing_of_it_was_written(officer: Client) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(3)))
    officer.post(url(batch, "discard"))
    assert Import.objects.count() == 0
    batch = sent(officer, ledgers.workbook(ledgers.lines(3)))
    confirmed(officer, batch)
    officer.post(url(batch, "discard"))
    for name in ("columns", "row"):
        args = [StagedRow.objects.filter(batch=batch)[0].number] if name == "row" else []
        officer.post(url(batch, name, *args), {"column-1": "", "cell-1": "改"})
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("done", 3)


BAD: Sequence[tuple[str, bytes, str]] = (
    ("empty.xlsx", b"", "空"),
    ("text.xlsx", "这不是表格".encode(), ""),
    ("cut.xlsx", ledgers.workbook(ledgers.lines(3))[:2000], "打不开"),
    ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ("broken.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4000, "打不开"),
    ("blank.xlsx", ledgers.workbook([], headers=[], titles=0), ""),
    ("wide.xlsx", ledgers.workbook([{}], headers=[f"列{at}" for at in range(300)]), ""),
    ("letter.docx", b"PK\x03\x04nothing", "不收"),
    ("noname", b"x", "不收"),
    ("nul.csv", "姓名,决定日期\x00\n甲\x00,2024-01-01\n".encode(), ""),
    ("bytes.csv", bytes(range(256)) * 20, ""),
    ("marked.xlsx", ledgers.workbook(ledgers.lines(2), title="机密★10年 台账"), "密级"),
)


@pytest.mark.parametrize(("name", "data", "words"), BAD, ids=[name for name, _, _ in BAD])
def test_no_bad_file_makes_the_page_fail_and_what_was_chosen_stays(
    officer: Client, place: City, name: str, data: bytes, words: str
) -> None:
    answer = upload(officer, data, name=name, mode="history")
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        page = answer.content.decode()
        assert words in page
        assert re.search(r'value="history"[^>]* checked', page)
        assert Import.objects.count() == 0
    else:
        assert officer.get(answer["Location"]).status_code == 200
        assert shown(officer, url(Import.objects.latest("pk"), "review"))


def test_a_ledger_without_data_rows_is_taken_and_offers_nothing_to_write(officer: Client) -> None:
    batch = sent(officer, ledgers.workbook([]))
    assert "没有可以写入的行" in shown(officer, url(batch, "review"))


def test_a_file_too_large_to_read_into_memory_is_refused_in_words(officer: Client, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    answer = upload(officer, b"x" * 1_100_000, mode="history")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "超过 1 MB" in page
    assert re.search(r'value="history"[^>]* checked', page)


@pytest.mark.parametrize("value", ["", "-1", "abc", "９", "99999999999999999999", "\x00", "refused'--"])
def test_nothing_typed_into_an_address_or_a_form_makes_a_page_fail(officer: Client, value: str) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(3)))
    query = dict.fromkeys(("outcome", "code", "page", "warned", "at", "still", "stalled"), value)
    for name in ("", "columns", "review", "organs", "refused", "progress", "undo"):
        assert officer.get(url(batch, name), query).status_code < 500
    number = StagedRow.objects.filter(batch=batch)[0].number
    form = {
        "column-1": value,
        "cell-1": value,
        "cell-19": value * 300,
        f"answer-{number}": value,
        "answer-x": value,
        "seen": value,
    }
    for name in ("answers", "write", "undo"):
        assert officer.post(url(batch, name), form).status_code < 500
    assert officer.post(url(batch, "row", number), form).status_code < 500
    assert officer.post(url(batch, "columns"), form).status_code < 500


@pytest.mark.req("A1", "I3")
def test_a_district_takes_in_its_own_rows_of_the_citys_ledger_and_refuses_the_others_by_name(
    officer: Client, place: City
) -> None:
    regions = {"region": Organ.objects.filter(kind=Organ.Kind.REGION).count()}
    rows = [
        ledgers.line(1),
        ledgers.line(2, 单位及职务="临湖县民政局科员", 决定机关="临湖县纪委监委"),
        ledgers.line(3, 单位及职务="望江区民政局科员", 决定机关="望江区纪委监委"),
        ledgers.line(4, 单位及职务="云川市审计局科员", 决定机关="云川市纪委监委"),
        ledgers.line(5, 决定机关="望江区纪委监委"),
        ledgers.line(6, 单位及职务="临湖县民政局科员", 决定机关="临湖县纪委监委", 是否涉密="是"),
    ]
    batch = sent(officer, ledgers.workbook(rows))
    assert (batch.totals["create"], batch.totals["refused"], batch.totals["reasons"]) == (1, 5, {"scope": 5})
    page = shown(officer, url(batch, "review"), outcome="refused")
    for said in (
        "临湖县民政局属于临湖县，不在青溪区的范围",
        "望江区民政局属于望江区，不在青溪区的范围",
        "云川市审计局是云川市的单位，不在青溪区的范围",
        "机关名录里没有“望江区纪委监委”",
        "由管辖那里的机关或者上级机关导入",
        "不在本机关范围",
    ):
        assert said in page, said
    assert "青溪区三岔镇人民政府" in shown(officer, url(batch, "organs"))
    assert confirmed(officer, batch).status_code == 302
    assert Organ.objects.filter(kind=Organ.Kind.REGION).count() == regions["region"]
    assert counts()[0] == 1
