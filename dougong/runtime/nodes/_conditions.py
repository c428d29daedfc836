"""Conditions in the settings of a step, compiled once a definition; and results of a ticket."""

from collections.abc import Iterator
from typing import Any, Final
from weakref import WeakKeyDictionary

from ..config import Schema, setting
from ..definition import Definition, Node
from ..reason import Reason
from ..rules import Condition, compile_condition, problems
from ._type import At

CONDITION: Final[Schema] = {"$ref": "dougong:common#/$defs/condition"}
RESULT: Final[Schema] = setting(
    "结果",
    "Result",
    default="completed",
    options={
        "completed": ("已完成", "Completed"),
        "approved": ("已通过", "Approved"),
        "rejected": ("已拒绝", "Rejected"),
        "cancelled": ("已取消", "Cancelled"),
        "revoked": ("已撤销", "Revoked"),
        "terminated": ("已终止", "Terminated"),
    },
)
_compiled: WeakKeyDictionary[Definition, dict[tuple[str, str], Condition | None]] = WeakKeyDictionary()


def holds(at: At, name: str) -> bool | None:
    """Whether the condition in this setting holds for the ticket's data. None: there is no condition."""
    condition = _condition(at.definition, at.node, name)
    return None if condition is None else condition.holds(at.case.data, at.world.now)


def check_condition(definition: Definition, node: Node, name: str) -> Iterator[tuple[str, Reason]]:
    yield from ((f"/{name}", reason) for _, reason in problems(node.config.get(name), definition.kinds_at(node)))


def _condition(definition: Definition, node: Node, name: str) -> Condition | None:
    kept = _compiled.setdefault(definition, {})
    if (node.uid, name) not in kept:
        tree: Any = node.config.get(name)
        kept[node.uid, name] = compile_condition(tree, definition.kinds_at(node))
    return kept[node.uid, name]
