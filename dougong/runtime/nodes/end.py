"""Where a way ends. The ticket ends when its last token does."""

from ..config import config_of, setting
from ..outcome import Go
from ._type import At, NodeType

CONFIG = config_of(
    result=setting(
        "结果",
        "Result",
        options={
            "completed": ("已完成", "Completed"),
            "approved": ("已通过", "Approved"),
            "rejected": ("已拒绝", "Rejected"),
            "cancelled": ("已取消", "Cancelled"),
        },
    ),
)


def enter(at: At) -> Go:
    return Go((), result=at.config.get("result", "completed"))


NODE = NodeType(
    "end",
    {"zh-Hans": "结束", "en": "End"},
    {"zh-Hans": "工单到此结束", "en": "The ticket ends here"},
    "ends",
    "flag",
    enter,
    config=CONFIG,
    ways_out=(0, 0),
    rank=90,
)
