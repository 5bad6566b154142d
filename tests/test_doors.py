"""Every address against every role, and against every kind of nonsense: the right answer, and never a failure of the server."""

from functools import partialmethod
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.handlers import wsgi
from django.http import QueryDict
from django.test import Client

from tests.support.addresses import Address, addresses, asked_names
from tests.support.cast import Cast
from youwei.organs.models import Account, Role
from youwei.organs.policy import ACTS, FOR_THE_WHOLE_STORE

pytestmark = pytest.mark.req("I5")

OPEN = {200, 302, 303, 405}
ONLY_WITH_A_QUESTION = {"/statistics/list/"}  # the list behind a figure: without the figure there is none
NONSENSE = [
    "", " ", "abc", "-1", "0", "99999999999999999999", "2024-02-30", "9999-99-99", "２０２４年３月", "a\x00b", "';--",
    "<script>alert(1)</script>", "%", "龘" * 300, "/etc/passwd", "null", "1e400", "[]", "{}",
]  # fmt: skip
ODD = ["99999999999999999999", "2024-02-30"]


def stranger() -> Client:
    """A failure comes back as a page with status 500, so that one run lists all of them; the log holds the reasons."""
    return Client(raise_request_exception=False)


def signed_in(account: Account) -> Client:
    client = stranger()
    client.force_login(account)
    return client


def test_every_view_declares_a_permission_of_the_table() -> None:
    assert addresses()
    known = {*ACTS, "public"}
    assert [address.route for address in addresses() if address.permission not in known] == []
    assert [problem for problem in run_checks() if problem.id and problem.id.startswith("organs.")] == []


@pytest.mark.parametrize("role", list(Role))
def test_a_page_opens_for_the_roles_of_its_permission_and_does_not_exist_for_the_others(cast: Cast, role: Role) -> None:
    client = signed_in(cast.accounts[role])
    wrong = []
    for address in addresses():
        if address.has_arguments or address.permission == "public":
            continue
        status = client.get(address.path).status_code
        closed = (
            address.path in ONLY_WITH_A_QUESTION or address.permission in FOR_THE_WHOLE_STORE
        )  # the cast works in a district
        expected = OPEN if role in ACTS[address.permission] and not closed else {404}
        if status not in expected:
            wrong.append(f"{address.path} ({address.permission}): {status}")
    assert not wrong


def test_no_browser_keeps_what_a_page_showed(cast: Cast) -> None:
    client = signed_in(cast.accounts[Role.CASE_OFFICER])
    shown = [each.path for each in addresses() if not each.has_arguments and each.permission != "public"]
    assert shown
    answers = {path: client.get(path) for path in shown}
    kept = [
        path
        for path, answer in answers.items()
        if answer.status_code == 200 and "no-store" not in answer["Cache-Control"]
    ]
    assert kept == []
    assert sum(answer.status_code == 200 for answer in answers.values()) > 5


def test_the_head_of_a_page_may_be_asked_for_like_the_page(cast: Cast) -> None:
    client = signed_in(cast.accounts[Role.CASE_OFFICER])
    pages = [each.path for each in addresses() if not each.has_arguments and each.path != "/logout/"]
    asked = {path: (client.get(path).status_code, client.head(path).status_code) for path in pages}
    assert {path: both for path, both in asked.items() if both[0] == 200 and both[1] != 200} == {}


@pytest.mark.parametrize("role", list(Role))
def test_what_is_not_there_is_not_found_by_anybody(cast: Cast, role: Role) -> None:
    client = signed_in(cast.accounts[role])
    wrong = []
    for address in addresses():
        if "<int:" in address.route:
            answers = {client.get(address.path).status_code, client.post(address.path).status_code}
            if not answers <= {404, 405}:
                wrong.append(f"{address.path}: {answers}")
    assert not wrong


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in_everywhere_else() -> None:
    client = stranger()
    wrong = []
    for address in addresses():
        if address.permission != "public":
            answer = client.get(address.path)
            if answer.status_code == 405:  # takes forms only
                answer = client.post(address.path)
            if answer.status_code != 302 or not answer.headers["Location"].startswith("/login/"):
                wrong.append(f"{address.path}: {answer.status_code}")
    assert not wrong


