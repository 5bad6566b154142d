"""What the frame around a page shows. A context processor fills it; ``base.html`` renders without it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NavItem:
    """One line of the navigation. ``icon`` is a name in ``icons.txt``; ``count`` is what waits there."""

    title: str
    url: str
    icon: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class MenuItem:
    """One line of a menu. With ``post`` it is a button that posts to ``url``, else a link."""

    title: str
    url: str
    icon: str = ""
    current: bool = False
    post: bool = False


@dataclass(frozen=True)
class Frame:
    """Who is here, for which organ, and where the things of the top bar lead. Empty means: not shown."""

    organ: str = ""
    organs: Sequence[MenuItem] = field(default_factory=tuple)
    owner: str = ""
    user: str = ""
    role: str = ""
    user_menu: Sequence[MenuItem] = field(default_factory=tuple)
    home_url: str = "/"
    search_url: str = ""
    find_url: str = ""
    notices_url: str = ""
    notices: int = 0
    help_url: str = ""
    logout_url: str = ""
    theme: str = "light"
    watermark: str = ""
    printed: str = ""


Nav = Sequence[Sequence[NavItem]]
