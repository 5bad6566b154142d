"""The store from the shell: begun, filled, proved, backed up while somebody works, and brought back on another machine."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter

from tests.support.shell import Store, on_postgresql
from youwei.config.cli import parser

pytestmark = [pytest.mark.store, pytest.mark.slow]
SEED = Path(__file__).parent / "scripts" / "seed_store.py"
CODE = re.compile(r"账号 (\w+)  一次性代码 ((?:[0-9A-F]{4}-){3}[0-9A-F]{4})$", re.MULTILINE)
ROSTER = "名称,上级,类别,级别\n青溪区,,地区,县级\n青溪区纪委监委,青溪区,,\n青溪区财政局,青溪区,,\n"
SECRETS = ("990000197803152416",)
NewStore = Callable[..., Store]


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with three administrators, three organs, two persons and two logs; copied for each test."""
    folder = tmp_path_factory.mktemp("pattern")
    store = Store.new(folder / "data")
    (folder / "roster.csv").write_text(ROSTER, encoding="gb18030")
    codes = CODE.findall(store.done("init"))
    assert [name for name, _ in codes] == ["system", "security", "audit"]
    assert len({code for _, code in codes}) == 3
    assert "新建3个，已有0个" in store.done("load-organs", str(folder / "roster.csv"))
    assert "新建0个，已有3个" in store.done("load-organs", str(folder / "roster.csv"))
    store.seeded(SEED, "seed")
    yield store
    store.drop()


@pytest.fixture
def new_store(tmp_path: Path) -> Iterator[NewStore]:
    made: list[Store] = []

    def make(like: Store | None = None) -> Store:
        made.append(Store.new(tmp_path / f"data{len(made)}", like))
        return made[-1]

    yield make
    for store in made:
        store.drop()


@pytest.fixture
def store(pattern: Store, new_store: NewStore) -> Store:
    return new_store(pattern)


def digest_of(told: str) -> str:
    return told.strip().rsplit(" ", 1)[-1]


def refused(store: Store, *words: str) -> str:
    result = store.run(*words)
    assert result.returncode == 1, (result.stdout, result.stderr)
    assert "Traceback" not in result.stderr
    return result.stdout + result.stderr


@pytest.mark.parametrize("words", [(), ("dance",), ("verify", "--loud"), ("backup",), ("period", "--measure", "党内警告"),
                                   ("workdays", "--after", "2024-13-01", "--count", "1"), ("packs", "burn")])  # fmt: skip
