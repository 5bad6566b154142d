"""Every story beside a pack comes out as its author typed it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from youwei.engine.saved import FILE, replay
from youwei.engine.stories import Otherwise, play, stories
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.packs import PACKS, PackRef, load_packs, released_packs

HERE = Path(__file__).parent / "packs"
TOLD = [(PACKS, path, story) for path, story in stories(PACKS)] + [(HERE, path, story) for path, story in stories(HERE)]


@pytest.mark.req("A3", "A4", "B1", "B6", "B8")
@pytest.mark.parametrize(
    ("folder", "story"),
    [
        pytest.param(folder, story, id=f"{path.parent.parent.parent.name}-{story['scenario']}")
        for folder, path, story in TOLD
    ],
)
def test_a_story_comes_out_as_its_author_typed_it(folder: Path, story: dict[str, Any]) -> None:
    play(load_packs(folder), story)


def test_every_released_pack_has_stories() -> None:
    told = {(path.parent.parent.parent.name, path.parent.parent.name) for folder, path, _ in TOLD if folder == PACKS}
    assert told == {(ref.procedure, ref.version) for ref in load_packs(PACKS)}


TWO_ROWS = [{"id": "a", "name": "甲某", "person": {"id": "1", "name": "甲某"}}, {"id": "b", "name": "乙某"}]


@pytest.mark.req("I1")
@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"unasked": ["identify/a"]}, ""),
        ({"unasked": ["identify/b"]}, "identify/b 要办，应为不需要办"),
        ({"unasked": ["identify/c"]}, "没有 c 这一行"),
        ({"unasked": ["identify"]}, "没有 identify 这一行"),
        ({"skiped": ["identify"]}, "expect 里没有skiped这样的项"),
    ],
)
def test_a_story_tells_what_a_row_is_not_asked_for_and_no_word_that_is_not_known(
    expected: dict[str, Any], said: str
) -> None:
    story = {
        "scenario": "两人", "procedure": "eligibility-reply@2026.01", "opened": "2026-03-02", "facts": {"organ.case": "9901"},
        "story": [
            {"record": "register", "on": "2026-03-02", "values": {"intent": "晋升职务", "people": TWO_ROWS}},
            {"expect": {"today": "2026-03-02", **expected}},
        ],
    }  # fmt: skip
    if not said:
        play(released_packs(), story)
        return
    with pytest.raises(Otherwise, match=said):
        play(released_packs(), story)


PLACES = sorted(path.parent for path in PACKS.glob("*/*/pack.yaml"))


@pytest.mark.req("I1")
@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.parent.name}@{place.name}")
def test_a_saved_log_of_every_released_pack_is_read_as_it_was_saved(place: Path) -> None:
    """A released pack never changes, and no later program plans its cases otherwise. A new pack gets its log by `./youwei packs save-log`."""
    ref = f"{place.parent.name}@{place.name}"
    assert (place / FILE).is_file(), f"请先 ./youwei packs save-log {ref}"
    assert replay(released_packs(), (place / FILE).read_text("utf-8"), seed_calendar()) == []


@pytest.mark.req("I1")
def test_a_released_pack_that_was_altered_and_a_log_read_otherwise_are_told() -> None:
    known, place = released_packs(), PLACES[0]
    ref, text = PackRef(place.parent.name, place.name), (place / FILE).read_text("utf-8")
    altered = {**known, ref: replace(known[ref], digest="0" * 64)}
    assert replay(altered, text, seed_calendar()) == [f"{ref}已经施行，内容被改动；请恢复原文，要改的另编一个版本。"]
    del altered[ref]
    assert replay(altered, text, seed_calendar()) == [f"没有规程{ref}；施行过的版本不得删去。"]
    saved = json.loads(text)
    first = next(iter(saved["plans"][0]["items"]))
    saved["plans"][0]["items"][first] = "done"
    saved["plans"][-1]["outcome"] = "else"
    said = replay(known, json.dumps(saved), seed_calendar())
    assert [line.partition("：")[0] for line in said] == [
        f"第1条之后，{first}", f"第{len(saved['plans'])}条之后，outcome",
    ]  # fmt: skip
