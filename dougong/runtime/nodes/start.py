"""Where every ticket begins: who may file it, and what is asked."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..config import KEY, config_of, setting
from ..definition import Definition, Node
from ..outcome import Go, Outcome, Wait
from ..reason import Reason
from ._example import Example, entry, task, titles
from ._fields import RIGHTS, check_rights, written
from ._giving import ENDS
from ._people import admins, person_principals
from ._schedule import SCHEDULE, check_schedule
from ._type import At, NodeType
from ._verbs import OPEN, open_task

CONFIG = config_of(
    (),
    who=setting(
        "谁可以发起",
        "Who may file it",
        default="members",
        options={"members": ("全体成员", "All members"), "roles": ("指定角色", "Certain roles")},
    ),
    roles=setting("可发起的角色", "Roles that may file it", type="array", maxItems=20, items=KEY, widget="roles"),
    public=setting(
        "客户可通过链接提交",
        "Customers may file it by a link",
        type="boolean",
        help=(
            "无需登录的签名链接；外部系统可经“设置 - 系统对接”的接收地址发起",
            "A signed link, no account needed; other systems file tickets at an address under Settings – Webhooks",
        ),
    ),
    copies=setting(
        "发起人自选抄送人",
        "The initiator sends copies",
        default="no",
        options={
            "no": ("不允许", "no"),
            "filed": ("提交时抄送", "when it is filed"),
            "ended": ("结束后抄送", "when it has ended"),
            "both": ("提交时和结束后都抄送", "both times"),
        },
        help=(
            "提交时在表单下选择，可不选；作废的工单结束后不抄送",
            "Whom is chosen below the form; nothing where it is cancelled",
        ),
    ),
    **SCHEDULE,
    rights=RIGHTS,
)


def enter(at: At) -> Outcome:
    """Passed at once, unless the ticket comes back here: then whoever filed it mends it and submits it again; or it ends."""
    if ENDS in at.token.memo:
        return Go(result=at.token.memo[ENDS])
    if "returned" not in at.token.memo:
        return Go(at.out)
    who = at.case.initiator or ""
    principals = person_principals(at, who.removeprefix("person:")) if who.startswith("person:") else [who]
    return Wait(OPEN, (open_task(at, principals or admins(at)),))


def submitted(at: At, values: Mapping[str, Any]) -> Go:
    return Go(at.out, data=dict(values))


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from check_rights(definition, node)
    yield from check_schedule(node)


NODE = NodeType(
    "start",
    {"zh-Hans": "发起", "en": "Start"},
    {"zh-Hans": "填写表单，发起工单", "en": "Somebody fills the form and files the ticket"},
    "ends",
    "play",
    enter,
    {OPEN: submitted},
    config=CONFIG,
    ways_in=(0, 0),
    writes=written,
    check=check,
    rank=10,
    example=Example(
        titles("客服接待，填写来电事项", "The service desk takes a call and writes down what it is about"),
        (task("handle", "处理", "Handle"),),
        ("start>handle", "handle>end"),
        (["start", {"what": "空调不制冷"}], "handle"),
        {"status": "done", "data": {"what": "空调不制冷"}},
        (entry("what", "text", "来电事项", "What it is about"),),
    ),
)
