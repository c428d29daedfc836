"""The JSON Schemas of every definition kind and of the pack: the contract between builder, runtime and the world.

`problems(kind, document)` judges a document. Validators are built once; no reference is ever fetched from outside.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry, Resource

LIMITS = {
    "minItems": "schema.too_few", "minProperties": "schema.too_few",
    "maxItems": "schema.too_many", "maxProperties": "schema.too_many",
    "minLength": "schema.too_short", "maxLength": "schema.too_long",
    "minimum": "schema.too_small", "maximum": "schema.too_great",
}  # fmt: skip
KINDS = ("form", "entity", "workflow", "table", "settlement", "calendar", "role")


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of a kind, of `pack`, or `common` (the shared parts)."""
    found: dict[str, Any] = json.loads(files(__name__).joinpath(f"{name}.json").read_text("utf-8"))
    return found


@cache
def registry() -> Registry[Any]:
    """Our own schemas and nothing else: an unknown $ref is an error, never a download."""
    common: Resource[Any] = Resource.from_contents(schema("common"))
    found: Registry[Any] = Registry().with_resource("dougong:common", common)
    return found


def _within(keyword: str, limit: str) -> Any:
    """What a list or an object holds is looked at only where it holds no more than it may: a million are refused at once."""
    judged = Draft202012Validator.VALIDATORS[keyword]

    def judge(judge: Any, wanted: Any, given: Any, part: Any) -> Iterator[ValidationError]:
        if not isinstance(given, (list, dict)) or len(given) <= part.get(limit, len(given)):
            yield from judged(judge, wanted, given, part)

    return judge


Judge: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"items": _within("items", "maxItems"), "additionalProperties": _within("additionalProperties", "maxProperties")},
)


@cache
def validator(name: str) -> Draft202012Validator:
    return Judge(schema(name), registry=registry())  # type: ignore[no-any-return]


def config_validator(config_schema: dict[str, Any]) -> Draft202012Validator:
    """For the `config` of one node or field type, whose schema stands in that type's module."""
    return Judge({"$id": "dougong:config", **config_schema}, registry=registry())  # type: ignore[no-any-return]


def errors(judge: Draft202012Validator, document: Any, base: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, code, params) of everything that is wrong, deepest and first in the document first."""
    for error in sorted(judge.iter_errors(document), key=lambda e: [str(part) for part in e.absolute_path]):
        yield _explain(error, base)


def judged(
    judge: Draft202012Validator, document: Mapping[str, Any], base: str = ""
) -> tuple[Mapping[str, Any], list[tuple[str, str, dict[str, Any]]]]:
    """An object without its members that are refused, and what is wrong with it, as `errors` tells that."""
    found = list(errors(judge, document, base))
    steps = len(base.split("/"))
    refused = {path.split("/")[steps] for path, *_ in found if path != base}
    return {name: value for name, value in document.items() if name not in refused} if refused else document, found


def problems(kind: str, document: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return list(errors(validator(kind), document))


def _explain(error: ValidationError, base: str) -> tuple[str, str, dict[str, Any]]:
    """Of an anyOf or oneOf, the branch that came nearest is the one worth telling."""
    while error.context:
        error = max(_meant(error.context), key=lambda e: (len(e.absolute_path), e.validator not in ("const", "type")))
    rule, wanted, given, part = str(error.validator), *_plain(error)
    path = base + "".join(f"/{step}" for step in error.absolute_path)
    what = _title(part) or str(error.absolute_path[-1] if error.absolute_path else "")
    if rule in LIMITS:
        size = given if isinstance(given, int) else len(given)
        return path, LIMITS[rule], {"what": what, "limit": wanted, "found": size}
    found = json.dumps(given, ensure_ascii=False, default=str)[:60]
    match rule:
        case "required":
            missing = next((name for name in wanted if error.message.startswith(repr(name))), "")  # one error a name
            return path, "schema.required", {"key": _title(part.get("properties", {}).get(missing)) or missing}
        case "additionalProperties" | "unevaluatedProperties":
            extra = next((name for name in given if name not in part.get("properties", {})), "")
            return f"{path}/{extra}", "schema.unknown_key", {"key": extra}
        case "type":
            return path, "schema.type", {"what": what, "expected": _words(wanted), "found": found}
        case "enum" | "const":
            return path, "schema.choice", {"what": what, "expected": _words(wanted), "found": found}
        case "pattern" | "format":
            return path, "schema.pattern", {"what": what, "expected": part.get("x-shape", wanted), "found": found}
    return path, "schema.not_valid", {"what": what, "rule": rule, "found": found}


def _meant(found: list[ValidationError]) -> list[ValidationError]:
    """Of the branches only those whose constants hold, as `by` says which way is meant; all, where none do."""
    others = {error.schema_path[0] for error in found if error.validator == "const"}
    return [error for error in found if error.schema_path[0] not in others] or found


def _plain(error: Any) -> tuple[Any, Any, Any]:
    """What the rule asks for, what was given, and the schema it stands in."""
    return error.validator_value, error.instance, error.schema


def _title(part: Any) -> Any:
    """What the inspector calls it, where it stands there."""
    return part.get("x-title") if isinstance(part, dict) else None


def _words(value: Any) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
