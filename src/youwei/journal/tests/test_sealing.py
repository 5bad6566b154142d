"""Seals open only whole, with their key and at their place."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youwei.journal.sealing import (
    KeysMissing,
    SealBroken,
    blind_index,
    create_keys,
    seal,
    seal_text,
    unseal,
    unseal_text,
)

pytestmark = pytest.mark.req("I5")


@given(st.binary(max_size=400), st.text(max_size=20))
def test_what_is_sealed_opens_to_the_same(plain: bytes, place: str) -> None:
    assert unseal(seal(plain, place=place), place=place) == plain


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_seal_with_any_bit_changed_does_not_open(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(plain, place="entry"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        unseal(bytes(sealed), place="entry")


def test_a_seal_moved_to_another_place_does_not_open() -> None:
    with pytest.raises(SealBroken):
        unseal(seal(b"990101198001011238", place="person.id"), place="entry")


def test_two_seals_of_one_text_differ_and_hide_it() -> None:
    text = "990101198001011238"
    one, two = seal_text(text, place="person.id"), seal_text(text, place="person.id")
    assert one is not None
    assert two is not None
    assert one != two
    assert text.encode() not in one
    assert unseal_text(one, place="person.id") == text


def test_the_blind_index_finds_the_number_whatever_the_case_of_its_x() -> None:
    assert blind_index("99010119800101123x ") == blind_index("99010119800101123X")
    assert blind_index("990101198001011238") != blind_index("990101198001011239")
    assert "990101" not in blind_index("990101198001011238")


def test_without_its_key_ring_a_store_says_so_and_makes_no_new_one(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_FILE = tmp_path / "keys.json"
    with pytest.raises(KeysMissing, match="请从备份中取回"):
        seal(b"words", place="entry")
    assert not settings.KEYS_FILE.exists()


def test_a_key_ring_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        create_keys(path)
