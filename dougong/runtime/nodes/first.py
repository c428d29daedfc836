"""Begin all ways out together; the first on which something happens is the way, the others end (事件分支, deferred choice)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..case import Token
from ..definition import Definition, Node
from ..outcome import Go, Outcome, Put, Wait
from ..reason import Reason
from ..shape import Shape
from ._example import Example, step, task, titles
from ._type import At, NodeType, Ways

RACE: Final = "race"


def enter(at: At) -> Outcome:
    """Its children stand on the steps behind the ways out, as if they had come over them."""
    return Wait(RACE, spawn=tuple(Put(edge.target, via=edge.uid) for edge in at.out))


def gather(at: At, child: Token, left: Go) -> Outcome:
    """The first that goes on wins, and goes where it goes; the others end with the token that waited for them."""
    return Go(left.edges, jump=left.jump)


def foresee(definition: Definition, node: Node, data: Mapping[str, Any]) -> Ways:
    return [(edge, False) for edge in definition.ways(node.uid)]


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    """A step that does not wait would win each time."""
    from . import NODE_TYPES  # the types are known once all of them are there

    for edge in definition.ways(node.uid):
        target = definition.node.get(edge.target)
        kind = NODE_TYPES.get(target.type) if target else None
        if target and kind and not kind.shape(definition, target).waits:
            yield "", Reason("check.first_needs_waiting", {"title": target.title})


NODE = NodeType(
    "first",
    {"zh-Hans": "事件分支", "en": "Whichever comes first"},
    {
        "zh-Hans": "几个等待同时开始，谁先发生走谁，其余取消",
        "en": "Several waits begin together; the first that happens is the way, the others are cancelled",
    },
    "routing",
    "zap",
    enter,
    gather=gather,
    ways_out=(2, None),
    shape=lambda definition, node: Shape(races=True),
    foresee=foresee,
    check=check,
    rank=33,
    example=Example(
        titles("等客户确认，三天不答复就自动关单", "The customer confirms, or the ticket is closed after three days"),
        (
            step("either", "first", "谁先发生", "Whichever comes first"),
            task("confirm", "客户确认", "The customer confirms"),
            step("silent", "wait", "三天不答复", "Three days", until={"after": {"amount": 3, "unit": "days"}}),
            step("closed", "end", "自动关单", "Closed", result="cancelled"),
        ),
        ("start>either", "either>confirm", "either>silent", "confirm>end", "silent>closed"),
        ("start", "silent"),
        {"status": "done", "result": "cancelled"},
    ),
)
