"""`python -m bench`: one run on the store that the environment names, which must be a new one. Started by `./youwei bench`."""

import argparse
import sys
from importlib import import_module

import django

from bench.marks import ACTS, LARGE
from youwei.config.cli import Parser


def parser() -> argparse.ArgumentParser:
    """What `./youwei bench` hands on."""
    told = Parser(prog="./youwei bench")
    told.add_argument("--cases", type=int, required=True)
    told.add_argument("--store", choices=["sqlite", "postgres"], required=True)
    told.add_argument("--only", action="append", choices=list(ACTS))
    told.add_argument("--peers", action="store_true")
    told.add_argument("--json", action="store_true")
    told.add_argument("--keep")
    return told


if __name__ == "__main__":
    args = parser().parse_args()
    if args.only and "growth" in args.only and args.cases < LARGE:
        parser().error(f"growth 要用 --cases {LARGE}")
    django.setup()
    try:
        sys.exit(import_module("bench.run").run(args))
    except KeyboardInterrupt:
        sys.exit("已停止")
