"""Local rules: a child laid over its parent. A child may add from a closed list; all else only where the parent allows it."""

from __future__ import annotations

from dataclasses import replace

from youwei.rulebook.pack_build import OPENED
from youwei.rulebook.pack_faultlist import FaultList
from youwei.rulebook.pack_terms import read_term
from youwei.rulebook.pack_yaml import Node

OWN = frozenset({"procedure", "title", "version", "in_force", "issued_by", "basis", "help", "extends", "covers"})
APPENDED = frozenset({"never", "signs", "papers", "basis"})
ADDED = frozenset({"steps", "stages", "roles"})
ANY_STEP = "*"
"""In a place left open, `steps.*.due`: whichever step."""
REFUSED = "下级规程不能改动这里"
REMEDY = (
    "下级只能增加环节、阶段、角色、栏目、必填、提醒、禁止情形、签署和文书，或缩短期限；其余要由上级在 local 里放开。"
)


def explicit(node: Node) -> Node:
    """The document with every default ``after`` written out, so that adding a step changes no other."""
    steps = node.get("steps")
    if steps is None or not steps.is_map():
        return node
    made: dict[str, Node] = {}
    above = OPENED
    for name, step in steps.items():
        made[name] = step
        if step.is_map() and step.get("after") is None:
            after = Node(above, step.file, step.line, raw=above)
            made[name] = replace(step, value={**step.value, "after": after})
        above = name
    return replace(node, value={**node.value, "steps": replace(steps, value=made)})


def merge(parent: Node, child: Node, faults: FaultList) -> Node:
    allowed = tuple(each.raw for each in local.elements()) if (local := parent.get("local")) else ()
    value = dict(parent.value)
    for key, node in child.items():
        if key in OWN or key not in value:
            if key not in OWN and key != "local" and not _allowed(key, allowed):
                faults.add(node.where, key, f"{REFUSED}。", REMEDY)
            elif key == "local":
                _narrower(node, allowed, faults)
            value[key] = node
        elif key == "local":
            _narrower(node, allowed, faults)
            value[key] = node
        else:
            value[key] = _Merge(faults, allowed).lay(value[key], node, key)
    return replace(child, value=value)


def _narrower(local: Node, allowed: tuple[str, ...], faults: FaultList) -> None:
    for each in local.elements():
        if not _allowed(each.raw, allowed):
            faults.add(each.where, "local", f"上级没有放开“{each.raw}”，不能再放给下级。", "请删去这一条。")


def _allowed(path: str, allowed: tuple[str, ...]) -> bool:
    """Whether a place, or one it lies in, was opened; `*` stands for every step."""
    parts = path.split(".")
    opened = (each.split(".") for each in allowed)
    return any(len(each) <= len(parts) and all(map(_same, each, parts)) for each in opened)


def _same(opened: str, part: str) -> bool:
    return opened in (part, ANY_STEP)


class _Merge:
    def __init__(self, faults: FaultList, allowed: tuple[str, ...]) -> None:
        self.faults = faults
        self.allowed = allowed

    def lay(self, parent: Node, child: Node, path: str) -> Node:
        """The child's node over the parent's at one path."""
        if child.plain() == parent.plain():
            return parent
        if parent.is_map() and child.is_map():
            value = dict(parent.value)
            for key, node in child.items():
                below = f"{path}.{key}"
                if node.value is None:
                    self.permit(node, below)
                    value.pop(key, None)
                elif key in value:
                    value[key] = self.lay(value[key], node, below)
                else:
                    self.add(node, below)
                    value[key] = node
            return replace(parent, value=value)
        if path.rsplit(".", 1)[-1] in APPENDED and path.count(".") == 2 and path.startswith("steps."):
            return replace(child, value=[*parent.elements(), *child.elements()])
        if not self.small(parent, child, path):
            self.permit(child, path)
        return child

    def permit(self, node: Node, path: str) -> None:
        if not _allowed(path, self.allowed):
            self.faults.add(node.where, path, f"{REFUSED}。", REMEDY)

    def add(self, node: Node, path: str) -> None:
        """A key the parent does not have."""
        parts = path.split(".")
        if parts[0] in ADDED and len(parts) == 2:
            if parts[0] == "steps" and node.is_map():
                self.whole_step(node, path)
            return
        step_key = parts[2] if parts[0] == "steps" and len(parts) > 2 else ""
        if len(parts) == 3 and step_key in APPENDED | {"warn"}:
            return
        if len(parts) == 3 and step_key == "form":
            return
        if step_key == "form" and (
            len(parts) == 4 or (len(parts) == 5 and parts[4] == "required" and node.value is True)
        ):
            return
        self.permit(node, path)

    def whole_step(self, node: Node, path: str) -> None:
        for key in ("title", "stage", "by", "after"):
            if node.get(key) is None:
                self.faults.add(
                    node.where, path, f"增加的环节缺少“{key}”。", "增加的环节要写明名称、阶段、角色和在谁之后。"
                )

    def small(self, parent: Node, child: Node, path: str) -> bool:
        """Changes that only add a duty: required, an earlier warning, a shorter due."""
        parts = path.split(".")
        if parts[0] != "steps" or len(parts) < 3:
            return False
        if parts[2] == "warn" and len(parts) == 3:
            return True
        if parts[2] == "form" and parts[-1] == "required" and len(parts) == 5:
            return child.value is True
        if parts[2:] != ["due"]:
            return False
        old, new = read_term(parent), read_term(child)
        if old is None or new is None or old.span is None or new.span is None:
            return False
        same_anchor = (old.side, old.names, old.span.unit) == (new.side, new.names, new.span.unit)
        shorter = new.span.count > old.span.count if old.side == "before" else new.span.count < old.span.count
        return same_anchor and shorter
