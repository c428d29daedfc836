"""Begin a ticket of another workflow, and wait for what comes of it or go on once it has begun (子流程, 发起工单)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..config import KEY, config_of, setting
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome, Wait
from ..reason import Reason
from ._example import Example, step, task, titles
from ._mapping import FIELD, POINTER, Misfit, check_fields, put_into, rows
from ._type import At, NodeType, waiting_shape

SIGNAL: Final = "returned"
BEGUN: Final = "begun"
DEEPEST: Final = 20
OF_IT: Final = setting("对方字段", "Its field", POINTER, widget="called-field")
CONFIG = config_of(
    ("workflow",),
    workflow=setting("流程", "Workflow", KEY, widget="workflow"),
    version=setting(
        "用哪个版本",
        "In which version",
        default="latest",
        options={
            "latest": ("发起时生效的版本", "that in force when it begins"),
            "locked": ("本流程发布时锁定的版本", "that in force when this was published"),
        },
    ),
    then=setting(
        "发起以后",
        "After it has begun",
        default="wait",
        options={
            "wait": ("等它结束再继续", "wait until it has ended"),
            "go_on": ("不等它结束，发起后就继续", "go on as soon as it has begun"),
        },
    ),
    give=rows(
        "带入字段", "Fields to fill in", ("带到对方表单的哪个字段", "Into which fields of its form"),
        field=FIELD, into=setting("对方字段", "Its field", KEY, widget="called-field"),
    ),
    back=rows("带回字段", "Fields to bring back", ("对方结束时带回", "When it has ended"), **{"from": OF_IT}, field=FIELD),
)  # fmt: skip


def enter(at: At) -> Outcome:
    depth = at.case.memo.get("depth", 0) + 1
    if depth > DEEPEST:
        return Fail(Reason("case.too_deep", {"limit": DEEPEST}))
    values = {one["into"]: at.case.data.get(one["field"]) for one in at.config.get("give", ())}
    args = {
        "workflow": at.config["workflow"],
        "locked": at.config.get("version") == "locked",
        "values": values,
        "depth": depth,
        "awaited": at.config.get("then") != "go_on",
    }
    return Wait(SIGNAL if args["awaited"] else BEGUN, (Effect("child", args),))


def begun(at: At, values: Mapping[str, Any]) -> Outcome:
    return Go(at.out)


def returned(at: At, values: Mapping[str, Any]) -> Outcome:
    """`result` of the other ticket and its `data`."""
    try:
        data = put_into(at, at.config.get("back", ()), values.get("data", {}))
    except Misfit as misfit:
        return Fail(misfit.reason)
    return Go(at.ways(str(values.get("result"))) or at.out, data=data)


def refused(at: At, values: Mapping[str, Any]) -> Outcome:
    """It could not begin: `reason`."""
    return Fail(Reason.from_json(values["reason"]))


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from check_fields(definition, node, "give", written=False)
    yield from check_fields(definition, node, "back", written=True)


PARTS = {
    **Example(
        titles("配件申领", "Parts request"), (task("hand", "发放配件", "Hand them out"),), ("start>hand", "hand>end"),
        ("start", "hand"), {"status": "done"},
    ).workflow(),
    "uid": "parts", "key": "parts",
}  # fmt: skip

NODE = NodeType(
    "call",
    {"zh-Hans": "子流程", "en": "Another workflow"},
    {"zh-Hans": "发起另一流程的工单，等它结束或直接继续", "en": "Begin a ticket of another workflow; wait for it, or go on"},
    "work",
    "workflow",
    enter,
    {SIGNAL: returned, BEGUN: begun, "refused": refused},
    config=CONFIG,
    outcomes={
        "rejected": {"zh-Hans": "被拒绝", "en": "Rejected"},
        "cancelled": {"zh-Hans": "被取消", "en": "Cancelled"},
    },
    shape=waiting_shape,
    writes=lambda definition, node: frozenset(one["field"] for one in node.config.get("back", ())),
    check=check,
    also=("关联工单", "转工单"),
    rank=52,
    example=Example(
        titles(
            "维修中途另开配件申领，领到了再继续",
            "Parts are asked for in a ticket of their own; the repair waits for them",
        ),
        (
            step("parts", "call", "配件申领", "Ask for parts", workflow="parts"),
            task("fit", "安装", "Fit them", "engineer"),
        ),
        ("start>parts", "parts>fit", "fit>end"),
        ("start", "parts"),
        {"status": "running", "waiting": ["fit"]},
        refs=(PARTS,),
    ),
)
