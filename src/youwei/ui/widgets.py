"""Form widgets: plain HTML that works without script, with hooks for ``app.js``. No domain words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django import forms
from django.utils.datastructures import MultiValueDict

from youwei.ui.dates import format_date

BLANK_ROWS = 3
MAX_ROWS = 200
NAME_BREAK = re.compile(r"[、,，;；\s]+")


@dataclass(frozen=True)
class Token:
    """Someone (or something) chosen in a token box. ``value`` is empty for a name typed freely."""

    value: str
    label: str
    note: str = ""


class TokenSource(Protocol):
    """Where a token box finds what it offers. ``url`` answers ``?q=`` with ``ui/parts/token_hits.html``."""

    url: str

    def get(self, values: Sequence[str]) -> Sequence[Token]:
        """The tokens behind stored values, unknown ones left out."""

    def find(self, text: str) -> Sequence[Token]:
        """The tokens whose label is exactly ``text`` (several when names coincide)."""


@dataclass(frozen=True)
class TokenInput:
    """What a token box sent: chosen values and names typed without choosing."""

    values: tuple[str, ...] = ()
    typed: str = ""

    @property
    def names(self) -> list[str]:
        """The typed names one by one."""
        return [part for part in NAME_BREAK.split(self.typed) if part]


class Styled:
    """Adds the style class of a control and says how many of the twelve columns it takes."""

    style = "form-control"
    span = 6

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """The usual attributes, the style class, and the mark of a fault."""
        attrs: dict[str, Any] = super().build_attrs(base_attrs, extra_attrs)  # type: ignore[misc]
        invalid = "is-invalid" if attrs.get("aria-invalid") == "true" else ""
        attrs["class"] = " ".join(filter(None, (self.style, invalid, str(attrs.get("class", "")))))
        return attrs


class TextWidget(Styled, forms.TextInput):
    """One line."""


class LongTextWidget(Styled, forms.Textarea):
    """Several lines."""

    span = 12

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 3, "cols": False, **(attrs or {})})


class NumberWidget(Styled, forms.NumberInput):
    """A figure."""

    span = 3


class SelectWidget(Styled, forms.Select):
    """One of a long list."""

    style = "form-select"


class DateWidget(Styled, forms.TextInput):
    """A day, typed in any common form; what was typed comes back as typed."""

    span = 4

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "data-date": True, **(attrs or {})})

    def format_value(self, value: Any) -> str:
        """A date in its official form."""
        return format_date(value) if isinstance(value, date) else str(value or "")


class Choice:
    """Shared by radios and checkboxes: drawn as boxes, each may carry a note."""

    template_name = "ui/widgets/choice.html"
    span = 12

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, notes: Mapping[str, str] | None = None, in_rows: bool = False
    ) -> None:
        super().__init__(attrs)  # type: ignore[call-arg]
        self.notes = dict(notes or {})
        self.in_rows = in_rows

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """An option with its note."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["note"] = self.notes.get(str(value), "")
        return option

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds how the boxes stand."""
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        context["widget"]["in_rows"] = self.in_rows
        context["widget"]["invalid"] = (attrs or {}).get("aria-invalid") == "true"
        return context


class RadioWidget(Choice, forms.RadioSelect):
    """One of a few."""


class ChecksWidget(Choice, forms.CheckboxSelectMultiple):
    """Several of a few."""


class YesNoWidget(RadioWidget):
    """是 or 否; nothing is chosen beforehand."""

    span = 6

    def format_value(self, value: Any) -> Any:
        """True and False as the option values."""
        if isinstance(value, bool):
            return ["yes" if value else "no"]
        return [str(value)] if value else []


class FileWidget(Styled, forms.FileInput):
    """A file; what may be sent is said beside it."""

    template_name = "ui/widgets/file.html"
    span = 12


class FilesWidget(FileWidget):
    """Several files at once: the pages of a paper."""

    allow_multiple_selected = True


class TokensWidget(forms.Widget):
    """Names as removable tokens. Without script the names are typed, separated by 、."""

    template_name = "ui/widgets/tokens.html"
    span = 8
    source: TokenSource | None = None

    def use_required_attribute(self, initial: Any) -> bool:
        """The text box may be empty when tokens are chosen."""
        return False

    def tokens(self, value: Any) -> tuple[list[Token], str]:
        """What to show as tokens, and what to leave in the text box."""
        if isinstance(value, TokenInput):
            return list(self.source.get(value.values)) if self.source else [], value.typed
        items = list(value or [])
        ready = [item for item in items if isinstance(item, Token)]
        values = [str(item) for item in items if not isinstance(item, Token)]
        ready.extend(self.source.get(values) if self.source else (Token("", value) for value in values))
        chosen = [token for token in ready if token.value]
        return chosen, "、".join(token.label for token in ready if not token.value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Tokens, typed rest and the address that searches."""
        context = super().get_context(name, value, attrs)
        tokens, typed = self.tokens(value)
        context["widget"].update(
            tokens=tokens,
            typed=typed,
            url=self.source.url if self.source else "",
            ask=getattr(self.source, "ask", "输入姓名或拼音"),
            invalid=(attrs or {}).get("aria-invalid") == "true",
        )
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> TokenInput:
        """Chosen values and typed names."""
        values = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        listed = [values] if isinstance(values, str) else list(values)
        return TokenInput(tuple(v for v in map(str, listed) if v), str(data.get(f"{name}-typed", "") or "").strip())

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Neither a token nor a typed name was sent."""
        return name not in data and f"{name}-typed" not in data


@dataclass(frozen=True)
class Column:
    """A column of a table of rows: its name in the data, its heading, the field of one cell, and what stands in a new row."""

    name: str
    title: str
    field: forms.Field
    default: Any = None

    @property
    def preset(self) -> str:
        """What a new row sends in this column before anybody touches it."""
        return "" if self.default is None else str(self.field.prepare_value(self.default))


class RowsWidget(forms.Widget):
    """A small table whose rows are filled in; three blank rows without script, one row more at a click with it."""

    template_name = "ui/widgets/rows.html"
    span = 12

    def __init__(self, columns: Sequence[Column], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.columns = tuple(columns)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The cells of each row, and of the row that is cloned."""
        context = super().get_context(name, value, attrs)
        rows = [row for row in (value or []) if isinstance(row, Mapping)]
        filled = [self._cells(name, str(number), row) for number, row in enumerate(rows)]
        new = {column.name: column.default for column in self.columns}
        blank = [self._cells(name, str(number), new) for number in range(len(rows), len(rows) + BLANK_ROWS)]
        context["widget"].update(
            columns=self.columns,
            rows=[(cells, False) for cells in filled] + [(cells, True) for cells in blank],
            model=self._cells(name, "__n__", new),
            next=len(rows) + BLANK_ROWS,
        )
        return context

    def _cells(self, name: str, number: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The heading and the control of each cell of one row."""
        cells = []
        for column in self.columns:
            cell = f"{name}-{number}-{column.name}"
            place = f"第{int(number) + 1}行" if number.isdigit() else "新行"
            attrs = {"id": f"id_{cell}", "aria-label": f"{place} {column.title}", "data-cell": True}
            control = column.field.widget.render(cell, column.field.prepare_value(row.get(column.name)), attrs)
            cells.append((column.title, control))
        return cells

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        """The rows in which anything was filled in, in their order; what stands in every new row is not filled in."""
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
        numbers = sorted({int(found[1]) for key in data if (found := pattern.match(key))})[: MAX_ROWS + 1]
        rows = []
        for number in numbers:
            row = {
                column.name: column.field.widget.value_from_datadict(data, files, f"{name}-{number}-{column.name}")
                for column in self.columns
            }
            if any(str(row[column.name] or "").strip() not in ("", column.preset) for column in self.columns):
                rows.append(row)
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """No cell was sent."""
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        """A table has no single control."""
        return ""
