"""Form fields that say in Chinese what is wrong and what to write. No domain words; nothing reads the clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import (
    BaseValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)

from youwei.ui.dates import FORMS_HINT, DateFault, format_date, parse_date
from youwei.ui.widgets import (
    MAX_ROWS,
    ChecksWidget,
    Column,
    DateWidget,
    FilesWidget,
    FileWidget,
    LongTextWidget,
    NumberWidget,
    RadioWidget,
    RowsWidget,
    SelectWidget,
    TextWidget,
    Token,
    TokenInput,
    TokenSource,
    TokensWidget,
    YesNoWidget,
)
from youwei.ui.words import visible

FEW_CHOICES = 8
BOUNDS: dict[type[BaseValidator], str] = {
    MaxLengthValidator: "最多%(limit_value)d个字，现在是%(show_value)d个字，请写短些。",
    MinLengthValidator: "至少%(limit_value)d个字，现在是%(show_value)d个字，请补充。",
    MaxValueValidator: "不能大于%(limit_value)s，请核对。",
    MinValueValidator: "不能小于%(limit_value)s，请核对。",
}
"""What a bound says when it is passed, and what to do; Django's own words name neither."""
MEGABYTE = 1024 * 1024
TOGETHER = 5
Choices = Iterable[tuple[str, str]]


def _name(text: str) -> str:
    """A name as it can be kept and printed."""
    return visible(text).replace("\0", "")


def _in_our_words(field: forms.Field) -> None:
    """Let the bounds of a field speak as the rest of the page does."""
    for validator in field.validators:
        if isinstance(validator, BaseValidator) and type(validator) in BOUNDS:
            validator.message = BOUNDS[type(validator)]


