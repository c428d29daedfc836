"""Price what was done by a settlement, and write its line to the ledger."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..config import KEY, config_of, setting
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Go, Outcome
from ..reason import Reason
from ..settlement import Settlement, line_of, rate, text
from ..settlement.definition import DAY
from ..values import KIND_TITLES, missing
from ._type import At, NodeType

FITS = {"number": ("number",), "date": ("date", "datetime")}
CONFIG = config_of(
    ("settlement", "inputs"),
    settlement=setting("结算表", "Settlement", KEY, widget="settlement"),
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
    amount_field=setting("金额写入字段", "Write the amount to", KEY, widget="field"),
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
    taken = {name: at.case.data.get(field) for name, field in at.config["inputs"].items()}
    values = dict(at.world.ask("line_values", settlement=own.key, values=taken))
    if missing(values.get(own.date)):
        values[own.date] = at.world.now.date().isoformat()
    settlement = _in_force(at, own, values)
    if settlement is None:
        return Fail(Reason("settle.no_version", {"day": str(values[own.date])[:DAY]}))
    if settlement.lines_look_beyond:
        return Fail(Reason("check.line_depends_on_others"))
    rated = rate(settlement, values)
    amount_field = at.config.get("amount_field")
    data = {amount_field: text(rated.amount)} if amount_field else {}
    return Go(at.out, data=data, effects=(Effect("settle", line_of(settlement, values, rated)),))


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
    if settlement.lines_look_beyond:
        yield "/settlement", Reason("check.line_depends_on_others")
    if settlement.partner not in node.config.get("inputs", {}):
        yield "/inputs", Reason("check.input_not_filled", {"input": settlement.partner})
    amount = node.config.get("amount_field")
    if amount and definition.kinds.get(amount) != "number":
        yield "/amount_field", Reason("check.field_of_kind", {"field": amount, "kind": KIND_TITLES["number"]})
    for name, field in node.config.get("inputs", {}).items():
        if name not in settlement.kinds:
            yield f"/inputs/{name}", Reason("check.no_such_input", {"input": name})
        elif field not in definition.kinds:
            yield f"/inputs/{name}", Reason("check.no_such_field", {"field": field})
        elif settlement.kinds[name] in ("number", "date") and definition.kinds[field] not in FITS[settlement.kinds[name]]:
            yield (
                f"/inputs/{name}",
                Reason("check.field_of_kind", {"field": field, "kind": KIND_TITLES[settlement.kinds[name]]}),
            )


def writes(definition: Definition, node: Node) -> frozenset[str]:
    return frozenset(key for key in [node.config.get("amount_field")] if key)


NODE = NodeType(
    "settle",
    {"zh-Hans": "结算", "en": "Settle"},
    {"zh-Hans": "按结算表计价，写入结算明细", "en": "Price it by a settlement and write the line"},
    "work",
    "calculator",
    enter,
    config=CONFIG,
    writes=writes,
    check=check,
    rank=42,
)
