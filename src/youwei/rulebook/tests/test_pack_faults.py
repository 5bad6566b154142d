"""A mistake planted in a pack is found, placed on its line and explained; all of them at once."""

import pytest

from youwei.rulebook.pack_faultlist import Fault
from youwei.rulebook.pack_ready import unready
from youwei.rulebook.packs import read_pack_text

BASE = """procedure: trial
title: 试用规程
version: '1.0'
in_force: {from: 2024-01-01}
about: person
opens: {by: office}
roles:
  office: {title: 办公室, at: case organ, held_by: case_officer}
  head: {title: 负责人, at: deciding organ, held_by: leader}
stages: [办理, 审批]
steps:
  propose:
    title: 提出
    stage: 办理
    by: office
    due: 5 working days
    form:
      kind: {title: 类别, type: choice, choices: [甲, 乙], required: true}
      day: {title: 日期, type: date}
      secret: {title: 保密, type: text, sealed: [head]}
      rows: {title: 明细, type: rows, of: {what: text, grade: text}}
  check:
    title: 核对
    stage: 办理
    by: office
    when: {propose.kind: 甲}
    due: 3 days after propose.day
  approve:
    title: 审批
    stage: 审批
    kind: approval
    approves: propose
    by: head
    returns: propose
outcomes:
  done: {title: 完成}
"""


def faults(text: str) -> list[Fault]:
    return list(read_pack_text([("trial/1.0/pack.yaml", text)]).faults)


def planted(old: str, new: str) -> list[Fault]:
    assert old in BASE
    return faults(BASE.replace(old, new, 1))


def test_the_pack_without_a_planted_mistake_has_no_fault() -> None:
    assert faults(BASE) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("about: person", "abuot: person", 5, "是不是“about”"),
        ("about: person", "about: person\nyear_of: propose.kind", 1, "不是日期"),
        ("about: person", "about: person\nyear_of: propose.secret", 1, "是保密的"),
        ("about: person", "about: person\nyear_of: propose.nothing", 1, "没有“nothing”这一栏"),
        ("    title: 核对", "    titel: 核对", 23, "是不是“title”"),
        ("type: date}", "type: dat}", 19, "是不是“date”"),
        ("due: 5 working days", "due: 5 workdays", 16, "working days"),
        ("title: 办公室, at", "title: 办公室, 审理室, at", 8, "半角逗号"),
        ("      kind:", "      day: {title: 又一次, type: date}\n      kind:", 20, "写了两次"),
        ("from: 2024-01-01", "from: 2024-13-01", 4, "应是日期"),
        ("propose.kind: 甲", "propose.knd: 甲", 23, "propose.kind"),
        ("propose.kind: 甲", "propose.kind: 丙", 23, "没有“丙”这个选项"),
        ("propose.kind: 甲", "propose.day: 甲", 23, "比较"),
        ("propose.kind: 甲", "propose.secret: 甲", 23, "保密"),
        ("after propose.day", "after propose.kind", 23, "不是日期"),
        ("    by: head", "    by: haed", 29, "head"),
        ("    returns: propose", "    returns: approve", 29, "不在“approve”之前"),
        ("    approves: propose\n", "", 29, "approves"),
        ("stage: 审批", "stage: 审定", 29, "阶段"),
        ("version: '1.0'", "version: [1, 0]", 3, "版本"),
        (", held_by: case_officer", "", 8, "缺少“held_by”"),
        ("held_by: case_officer", "held_by: officer", 8, "case_officer"),
        ("held_by: case_officer", "held_by: mentor", 1, "named_in"),
        ("held_by: case_officer", "held_by: unit", 1, "subject's organ"),
        ("title: 明细, type: rows, of: {what: text, grade: text}", "title: 明细, type: rows", 13, "of"),
        ("    when: {propose.kind: 甲}", "    when: {check.on: {given: true}}", 23, "自己填的"),
        ("  check:", "  decision:", 23, "保留的名称"),
        ("[办理, 审批]", "&a [办理, 审批]", 10, "锚点"),
        ("    by: office\n    when", "    by: office\n    items: {a: 甲}\n    when", 23, "items"),
        ("    by: office\n    when", "    by: office\n    repeat: {each: propose.kind}\n    when", 23, "一张表"),
        ("    by: office\n    when", "    by: office\n    repeat: {next: later}\n    when", 23, "日期栏目"),
        ("    by: office\n    when", "    by: office\n    repeat: often\n    when", 26, "any time"),
        ("outcomes:\n", "outcomes:\n  never: {title: 不成, after: nowhere}\n", 1, "nowhere"),
        ("opens: {by: office}", "opens: {by: office, when: {propose.kind: 甲}}", 1, "只能用事实"),
        ("opens: {by: office}", "opens: {by: office, when: {person.manged_by: 市管}}", 1, "没有“person.manged_by”"),
        ("required: true}", "required: true, default: 丁}", 13, "没有“丁”这个选项"),
        ("title: 完成", "title: 完成, tells: {decision.dereliction: propose.day}", 1, "不是同一类"),
        ("title: 完成", "title: 完成, tells: {decision.served_on: propose.secret}", 1, "不是同一类"),
        ("title: 完成", "title: 完成, tells: {decision.dereliction: 是}", 1, "不是同一类"),
        ("title: 完成", "title: 完成, tells: {period.ends_on: propose.day}", 36, "没有“period.ends_on”这个键"),
        ("title: 完成", "title: 完成, opens: {decision: 开除党籍}", 36, "没有“decision”这个键"),
        ("title: 完成", "title: 完成, opens: {procedure: other, with: {why: propose.secret}}", 1, "保密栏目"),
        ("title: 完成", "title: 完成, opens: [{procedure: other}, {procedure: other, offer: true}]", 1, "写了两次"),
    ],
)
def test_a_planted_mistake_is_found_on_its_line(old: str, new: str, line: int, said: str) -> None:
    found = planted(old, new)
    assert any(said in str(fault) and fault.line == line for fault in found), [str(each) for each in found]
    assert all(fault.file == "trial/1.0/pack.yaml" for fault in found)


