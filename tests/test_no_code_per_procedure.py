"""A procedure is only a pack: no Python names one, and what a place decides is changed in its YAML alone (design: the claim of the house)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tree import product_sources
from youwei.engine.stories import Tale
from youwei.rulebook.packs import PACKS, PackRef, read_pack_text, released_packs

DEMO = (
    "src/youwei/config/demo/"  # the demonstration city tells invented stories of named procedures; it decides nothing
)
BENCH = "bench/"  # so does the bench, which measures with them
WORDS = {"review"}  # also a word of English: a page of the import, a kind of decision
COUNTY, UNIT = PackRef("recall", "2016.01"), PackRef("recall-yongan", "2016.03")
FACTS = {"organ.case": "9901", "organ.subject": "9902"}


def constants(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The texts a file works with; what it says of itself in docstrings apart."""
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


@pytest.mark.req("G1")
def test_no_python_file_names_recall_in_any_word() -> None:
    word = re.compile(r"\brecall\w*|召回", re.IGNORECASE)
    wrong = [
        f"{source.name}:{number}"
        for source in product_sources()
        for number, line in enumerate(source.path.read_text("utf-8").splitlines(), 1)
        if word.search(line)
    ]
    assert wrong == []


@pytest.mark.req("G1")
def test_no_python_file_works_with_the_id_or_the_title_of_a_procedure() -> None:
    packs = released_packs()
    ids = {ref.procedure for ref in packs}
    hyphened = re.compile("|".join(rf"(?<![\w-]){re.escape(each)}(?![\w-])" for each in sorted(ids) if "-" in each))
    titles = {pack.title for pack in packs.values()}
    wrong = []
    for source in product_sources():
        if source.name.startswith((DEMO, BENCH)):
            continue
        for line, text in constants(source.tree):
            if text.partition("@")[0] in ids - WORDS or hyphened.search(text) or any(title in text for title in titles):
                wrong.append(source.name)
                print(f"{source.name}:{line} {text[:60]!r}")
    assert wrong == []


def told(change: tuple[str, str] = ("", ""), ref: PackRef = COUNTY, exam: int = 65, take_back: str = "愿意") -> Tale:
    """One case of the released pack, its YAML changed in one place, recorded up to the marks and the tracking."""
    sources = []
    for path in sorted(Path(PACKS).glob("recall*/*/pack.yaml")):
        text = path.read_text("utf-8")
        if path.parent.parent.name == COUNTY.procedure:
            assert change[0] in text
            text = text.replace(*change)
        sources.append((path.relative_to(PACKS).as_posix(), text))
    loaded = read_pack_text(sources)
    assert [fault for fault in loaded.faults if "没有装入" not in str(fault)] == []
    tale = Tale(loaded.packs, str(ref))
    tale.open("2016-03-07", FACTS)
    tale.record("nominate", "2016-03-07", {"source": "督查通报", "situation": ["不作为"], "head": True, "quota": False})
    tale.record("unit_view", "2016-03-08")
    tale.record("hear", "2016-03-08", {"outcome": "已进行"})
    tale.record("decide", "2016-03-10", {"decision": "召回"})
    tale.record("inform", "2016-03-11", {"outcome": "已进行"})
    tale.record("answer", "2016-03-14", {"objects": False})
    tale.record("reflection", "2016-03-25")
    tale.record("score", "2016-03-28", {"exam": exam, "essay": 50, "conduct": 80})
    return tale


def placed(tale: Tale) -> str:
    open_now = {item.step for item in tale.plan("2016-03-28").open_items() if not item.optional}
    assert len(open_now) == 1
    return open_now.pop()


def ended(tale: Tale, result: str, take_back: str) -> str | None:
    tale.record(placed(tale), "2016-03-29", {"tracker": "9902"})
    tale.record("appraise", "2016-05-05", {"result": result, "take_back": take_back})
    tale.record("confirm", "2016-05-06")
    if "arrange" in {item.step for item in tale.plan("2016-05-06").open_items()}:
        tale.record("arrange", "2016-05-09", {"unit": "9905"})
    tale.record("talk", "2016-05-20", {"outcome": "已进行"})
    return tale.plan("2016-05-20").outcome


@pytest.mark.req("G3")
def test_the_pass_mark_is_the_packs() -> None:
    # 65×50%+50×20%+80×30% = 32.5+10+24 = 66.5
    assert placed(told()) == "place_own"
    assert placed(told(("pass: {total: '>= 60'}", "pass: {total: '>= 70'}"))) == "place_hard"


@pytest.mark.req("G3")
def test_a_weight_is_the_packs() -> None:
    # 40×50%+50×20%+80×30% = 20+10+24 = 54；纪律改占五成、考试改占三成：12+10+40 = 62
    assert placed(told(exam=40)) == "place_hard"
    more = told(("out_of: 100, weight: 50}", "out_of: 100, weight: 30}"), exam=40)
    assert placed(more) == "place_hard"  # 12+10+24 = 46，权重之和为八十，折成一百：46÷0.8 = 57.5
    turned = told(
        (
            (
                "exam: {title: 考试, out_of: 100, weight: 50}\n      essay: {title: 心得体会, out_of: 100, weight: 20}\n"
                "      conduct: {title: 遵守纪律, out_of: 100, weight: 30}"
            ),
            (
                "exam: {title: 考试, out_of: 100, weight: 30}\n      essay: {title: 心得体会, out_of: 100, weight: 20}\n"
                "      conduct: {title: 遵守纪律, out_of: 100, weight: 50}"
            ),
        ),
        exam=40,
    )
    assert placed(turned) == "place_own"


@pytest.mark.req("G4")
@pytest.mark.req("G5")
def test_a_branch_is_the_packs() -> None:
    assert ended(told(), "合格", "愿意") == "back"
    assert ended(told(), "合格", "不愿意") == "elsewhere"
    assert ended(told(), "不合格", "愿意") == "handled"
    milder = ("when: {appraise.result: 合格, appraise.take_back: 愿意}", "when: {appraise.take_back: 愿意}")
    assert ended(told(milder), "不合格", "愿意") == "back"


@pytest.mark.req("G1")
def test_a_units_own_rules_follow_what_the_county_changes() -> None:
    shorter = ("title: 听取本人说明\n    stage: 提名\n    kind: talk\n    by: unit\n    after: nominate\n    due: 5",
               "title: 听取本人说明\n    stage: 提名\n    kind: talk\n    by: unit\n    after: nominate\n    due: 3")  # fmt: skip
    for change, day in ((("", ""), "2016-03-14"), (shorter, "2016-03-10")):  # 8—11日四天，14日；8、9、10日
        tale = told(change, UNIT)
        item = tale.plan("2016-03-28").item("hear")
        assert item is not None
        assert str(item.window.due) == day
