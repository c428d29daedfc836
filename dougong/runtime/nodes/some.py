"""Take every way out whose condition holds; the default way alone if none does (包容分支)."""

from collections.abc import Mapping
from typing import Any

from ..definition import Definition, Node
from ..outcome import Fail, Go, Outcome
from ..reason import Reason
from ..shape import Shape
from ._example import Example, choices, entry, step, task, titles, way
from ._type import At, NodeType, Ways
from .decide import check


def enter(at: At) -> Outcome:
    data, now = at.case.data, at.world.now
    taken = tuple(edge for edge in at.out if not edge.default and (edge.when is None or edge.when.holds(data, now)))
    taken = taken or tuple(edge for edge in at.out if edge.default)
    return Go(taken) if taken else Fail(Reason("case.no_way_out"))


def foresee(definition: Definition, node: Node, data: Mapping[str, Any]) -> Ways:
    """All that hold, and those that cannot be ruled out yet; the default way unless another is certain."""
    answers = {
        edge: True if edge.when is None else edge.when.foresee(data) for edge in definition.ways(node.uid) if not edge.default
    }
    found = [(edge, answer is True) for edge, answer in answers.items() if answer is not False]
    certain = any(sure for _, sure in found)
    return found + [(edge, not found) for edge in definition.ways(node.uid) if edge.default and not certain]


NODE = NodeType(
    "some",
    {"zh-Hans": "包容分支", "en": "Some branches"},
    {"zh-Hans": "同时走所有满足条件的分支", "en": "Every way out whose condition holds, at once"},
    "routing",
    "list-tree",
    enter,
    ways_out=(2, None),
    conditional=True,
    shape=lambda definition, node: Shape(split="some"),
    foresee=foresee,
    check=check,
    rank=31,
    example=Example(
        titles("按故障派人：缺件的领件，漏电的验电，可以都要", "Each fault asks for somebody: parts, an electrician, or both"),
        (
            step("needed", "some", "需要什么？", "What is needed?"),
            task("parts", "领配件", "Fetch parts"),
            task("power", "验电", "Check the power", "engineer"),
            step("ready", "join", "到齐", "All are there", mode="reaching"),
            task("visit", "上门", "Visit", "engineer"),
        ),
        (
            "start>needed",
            way("needed>parts", {"field": "faults", "operator": "includes_any", "value": ["part"]}),
            way("needed>power", {"field": "faults", "operator": "includes_any", "value": ["leak"]}),
            way("needed>ready", default=True),
            "parts>ready",
            "power>ready",
            "ready>visit",
            "visit>end",
        ),
        (["start", {"faults": ["part", "leak"]}], "parts", "power"),
        {"status": "running", "waiting": ["visit"]},
        (entry("faults", "choices", "故障", "Faults", options=choices(part=("缺件", "A part"), leak=("漏电", "Live parts"))),),
    ),
)
