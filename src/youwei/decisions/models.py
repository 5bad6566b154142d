"""What is stored about decisions."""

from typing import Any, ClassVar

from django.db import models

from youwei.journal.sealing import unseal_text
from youwei.organs.models import Organ
from youwei.people.models import Person
from youwei.ui.words import cn_date


class Decision(models.Model):
    """A decision of sanction or handling (处分/处理决定). A stub (`secret`) has no person, no unit and no facts: only what must be counted (A4).

    `version` grows with every correction, change and withdrawal; `told` keeps what a ledger is matched by as it was first recorded.
    `replaces` is the record this one stands for, which was entered on the wrong person or organ and is undone.
    `young` belongs to stubs alone: whether the person was under `YOUNG_YEARS` on the day of the decision. For everybody else the birth says it.
    """

    POLICY_ORGANS = ("unit", "deciding_organ", "counted_at")
    POLICY_OFFICE = ("deciding_organ",)
    POLICY_MANAGED = ("managed_by", "person__managed_by")
    POLICY_SERVED_ORGANS = ("unit",)

    class State(models.TextChoices):
        STANDING = "standing", "有效"
        CHANGED = "changed", "已变更"
        WITHDRAWN = "withdrawn", "已撤销"
        UNDONE = "undone", "登记有误，已撤回"

    class Mode(models.TextChoices):
        CURRENT = "current", "现行"
        HISTORY = "history", "历史"

    class Precheck(models.TextChoices):
        """What became of the check before holding somebody to account (容错审核); empty for a decision that does not."""

        CASE = "case", "有已办结的容错审核事项"
        UNFIT = "unfit", "已考虑，不适用容错"
        NOT_HELD = "not_held", "不属于问责"
        HISTORY = "history", "历史决定"
        OWED = "owed", "待补"
        OFFLINE = "offline", "涉密，线下审核"

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="decisions")
    number = models.CharField("决定文号", max_length=80, blank=True, default="", db_index=True)
    deciding_organ = models.ForeignKey(Organ, verbose_name="决定机关", on_delete=models.PROTECT, related_name="decided")
    counted_at = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="counted")
    unit = models.ForeignKey(Organ, null=True, on_delete=models.PROTECT, related_name="decisions_on_its_people")
    post = models.CharField(max_length=64, blank=True, default="")
    rank = models.CharField(max_length=32, blank=True, default="")
    managed_by = models.CharField(max_length=32, blank=True, default="")
    born_year = models.PositiveSmallIntegerField(null=True)
    made_on = models.DateField("决定日期", null=True)
    effective_on = models.DateField("生效日期", null=True)
    form = models.PositiveSmallIntegerField("四种形态", null=True)
    problem = models.CharField("问题类别", max_length=64, blank=True, default="")
    facts_sealed = models.BinaryField(null=True)
    weight = models.CharField(max_length=1, blank=True, default="")
    acts_until = models.DateField(null=True)
    secret = models.BooleanField(default=False)
    young = models.BooleanField(default=False)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.CURRENT)
    state = models.CharField(max_length=10, choices=State, default=State.STANDING)
    import_id = models.BigIntegerField(null=True, db_index=True)
    import_row = models.PositiveIntegerField(null=True)
    recorded_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField(default=1)
    altered_at = models.DateTimeField(null=True)
    withdrawn_on = models.DateField(null=True)
    told: models.JSONField[Any, Any] = models.JSONField(null=True)
    precheck = models.CharField("容错审核", max_length=8, choices=Precheck, blank=True, default="", db_index=True)
    precheck_case = models.BigIntegerField(null=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    precheck_why_sealed = models.BinaryField(null=True)

    class Meta:
        indexes: ClassVar = [
            # what the ledger asks of each decision, in its order: a page far down is found without reading the decisions before it
            models.Index(
                fields=["-made_on", "-id", "state", "deciding_organ", "unit", "counted_at", "managed_by", "person"],
                name="decision_listed",
            ),
            models.Index(fields=["counted_at", "made_on"], name="decision_counted"),
            models.Index(fields=["deciding_organ", "made_on"], name="decision_decided"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(young=False) | models.Q(secret=True), name="young_of_stubs_only")
        ]

    def __str__(self) -> str:
        return self.number or f"决定{self.pk}"

    def facts(self) -> str:
        return unseal_text(self.facts_sealed, place="decision.facts")

    def precheck_why(self) -> str:
        return unseal_text(self.precheck_why_sealed, place="decision.precheck")


class Standing(models.Manager["Measure"]):
    """The measures a decision gives; one struck out by a correction keeps its row for its old periods and is given by no decision."""

    def get_queryset(self) -> models.QuerySet["Measure"]:
        return super().get_queryset().filter(struck=False)


class Measure(models.Model):
    """One sanction or measure a decision gives, as the law knows it (`kind`) and as the paper words it (`label`).

    Changed on review, `kind` is what holds from `changed_on` and `first_kind` what was decided; `changes` counts the reviews.
    `restored_on` is the day from which a decision restored the rights lost by 留党察看. `months` is the organ's own choice where the law leaves
    a range, and for 留党察看 the whole probation once it was extended; empty where the law alone says how long.
    `last_day_by_hand` is the last day of its period as a human settled it, with its basis: it rules over the one computed.
    """

    POLICY_ORGANS = ("decision__unit", "decision__deciding_organ", "decision__counted_at")
    POLICY_OFFICE = ("decision__deciding_organ",)
    POLICY_MANAGED = ("decision__managed_by", "decision__person__managed_by")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=64, db_index=True)
    label = models.CharField(max_length=64)
    family = models.CharField(max_length=16)
    weight = models.CharField(max_length=1, blank=True, default="")
    first_kind = models.CharField(max_length=64, blank=True, default="")
    first_label = models.CharField(max_length=64, blank=True, default="")
    changed_on = models.DateField(null=True)
    changes = models.PositiveSmallIntegerField(default=0)
    restored_on = models.DateField(null=True)
    months = models.PositiveSmallIntegerField(null=True)
    last_day_by_hand = models.DateField(null=True)
    basis_by_hand = models.CharField(max_length=200, blank=True, default="")
    struck = models.BooleanField(default=False)

    objects = Standing()

    def __str__(self) -> str:
        return self.label

    @property
    def words(self) -> str:
        """The wording, with the months where the organ chose them and the last day where it was settled by hand."""
        more = (
            f"{self.months}个月" if self.months else "",
            f"人工核定至{cn_date(self.last_day_by_hand)}" if self.last_day_by_hand else "",
        )
        told = "，".join(part for part in more if part)
        return f"{self.label}（{told}）" if told else self.label


