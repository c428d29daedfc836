"""Where a way ends. The ticket ends when its last token does."""

from ..config import config_of
from ..outcome import Go
from ._conditions import RESULT
from ._example import Example, approval, step, titles, way
from ._type import At, NodeType

CONFIG = config_of(result=RESULT)


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
    also=("关单", "结案", "办结"),
    rank=90,
    example=Example(
        titles("审批通过和不通过各有结束", "An approval that ends in two ways"),
        (
            approval("approve", "审批", "Approve"),
            step("yes", "end", "已通过", "Granted", result="approved"),
            step("no", "end", "未通过", "Refused", result="rejected"),
        ),
        ("start>approve", "approve>yes", way("approve>no", on="rejected")),
        ("start", ["approve", {"opinion": "材料不全"}, {"signal": "reject"}]),
        {"status": "done", "result": "rejected"},
    ),
)
