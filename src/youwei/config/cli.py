"""The command line: Chinese for people, `--json` for programs. Exit 0 done, 1 refused, 2 wrong use."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from typing import NoReturn

Handler = Callable[[argparse.Namespace], int]
SMALLEST, LARGEST = 100, 150_000


def a_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as bad:
        raise argparse.ArgumentTypeError(f"{text!r} 不是日期；请写成 2024-03-15") from bad


def measure_at(text: str) -> tuple[str, date]:
    name, _, day = text.rpartition("@")
    if not name:
        raise argparse.ArgumentTypeError(f"{text!r} 要写成 种类@日期，例如 党内警告@2024-03-15")
    return name, a_date(day)


def a_size(text: str) -> int:
    """A number of cases large enough that every act of the bench has some to work on."""
    if not text.isdigit() or not SMALLEST <= int(text) <= LARGEST:
        raise argparse.ArgumentTypeError(f"{text!r} 要是 {SMALLEST} 至 {LARGEST} 的整数")
    return int(text)


def a_port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:6]) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} 不是端口；请写 1 至 65535 的整数")
    return int(text)


#: What argparse can say of wrong use, and the same for a clerk. The first that fits is used.
SAYINGS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"the following arguments are required: (.+)", r"缺少 \1"),
        (r"unrecognized arguments: (.+)", r"不认识 \1"),
        (r"ambiguous option: (\S+) could match (.+)", r"\1 不止一个意思：\2；请写全"),
        (r"argument (\S+): invalid choice: (.+?) \(choose from (.+)\)", r"\1 没有 \2 这一项；可选 \3"),
        (r"argument (\S+): invalid int value: (.+)", r"\1：\2 不是整数"),
        (r"argument (\S+): expected one argument", r"\1 后面要写一个值"),
        (r"argument (\S+): expected at least one argument", r"\1 后面至少要写一个值"),
        (r"argument (\S+): expected (\d+) arguments?", r"\1 后面要写\2个值"),
        (r"argument (\S+): ignored explicit argument (.+)", r"\1 后面不能写值（\2）"),
        (r"argument (\S+): not allowed with argument (.+)", r"\1 不能与 \2 同用"),
        (r"argument (\S+): (.+)", r"\1：\2"),
    )
)
HEADINGS = (
    ("usage: ", "用法："),
    ("positional arguments:", "参数："),
    ("options:", "选项："),
    ("show this help message and exit", "显示这份说明"),
)


def in_chinese(message: str) -> str:
    """A sentence of argparse, for a clerk; one it never says stays as it is."""
    return next((found.expand(words) for each, words in SAYINGS if (found := each.fullmatch(message))), message)


class Parser(argparse.ArgumentParser):
    """Wrong use and help are told in Chinese, with the way to look it up."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"用法不对：{in_chinese(message)}\n写法见 {self.prog} --help\n")

    def format_usage(self) -> str:
        return _headed(super().format_usage())

    def format_help(self) -> str:
        return _headed(super().format_help())


def _headed(text: str) -> str:
    for english, chinese in HEADINGS:
        text = text.replace(english, chinese, 1)
    return text


def parser() -> argparse.ArgumentParser:
    """All commands and their words."""
    root = Parser(prog="./youwei", description="有为：监督执纪“后半篇文章”办理系统")
    root.add_argument(
        "--data", metavar="DIR", help="数据目录（默认 YOUWEI_DATA 或 ./var；DATABASE_URL 可另指 PostgreSQL）"
    )
    root.add_argument("--as", dest="account", metavar="ACCOUNT", help="以哪个账号的名义记录（默认记为命令行）")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _store_commands(commands)
    _work_commands(commands)
    _law_commands(commands)
    return root


