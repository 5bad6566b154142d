"""The values behind the larger parts of a page: refusal, dialog, job, two versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from youwei.ui.drawings.count_calendar import CountCalendar
from youwei.ui.frame import MenuItem


@dataclass(frozen=True)
class Refusal:
    """Why something cannot be done: 原因, 依据, 怎么办, and the way on."""

    title: str
    reasons: Sequence[str]
    basis: Sequence[str] = ()
    remedies: Sequence[str] = ()
    back_url: str = ""
    back_label: str = "返回"


@dataclass(frozen=True)
class Dialog:
    """The words before a final act: what will happen, to whom, whether it can be taken back."""

    id: str
    title: str
    lead: str
    consequences: Sequence[str]
    verb: str
    url: str
    keep: str = "不办了"
    opinion: str = ""
    opinion_required: bool = True
    hidden: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Job:
    """Long work in the background. ``url`` gives this fragment again; empty when it is over."""

    title: str
    done: int
    total: int
    unit: str = ""
    url: str = ""
    state: str = "run"
    note: str = ""
    link: MenuItem | None = None

    @property
    def finished(self) -> bool:
        """No more to be asked for."""
        return self.state != "run"


@dataclass(frozen=True)
class VersionRow:
    """One field of a form as the other has just saved it and as one has written it."""

    label: str
    theirs: str
    mine: str

    @property
    def differs(self) -> bool:
        """The two do not say the same."""
        return self.theirs != self.mine


@dataclass(frozen=True)
class Stale:
    """Two people wrote the same thing: both versions, side by side, and the two ways on."""

    who: str
    at: str
    rows: Sequence[VersionRow]
    action: str = ""
    hidden: Sequence[tuple[str, str]] = ()
    mine_label: str = "保留我的内容继续改"
    theirs_url: str = ""
    theirs_label: str = "用对方的，放弃我的"


@dataclass(frozen=True)
class Empty:
    """Nothing here yet: what would be here, and how to begin. The last action is the primary one."""

    title: str
    text: str = ""
    icon: str = "file-text"
    actions: Sequence[MenuItem] = field(default_factory=tuple)


@dataclass(frozen=True)
class Explanation:
    """Why a date is this date. Lines are pairs such as (依据, …), (起算, …), (数法, …); ``id`` names the box it fills."""

    title: str
    lines: Sequence[tuple[str, str]]
    calendar: CountCalendar | None = None
    footnote: str = ""
    id: str = "why"
