"""Have something to oneself (独占): a device, a technician. Of all tickets one has it at a time, the others wait in order.

It is let go as soon as no token of the ticket stands between this step and the one that lets it go, however that comes about:
done, sent back, moved, cancelled. An incident in between keeps it, for the device is still in use, until an administrator lets
it go.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..config import config_of
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome, Wait
from ..reason import Reason
from ._example import Example, step, task, titles
from ._mapping import check_formula, formula_setting, worked_out
from ._sections import HELD, section, what
from ._type import At, NodeType, waiting_shape

GRANTED: Final = "granted"
CONFIG = config_of(
    ("name",),
    name=what("独占什么", ("例如“吊车”，与“释放”里相同", "A crane for example, as where it is let go")),
    key=formula_setting(
        "哪一个",
        "Which one",
        ("公式，例如设备编号字段；不填则只有一个", "A formula, a device’s number for example; left out: there is one"),
    ),
)  # fmt: skip


def enter(at: At) -> Outcome:
    key = worked_out(at, "key")
    if key is None:
        return Fail(Reason("case.no_key"))
    return Wait(GRANTED, (Effect("hold", {"name": at.config["name"], "key": key}),))


def granted(at: At, values: Mapping[str, Any]) -> Go:
    return Go(at.out, memo={f"{HELD}{at.node.uid}": True})


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    """Whoever has something waits for nothing else: two who have what the other wants would wait for ever."""
    yield from check_formula(definition, node, "key")
    for uid in sorted(section(definition, node.uid)):
        if definition.node[uid].type == node.type:
            yield "", Reason("check.hold_within_hold", {"title": definition.node[uid].title})


NODE = NodeType(
    "hold",
    {"zh-Hans": "独占", "en": "Have to oneself"},
    {
        "zh-Hans": "同一设备或人员一次只给一张工单，其余排队",
        "en": "One ticket at a time has the device or the person; others queue",
    },
    "routing",
    "lock",
    enter,
    {GRANTED: granted},
    config=CONFIG,
    shape=waiting_shape,
    check=check,
    also=("占用", "预约"),
    rank=37,
    example=Example(
        titles("检测台一次只做一台机器", "The test bench takes one machine at a time"),
        (
            step("bench", "hold", "占用检测台", "Have the bench", name="bench"),
            task("test", "检测", "Test", "engineer"),
            step("free", "release", "让出检测台", "Let go of it", name="bench"),
        ),
        ("start>bench", "bench>test", "test>free", "free>end"),
        ("start", "bench"),
        {"status": "running", "waiting": ["test"]},
    ),
)