def test_wrong_use_exits_with_two_and_shows_how_it_is_used(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "用法不对" in said
    assert not re.search(r"usage:|argument|required|invalid|expected|unrecognized|choose", said), said


@pytest.mark.parametrize(
    "words",
    [("--help",), ("period", "--help")],
)
def test_help_is_in_chinese(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(words)
    said = capsys.readouterr().out
    assert said.startswith("用法：./youwei")
    assert "显示这份说明" in said
    assert not re.search(r"usage:|options:|positional|show this", said)


@pytest.mark.parametrize("port", ["0", "99999", "-1", "x", "８０"])
def test_a_port_that_is_none_is_wrong_use(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(("serve", f"--port={port}"))
    assert ended.value.code == 2
    assert "不是端口" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--after", "2024-09-27"),
        ("--count", "3"),
        ("--from", "2024-09-27", "--count", "3"),
        ("--from", "2024-09-27"),
        ("--after", "2024-09-27", "--count", "3", "--from", "2024-09-27", "--to", "2024-10-08"),
    ],
)
def test_days_that_do_not_go_together_are_wrong_use(pattern: Store, words: tuple[str, ...]) -> None:
    result = pattern.run("workdays", *words)
    assert (result.returncode, result.stdout) == (2, "")
    assert "用法不对：请写 --after 日期 --count N" in result.stderr


def test_what_cannot_be_a_store_or_an_organ_is_refused_without_a_traceback(
    store: Store, ledger: Path, tmp_path: Path
) -> None:
    assert "不能超过120个字" in refused(store, "import", str(ledger), "--organ", "某" * 130 + "纪委监委")
    assert "读写不了" in refused(Store(Path("/proc/nowhere"), ""), "init")
    assert "没有规程" in refused(store, "packs", "check", "--dir", str(tmp_path))


@pytest.mark.req("A1")
def test_a_dry_run_writes_nothing_and_lists_the_organs_to_come(store: Store, ledger: Path) -> None:
    words = ("import", str(ledger), "--organ", "试点市纪委监委", "--json")
    before = digest_of(store.done("verify"))
    tried = store.told(*words, "--dry-run")
    assert digest_of(store.done("verify")) == before
    assert tried["organs"]
    assert store.told(*words)["organs"] == tried["organs"]


@pytest.mark.req("A1")
def test_a_column_of_measures_nobody_knows_is_named(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "unknown.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "工作单位", "决定日期", "决定文号", "怎么办的"])
        sheet.write_row(1, 0, ["许南舟", "青溪区财政局", "2026-03-12", "青纪发〔2026〕1号", "另见附件"])
    said = refused(store, "import", str(path), "--organ", "青溪区纪委监委")
    assert "没有哪一列认作处分（处理）种类" in said
    assert "没有认出的列有“怎么办的”" in said


def test_the_process_ends_with_the_code_of_wrong_use(pattern: Store) -> None:
    assert pattern.run("dance", bare=True).returncode == 2
    assert pattern.run("verify", bare=True).returncode == 0


@pytest.mark.parametrize("words", [("verify",), ("checkpoint",), ("load-organs", "no.csv"), ("backup", "b")])
def test_without_a_store_the_way_to_begin_one_is_told(new_store: NewStore, words: tuple[str, ...]) -> None:
    assert "请先运行 ./youwei init" in refused(new_store(), *words)


def test_a_store_is_begun_once_and_what_is_missing_is_told(store: Store, tmp_path: Path) -> None:
    assert "init 只用于空库" in refused(store, "init")
    assert "找不到文件" in refused(store, "load-organs", str(tmp_path / "no.csv"))
    (tmp_path / "bad.csv").write_text("名称,上级\n农业局,不存在的区\n", encoding="utf-8")
    assert "第2行 上级：没有“不存在的区”" in refused(store, "load-organs", str(tmp_path / "bad.csv"))
    assert "没有账号 nobody" in refused(store, "--as", "nobody", "load-organs", str(SEED))


@pytest.mark.req("I5")
def test_an_untouched_store_verifies_with_and_without_a_checkpoint(store: Store, tmp_path: Path) -> None:
    told = store.done("checkpoint")
    (tmp_path / "point.json").write_text(told, encoding="utf-8")
    assert json.loads(told)["digest"] == digest_of(store.done("verify"))
    store.done("verify", "--against", str(tmp_path / "point.json"))
    (tmp_path / "bad.json").write_text("not json", encoding="utf-8")
    assert "不是存证点文件" in refused(store, "verify", "--against", str(tmp_path / "bad.json"))
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    assert "不是存证点文件" in refused(store, "verify", "--against", str(tmp_path / "list.json"))


LAST = "(SELECT id FROM journal_entry WHERE log_id = (SELECT id FROM journal_log WHERE kind = 'case' AND ref = 9001) AND seq = 3)"
LOG = "(SELECT id FROM journal_log WHERE kind = 'case' AND ref = 9001)"
ENTRIES = f"(SELECT id FROM journal_entry WHERE log_id = {LOG})"
CUT = (f"DELETE FROM journal_entrycontent WHERE entry_id = {LAST}", f"DELETE FROM journal_entry WHERE id = {LAST}")
HEAD = (
    "UPDATE journal_log SET head_seq = 2, head_digest = (SELECT digest FROM journal_entry WHERE log_id = journal_log.id AND seq = 2)"
    " WHERE kind = 'case' AND ref = 9001"
)


@pytest.mark.req("I5")
@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ((f"UPDATE journal_entry SET \"by\" = '别人' WHERE id = {LAST}",), "第3条：记录的时间、人员或环节被改动"),
        ((f"UPDATE journal_entry SET \"on\" = '2026-01-05' WHERE id = {LAST}",), "第3条：记录的时间、人员或环节被改动"),
        ((f"UPDATE journal_entrycontent SET sealed = (SELECT sealed FROM journal_entrycontent ORDER BY entry_id LIMIT 1) WHERE entry_id = {LAST}",),
         "第3条：内容被改动"),
        (CUT, "末尾的记录不见了"),
    ],
    ids=["who", "when", "what", "last entry deleted"],
)  # fmt: skip
def test_what_was_altered_by_hand_is_found(store: Store, statements: tuple[str, ...], words: str) -> None:
    store.by_hand(*statements)
    assert words in refused(store, "verify")


