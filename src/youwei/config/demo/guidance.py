"""Guiding cases of the demonstration city, all invented: published ones of the city and of 青溪区, a draft, and one withdrawn."""

from datetime import date, timedelta

from youwei.cases import guiding
from youwei.cases.guiding import Text
from youwei.config.demo.ledger import moment, officer
from youwei.config.demo.places import CITY, Places

PUBLISHED = (
    (CITY, "luyuanzhou", 210, Text(
        title="老旧小区改造合并工序造成部分返工", place="某区", happened="2024年", items=("先行先试", "初衷", "程序", "结果", "纪律", "缺乏经验"),
        situation="某单位为让居民早日入住，经班子会研究，把外墙保温和管线改造两道工序合并施工，因经验不足造成一成楼栋返工。",
        decided="初衷是为群众办事，程序上集体研究并公示，返工费用由施工单位承担，没有谋取私利。认定免责，责成修订工序管理办法。",
        source="市纪委监委印发", tags="城市建设、先行先试",
    )),
    (CITY, "luyuanzhou", 150, Text(
        title="招商引资先行兑现奖励、标准不明", place="某县", happened="2023年", items=("探索试验", "政策不明", "尚无限制"),
        situation="某部门在上级没有出台具体标准时，经县政府常务会议研究，先行兑现一户企业的设备奖励，事后标准低于已经兑现的数额。",
        decided="属于上级没有明确限制的探索，集体决策，差额已经收回。认定从轻减轻，批评教育，责成补齐制度。",
        source="市纪委监委印发", tags="招商引资、政策兑现",
    )),
    (CITY, "luyuanzhou", 90, Text(
        title="以“创新”名义虚报项目进度，不予容错", place="某市", happened="2024年", items=("弄虚作假", "纪律"),
        situation="某单位把没有开工的标段报作完工，称是为争取上级资金。", decided="属于负面清单中的弄虚作假，不予容错，依规依纪处理。",
        source="公开报道整理", tags="统计数据、负面清单",
    )),
    ("青溪区", "cenboan", 40, Text(
        title="为企业代办手续漏签一道审核", place="某街道", happened="2025年", items=("为企服务", "纪律"),
        situation="某工作人员为赶在停电检修前帮企业办完手续，漏了一道内部审核，两日后补齐，没有后果。",
        decided="正常交往中程序有瑕疵，没有谋取私利，及时补正，认定免责，所在单位完善代办清单。",
        source="本机关办理", tags="为企服务、程序瑕疵",
    )),
)  # fmt: skip
DRAFT = Text(
    title="处置历史遗留地块先签约后补评估", place="某镇", happened="2025年", items=("历史遗留", "程序"),
    situation="某单位为解决拖了多年的安置问题，先与群众签约，后补评估，评估价略低于约定。", decided="经集体研究，差额在预算内消化，待审看。",
    source="本机关办理", tags="历史遗留",
)  # fmt: skip


def guide_some(places: Places, *, today: date) -> None:
    """Written by the officer of the place and published a week later by its leader; one more is a draft, one has been withdrawn."""
    rows = [_published(places, *each, today) for each in PUBLISHED]
    on = today - timedelta(days=3)
    guiding.write(organ=places.office("青溪区"), text=DRAFT, by=officer(places, "青溪区"), on=on, at=moment(on))
    guiding.withdraw(
        row=rows[1], reason="上级已经出台统一标准，不再参照", by=places.actor("luyuanzhou"), on=on, at=moment(on)
    )


def _published(places: Places, area: str, leader: str, ago: int, text: Text, today: date) -> int:
    written = today - timedelta(days=ago)
    row = guiding.write(organ=places.office(area), text=text, by=officer(places, area), on=written, at=moment(written))
    on = written + timedelta(days=7)
    return guiding.publish(row=row.pk, seen=row.version, by=places.actor(leader), on=on, at=moment(on)).pk
