"""Price what was done by a settlement, and write its line to the ledger; or a line for each row of a table."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..config import KEY, config_of, setting
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome
from ..reason import Reason, Refused
from ..rows import followed, listed
from ..settlement import Counting, Settlement, SettlementFault, text
from ..settlement.definition import DAY
from ..taken import remembering
from ..values import KIND_TITLES, missing
from ._example import Doc, Example, entry, step, task, titles
from ._items import OVER, in_row
from ._type import At, NodeType

FITS = {"number": ("number",), "date": ("date", "datetime")}
CONFIG = config_of(
    ("settlement", "inputs"),
    settlement=setting("结算表", "Settlement", KEY, widget="settlement"),
    over=OVER,
    inputs=setting(
        "取值",
        "Inputs",
        help=("结算表的每一列取自工单的哪个字段", "Which field of the ticket each column of the settlement takes"),
        widget="inputs",
        type="object",
        maxProperties=60,
        additionalProperties=KEY,
        propertyNames={"pattern": "^[a-z][a-z0-9_]{0,39}$"},
    ),
    amount_field=setting(
        "金额写入字段",
        "Write the amount to",
        KEY,
        widget="row-field",
        help=(
            "逐行时：子表单的列记该行金额，工单的字段记合计",
            "Row by row: a column takes its row’s amount, a field what all come to",
        ),
    ),
    version=setting(
        "用结算表的哪一版",
        "Version of the settlement",
        default="date",
        options={
            "date": ("业务日期当天有效的版本", "The one valid on the business date"),
            "pinned": ("工单开始时的版本", "The one the ticket began with"),
        },
    ),
)


def enter(at: At) -> Outcome:
    own = at.definition.settlements.get(at.config["settlement"])
    if own is None:
        return Fail(Reason("check.no_such_settlement", {"settlement": at.config["settlement"]}))
    try:
        lines = _lines(at, own)
        data = _amounts(at, lines)
    except Refused as stopped:
        return Fail(stopped.reason)
    at.world.settled += lines
    mine = {"node": at.node.uid, "token": at.token.id, "first": at.token.id}
    at.case.memo = remembering(at.case.memo, [mine] if lines else [])
    return Go(at.out, data=data, effects=tuple(Effect("settle", line) for line in lines))


def _lines(at: At, own: Settlement) -> list[dict[str, Any]]:
    """Each after those before it. Raises Refused, SettlementFault."""
    counting = Counting(at.world.ask, (line for line in at.world.settled if line["settlement"] == own.key))
    over = at.config.get("over")
    if over is None:
        return [_line(at, own, counting)]
    rows = enumerate(listed(at.case.data.get(over)), 1)
    return [{**_of_row(at, own, row, number, counting), "row": number} for number, row in rows]


def _of_row(at: At, own: Settlement, row: Mapping[str, Any], number: int, counting: Counting) -> dict[str, Any]:
    """What is wrong is said with the number of its row."""
    try:
        return _line(in_row(at, {"item": row}), own, counting)
    except (Refused, SettlementFault) as wrong:
        raise Refused("settle.row", row=number, reason=wrong.reason.to_json()) from None


def _line(at: At, own: Settlement, counting: Counting) -> dict[str, Any]:
    """As the ledger takes it. Raises Refused, SettlementFault."""
    taken = {name: at.case.data.get(field) for name, field in at.config["inputs"].items()}
    values = dict(at.world.ask("line_values", settlement=own.key, values=taken))
    if missing(values.get(own.date)):
        values[own.date] = at.world.now.date().isoformat()
    settlement = _in_force(at, own, values)
    if settlement is None:
        raise Refused("settle.no_version", day=str(values[own.date])[:DAY])
    try:
        return counting.line(settlement, values)
    except SettlementFault as fault:
        told = settlement.called(fault)
        raise SettlementFault(told.code, **told.params) from None


def _amounts(at: At, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is written into the ticket: the amount of each row into its column, or what all come to. Raises Refused."""
    field = at.config.get("amount_field")
    if not field:
        return {}
    columns = at.definition.row_of(at.node)
    if columns is not None and field in columns.fields:
        over = at.config["over"]
        priced = zip(listed(at.case.data.get(over)), lines, strict=True)
        rows = [{**row, field: line["amount"]} for row, line in priced]
        return {over: followed(columns, rows, at.case.data, at.world.now)}
    currencies = sorted({line["currency"] for line in lines})
    if len(currencies) > 1:
        raise Refused("settle.several_currencies", currencies=", ".join(currencies))
    return {field: text(sum((Decimal(line["amount"]) for line in lines), Decimal(0)))}


