"""Put a few acts into a store, for the tests of the command line."""

import sys
from datetime import UTC, date, datetime

from youwei.journal.actors import SHELL
from youwei.journal.commands import Act, append
from youwei.organs.models import Organ
from youwei.people.commands import build, correct_name, register_many

DAY = date(2026, 9, 29)
MOMENT = datetime(2026, 9, 29, 1, 30, 0, 123456, tzinfo=UTC)


def seed() -> None:
    organ = Organ.objects.get(name="青溪区财政局")
    rows = [
        build(organ=organ, name=name, identity=number)
        for name, number in (("柳不凡", "990000197803152416"), ("单雄飞", ""))
    ]
    people = register_many(rows, by=SHELL, on=DAY, at=MOMENT)
    correct_name(person=people[0], name="柳步凡", reason="笔误", by=SHELL, on=DAY, at=MOMENT)
    for ref in (9001, 9002):  # logs alone: no case of this store has these numbers
        for text in ("立项", "谈话", "办结"):
            append(Act("case", ref, "record", {"text": text}, SHELL, DAY, MOMENT))


def write_on() -> None:
    """Append until somebody stops this; says when it has begun."""
    print("writing", flush=True)
    for number in range(1_000_000):
        append(Act("case", 100 + number % 5, "record", {"text": f"第{number}次"}, SHELL, DAY, datetime.now(UTC)))


if __name__ == "__main__":
    {"seed": seed, "write": write_on}[sys.argv[-1]]()
