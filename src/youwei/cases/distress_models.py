"""What is stored when somebody is found in distress: as little as helps, apart from every log, and not for long."""

from django.db import models

from youwei.organs.models import Account


class Distress(models.Model):
    """身心异常: that somebody had to be looked after, what was done at once, and that it was followed up. No diagnosis, no cause.

    `sealed` holds what was done and who was called. It is no record of the case: no log, paper, list, figure or export has it, and it is
    deleted some time after it was closed.
    """

    POLICY_ORGANS = ("case__organ",)
    POLICY_OFFICE = ("case__organ",)
    POLICY_MANAGED = ("case__person__managed_by", "case__decision__managed_by")
    POLICY_SERVED_ORGANS = ("case__subject_organ",)
    POLICY_ACCOUNTS = ("case__servants__account",)
    POLICY_SEALED = "case__"

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="distress")
    noticed_on = models.DateField()
    sealed = models.BinaryField()
    paused = models.BooleanField(default=False)
    by = models.CharField(max_length=80)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="distress_reported")
    at = models.DateTimeField()
    closed_on = models.DateField(null=True, db_index=True)
    closed_by = models.CharField(max_length=80, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.case_id} on {self.noticed_on}"
