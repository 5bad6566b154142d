"""What is stored about a holiday notice on its way through the open cases."""

from typing import Any

from django.db import models

from youwei.organs.models import Organ


class Redating(models.Model):
    """What a holiday notice moves: found in the background before it is entered, and done for good once it is.

    `last_case` is how far either has come, kept in one statement with what was found: where it goes on. `moved` is [{case, title, old, new}].
    """

    POLICY_ORGANS = ("organ",)

    class State(models.TextChoices):
        LOOKING = "looking", "正在核对"
        LOOKED = "looked", "待确认"
        MOVING = "moving", "正在改期"
        DONE = "done", "已保存"

    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    days: models.JSONField[Any, Any] = models.JSONField()
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="redatings")
    by = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.LOOKING)
    last_case = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    moved: models.JSONField[Any, Any] = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.year}年放假安排"
