"""What a vote leaves behind. Nothing is kept ballot by ballot: no row has a voter, a time or a place in a queue."""

from typing import ClassVar

from django.db import models

from youwei.cases.models import Case
from youwei.organs.models import Account


class Vote(models.Model):
    """One vote on one step of a case. Its row is written when it is opened and when it ends; never when somebody votes.

    `version` is that of the pack whose items and rules were shown. Who reaches a vote is asked of its case; who may vote stands in the entry
    that opened it. `short`: too few took part, so nothing was counted.
    """

    class State(models.TextChoices):
        OPEN = "open", "正在投票"
        CLOSED = "closed", "已结束"
        SHORT = "short", "票数不足，没有计票"
        WITHDRAWN = "withdrawn", "已作废"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="votes")
    step = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")
    version = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    entitled = models.PositiveIntegerField()
    on_paper = models.PositiveIntegerField()
    opened_on = models.DateField()
    ended_on = models.DateField(null=True)
    entry_seq = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "step", "key"], condition=models.Q(state="open"), name="one_open_vote_a_step"
            )
        ]

    def __str__(self) -> str:
        return f"vote {self.pk} on {self.case_id}/{self.step}"

    @property
    def by_code(self) -> int:
        """How many vote with a code; the others have a paper ballot."""
        return self.entitled - self.on_paper


class Box(models.Model):
    """The ballots of a vote as one sealed value, and the codes used as another; both always sorted, both written anew with every ballot.

    Whatever row, version of a row or page of the file one looks at, it holds no order in which people came.
    """

    vote = models.OneToOneField(Vote, on_delete=models.PROTECT, primary_key=True, related_name="box")
    ballots = models.BinaryField()
    used = models.BinaryField()

    def __str__(self) -> str:
        return f"box of {self.vote_id}"


class Code(models.Model):
    """The keyed digest of a code that was handed out. Written for all at once in the order of the digests; destroyed when the vote ends."""

    digest = models.CharField(max_length=64, primary_key=True)
    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="codes")

    def __str__(self) -> str:
        return f"code of {self.vote_id}"


class Reading(models.Model):
    """Paper ballots as one officer has read them, by the numbers written on them after the box was shaken; destroyed when the vote ends."""

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="readings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="ballots_read")
    by = models.CharField(max_length=80)
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["vote", "account"], name="one_reading_an_officer")]

    def __str__(self) -> str:
        return f"reading of {self.vote_id} by {self.account_id}"
