"""The papers of a sealed case come out with its steps, and are there for those let in alone (E4)."""

import io
import re
import zipfile

import pytest

from tests.support.kept import Kept, Stage
from youwei.cases.codes import code_of
from youwei.desk.tests.factories import TODAY, signed_in
from youwei.desk.tests.test_sealed import SUSPECT, Stand, build, let_in, opened, record
from youwei.documents.models import Paper
from youwei.organs.policy import reader, visible

pytestmark = [pytest.mark.django_db, pytest.mark.req("E4", "I3")]


@pytest.fixture(scope="module")
def kept_stand(stage: Stage) -> Kept[Stand]:
    return stage.lay(build)


@pytest.fixture
def stand(kept_stand: Kept[Stand], db: None) -> Stand:
    return kept_stand.copy()


def test_its_papers_and_the_code_of_its_sheet_are_found_by_nobody_outside(stand: Stand) -> None:
    """The papers come out with the steps, and are there for those let in: no list, search, code, dossier or address leads others to them."""
    case = opened(stand)
    paper = Paper.objects.get(case=case)
    assert paper.title == "开展诬告陷害核查审批表"
    assert SUSPECT.encode() not in bytes(paper.sealed)
    clerk = signed_in(stand.clerk)
    assert paper.title in clerk.get(f"/cases/{case.pk}/").content.decode()
    document = clerk.get(f"/cases/papers/{paper.pk}/")
    assert document.status_code == 200
    assert SUSPECT in word(document.content)
    let_in(case, stand.leader, stand.clerk)
    assert record(stand.leader, case, "start", {"opinion": "同意核查"}) == 302
    letter = {
        "number": "青纪函〔2026〕77号",
        "to": "青溪公安分局",
        "partner": "公安",
        "asked": "请协助查明来信的投寄情况",
    }
    assert record(stand.clerk, case, "request", letter) == 302
    sent = Paper.objects.get(case=case, title="请予协助的函")
    assert SUSPECT not in word(clerk.get(f"/cases/papers/{sent.pk}/").content), (
        "a letter says what is asked and no more"
    )
    code = code_of(case.pk, "inquire", "")
    assert code in clerk.get(f"/cases/{case.pk}/sheet/inquire/").content.decode()
    for who in (stand.second, stand.city_clerk, stand.city_leader, *stand.others):
        client = signed_in(who)
        for row in (paper, sent):
            assert client.get(f"/cases/papers/{row.pk}/").status_code == 404, who.name
        assert client.get(f"/cases/{case.pk}/sheet/inquire/").status_code == 404, who.name
        for sought in (code, "青纪函〔2026〕77号", paper.title, sent.title, SUSPECT):
            for address in ("/search/", "/find/", "/cases/", "/people/"):
                for ask in (client.get, client.post):
                    answer = ask(address, {"q": sought, "state": "all"})
                    assert f"/cases/{case.pk}/" not in answer.content.decode(), (who.name, address)
                    assert f"/cases/{case.pk}/" not in answer.headers.get("Location", ""), (who.name, address)
        assert not visible(reader(who, TODAY), "paper.view", Paper.objects.filter(case=case)).exists()
        for address in (f"/people/{stand.someone.pk}/", f"/cases/{stand.open_case.pk}/"):
            page = client.get(address).content.decode()
            assert paper.title not in page
            assert f"/cases/papers/{paper.pk}/" not in page


def word(data: bytes) -> str:
    """What a Word file says."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return re.sub("<[^>]+>", "", parts.read("word/document.xml").decode())
