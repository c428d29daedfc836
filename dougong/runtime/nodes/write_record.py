"""Write into records: a new one of a type, or the one that a field points at, once or for each row of a table.

The host does it (`host/writing.py`) in the transaction in which the ticket hears what came of it: a number is added to what
stands there at that moment, and where one of the records cannot be written none is.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..config import DECIMAL, KEY, UID, config_of, setting
from ..definition import Definition, Node
from ..form import Form
from ..functions import FormulaFault
from ..outcome import Effect, Fail, Go, Outcome, Wait
from ..reason import Reason, Refused
from ..rows import listed
from ..taken import of_writes, remembering
from ..values import KIND_TITLES, identity, missing
from ._example import Doc, Example, entry, step, task, titles
from ._giving import NOT_WRITTEN, SIGNAL
from ._items import OVER, in_row
from ._mapping import Misfit, Wrong
from ._sources import Source, field_at
from ._type import At, NodeType, waiting_shape

NEVER: Final = ("none", "files", "rows")  # the kinds of fields into which no step writes
CONFIG = config_of(
    ("entity", "how", "values"),
    entity=setting("数据表", "Record type", KEY, widget="entity"),
    how=setting(
        "做什么", "What is done", told=True,
        options={"change": ("更改一条数据", "change a record"), "create": ("新增一条数据", "add a record")},
    ),
    over=OVER,
    record=setting(
        "哪一条", "Which record", KEY, widget="record-field", when={"how": ["change"]}, needed=True,
        help=("指向该数据表的“选择数据”字段", "A field in which a record of this type is chosen"),
    ),
    values=setting(
        "写入内容", "What is written", type="array", minItems=1, maxItems=50, widget="record-values",
        items=config_of(
            ("uid", "field", "formula"),
            uid=UID,
            field=setting("字段", "Field", KEY, widget="written-field"),
            how=setting(
                "方式", "How", default="set",
                options={"set": ("设为", "set it to"), "add": ("加上（减少写负数）", "add to it (negative: take away)")},
            ),
            formula=setting(
                "公式", "Formula", type="string", maxLength=2000, widget="formula",
                help=("取自工单字段；单写一个字段则原样带入", "From the ticket’s fields; one field alone is taken as it is"),
            ),
            at_least=setting(
                "不得低于", "No less than", DECIMAL, when={"how": ["add"]},
                help=("低于它则什么都不写，走“被拒绝”分支", "Below it nothing is written, and the way out is “Refused”"),
            ),
        ),
    ),
    into=setting(
        "新数据记入字段", "Put the new record into", KEY, widget="record-field", when={"how": ["create"]},
        help=("工单里指向该数据表的字段", "A field of the ticket for records of this type"),
    ),
)  # fmt: skip


def enter(at: At) -> Outcome:
    type = at.definition.entities.get(at.config["entity"])
    if type is None:
        return Fail(Reason("check.no_such_entity", {"entity": at.config["entity"]}))
    over = at.config.get("over")
    seen = [in_row(at, {"item": row}) for row in listed(at.case.data.get(over))] if over else [at]
    try:
        writes = [_write(one, type) for one in seen]
    except (Misfit, Refused) as stopped:
        return Fail(stopped.reason)
    if not writes:
        return Go(at.out)
    return Wait(SIGNAL, (Effect("write_record", {"entity": type.key, "writes": writes}),), memo={"adds": of_writes(writes)})


def _write(at: At, type: Form) -> dict[str, Any]:
    """What is done to one record: {"record": {"id", "title"} or None for a new one, "set", "add", "least"}."""
    done: dict[str, Any] = {"record": _record(at), "set": {}, "add": {}, "least": {}}
    for one in at.config["values"]:
        field = type.fields.get(one["field"])
        if field is None:
            raise Refused("check.no_such_field", field=one["field"])
        source = Source.of(at.definition, at.node, one["formula"])
        if one.get("how") != "add":
            done["set"][field.key] = source.fitted(at, field)
            continue
        done["add"][field.key] = source.amount(at, field)
        if "at_least" in one:
            done["least"][field.key] = one["at_least"]
    return done


def _record(at: At) -> dict[str, str] | None:
    if at.config["how"] == "create":
        return None
    key = at.config["record"]
    value = at.case.data.get(key)
    if missing(value):
        field = field_at(at.definition, at.node, key)
        raise Refused("write.no_record", field=field.title if field else key)
    return {"id": identity(value), "title": str(value.get("title", "")) if isinstance(value, Mapping) else ""}


def written(at: At, values: Mapping[str, Any]) -> Go:
    """`records`: those that were written, in the order of the rows."""
    into, records = at.config.get("into"), values.get("records")
    mine = {"node": at.node.uid, "token": at.token.id, "entity": at.config["entity"], "adds": at.token.memo.get("adds", {})}
    at.case.memo = remembering(at.case.memo, [mine])
    return Go(at.out, data={into: records[0]} if into and records else {})


def not_written(at: At, values: Mapping[str, Any]) -> Outcome:
    """`reason`; `refused`: the values are at fault, not the drawing."""
    way = at.ways("refused") if values.get("refused") else ()
    return Go(way) if way else Fail(Reason.from_json(values["reason"]))


def check(definition: Definition, node: Node) -> Wrong:
    key = node.config["entity"]
    type = definition.entities.get(key)
    if type is None:
        yield "/entity", Reason("check.no_such_entity", {"entity": key})
        return
    yield from _check_records(definition, node, type)
    for index, one in enumerate(node.config["values"]):
        yield from _check_value(definition, node, type, one, f"/values/{index}")
    for field, count in Counter(one["field"] for one in node.config["values"]).items():
        if count > 1:
            yield "/values", Reason("check.written_twice", {"field": _title(type, field)})
    if node.config["how"] == "create":
        yield from _check_complete(node, type)


def _check_records(definition: Definition, node: Node, type: Form) -> Wrong:
    config, row = node.config, definition.row_of(node)
    if config.get("over") and row is None:
        yield "/over", Reason("check.field_of_kind", {"field": config["over"], "kind": KIND_TITLES["rows"]})
    name = "record" if config["how"] == "change" else "into"
    key = config.get(name)
    if key is None:
        if name == "record":
            yield "/record", Reason("check.write_which")
        return
    field = field_at(definition, node, key)
    if field is None or field.kind != "record" or field.config.get("entity") != type.key:
        yield f"/{name}", Reason("check.not_of_this_type", {"field": key, "type": type.title})
    elif name == "into" and row is not None:
        yield "/into", Reason("check.one_field_for_many")


def _check_value(definition: Definition, node: Node, type: Form, one: Mapping[str, Any], where: str) -> Wrong:
    field, source = type.fields.get(one["field"]), Source.of(definition, node, one["formula"])
    adds = one.get("how") == "add"
    if field is None or field.type.computed or field.kind in NEVER:
        yield f"{where}/field", Reason("check.not_in_type", {"field": one["field"], "type": type.title})
        return
    if adds and field.kind != "number":
        yield f"{where}/how", Reason("check.adds_to_numbers", {"field": field.title})
    try:
        if not source.fits(field):
            yield f"{where}/formula", Reason("check.written_kind", {"field": field.title, "kind": KIND_TITLES[field.kind]})
    except FormulaFault as fault:
        yield f"{where}/formula", fault.reason


def _check_complete(node: Node, type: Form) -> Iterator[tuple[str, Reason]]:
    """Of a new record, what must be filled in whatever else is."""
    given = {one["field"] for one in node.config["values"]}
    conditional = {section.uid for section in type.sections if section.visible_when}
    for field in type.fields.values():
        free = field.visible_when or field.section in conditional or field.type.computed or not missing(field.default)
        if field.required and not free and field.key not in given:
            yield "/values", Reason("check.write_lacks", {"field": field.title})


def _title(type: Form, key: str) -> Any:
    return type.fields[key].title if key in type.fields else key


PART: Doc = {
    "format": 1, "uid": "part", "kind": "entity", "key": "part", "title": titles("配件", "Part"),
    "sections": [{"uid": "s", "fields": [entry("name", "text", "名称", "Name"), entry("stock", "number", "库存", "In stock")]}],
}  # fmt: skip

LESS = {"uid": "v", "field": "stock", "how": "add", "formula": "-1", "at_least": "0"}
TAKE = step("take", "write_record", "扣库存", "Take it from stock", entity="part", how="change", record="part", values=[LESS])

NODE = NodeType(
    "write_record",
    {"zh-Hans": "写入数据", "en": "Write a record"},
    {
        "zh-Hans": "新增或更改数据表里的数据，如扣减库存、登记客户",
        "en": "Add or change a record: take a part from stock, keep a customer",
    },
    "work",
    "database",
    enter,
    {SIGNAL: written, NOT_WRITTEN: not_written},
    config=CONFIG,
    outcomes={"refused": {"zh-Hans": "被拒绝", "en": "Refused"}},
    shape=waiting_shape,
    writes=lambda definition, node: frozenset(key for key in [node.config.get("into")] if key),
    takes=True,
    check=check,
    also=("备件", "出库", "入库", "客户档案", "新增记录", "修改记录"),
    rank=43,
    example=Example(
        titles("领一件配件，库存减一", "A part is taken: one less in stock"),
        (
            TAKE,
            task("fit", "安装", "Fit it", "engineer"),
        ),
        ("start>take", "take>fit", "fit>end"),
        (["start", {"part": "board"}], "take"),
        {"status": "running", "waiting": ["fit"]},
        (entry("part", "record", "配件", "Part", entity="part"),),
        (PART,),
    ),
)
