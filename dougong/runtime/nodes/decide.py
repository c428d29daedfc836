"""Take the first way out whose condition holds; the default way (其他情况) if none does."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..definition import Definition, Edge, Node
from ..outcome import Fail, Go, Outcome
from ..reason import Reason
from ._example import Example, approval, entry, step, task, titles, way
from ._type import At, NodeType, Ways


def default_last(edges: tuple[Edge, ...]) -> list[Edge]:
    return sorted(edges, key=lambda edge: edge.default)


def enter(at: At) -> Outcome:
    for edge in default_last(at.out):
        if edge.default or edge.when is None or edge.when.holds(at.case.data, at.world.now):
            return Go((edge,))
    return Fail(Reason("case.no_way_out"))


def foresee(definition: Definition, node: Node, data: Mapping[str, Any]) -> Ways:
    """Up to the first way that is certain, all that cannot be ruled out yet."""
    open_ways: list[Edge] = []
    for edge in default_last(definition.out[node.uid]):
        answer = True if edge.default or edge.when is None else edge.when.foresee(data)
        if answer is not False:
            open_ways.append(edge)
        if answer:
            break
    return [(edge, len(open_ways) == 1) for edge in open_ways]


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    ways = definition.out[node.uid]
    if sum(edge.default for edge in ways) > 1:
        yield "", Reason("check.two_defaults")
    if ways and not any(edge.default or edge.when is None for edge in ways):
        yield "", Reason("check.no_default")


NODE = NodeType(
    "decide",
    {"zh-Hans": "条件分支", "en": "Decision"},
    {"zh-Hans": "按优先级，走第一个满足条件的分支", "en": "The first way out whose condition holds"},
    "routing",
    "split",
    enter,
    ways_out=(2, None),
    conditional=True,
    foresee=foresee,
    check=check,
    also=("如果", "判断", "分流"),
    rank=30,
    example=Example(
        titles("退款超过 500 元要经理审批", "A refund above 500 needs the manager"),
        (
            step("large", "decide", "金额多大？", "How much?"),
            approval("approve", "经理审批", "Manager approves"),
            task("pay", "退款", "Pay back"),
        ),
        (
            "start>large",
            way("large>approve", {"field": "amount", "operator": "greater", "value": "500"}),
            way("large>pay", default=True),
            "approve>pay",
            "pay>end",
        ),
        (["start", {"amount": "680"}],),
        {"status": "running", "waiting": ["approve"]},
        (entry("amount", "number", "退款金额", "Amount"),),
    ),
)
