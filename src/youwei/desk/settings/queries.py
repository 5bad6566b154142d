"""The settings with what holds now and what was chosen before."""

from dataclasses import dataclass

from youwei.organs.models import Setting
from youwei.organs.queries import CHOICES, Choice

MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A setting: its value and its changes, the newest first."""

    choice: Choice
    value: str
    changes: tuple[Setting, ...]

    @property
    def words(self) -> str:
        return self.choice.values.get(self.value, self.value)

    @property
    def told(self) -> list[tuple[Setting, str]]:
        """The changes with the words of what was chosen."""
        return [(row, self.choice.values.get(str(row.value), str(row.value))) for row in self.changes]


def lines() -> list[Line]:
    """Every setting, with one query each."""
    found = []
    for choice in CHOICES.values():
        changes = tuple(Setting.objects.filter(name=choice.name).order_by("-pk")[:MOST])
        found.append(Line(choice, str(changes[0].value) if changes else choice.default, changes))
    return found
