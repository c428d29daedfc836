"""Steps of one group are done one at a time, in any order: whoever comes second waits for its turn (互斥组)."""

from ..config import Schema, setting
from ..definition import Node
from ._time import CLOCK
from ._type import At

TURN: Schema = setting(
    "互斥组",
    "One at a time with",
    type="string",
    maxLength=40,
    widget="shared",
    group=CLOCK,
    help=("同名组内的步骤一次只办一个，顺序不限", "Steps with the same group name are done one at a time, in any order"),
)


def turn_of(node: Node) -> str | None:
    return node.config.get("turn")


def busy(at: At) -> bool:
    """Is another token of the case within the group? An instance of a step has the turn of the step itself."""
    if at.token.parent is not None and at.case.token(at.token.parent) in at.here:
        return False
    members = [node.uid for node in at.definition.nodes if turn_of(node) == turn_of(at.node)]
    others = (token for uid in members for token in at.case.on(uid) if token.id != at.token.id)
    return any(token.state != "ready" and token.signal != "turn" for token in others)
