"""Wait some time, or until a date, and go on (等待)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..calendar import CalendarFault
from ..config import config_of, setting
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome, Wait
from ..reason import Reason
from ._example import Example, step, task, titles
from ._time import PAUSES, UNTIL, check_until, text, until
from ._type import At, NodeType, waiting_shape

DUE: Final = "due"
CONFIG = config_of(
    ("until",),
    until=setting("等到", "Until", UNTIL, widget="until"),
    otherwise=setting(
        "日期为空或已过时",
        "Where the date is empty or past",
        default="go",
        options={"go": ("直接继续", "go on at once"), "fail": ("停住等人处理", "stop for somebody to look at it")},
    ),
    pauses=PAUSES,
)


def enter(at: At) -> Outcome:
    try:
        due = until(at, at.config["until"], at.world.now)
    except CalendarFault as fault:
        return Fail(fault.reason)
    if due is not None and due > at.world.now:
        return Wait(DUE, (Effect("timer", {"signal": DUE, "due": text(due)}),))
    if at.config.get("otherwise") == "fail":
        field = at.config["until"].get("field", "")
        return Fail(Reason("case.date_is_past" if due else "case.date_is_empty", {"field": field}))
    return Go(at.out)


def go_on(at: At, values: Mapping[str, Any]) -> Go:
    return Go(at.out)


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from check_until(definition, node.config["until"], "/until")


NODE = NodeType(
    "wait",
    {"zh-Hans": "等待", "en": "Wait"},
    {"zh-Hans": "等一段时间，或等到某个日期", "en": "Some time, or until a date"},
    "time",
    "hourglass",
    enter,
    {DUE: go_on},
    config=CONFIG,
    shape=waiting_shape,
    check=check,
    also=("延时", "定时", "挂起", "暂停", "冷静期"),
    rank=35,
    example=Example(
        titles("维修三天后回访", "Three days after the repair the customer is called"),
        (
            task("repair", "维修", "Repair", "engineer"),
            step("later", "wait", "三天后", "Three days", until={"after": {"amount": 3, "unit": "days"}}),
            task("call", "回访", "Call"),
        ),
        ("start>repair", "repair>later", "later>call", "call>end"),
        ("start", "repair", "later"),
        {"status": "running", "waiting": ["call"]},
    ),
)
