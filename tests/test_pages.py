"""Every page of every role in a real browser: readable by all, within its width, with nothing refused by the policy."""

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.support.addresses import addresses
from tests.support.browser import axe_clean, overflow
from tests.support.cast import Cast, SignIn
from youwei.organs.models import Account, Role
from youwei.organs.policy import ACTS

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WIDTHS = [1366, 390]


def pages_of(account: Account, role: Role) -> list[str]:
    """What opens for the role without naming a person or a case, and is a page rather than a file or a part of one."""
    client = Client()
    client.force_login(account)
    open_to_role = [a.path for a in addresses() if not a.has_arguments and role in ACTS.get(a.permission, ())]
    answers = {path: client.get(path) for path in open_to_role}
    return [
        path
        for path, answer in answers.items()
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"] and b"<main" in answer.content
    ]


@pytest.mark.parametrize("role", list(Role))
def test_pages_of_a_role_are_accessible_and_fit(
    page: Page, live_server: LiveServer, cast: Cast, sign_in: SignIn, role: Role
) -> None:
    account = cast.accounts[role]
    sign_in(account)
    wrong = []
    for path in pages_of(account, role):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            page.goto(f"{live_server.url}{path}")
            if overflow(page) > 0:
                wrong.append(f"{path} is wider than {width}")
        try:
            axe_clean(page)
        except AssertionError as faults:
            wrong.append(f"{path}: {faults}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", ["/login/", "/login/first/", "/no-such-page/", "/vote/", "/vote/done/"])
def test_pages_before_signing_in_are_accessible(page: Page, live_server: LiveServer, path: str) -> None:
    page.goto(f"{live_server.url}{path}")
    axe_clean(page)
