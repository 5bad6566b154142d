"""What is wrong with a pack, and where."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a pack: where it stands, what was expected, how to mend it."""

    file: str
    line: int
    path: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.path}：{self.expected}{self.remedy}".rstrip()


class PackFaults(Exception):
    """Raised when packs cannot be used; carries every fault found at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(slots=True)
class FaultList:
    """Where the parts of the loader put what they find."""

    found: list[Fault] = dataclass_field(default_factory=list)

    def add(self, where: tuple[str, int], path: str, expected: str, remedy: str = "") -> None:
        fault = Fault(where[0], where[1], path, expected, remedy)
        if fault not in self.found:
            self.found.append(fault)
