"""Form fields: what they take, what they refuse and in which words."""

from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from youwei.ui.fields import (
    ChoiceField,
    ChoicesField,
    FlexibleDateField,
    RowsField,
    TextField,
    TokensField,
    UploadField,
    UploadsField,
    WholeNumberField,
    YesNoField,
)
from youwei.ui.gallery import Names
from youwei.ui.widgets import Column, RadioWidget, SelectWidget, Token, TokenInput


class VisitForm(forms.Form):
    on = FlexibleDateField(label="日期", today=date(2026, 11, 21), earliest=date(2026, 1, 1), latest=date(2026, 12, 31))
    visitors = TokensField(label="回访人", source=Names(), at_least=2)
    ways = ChoicesField(label="方式", choices=[("谈话", "谈话"), ("座谈", "座谈")], at_least=2)
    calm = YesNoField(label="情绪稳定")
    matters = RowsField(
        [
            Column("matter", "事项", TextField()),
            Column("on", "何时", FlexibleDateField(required=False, today=date(2026, 11, 21))),
            Column("kind", "类别", ChoiceField(choices=[("a", "甲"), ("b", "乙")], required=False)),
        ],
        label="困难",
        required=False,
    )


def filled(**changes: str) -> VisitForm:
    data = QueryDict(mutable=True)
    data.update({"on": "9.29", "visitors-typed": "", "calm": "no"})
    data.setlist("visitors", ["1", "2"])
    data.setlist("ways", ["谈话", "座谈"])
    for name, value in changes.items():
        data.setlist(name, [value])
    return VisitForm(data)


def faults(form: VisitForm, name: str) -> list[str]:
    return [str(fault) for fault in form.errors.get(name, [])]


def test_a_good_form_gives_plain_values() -> None:
    form = filled(**{"matters-0-matter": "入学", "matters-0-on": "20261015", "matters-2-matter": "医保"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == date(2026, 9, 29)
    assert [token.label for token in form.cleaned_data["visitors"]] == ["陈思远", "韩叙"]
    assert form.cleaned_data["calm"] is False
    assert form.cleaned_data["matters"] == [
        {"matter": "入学", "on": date(2026, 10, 15), "kind": ""},
        {"matter": "医保", "on": None, "kind": ""},
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "请填写日期。"),
        ("2.30", "没有这一天：2026年2月只有28天。"),
        ("2025-12-31", "不能早于2026年1月1日。"),
        ("2027-1-1", "不能晚于2026年12月31日。"),
    ],
)
def test_a_date_that_cannot_stand_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert faults(filled(on=text), "on") == [reason]


def test_what_was_typed_comes_back_as_typed() -> None:
    assert 'value="2.30"' in str(filled(on="2.30")["on"])
    assert 'value="2026年3月1日"' in str(VisitForm(initial={"on": date(2026, 3, 1)})["on"])


def test_two_ways_of_writing_a_day_are_no_change() -> None:
    assert not FlexibleDateField(today=date(2026, 1, 1)).has_changed(date(2026, 9, 29), "2026.9.29")


def test_names_may_be_typed_instead_of_picked() -> None:
    form = filled(visitors="1", **{"visitors-typed": "韩叙"})
    assert form.is_valid(), form.errors
    assert [token.value for token in form.cleaned_data["visitors"]] == ["1", "2"]


def test_the_same_person_twice_is_one_person() -> None:
    assert faults(filled(visitors="1", **{"visitors-typed": "陈思远"}), "visitors") == ["至少2人，现在是1人。"]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("顾怀谦、某某", "名单里没有“某某”，请检查写法或从下拉名单里选。"),
        ("顾" * 61, f"“{'顾' * 20}……”太长，几个名称之间请用顿号隔开。"),
    ],
)
def test_an_unknown_name_is_refused_with_its_reason(typed: str, reason: str) -> None:
    assert faults(filled(**{"visitors-typed": typed}), "visitors") == [reason]


def test_a_value_that_is_not_on_the_list_is_refused() -> None:
    assert faults(filled(visitors="77"), "visitors") == ["有选中的已不在名单里，请重新选择。"]


def test_free_names_need_no_list() -> None:
    class Form(forms.Form):
        who = TokensField(label="在场人")

    form = Form({"who-typed": "甲、乙 丙"})
    assert form.is_valid()
    assert form.cleaned_data["who"] == [Token("", "甲"), Token("", "乙"), Token("", "丙")]


def test_chosen_people_stay_chosen_when_the_form_comes_back() -> None:
    html = str(filled(on="")["visitors"])
    assert 'name="visitors" value="1"' in html
    assert "陈思远" in html
    assert html.count('class="yw-token"') == 3  # two people and the model in the template element


def test_too_few_choices_and_no_answer_are_said() -> None:
    form = filled(ways="谈话", calm="")
    assert faults(form, "ways") == ["请至少选择2项，现在是1项。"]
    assert faults(form, "calm") == ["请选择“是”或“否”。"]


def test_a_forged_choice_is_refused_in_words() -> None:
    assert faults(filled(ways="电报"), "ways") == ["“电报”不在可选项里，请重新选择。"]


def test_faults_in_rows_name_the_row_and_the_column() -> None:
    form = filled(**{"matters-0-matter": "入学", "matters-0-on": "2.30", "matters-1-on": "9.1"})
    assert faults(form, "matters") == ["第1行“何时”：没有这一天：2026年2月只有28天。", "第2行“事项”：请填写。"]


