"""Where everything ends at once, whatever else is still under way (终止)."""

from ..config import config_of
from ..outcome import Go
from ..shape import Shape
from ._conditions import RESULT
from ._example import Example, step, task, titles
from ._type import At, NodeType

CONFIG = config_of(result=RESULT | {"x-drawn": "terminated"})


def enter(at: At) -> Go:
    return Go(everything=True, result=at.config.get("result", "completed"))


NODE = NodeType(
    "terminate",
    {"zh-Hans": "终止", "en": "End everything"},
    {"zh-Hans": "整个工单立即结束，其余分支取消", "en": "The whole ticket ends at once; all that is under way is cancelled"},
    "ends",
    "circle-stop",
    enter,
    config=CONFIG,
    ways_out=(0, 0),
    shape=lambda definition, node: Shape(ends_all=True),
    rank=91,
    example=Example(
        titles("门店已和解，其余部门不用再查", "The store has settled it: the others need not go on"),
        (
            step("both", "fork", "同时处理", "At once"),
            task("settled", "门店和解", "The store settles it"),
            task("check", "质检调查", "Quality control looks into it", "engineer"),
            step("over", "terminate", "到此为止", "Over", result="completed"),
        ),
        ("start>both", "both>settled", "both>check", "settled>over", "check>end"),
        ("start", "settled"),
        {"status": "done", "result": "completed"},
    ),
)