class TextField(forms.CharField):
    """Words; ``long`` for several lines."""

    def __init__(self, *, long: bool = False, max_length: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", LongTextWidget() if long else TextWidget())
        super().__init__(max_length=max_length or (20_000 if long else 200), **kwargs)
        self.error_messages["required"] = "请填写。"
        self.error_messages["null_characters_not_allowed"] = "文字里有不能保存的字符，请删去后重填。"
        _in_our_words(self)

    def to_python(self, value: Any) -> str:
        """The words; those that came as no UTF-8 arrive as � and are not kept."""
        text = str(super().to_python(visible(str(value or ""))) or "")
        if "\ufffd" in text:
            raise ValidationError("文字里有乱码（�），请改正后再交。", code="garbled")
        return text


class WholeNumberField(forms.IntegerField):
    """A whole number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", NumberWidget())
        super().__init__(**kwargs)
        self.error_messages.update(required="请填写数字。", invalid="请填写整数，例如 3。")
        _in_our_words(self)


class FlexibleDateField(forms.Field):
    """A day in any common form. ``today`` gives the year when none is typed; the answer may be bounded."""

    widget = DateWidget

    def __init__(
        self, *, today: date | None = None, earliest: date | None = None, latest: date | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("help_text", FORMS_HINT)
        super().__init__(**kwargs)
        self.today = today
        self.earliest = earliest
        self.latest = latest
        self.error_messages["required"] = "请填写日期。"

    def to_python(self, value: Any) -> date | None:
        """The day, or the reason why there is none."""
        if isinstance(value, date):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return parse_date(text[:40], self.today)
        except DateFault as fault:
            raise ValidationError(str(fault), code="invalid") from fault

    def validate(self, value: Any) -> None:
        """Within the bounds."""
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            raise ValidationError(f"不能早于{format_date(self.earliest)}。", code="too_early")
        if self.latest and value > self.latest:
            raise ValidationError(f"不能晚于{format_date(self.latest)}。", code="too_late")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Two ways of writing the same day are no change."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class ChoiceField(forms.ChoiceField):
    """One of several: boxes when they are few, a list when they are many."""

    def __init__(self, *, choices: Choices = (), notes: dict[str, str] | None = None, **kwargs: Any) -> None:
        listed = list(choices)
        if len(listed) > FEW_CHOICES:
            kwargs.setdefault("widget", SelectWidget())
            listed = [("", "请选择"), *listed]
        else:
            kwargs.setdefault("widget", RadioWidget(notes=notes, in_rows=bool(notes)))
        super().__init__(choices=listed, **kwargs)
        self.error_messages.update(required="请选择一项。", invalid_choice="“%(value)s”不在可选项里，请重新选择。")


class ChoicesField(forms.MultipleChoiceField):
    """Several of a few, as boxes."""

    def __init__(
        self, *, choices: Choices = (), notes: dict[str, str] | None = None, at_least: int = 1, **kwargs: Any
    ) -> None:
        kwargs.setdefault("widget", ChecksWidget(notes=notes, in_rows=bool(notes)))
        super().__init__(choices=list(choices), **kwargs)
        self.at_least = at_least
        self.error_messages.update(
            required="请至少选择一项。",
            invalid_choice="“%(value)s”不在可选项里，请重新选择。",
            invalid_list="请从列出的选项里选择。",
        )

    def validate(self, value: Any) -> None:
        """Enough of them are chosen."""
        super().validate(value)
        if value and len(value) < self.at_least:
            raise ValidationError(f"请至少选择{self.at_least}项，现在是{len(value)}项。", code="too_few")


class YesNoField(forms.Field):
    """是 or 否. ``None`` only when it is not required and left open."""

    widget = YesNoWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.choices = [("yes", "是"), ("no", "否")]
        self.error_messages["required"] = "请选择“是”或“否”。"

    def prepare_value(self, value: Any) -> Any:
        """A truth value as it is sent, so that a list in a table cell shows it too."""
        return ("yes" if value else "no") if isinstance(value, bool) else value

    def to_python(self, value: Any) -> bool | None:
        """The answer as a truth value."""
        if isinstance(value, bool):
            return value
        return {"yes": True, "no": False}.get(str(value or ""))


class TokensField(forms.Field):
    """People (or organs) chosen as tokens. ``free`` also takes names the source does not know."""

    widget = TokensWidget

    def __init__(
        self,
        *,
        source: TokenSource | None = None,
        at_least: int = 0,
        at_most: int = 0,
        free: bool = False,
        unit: str = "人",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.unit = unit
        self.source = source
        self.widget.source = source
        self.at_least = at_least or (1 if self.required else 0)
        self.at_most = at_most
        self.free = free or source is None
        self.error_messages["required"] = "请填写。"

    def to_python(self, value: Any) -> list[Token]:
        """The tokens, each once; an unknown or ambiguous name is a fault."""
        given = value if isinstance(value, TokenInput) else TokenInput()
        given = TokenInput(tuple(map(_name, given.values)), _name(given.typed))
        found = list(self.source.get(given.values)) if self.source else [self._named(name) for name in given.values]
        if len(found) < len(set(given.values)):
            raise ValidationError("有选中的已不在名单里，请重新选择。", code="unknown")
        found.extend(self._named(name) for name in given.names)
        return list(dict.fromkeys(found))

    def _named(self, name: str) -> Token:
        """The one token of this name."""
        if len(name) > 60:
            raise ValidationError(f"“{name[:20]}……”太长，几个名称之间请用顿号隔开。", code="long")
        matches = list(self.source.find(name)) if self.source else []
        if len(matches) == 1:
            return matches[0]
        if len(matches) > 1:
            notes = "、".join(token.note for token in matches if token.note)
            raise ValidationError(f"“{name}”有{len(matches)}{self.unit}（{notes}），请从下拉名单里选。", code="several")
        if not self.free:
            raise ValidationError(f"名单里没有“{name}”，请检查写法或从下拉名单里选。", code="unknown")
        return Token("", name)

    def validate(self, value: Any) -> None:
        """Not too few, not too many."""
        super().validate(value)
        if value and len(value) < self.at_least:
            raise ValidationError(f"至少{self.at_least}{self.unit}，现在是{len(value)}{self.unit}。", code="too_few")
        if self.at_most and len(value or []) > self.at_most:
            raise ValidationError(f"最多{self.at_most}{self.unit}，现在是{len(value)}{self.unit}。", code="too_many")


class RowsField(forms.Field):
    """A table of rows; the answer is a list of dicts, one a row that has anything in it."""

    def __init__(self, columns: Sequence[Column], *, at_least: int = 0, **kwargs: Any) -> None:
        self.columns = tuple(columns)
        self.at_least = at_least
        for column in self.columns:
            fit_cell(column.field)
        kwargs.setdefault("widget", RowsWidget(self.columns))
        super().__init__(**kwargs)
        self.error_messages["required"] = "请至少填写一行。"

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        """Each cell cleaned; faults name the row and the column."""
        faults: list[str] = []
        rows: list[dict[str, Any]] = []
        for number, raw in enumerate(value or [], start=1):
            row = {}
            for column in self.columns:
                try:
                    row[column.name] = column.field.clean(raw.get(column.name))
                except ValidationError as fault:
                    faults.extend(f"第{number}行“{column.title}”：{words}" for words in fault.messages)
            rows.append(row)
        if faults:
            raise ValidationError(faults)
        return rows

    def validate(self, value: Any) -> None:
        """Enough rows, and not more than a form takes: none is left out unsaid."""
        super().validate(value)
        if len(value or ()) > MAX_ROWS:
            raise ValidationError(f"一张表最多{MAX_ROWS}行，现在多了，请分几次填写。", code="too_many")
        if value and len(value) < self.at_least:
            raise ValidationError(f"至少填写{self.at_least}行，现在是{len(value)}行。", code="too_few")


def fit_cell(field: forms.Field) -> None:
    """Make a field fit for the cell of a table, where boxes do not stand: one of several becomes a list there."""
    if isinstance(field, (ChoiceField, YesNoField)) and not isinstance(field.widget, SelectWidget):
        field.widget = SelectWidget(choices=[("", "请选择"), *field.widget.choices])


class UploadField(forms.FileField):
    """A file of the named kinds, not larger than allowed."""

    def __init__(self, *, suffixes: Sequence[str] = (), max_bytes: int = 20 * MEGABYTE, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FileWidget(attrs={"accept": ",".join(suffixes)} if suffixes else None))
        super().__init__(**kwargs)
        self.suffixes = tuple(suffix.lower() for suffix in suffixes)
        self.max_bytes = max_bytes
        self.error_messages.update(
            required="请选择文件。",
            invalid="没有收到文件，请重新选择。",
            missing="没有收到文件，请重新选择。",
            empty="文件是空的，请检查后重新选择。",
            max_length="文件名太长，请改短后重新选择。",
        )

    def to_python(self, data: File[Any] | None) -> File[Any] | None:
        """The file, if its kind and size are allowed."""
        file = super().to_python(data)
        if file is None:
            return None
        suffix = PurePosixPath(file.name or "").suffix.lower()
        if self.suffixes and suffix not in self.suffixes:
            raise ValidationError(
                f"不收“{suffix or '没有扩展名'}”的文件，只收{'、'.join(self.suffixes)}。", code="suffix"
            )
        if (file.size or 0) > self.max_bytes:
            raise ValidationError(
                f"文件有{file.size / MEGABYTE:.1f} MB，超过{self.max_bytes // MEGABYTE} MB，请压缩或拆分后再传。",
                code="too_large",
            )
        return file


class UploadsField(UploadField):
    """One file or several, each judged like one; the answer is a list. A phone offers its camera."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesWidget(attrs={"accept": "image/jpeg,image/png,application/pdf"}))
        super().__init__(suffixes=(".pdf", ".jpg", ".jpeg", ".png"), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Every file cleaned; without any, what one that is missing says. Together they are not larger than a few of the largest."""
        files = [super(UploadsField, self).clean(each, initial) for each in data or [None]]
        together, most = sum(file.size or 0 for file in files if file is not None), TOGETHER * self.max_bytes
        if together > most:
            words = f"这些文件一共{together / MEGABYTE:.0f} MB，一次最多{most // MEGABYTE} MB，请分几次传。"
            raise ValidationError(words, code="too_large")
        return files
