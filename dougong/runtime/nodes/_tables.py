"""What steps ask of a decision table: its inputs from fields of the ticket, its outputs by key."""

from collections.abc import Iterator, Mapping
from typing import Final

from ..config import KEY, Schema
from ..definition import Definition
from ..reason import Reason
from ..table import Decision, Table, TableFault
from ..values import KIND_TITLES
from ._type import At

BY_KEY: Final[Schema] = {
    "type": "object",
    "maxProperties": 30,
    "additionalProperties": KEY,
    "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,39}$"},
}
READS: Final = {"text": ("text", "choice"), "choice": ("choice", "text"), "date": ("date", "datetime")}  # input -> fields

Wrong = Iterator[tuple[str, Reason]]


def decided(at: At, key: str, inputs: Mapping[str, str]) -> Decision:
    """Notes which rules hit. Raises what becomes an incident: no such table, no hit, several, a value of another kind."""
    table = at.definition.tables.get(key)
    if table is None:
        raise TableFault("check.no_such_table", table=key)
    found = table.decide({name: at.case.data.get(field) for name, field in inputs.items()}, at.world.now)
    rows, fields = [table.uids.index(uid) + 1 for uid in table.deciding(found)], sorted(inputs.values())
    at.world.note("decided", node=at.node.uid, table=key, version=table.version, rows=rows, fields=fields)
    return found


def check_inputs(definition: Definition, table: Table, inputs: Mapping[str, str]) -> Wrong:
    for name, field in inputs.items():
        if name not in table.inputs:
            yield f"/inputs/{name}", Reason("check.no_such_table_input", {"input": name})
        elif field not in definition.kinds:
            yield f"/inputs/{name}", Reason("check.no_such_field", {"field": field})
        elif definition.kinds[field] not in READS.get(kind := table.inputs[name].kind, (kind,)):
            yield f"/inputs/{name}", Reason("check.field_of_kind", {"field": field, "kind": KIND_TITLES[kind]})
    for name, one in table.inputs.items():
        if one.required and name not in inputs:
            yield "/inputs", Reason("check.table_input_not_filled", {"input": name})
