"""Wait until a token has come in over every edge, then go on as one (汇合)."""

from ..outcome import Go, Outcome, Wait
from ._type import At, NodeType


def enter(at: At) -> Outcome:
    arrived: dict[str | None, int] = {}
    for token in at.here:  # the earliest of each way in
        arrived.setdefault(token.via, token.id)
    if len(arrived) < len(at.into):
        return Wait("join")
    return Go(at.out, absorb=tuple(arrived.values()))


NODE = NodeType(
    "join",
    {"zh-Hans": "并行汇合", "en": "Join"},
    {"zh-Hans": "等所有分支都到齐再继续", "en": "Waits until all branches have come in"},
    "routing",
    "git-merge",
    enter,
    ways_in=(2, None),
    rank=32,
)
