"""Wait for a message, by its name and whom it is for (等待消息). One that came before is kept until it is waited for."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..config import config_of, setting
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome, Wait
from ..reason import Reason
from ._example import Example, entry, step, task, titles
from ._mapping import FIELD, FROM, NAME, Misfit, check_fields, check_formula, formula_setting, put_into, rows, worked_out
from ._type import At, NodeType, waiting_shape

SIGNAL: Final = "message"
CONFIG = config_of(
    ("name",),
    name=setting(
        "消息名称", "Name of the message", NAME, widget="message", help=("例如 payment_done", "payment_done for example")
    ),
    key=formula_setting(
        "关联值",
        "Whom it is for",
        ("公式，例如订单号字段；不填则任何一条都收", "A formula, an order’s number for example; left out: any"),
    ),
    into=rows("写入字段", "Into fields", ("消息里的内容写到哪里", "What the message brings"), **{"from": FROM}, field=FIELD),
)


def enter(at: At) -> Outcome:
    key = worked_out(at, "key")
    if key is None:
        return Fail(Reason("case.no_key"))
    return Wait(SIGNAL, (Effect("await", {"name": at.config["name"], "key": key}),))


def came(at: At, values: Mapping[str, Any]) -> Outcome:
    """`body`: what the message says."""
    try:
        return Go(at.out, data=put_into(at, at.config.get("into", ()), values.get("body", {})))
    except Misfit as misfit:
        return Fail(misfit.reason)


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    yield from check_formula(definition, node, "key")
    yield from check_fields(definition, node, "into", written=True)


NODE = NodeType(
    "receive",
    {"zh-Hans": "等待消息", "en": "Await a message"},
    {"zh-Hans": "等另一张工单或外部系统发来消息", "en": "Waits for a message from another ticket or from outside"},
    "work",
    "mail-open",
    enter,
    {SIGNAL: came},
    config=CONFIG,
    shape=waiting_shape,
    writes=lambda definition, node: frozenset(one["field"] for one in node.config.get("into", ())),
    check=check,
    also=("回调", "webhook"),
    rank=50,
    example=Example(
        titles("等支付系统来消息再发货", "Goods are sent once the payment system says so"),
        (
            step(
                "paid",
                "receive",
                "等付款",
                "Await the payment",
                name="paid",
                key="order",
                into=[{"uid": "i", "from": "sum", "field": "sum"}],
            ),
            task("ship", "发货", "Ship"),
        ),
        ("start>paid", "paid>ship", "ship>end"),
        (["start", {"order": "SO-1"}], ["paid", {"body": {"sum": "99"}}]),
        {"status": "running", "waiting": ["ship"], "data": {"sum": "99"}},
        (entry("order", "text", "订单号", "Order"), entry("sum", "number", "实付", "Paid")),
    ),
)
