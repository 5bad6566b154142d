"""What was said of people in answer to somebody's question, for their files."""

from django.db import models

from youwei.people.models import Person


class Reply(models.Model):
    """答复: what a standing record of a case says of one person by the rulebook, and the words chosen for it; rebuilt from the log like `Done`.

    The case says whether it has been sent. `doubted` is the day on which a decision behind it was altered afterwards, if one was.
    """

    POLICY_SEALED = "case__"
    POLICY_ORGANS = ("case__organ", "case__subject_organ")
    POLICY_OFFICE = ("case__organ",)

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="replies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="replies")
    step = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")
    entry_seq = models.PositiveIntegerField()
    on = models.DateField()
    intent = models.CharField(max_length=16)
    answer = models.CharField(max_length=8)
    words = models.CharField(max_length=200, blank=True, default="")
    doubted = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.intent}：{self.answer}"
