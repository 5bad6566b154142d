"""An office writes a procedure on the page: faults with lines, trying out, comments, approval by another, in force, ended (I1)."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.versions import OLD, STORY, TRIAL
from youwei.cases import logs
from youwei.cases.models import PackVersion
from youwei.desk.moving import jobs
from youwei.desk.tests.factories import City, holder, signed_in
from youwei.organs.models import Account, Role
from youwei.rulebook.pack_types import PackRef

pytestmark = [pytest.mark.usefixtures("two_versions"), pytest.mark.req("I1")]
NEW = "/packs/drafts/new/"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What this process has seen goes with the store of the test."""
    yield
    logs._Seen.versions = ()


@pytest.fixture
def clerk(place: City) -> Account:
    return holder(Role.CASE_OFFICER, place.city_commission)


@pytest.fixture
def officer(clerk: Account) -> Client:
    return signed_in(clerk)


@pytest.fixture
def leader(place: City) -> Client:
    return signed_in(holder(Role.LEADER, place.city_commission, name="岑伯安"))


def drafted(officer: Client, text: str = TRIAL) -> PackVersion:
    officer.post(NEW, {"text": text})
    return PackVersion.objects.latest("pk")


def url(name: str, row: PackVersion) -> str:
    return reverse(f"draft-{name}" if name else "draft", args=[row.pk])


def page(client: Client, row: PackVersion, **asked: str) -> str:
    return client.get(url("", row), asked).content.decode()


def test_a_procedure_goes_from_the_page_into_force_and_to_its_end(officer: Client, leader: Client) -> None:
    row = drafted(officer)
    assert "试用规程" in officer.get("/packs/").content.decode()
    assert "没有写错的地方" in page(officer, row)
    assert "1 个规程全部可靠" in page(officer, row, walk="1")
    assert "批准施行" not in page(officer, row)
    html = page(leader, row)
    assert "批准施行" in html
    assert leader.get("/packs/trial/1.0/").status_code == 404
    answer = leader.post(url("release", row), follow=True).content.decode()
    assert "2024年1月1日起施行；内容从此不再改动" in answer
    assert "施行中" in leader.get("/packs/trial/1.0/").content.decode()
    assert officer.get(url("", row)).status_code == 404
    assert (
        "不能早于今天"
        in leader.post("/packs/trial/1.0/end/", {"last_day": "2026-09-28", "reason": "废止"}).content.decode()
    )
    assert leader.post("/packs/trial/1.0/end/", {"last_day": "2026-09-29", "reason": "废止"}).status_code == 302
    assert "2026年9月29日止" in leader.get("/packs/trial/1.0/").content.decode()


def test_all_faults_are_listed_at_once_with_their_lines(officer: Client, leader: Client) -> None:
    row = drafted(officer, TRIAL.replace("by: office, due: 3 working days", "by: nobody, after: nothing, due: soon"))
    html = page(officer, row)
    assert "3处问题" in html
    assert html.count("第10行 steps.tell") == 3
    assert "规程还有问题" in leader.post(url("release", row), follow=True).content.decode()
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_draft_is_tried_on_an_invented_case_and_by_stories(officer: Client) -> None:
    row = drafted(officer)
    # 2026年9月30日起三个工作日：国庆10月1日至7日放假，10月8日、9日、10日（周六上班）
    assert "2026年10月10日" in page(officer, row, opened="2026-09-30")
    assert "相符" in officer.post(url("", row), {"story": STORY}).content.decode()
    said = officer.post(url("", row), {"story": STORY.replace("outcome: told", "outcome: refused")}).content.decode()
    assert "outcome 是told，应为refused" in said
    for bad in ("a: [", "scenario: 甲", "scenario: 甲\nprocedure: x@1\nopened: 明天\nstory: [1]\n"):
        assert "不符" in officer.post(url("", row), {"story": bad}).content.decode()
    assert officer.post(url("", row), {"story": ""}).status_code == 422
    assert PackVersion.objects.count() == 1


