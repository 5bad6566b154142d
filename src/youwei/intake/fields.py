"""The fields a ledger can fill, the names offices give them, and what their contents look like."""

import re
from dataclasses import dataclass

from youwei.intake.cells import NOTHING, UNKNOWN, Cell
from youwei.intake.dates import read_date
from youwei.intake.identity import read_identity
from youwei.intake.places import reads_as_post, reads_as_unit


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its key, its title, the exact headers known for it, and a pattern for unheard-of ones."""

    key: str
    title: str
    names: tuple[str, ...]
    pattern: str = ""
    kind: str = "text"
    limit: int = 0
    required: bool = False


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIELDS: tuple[Field, ...] = (
    Field("serial", "序号", _names("序号 编号 序 No. NO 顺序号 顺号 行号"), kind="serial"),
    Field(
        "name",
        "姓名",
        _names(
            "姓名 名字 被处分人 被处分人姓名 受处分人 受处分人姓名 受处分人员 受处理人 "
            "受处理人姓名 受处分处理人员 处分对象 处理对象 被处理人 当事人 人员姓名 干部姓名 "
            "党员姓名 被审查人 被审查调查人"
        ),
        r"姓名$|^被?受?处[分理](人|对象)",
        "name",
        32,
        True,
    ),
    Field("sex", "性别", _names("性别"), r"^性别", "sex"),
    Field("ethnicity", "民族", _names("民族"), r"^民族", limit=32),
    Field("born", "出生年月", _names("出生年月 出生日期 出生年月日 出生时间 生日 出生"), r"出生", "partial"),
    Field(
        "id_number",
        "身份证号",
        _names("身份证号 身份证号码 身份证 公民身份号码 公民身份证号码 居民身份证号 居民身份证号码 证件号码 证件号"),
        r"身份证|身份号",
        "identity",
    ),
    Field("politics", "政治面貌", _names("政治面貌 面貌 党派"), r"政治面[貌目]", limit=32),
    Field("joined_on", "入党时间", _names("入党时间 入党日期 入党年月 加入中国共产党时间"), r"入党", "partial"),
    Field(
        "unit_post",
        "单位及职务",
        _names(
            "单位及职务 工作单位及职务 单位职务 工作单位职务 单位和职务 单位、职务 单位与职务 "
            "原单位及职务 时任单位及职务 所在单位及职务 现任单位及职务 现单位及职务 职务及单位 "
            "单位职务职级"
        ),
        r"单位.{0,3}职务",
        "unit_post",
    ),
    Field(
        "unit",
        "单位",
        _names("单位 工作单位 所在单位 单位名称 原单位 时任单位 现单位 部门 所在部门 所属单位 任职单位 现工作单位"),
        r"单位$|单位名称",
        "unit",
        120,
    ),
    Field(
        "post",
        "职务",
        _names("职务 现任职务 时任职务 原职务 担任职务 职务名称 岗位 党内外职务 行政职务"),
        r"职务$",
        "post",
        64,
    ),
    Field("rank", "职级", _names("职级 级别 行政级别 职务层次 干部级别 职务级别 职级级别"), r"职级|级别", limit=32),
    Field(
        "managed_by",
        "干部管理权限",
        _names("干部管理权限 管理权限 干管权限 干部类别 管理层级 人员管理权限"),
        r"管理权限|干管",
        limit=32,
    ),
    Field(
        "kind",
        "人员类别",
        _names("人员类别 人员身份 身份类别 人员性质 人员类型 身份性质 对象类别"),
        r"^人员(类|身|性)",
        limit=32,
    ),
    Field(
        "category",
        "问题类别",
        _names(
            "问题类别 问题类型 违纪类型 违纪类别 错误类别 错误性质 违纪性质 问题性质 "
            "违纪违法类型 案件性质 案由 违纪行为"
        ),
        r"(问题|违纪|错误|违法).{0,3}(类|性质)",
        limit=64,
    ),
    Field(
        "facts",
        "主要事实",
        _names(
            "主要事实 主要违纪事实 违纪事实 简要案情 主要问题 违纪违法事实 主要违纪违法事实 "
            "基本案情 案情简介 问题简述 错误事实 主要错误事实"
        ),
        r"事实|案情",
        "long",
    ),
    Field(
        "acts_until",
        "行为截止日期",
        _names("行为截止日期 违纪行为终止时间 违纪时间止 行为终了日期 违纪行为截止时间"),
        r"行为.{0,4}(止|终)",
        "partial",
    ),
    Field(
        "form",
        "四种形态",
        _names("四种形态 形态 运用形态 运用四种形态 适用形态 四种形态类别 监督执纪四种形态 四种形态情况"),
        r"形态",
        "form",
    ),
    Field(
        "party",
        "党纪处分",
        _names("党纪处分 党纪 党纪处分种类 党纪处分类型 党内处分 党内处分种类 党纪处分情况 党纪处分档次"),
        r"党[纪内]处分",
        "measures",
    ),
    Field(
        "administrative",
        "政务处分",
        _names(
            "政务处分 政务 政纪处分 行政处分 政务处分种类 政纪 行政处分种类 政务（行政）处分 "
            "政务(行政)处分 政务/行政处分 政务处分情况 政务处分类型 政务（政纪）处分 "
            "处分（任免机关）"
        ),
        r"政务.{0,4}处分|政纪|行政处分",
        "measures",
    ),
    Field(
        "party_months",
        "察看期合计（月）",
        _names("察看期合计（月） 察看期合计月数 留党察看合计月数 延长后察看期（月） 延长后察看期月数"),
        kind="months",
    ),
    Field(
        "administrative_months",
        "政务处分期（月）",
        _names("政务处分期（月） 政务处分期月数 政务处分期限（月） 机关确定的政务处分期（月）"),
        kind="months",
    ),
    Field(
        "handling",
        "组织处理",
        _names(
            "组织处理 组织措施 组织处理种类 组织处理情况 组织处理方式 组织处理措施 其他处理 "
            "处理方式 处理措施 第一种形态处理 第一种形态处理方式"
        ),
        r"组织(处理|措施|调整)|处理(方式|措施)",
        "measures",
    ),
    Field(
        "measures",
        "处分（处理）种类",
        _names(
            "处分种类 处分类型 处分档次 处分处理种类 处分（处理）种类 处分(处理)种类 处理种类 "
            "处分结果 处理结果 处分情况 处理情况 处分 给予处分 处分处理 处分处理情况 "
            "处分处理结果 处分类别 受处分种类 受处分情况 处分（处理）结果 处分（处理）情况 处分（处理）类型 处理（处分）种类 处理（处分）结果"
        ),
        r"处分[）)]?(种类|类[型别]|结果|情况|档次)|处理[）)]?(种类|结果|情况)",
        "measures",
    ),
    Field(
        "number",
        "决定文号",
        _names("决定文号 文号 处分文号 处分决定文号 文件号 决定书文号 处分决定书文号 发文字号 文书号 处理决定文号"),
        r"文号|字号",
        "number",
        80,
    ),
    Field(
        "deciding_organ",
        "决定机关",
        _names(
            "决定机关 处分机关 作出机关 作出决定机关 决定单位 处分决定机关 批准机关 处分单位 "
            "作出处分机关 审批机关 处理机关 处分批准机关 处分作出机关"
        ),
        r"(决定|处分|处理|批准|作出).{0,4}(机关|单位|组织)",
        "organ",
        120,
    ),
    Field(
        "decided_on",
        "决定日期",
        _names(
            "决定日期 决定时间 处分时间 处分日期 处分决定时间 处分决定日期 作出决定时间 作出日期 "
            "作出时间 批准时间 批准日期 处理时间 处理日期 作出处分时间 受处分时间 受处分日期 "
            "发文日期 发文时间"
        ),
        r"(决定|处分|处理|批准|作出|发文).{0,4}(日期|时间|年月)",
        "date",
        0,
        True,
    ),
    Field(
        "effective_on",
        "生效日期",
        _names(
            "生效日期 生效时间 生效日 处分生效日期 处分生效时间 起算日期 起算时间 影响期起始日期 "
            "影响期起算日期 影响期起始时间 处分期起始日期"
        ),
        r"生效|起算|影响期.{0,2}起",
        "date",
    ),
    Field(
        "announced_on",
        "宣布日期",
        _names("宣布日期 宣布时间 宣布执行时间 公开宣布时间 公开宣布日期 处分宣布时间 宣布执行日期"),
        r"宣布",
        "partial",
    ),
    Field(
        "secret",
        "是否涉密",
        _names(
            "是否涉密 涉密 密级 是否涉及国家秘密 涉密情况 涉密标识 是否保密 保密级别 秘密等级 涉密与否 是否涉密案件"
        ),
        r"涉密|密级|国家秘密|保密|秘密等级",
        "secret",
    ),
    Field(
        "precheck",
        "容错审核",
        _names("容错审核 容错前置审核 前置审核 容错审核情况 容错情况 是否容错审核 容错审核意见"),
        r"容错|前置审核",
        "precheck",
    ),
    Field(
        "shelf",
        "纸质档案号",
        _names("档案号 案卷号 卷号 档号 归档号 架号 纸质档案号 纸质档案架号"),
        r"档案?号|卷号|架号",
        limit=64,
    ),
    Field("note", "备注", _names("备注 说明 备考 其他情况 备注说明 附注"), r"^备注", limit=64),
)
BY_KEY = {field.key: field for field in FIELDS}
#: Columns known and left out on purpose, with the reason shown.
LEFT_OUT = {
    "age": (re.compile(r"^年龄|周岁"), "年龄由出生年月算出"),
    "ends": (
        re.compile(r"(影响期|处分期).{0,4}(止|满|期限|长|$)|解除(时间|日期)|期满"),
        "影响期、处分期由系统按规定计算",
    ),
    "kin": (re.compile(r"家庭|婚姻|健康|子女|配偶|电话|手机|住址|联系方式"), "家庭、健康和联系方式不收"),
    "school": (re.compile(r"学历|学位|籍贯|出生地|毕业"), "台账不需要这一项"),
    "filler": (re.compile(r"填报|填表|审核人|经办人|录入"), "填表情况不收"),
}
#: Which column holds the months an organ chose itself, by the family of the measure they belong to.
MONTHS_OF = {"party": "party_months", "administrative": "administrative_months"}
MEASURE_FIELDS = ("party", "administrative", "handling", "measures")
_FORM = re.compile(r"第?[一二三四1-4①-④]种?形?态?$|形态[一二三四1-4]$")
_NUMBER = re.compile(r"[〔\[(（【]\d{4}[〕\])）】].*号|\d{4}.{0,6}第?\d+号|号$")
_ORGAN = re.compile(
    r"纪委|监委|纪工委|监察|党委|党组|党工委|党支部|党总支|组织部|委员会|人民政府|政府|局$|学校|医院|公司|集团|"
    r"人社|法院|检察院"
)
_MEASURE = re.compile(
    r"警告|记过|记大过|降级|撤职|开除|察看|撤销|诫勉|谈话|提醒|教育|检查|通报|免职|调整|停职|辞职|降职|批评|处分|"
    r"双开|整改|约谈|函询"
)


def looks_like(kind: str, value: Cell, text: str) -> bool:
    """Whether one non-empty cell looks like a field of this kind."""
    if text in NOTHING or text in UNKNOWN:
        return True
    if kind in {"date", "partial"}:
        read = read_date(value)
        return bool(read.iso) or "没有这" in read.problem
    if kind == "identity":
        return len(text) >= 12 and bool(read_identity(text).number or text[:12].isdigit())
    if kind in _SHAPES:
        return bool(_SHAPES[kind].search(text))
    if kind == "unit_post":
        return reads_as_post(text)
    if kind == "unit":
        return reads_as_unit(text) or not reads_as_post(text)
    if kind == "post":
        return len(text) <= 20 and not text[0].isdigit()
    return True


_SHAPES = {
    "serial": re.compile(r"^[A-Za-z]?\d{1,7}(\.0)?$"),
    "name": re.compile(r"^[\u3400-\u9fff·• ]{2,20}([（(].{1,6}[)）])?$"),
    "sex": re.compile(r"^(男|女|男性|女性|[12MFmf])$"),
    "form": _FORM,
    "number": _NUMBER,
    "organ": _ORGAN,
    "measures": _MEASURE,
    "secret": re.compile(r"^(是|否|[YNyn]|涉密|不涉密|非涉密|公开|内部|机密.*|秘密.*|绝密.*|工作秘密|√|★.*|[01])$"),
}
#: Kinds so telling that the content alone names the field (asked, never taken silently).
TELLING = {"identity": "id_number", "sex": "sex", "form": "form", "number": "number"}