def test_all_faults_come_at_once() -> None:
    broken = BASE.replace("about: person", "abuot: person").replace("by: head", "by: haed")
    broken = broken.replace("propose.kind: 甲", "propose.kind: 丙")
    said = "\n".join(str(fault) for fault in faults(broken))
    assert "abuot" in said
    assert "haed" in said
    assert "丙" in said


def test_a_ring_of_steps_is_printed() -> None:
    found = planted(
        "    by: office\n    due: 5 working days", "    by: office\n    after: check\n    due: 5 working days"
    )
    assert any("propose → check → propose" in str(fault) or "check → propose → check" in str(fault) for fault in found)


def test_versions_are_read_as_text() -> None:
    loaded = read_pack_text([("trial/2018.10/pack.yaml", BASE.replace("version: '1.0'", "version: 2018.10"))])
    assert [ref.version for ref in loaded.packs] == ["2018.10"]


def test_on_is_a_word_and_not_a_truth_value() -> None:
    loaded = read_pack_text([("x", BASE.replace("title: 提出", "title: on"))])
    assert next(iter(loaded.packs.values())).steps["propose"].title == "on"


def test_broken_yaml_is_a_fault_and_no_crash() -> None:
    assert faults("procedure: [a\n  b: : c\n")
    assert faults("- 1\n- 2\n")
    assert faults("") == []
    assert faults("steps: 5\nstages: {a: 1}\nroles: [x]\noutcomes: null\nprocedure: a\nversion: b")


CHILD = """procedure: trial-local
title: 下级规程
version: '1.0'
in_force: {from: 2024-02-01}
extends: trial@1.0
"""


def child_faults(child: str, parent: str = BASE) -> list[str]:
    sources = [("trial/1.0/pack.yaml", parent), ("trial-local/1.0/pack.yaml", CHILD + child)]
    return [str(fault) for fault in read_pack_text(sources).faults]


@pytest.mark.parametrize(
    "child",
    [
        "steps:\n  extra: {title: 加办, stage: 办理, by: office, after: propose, before: approve}\n",
        "steps:\n  propose: {due: 3 working days}\n",
        "steps:\n  propose: {warn: 1 working day}\n",
        "steps:\n  propose: {form: {more: {title: 更多, type: text, required: true}, day: {required: true}}}\n",
        "steps:\n  approve: {signs: [office], papers: [sheet]}\n",
        "stages: {复核: {}}\n",
    ],
)
def test_a_child_may_add_duties(child: str) -> None:
    parent = BASE.replace("stages: [办理, 审批]", "stages: {办理: {}, 审批: {}}")
    assert child_faults(child, parent) == []


@pytest.mark.parametrize(
    "child",
    [
        "steps:\n  check: {exempt: {by: office, grounds: [忙]}}\n",
        "steps:\n  propose: {when: {person.age: '> 30'}}\n",
        "steps:\n  propose: {due: 9 working days}\n",
        "steps:\n  propose: {due: 3 days}\n",
        "steps:\n  propose: {from: 3 days}\n",
        "steps:\n  check: null\n",
        "steps:\n  propose: {form: {kind: {choices: [甲]}}}\n",
        "steps:\n  propose: {form: {kind: {required: false}}}\n",
        "outcomes:\n  early: {title: 提前结束, after: propose}\n",
        "local: [steps.propose]\n",
    ],
)
def test_a_child_may_not_take_a_duty_away(child: str) -> None:
    assert any("下级规程不能改动这里" in said or "没有放开" in said for said in child_faults(child))


