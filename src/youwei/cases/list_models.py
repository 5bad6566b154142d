"""What is stored while the list of a batch is drawn up: working material, gone once the list is fixed."""

from typing import Any, ClassVar

from django.db import models

from youwei.decisions.models import Decision
from youwei.organs.models import Account, Organ
from youwei.people.models import Person


class Gathering(models.Model):
    """How far the reach of a batch has been gone through, by whom, and how many lie outside the scope of its pack."""

    class State(models.TextChoices):
        RUNNING = "running", "正在测算"
        DONE = "done", "已测算"

    batch = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="gathering")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="gatherings")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    last_case = models.BigIntegerField(null=True)
    last_decision = models.BigIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    outside = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.batch_id}"


class Prospect(models.Model):
    """Somebody a batch could take: an open case, or a decision for which one would be opened, with what its criteria ask.

    `unit` is where the person is, `office` whose matter it is, `hurdle` why not even by hand, `key` what tells one from another in a list.
    """

    POLICY_ORGANS = ("unit", "office")
    POLICY_OFFICE = ("office",)
    POLICY_MANAGED = ("person__managed_by", "decision__managed_by")

    batch = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="prospects")
    key = models.CharField(max_length=24)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    what = models.CharField(max_length=200)
    hurdle = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "key"], name="one_prospect_a_key")]
        indexes: ClassVar = [models.Index(fields=["batch", "person"], name="prospect_person")]

    def __str__(self) -> str:
        return self.key
