"""Take every way out at once (并行)."""

from ..outcome import Go
from ..shape import Shape
from ._example import Example, step, task, titles
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
    also=("同时", "多部门", "会办"),
    rank=31,
    example=Example(
        titles("投诉同时交给门店和质检", "A complaint goes to the store and to quality control at once"),
        (
            step("both", "fork", "同时处理", "At once"),
            task("store", "门店说明", "The store explains"),
            task("quality", "质检判定", "Quality control judges", "engineer"),
            step("meet", "join", "都完成", "Both are done"),
        ),
        ("start>both", "both>store", "both>quality", "store>meet", "quality>meet", "meet>end"),
        ("start",),
        {"status": "running", "waiting": ["quality", "store"]},
    ),
)
