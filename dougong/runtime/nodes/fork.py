"""Take every way out at once (并行)."""

from ..outcome import Go
from ..shape import Shape
from ._type import At, NodeType


def enter(at: At) -> Go:
    return Go(at.out)


NODE = NodeType(
    "fork",
    {"zh-Hans": "并行分支", "en": "Parallel branches"},
    {"zh-Hans": "同时走所有分支", "en": "All ways out at once"},
    "routing",
    "git-fork",
    enter,
    ways_out=(2, None),
    shape=lambda definition, node: Shape(split="all"),
    rank=31,
)
