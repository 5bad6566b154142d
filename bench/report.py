"""A result in Chinese lines, for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

SIGNS = {True: "✓", False: "✗", None: "·"}


def lines(result: Mapping[str, Any]) -> Iterator[str]:
    """Where and how it was measured, a line for each act, and what missed its mark."""
    machine, store = result["machine"], result["store"]
    yield f"{result['on']}  {machine['processor']}，{machine['cores']}核（开始时负载{machine['load_before']}），Python {machine['python']}"
    modes = "，".join(f"{name}={store[name]}" for name in ("journal", "synchronous", "fsync") if name in store)
    yield f"{store['kind']} {store['version']}（{modes}）；事项{result['cases']:,}件的规模，用时{result['minutes']}分钟"
    if machine["load_before"] >= 1:
        yield "注意：开始时机器上另有别的程序在跑，以下数字偏慢"
    for act in result["acts"]:
        yield f"{SIGNS[act['holds']]} {act['title']}：{spoken(act['value'])}{act['unit']}（{mark(act)}{floor(act)}）"
    yield from race(result["peers"] or [])
    titles = "、".join(act["title"] for act in result["acts"] if act["holds"] is False)
    yield f"没有达到要求：{titles}" if titles else "凡适用的要求都已达到"


def race(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """How many cases of eight steps each engine carries from opening to end in a second."""
    for run in runs:
        beside = f"；本系统是它的{spoken(run['ratio'])}倍，每件占用处理器的时间它是本系统的{spoken(run['processor_ratio'])}倍"
        yield (
            f"· 八步赛跑 {run['name']} {run['version']}：{spoken(run['cases_per_second'])}件/秒，每件占用处理器{spoken(run['processor_ms'])}ms"
            f"（sqlite，journal={run['journal']}，synchronous={run['synchronous']}{beside if run['ratio'] != 1 else ''}）"
        )


def mark(act: Mapping[str, Any]) -> str:
    if act["mark"] is None:
        return "此规模或此库没有要求"
    return f"要求{'不低于' if act['better'] == 'more' else '不超过'}{spoken(act['mark'])}{act['unit']}"


def floor(act: Mapping[str, Any]) -> str:
    """The floor and how many times it the act costs."""
    if act["ratio"] is None:
        return ""
    return f"；{act['floor_is']}：{spoken(act['floor'])}{act['unit']}，代价是它的{spoken(act['ratio'])}倍"


def spoken(number: float) -> str:
    """Three figures, without an exponent."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
