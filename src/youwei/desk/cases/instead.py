"""What stands on the page of a case in place of the step in hand: that another was asked for; that nothing is to be done now, and who has it."""

from dataclasses import dataclass

from youwei.cases.queries import View
from youwei.desk.cases.reading import Reading
from youwei.engine.types import Item, Status, Who
from youwei.engine.wording import sentence
from youwei.organs.models import Organ


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing falls to the reader now: with whom it lies, and what of the reader's own side may still come, each with why it waits."""

    now: tuple[str, ...]
    later: tuple[tuple[str, str], ...]


def idle(view: View, item: Item | None, read: Reading) -> Idle | None:
    """Whoever reads only a part is told who has the case and not what with: a step's name may tell what was found. Of a sealed case nor who."""
    if item is not None or view.plan.outcome is not None:
        return None
    waiting = [(view.pack.steps[name], state) for name, state in view.plan.steps.items() if read.shows(name)]
    return Idle(
        () if view.case.sealed and not read.whole else _holders(view),
        tuple(
            (step.title, "".join(map(sentence, state.why)) if read.whole else "")
            for step, state in waiting
            if state.status is Status.WAITING
        ),
    )


def _holders(view: View) -> tuple[str, ...]:
    """Who has what is open now, each once; one query."""
    places = [item.signers or (item.who,) for item in view.plan.open_items() if not item.optional]
    asked = {place: _organ(place) for signers in places for place in signers}
    names = dict(Organ.objects.filter(pk__in=[each for each in asked.values() if each]).values_list("pk", "name"))
    told = (f"{names[number]}（{place.title}）" if number in names else place.title for place, number in asked.items())
    return tuple(dict.fromkeys(told))


def _organ(place: Who) -> int:
    return int(place.organ) if place.organ and place.organ.isdigit() else 0


def astray(item: Item | None, step: str, key: str) -> str:
    """Said when the address asks for a step, or for one time of it, that is not to be shown here: what is shown instead was not asked for."""
    if not step or (item is not None and item.step == step and key in ("", item.key)):
        return ""
    what = "这一环节" if item is None or item.step != step else "这一次"
    return f"地址里要找的{what}，本事项里没有，或者不由您这一方办理；下面是眼下要办的。"
