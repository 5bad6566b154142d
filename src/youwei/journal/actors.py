"""Who did it: the name that stays in the log whatever becomes of the account."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of an act. `account_id` is None for what was done from the shell."""

    name: str
    account_id: int | None = None


SHELL = Actor("命令行")

STANDS_FOR = "（代理"


def standing_in(name: str, account_id: int, for_whom: str) -> Actor:
    """Somebody who acts in the place of another: the log shows both names, and knows the account of who did it."""
    return Actor(f"{name}{STANDS_FOR}{for_whom}）", account_id)


def own_name(by: str) -> str:
    """The name of who did it, without the one replaced."""
    return by.partition(STANDS_FOR)[0]
