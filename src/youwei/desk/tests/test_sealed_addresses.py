"""Beside a sealed case, every page with a number or a word in its address answers whoever is not let in as it did without it (E4)."""

import re
from collections.abc import Iterator

import pytest

from tests.support.addresses import ARGUMENT, addresses
from tests.support.kept import Kept, Stage
from youwei.cases.logs import packs
from youwei.desk.tests.factories import signed_in
from youwei.desk.tests.test_sealed import FAMILY, OPEN_FAMILY, SHIFTING, SUSPECT, WORDS, Stand, build, opened
from youwei.organs.models import Account, ReadTrace

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once, pytest.mark.req("E4")]

ACTS = {
    "organs": ["rename", "place", "merge", "split", "abolish"],
    "people": ["transfer", "retire", "leave", "die"],
    "cases": ["note", "transfer", "hold"],
}


@pytest.fixture(scope="module")
def kept_stand(stage: Stage) -> Kept[Stand]:
    return stage.lay(build)


@pytest.fixture
def stand(kept_stand: Kept[Stand], db: None) -> Stand:
    return kept_stand.copy()


def around(stand: Stand) -> Iterator[str]:
    """Every address with arguments, filled with what lies about the case: its office, unit, clerk and procedure, the person and the open case."""
    version = max(ref.version for ref in packs() if ref.procedure == FAMILY)
    words = dict.fromkeys(("procedure", "family", "other"), FAMILY) | {
        "version": version,
        "at": version,
        "step": "register",
    }
    numbers = {
        "organs": [stand.place.unit.pk, stand.place.commission.pk, stand.place.district.pk],
        "people": [stand.someone.pk], "cases": [stand.open_case.pk], "eligibility": [stand.someone.pk], "accounts": [stand.clerk.pk],
        "standing-in": [stand.clerk.pk], "opening": [stand.someone.pk, stand.place.commission.pk],
    }  # fmt: skip
    for each in addresses():
        room = each.route.partition("/")[0]
        for pk in numbers.get(room, [1]) if each.has_arguments else ():
            for act in ACTS.get(room, ["person", "organ", "office"]):
                told = {**words, "pk": str(pk), "act": act, "kind": act}
                yield "/" + ARGUMENT.sub(
                    lambda found, told=told: told.get(re.split(r"[:>]", found[0])[-2], "1"), each.route
                )  # type: ignore[misc]
    for family in (FAMILY, OPEN_FAMILY):
        yield from (f"/statistics/procedures/{family}/", f"/statistics/procedures/export/?family={family}")
        yield from (f"/together/?procedure={family}", f"/cases/?procedure={family}", f"/find/?q={family}")


def answered(stand: Stand, who: Account, paths: list[str]) -> dict[str, tuple[int, str, str]]:
    ReadTrace.objects.exclude(kind="sealed").delete()
    client = signed_in(who)
    found = {}
    for path in paths:
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
        kept = "" if "html" not in answer.get("Content-Type", "") else SHIFTING.sub("", body.decode())
        found[path] = (answer.status_code, answer.get("Location", "") + answer.get("ETag", ""), kept)
    return found


def test_no_address_about_its_office_its_people_or_its_procedure_answers_otherwise_than_without_it(
    stand: Stand,
) -> None:
    paths = sorted(set(around(stand)))
    others = [each for each in stand.others if each.username != "view"]
    whose = [stand.second, stand.leader, stand.city_clerk, stand.city_leader, *others]
    before = {who: answered(stand, who, paths) for who in whose}
    assert sum(status == 200 for each in before.values() for status, *_ in each.values()) > 5 * len(whose)
    opened(stand)
    for who, shown in before.items():
        after = answered(stand, who, paths)
        assert [path for path in paths if shown[path] != after[path]] == [], who.name
        assert not [path for path in paths if SUSPECT in after[path][2] or WORDS in after[path][2]], who.name