def _in_force(at: At, own: Settlement, values: Mapping[str, Any]) -> Settlement | None:
    """The version for the business date; the ticket's own where the step says so, or no other is known of (in a story)."""
    if at.config.get("version") == "pinned" or at.world.versions is None:
        return own
    day = own.day_of(values)
    found = at.world.ask("settlement_on", settlement=own.key, day=day and day.isoformat(), own=own.version)
    return at.world.versions(own.key, found["version"])


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    key = node.config.get("settlement", "")
    settlement = definition.settlements.get(key)
    if settlement is None:
        yield "/settlement", Reason("check.no_such_settlement", {"settlement": key})
        return
    if settlement.lines_look_ahead:
        yield "/settlement", Reason("settle.line_depends_on_others")
    if settlement.partner not in node.config.get("inputs", {}):
        yield "/inputs", Reason("check.input_not_filled", {"input": settlement.partner})
    kinds, over = definition.kinds_at(node), node.config.get("over")
    if over and definition.row_of(node) is None:
        yield "/over", Reason("check.field_of_kind", {"field": over, "kind": KIND_TITLES["rows"]})
    amount = node.config.get("amount_field")
    if amount and kinds.get(amount) != "number":
        yield "/amount_field", Reason("check.field_of_kind", {"field": amount, "kind": KIND_TITLES["number"]})
    for name, field in node.config.get("inputs", {}).items():
        if name not in settlement.kinds:
            yield f"/inputs/{name}", Reason("check.no_such_input", {"input": name})
        elif field not in kinds:
            yield f"/inputs/{name}", Reason("check.no_such_field", {"field": field})
        elif settlement.kinds[name] in ("number", "date") and kinds[field] not in FITS[settlement.kinds[name]]:
            yield (
                f"/inputs/{name}",
                Reason("check.field_of_kind", {"field": field, "kind": KIND_TITLES[settlement.kinds[name]]}),
            )


def writes(definition: Definition, node: Node) -> frozenset[str]:
    field, row = node.config.get("amount_field"), definition.row_of(node)
    if row is not None and field in row.fields:
        field = node.config["over"]
    return frozenset([field] if field else [])


ASKED = (
    entry("point", "text", "服务商", "Service point"),
    entry("done", "date", "完工日", "Done on"),
    entry("price", "number", "收费", "Price"),
)
FEES: Doc = {
    "format": 1, "uid": "fees", "kind": "settlement", "key": "fees", "title": titles("维修费", "Repair fees"),
    "partner": "point", "date": "done", "currency": "CNY", "inputs": list(ASKED),
    "line": {
        "dimensions": [],
        "rules": [{"uid": "r", "when": {}, "charge": {"model": "percentage", "measure": {"sum": "price"}, "percent": "80"}}],
    },
}  # fmt: skip

NODE = NodeType(
    "settle",
    {"zh-Hans": "结算", "en": "Settle"},
    {"zh-Hans": "按结算表计价，写入结算明细", "en": "Price it by a settlement and write the line"},
    "work",
    "calculator",
    enter,
    config=CONFIG,
    writes=writes,
    takes=True,
    check=check,
    also=("分润", "提成", "返利", "分账", "佣金"),
    rank=42,
    example=Example(
        titles("维修完工，给服务商计维修费", "A repair is done: the service point is paid its fee"),
        (
            task("repair", "维修", "Repair", "engineer"),
            step(
                "fee",
                "settle",
                "计维修费",
                "Price it",
                settlement="fees",
                amount_field="fee",
                inputs={"point": "point", "done": "done", "price": "price"},
            ),
        ),
        ("start>repair", "repair>fee", "fee>end"),
        (["start", {"point": "南山服务点", "done": "2026-01-05", "price": "200"}], "repair"),
        {"status": "done", "data": {"fee": "160.00"}},
        (*ASKED, entry("fee", "number", "维修费", "Fee")),
        (FEES,),
    ),
)
