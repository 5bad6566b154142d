"""Static checks of what is sealed: a whole pack, or a field of one.

A sealed pack hangs on nobody of the roll and on no other case, so that nothing on the open side can lead to it; it is held by the few alone. A sealed
field decides nothing and goes nowhere; besides its roles whoever fills it in or signs it reads it.
"""

from __future__ import annotations

from youwei.rulebook.pack_checker import Checker
from youwei.rulebook.pack_types import Field, Kind, Step

OFFICE = "office"
HELD_BY = ("case_officer", "leader")
OPENING = (Kind.CASE, Kind.ALTERATION, Kind.FREEZE)
ALONE = "保密的规程不能连到别的事项。"


def check_sealing(checker: Checker) -> None:
    pack = checker.pack
    checker.roles(pack.sealed_to, "sealed.to")
    if pack.sealed_to:
        _whole(checker)
    elif OFFICE in pack.about:
        checker.fault("about", "office 只用于整个保密的规程。", "请写 person、organ 或 decision。")
    for step in pack.steps.values():
        for field in step.form.values():
            _field(checker, step, field)


def _whole(checker: Checker) -> None:
    pack = checker.pack
    if pack.about != (OFFICE,):
        checker.fault("about", "保密的规程不针对名录上的人和单位，涉及谁只写在记录里。", "about 请写 office。")
    if not pack.opens.by or pack.opens.event or pack.opens.batch or pack.opens.procedure:
        checker.fault("opens", "保密的规程只由人开办。", "请只写 opens.by。")
    for role in pack.roles.values():
        if role.held_by not in HELD_BY or role.named_in:
            checker.fault(f"roles.{role.id}", "保密的规程只由经办人、分管领导的账号办理。", "请写 at，不写 named_in。")
        if role.id not in pack.sealed_to:
            checker.fault("sealed.to", f"“{role.title}”要办环节，却不在可见的角色里。", "请写进 sealed.to。")
    for outcome in pack.outcomes.values():
        if outcome.opens or outcome.tells:
            checker.fault(f"outcomes.{outcome.id}", ALONE, "请删去 opens、tells。")
    for step in pack.steps.values():
        if step.kind in OPENING or step.lands is not None:
            checker.fault(f"steps.{step.id}.kind", ALONE, "请改用一般的环节记下。", step)


def _field(checker: Checker, step: Step, field: Field) -> None:
    path = f"steps.{step.id}.form.{field.id}"
    if any(column.sealed for column in field.of.values()):
        checker.fault(path, "表格的列不能单独保密。", "请让整个栏目保密。", step)
    if field.heed and field.heed not in checker.pack.lists:
        checker.known([field.heed], checker.pack.lists, "共用选项", f"{path}.heed", step)
    if not field.sealed:
        return
    landed = {other.lands.step for other in checker.pack.steps.values() if other.lands is not None}
    naming = {(name.head, name.tail) for role in checker.pack.roles.values() for name in role.named_in}
    if step.lands is not None or step.id in landed or (step.id, field.id) in naming:
        checker.fault(f"{path}.sealed", "保密的栏目不能落到别的事项，也不能用来确定角色。", "请另设栏目。", step)
