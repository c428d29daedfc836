"""Fill fields by formula, without a person."""

from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError

from ..config import KEY, UID, config_of, setting
from ..definition import Definition, Node
from ..formula import compile_formula
from ..functions import FormulaFault
from ..kept import kept
from ..outcome import Fail, Go, Outcome
from ..reason import Reason
from ._example import Example, entry, step, task, titles
from ._type import At, NodeType

CONFIG = config_of(
    ("fields",),
    fields=setting(
        "赋值",
        "Set",
        type="array",
        minItems=1,
        maxItems=50,
        widget="assignments",
        items=config_of(
            ("uid", "field", "formula"),
            uid=UID,
            field=setting("字段", "Field", KEY, widget="field"),
            formula=setting("公式", "Formula", type="string", maxLength=2000, widget="formula"),
        ),
    ),
)


def enter(at: At) -> Outcome:
    """In their order; one may use what those before it have set."""
    found: dict[str, Any] = {}
    for one in at.config["fields"]:
        field = at.definition.field(one["field"])
        if field is None:
            return Fail(Reason("check.no_such_field", {"field": one["field"]}))
        formula = compile_formula(one["formula"], at.definition.kinds)
        data = {**at.case.data, **found}
        value = (formula.words if field.kind == "text" else formula.value)(data, at.world.now)
        try:
            found[field.key] = _entitled(kept(field, value), formula.words(data, at.world.now))
        except ValidationError:
            return Fail(Reason("case.value_does_not_fit", {"field": field.key, "found": str(value)[:40]}))
    return Go(at.out, data=found)


def _entitled(value: Any, words: Any) -> Any:
    """What points at somebody or something takes along what that is called."""
    points = isinstance(value, dict) and "title" in value and words != value["id"]
    return {**value, "title": words} if points else value


def check(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    for index, one in enumerate(node.config.get("fields", ())):
        field = definition.field(one["field"])
        if field is None or field.type.computed:
            yield f"/fields/{index}/field", Reason("check.no_such_field", {"field": one["field"]})
        try:
            compile_formula(one["formula"], definition.kinds)
        except FormulaFault as fault:
            yield f"/fields/{index}/formula", fault.reason


def writes(definition: Definition, node: Node) -> frozenset[str]:
    return frozenset(one["field"] for one in node.config.get("fields", ()))


NODE = NodeType(
    "set",
    {"zh-Hans": "赋值", "en": "Set fields"},
    {"zh-Hans": "用公式自动填写字段", "en": "Fill fields by formula"},
    "work",
    "pencil-line",
    enter,
    config=CONFIG,
    writes=writes,
    check=check,
    also=("计算", "公式"),
    rank=40,
    example=Example(
        titles("上门费加配件费，算出合计", "What the visit and the parts come to"),
        (
            step(
                "sum",
                "set",
                "算合计",
                "Add up",
                fields=[{"uid": "sum", "field": "total", "formula": "visit + parts"}],
            ),
            task("charge", "收费", "Charge"),
        ),
        ("start>sum", "sum>charge", "charge>end"),
        (["start", {"visit": "50", "parts": "180.5"}],),
        {"status": "running", "data": {"total": "230.5"}},
        (
            entry("visit", "number", "上门费", "Visit"),
            entry("parts", "number", "配件费", "Parts"),
            entry("total", "number", "合计", "Total"),
        ),
    ),
)
