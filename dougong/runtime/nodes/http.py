"""Ask another system, over a connection of the tenant, and take its answer into fields (HTTP 调用)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..config import KEY, config_of, setting, shaped
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome, Wait
from ..reason import Reason
from ..template import fields_of, filled
from ._example import Example, entry, step, task, titles
from ._mapping import FIELD, FROM, Misfit, check_fields, put_into, rows
from ._type import At, NodeType, waiting_shape

SIGNAL: Final = "answer"
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
CONFIG = config_of(
    ("connection", "path"),
    connection=setting(
        "连接", "Connection", KEY, widget="connection",
        help=("在“设置 - 连接”里的标识", "Its key, as set under “Connections”"),
    ),
    method=setting(
        "方法", "Method", default="POST", options={one: (one, one) for one in ("POST", "GET", "PUT", "PATCH", "DELETE")}
    ),
    path=setting(
        "路径", "Path", type="string", maxLength=500,
        **shaped("^/[^\\s]*$", "以 / 开头，不含空格", "beginning with /, without blanks"),
        help=("以 / 开头，可用 {字段}", "Begins with /; {field} puts a value in"),
    ),
    body=setting(
        "内容（JSON）", "Body (JSON)", type="string", maxLength=10000, widget="json",
        help=("可用 {字段}，不加引号", "{field} puts a value in, without quotes around it"),
    ),
    seconds=setting("最多等几秒", "Seconds to wait", type="integer", minimum=1, maximum=60),
    tries=setting("最多试几次", "How many tries", type="integer", minimum=1, maximum=8),
    into=rows("写入字段", "Into fields", ("回答里的内容写到哪里", "What the answer brings"), **{"from": FROM}, field=FIELD),
)  # fmt: skip


def enter(at: At) -> Outcome:
    path = filled(at.config["path"], at.case.data, lambda _, value: _quoted(_plain(value)))
    body = filled_json(at.config.get("body", ""), at.case.data)
    args = {
        "connection": at.config["connection"],
        "method": at.config.get("method", "POST"),
        "path": path,
        "body": body,
        "seconds": at.config.get("seconds", 10),
        "tries": at.config.get("tries", 3),
        "reads": bool(at.config.get("into")),
    }
    return Wait(SIGNAL, (Effect("call", args),))


def filled_json(template: str, data: Mapping[str, Any]) -> str:
    """Every gap as JSON; what has not been filled in is null."""
    known = {key: data.get(key) for key in fields_of(template)}
    wrapped = {key: [value] for key, value in known.items()}  # so that nothing counts as missing
    return filled(template, wrapped, lambda _, value: json.dumps(value[0], ensure_ascii=False))


def _quoted(text: str) -> str:
    """A value as a part of a path: all but letters, digits and - . _ ~ in per cent (RFC 3986)."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def _plain(value: Any) -> str:
    return str(value.get("id", "")) if isinstance(value, dict) else str(value)


def answered(at: At, values: Mapping[str, Any]) -> Outcome:
    """`body`: what was answered, read as JSON."""
    try:
        return Go(at.out, data=put_into(at, at.config.get("into", ()), values.get("body")))
    except Misfit as misfit:
        return Fail(misfit.reason)


def failed(at: At, values: Mapping[str, Any]) -> Outcome:
    """After so many tries: the way that is drawn for it, or an incident with the `reason`."""
    way = at.ways("failed")
    return Go(way) if way else Fail(Reason.from_json(values["reason"]))


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    config = node.config
    for name in ("path", "body"):
        for key in fields_of(config.get(name, "")):
            if key not in definition.kinds:
                yield f"/{name}", Reason("check.no_such_field", {"field": key})
    if config.get("body"):
        try:
            json.loads(filled_json(config["body"], {}))
        except (ValueError, RecursionError):
            yield "/body", Reason("check.no_json")
    yield from check_fields(definition, node, "into", written=True)


NODE = NodeType(
    "http",
    {"zh-Hans": "HTTP 调用", "en": "HTTP call"},
    {"zh-Hans": "调用外部系统的接口，回答写入字段", "en": "Ask another system, and take its answer into fields"},
    "work",
    "globe",
    enter,
    {SIGNAL: answered, "failed": failed},
    config=CONFIG,
    outcomes={"failed": {"zh-Hans": "调用失败", "en": "Failed"}},
    shape=waiting_shape,
    writes=lambda definition, node: frozenset(one["field"] for one in node.config.get("into", ())),
    check=check,
    also=("接口", "ERP", "API", "webhook", "系统对接", "集成"),
    rank=53,
    example=Example(
        titles("向物流系统查签收", "Ask the carrier whether it has arrived"),
        (
            step(
                "ask",
                "http",
                "查物流",
                "Ask the carrier",
                connection="carrier",
                path="/orders/{order}",
                into=[{"uid": "i", "from": "signed", "field": "signed"}],
            ),
            task("call", "回访", "Call"),
        ),
        ("start>ask", "ask>call", "call>end"),
        (["start", {"order": "SO-1"}], ["ask", {"body": {"signed": "是"}}]),
        {"status": "running", "waiting": ["call"], "data": {"signed": "是"}},
        (entry("order", "text", "订单号", "Order"), entry("signed", "text", "已签收", "Arrived")),
    ),
)
