"""One pack under its checks: what they look up, and the faults they tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from youwei.rulebook.pack_facts import FACTS
from youwei.rulebook.pack_faultlist import FaultList
from youwei.rulebook.pack_shapes import nearest
from youwei.rulebook.pack_types import Condition, FieldType, Grounds, Name, Pack, Step, Term
from youwei.rulebook.pack_typing import name_type, test_fault


class Checker:
    """One pack, looked over; faults are reported where the step stands."""

    def __init__(self, pack: Pack, faults: FaultList) -> None:
        self.pack = pack
        self.faults = faults

    def fault(self, path: str, expected: str, remedy: str = "", step: Step | None = None) -> None:
        file = (step.file if step is not None else "") or self.pack.file
        self.faults.add((file, step.line if step is not None else 1), path, expected, remedy)

    def roles(self, names: Iterable[str], path: str, step: Step | None = None) -> None:
        self.known(names, self.pack.roles, "角色", path, step)

    def known(
        self, names: Iterable[str], where: Mapping[str, object], what: str, path: str, step: Step | None = None
    ) -> None:
        for name in names:
            if name and name not in where:
                near = nearest(name, where)
                remedy = f"是不是“{near}”？" if near else f"现有：{'、'.join(where)}。"
                self.fault(path, f"没有“{name}”这个{what}。", remedy, step)

    def grounds(self, rule: Grounds | None, path: str, step: Step | None = None) -> None:
        if rule is not None:
            self.roles(rule.by, f"{path}.by", step)

    def condition(
        self,
        condition: Condition | None,
        path: str,
        step: Step | None = None,
        *,
        own: bool = False,
        sealed: bool = False,
        listed: bool = False,
    ) -> None:
        """``own``: may read the step's own fields; ``sealed``: may read sealed ones; ``listed``: draws up the list of a batch."""
        for clause in condition.clauses if condition is not None else ():
            found = name_type(self.pack, clause.name, step)
            if isinstance(found, str):
                self.fault(path, f"{found}。", self._near(clause.name), step)
                continue
            fact = FACTS.get(str(clause.name))
            if fact is not None and fact.listed and not listed:
                self.fault(path, f"“{fact.title}”只在确定批次名单时查得到。", "请写在 members 的条件里。", step)
            if step is not None and clause.name.head == step.id and not own:
                self.fault(path, f"“{step.title}”要不要办，不能看它自己填的内容。", "请改用前面的环节。", step)
            if found.sealed and not sealed:
                self.fault(
                    path, f"“{clause.name}”是保密栏目，不能用来决定环节、日期或结局。", "请另设不保密的栏目。", step
                )
            wrong = test_fault(self.pack, clause, found, step)
            if wrong:
                self.fault(path, f"{wrong}。", "", step)

    def _near(self, name: Name) -> str:
        step = self.pack.steps.get(name.head)
        if step is not None:
            near = nearest(name.tail.rsplit(".", 1)[-1], step.form)
            return f"是不是“{name.head}.{near}”？" if near else ""
        near = nearest(name.head, self.pack.steps)
        return f"是不是“{near}”？" if near else ""

    def term(self, term: Term | None, path: str, step: Step) -> None:
        for name in term.names if term is not None else ():
            found = name_type(self.pack, name, step)
            if isinstance(found, str):
                self.fault(path, f"{found}。", self._near(name), step)
            elif (fact := FACTS.get(str(name))) is not None and fact.listed:
                self.fault(path, f"“{fact.title}”只在确定批次名单时查得到，不能用来定日期。", "", step)
            elif found.type not in (None, FieldType.DATE):
                self.fault(path, f"“{name}”不是日期。", "", step)
            elif found.sealed:
                self.fault(path, f"“{name}”是保密栏目，不能用来定日期。", "", step)