def reader_of(cast: Cast, address: Address) -> Client:
    if address.permission == "public":
        return stranger()
    return signed_in(next(cast.accounts[role] for role in Role if role in ACTS[address.permission]))


class Watched(QueryDict):
    """The question in an address, which notes the names a page asks for, `ALL` when it goes through them.

    Copied or spelt out for a link it is asked nothing.
    """

    ALL = "*"
    read: set[str] = set()  # noqa: RUF012 – of all of them together

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().getlist(key, default)

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.read.add(str(key))
        return super().__contains__(key)

    def whole(self, way: str) -> Any:
        self.read.add(self.ALL)
        return getattr(super(), way)()

    __iter__, __len__ = partialmethod(whole, "__iter__"), partialmethod(whole, "__len__")
    items, lists = partialmethod(whole, "items"), partialmethod(whole, "lists")
    keys, values, dict = partialmethod(whole, "keys"), partialmethod(whole, "values"), partialmethod(whole, "dict")

    def spelt(self, way: str, *given: Any) -> Any:
        before = set(self.read)
        found = getattr(super(), way)(*given)
        self.read.intersection_update(before)
        return found

    urlencode, __deepcopy__ = partialmethod(spelt, "urlencode"), partialmethod(spelt, "__deepcopy__")


def test_no_question_in_an_address_makes_a_page_fail(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that asks for nothing, or was not there before it could, is the same with any question: it is tried with two."""
    monkeypatch.setattr(wsgi, "QueryDict", Watched)
    wrong, asking = [], 0
    for address in addresses():
        client = reader_of(cast, address)
        Watched.read.clear()
        for value in NONSENSE:
            status = client.get(address.path, dict.fromkeys(asked_names(address.room), value)).status_code
            if status >= 500:
                wrong.append(f"{address.path} with {value[:20]!r}: {status}")
            if value and not Watched.read:
                break
        asking += bool(Watched.read)
    assert not wrong
    assert asking > 10


@pytest.mark.slow
def test_no_single_odd_question_makes_a_page_fail(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name a page asks for, by itself. One that it does not ask for cannot change what it does."""
    monkeypatch.setattr(wsgi, "QueryDict", Watched)
    wrong, tried = [], 0
    for address in addresses():
        if address.has_arguments:
            continue
        client = reader_of(cast, address)
        Watched.read.clear()
        client.get(address.path)
        names = asked_names(address.room) if Watched.ALL in Watched.read else sorted(Watched.read)
        for name in names:
            for value in ODD:
                tried += 1
                if client.get(address.path, {name: value}).status_code >= 500:
                    wrong.append(f"{address.path}?{name}={value!r}")
    assert not wrong
    assert tried > 100


def test_no_form_filled_with_nonsense_makes_a_page_fail(cast: Cast) -> None:
    """What answers without having looked into the form answers so to any: it is tried with two."""
    wrong, looking = [], 0
    for address in addresses():
        if address.route == "logout/":
            continue
        client = reader_of(cast, address)
        for value in NONSENSE:
            answer = client.post(address.path, dict.fromkeys(asked_names(address.room), value))
            looked_into = hasattr(answer.wsgi_request, "_post")
            if answer.status_code >= 500:
                wrong.append(f"{address.path} with {value[:20]!r}: {answer.status_code}")
            if value and not looked_into:
                break
        looking += looked_into
    assert not wrong
    assert looking > 10


def test_a_form_without_its_token_is_refused_in_words(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.officer)
    answer = client.post("/login/", {"username": "x", "password": "y"})
    assert answer.status_code in {400, 403}
    assert "请" in answer.content.decode()
