"""Decisions that other cases use, for their pages."""

from typing import ClassVar

from django.db import models

from youwei.decisions.models import Decision


class Citation(models.Model):
    """引用: a decision that a standing record of a case uses, as a warning session does; rebuilt from the log like `Done`."""

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")
    POLICY_SERVED_ORGANS = ("case__subject_organ",)
    POLICY_ACCOUNTS = ("case__servants__account",)

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="citations")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="citations")
    step = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")
    entry_seq = models.PositiveIntegerField()
    on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "entry_seq", "decision"], name="one_citation_a_record")
        ]

    def __str__(self) -> str:
        return f"decision {self.decision_id} in {self.case_id}/{self.step}"
