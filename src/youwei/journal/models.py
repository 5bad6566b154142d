"""What the journal stores: logs, entries that are never altered, and their sealed contents."""

from typing import ClassVar

from django.db import models


class Log(models.Model):
    """The chain of entries of one thing: a case, the papers and files of a case, a person, an organ or a version of a procedure.

    `ref` is its number; no foreign key, so a log never blocks live data.
    """

    class Kind(models.TextChoices):
        CASE = "case", "事项"
        PERSON = "person", "人员档案"
        ORGAN = "organ", "机关"
        PAPERS = "papers", "文书附件"
        PACK = "pack", "规程"
        VOTE = "vote", "民主评议"

    kind = models.CharField(max_length=8, choices=Kind)
    ref = models.BigIntegerField()
    head_seq = models.PositiveIntegerField(default=0)
    head_digest = models.CharField(max_length=64, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "ref"], name="one_log_per_thing")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}@{self.head_seq}"


class Entry(models.Model):
    """The header of one act: who, when, which step, and the digest over its content and the entry before it. Triggers refuse change and deletion."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=24)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_id = models.BigIntegerField(null=True)
    behalf = models.CharField(max_length=80, default="")
    step = models.CharField(max_length=64, default="")
    key = models.CharField(max_length=64, default="")
    part = models.CharField(max_length=64, default="")
    to = models.CharField(max_length=160, default="")
    target = models.PositiveIntegerField(default=0)
    content_digest = models.CharField(max_length=64)
    prev = models.CharField(max_length=64, default="")
    digest = models.CharField(max_length=64)
    token = models.CharField(max_length=64, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "seq"], name="one_entry_per_seq"),
            models.UniqueConstraint(fields=["token"], condition=~models.Q(token=""), name="one_entry_a_token"),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="entry_at")]

    def __str__(self) -> str:
        return f"{self.log_id}#{self.seq} {self.kind}"


class EntryContent(models.Model):
    """Salt and content of an entry, sealed together; only a disposal under the keeping rules removes it."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="content")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"content of {self.entry_id}"
