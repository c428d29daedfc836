"""What a step may do with each field: hidden, read, write, required."""

from collections.abc import Iterator

from ..config import Schema, setting
from ..definition import Definition, Node
from ..reason import Reason

RIGHT: Schema = {"$ref": "dougong:common#/$defs/right"}
RIGHTS: Schema = setting(
    "字段权限",
    "Field rights",
    help=("“*” 表示其余字段", "“*” is for all other fields"),
    widget="rights",
    type="object",
    maxProperties=300,
    additionalProperties=RIGHT,
    propertyNames={"pattern": "^([a-z][a-z0-9_]{0,39}|[*])$"},
)


def check_rights(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    form = definition.form_of(node)
    for key in node.config.get("rights", {}):
        if key != "*" and form is not None and key not in form.fields:
            yield f"/rights/{key}", Reason("check.no_such_field", {"field": key})
