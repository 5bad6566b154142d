"""What is stored about cases. The log is the truth; case summary and open steps are its index and can be rebuilt."""

from typing import Any, ClassVar

from django.db import models

from youwei.cases.admission_models import Admission, AdmissionRequest
from youwei.cases.citation_models import Citation
from youwei.cases.distress_models import Distress
from youwei.cases.guiding_models import GuidingCase
from youwei.cases.list_models import Gathering, Prospect
from youwei.cases.redating_models import Redating
from youwei.cases.reply_models import Reply
from youwei.cases.version_models import Moving, PackVersion
from youwei.decisions.models import Decision
from youwei.organs.models import Account, Organ
from youwei.people.models import Person

__all__ = [
    "Admission", "AdmissionRequest", "Citation", "Distress", "Gathering", "GuidingCase", "Moving", "PackVersion", "Prospect", "Redating", "Reply",
]  # fmt: skip


class Case(models.Model):
    """事项: one procedure in one version, for one subject, at one organ.

    `counted` is the line of the figures its end counts under, `told` the facts its end has told others; both empty until it has ended.
    `outcome_title` is what the pack calls its end; why one was broken off stays sealed in the log.
    `offered_to` is the office that is asked to take it over and has not yet. A `sealed` one is there only for those let in (`Admission`): it is
    about nobody on the roll, so that nothing on the open side leads to it.
    """

    POLICY_SEALED = ""
    POLICY_ORGANS = ("organ", "subject_organ", "offered_to")
    POLICY_OFFICE = ("organ", "offered_to")
    POLICY_MANAGED = ("person__managed_by", "decision__managed_by")
    POLICY_SERVED_ORGANS = ("subject_organ",)
    POLICY_ACCOUNTS = ("servants__account",)

    class State(models.TextChoices):
        OPEN = "open", "在办"
        HELD = "held", "中止"
        ENDED = "ended", "办结"
        TERMINATED = "terminated", "终止"

    procedure = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    pack_digest = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="cases")
    subject_organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="cases_about")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="cases")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=64, blank=True, default="")
    outcome_title = models.CharField(max_length=120, blank=True, default="")
    counted = models.CharField(max_length=120, blank=True, default="", db_index=True)
    told: models.JSONField[Any, Any] = models.JSONField(default=dict)
    opened_on = models.DateField()
    ended_on = models.DateField(null=True)
    next_change = models.DateField(null=True, db_index=True)
    offered_to = models.ForeignKey(Organ, null=True, on_delete=models.PROTECT, related_name="cases_offered")
    import_id = models.BigIntegerField(null=True, db_index=True)
    sealed = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organ", "state"], name="case_organ_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["procedure", "decision"],
                condition=models.Q(state__in=("open", "held")),
                name="one_open_case_a_decision",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def trace_kind(self) -> str:
        """Under which word reading it is traced: of a sealed case only those let in are told."""
        return "sealed" if self.sealed else "case"


class Member(models.Model):
    """成员: whom the freeze of a batch (a case about many) has fixed, and the case of theirs it works on; without one, not joined yet.

    `organ` is the unit as of the freeze, `place` the place in the frozen list. Why somebody left stays sealed in the log.
    """

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")
    POLICY_SERVED_ORGANS = ("case__subject_organ",)
    POLICY_ACCOUNTS = ("case__servants__account",)

    batch = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    place = models.PositiveIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="memberships")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="memberships")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="memberships")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="memberships")
    left_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "place"], name="one_member_a_place"),
            models.UniqueConstraint(fields=["batch", "case"], name="one_member_a_case"),
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.batch_id}"


class Bulk(models.Model):
    """批量办理: one step recorded in many cases, as a job that goes on; of a batch when it lands there (`batch`, entry `batch_seq`).

    `sealed` holds the values all cases share, each line those of its own. What came of it stands in the logs of the cases.
    """

    POLICY_ORGANS = ("organ",)

    class State(models.TextChoices):
        RUNNING = "running", "正在记录"
        DONE = "done", "已做完"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="bulks")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="bulks")
    batch = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="landings")
    batch_seq = models.PositiveIntegerField(default=0)
    procedure = models.CharField(max_length=64)
    step = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    on = models.DateField()
    behalf = models.CharField(max_length=80, blank=True, default="")
    sealed = models.BinaryField()
    token = models.CharField(max_length=48, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class BulkLine(models.Model):
    """One case of an act for many: what is its own, sealed, and what became of it."""

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")
    POLICY_SERVED_ORGANS = ("case__subject_organ",)
    POLICY_ACCOUNTS = ("case__servants__account",)

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        DONE = "done", "已记录"
        REFUSED = "refused", "没有记录"

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="bulk_lines")
    key = models.CharField(max_length=64, blank=True, default="")
    seen = models.PositiveIntegerField(null=True)
    sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    entry_seq = models.PositiveIntegerField(default=0)
    refusal = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bulk", "case"], name="one_line_a_case")]
        indexes: ClassVar = [models.Index(fields=["bulk", "state"], name="bulkline_state")]

    def __str__(self) -> str:
        return f"{self.case_id} of {self.bulk_id}"


