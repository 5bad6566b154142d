"""The code on a slip, such as 7QK2-M4XD: eight letters that are not mistaken for one another. Kept as a keyed digest only."""

import re
import secrets
import unicodedata

from youwei.cases.codes import ALPHABET, MISREAD
from youwei.journal.sealing import blind_index

LENGTH = 8
WRITTEN = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
BETWEEN = re.compile(r"[\s\-‐‑‒–—−－一]+")


def new_codes(count: int) -> list[str]:
    """So many codes, no two the same."""
    found: set[str] = set()
    while len(found) < count:
        found.add("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
    return list(found)


def spelt(code: str) -> str:
    """As it is printed."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read_code(text: str) -> str | None:
    """The code as somebody typed it, or a scanner that types the whole address; None for what is none."""
    plain = unicodedata.normalize("NFKC", text).rpartition("#")[2]
    plain = BETWEEN.sub("", plain).upper().translate(MISREAD)
    return plain if WRITTEN.fullmatch(plain) else None


def digest(code: str) -> str:
    return blind_index(f"vote code {code}")
