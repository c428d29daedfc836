"""Tell people, in the page, and go on without waiting; or send them a copy of the ticket (抄送)."""

from collections.abc import Iterator

from ..config import TEXT, config_of, setting
from ..definition import Definition, Node
from ..outcome import Effect, Go
from ..reason import Reason
from ..template import fields_of
from ._example import Example, step, task, titles
from ._people import PEOPLE, check_node_people, people
from ._type import At, NodeType

CONFIG = config_of(
    ("to", "text"),
    to=setting("通知谁", "Whom", PEOPLE, widget="people"),
    text=setting("内容", "Text", TEXT, widget="template", help=("可用 {字段} 插入内容", "{field} puts a value in")),
    copy=setting(
        "同时抄送工单",
        "Send a copy of the ticket too",
        type="boolean",
        help=("收件人可在“抄送我的”看到工单", "It appears in their “CC’d to me”"),
    ),
)


def enter(at: At) -> Go:
    templates = at.config["text"].items()
    text = {tag: at.definition.worded(words, at.case.data, tag, at.world.names) for tag, words in templates}
    args = {"principals": people(at, at.config["to"]), "text": text, "copy": at.config.get("copy", False)}
    return Go(at.out, effects=(Effect("notify", args),))


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from check_node_people(definition, node)
    for language, words in node.config.get("text", {}).items():
        for key in fields_of(words):
            if key not in definition.kinds:
                yield f"/text/{language}", Reason("check.no_such_field", {"field": key})


NODE = NodeType(
    "notify",
    {"zh-Hans": "通知/抄送", "en": "Notify"},
    {"zh-Hans": "发站内通知，可抄送工单", "en": "A notice in the page; a copy of the ticket if wanted"},
    "people",
    "bell",
    enter,
    config=CONFIG,
    check=check,
    also=("短信", "企业微信", "钉钉", "飞书", "邮件", "提醒", "消息", "知会"),
    rank=41,
    example=Example(
        titles("受理后告诉发起人", "Whoever began it is told that it is being done"),
        (
            step(
                "tell",
                "notify",
                "告知已受理",
                "Tell",
                to={"by": "initiator"},
                text=titles("您的工单已受理", "Your ticket is being worked on"),
            ),
            task("handle", "处理", "Handle"),
        ),
        ("start>tell", "tell>handle", "handle>end"),
        ("start",),
        {"status": "running", "visited": ["start", "tell", "handle"]},
    ),
)