@pytest.mark.req("I5")
@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ((*CUT, HEAD), "末尾被截去"),
        ((f"DELETE FROM journal_entrycontent WHERE entry_id IN {ENTRIES}", f"DELETE FROM journal_entry WHERE log_id = {LOG}",
          "DELETE FROM journal_log WHERE kind = 'case' AND ref = 9001"), "整份记录被删除"),
    ],
    ids=["last entry deleted and the head mended", "a case deleted whole"],
)  # fmt: skip
def test_what_was_deleted_cleverly_is_found_against_a_checkpoint(
    store: Store, tmp_path: Path, statements: tuple[str, ...], words: str
) -> None:
    (tmp_path / "point.json").write_text(store.done("checkpoint"), encoding="utf-8")
    store.by_hand(*statements)
    store.done("verify")
    assert words in refused(store, "verify", "--against", str(tmp_path / "point.json"))


@pytest.mark.req("I5")
@pytest.mark.parametrize(
    ("statement", "table", "column", "words"),
    [
        ("UPDATE people_person SET name = '柳不凡' WHERE name = '柳步凡'", "people_person", "name", "被改动过（最后由命令行于2026年9月29日"),
        ("DELETE FROM people_formername", "people_formername", "", "曾用名少了一行"),
        ("UPDATE organs_grant SET role = 'leader' WHERE role = 'auditor'", "organs_grant", "", "没有登记过"),
        ("UPDATE organs_organ SET path = '/1/2/' WHERE name = '青溪区财政局'", "organs_organ", "path", "的“位置”与记录不符"),
    ],
    ids=["a person's name", "a former name taken away", "a role given", "a place in the tree"],
)  # fmt: skip
def test_a_row_of_today_altered_by_hand_is_found_and_told_without_its_values(
    store: Store, statement: str, table: str, column: str, words: str
) -> None:
    assert store.told("verify", "--json")["findings"] == []
    store.by_hand(statement)
    spoken = refused(store, "verify")
    assert words in spoken
    assert "柳" not in spoken
    result = store.run("verify", "--json")
    told = json.loads(result.stdout)
    assert result.returncode == 1
    assert set(told) == {"digest", "findings"}
    assert set(told["findings"][0]) == {"kind", "ref", "seq", "what", "table", "row", "column", "by", "at"}
    assert (table, column) in {(each["table"], each["column"]) for each in told["findings"]}


@pytest.mark.req("J5")
def test_a_backup_restored_elsewhere_is_the_same_to_the_last_byte(
    store: Store, new_store: NewStore, tmp_path: Path
) -> None:
    told = store.done("backup", str(tmp_path / "disk" / "b1"))
    other = new_store()
    assert digest_of(other.done("restore", str(tmp_path / "disk" / "b1"))) == digest_of(store.done("verify"))
    assert digest_of(other.done("verify")) == digest_of(store.done("verify"))
    other.done("backup", str(tmp_path / "b2"))
    first, second = (
        json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8")) for name in ("disk/b1", "b2")
    )
    assert first == second
    assert f"共{sum(first['counts'].values())}行" in told
    assert first["counts"]["people.person"] == 2
    assert first["counts"]["organs.account"] == 3
    other.seeded(SEED, "seed")  # the office works on: numbers go on where they stopped
    other.done("verify")
    whole = b"".join(path.read_bytes() for path in (tmp_path / "b2").iterdir())
    assert not any(secret.encode() in whole for secret in SECRETS)
    assert (tmp_path / "b2" / "keys.json").stat().st_mode & 0o077 == 0
    assert (tmp_path / "b2").stat().st_mode & 0o077 == 0


@pytest.mark.req("J5")
def test_a_backup_is_of_one_moment_while_others_write(store: Store, new_store: NewStore, tmp_path: Path) -> None:
    with store.script(SEED, "write") as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        told = store.done("backup", str(tmp_path / "b"))
        assert writer.poll() is None
    other = new_store()
    assert digest_of(other.done("restore", str(tmp_path / "b"))) in told
    other.done("verify")
    store.done("verify")
    heads = [sum(head["seq"] for head in one.told("checkpoint")["heads"]) for one in (other, store)]
    assert heads[0] <= heads[1]


