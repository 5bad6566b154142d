"""What is stored about uploads: the upload itself, its checked rows, and what an organ's columns mean."""

from typing import Any, ClassVar

from django.db import models

from youwei.organs.models import Account, Organ


class Import(models.Model):
    """One uploaded ledger. `kept` is the cleaned upload (rows of state secrets reduced), compressed and sealed; the file itself is never stored.

    `done_rows` says how many of the rows to be written are written, in sheet order, and is kept in one transaction with them: where a
    writing goes on. `entered` are the organs it brought into the roll, by number. `ordered_by` had it written or taken back; a job acts
    on that account's behalf.
    """

    POLICY_ORGANS = ("organ",)

    class Mode(models.TextChoices):
        HISTORY = "history", "历史"
        CURRENT = "current", "现行"

    class State(models.TextChoices):
        CHECKED = "checked", "待确认"
        QUEUED = "queued", "排队中"
        WRITING = "writing", "写入中"
        DONE = "done", "已写入"
        UNDOING = "undoing", "撤回中"
        UNDONE = "undone", "已撤回"
        FAILED = "failed", "未写入"

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="imports")
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="imports")
    by_name = models.CharField(max_length=64)
    ordered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=8, choices=Mode)
    filename = models.CharField(max_length=200)
    sheet = models.CharField(max_length=64, blank=True, default="")
    header_row = models.PositiveIntegerField(default=1)
    header: models.JSONField[Any, Any] = models.JSONField(default=list)
    mapping: models.JSONField[Any, Any] = models.JSONField(default=list)
    missing: models.JSONField[Any, Any] = models.JSONField(default=list)
    skipped: models.JSONField[Any, Any] = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.CHECKED)
    totals: models.JSONField[Any, Any] = models.JSONField(default=dict)
    entered: models.JSONField[Any, Any] = models.JSONField(default=list)
    done_rows = models.PositiveIntegerField(default=0)
    total_rows = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True, default="")
    kept = models.BinaryField()
    checked_on = models.DateField()
    created_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organ", "-created_at"], name="import_of_organ")]

    def __str__(self) -> str:
        return self.filename


class StagedRow(models.Model):
    """One checked row of an upload, its content sealed. What was refused stays here, with its reasons, and goes no further."""

    POLICY_ORGANS = ("batch__organ",)
    TWIN = "twin"  # the answer that it is whoever the earlier row is about

    class Outcome(models.TextChoices):
        CREATE = "create", "新增"
        UPDATE = "update", "更新"
        UNCHANGED = "unchanged", "不变"
        STUB = "stub", "涉密存根"
        ASK = "ask", "请确认"
        REFUSED = "refused", "拒绝"

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    serial = models.CharField(max_length=20, blank=True, default="")
    outcome = models.CharField(max_length=9, choices=Outcome)
    payload = models.BinaryField()
    codes = models.CharField(max_length=120, blank=True, default="")
    warned = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    person_id = models.BigIntegerField(null=True)
    decision_id = models.BigIntegerField(null=True)
    candidates: models.JSONField[Any, Any] = models.JSONField(default=list)
    why = models.CharField(max_length=120, blank=True, default="")
    twin = models.PositiveIntegerField(null=True)
    answer = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "number"], name="one_staged_row_of_a_line")]
        indexes: ClassVar = [models.Index(fields=["batch", "outcome", "number"], name="staged_by_outcome")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"


class ColumnMemory(models.Model):
    """What an organ's column means, as confirmed once: found again by its header."""

    POLICY_ORGANS = ("organ",)

    organ = models.ForeignKey(Organ, on_delete=models.CASCADE, related_name="columns")
    header = models.CharField(max_length=120)
    field = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ", "header"], name="one_memory_of_a_header")]

    def __str__(self) -> str:
        return self.header
