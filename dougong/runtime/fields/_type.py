"""What a field type is, and the few parts that several of them share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from marshmallow import ValidationError, validate
from marshmallow.fields import Field as Loader

from ..config import setting
from ..texts import pick
from ..values import number

Config = Mapping[str, Any]
Getlist = Callable[[str], list[str]]


class Names(Protocol):
    """Names that the values of a field do not carry themselves."""

    def region(self, code: str, language: str) -> str: ...


class Codes:
    """Where nobody knows the names: the codes themselves."""

    def region(self, code: str, language: str) -> str:
        return code


def one(getlist: Getlist, name: str) -> Any:
    """What a browser sent for a plain input: its last value, or None."""
    return next(reversed(getlist(name)), None)


def plainly(value: Any, config: Config, language: str, names: Names) -> str:
    return str(value)


@dataclass(frozen=True)
class FieldType:
    """A kind of input.

    `kind`   what its value is compared as (`values.KINDS`); "none" holds no value.
    `make`   the marshmallow field that loads what was typed; its error messages are codes of the message catalogue.
    `keep`   from the loaded value to JSON (a decimal string, an ISO date).
    `gather` from a browser's form data to what `make` loads.
    `show`   a value in words.
    `standard` the limits that hold where the config names none: the sentence of a refusal names them.
    `computed` fields are never typed in. `cell`: it may be a column of a table. `unseen`: whatever a step
    may do, nobody sees it.
    """

    name: str
    title: dict[str, str]
    help: dict[str, str]
    kind: str
    make: Callable[[Config], Loader[Any]]
    config: dict[str, Any] = field(default_factory=lambda: {"type": "object", "additionalProperties": False})
    group: str = "basic"
    icon: str = "type"
    keep: Callable[[Any, Config], Any] = lambda value, config: value
    gather: Callable[[Getlist, str], Any] = one
    show: Callable[[Any, Config, str, Names], str] = plainly
    standard: Config = field(default_factory=dict)
    computed: bool = False
    cell: bool = False
    unseen: bool = False
    rank: int = 50


def codes(**messages: str) -> dict[str, Any]:
    """Error codes for a marshmallow field; what is not named is simply not valid."""
    invalid = messages.get("invalid", "field.invalid")
    return {"invalid": invalid, "null": "field.required", "required": "field.required", "special": invalid, **messages}


def limit(config: Config, lowest: str = "min", highest: str = "max") -> list[validate.Validator]:
    """A range check where the config asks for one."""
    found: list[validate.Validator] = []
    if (low := config.get(lowest)) is not None:
        found.append(validate.Range(min=number(low), error="field.number.min"))
    if (high := config.get(highest)) is not None:
        found.append(validate.Range(max=number(high), error="field.number.max"))
    return found


def places(most: int) -> Callable[[Any], None]:
    """Refuse more decimal places than a field has; never round what somebody typed."""

    def check(value: Any) -> None:
        if -value.normalize().as_tuple().exponent > most:
            raise ValidationError("field.number.places")

    return check


def options_schema(**more: Any) -> dict[str, Any]:
    """The config schema of the fields with a list of options."""
    return {
        "type": "object",
        "required": ["options"],
        "additionalProperties": False,
        "properties": {
            "options": setting(
                "选项",
                "Options",
                type="array",
                minItems=1,
                maxItems=500,
                items={"$ref": "dougong:common#/$defs/option"},
                widget="options",
            ),
            **more,
        },
    }


def option_title(config: Config, key: Any, language: str) -> str:
    found = next((option for option in config.get("options", ()) if option["key"] == key), None)
    return pick(found["title"], language) if found else str(key)