@pytest.mark.req("J5")
def test_a_backup_goes_into_an_empty_folder_only(store: Store, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    assert "已有文件；请换一个空目录" in refused(store, "backup", str(tmp_path / "full"))
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]
    assert "是一个文件" in refused(store, "backup", str(tmp_path / "full" / "letter.txt"))
    assert "写不进去" in refused(store, "backup", str(tmp_path / "full" / "letter.txt" / "below"))


@pytest.mark.req("J5")
def test_a_restore_refuses_what_is_not_whole_and_leaves_nothing(
    store: Store, new_store: NewStore, tmp_path: Path
) -> None:
    backup = tmp_path / "b"
    store.done("backup", str(backup))
    assert "现有数据不是空的" in refused(store, "restore", str(backup))
    other = new_store()
    assert "不是有为的备份" in refused(other, "restore", str(tmp_path))
    for name, words in (("people.person.jsonl", "缺失或被改动"), ("keys.json", "没有密钥")):
        kept = (backup / name).read_bytes()
        (backup / name).unlink()
        assert words in refused(other, "restore", str(backup))
        (backup / name).write_bytes(kept)
    people = (backup / "people.person.jsonl").read_text(encoding="utf-8")
    (backup / "people.person.jsonl").write_text(people.replace("单雄飞", "单雄匕"), encoding="utf-8")
    assert "people.person.jsonl 缺失或被改动" in refused(other, "restore", str(backup))
    (backup / "people.person.jsonl").write_text(people, encoding="utf-8")
    manifest = (backup / "manifest.json").read_text(encoding="utf-8")
    for wrong, words in (("{", "读不出来"), ("[]", "读不出来"), (manifest.replace('"format": 1', '"format": 7'), "同版本"),
                         (re.sub(r'"digest": "\w+"', '"digest": "00"', manifest), "已全部退回")):  # fmt: skip
        (backup / "manifest.json").write_text(wrong, encoding="utf-8")
        assert words in refused(other, "restore", str(backup))
    (backup / "manifest.json").write_text(manifest, encoding="utf-8")
    assert not (other.folder / "keys.json").exists()
    other.done("restore", str(backup))


def test_a_store_that_does_not_open_is_told_and_no_traceback_shown(store: Store) -> None:
    if on_postgresql():
        store.drop()
    else:
        (store.folder / "youwei.sqlite3").unlink()
        (store.folder / "youwei.sqlite3").mkdir()
    assert "库打不开或连不上" in refused(store, "verify")


@pytest.mark.req("A2")
def test_a_period_is_answered_with_its_days_its_law_and_its_reasons(pattern: Store) -> None:
    # 15 March 2024 + 18 months: the influence period of a severe warning (2023 regulations, article 11) runs to 14 September 2025.
    answer = pattern.told("period", "--measure", "党内严重警告", "--effective", "2024-03-15", "--json")
    (bar,) = answer["bars"]
    assert (bar["starts_on"], bar["last_day"], bar["first_eligible_on"], bar["months"]) == (
        "2024-03-15",
        "2025-09-14",
        "2025-09-15",
        18,
    )
    assert bar["basis"]
    assert bar["reasons"]
    assert set(answer["eligible_on"]) == {"promotion", "further_use", "equal_post", "award"}
    assert answer["unsettled"] == [] or isinstance(answer["unsettled"][0], str)
    assert "最早2025年9月15日" in pattern.done("period", "--measure", "党内严重警告", "--effective", "2024-03-15")
    assert refused(pattern, "period", "--measure", "打手心", "--effective", "2024-03-15")


@pytest.mark.req("J11")
def test_working_days_are_counted_from_the_shell(pattern: Store) -> None:
    # National Day 2024: days off 1–7 October, worked 29 September (Sunday) and 12 October (Saturday).
    answer = pattern.told("workdays", "--after", "2024-09-27", "--count", "3", "--json")
    # 28 (Saturday, skipped), 29 (worked), 30, then 1–7 off, 8 October.
    assert (answer["due_on"], answer["provisional"]) == ("2024-10-08", False)
    assert [skipped["on"] for skipped in answer["skipped"]] == [
        "2024-09-28",
        *(f"2024-10-0{day}" for day in range(1, 8)),
    ]
    between = pattern.told("workdays", "--from", "2024-09-27", "--to", "2024-10-08", "--json")
    assert between == {"working_days": 4, "provisional": False}
    assert pattern.told("workdays", "--after", "2049-01-01", "--count", "1", "--json")["provisional"] is True
    assert refused(pattern, "workdays", "--after", "2024-09-27", "--count", "99999999")