class Period(models.Model):
    """One span of one version of a measure's schedule. Schedules are appended, never overwritten: the newest rules (`current`).

    Most measures have one span; 留党察看 has the probation and the bar after restoration.
    `until` gives for each thing barred the first day free again. `by_hand`: a human settled the last day; `computed` is the law's own, if any.
    """

    POLICY_ORGANS = ("measure__decision__unit", "measure__decision__deciding_organ")
    POLICY_OFFICE = ("measure__decision__deciding_organ",)
    POLICY_MANAGED = ("measure__decision__managed_by", "person__managed_by")

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="periods")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="periods")
    version = models.PositiveSmallIntegerField(default=1)
    span = models.CharField(max_length=20, default="period")
    current = models.BooleanField(default=True)
    starts_on = models.DateField(null=True)
    last_day = models.DateField(null=True, db_index=True)
    first_eligible_on = models.DateField(null=True)
    months = models.PositiveSmallIntegerField(null=True)
    permanent = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    computed = models.DateField(null=True)
    until: models.JSONField[Any, Any] = models.JSONField(default=dict)
    unsettled: models.JSONField[Any, Any] = models.JSONField(default=list)
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list)
    basis: models.JSONField[Any, Any] = models.JSONField(default=list)
    why = models.CharField(max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "version", "span"], name="one_version_of_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}—{self.last_day}"


class Series(models.Model):
    """系列案: one event after which many were sanctioned. It only names their decisions; each keeps its own cases and its own readers."""

    POLICY_ORGANS = ("organ",)
    POLICY_OFFICE = ("organ",)

    title = models.CharField("名称", max_length=80)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="series")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class SeriesMember(models.Model):
    """That a decision belongs to a series from a day on; taken out again, until another."""

    POLICY_ORGANS = ("decision__unit", "decision__deciding_organ", "decision__counted_at")
    POLICY_OFFICE = ("decision__deciding_organ",)
    POLICY_MANAGED = ("decision__managed_by", "decision__person__managed_by")

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="members")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="series")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "decision"], name="once_in_a_series")]

    def __str__(self) -> str:
        return f"{self.decision_id} in {self.series_id}"
