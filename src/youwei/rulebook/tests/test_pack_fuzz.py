"""However a pack is mangled, the reader answers with faults and never falls over."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from youwei.rulebook.packs import PACKS, read_pack_text

TEXTS = [path.read_text("utf-8") for path in sorted(PACKS.glob("*/*/pack.yaml"))]
TOKENS = re.compile(r"[\w.]+|[^\w\s]|\s+")
JUNK = [
    "",
    "null",
    "[]",
    "{}",
    "5",
    "2024-13-40",
    "'",
    ":",
    "- ",
    "{a: {b: [c]}}",
    "any time",
    "row.x",
    "self.on",
    "true",
    "\t",
    "&a",
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_a_mangled_pack_gives_faults_and_no_crash(text: str, data: Any) -> None:
    tokens = TOKENS.findall(text)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(tokens) - 1))
        tokens[place] = data.draw(st.sampled_from([*JUNK, *tokens[:200]]))
    loaded = read_pack_text([("x/1/pack.yaml", "".join(tokens))])
    for fault in loaded.faults:
        assert fault.expected
        assert fault.line >= 0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_gives_faults_and_no_crash(text: str) -> None:
    read_pack_text([("x/1/pack.yaml", text)])
