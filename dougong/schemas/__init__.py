"""The JSON Schemas of every definition kind and of the pack: the contract between builder, runtime and the world.

`problems(kind, document)` judges a document. Validators are built once; no reference is ever fetched from outside.
"""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

KINDS = ("form", "entity", "workflow", "settlement", "role")


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


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name), registry=registry())


def config_validator(config_schema: dict[str, Any]) -> Draft202012Validator:
    """For the `config` of one node or field type, whose schema stands in that type's module."""
    return Draft202012Validator({"$id": "dougong:config", **config_schema}, registry=registry())


def errors(judge: Draft202012Validator, document: Any, base: str = "") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, code, params) of everything that is wrong, deepest and first in the document first."""
    for error in sorted(judge.iter_errors(document), key=lambda e: [str(part) for part in e.absolute_path]):
        yield _explain(error, base)


def problems(kind: str, document: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return list(errors(validator(kind), document))


def _explain(error: ValidationError, base: str) -> tuple[str, str, dict[str, Any]]:
    """Of an anyOf or oneOf, the branch that came nearest is the one worth telling."""
    while error.context:
        error = max(error.context, key=lambda e: (len(e.absolute_path), e.validator not in ("const", "type")))
    path = base + "".join(f"/{part}" for part in error.absolute_path)
    found = json.dumps(error.instance, ensure_ascii=False, default=str)[:60]
    match error.validator:
        case "required":
            missing = next((name for name in error.validator_value if name not in error.instance), "")
            return path, "schema.required", {"key": missing}
        case "additionalProperties" | "unevaluatedProperties":
            known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
            extra = next((name for name in error.instance if name not in known), "")
            return f"{path}/{extra}", "schema.unknown_key", {"key": extra}
        case "type":
            return path, "schema.type", {"expected": _words(error.validator_value), "found": found}
        case "enum" | "const":
            return path, "schema.choice", {"expected": _words(error.validator_value), "found": found}
        case "pattern" | "format":
            return path, "schema.pattern", {"expected": error.validator_value, "found": found}
        case _:
            return path, "schema.limit", {
                "rule": str(error.validator), "expected": _words(error.validator_value), "found": found,
            }  # fmt: skip


def _words(value: Any) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
