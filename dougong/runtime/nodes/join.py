"""Bring branches together (汇合): go on as one when all have come in, the first, n of them, or all that still can."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from ..case import Token
from ..config import config_of, setting
from ..definition import Definition, Node
from ..outcome import Go, Outcome, Put, Wait
from ..reason import Reason
from ..regions import before
from ..shape import Shape
from ._example import Example, step, task, titles
from ._type import At, NodeType

SIGNAL: Final = "join"
CONFIG = config_of(
    mode=setting(
        "汇合方式",
        "Goes on when",
        default="all",
        options={
            "all": ("所有分支到齐", "all branches have come in"),
            "any": ("任一分支到达", "the first branch has come in"),
            "count": ("指定数量的分支到达", "a number of branches have come in"),
            "reaching": ("所有已走的分支到齐（包容）", "all that were taken have come in (inclusive)"),
        },
    ),
    needs=setting(
        "需要几个分支", "How many branches", type="integer", minimum=1, maximum=1000, when={"mode": ["count"]}, needed=True
    ),
    rest=setting(
        "其余分支",
        "The other branches",
        default="ignored",
        options={
            "ignored": ("继续办理，到达后忽略", "go on, and are ignored when they come in"),
            "cancelled": ("立即取消", "are cancelled"),
        },
    ),
)


def enter(at: At) -> Outcome:
    """One token waits for all: it remembers over which ways tokens have come in (a bit each), and how many more than one."""
    if at.token.via is None and not at.token.memo:  # moved here by an administrator: as if everything had come in
        return Go(at.out, absorb=_others(at))
    shape = shape_of(at.definition, at.node)
    if _name(at) in at.case.memo:
        return _swallow(at, int(at.case.memo[_name(at)], 16))
    arrived, more = _arrived(at.here, at)
    enough = shape.needs if shape.join == "count" else len(at.into)
    if shape.join == "reaching" or arrived.bit_count() < enough:
        return _wait(at, arrived, more)
    return _fired(at, arrived, more, shape)


def _wait(at: At, arrived: int, more: dict[str, int]) -> Wait:
    return Wait(SIGNAL, memo={"arrived": f"{arrived:x}", "more": more}, absorb=_others(at))


def _fired(at: At, arrived: int, more: dict[str, int], shape: Shape) -> Go:
    """Enough have come in. What has come in twice begins the next round."""
    missing = [edge.uid for index, edge in enumerate(at.into) if not arrived >> index & 1]
    jump = (Put(at.node.uid, _left(more)),) if more else ()
    if shape.rest == "cancelled":
        region = before(at.definition, at.node.uid, missing)
        rest = tuple(token.id for token in at.case.everywhere() if token.node in region)
        return Go(at.out, absorb=(*_others(at), *rest), jump=jump)
    return Go(at.out, absorb=_others(at), memo={_name(at): f"{arrived:x}"} if missing else {}, jump=jump)


def _swallow(at: At, arrived: int) -> Outcome:
    """It has gone on already: the rest is swallowed, until all have come in and the next round begins."""
    way = at.definition.way_in[at.node.uid].get(at.token.via or "")
    if way is None or arrived >> way & 1:
        return _wait(at, *_arrived(at.here, at))
    arrived |= 1 << way
    if arrived.bit_count() < len(at.into):
        return Go(memo={_name(at): f"{arrived:x}"})
    waiting = [token for token in at.here if token is not at.token]
    next_round, more = _arrived(waiting, at)
    jump = (Put(at.node.uid, {"arrived": f"{next_round:x}", "more": more}),) if waiting else ()
    return Go(absorb=_others(at), memo={_name(at): None}, jump=jump)


def reconsider(at: At) -> Outcome | None:
    """An inclusive join goes on when no other token can come in any more."""
    region = before(at.definition, at.node.uid, [edge.uid for edge in at.into])
    if any(token.node in region for token in at.case.everywhere()):
        return None
    return Go(at.out)


def _arrived(tokens: Iterable[Token], at: At) -> tuple[int, dict[str, int]]:
    """The ways in over which tokens have come, as bits, and by way how many have come in besides."""
    arrived, more = 0, dict[str, int]()
    for token in tokens:
        way = at.definition.way_in[at.node.uid].get(token.via or "")
        remembered = int(token.memo["arrived"], 16) if "arrived" in token.memo else 0 if way is None else 1 << way
        counted = {str(index): 1 for index in _bits(arrived & remembered)}
        for found in (counted, token.memo.get("more", {})):
            for index, count in found.items():
                more[index] = more.get(index, 0) + count
        arrived |= remembered
    return arrived, more


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _left(more: dict[str, int]) -> dict[str, Any]:
    """What the next round begins with."""
    left = {way: count - 1 for way, count in more.items() if count > 1}
    return {"arrived": f"{sum(1 << int(way) for way in more):x}", "more": left}


def _others(at: At) -> tuple[int, ...]:
    return tuple(token.id for token in at.here if token is not at.token)


def _name(at: At) -> str:
    return f"join:{at.node.uid}"


def shape_of(definition: Definition, node: Node) -> Shape:
    mode, rest = node.config.get("mode", "all"), node.config.get("rest", "ignored")
    if mode in ("all", "reaching"):
        return Shape(join=mode)
    ways = len(definition.into.get(node.uid, ()))
    needs = 1 if mode == "any" else min(node.config.get("needs", 1), max(ways, 1))
    return Shape(join="count", needs=needs, rest=rest)


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    ways = len(definition.into.get(node.uid, ()))
    if ways and node.config.get("mode") == "count" and not 1 <= node.config.get("needs", 0) <= ways:
        yield "/needs", Reason("check.join_needs", {"ways": ways})


NODE = NodeType(
    "join",
    {"zh-Hans": "并行汇合", "en": "Join"},
    {
        "zh-Hans": "等分支到齐再继续：全部、任一、N 个，或所有已走的",
        "en": "Waits for the branches: all, the first, n, or those that were taken",
    },
    "routing",
    "git-merge",
    enter,
    reconsider=reconsider,
    looks_again=lambda node: node.config.get("mode") == "reaching",
    config=CONFIG,
    ways_in=(2, None),
    shape=shape_of,
    joins={"all": {"mode": "all"}, "reaching": {"mode": "reaching"}},
    check=check,
    also=("会合",),
    rank=32,
    example=Example(
        titles("问三家供应商，两家报价就够", "Three suppliers are asked; two offers are enough"),
        (
            step("ask", "fork", "同时询价", "Ask all"),
            task("first", "甲报价", "Offer of A"),
            task("second", "乙报价", "Offer of B"),
            task("third", "丙报价", "Offer of C"),
            step("enough", "join", "两家即可", "Two are enough", mode="count", needs=2, rest="cancelled"),
            task("choose", "选定", "Choose"),
        ),
        (
            "start>ask",
            "ask>first",
            "ask>second",
            "ask>third",
            "first>enough",
            "second>enough",
            "third>enough",
            "enough>choose",
            "choose>end",
        ),
        ("start", "third", "first"),
        {"status": "running", "waiting": ["choose"]},
    ),
)
