"""Take away all that stands on certain steps, and go on (取消区域)."""

from collections.abc import Iterator

from ..config import UID, config_of, setting
from ..definition import Definition, Node
from ..outcome import Go
from ..reason import Reason
from ..shape import Shape
from ._example import Example, step, task, titles
from ._type import At, NodeType

CONFIG = config_of(
    ("nodes",),
    nodes=setting(
        "取消哪些步骤",
        "Which steps",
        type="array",
        minItems=1,
        maxItems=200,
        uniqueItems=True,
        items=UID,
        widget="steps",
        help=("正停在这些步骤上的办理全部取消", "All that is under way on these steps is cancelled"),
    ),
)


def enter(at: At) -> Go:
    """What a join has counted there is forgotten too."""
    above = set(at.case.ancestors(at.token))
    gone = [token.id for uid in at.config["nodes"] for token in at.case.on(uid)]
    joins = {f"join:{uid}": None for uid in at.config["nodes"] if f"join:{uid}" in at.case.memo}
    return Go(at.out, absorb=tuple(one for one in gone if one != at.token.id and one not in above), memo=joins)


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    for index, uid in enumerate(node.config["nodes"]):
        if uid not in definition.node or uid == node.uid:
            yield f"/nodes/{index}", Reason("check.no_such_step", {"node": uid})


NODE = NodeType(
    "cancel",
    {"zh-Hans": "取消区域", "en": "Cancel steps"},
    {"zh-Hans": "取消正在进行的指定步骤，然后继续", "en": "Cancel what is under way on certain steps, and go on"},
    "routing",
    "eraser",
    enter,
    config=CONFIG,
    shape=lambda definition, node: Shape(cancels=frozenset(node.config.get("nodes", ()))),
    check=check,
    rank=36,
    example=Example(
        titles("客户取消上门，备件不用再做", "The customer calls off the visit: no parts are needed"),
        (
            step("both", "fork", "同时进行", "At once"),
            task("parts", "备件", "Fetch parts", "engineer"),
            task("called", "客户来电取消", "The customer calls off"),
            step("stop", "cancel", "不再备件", "No more parts", nodes=["parts"]),
            task("refund", "退定金", "Pay back"),
        ),
        ("start>both", "both>parts", "both>called", "parts>end", "called>stop", "stop>refund", "refund>end"),
        ("start", "called"),
        {"status": "running", "waiting": ["refund"]},
    ),
)
