"""Ask a decision table, and write what comes out into fields of the ticket."""

from collections.abc import Iterator
from typing import Any, Final

from marshmallow import ValidationError

from ..config import KEY, config_of, setting
from ..definition import Definition, Node
from ..form import Field
from ..kept import kept
from ..outcome import Fail, Go, Outcome
from ..reason import Reason
from ..table import Table
from ..values import KIND_TITLES, missing
from ._example import Doc, Example, choices, entry, step, task, titles
from ._tables import BY_KEY, check_inputs, decided
from ._type import At, NodeType

WRITES: Final = {"text": ("text", "choice"), "choice": ("choice", "text"), "choices": ("choices", "text")}  # output -> fields
CONFIG = config_of(
    ("table", "inputs", "outputs"),
    table=setting("决策表", "Decision table", KEY, widget="table"),
    inputs=setting(
        "取值",
        "Inputs",
        BY_KEY,
        help=("决策表的每个条件取自工单的哪个字段", "Which field of the ticket each input of the table takes"),
        widget="table-inputs",
    ),
    outputs=setting(
        "写入",
        "Outputs",
        BY_KEY,
        help=("每个结果写入工单的哪个字段", "Which field of the ticket takes each output"),
        widget="table-outputs",
        minProperties=1,
    ),
)


def enter(at: At) -> Outcome:
    found = decided(at, at.config["table"], at.config["inputs"])
    data = {}
    for name, key in at.config["outputs"].items():
        field, value = at.definition.field(key), found.values.get(name)
        if field is None:
            return Fail(Reason("check.no_such_field", {"field": key}))
        try:
            data[key] = _fitted(field, value)
        except ValidationError:
            return Fail(Reason("case.value_does_not_fit", {"field": key, "found": str(value)[:40]}))
    return Go(at.out, data=data)


def _fitted(field: Field, value: Any) -> Any:
    """A list of values in one line, where the field is a text."""
    if isinstance(value, list) and field.kind in ("text", "choice"):
        value = ", ".join(str(one) for one in value)
    return None if missing(value) else kept(field, value)


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    key = node.config.get("table", "")
    table = definition.tables.get(key)
    if table is None:
        yield "/table", Reason("check.no_such_table", {"table": key})
        return
    yield from check_inputs(definition, table, node.config.get("inputs", {}))
    for name, target in node.config.get("outputs", {}).items():
        field = definition.field(target)
        if name not in table.outputs:
            yield f"/outputs/{name}", Reason("check.no_such_output", {"output": name})
        elif field is None or field.type.computed:
            yield f"/outputs/{name}", Reason("check.no_such_field", {"field": target})
        elif field.kind not in WRITES.get(kind := kind_of(table, name), (kind,)):
            yield f"/outputs/{name}", Reason("check.field_of_kind", {"field": target, "kind": KIND_TITLES[kind]})


def kind_of(table: Table, output: str) -> str:
    """What comes out of it: several texts are like several options, a count is a number."""
    kind = table.outputs[output].kind
    if table.policy == "collect" and table.collect == "count":
        return "number"
    return "choices" if table.lists else kind


def writes(definition: Definition, node: Node) -> frozenset[str]:
    return frozenset(node.config.get("outputs", {}).values())


LINE = entry("line", "choice", "产品线", "Product line", options=choices(ac=("空调", "AC"), heater=("热水器", "Heater")))
ANSWERS = (entry("team", "text", "派给", "Team"), entry("hours", "number", "几小时内", "Within hours"))
DISPATCH: Doc = {
    "format": 1, "uid": "dispatch", "kind": "table", "key": "dispatch", "title": titles("派单", "Dispatch"), "policy": "first",
    "inputs": [LINE], "outputs": list(ANSWERS),
    "rules": [
        {
            "uid": "gas", "when": {"line": [{"operator": "equals", "value": "heater"}]},
            "then": {"team": {"value": "燃气班"}, "hours": {"value": "2"}},
        },
        {"uid": "others", "when": {}, "then": {"team": {"value": "维修班"}, "hours": {"value": "24"}}},
    ],
}  # fmt: skip

NODE = NodeType(
    "decide_by_table",
    {"zh-Hans": "决策表", "en": "Decide by table"},
    {"zh-Hans": "按决策表得出结果，写入字段", "en": "What a decision table says goes into fields"},
    "work",
    "table-2",
    enter,
    config=CONFIG,
    writes=writes,
    check=check,
    also=("分级", "分类", "规则表", "查价"),
    rank=41,
    example=Example(
        titles("按产品线定派给谁、多急", "The product line says who goes, and how soon"),
        (
            step(
                "who",
                "decide_by_table",
                "派给谁",
                "Who goes",
                table="dispatch",
                inputs={"line": "line"},
                outputs={"team": "team", "hours": "hours"},
            ),
            task("visit", "上门", "Visit", "engineer"),
        ),
        ("start>who", "who>visit", "visit>end"),
        (["start", {"line": "heater"}],),
        {"status": "running", "data": {"team": "燃气班", "hours": "2"}},
        (LINE, *ANSWERS),
        (DISPATCH,),
    ),
)
