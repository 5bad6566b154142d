"""Who may know of a sealed case, and whom an administrator asks to let in where nobody does any more."""

from typing import ClassVar

from django.db import models

from youwei.organs.models import Account, Organ, Role


class Admission(models.Model):
    """准入: an account let in to a sealed case, as the holder of a role at an organ; it sees the case while it holds that role there itself."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="admissions")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="admissions")
    role = models.CharField(max_length=16)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="admissions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "account", "role", "organ"], name="one_admission")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} let in to {self.case_id}"

    @property
    def role_title(self) -> str:
        return str(Role(self.role).label)


class AdmissionRequest(models.Model):
    """提请准入: whom the security administrator asks to let in to a sealed case of which nobody knows any more; gone when it is decided.

    Who asks and why stands in the log of the case, at `entry_seq`.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="admission_request")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="admission_requests")
    role = models.CharField(max_length=16)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="admission_requests")
    entry_seq = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.account_id} asked for in {self.case_id}"

    @property
    def role_title(self) -> str:
        return str(Role(self.role).label)
