"""The demonstration city walked by each of its accounts: every link leads somewhere, and no form, however filled, makes a page fail."""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, date, datetime
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html
import pytest
import time_machine
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from pytest_django.plugin import DjangoDbBlocker

from tests.test_doors import NONSENSE
from youwei.config.demo.city import build_city
from youwei.config.demo.places import WHO
from youwei.organs.models import Account, Grant

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.req("I2", "I5")]

NOW = datetime(2026, 9, 29, 1, 30, tzinfo=UTC)
TODAY = date(2026, 9, 29)
SAME_KIND = 3  # pages of one kind that one account looks at
MOST_QUERIES = 60
HERE = "http://here"
WALKED = list({(role, organ): username for username, _, _, role, organ, _ in reversed(WHO)}.values())[::-1]
"""One account of each role at an organ: a colleague reaches the same pages."""
NOT_FOLLOWED = ("/static/", "/logout/")
FILLINGS = [*NONSENSE[::3], "2026-09-29", "5"]
SOME = [NONSENSE[9], "5"]


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One city for the whole file, taken back at the end."""
    with time_machine.travel(NOW, tick=True), django_db_blocker.unblock(), transaction.atomic():
        build_city(today=TODAY, now=NOW, tell=lambda _: None)
        yield
        transaction.set_rollback(True)


def signed_in(username: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(username=username))
    return client


class Walk:
    """From the first page along every link, a few pages of each kind."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: Counter[str] = Counter()
        self.pages: dict[str, lxml.html.HtmlElement] = {}
        self.wrong: list[str] = []
        self.queries: dict[str, int] = {}

    def go(self) -> "Walk":
        waiting, known = deque([("/", "the start")]), {"/"}
        while waiting:
            url, origin = waiting.popleft()
            kind = resolve(urlsplit(url).path).route
            if self.seen[kind] >= SAME_KIND:
                continue
            self.seen[kind] += 1
            for link in self.open(url, origin):
                if link not in known:
                    known.add(link)
                    waiting.append((link, url))
        return self

    def open(self, url: str, origin: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            answer = self.client.get(url)
        self.queries[url] = len(queries)
        if answer.status_code >= 400:
            self.wrong.append(f"{answer.status_code} {url} (linked from {origin})")
        if answer.status_code != 200 or answer.streaming or "html" not in answer.headers["Content-Type"]:
            return []
        page = lxml.html.fromstring(answer.content.decode())
        self.pages[url] = page
        return [link for link in links(page, url) if not link.startswith(NOT_FOLLOWED)]


def links(page: lxml.html.HtmlElement, url: str) -> list[str]:
    """Where a click leads, within the site."""
    found = (urljoin(f"{HERE}{url}", link) for link in [*page.xpath("//a/@href"), *page.xpath("//@hx-get")])
    return [urldefrag(link).url.removeprefix(HERE) for link in found if link.startswith(f"{HERE}/")]


@pytest.fixture(scope="module")
def walks(city: None) -> Callable[[str], Walk]:
    made: dict[str, Walk] = {}

    def walk(username: str) -> Walk:
        if username not in made:
            made[username] = Walk(signed_in(username)).go()
        return made[username]

    return walk


@pytest.mark.parametrize("username", WALKED)
def test_every_link_leads_somewhere(walks: Callable[[str], Walk], username: str) -> None:
    walk = walks(username)
    assert walk.pages
    assert walk.wrong == []


@pytest.mark.parametrize("username", WALKED)
def test_a_page_asks_the_store_a_bounded_number_of_questions(walks: Callable[[str], Walk], username: str) -> None:
    assert {url: count for url, count in walks(username).queries.items() if count > MOST_QUERIES} == {}


@pytest.fixture(scope="module")
def tried() -> set[Hashable]:
    """Which forms were filled with everything, by accounts of which roles."""
    return set()


def roles_of(username: str) -> frozenset[str]:
    return frozenset(Grant.objects.filter(account__username=username).values_list("role", flat=True))


@pytest.mark.parametrize("username", WALKED)
def test_no_form_on_any_page_fails_however_it_is_filled(
    walks: Callable[[str], Walk], tried: set[Hashable], username: str
) -> None:
    """The first account of a role fills each kind of form with everything, the next ones with something of it."""
    walk, client, roles, wrong = walks(username), signed_in(username), roles_of(username), []
    own: set[Hashable] = set()
    for url, page in walk.pages.items():
        for form in page.forms:
            target = urljoin(f"{HERE}{url}", form.get("action") or url).removeprefix(HERE)
            kind = (roles, resolve(urlsplit(target).path).route, form.method, tuple(sorted(form.fields.keys())))
            if kind in own or target.startswith(NOT_FOLLOWED):
                continue
            fillings = SOME if kind in tried else FILLINGS
            own.add(kind)
            wrong += [f"{target} from {url}: {fault}" for fault in submit(client, form, target, fillings)]
    tried |= own
    assert wrong == []


def submit(client: Client, form: lxml.html.FormElement, target: str, fillings: Sequence[str]) -> list[str]:
    """Send the form empty, and with each piece of nonsense in every field a person can fill; a mere button once. Keep nothing."""
    hidden = {field.name: field.value or "" for field in form.inputs if field.name and field.get("type") == "hidden"}
    open_fields = [name for name in form.fields if name and name not in hidden]
    faults = []
    for value in ["", *fillings] if open_fields else [""]:
        with transaction.atomic():
            answer = send(client, form.method, target, {**hidden, **dict.fromkeys(open_fields, value)})
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            faults.append(f"{answer.status_code} with {value[:20]!r}")
    return faults


def send(client: Client, method: str, target: str, filled: dict[str, str]) -> HttpResponseBase:
    return client.post(target, filled) if method == "POST" else client.get(target, filled)
