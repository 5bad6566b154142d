"""The short code on a form printed for one step, such as 00C-7QK2: it leads back to the case and the step. Pure.

Before the dash the number of the case, behind it a check over case, step and occurrence: a code mistyped, or of a step the case
no longer has, leads nowhere instead of somewhere else. The letters are those that are not mistaken for one another in handwriting
(Crockford's base 32, without I, L, O and U). A code opens nothing: whoever may not see the case does not learn that there is one.
"""

import hashlib
import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")
SHORTEST, CHECK = 3, 4
WRITTEN = re.compile(rf"([{ALPHABET}]{{{SHORTEST},12}})-([{ALPHABET}]{{{CHECK}}})")
DASHES = re.compile(r"\s*[-‐‑‒–—−－一]\s*")  # 一 is how a dash is typed in a hurry with a Chinese keyboard


def code_of(case: int, step: str, key: str = "") -> str:
    """The code of a step, or of one occurrence of it, in a case."""
    return f"{_digits(case).rjust(SHORTEST, '0')}-{_check(case, step, key)}"


def read_code(text: str) -> tuple[int, str] | None:
    """The number of the case and the check of a code as somebody typed it; None for what is none."""
    plain = DASHES.sub("-", unicodedata.normalize("NFKC", text).strip()).upper().translate(MISREAD)
    found = WRITTEN.fullmatch(plain)
    if found is None:
        return None
    number = 0
    for letter in found[1]:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return (number, found[2]) if number < 2**63 else None


def _check(case: int, step: str, key: str) -> str:
    number = int.from_bytes(hashlib.new("sm3", f"{case}:{step}:{key}".encode()).digest()[:4], "big")
    return _digits(number % len(ALPHABET) ** CHECK).rjust(CHECK, "0")


def _digits(number: int) -> str:
    text = ""
    while number:
        number, last = divmod(number, len(ALPHABET))
        text = ALPHABET[last] + text
    return text
