"""What a step may do with each field: hidden, read, write, required."""

from collections.abc import Iterator
from typing import Final

from ..config import Schema, setting
from ..definition import Definition, Node
from ..reason import Reason

FORM: Final = ("表单与字段权限", "Form and field rights")  # the section of the inspector
RIGHT: Schema = {"$ref": "dougong:common#/$defs/right"}
RIGHTS: Schema = setting(
    "字段权限",
    "Field rights",
    help=("没有单独设置的字段，按“其余字段”", "What is not set by itself is as all others are"),
    widget="rights",
    group=FORM,
    type="object",
    maxProperties=300,
    additionalProperties=RIGHT,
    propertyNames={"pattern": "^([a-z][a-z0-9_]{0,39}|[*])$"},
)


def written(definition: Definition, node: Node) -> frozenset[str]:
    """The fields that people may fill in at a step, what a chosen record fills in with them, and what is calculated from it."""
    form = definition.form_of(node)
    if form is None:
        return frozenset()
    rights = definition.rights_of(node)
    typed = {key for key in form.fields if form.right(key, rights) in ("write", "required")}
    brought = {fill["to"] for key in typed for fill in form.fields[key].config.get("fill", ())}
    return frozenset(typed | brought | {key for key, field in form.fields.items() if field.type.computed})


def check_rights(definition: Definition, node: Node) -> Iterator[tuple[str, Reason]]:
    form = definition.form_of(node)
    for key in node.config.get("rights", {}):
        if key != "*" and form is not None and key not in form.fields:
            yield f"/rights/{key}", Reason("check.no_such_field", {"field": key})
