"""What is stored about papers and attachments. Both lie in the store, sealed, so that one backup holds everything."""

from typing import ClassVar

from django.db import models

from youwei.cases.models import Case
from youwei.journal.sealing import unseal


class Paper(models.Model):
    """A Word file as it was issued from a record; it stays as issued whatever is corrected later."""

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")
    POLICY_SERVED_ORGANS = ("case__subject_organ",)
    POLICY_ACCOUNTS = ("case__servants__account",)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="papers")
    entry_seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "entry_seq", "kind"], name="one_paper_a_record")
        ]

    def __str__(self) -> str:
        return self.title

    def data(self) -> bytes:
        return unseal(bytes(self.sealed), place="paper")

    def outdated(self) -> bool:
        """Issued before the decision was corrected, changed or withdrawn: it stays as issued and is marked."""
        altered_at = self.case.decision.altered_at if self.case.decision else None
        return altered_at is not None and altered_at > self.issued_at


class Attachment(models.Model):
    """A file attached to a record of a step: a scan, a photograph, a letter."""

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")
    POLICY_SERVED_ORGANS = ("case__subject_organ",)
    POLICY_ACCOUNTS = ("case__servants__account",)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    step = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")
    entry_seq = models.PositiveIntegerField()
    filename = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    uploaded_at = models.DateTimeField()
    by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.filename

    def data(self) -> bytes:
        return unseal(bytes(self.sealed), place="attachment")
