"""From a case to the batches it belongs to, and from an open step of a batch to the page on which it is recorded."""

from django.urls import reverse

from youwei.cases.cohort import is_batch
from youwei.cases.logs import pack_of
from youwei.cases.models import Bulk, Case, Member
from youwei.engine.types import Item
from youwei.organs.policy import Reader, visible
from youwei.rulebook.packs import Kind, Step


def batches_of(who: Reader, case: Case) -> list[Case]:
    """The batches a case belongs to, as far as the reader sees them; a batch is its own. One query, and one more for a member of a batch."""
    if is_batch(pack_of(case)):
        return [case]
    batches = list(Member.objects.filter(case=case).values_list("batch", flat=True))
    return list(visible(who, "case.read", Case.objects.filter(pk__in=batches)).order_by("-pk")) if batches else []


def after_correction(case: Case, step: str, seq: int) -> str:
    """Where a corrected record of a batch is carried on to its members; empty where it landed on nobody."""
    pack = pack_of(case)
    found = pack.steps.get(step)
    if found is None or found.lands is None or not Bulk.objects.filter(batch=case, batch_seq=seq).exists():
        return ""
    return reverse("batch-carry", args=[case.pk, seq])


def instead_of_withdrawing(case: Case, seq: int) -> str:
    """Where a record of a batch is withdrawn together with what it became in its members; empty where it landed on nobody."""
    if not is_batch(pack_of(case)) or not Bulk.objects.filter(batch=case, batch_seq=seq).exists():
        return ""
    return reverse("batch-retract", args=[case.pk, seq])


def step_address(batch: Case, step: Step, item: Item) -> str:
    """The page on which an open step of a batch is recorded; empty where the form of the case does."""
    name = "batch-teams" if step.teams is not None else "batch-land" if step.lands is not None else ""
    name = "batch-freeze" if step.kind is Kind.FREEZE else name
    return f"{reverse(name, args=[batch.pk, step.id])}?key={item.key}" if name else ""
