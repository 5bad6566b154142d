"""Marks of state secrets, and what may survive of a marked row: its number, organ, region, dates, form, measures, and whether the person was
young — nothing else."""

import re
from collections.abc import Mapping
from typing import Any

from youwei.intake.cells import squeezed

#: What clearly says “no state secret” in a column that asks. Everything else counts as a mark: in doubt nothing is kept.
_NO_WORDS = "否 不 无 非 不是 没有 不涉密 非涉密 未涉密 不涉及 非密 公开 内部 工作秘密 N NO FALSE 0 / \\ - -- — × X"
NOT_SECRET = frozenset(("", *_NO_WORDS.split()))
_MARK = re.compile(
    r"^[（(\[【〔]?(?:绝密|(?:机密|秘密)(?:级|[★☆*＊]|[）)\]】〕]|[:：]|\d|$))"
    r"|[（(\[【〔](?:绝密|机密|秘密)(?:级|级?[★☆*＊][^）)\]】〕]{0,6})?[）)\]】〕]"
    r"|(?<![不未无非])(?<!没有)(?<!是否)涉及(?:国家|党和国家)秘密"
    r"|(?:定为|属于?|列为|标为)(?:绝密|机密|秘密)级"
    r"|(?:绝密|机密|秘密)[★☆]|密级[:：]?(?:绝密|机密|秘密)|^涉密$|[★☆](?:绝密|机密|秘密)"
)
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,16}[〔\[(（【]\d{4}[〕\])）】]第?\d{1,6}号(?:之[一二三四五六七八九十\d]{1,3})?$"
)
_ORGAN = re.compile(
    r"[\u4e00-\u9fff（）()]{2,40}(?:纪委监委|纪委|监委|纪工委|监工委|监察委员会|纪律检查委员会|监察工委|"
    r"党委|党组|党工委|组织部|委员会|人民政府|局|集团|公司|学校|大学|医院)$"
)
_REGION = re.compile(r"[\u4e00-\u9fff]{2,6}(?:县|市|区|旗|州)$")
#: The only keys a stub may have.
SURVIVES = ("number", "deciding_organ", "region", "decided_on", "effective_on", "form", "measures", "young")


def says_secret(text: str) -> bool:
    """Whether a cell of a column that asks about secrecy marks the row."""
    return squeezed(text).upper() not in NOT_SECRET


def is_marked(text: str) -> bool:
    """Whether a cell of any column carries a mark of classification (机密★10年)."""
    return ("密" in text) and bool(_MARK.search(squeezed(text)))


def stub_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What may be kept of a marked row: typed values only. A number or organ that does not read as one is dropped, for it may be anything."""
    kept = {key: values[key] for key in SURVIVES if values.get(key)}
    if not _NUMBER.fullmatch(kept.get("number", "")):
        kept.pop("number", None)
    if not _ORGAN.fullmatch(kept.get("deciding_organ", "")):
        kept.pop("deciding_organ", None)
    if not _REGION.fullmatch(kept.get("region", "")):
        kept.pop("region", None)
    kept["measures"] = list(kept.get("measures", ()))
    return kept
