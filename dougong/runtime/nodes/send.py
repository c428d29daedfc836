"""Send a message to whichever ticket waits for it, or will (发送消息)."""

from collections.abc import Iterator

from ..config import config_of, setting
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome
from ..reason import Reason
from ._example import Example, entry, step, task, titles
from ._mapping import FIELD, NAME, check_fields, check_formula, formula_setting, rows, worked_out
from ._type import At, NodeType

CONFIG = config_of(
    ("name",),
    name=setting(
        "消息名称", "Name of the message", NAME, widget="message", help=("与等待方相同", "As whoever waits for it calls it")
    ),
    key=formula_setting("关联值", "Whom it is for", ("公式，与等待方算出的相同", "A formula that comes to the same as theirs")),
    body=rows(
        "内容", "What it says", ("带上哪些字段", "The fields that it brings"), field=FIELD, name=setting("名称", "As", NAME)
    ),
)


def enter(at: At) -> Outcome:
    key = worked_out(at, "key")
    if key is None:
        return Fail(Reason("case.no_key"))
    body = {one["name"]: at.case.data.get(one["field"]) for one in at.config.get("body", ())}
    return Go(at.out, effects=(Effect("send_message", {"name": at.config["name"], "key": key, "body": body}),))


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from check_formula(definition, node, "key")
    yield from check_fields(definition, node, "body", written=False)


NODE = NodeType(
    "send",
    {"zh-Hans": "发送消息", "en": "Send a message"},
    {"zh-Hans": "发给正在或将要等待它的工单", "en": "To the ticket that waits for it, or will"},
    "work",
    "send",
    enter,
    config=CONFIG,
    check=check,
    rank=51,
    example=Example(
        titles("配件到货，通知等它的维修单", "The part has come: the repair that waits for it is told"),
        (
            task("arrived", "配件到货", "The part has come"),
            step("tell", "send", "通知维修单", "Tell the repair", name="part_arrived", key="part"),
        ),
        ("start>arrived", "arrived>tell", "tell>end"),
        (["start", {"part": "P-1"}], "arrived"),
        {"status": "done"},
        (entry("part", "text", "配件号", "Part"),),
    ),
)
