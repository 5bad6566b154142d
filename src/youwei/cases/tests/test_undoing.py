"""An import can be taken back whole while nothing was built on it (J4)."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.support.cast import Cast
from youwei.cases import taking, undoing
from youwei.cases.commands import save_draft
from youwei.cases.models import Case, OpenStep
from youwei.cases.tests.builders import CLERK, GROUP, moment, record
from youwei.cases.tests.tables import TODAY, identity, imported, line, outcomes, several, upload, write
from youwei.decisions.altering import Doing, correct
from youwei.decisions.models import Decision, Period
from youwei.intake.models import Import
from youwei.journal.queries import verify
from youwei.organs.changes import Ground, rename
from youwei.organs.commands import grant
from youwei.organs.models import Organ, Role
from youwei.organs.proof import Prover
from youwei.people.commands import correct_name, set_shelf, update_facts
from youwei.people.models import Person
from youwei.people.queries import active, find

pytestmark = [pytest.mark.django_db, pytest.mark.req("J4")]


def undo(batch: Import) -> None:
    undoing.undo(batch=batch, by=CLERK, at=moment(TODAY), today=TODAY)


def test_all_that_came_with_an_import_goes_and_stays_in_the_log(cast: Cast) -> None:
    batch = imported(cast, *several(4), line(是否涉密="是"))
    undo(batch)
    assert batch.state == "undone"
    assert (active().count(), find("许南舟").count()) == (0, 0)
    assert set(Decision.objects.values_list("state", flat=True)) == {"undone"}
    assert set(Case.objects.values_list("state", flat=True)) == {"terminated"}
    assert not OpenStep.objects.exists()
    assert not Period.objects.filter(current=True).exists()
    assert verify() == []


def test_after_an_undo_the_same_file_is_new_again(cast: Cast) -> None:
    rows = [*several(3), line(是否涉密="是")]
    undo(imported(cast, *rows))
    organs = Organ.objects.count()
    again = imported(cast, *rows)
    assert outcomes(again) == ["create", "create", "create", "stub"]
    assert (active().count(), Decision.objects.filter(state="standing").count()) == (3, 4)
    assert Organ.objects.count() == organs


def test_an_undo_puts_back_what_the_import_updated(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1)))
    undo(imported(cast, line(身份证号=identity(1), 单位及职务="青溪区水利局四级调研员")))
    assert Person.objects.get().post == "副局长"
    assert Decision.objects.get().state == "standing"


def test_an_undo_empties_what_the_import_filled_in_and_the_same_ledger_fills_it_again(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1), 四种形态="", 决定文号=""))
    batch = imported(cast, line(身份证号=identity(1)))
    undo(batch)
    decision = Decision.objects.get()
    assert (decision.form, decision.number, decision.state) == (None, "", "standing")
    assert outcomes(imported(cast, line(身份证号=identity(1)))) == ["update"]
    assert Decision.objects.get().form == 2
    assert verify() == []


def test_an_import_whose_fill_was_changed_since_stays(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1), 四种形态=""))
    batch = imported(cast, line(身份证号=identity(1)))
    doing = Doing(by=CLERK, on=TODAY, at=moment(TODAY), convention="inclusive", reason="写错", seen=2)
    correct(decision=Decision.objects.get().pk, changes={"form": 3}, measures=None, doing=doing)
    with pytest.raises(taking.Refused, match="又变更过"):
        undo(batch)
    assert Decision.objects.get().form == 3


def test_an_import_whose_decision_was_corrected_stays(cast: Cast) -> None:
    batch = imported(cast, line(身份证号=identity(1)))
    doing = Doing(by=CLERK, on=TODAY, at=moment(TODAY), convention="inclusive", reason="写错", seen=1)
    correct(decision=Decision.objects.get().pk, changes={"form": 3}, measures=None, doing=doing)
    with pytest.raises(taking.Refused, match="更正"):
        undo(batch)
    assert Import.objects.get(pk=batch.pk).state == "done"


def test_an_undo_computes_older_periods_anew(cast: Cast) -> None:
    old = line(
        身份证号=identity(1),
        党纪处分="党内警告",
        决定文号="青纪发〔2026〕1号",
        决定日期="2026-03-10",
        生效日期="2026-03-10",
    )
    imported(cast, line(身份证号=identity(1)))
    later = Period.objects.get()
    assert later.last_day == date(2027, 9, 11)
    batch = imported(cast, old)
    # What is left of the warning's year, from 12 March 2026 to 9 March 2027, is added: 10 March 2027 and eighteen months.
    assert Period.objects.get(measure=later.measure, current=True).last_day == date(2028, 9, 9)
    undo(batch)
    assert Period.objects.get(measure=later.measure, current=True).last_day == date(2027, 9, 11)


def worked_on(cast: Cast) -> None:
    record(Case.objects.get(procedure="jingzhou-visit"), "group", TODAY, GROUP)


def drafted(cast: Cast) -> None:
    save_draft(
        account=cast.officer, case=Case.objects.all()[0], step="group", key="", text="写了一半", at=moment(TODAY)
    )


def decided_again(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1), 决定文号="青纪发〔2026〕30号"))


def renamed(cast: Cast) -> None:
    correct_name(person=Person.objects.get(), name="许南洲", reason="写错了", by=CLERK, on=TODAY, at=moment(TODAY))


def shelved(cast: Cast) -> None:
    set_shelf(person=Person.objects.get(), shelf="3-2", by=CLERK, on=TODAY, at=moment(TODAY))


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (worked_on, "已经办理过"),
        (drafted, "有人正在填写"),
        (decided_again, "又登记了别的决定"),
        (renamed, "又改动过"),
        (shelved, "又改动过"),
    ],
)
def test_an_import_something_was_built_on_stays_whole(cast: Cast, build: Callable[[Cast], None], why: str) -> None:
    batch = imported(cast, line(身份证号=identity(1)))
    build(cast)
    with pytest.raises(taking.Refused, match=why):
        undo(batch)
    assert Import.objects.get(pk=batch.pk).state == "done"
    assert Decision.objects.filter(import_id=batch.pk, state="standing").count() == 1


def test_an_update_something_was_built_on_stays(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1)))
    batch = imported(cast, line(身份证号=identity(1), 单位及职务="青溪区水利局四级调研员"))
    update_facts(person=Person.objects.get(), changes={"post": "三级调研员"}, by=CLERK, on=TODAY, at=moment(TODAY))
    with pytest.raises(taking.Refused, match="又变更过"):
        undo(batch)
    assert Person.objects.get().post == "三级调研员"


def test_what_was_not_written_or_is_undone_cannot_be_undone_or_written(cast: Cast) -> None:
    batch = upload(cast.commission, line())
    with pytest.raises(taking.Refused, match="只有已经写入"):
        undo(batch)
    write(batch)
    undo(batch)
    with pytest.raises(taking.Refused, match="只有已经写入"):
        undo(batch)
    with pytest.raises(taking.Refused, match="已经撤回"):
        write(batch)


def names() -> set[str]:
    return set(Organ.objects.values_list("name", flat=True))


@pytest.mark.req("J4", "I3")
def test_organs_that_an_import_alone_entered_go_with_it_and_come_again_with_it(cast: Cast) -> None:
    before = names()
    rows = [line(单位及职务="望江区云水镇人民政府科员", 决定机关="望江区纪委监委")]
    batch = upload(cast.city, *rows)
    assert write(batch) == ["望江区", "望江区云水镇人民政府", "望江区纪委监委"]
    assert len(batch.entered) == 3
    undo(batch)
    assert names() == before
    assert Decision.objects.get().unit.name == "望江区云水镇人民政府"  # what was taken back still says where
    again = upload(cast.city, *rows)
    assert write(again) == ["望江区", "望江区云水镇人民政府", "望江区纪委监委"]
    assert Organ.objects.filter(name="望江区").count() == 1
    assert verify(provers=(Prover(),)) == []


@pytest.mark.req("J4")
def test_an_organ_something_else_uses_stays_until_that_goes_too(cast: Cast) -> None:
    before = names()
    first = upload(cast.city, line(单位及职务="望江区民政局科员"))
    write(first)
    second = upload(cast.city, line(姓名="甘棠", 单位及职务="望江区财政局科员", 决定文号="青纪发〔2026〕31号"))
    assert write(second) == ["望江区财政局"]
    undo(first)
    assert names() - before == {"望江区", "望江区财政局"}
    undo(second)
    assert names() == before


@pytest.mark.req("J4")
def test_an_organ_that_was_renamed_since_or_serves_somebody_stays(cast: Cast) -> None:
    batch = upload(cast.city, line(单位及职务="望江区民政局科员", 决定机关="望江区纪委监委"))
    write(batch)
    bureau, office = (Organ.objects.get(name=name) for name in ("望江区民政局", "望江区纪委监委"))
    ground = Ground(on=TODAY, paper="云编发〔2026〕1号", by=CLERK, today=TODAY, at=moment(TODAY))
    rename(organ=bureau, name="望江区民政与社会工作局", ground=ground)
    grant(account=cast.officer, role=Role.CASE_OFFICER, organ=office, by=CLERK, on=TODAY, at=moment(TODAY))
    undo(batch)
    assert {"望江区", "望江区民政与社会工作局", "望江区纪委监委"} <= names()