HEADS = ("序号", "姓名", "政治面貌", "单位及职务", "干部管理权限", "四种形态", "党纪处分", "政务处分", "决定文号", "决定机关", "决定日期",
         "生效日期", "是否涉密")  # fmt: skip
# serial, name, Party and administrative sanction, decided, effective, secret
LINES = (
    (1, "石听雨", "党内警告", "", "2026年3月12日", "2026/3/12", "否"),
    (2, "江一帆", "", "政务记过", "2026.4.2", "20260402", "否"),
    (3, "秘密一员", "党内警告", "", "2026.4.3", "2026.4.3", "是"),
    (4, "", "党内警告", "", "2026.4.3", "2026.4.3", "否"),
    (5, "谷雨生", "党内警告", "", "2026.2.30", "", "否"),
)


def line(
    serial: int, name: str, party: str, administrative: str, decided: str, effective: str, secret: str
) -> tuple[str, ...]:
    known = ("中共党员", "青溪区财政局科员", "区管干部", "第二种形态")
    number = f"青纪〔2026〕{serial}号"
    return (str(serial), name, *known, party, administrative, number, "青溪区纪委监委", decided, effective, secret)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADS, *(line(*each) for each in LINES))):
            sheet.write_row(number, 0, row)
    return path


@pytest.mark.req("A1", "A4")
def test_a_ledger_is_imported_counted_and_not_twice(store: Store, ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "refused.xlsx"
    words = ("import", str(ledger), "--organ", "青溪区纪委监委", "--json")
    tried = store.told(*words, "--dry-run")
    told = store.told(*words, "--refused", str(out))
    for answer in (tried, told):
        assert (answer["rows"], answer["created"], answer["stubs"], answer["updated"], answer["unchanged"]) == (
            5,
            2,
            1,
            0,
            0,
        )
        assert answer["asked"] == []
        assert [(row["row"], row["serial"]) for row in answer["refused"]] == [(5, "4"), (6, "5")]
        assert all(fault["message"] for row in answer["refused"] for fault in row["faults"])
    assert out.stat().st_size > 0
    again = store.told(*words)
    assert (again["created"], again["stubs"] + again["unchanged"], len(again["refused"])) == (0, 3, 2)
    figures = store.told("figures", "--from", "2026-01-01", "--to", "2026-12-31", "--organ", "青溪区", "--json")[
        "measures"
    ]
    assert figures["decisions"]["value"] == 3
    assert all({"title", "value", "numerator", "denominator"} <= set(figure) for figure in figures.values())
    store.done("verify")
    whole = b"".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    assert "秘密一员".encode() not in whole


def told_of(person: str, number: str, path: Path) -> Path:
    """A ledger of two rows about people of one name, month and unit, the second of another decision."""
    known = ("中共党员", "青溪区财政局科员", "区管干部", "第二种形态", "党内警告", "")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*HEADS, "出生年月"))
        for at, (name, serial) in enumerate(((person, number), ("容与", f"{number}9")), start=1):
            decided = ("青纪〔2026〕" + serial + "号", "青溪区纪委监委", "2026-03-12", "2026-03-12", "否", "1985.08")
            sheet.write_row(at, 0, (str(at), name, *known, *decided))
    return path


