"""The race as a Viewflow flow: a person's task for each of the eight steps, one branch, and a step that repeats."""

from typing import ClassVar

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow import views


class Race(flow.Flow):
    """Steps and answers are those of `steps.py`."""

    process_title = "race"

    begin = flow.StartHandle().Next(this.accept)
    accept = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.review)
    review = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.approve)
    approve = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.which)
    which = flow.If(lambda activation: activation.process.data["kind"] == "long").Then(this.full).Else(this.short)
    full = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.talk)
    short = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.talk)
    talk = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.again)
    again = flow.If(lambda activation: activation.process.data["again"]).Then(this.talk).Else(this.report)
    report = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.close)
    close = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.end)
    end = flow.End()

    instance: ClassVar["Race"]