def _add(commands: "argparse._SubParsersAction[Parser]", name: str, handler: str, text: str) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=text, description=text)
    made.set_defaults(handler=handler, needs_settings=True)
    made.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    made.add_argument("--as", dest="account", metavar="ACCOUNT", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return made


def _store_commands(commands: "argparse._SubParsersAction[Parser]") -> None:
    demo = _add(commands, "demo", "shell_serve.demo", "装入演示城市并启动")
    demo.add_argument("--port", type=a_port, default=8000)
    serve = _add(commands, "serve", "shell_serve.serve", "启动网站和后台任务")
    serve.add_argument("--port", type=a_port, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    _add(commands, "init", "shell_store.init", "建立空库，给出三个管理员的一次性代码")
    organs = _add(
        commands, "load-organs", "shell_store.load_organs", "装入机关名录（Excel 或 CSV：名称、上级、类别、级别）"
    )
    organs.add_argument("file", metavar="FILE")
    verify = _add(commands, "verify", "shell_store.verify", "校验全部记录和现在的数据未被改动")
    verify.add_argument("--against", metavar="FILE", help="另处保存的存证点文件")
    verify.add_argument("--json", action="store_true")
    _add(commands, "checkpoint", "shell_store.checkpoint", "打印存证点（JSON），供另处保存")
    backup = _add(commands, "backup", "shell_store.backup", "备份到目录，可在运行时进行")
    backup.add_argument("folder", metavar="DIR")
    restore = _add(commands, "restore", "shell_store.restore", "从备份恢复到空库")
    restore.add_argument("folder", metavar="DIR")
    bench = _add(commands, "bench", "shell_bench.bench", "在一个临时的库里测量快慢（--data 指临时库放在哪个目录下）")
    bench.set_defaults(needs_settings=False)
    bench.add_argument(
        "--cases", type=a_size, default=3500, metavar="N", help="多少件事项（默认 3500；100000 要几十分钟）"
    )
    bench.add_argument(
        "--store",
        choices=["sqlite", "postgres"],
        default="sqlite",
        help="用哪种库（postgres 用 DATABASE_URL 所指的服务器）",
    )
    bench.add_argument("--only", action="append", metavar="NAME", help="只量这一项，可多次")
    bench.add_argument(
        "--peers", action="store_true", help="另与 SpiffWorkflow、Viewflow 赛跑（从软件仓库装到临时目录里）"
    )
    bench.add_argument("--json", action="store_true")
    bench.add_argument("--keep", metavar="FILE", help="把结果存成这个 JSON 文件")


def _work_commands(commands: "argparse._SubParsersAction[Parser]") -> None:
    settings = _add(commands, "settings", "shell_settings.settings", "查看或更改本单位选定的口径（设置）")
    settings.add_argument("name", nargs="?", metavar="NAME")
    settings.add_argument("value", nargs="?", metavar="VALUE")
    settings.add_argument("--reason", metavar="理由", help="为什么更改，必填")
    settings.add_argument("--dry-run", action="store_true", help="只看会改动多少，不更改")
    settings.add_argument("--json", action="store_true")
    packs = _add(commands, "packs", "shell_packs.packs", "规程")
    packs.add_argument(
        "act",
        choices=["check", "compare", "save-log", "list", "draft", "release", "end"],
        help="check：检查全部规程；compare：比较两个版本；save-log：存下永久重放的记录；list：各版本和草稿；draft：把文件存为草稿；"
        "release：批准施行；end：停止施行",
    )
    packs.add_argument(
        "refs", nargs="*", metavar="规程@版本", help="compare 要两个；save-log 可不写，即还没有存过的；draft 写文件名"
    )
    packs.add_argument("--organ", metavar="NAME", help="draft：哪个机关编写")
    packs.add_argument("--on", type=a_date, metavar="DATE", help="end：最后施行的一天，默认今天")
    packs.add_argument("--reason", metavar="理由", help="end：为什么停止，必填")
    packs.add_argument("--dir", dest="packs_dir", metavar="DIR", help="另一处规程目录")
    ledger = _add(commands, "import", "shell_ledger.import_ledger", "导入台账")
    ledger.add_argument("file", metavar="LEDGER.xlsx")
    ledger.add_argument("--organ", metavar="NAME", help="填报机关；台账里没有见过的单位建在它的地区之下")
    ledger.add_argument("--history", action="store_true", help="按历史数据导入，只为仍在期间的人开办事项")
    ledger.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    ledger.add_argument(
        "--answers",
        metavar="FILE.json",
        help='答“是不是同一个人”：{"行": 人员编号 或 "new"（新的人）或 "skip"（不导入）}',
    )
    ledger.add_argument("--refused", metavar="OUT.xlsx", help="把拒绝的行连同原因写到这个文件")
    ledger.add_argument("--json", action="store_true")
    figures = _add(commands, "figures", "shell_ledger.figures", "统计")
    figures.add_argument("--from", dest="start", type=a_date, required=True, metavar="DATE")
    figures.add_argument("--to", dest="end", type=a_date, required=True, metavar="DATE")
    figures.add_argument("--organ", metavar="NAME")
    figures.add_argument("--json", action="store_true")


def _law_commands(commands: "argparse._SubParsersAction[Parser]") -> None:
    period = _add(commands, "period", "shell_law.period", "计算影响期、处分期和最早日期")
    period.add_argument("--measure", required=True, metavar="种类")
    period.add_argument("--effective", type=a_date, required=True, metavar="DATE")
    period.add_argument("--acts-until", type=a_date, metavar="DATE", help="违纪行为止于哪天（决定适用哪一版条例）")
    period.add_argument("--instead-of-removal", action="store_true", help="因没有党内职务而给予的严重警告")
    period.add_argument("--months", type=int, metavar="N", help="由机关决定的月数")
    period.add_argument("--restored-on", type=a_date, metavar="DATE", help="留党察看恢复权利之日")
    period.add_argument("--changed-to", type=measure_at, metavar="种类@DATE")
    period.add_argument(
        "--then", type=measure_at, action="append", default=[], metavar="种类@DATE", help="期间内又受的处分，可多次"
    )
    period.add_argument("--person-kind", metavar="公务员|村干部|…")
    period.add_argument("--json", action="store_true")
    workdays = _add(commands, "workdays", "shell_law.workdays", "数工作日")
    workdays.add_argument("--after", type=a_date, metavar="DATE")
    workdays.add_argument("--count", type=int, metavar="N")
    workdays.add_argument("--from", dest="start", type=a_date, metavar="DATE")
    workdays.add_argument("--to", dest="end", type=a_date, metavar="DATE")
    workdays.add_argument("--json", action="store_true")


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse_args(argv)
    if args.data and args.needs_settings:
        os.environ["YOUWEI_DATA"] = args.data
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "youwei.config.settings")
    module, name = args.handler.split(".")
    return int(import_module("youwei.config.shell").run(f"youwei.config.{module}", name, args))


if __name__ == "__main__":
    sys.exit(main())
