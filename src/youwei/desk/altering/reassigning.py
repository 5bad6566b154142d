"""Entering a decision anew on another person or as another organ's: who may be meant, and who sees it afterwards."""

from collections.abc import Iterable
from typing import Any

from youwei.cases import replacing
from youwei.cases.following import Consequences
from youwei.decisions.altering import Doing
from youwei.decisions.models import Decision
from youwei.desk.altering.forms import AlterForm
from youwei.organs.models import Grant, Organ, Role
from youwei.organs.policy import ACTS, Reader, visible
from youwei.organs.queries import below
from youwei.people import queries as people
from youwei.people.models import Person
from youwei.ui import fields as ui
from youwei.ui.words import visible as shown

MOST_ALIKE = 20


class ReassignForm(AlterForm):
    """Whose decision it is, and which organ made it. Several people of one name are offered to choose among."""

    def __init__(
        self, data: Any, *, decision: Decision, token: str, organs: Iterable[Organ], who: Reader, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.decision, self.who = decision, who
        self.organs = {str(each.pk): each for each in organs} | {
            str(decision.deciding_organ_id): decision.deciding_organ
        }
        self.person: Person | None = None
        self.sight: list[str] = []
        self.fields["organ"] = ui.ChoiceField(
            label="决定机关", choices=[(key, each.name) for key, each in self.organs.items()],
            initial=str(decision.deciding_organ_id), help_text="名单里没有的机关，由它自己或者共同的上级机关来改",
        )  # fmt: skip
        if not decision.secret:
            self.fields["name"] = ui.TextField(
                label="改登记到谁名下", max_length=32, required=False,
                help_text="写姓名或者身份证号；人员没有登记错的不填。还没有在册的，请先登记这个人",
            )  # fmt: skip
            self.alike = self._alike()
            if len(self.alike) > 1:
                self.fields["person"] = ui.ChoiceField(
                    label="是哪一个", choices=[(str(each.pk), who_is(each)) for each in self.alike]
                )
        self.ask_why(decision.version, token, "写明怎样登记错的、依据什么材料，例如：同名同姓，导入时认错了人")

    def _alike(self) -> list[Person]:
        """The people who may be meant by what was typed, so far as one may register decisions on them."""
        # Asked before the field is cleaned: PostgreSQL takes no NUL; the field tells of it.
        text = shown(str(self.data.get("name") or "")).replace("\0", "").strip() if self.is_bound else ""
        found = visible(self.who, "person.correct", people.find(text)).select_related("organ").order_by("name", "pk")
        named = found if people.looks_like_identity(text) else found.filter(name=text)
        return list(named[:MOST_ALIKE]) if text else []

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("name"):
            chosen = given.get("person") or (str(self.alike[0].pk) if len(self.alike) == 1 else "")
            self.person = next((each for each in self.alike if str(each.pk) == chosen), None)
            if not self.alike:
                self.add_error("name", "在册人员里没有您能办理的这个人；请核对姓名，还没有在册的先登记这个人")
        return given

    def organ(self) -> Organ:
        return self.organs[self.cleaned_data["organ"]]


def organs_within(who: Reader, kinds: Iterable[str]) -> list[Organ]:
    """The organs as whose decisions one may enter something."""
    rows = below(who.paths(ACTS["decision.record"])).filter(kind__in=list(kinds), ends_on=None)
    return list(rows.order_by("path"))


def who_is(person: Person) -> str:
    """A person told apart from others of the name."""
    parts = (person.organ.name, person.post, f"{person.born_on.year}年生" if person.born_on else "")
    return f"{person.name}（{'，'.join(part for part in parts if part)}）"


def do(form: ReassignForm, decision: Decision, doing: Doing) -> Consequences | None:
    """The act; told with it, who sees the decision from then on."""
    found = replacing.replace(decision=decision.pk, person=form.person, organ=form.organ(), doing=doing)
    if found is not None:
        form.sight = sight(decision, found.decision, form.who)
    return found


def elsewhere(new: Decision) -> list[str]:
    """That the decision names another unit than the one its person belongs to: what it says of the person may be somebody else's too."""
    person = new.person
    if person is None or new.replaces is None or new.replaces.person_id == person.pk or new.unit_id == person.organ_id:
        return []
    written = f"{new.unit.name if new.unit else ''}{new.post}"
    return [f"决定上写的单位、职务是“{written}”，{who_is(person)}现在不在那里；请核对，改登记以后需要的再更正"]


def sight(old: Decision, new: Decision, who: Reader) -> list[str]:
    """Who sees it and who does not any more, as the policy answers."""
    told = []
    before, after = old.deciding_organ, new.deciding_organ
    if before != after:
        stays = _sees(before, new, who)
        told.append(
            f"今后由{after.name}办理；{before.name}{'因所在单位、统计地区仍在本地，还能查看' if stays else '不再看到'}，"
            "在原来的事项里记下的仍由它查看"
        )
    if old.person is not None and new.person is not None and old.person != new.person:
        told.append(
            f"{who_is(new.person)}的档案里从此有这份决定；{who_is(old.person)}的档案里不再列出，只在记录里留下“改登记”一条，不写改到了谁名下"
        )
    return told


def _sees(organ: Organ, decision: Decision, who: Reader) -> bool:
    """Whether an officer of an organ would see a decision."""
    officer = Reader(who.account, (Grant(role=Role.CASE_OFFICER, organ=organ),), who.on)
    return visible(officer, "decision.view", Decision.objects.filter(pk=decision.pk)).exists()
