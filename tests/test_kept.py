"""What is laid down for a file is whole for each test, whatever the one before has done to it."""

import pytest

from tests.support.cast import NAMES, Cast
from youwei.organs.models import Account, Role


def whole(cast: Cast) -> None:
    assert cast.officer.name == NAMES[Role.CASE_OFFICER]
    assert Account.objects.get(pk=cast.officer.pk).name == cast.officer.name
    assert Account.objects.count() == len(cast.accounts) + 1


@pytest.mark.parametrize("turn", [1, 2])
def test_each_finds_it_as_it_was_laid_down(cast: Cast, turn: int) -> None:
    whole(cast)
    cast.officer.name = f"甲{turn}"
    cast.officer.save()
    Account.objects.create(username=f"one-more-{turn}", name="乙")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_one_that_commits_has_it_too(cast: Cast, turn: int) -> None:
    whole(cast)
    Account.objects.create(username=f"one-more-{turn}", name="乙")
