"""Finding people."""

import re
from collections.abc import Iterable
from unicodedata import normalize

from django.db.models import Exists, OuterRef, QuerySet

from youwei.journal.sealing import blind_index
from youwei.people.models import Person, Term
from youwei.people.terms import bare

IDENTITY_LENGTHS = (15, 18)
MUCH_OF_AN_IDENTITY = re.compile(r"\d{12}")


def active() -> QuerySet[Person]:
    return Person.objects.filter(state=Person.State.ACTIVE)


def looks_like_identity(text: str) -> bool:
    """A whole identity number, however it was spaced."""
    number = _digits(text)
    return len(number) in IDENTITY_LENGTHS and number[:-1].isdigit() and (number[-1].isdigit() or number[-1] == "X")


def tells_identity(text: str) -> bool:
    """Enough of an identity number to tell whose it is: what holds this is not written into an address, a trace or a page."""
    return MUCH_OF_AN_IDENTITY.search(_digits(text)) is not None


def _digits(text: str) -> str:
    return "".join(each for each in normalize("NFKC", text).upper() if each.isalnum())


def by_identity(number: str) -> QuerySet[Person]:
    """Persons with exactly this identity number."""
    return active().filter(id_index=blind_index(_digits(number)))


def find(text: str) -> QuerySet[Person]:
    """Persons by a fragment of a name or former name, pinyin (whole or its beginning), initials, or a whole identity number (J7)."""
    text = bare(normalize("NFKC", text)).replace("ü", "v")
    if not text:
        return active().none()
    if looks_like_identity(text):
        return by_identity(text)
    if text.isascii():
        return active().filter(pk__in=Term.objects.filter(term__begins=text).values("person"))
    rows = active()
    pieces = {text} if len(text) <= 2 else {text[place : place + 2] for place in range(len(text) - 1)}
    for piece in sorted(pieces):
        rows = rows.filter(pk__in=Term.objects.filter(term=piece).values("person"))
    return rows.filter(Exists(Term.objects.filter(person=OuterRef("pk"), term__contains=text)))


def by_indexes(indexes: Iterable[str]) -> dict[str, list[Person]]:
    """Active persons by the blind index of their identity number; one query for each 500."""
    wanted = sorted({index for index in indexes if index})
    found: dict[str, list[Person]] = {}
    for start in range(0, len(wanted), 500):
        for person in active().filter(id_index__in=wanted[start : start + 500]).select_related("organ"):
            found.setdefault(person.id_index, []).append(person)
    return found


def by_names(names: Iterable[str]) -> dict[str, list[Person]]:
    """Active persons by exact name; one query for each 500."""
    wanted = sorted({name for name in names if name})
    found: dict[str, list[Person]] = {}
    for start in range(0, len(wanted), 500):
        for person in active().filter(name__in=wanted[start : start + 500]).select_related("organ"):
            found.setdefault(person.name, []).append(person)
    return found