def test_what_the_parent_opened_may_be_changed() -> None:
    parent = BASE.replace("opens: {by: office}", "opens: {by: office}\nlocal: [steps.propose.form.kind]")
    assert child_faults("steps:\n  propose: {form: {kind: {choices: [甲, 丙]}}}\n", parent) == []


def test_a_parent_opens_the_dues_of_all_its_steps_at_once_and_nothing_else_of_them() -> None:
    parent = BASE.replace("opens: {by: office}", "opens: {by: office}\nlocal: [steps.*.due]")
    assert child_faults("steps:\n  propose: {due: 9 working days}\n", parent) == []
    assert child_faults("local: [steps.propose.due]\n", parent) == []
    assert any("下级规程不能改动这里" in said for said in child_faults("steps:\n  propose: {from: 3 days}\n", parent))
    wide = parent.replace("steps.*.due", "steps.*.form")
    assert any("放得太宽" in said for said in child_faults("", wide))


def test_a_limit_set_by_law_is_never_opened_to_children() -> None:
    parent = BASE.replace("due: 5 working days", "due: 5 working days\n    limit: 1 month")
    parent = parent.replace("opens: {by: office}", "opens: {by: office}\nlocal: [steps.propose]")
    assert any("法定期限" in said for said in child_faults("", parent))


def test_an_unknown_parent_and_a_ring_of_parents_are_faults() -> None:
    assert any("没有“trial@1.0”" in said for said in child_faults("", BASE.replace("'1.0'", "'3.0'")))
    ring = CHILD.replace("extends: trial@1.0", "extends: trial-local@1.0")
    assert any("一圈" in str(fault) for fault in read_pack_text([("a", ring)]).faults)


def test_the_digest_follows_the_content_and_not_the_layout() -> None:
    first = next(iter(read_pack_text([("a", BASE)]).packs.values())).digest
    spaced = next(iter(read_pack_text([("a", "# 说明\n" + BASE)]).packs.values())).digest
    other = next(iter(read_pack_text([("a", BASE.replace("5 working days", "6 working days"))]).packs.values())).digest
    assert first == spaced != other
    assert len(first) == 64


def test_an_open_pack_may_not_name_a_sealed_one() -> None:
    sealed = BASE.replace("procedure: trial", "procedure: hidden").replace("about:", "sealed: {to: [head]}\nabout:")
    opening = BASE.replace("done: {title: 完成}", "done: {title: 完成, opens: {procedure: hidden}}")
    found = read_pack_text([("trial/1.0/pack.yaml", opening), ("hidden/1.0/pack.yaml", sealed)]).faults
    assert any("保密" in str(fault) for fault in found)


OPENING = BASE.replace(
    "    when: {propose.kind: 甲}\n    due: 3 days after propose.day",
    "    kind: case\n    procedure: other\n    waits: true",
).replace("done: {title: 完成}", "done: {title: 完成, when: {check.outcome: 完成}}")


def test_the_end_of_a_case_can_be_read_only_where_it_is_waited_for() -> None:
    assert faults(OPENING) == []
    assert "读不到它的结局" in str(faults(OPENING.replace("    waits: true\n", ""))[0])


def test_the_ends_that_are_asked_for_are_ends_of_the_procedure_that_is_opened() -> None:
    other = BASE.replace("procedure: trial", "procedure: other").replace("done: {title", "finished: {title")
    found = read_pack_text([("trial/1.0/pack.yaml", OPENING), ("other/1.0/pack.yaml", other)]).faults
    assert ["没有“完成”这个结局" in str(fault) for fault in found] == [True]
    right = OPENING.replace("check.outcome: 完成", "check.outcome: [finished, terminated]")
    assert not read_pack_text([("trial/1.0/pack.yaml", right), ("other/1.0/pack.yaml", other)]).faults


def test_facts_that_an_end_may_tell_are_those_nothing_else_works_out() -> None:
    assert (
        faults(
            BASE.replace(
                "title: 完成", "title: 完成, tells: {decision.served_on: propose.day, decision.dereliction: true}"
            )
        )
        == []
    )


