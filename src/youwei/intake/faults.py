"""What intake says about a cell, a row or a file."""

from dataclasses import dataclass


class Refused(ValueError):
    """The file as a whole cannot be taken. The message is Chinese, for the person who uploaded it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}。{self.remedy}" if self.remedy else self.message


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong (or noteworthy) in a row: where, what, and how to mend it. `written` is what the cell says."""

    column: str
    field: str
    message: str
    remedy: str = ""
    code: str = ""
    written: str = ""

    def __str__(self) -> str:
        return self.message + (f"；{self.remedy}" if self.remedy else "")

    def to_json(self) -> dict[str, str]:
        return {
            "column": self.column,
            "field": self.field,
            "message": self.message,
            "remedy": self.remedy,
            "code": self.code,
            "written": self.written,
        }

    @classmethod
    def from_json(cls, data: dict[str, str]) -> "Fault":
        return cls(**data)


#: Reasons for refusal, for the filter chips of the review page.
REASONS = {
    "name": "姓名",
    "date": "日期",
    "identity": "身份证号",
    "measure": "种类",
    "no_measure": "没有种类",
    "order": "生效早于决定",
    "duplicate": "重复",
    "scope": "不在本机关范围",
    "person_kind": "人员类别",
    "other": "其他",
}