class ChainLink(models.Model):
    """前后事项: that the end of a case, or a step of it, opened another; without `child`, that somebody is to say whether it shall."""

    POLICY_SEALED = "parent__"
    POLICY_ORGANS = ("parent__organ", "parent__subject_organ")
    POLICY_OFFICE = ("parent__organ",)
    POLICY_MANAGED = ("parent__person__managed_by", "parent__decision__managed_by")
    POLICY_SERVED_ORGANS = ("parent__subject_organ",)
    POLICY_ACCOUNTS = ("parent__servants__account",)

    parent = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="next_links")
    child = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="previous_links")
    target = models.PositiveIntegerField()
    procedure = models.CharField(max_length=64)
    title = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parent", "target", "procedure"], name="one_link_a_call")
        ]

    def __str__(self) -> str:
        return self.title


class CaseServant(models.Model):
    """An account that serves a case (mentor, visitor) while it does: it sees that case and no other."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="servants")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="serves")
    role = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.account_id} serves {self.case_id}"


class OpenStep(models.Model):
    """One thing to be done, as the plan of its case says: the desk's index. With `part`, the signature of that role of the pack."""

    SIGN = "sign"  # the kind of a signature; a step's own rows bear the step's kind

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("organ", "case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")
    POLICY_SERVED_ORGANS = ("case__subject_organ",)
    POLICY_ACCOUNTS = ("case__servants__account",)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="open_steps")
    step = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")
    part = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=120)
    role = models.CharField(max_length=64)
    role_title = models.CharField(max_length=64, blank=True, default="")
    held_by = models.CharField(max_length=16)
    organ = models.ForeignKey(Organ, null=True, on_delete=models.PROTECT, related_name="open_steps")
    optional = models.BooleanField(default=False)
    scheduled = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    late_from = models.DateField(null=True)
    limit_on = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    rule = models.CharField(max_length=200, blank=True, default="")
    excuse = models.CharField(max_length=16, blank=True, default="")  # the ground on which it was said not to be done

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organ", "due_on"], name="step_organ_due"),
            models.Index(fields=["kind", "due_on"], name="step_kind_due"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "step", "key", "part"], name="one_open_step")]

    def __str__(self) -> str:
        return self.title


class Done(models.Model):
    """One standing record of a step, for figures and dossiers; rebuilt from the log at every change of its case.

    `due_on` is the day the rule gave for it, `late_from` the last day on which it was in time, both as the plan had them when it was done:
    whether an act was in time is decided by its own day against its own, whatever comes later.
    """

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="done")
    step = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=120)
    entry_seq = models.PositiveIntegerField()
    on = models.DateField()
    at = models.DateField()
    outcome = models.CharField(max_length=64, blank=True, default="")
    due_on = models.DateField(null=True)
    late_from = models.DateField(null=True)
    late = models.BooleanField(default=False)
    unplanned = models.BooleanField(default=False)
    afterwards = models.BooleanField(default=False)
    people: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "on"], name="done_kind_on"),
            models.Index(fields=["kind", "case"], name="done_kind_case"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "entry_seq"], name="one_done_a_record")]

    def __str__(self) -> str:
        return self.title


class NotDone(models.Model):
    """One standing entry that says why something was not done, for figures and the desk; rebuilt from the log like `Done`.

    `state` is what became of it: left undone, owed still, or done afterwards. The words of the reason stay sealed in the log.
    """

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")

    class State(models.TextChoices):
        LEFT = "left", "不再办理"
        OWED = "owed", "仍须办理"
        AFTER = "after", "后来已办"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="not_done")
    step = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")
    part = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=120)
    entry_seq = models.PositiveIntegerField()
    on = models.DateField()
    ground = models.CharField(max_length=16)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["on", "case"], name="not_done_on")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "entry_seq"], name="one_not_done_an_entry")]

    def __str__(self) -> str:
        return self.title


class Exempted(models.Model):
    """One thing that does not apply (免办), on a ground its pack lists, for figures; rebuilt from the log like `Done`."""

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="exempted")
    step = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=120)
    entry_seq = models.PositiveIntegerField()
    on = models.DateField()
    ground = models.CharField(max_length=120)
    due_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["on", "case"], name="exempted_on")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "entry_seq"], name="one_exempted_an_entry")]

    def __str__(self) -> str:
        return self.title


class Draft(models.Model):
    """What somebody has typed and not yet recorded, sealed; kept through a cut line, a closed browser and an ended session."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="drafts")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    step = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "case", "step", "key"], name="one_draft")]

    def __str__(self) -> str:
        return f"draft of {self.account_id} for {self.case_id}/{self.step}"