def test_rows_offer_three_blank_rows_without_script_and_keep_what_was_written() -> None:
    html = str(VisitForm()["matters"])
    assert html.count("data-blank") == 3
    html = str(filled(on="", **{"matters-4-matter": "入学"})["matters"])
    assert 'name="matters-0-matter" value="入学"' in html
    assert html.count("data-blank") == 3


def test_one_of_several_is_a_list_in_a_cell_and_boxes_on_the_page() -> None:
    assert isinstance(VisitForm().fields["matters"].columns[2].field.widget, SelectWidget)  # type: ignore[attr-defined]
    assert isinstance(ChoiceField(choices=[("a", "甲")]).widget, RadioWidget)
    assert isinstance(ChoiceField(choices=[(str(n), str(n)) for n in range(9)]).widget, SelectWidget)


class PaperForm(forms.Form):
    paper = UploadField(label="附件", suffixes=[".docx"], max_bytes=2 * 1024 * 1024)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.exe", b"x", "不收“.exe”的文件，只收.docx。"),
        ("a.docx", b"", "文件是空的，请检查后重新选择。"),
        ("a.docx", b"x" * (2 * 1024 * 1024 + 1), "文件有2.0 MB，超过2 MB，请压缩或拆分后再传。"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused(name: str, content: bytes, reason: str) -> None:
    form = PaperForm({}, {"paper": SimpleUploadedFile(name, content)})
    assert [str(fault) for fault in form.errors["paper"]] == [reason]


def test_a_good_file_is_taken() -> None:
    assert PaperForm({}, {"paper": SimpleUploadedFile("记录.DOCX", b"x")}).is_valid()


class BoundedForm(forms.Form):
    reason = TextField(label="理由", max_length=5)
    score = WholeNumberField(label="得分", min_value=0, max_value=100)


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"reason": "写得太长太长了", "score": "1"}, "reason", "最多5个字，现在是7个字，请写短些。"),
        ({"reason": "短", "score": "101"}, "score", "不能大于100，请核对。"),
        ({"reason": "短", "score": "-1"}, "score", "不能小于0，请核对。"),
        ({"reason": "短", "score": "一百"}, "score", "请填写整数，例如 3。"),
    ],
)
def test_a_bound_that_is_passed_says_which_and_what_to_do(given: dict[str, str], name: str, words: str) -> None:
    assert list(BoundedForm(given).errors[name]) == [words]


def test_several_files_are_judged_each_and_together() -> None:
    field = UploadsField(max_bytes=100)
    page = [SimpleUploadedFile(f"{number}.jpg", b"x" * 90) for number in range(5)]
    assert [file.name for file in field.clean(page)] == ["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"]
    with pytest.raises(forms.ValidationError, match="分几次传"):
        field.clean([*page, SimpleUploadedFile("6.jpg", b"x" * 90)])
    with pytest.raises(forms.ValidationError, match="不收"):
        field.clean([page[0], SimpleUploadedFile("a.exe", b"x")])
    with pytest.raises(forms.ValidationError, match="请选择文件"):
        field.clean([])


class MeetingForm(forms.Form):
    members = RowsField(
        [
            Column("name", "姓名", TextField()),
            Column("present", "到会", YesNoField(required=False), default=True),
            Column("view", "意见", TextField(required=False)),
        ],
        label="到会人员",
    )


def test_a_new_row_stands_preset_and_is_empty_until_something_is_filled_in() -> None:
    page = str(MeetingForm()["members"])
    assert (
        page.count('<option value="yes" selected>') == page.count("<tr") - 1
    )  # every row but the heads, and the one that is cloned
    untouched = {f"members-{number}-present": "yes" for number in range(3)}
    assert not MeetingForm(untouched).is_valid()
    form = MeetingForm(untouched | {"members-1-name": "岑伯安"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["members"] == [{"name": "岑伯安", "present": True, "view": ""}]
    changed = MeetingForm(untouched | {"members-0-present": "no"})
    assert not changed.is_valid()
    assert "第1行“姓名”" in str(changed.errors)
    corrected = str(
        MeetingForm(initial={"members": [{"name": "岑伯安", "present": False}, {"name": "甘棠"}]})["members"]
    )
    assert 'value="no" selected' in corrected
    assert (
        corrected.count('value="yes" selected') == 4
    )  # the three blank rows and the model: what was left open stays open


@pytest.mark.parametrize("typed", ["第一行\x0b第二行", "第一行\x0c第二行", "第\x1b一行\n第\x07二\ufffe行\x1f"])
def test_what_nobody_sees_in_a_pasted_text_is_left_out_and_words_line_break_is_one(typed: str) -> None:
    assert TextField(long=True).clean(typed) == "第一行\n第二行"
    assert TokensField(free=True).clean(TokenInput(typed="韩\x1b叙\x00、陈\x07思远")) == [
        Token("", "韩叙"),
        Token("", "陈思远"),
    ]


def test_a_null_character_is_refused_in_words() -> None:
    with pytest.raises(forms.ValidationError, match="请删去后重填"):
        TextField().clean("甲\x00乙")


def test_a_name_sent_as_a_chosen_one_is_read_like_a_typed_one() -> None:
    assert TokensField(free=True).clean(TokenInput(values=("韩\x1b叙",))) == [Token("", "韩叙")]
    with pytest.raises(forms.ValidationError, match="太长"):
        TokensField(free=True).clean(TokenInput(values=("长" * 61,)))


def test_rows_beyond_what_a_table_takes_are_refused_and_not_left_out() -> None:
    assert filled(**{f"matters-{number}-matter": "入学" for number in range(200)}).is_valid()
    assert "最多200行" in faults(filled(**{f"matters-{number}-matter": "入学" for number in range(201)}), "matters")[0]
