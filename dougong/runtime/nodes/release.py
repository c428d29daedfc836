"""Let go what the ticket has had to itself since a step before (释放)."""

from collections.abc import Iterator

from ..config import config_of
from ..definition import Definition, Node
from ..outcome import Go
from ..reason import Reason
from ..regions import upstream
from ._example import Example, step, task, titles
from ._sections import HELD, what
from ._type import At, NodeType

CONFIG = config_of(("name",), name=what("释放什么", ("与“独占”里相同", "As where it is taken")))


def enter(at: At) -> Go:
    taken = [node.uid for node in at.definition.nodes if _takes(node, at.node)]
    return Go(at.out, memo={f"{HELD}{uid}": None for uid in taken if f"{HELD}{uid}" in at.case.memo})


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    before = upstream(definition, node.uid)
    if not any(_takes(definition.node[uid], node) for uid in before if uid in definition.node):
        yield "/name", Reason("check.release_without_hold", {"name": node.config["name"]})


def _takes(node: Node, release: Node) -> bool:
    return node.type == "hold" and node.config.get("name") == release.config.get("name")


NODE = NodeType(
    "release",
    {"zh-Hans": "释放", "en": "Let go"},
    {"zh-Hans": "释放独占，下一张排队的工单继续", "en": "The next ticket that waits for it goes on"},
    "routing",
    "lock-open",
    enter,
    config=CONFIG,
    check=check,
    rank=38,
    example=Example(
        titles("一名工程师一次只上门一家", "An engineer visits one household at a time"),
        (
            step("turn", "hold", "约工程师", "Have the engineer", name="engineer"),
            task("visit", "上门", "Visit", "engineer"),
            step("free", "release", "工程师空出", "He is free", name="engineer"),
            task("bill", "开票", "Bill"),
        ),
        ("start>turn", "turn>visit", "visit>free", "free>bill", "bill>end"),
        ("start", "turn", "visit"),
        {"status": "running", "waiting": ["bill"]},
    ),
)
