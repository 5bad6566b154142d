"""What the documents tell people to type exists; glossary, decisions, tour and requirements speak of what is there."""

import re
import shlex
from pathlib import Path

import pytest
from django.apps import apps

from tests.support.tree import DATA, PACKAGE, ROOMS, ROOT, files
from youwei.config.cli import parser
from youwei.engine.types import ENTRY_TITLES, STATUS_TITLES
from youwei.organs.models import Role
from youwei.rulebook.law import load_law
from youwei.rulebook.packs import KIND_TITLES

TYPED = re.compile(r"(?<![\w/])\./youwei ([^`\n|]+)")
BEFORE_THE_PROGRAM = {"test", "prepare", "bundle"}
DOCS = ROOT / "docs"
DECISION = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
HEADS = {"Chinese", "---"}
MARKED = re.compile(r"mark\.req\(([^)]*)\)")


def typed_commands() -> list[tuple[Path, str]]:
    found = []
    for path in files():
        if path.suffix == ".md":
            found += [
                (path.relative_to(ROOT), line.strip()) for line in TYPED.findall(path.read_text(encoding="utf-8"))
            ]
    return found


def test_the_documents_show_commands() -> None:
    assert len(typed_commands()) > 10


@pytest.mark.parametrize(("path", "line"), typed_commands(), ids=lambda value: str(value)[:40])
def test_a_command_in_the_documents_is_understood(path: Path, line: str) -> None:
    words = shlex.split(re.split(r"\s>\s", line)[0], comments=True)
    if words[0] not in {*BEFORE_THE_PROGRAM, "COMMAND", "命令"}:
        parser().parse_args(words)


def glossary() -> str:
    return (DOCS / "glossary.md").read_text(encoding="utf-8")


def test_every_model_is_in_the_glossary() -> None:
    models = [model.__name__ for model in apps.get_models() if model.__module__.startswith("youwei.")]
    assert len(models) > 20
    assert [name for name in models if f"`{name}`" not in glossary()] == []


def test_every_role_kind_status_act_and_measure_is_in_the_glossary_under_its_own_words() -> None:
    told = {
        *(f"{label} `{name}`" for name, label in Role.choices),
        *(f"`{kind}` {title}" for kind, title in KIND_TITLES.items()),
    }
    told |= {f"{title} `{kind}`" for kind, title in ENTRY_TITLES.items()}
    told |= {f"{title} {status}" for status, title in STATUS_TITLES.items()}
    told |= {f"| {each.title}" for each in load_law().measures.values()} | {
        f"| `{name}` |" for name in load_law().measures
    }
    assert sorted(words for words in told if words not in glossary()) == []


def test_no_term_stands_twice_in_the_glossary() -> None:
    rows = [row for row in ROW.findall(glossary()) if row[0] not in HEADS]
    chinese, english = [row[0] for row in rows], [row[1] for row in rows]
    assert len(rows) > 100
    assert [term for term in chinese if chinese.count(term) > 1] == []
    assert [term for term in english if english.count(term) > 1] == []


def test_decisions_are_numbered_without_a_gap_dated_and_listed() -> None:
    folder = DOCS / "decisions"
    names = sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")
    numbers = [DECISION.fullmatch(name) for name in names]
    assert [int(each.group(1)) if each else 0 for each in numbers] == list(range(1, len(names) + 1))
    index = (folder / "README.md").read_text(encoding="utf-8")
    for number, name in enumerate(names, start=1):
        title, _, dated = (folder / name).read_text(encoding="utf-8").split("\n")[:3]
        assert title.startswith(f"# {number}. "), name
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", dated), name
        assert f"[{number:04}]({name}) {title.partition('. ')[2]}\n" in index


def test_every_room_and_every_page_of_the_documents_is_on_the_tour() -> None:
    tour = (DOCS / "tour.md").read_text(encoding="utf-8")
    assert [room for room in (*DATA, *ROOMS) if f"`{room}/`" not in tour] == []
    assert [path.name for path in DOCS.glob("*.md") if path.name != "tour.md" and f"({path.name})" not in tour] == []


OF_THE_SOURCES = {"A": 7, "B": 10, "C": 3, "D": 4, "E": 6, "F": 6, "G": 7, "H": 3}
"""How many requirements stand under each letter that comes from the five sources."""


def test_every_requirement_of_the_sources_has_its_place_its_state_and_its_tests() -> None:
    wanted = {f"{letter}{number}" for letter, most in OF_THE_SOURCES.items() for number in range(1, most + 1)}
    told: set[str] = set()
    for line in (DOCS / "requirements.md").read_text(encoding="utf-8").split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[1] and cells[2] and re.search(r"`(packs/[\w*/-]+|[\w/]+\.py)`", cells[3]):
            told |= set(re.findall(r"[A-H]\d{1,2}", cells[0]))
    assert sorted(wanted - told) == []
    marked = {
        each for path in files() if path.suffix == ".py" for each in MARKED.findall(path.read_text(encoding="utf-8"))
    }
    named = {each for words in marked for each in re.findall(r"[A-H]\d{1,2}", words)}
    assert sorted(wanted - named) == [], "no test says that it holds this"


def test_every_requirement_of_the_sources_is_walked_in_a_browser() -> None:
    walked: dict[str, bool] = {}
    for line in (DOCS / "requirements.md").read_text(encoding="utf-8").split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for each in re.findall(r"[A-H]\d{1,2}", cells[0]) if len(cells) == 4 else ():
            walked[each] = walked.get(each, False) or "browser.py`" in cells[3]
    assert [each for each, so in sorted(walked.items()) if not so] == []


def test_what_the_requirements_name_as_a_test_exists_and_holds_that_requirement() -> None:
    lines = (DOCS / "requirements.md").read_text(encoding="utf-8").split("\n")
    wrong = []
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 4 or not re.fullmatch(r"[A-K]\d{1,2}", cells[0]):
            continue
        for name in re.findall(r"`([\w/]+\.py)`", cells[3]):
            path = next((each for each in (ROOT / name, PACKAGE / name) if each.is_file()), None)
            if path is None or f'"{cells[0]}"' not in path.read_text(encoding="utf-8"):
                wrong.append(f"{cells[0]}: {name}")
    assert not wrong
