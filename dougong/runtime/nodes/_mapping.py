"""What goes from a ticket into something else, and what comes back from it into fields: lists of pairs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from marshmallow import ValidationError

from ..config import KEY, UID, Schema, config_of, setting, shaped
from ..definition import Definition, Node
from ..formula import compile_formula
from ..functions import FormulaFault
from ..kept import kept
from ..reason import Reason
from ..values import missing, plain
from ._type import At

NAME: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 40,
    **shaped("^[A-Za-z0-9_.\\-]+$", "只用字母、数字和 _ . -", "letters, digits and _ . - only"),
}  # fmt: skip
POINTER: Final[Schema] = {"type": "string", "maxLength": 200, "pattern": "^[^\\u0000]*$"}
LONGEST_KEY: Final = 200

Wrong = Iterator[tuple[str, Reason]]


class Misfit(Exception):
    """What came back does not fit the field that it is for."""

    def __init__(self, field: str, found: Any) -> None:
        super().__init__(field)
        self.reason = Reason("case.value_does_not_fit", {"field": field, "found": str(found)[:40]})


def rows(zh: str, en: str, help: tuple[str, str], **properties: Schema) -> Schema:
    required = ("uid", *properties)
    return setting(
        zh, en, help=help, type="array", maxItems=50, widget="rows", items=config_of(required, uid=UID, **properties)
    )


FIELD: Final[Schema] = setting("字段", "Field", KEY, widget="field")
FROM: Final[Schema] = setting(
    "取自", "From", POINTER, help=("名称，或 JSON 指针如 /data/id", "A name, or a JSON pointer such as /data/id")
)


def formula_setting(zh: str, en: str, help: tuple[str, str]) -> Schema:
    return setting(zh, en, type="string", maxLength=2000, widget="formula", help=help)


def worked_out(at: At, name: str) -> str | None:
    """The formula in this setting, as text; '' where nothing is set. None: it comes to nothing."""
    formula = at.config.get(name)
    if not formula:
        return ""
    value = compile_formula(formula, at.definition.kinds).value(at.case.data, at.world.now)
    if missing(value):
        return None
    text = plain(value) if hasattr(value, "as_tuple") else str(value)
    return text[:LONGEST_KEY]


def put_into(at: At, pairs: Iterable[Mapping[str, Any]], found: Any) -> dict[str, Any]:
    """Fields from what came back, by name or pointer; what is not there leaves its field alone. Raises Misfit."""
    data: dict[str, Any] = {}
    for one in pairs:
        value = pointed(found, one["from"])
        field = at.definition.field(one["field"])
        if value is None or field is None:
            continue
        try:
            data[field.key] = kept(field, str(value) if isinstance(value, float) else value)
        except (ValidationError, TypeError, ValueError):
            raise Misfit(field.key, value) from None
    return data


def pointed(found: Any, pointer: str) -> Any:
    """The part of a JSON value that a pointer (RFC 6901) means, or the entry of that name; None where there is none."""
    parts = pointer[1:].split("/") if pointer.startswith("/") else [pointer] if pointer else []
    for part in parts:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found.get(name)
        elif isinstance(found, list) and name.isdecimal() and len(name) < 7 and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


def check_fields(definition: Definition, node: Node, name: str, *, written: bool) -> Wrong:
    """The fields of a list of pairs are there, and can be written where they are."""
    for index, one in enumerate(node.config.get(name, ())):
        field = definition.field(one["field"])
        if field is None or (written and field.type.computed):
            yield f"/{name}/{index}/field", Reason("check.no_such_field", {"field": one["field"]})


def check_formula(definition: Definition, node: Node, name: str) -> Wrong:
    formula = node.config.get(name)
    if formula:
        try:
            compile_formula(formula, definition.kinds)
        except FormulaFault as fault:
            yield f"/{name}", fault.reason
