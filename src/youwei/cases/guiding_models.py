"""What is stored of the library of guiding cases."""

from typing import ClassVar

from django.db import models

from youwei.organs.models import Organ


class GuidingCase(models.Model):
    """指导性案例: how one matter was decided and why, told without names, for others to go by; cited from cases.

    `words` is everything it is found by. A published one never changes; a draft may, and `version` grows with it. `case` is the matter it was
    taken from, by number: whoever reads the library is not led there.
    """

    POLICY_ORGANS = ("organ",)

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤下"

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="guiding_cases")
    title = models.CharField("标题", max_length=80)
    place = models.CharField("地区", max_length=40)
    happened = models.CharField("时间", max_length=20)
    situation = models.TextField("情形")
    items: models.JSONField[list[str], list[str]] = models.JSONField("对照的方面和清单", default=list)
    decided = models.TextField("怎样认定、理由")
    source = models.CharField("来源", max_length=120)
    tags = models.CharField("标签", max_length=120, blank=True, default="")
    words = models.TextField(blank=True, default="")
    case = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    writer = models.CharField(max_length=80)
    writer_id = models.BigIntegerField(null=True)
    published_on = models.DateField(null=True)
    published_by = models.CharField(max_length=80, blank=True, default="")
    withdrawn_on = models.DateField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "published_on"], name="guiding_published")]

    def __str__(self) -> str:
        return self.title

    @property
    def cited_as(self) -> str:
        """How a record names it, for good."""
        return f"{self.title}（{self.place}，{self.happened}）"
