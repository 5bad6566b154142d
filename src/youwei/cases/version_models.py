"""What is stored about versions of procedures: those written or ended here, and open cases on their way from one to another."""

from typing import Any, ClassVar

from django.db import models

from youwei.organs.models import Account, Organ


class PackVersion(models.Model):
    """规程版本: a version written here (`text`), or one that came on disk and was put in force or ended here (`text` is empty).

    `digest` is that of the whole pack when it was put in force: from then on it is frozen. `ended_on` is the last day on which cases are opened
    under it. `writer` wrote the text as it stands: somebody else puts it in force. Without `organ` it is the program's own.
    """

    POLICY_ORGANS = ("organ",)

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ASKED = "asked", "征求意见"
        RELEASED = "released", "施行"
        DROPPED = "dropped", "作废"

    procedure = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    organ = models.ForeignKey(Organ, null=True, on_delete=models.PROTECT, related_name="pack_versions")
    writer = models.CharField(max_length=80, blank=True, default="")
    writer_id = models.BigIntegerField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["procedure", "version"], condition=~models.Q(state="dropped"), name="one_pack_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure}@{self.version}"


class Moving(models.Model):
    """转入新版本: open cases of one procedure on their way from a version to another, in the background, or on their way back.

    `cases` are the chosen ones, `reached` how many of them were gone through, kept in one transaction with what became of each: `moved` is
    [{case, seq}] with the entry of each move, `refused` [{case, why}]. Taken back, both are written anew.
    """

    POLICY_ORGANS = ("organ",)

    class State(models.TextChoices):
        MOVING = "moving", "正在转入"
        DONE = "done", "已转入"
        UNDOING = "undoing", "正在撤回"
        UNDONE = "undone", "已撤回"

    procedure = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    to = models.CharField(max_length=32)
    waived: models.JSONField[Any, Any] = models.JSONField(default=list)
    reason = models.CharField(max_length=200)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="movings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="movings")
    cases: models.JSONField[Any, Any] = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.MOVING)
    reached = models.PositiveIntegerField(default=0)
    moved: models.JSONField[Any, Any] = models.JSONField(default=list)
    refused: models.JSONField[Any, Any] = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.procedure}@{self.version} → {self.to}"
