"""The one shape of every error under /api: {"error": {code, message, path, advice, details}}, in the caller's language."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from .. import messages
from ..messages import advice, say

ADDRESS = "/api/"
_CODED = re.compile(r"(api\.[a-z_]+)(?: (.*))?", re.DOTALL)


class Detail(NamedTuple):
    """One thing that is wrong: `path` is a JSON pointer into the body, or the name of what stood in the address."""

    code: str
    path: str = ""
    params: Mapping[str, Any] = {}

    def to_json(self) -> dict[str, str]:
        reason = {"code": self.code, "params": self.params}
        return {"code": self.code, "path": self.path, "message": say(reason), "advice": advice(reason)}


class ApiError(Exception):
    """Raised anywhere below a view of the API; answered in the one shape."""

    def __init__(self, status: int, code: str, path: str = "", details: Iterable[Detail] = (), **params: Any) -> None:
        super().__init__(code)
        self.status, self.head, self.details = status, Detail(code, path, params), tuple(details)


def answer(error: ApiError) -> Response:
    body = {**error.head.to_json(), "details": [one.to_json() for one in error.details]}
    response = jsonify({"error": body})
    response.status_code = error.status
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="dougong"'
    return response


def http_error(error: HTTPException) -> Response:
    """What Flask refused by itself: an unknown address, a method, a body that is too large; and what nobody caught."""
    status = error.code or 500
    code = f"api.{status}" if f"api.{status}" in messages.catalogue() else "api.other"
    response = answer(ApiError(status, code, found=status, limit=request.max_content_length))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def missing() -> Response:
    """Foreign, missing and forbidden are told alike."""
    return answer(ApiError(404, "api.404"))


def of_fields(errors: Mapping[str, Any], inside: str = "") -> ApiError:
    """Of reasons by field (objects with code and params, or their JSON)."""

    def detail(key: str, reason: Any) -> Detail:
        known = reason if isinstance(reason, Mapping) else {"code": reason.code, "params": reason.params}
        return Detail(known["code"], f"{inside}/{key}", known.get("params", {}))

    return ApiError(422, "api.422", details=[detail(*one) for one in errors.items()])


def of_messages(found: Any, location: str) -> ApiError:
    """Of what marshmallow says, whose messages are codes of the catalogue with the limit behind them."""
    return ApiError(422, "api.422", details=list(_details(found, "" if location == "json" else location)))


def _details(found: Any, path: str) -> Iterator[Detail]:
    if isinstance(found, Mapping):
        for key, inner in found.items():
            yield from _details(inner, path if key == "_schema" else f"{path}/{key}")
        return
    for text in found if isinstance(found, list) else [found]:
        if isinstance(text, Mapping):
            yield from _details(text, path)
            continue
        coded = _CODED.fullmatch(str(text))
        yield Detail(coded[1], path, {"limit": coded[2] or ""}) if coded else Detail("api.invalid", path, {"limit": ""})
