"""Where a way ends. The ticket ends when its last token does."""

from ..config import config_of
from ..outcome import Go
from ._conditions import RESULT
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
    rank=90,
)