def test_a_step_without_signature_or_approval_has_nothing_to_forbid_on_paper() -> None:
    assert faults(BASE.replace("    approves: propose", "    approves: propose\n    on_paper: false")) == []
    (fault,) = faults(BASE.replace("    title: 核对", "    title: 核对\n    on_paper: false"))
    assert "on_paper 只用于写了 signs 的环节和 kind: approval" in str(fault)


@pytest.mark.req("I1")
def test_a_pack_opened_by_an_account_that_cannot_is_not_let_in() -> None:
    opened = """
procedure: tidy
title: 办法
version: '1'
in_force: {from: 2016-01-01}
issued_by: 县里
about: %s
opens: {by: who}
roles: {who: {title: 谁, at: %s, held_by: %s}}
stages: [办理]
steps: {see: {title: 看, stage: 办理, by: who}}
outcomes: {done: {title: 已办}}
"""
    mentor = read_pack_text([("tidy/1/pack.yaml", opened % ("person", "subject's organ", "mentor"))])
    assert any("不能开办事项" in str(fault) for fault in mentor.faults)
    for given in (("case organ", "leader"), ("subject's organ", "unit"), ("organization organ", "organization")):
        read = read_pack_text([("tidy/1/pack.yaml", opened % ("person", *given))])
        assert not read.faults
        assert [unready(pack) for pack in read.packs.values()] == [[]]


@pytest.mark.req("B5")
def test_what_a_form_shows_was_written_before_it() -> None:
    assert (
        planted("    when: {propose.kind: 甲}\n", "    when: {propose.kind: 甲}\n    shows: [propose, propose.rows]\n")
        == []
    )
    (gone,) = planted("    when: {propose.kind: 甲}\n", "    when: {propose.kind: 甲}\n    shows: [propose.row]\n")
    assert "没有“row”这一栏" in str(gone)
    (later,) = planted("    due: 5 working days\n", "    due: 5 working days\n    shows: approve\n")
    assert "只能列出前面的内容" in str(later)


@pytest.mark.req("F5")
def test_what_reports_comes_every_so_often() -> None:
    (once,) = planted("    when: {propose.kind: 甲}\n", "    when: {propose.kind: 甲}\n    reports: tolerance\n")
    assert "reports 只用于按期重复的环节" in str(once)


@pytest.mark.req("B4")
def test_the_reason_for_another_choice_is_a_plain_text_of_the_same_form() -> None:
    kind = "kind: {title: 类别, type: choice, choices: [甲, 乙], required: true"
    suggested = f"{kind}, suggest: [{{value: 乙}}], differs: why}}\n      why: {{title: 改选理由, type: text}}"
    assert planted(f"{kind}}}", suggested) == []
    (wrong,) = planted(f"{kind}}}", suggested.replace("differs: why", "differs: day"))
    assert "文字栏目" in str(wrong)
    (idle,) = planted(f"{kind}}}", suggested.replace("suggest: [{value: 乙}], ", ""))
    assert "没有预选" in str(idle)


@pytest.mark.req("D1")
def test_an_eligibility_says_of_whom_and_for_what() -> None:
    day = "      day: {title: 日期, type: date}\n"
    asked = "      ready: {title: 资格, type: eligibility, of: subject, intent: 晋升职务}\n"
    assert planted(day, day + asked) == []
    wrong = {
        asked.replace("of: subject, ", ""): "没有写明查谁的资格",
        asked.replace("晋升职务", "升天"): "没有写明问哪一种使用",
        asked.replace("晋升职务", "propose.kind"): "甲、乙查不了资格",
        asked.replace("subject", "propose.day"): "不是人员栏目",
        "      plain: {title: 说明, type: text, intent: 晋升职务}\n": "只用于资格查询",
    }
    for text, said in wrong.items():
        (fault,) = planted(day, day + text)
        assert said in str(fault)
    told = "    due: 3 days after propose.day\n"
    read = "    never: [{when: {propose.ready: 也许}, say: 不行}]\n"
    (value,) = faults(BASE.replace(day, day + asked).replace(told, told + read))
    assert "可以、不得、待核、未见记录" in str(value)


@pytest.mark.req("D1", "D4")
def test_a_restriction_names_errors_acts_and_its_answer() -> None:
    stood = "stages: [办理, 审批]\n"
    restricts = "restrictions:\n  - {problems: 失职, intents: 晋升职务, answer: 待核, say: 先研究}\n"
    assert planted(stood, restricts + stood) == []
    for old, new, said in (("晋升职务", "升天", "升天"), ("待核", "可以", "可以"), (", say: 先研究", "", "say")):
        assert any(said in str(fault) for fault in planted(stood, restricts.replace(old, new) + stood))
