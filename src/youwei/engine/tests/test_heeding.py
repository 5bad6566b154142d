"""Words by which somebody could be recognised are pointed out, and nothing else (E1)."""

import pytest

from youwei.engine.heeding import heeded
from youwei.rulebook.pack_types import Pack
from youwei.rulebook.packs import released_packs

pytestmark = pytest.mark.req("E1")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return next(pack for ref, pack in released_packs().items() if ref.procedure == "clearing")


def words(pack: Pack, text: str) -> list[str]:
    return [word for each in heeded(pack, pack.steps["propose"], {"text": text}) for word in each.words]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("举报人称其收受礼品", ["举报人"]),
        ("经你单位办公室一名同事提供", ["你单位办公室一名同事"]),
        ("据王某某说", ["王某某"]),
        ("李女士多次来访", ["李女士"]),
        ("电话13800009900联系", ["13800009900"]),
        ("拨打0574-87990099", ["0574-87990099"]),
        ("99010119900101001X", ["99010119900101001X"]),
        ("信寄自和平路12号", ["信寄自和平路12号"]),
        ("发自a.b@example.cn", ["a.b@example.cn"]),
        ("该同志一贯表现良好", ["一贯表现"]),
        ("反映其违规收受礼品的问题，经查不属实。2024年3月5日会议纪要第12号", []),
    ],
)
def test_what_is_pointed_out(pack: Pack, text: str, found: list[str]) -> None:
    assert words(pack, text) == found


def test_every_cell_of_a_table_is_looked_at_and_each_find_says_where_and_why(pack: Pack) -> None:
    rows = [{"point": "收礼", "fact": "来信人未能提供证据"}, {"point": "公车私用", "fact": "出车单齐全"}]
    (found,) = heeded(pack, pack.steps["propose"], {"points": rows, "text": "经查不属实"})
    assert (found.step, found.field, found.words) == ("填写《失实检举控告澄清审批表》", "具体失实的问题", ("来信人",))
    assert found.why == "直接提到了检举控告的人"


def test_a_field_without_a_list_is_left_alone(pack: Pack) -> None:
    assert heeded(pack, pack.steps["begin"], {"concluded": "举报人"}) == []


def test_no_step_of_clearing_has_a_place_for_who_reported(pack: Pack) -> None:
    titles = [field.title for step in pack.steps.values() for field in step.form.values()]
    assert not [
        title for title in titles if any(word in title for word in ("举报人", "控告人", "检举人", "反映人", "来信人"))
    ]