@pytest.mark.req("A1")
def test_rows_that_are_asked_about_are_answered_from_a_file_and_never_guessed(store: Store, tmp_path: Path) -> None:
    to = ("--organ", "青溪区纪委监委")
    first = told_of("许南舟", "1", tmp_path / "first.xlsx")
    store.done("import", str(first), *to)
    second = str(told_of("许南舟", "2", tmp_path / "second.xlsx"))
    words = ("import", second, *to, "--json")
    tried = store.told(*words, "--dry-run")
    ours, theirs = tried["asked"]
    (candidate,) = ours["candidates"]
    assert (ours["row"], ours["name"], candidate["name"], candidate["born"]) == (2, "许南舟", "许南舟", "1985-08")
    assert "同名" in candidate["why"]

    answers = tmp_path / "answers.json"
    for wrong, words_of_it in (
        ({"2": theirs["candidates"][0]["person"]}, f"可以答 {candidate['person']}、new、skip"),
        ({"2": "maybe"}, "没有“maybe”这个答案"),
        ({"99": "new"}, "第99行"),
        (["2"], "读不懂"),
        ({"zwei": "new"}, "读不懂"),
    ):
        answers.write_text(json.dumps(wrong), encoding="utf-8")
        assert words_of_it in refused(store, *words, "--answers", str(answers))
    answers.write_text("{", encoding="utf-8")
    assert "读不懂" in refused(store, *words, "--answers", str(answers))

    spoken = store.done("import", second, *to)
    assert "第2行 许南舟：是不是同一个人？" in spoken
    assert f"{candidate['person']} 是他：许南舟，青溪区财政局，科员，1985-08" in spoken
    assert f"./youwei import {second} --organ 青溪区纪委监委 --answers" in spoken
    assert "网页“处分台账”点“导入”" in spoken

    answers.write_text(json.dumps({"2": candidate["person"]}), encoding="utf-8")
    half = store.told(*words, "--answers", str(answers))
    assert (half["answered"], [row["row"] for row in half["asked"]]) == (1, [3])
    again = store.told(*words, "--dry-run")
    assert (again["unchanged"], [row["row"] for row in again["asked"]]) == (1, [3])
    answers.write_text(json.dumps({"3": "new"}), encoding="utf-8")
    assert store.told(*words, "--answers", str(answers))["asked"] == []
    counted = store.told("figures", "--from", "2026-01-01", "--to", "2026-12-31", "--organ", "青溪区", "--json")
    assert counted["measures"]["decisions"]["value"] == 4


def test_what_cannot_be_imported_or_counted_is_told(store: Store, ledger: Path, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "no" / "out.xlsx")
    assert "读写不了" in refused(store, "import", str(ledger), "--organ", "青溪区纪委监委", "--refused", nowhere)
    (tmp_path / "letter.xlsx").write_text("not a workbook")
    assert "没有办成" in refused(store, "import", str(tmp_path / "letter.xlsx"), "--organ", "青溪区纪委监委")
    assert "没有办成" in refused(store, "figures", "--from", "2026-01-01", "--to", "2026-12-31", "--organ", "没有的区")
    assert "没有办成" in refused(store, "figures", "--from", "2026-12-31", "--to", "2026-01-01")


@pytest.mark.req("I1")
def test_packs_are_checked_from_the_shell(new_store: NewStore, tmp_path: Path) -> None:
    folder = tmp_path / "packs" / "broken" / "2024.01"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text("procedure: broken\ntitle: 坏规程\n", encoding="utf-8")
    assert "pack.yaml" in refused(new_store(), "packs", "check", "--dir", str(tmp_path / "packs"))


@pytest.mark.req("A2")
def test_a_setting_is_told_tried_and_changed_from_the_shell(store: Store) -> None:
    told = store.told("settings", "--json")["settings"]
    assert [(each["name"], each["value"]) for each in told] == [
        ("end_day_convention", "inclusive"),
        ("distress_keep_days", "90"),
    ]
    assert "终止日算法（end_day_convention）：起始日计算在内" in store.done("settings")
    words = ("settings", "end_day_convention", "civil")
    tried = store.told(*words, "--dry-run", "--json")
    assert (tried["before"], tried["value"]) == ("inclusive", "civil")
    assert "（--reason）" in refused(store, *words)
    assert store.told(*words, "--reason", "统一口径", "--json")["moved"] == tried["periods"]
    assert "不必更改" in refused(store, *words, "--reason", "统一口径")
    assert "起始日不计算在内" in store.done("settings")
    assert "请写 inclusive 或 civil" in refused(store, "settings", "end_day_convention", "lunar")
    assert "没有“colour”这项设置" in refused(store, "settings", "colour", "red")
    keep = ("settings", "distress_keep_days", "30")
    assert store.told(*keep, "--dry-run", "--json") == {"name": keep[1], "before": "90", "value": "30"}
    assert "（--reason）" in refused(store, *keep)
    assert "办结后90天 → 办结后30天" in store.done(*keep, "--reason", "保密要求")
    assert "存证校验完好" in store.done("verify")
