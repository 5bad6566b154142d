"""The code on a printed form leads back to its step, however it is typed, and a mistyped one leads nowhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youwei.cases.codes import ALPHABET, code_of, read_code

pytestmark = pytest.mark.req("J2")
KEYS = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.integers(1, 10**15), KEYS, KEYS)
def test_a_code_leads_back_to_its_case(case: int, step: str, key: str) -> None:
    code = code_of(case, step, key)
    found = read_code(code)
    assert found is not None
    assert found[0] == case
    assert code.endswith(f"-{found[1]}")


def test_a_code_is_short_and_holds_only_letters_that_are_not_mistaken() -> None:
    code = code_of(12, "visit", "1")
    assert code.startswith("00C-")  # 12 is C: 0–9, A, B, C
    assert len(code) == 8
    assert not set("ILOU") & set(code)
    assert code_of(1000, "visit", "1").startswith("0Z8-")  # 31 × 32 + 8


@pytest.mark.parametrize("change", [str.lower, lambda code: f" {code} ", lambda code: code.replace("-", " － "),
                                    lambda code: code.replace("-", "—"), lambda code: code.replace("0", "O")])  # fmt: skip
def test_the_ways_it_is_typed(change) -> None:  # type: ignore[no-untyped-def]
    code = code_of(1000, "visit", "1")
    assert read_code(change(code)) == read_code(code)


def test_one_wrong_letter_leads_nowhere() -> None:
    for case in range(1, 100):
        code = code_of(case, "visit", "1")
        for place, was in enumerate(code):
            wrong = code[:place] + ALPHABET[(ALPHABET.find(was) + 7) % 32] + code[place + 1 :]
            found = read_code(wrong)
            assert found is None or code_of(found[0], "visit", "1") != wrong, (code, wrong)


@pytest.mark.parametrize(
    "text", ["", "许南舟", "zhangsan", "xnz", "青纪发〔2026〕19号", "00C-7QK", "00C-7QK22", "0-7QK2", "-", "Z" * 13 + "-0000", "\0"],
)  # fmt: skip
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_code(text) is None
