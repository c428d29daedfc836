"""The OpenAPI document, and a page that reads it out: each operation with its answers and a command to try it with."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from ..access import public
from .shell import PREFIX, document

docs = Blueprint("api_docs", __name__, url_prefix=PREFIX)


@docs.get("/openapi.json")
@public
def openapi() -> Response:
    return jsonify(_document())


@docs.get("/docs")
@public
def page() -> str:
    found = _document()
    operations = [
        {"method": method.upper(), "path": path, **operation, "try": _command(found, method, path, operation)}
        for path, methods in found["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    ]
    return render_template("api/docs.html", info=found["info"], tags=found.get("tags", ()), operations=operations)


def _document() -> dict[str, Any]:
    """Built once: it does not change while the process lives."""
    shell = current_app.extensions["dougong-rest"]
    if "document" not in shell:
        shell["document"] = document(shell["rooms"])
    return dict(shell["document"])


def _command(found: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    lines = [f"curl -X {method.upper()} '{request.host_url.rstrip('/')}{path}'", "-H 'Authorization: Bearer dgp_…'"]
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        lines.append("-F file=@example.csv")
    if "application/json" in content:
        body = json.dumps(example_of(found, content["application/json"]), ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", "-d '" + body.replace("'", "'\\''") + "'"]
    return " \\\n  ".join(lines)


def example_of(found: dict[str, Any], media: dict[str, Any]) -> Any:
    """An example of a body: the one given, else put together from those of its fields."""
    if "example" in media:
        return media["example"]
    return _example(found, media.get("schema", {}))


def _example(found: dict[str, Any], schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        schema = found["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "example" in schema:
        return schema["example"]
    if "default" in schema:
        return schema["default"]
    if schema.get("type") == "object":
        needed = schema.get("required", ())
        return {name: _example(found, part) for name, part in schema.get("properties", {}).items() if name in needed}
    if schema.get("type") == "array":
        return [_example(found, schema["items"])] if schema.get("minItems") else []
    return {"string": "", "integer": 1, "boolean": False}.get(str(schema.get("type")))
