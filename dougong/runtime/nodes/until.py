"""Wait until a condition holds for what the ticket says, or a step has been done (里程碑, milestone)."""

from collections.abc import Iterator
from typing import Final

from ..config import UID, config_of, setting
from ..definition import Definition, Node
from ..outcome import Go, Outcome, Wait
from ..reason import Reason
from ._conditions import CONDITION, check_condition, holds
from ._example import Example, step, task, titles
from ._type import At, NodeType, waiting_shape

SIGNAL: Final = "until"
CONFIG = config_of(
    when=setting("直到条件成立", "Until this holds", CONDITION, widget="condition"),
    step=setting(
        "或某步骤已办理",
        "Or this step has been done",
        UID,
        widget="step",
        help=("两项都填时，先满足哪项都继续", "Where both are set, either is enough"),
    ),
)


def enter(at: At) -> Outcome:
    return Go(at.out) if _reached(at) else Wait(SIGNAL)


def reconsider(at: At) -> Outcome | None:
    return Go(at.out) if _reached(at) else None


def _reached(at: At) -> bool:
    return bool(holds(at, "when")) or at.config.get("step") in at.case.handlers


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from check_condition(definition, node, "when")
    step = node.config.get("step")
    if step is None and not node.config.get("when", {}).get("rules"):
        yield "/when", Reason("check.until_what")
    found = definition.node.get(step or "")
    if step is not None and (found is None or found.type not in ("user_task", "approval")):
        yield "/step", Reason("check.no_such_step", {"node": step})


NODE = NodeType(
    "until",
    {"zh-Hans": "等待条件", "en": "Wait until"},
    {"zh-Hans": "等到条件成立，或另一步骤办完，再继续", "en": "Waits until a condition holds, or another step has been done"},
    "routing",
    "milestone",
    enter,
    reconsider=reconsider,
    config=CONFIG,
    shape=waiting_shape,
    check=check,
    rank=34,
    example=Example(
        titles("备货和验厂同时做，验厂通过才发货", "Goods are packed while the site is checked; they leave once it has been"),
        (
            step("both", "fork", "同时进行", "At once"),
            task("check", "验厂", "Check the site", "engineer"),
            task("pack", "备货", "Pack"),
            step("checked", "until", "等验厂完成", "Once it is checked", step="check"),
            task("ship", "发货", "Ship"),
            step("meet", "join", "都完成", "Both are done"),
        ),
        ("start>both", "both>check", "both>pack", "pack>checked", "checked>ship", "ship>meet", "check>meet", "meet>end"),
        ("start", "pack", "check"),
        {"status": "running", "waiting": ["meet", "ship"]},
    ),
)
