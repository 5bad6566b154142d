"""Forms for writing a procedure and for what is done with it."""

from typing import Any

from django import forms

from youwei.cases.drafting import LONGEST_COMMENT, LONGEST_TEXT
from youwei.ui.fields import FlexibleDateField, TextField, UploadField


class DraftForm(forms.Form):
    """The text of a procedure: written here, or a file."""

    text = TextField(
        label="规程全文",
        long=True,
        required=False,
        max_length=LONGEST_TEXT,
        help_text="写法见《规程的写法》；可以从现有的规程改起",
    )
    file = UploadField(
        label="或上传文件",
        required=False,
        help_text="pack.yaml，UTF-8 编码；上传的文件代替上面的文字",
        suffixes=(".yaml", ".yml"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        if file:
            try:
                cleaned["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", "文件不是 UTF-8 编码；请用 UTF-8 另存后再上传。")
        if not cleaned.get("text") and not self.errors:
            self.add_error("text", "规程是空的；请写下全文，或上传文件。")
        return cleaned


class CommentForm(forms.Form):
    """A remark."""

    text = TextField(label="意见", long=True, max_length=LONGEST_COMMENT)


class StoryForm(forms.Form):
    """Stories to be played under the draft."""

    story = TextField(
        label="情景",
        long=True,
        max_length=LONGEST_TEXT,
        help_text="写法同规程旁的 scenarios 文件：办了什么，应当待办什么、何时到期",
    )


class EndForm(forms.Form):
    """The last day of a version."""

    last_day = FlexibleDateField(label="最后施行的一天", help_text="这一天以后不再按这个版本开办新事项；在办的照旧办完")
    reason = TextField(label="理由", max_length=200)