def test_everybody_who_reads_procedures_may_comment_once_it_is_asked_for(officer: Client, place: City) -> None:
    row = drafted(officer)
    unit = signed_in(holder(Role.UNIT, place.unit, name="局党组"))
    assert unit.get(url("", row)).status_code == 404
    officer.post(url("ask", row))
    assert "征求意见" in unit.get("/packs/").content.decode()
    unit.post(url("comment", row), {"text": "三个工作日太短"})
    html = page(officer, row)
    assert "三个工作日太短" in html
    assert "局党组" in html
    assert unit.post(url("comment", row), {"text": ""}).status_code == 422
    assert unit.get(url("edit", row)).status_code == 404
    assert unit.post(url("release", row)).status_code == 404


def test_only_a_leader_at_the_top_puts_in_force_what_is_for_all(officer: Client, place: City, clerk: Account) -> None:
    row = drafted(officer)
    officer.post(url("ask", row))
    local = signed_in(holder(Role.LEADER, place.commission, "local"))
    assert "批准施行" not in page(local, row)
    assert local.post(url("release", row)).status_code == 404
    assert local.get("/packs/jingzhou-visit/2018.03/end/").status_code == 404
    assert officer.post(url("release", row)).status_code == 404


def test_the_writer_does_not_approve_the_own_text(place: City) -> None:
    writer = signed_in(holder(Role.LEADER, place.city_commission))
    row = drafted(writer)
    answer = writer.post(url("release", row), follow=True).content.decode()
    assert "请由另一位领导批准施行" in answer


def test_a_page_left_behind_changes_nothing_and_keeps_what_was_typed(officer: Client) -> None:
    row = drafted(officer)
    other = TRIAL.replace("告知", "当面告知")
    assert officer.post(url("edit", row), {"text": other, "seen": "1"}).status_code == 302
    answer = officer.post(url("edit", row), {"text": TRIAL.replace("告知", "书面告知"), "seen": "1"})
    assert answer.status_code == 422
    assert "有人改过" in answer.content.decode()
    assert "书面告知" in answer.content.decode()
    row.refresh_from_db()
    assert row.text.strip() == other.strip()
    assert "草稿“试用规程”已作废" in officer.post(url("drop", row), follow=True).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": ""}, "规程是空的"),
        ({"text": "随便写的"}, "要写明 procedure、version、title"),
        ({"file": SimpleUploadedFile("pack.yaml", "题".encode("gbk"))}, "不是 UTF-8 编码"),
        ({"file": SimpleUploadedFile("pack.docx", b"x")}, ".yaml"),
    ],
)
def test_what_is_no_procedure_is_refused_in_words(officer: Client, sent: dict[str, object], said: str) -> None:
    answer = officer.post(NEW, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PackVersion.objects.exists()


def test_a_new_version_begins_from_the_text_there_is_and_a_file_may_be_sent(officer: Client) -> None:
    assert "受处分人员回访教育" in officer.get(NEW, {"from": str(OLD)}).content.decode()
    assert officer.get(NEW, {"from": "no@1"}).status_code == 200
    officer.post(NEW, {"file": SimpleUploadedFile("pack.yaml", TRIAL.encode())})
    assert PackVersion.objects.get().title == "试用规程"
    answer = officer.post(NEW, {"text": (TRIAL).replace("trial", "jingzhou-visit").replace("'1.0'", "'2018.03'")})
    assert "请换一个版本号" in answer.content.decode()


def test_the_list_asks_as_much_for_many_drafts_as_for_few(officer: Client) -> None:
    counted = []
    for number in range(3):
        drafted(officer, TRIAL.replace("'1.0'", f"'1.{number}'"))
        with CaptureQueriesContext(connection) as questions:
            officer.get("/packs/")
        counted.append(len(questions))
    assert len(set(counted)) == 1


def test_a_job_knows_what_was_put_in_force_meanwhile(officer: Client, leader: Client) -> None:
    row = drafted(officer)
    leader.post(url("release", row))
    logs._Seen.versions = ()  # the process of the jobs has not looked since
    jobs.go_on.enqueue(0)
    assert PackRef("trial", "1.0") in logs.packs()
