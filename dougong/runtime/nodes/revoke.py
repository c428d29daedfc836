"""Where a ticket that has ended comes in once more to be revoked (撤销已通过). From here its way is drawn like any other.

Who filed it asks for it, or somebody of the roles that are named, with a reason. It is revoked where its way comes to an end
with the result “revoked”, and what it has settled is reversed then; however else that way ends, the ticket stays as it was.
"""

from collections.abc import Iterator
from typing import Final

import networkx as nx

from ..config import KEY, config_of, setting
from ..definition import Definition, Node
from ..outcome import Go
from ..reason import Reason
from ._example import Example, approval, step, titles
from ._type import At, NodeType

REVOKED: Final = "revoked"
REVOCABLE: Final = frozenset({"completed", "approved"})  # the results that can be taken back
CONFIG = config_of(
    (),
    within_days=setting(
        "可撤销的天数", "Within days", type="integer", minimum=1, maximum=3650,
        help=("从工单结束起算；不填则不限", "Since the ticket has ended; left out: at any time"),
    ),
    roles=setting(
        "还有谁可以申请撤销", "Who else may ask for it", type="array", maxItems=20, items=KEY, widget="roles",
        help=("发起人之外的角色；他们要看得到这张工单", "Roles besides whoever filed it; they must be able to see the ticket"),
    ),
)  # fmt: skip


def enter(at: At) -> Go:
    return Go(at.out)


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    """Its way may end as revoked, shares nothing but ends with that of the ticket itself, and never leads back there."""
    graph = nx.DiGraph((edge.source, edge.target) for edge in definition.edges)
    graph.add_nodes_from(definition.node)
    ahead = nx.descendants(graph, node.uid) & definition.node.keys()
    if not any(definition.node[uid].config.get("result") == REVOKED for uid in ahead):
        yield "", Reason("check.revokes_never")
    starts = [one.uid for one in definition.nodes if one.type == "start"]
    others = nx.descendants(graph, starts[0]) if starts else set()
    for uid in sorted(ahead):
        step = definition.node[uid]
        if uid in others and definition.out[uid]:
            yield "", Reason("check.revocation_not_apart", {"title": step.title})
        if step.config.get("send_back", "none") != "none" or "return" in _thens(step):
            yield "", Reason("check.revocation_not_returned", {"title": step.title})


def _thens(step: Node) -> set[str]:
    return {one["then"] for one in step.config.get("deadlines", ())}


NODE = NodeType(
    "revoke",
    {"zh-Hans": "撤销入口", "en": "Revocation"},
    {
        "zh-Hans": "已结束的工单从这里开始撤销，后面画撤销审批和冲销步骤",
        "en": "Where a ticket that has ended begins to be revoked: draw who approves that, and what is put back",
    },
    "ends",
    "undo-2",
    enter,
    config=CONFIG,
    ways_in=(0, 0),
    check=check,
    rank=11,
    example=Example(
        titles("已批准的退费作废：由原审批人同意", "An approved refund is called off: whoever approved it agrees"),
        (
            approval("approve", "审批退费", "Approve the refund"),
            step("end", "end", "结束", "End"),
            step("undo", "revoke", "撤销", "Call it off"),
            approval("agree", "同意作废", "Agree"),
            step("gone", "end", "已作废", "Called off", result="revoked"),
        ),
        ("start>approve", "approve>end", "undo>agree", "agree>gone"),
        ("start", "approve", "undo", "agree"),
        {"status": "done", "result": "revoked"},
    ),
)
