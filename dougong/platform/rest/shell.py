"""What every operation of the API has in common, so that a view only parses and answers.

    @room.operation("GET", "/tickets", "tickets.see", query=TicketQuery, answer=page_of(TicketOut))
    def list_tickets(asked): ...

declares the right (`access.needs`), takes a session or a token, loads what is asked, limits the rate, documents each answer.
The rooms bring their own operations; `init_rest` is called once by create_app.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NoReturn, TypeVar

from flask import Flask, Response, abort, current_app, g, make_response, request
from flask_smorest import Api, Blueprint
from limits import parse as limit_of
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser

from ..access import by_token, needs, signed_in, takes_bearer
from ..once import LONGEST_KEY
from ..web import allow_upload, csrf, limiter
from . import errors, idempotency
from .errors import ApiError
from .shapes import ErrorOut

PREFIX = "/api/v1"
WITHIN = f"{PREFIX}/t/<tenant>"
RATE = limit_of("600/minute")
BYTES = "application/octet-stream"
READ_MOST = 5_000_000  # bytes of a JSON body
_ALWAYS = (401, 403, 404, 429)
_BODY = (400, 413, 415, 422)
View = Callable[..., Any]
Handler = TypeVar("Handler", bound=Callable[[Any], Any])


class _Parser(FlaskParser):
    """Reads JSON with suspicion, and answers in our shape."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012 (webargs' own)

    def load_json(self, req: Any, schema: Any) -> Any:
        return json_body()

    def handle_error(self, error: ValidationError, *args: Any, **more: Any) -> NoReturn:
        found: Any = error.messages
        location, inner = next(iter(found.items()))
        raise errors.of_messages(inner, location)


class Room(Blueprint):  # type: ignore[misc]
    """The operations of one subject. Its name is the tag in the document."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, module: str, says: str) -> None:
        super().__init__(f"api_{name}", module, url_prefix=WITHIN, description=says)
        self.tag = name

    def operation(
        self,
        method: str,
        rule: str,
        right: str,
        *,
        query: type[Schema] | None = None,
        body: type[Schema] | None = None,
        upload: bool = False,
        binary: bool = False,
        answer: Schema | type[Schema] | None = None,
        status: int = 200,
        refuses: Iterable[int] = (),
        takes_key: bool = True,
        most: int | None = None,
    ) -> Callable[[View], View]:
        """`right`: of access.RIGHTS, or "signed_in" for any member or token. `refuses`: further statuses than the usual.

        `takes_key`: a POST may come with an Idempotency-Key. `most`: bytes of a file that may be larger than usual.
        """

        def declare(view: View) -> View:
            found = self.arguments(body, location="json")(view) if body else view
            found = self.arguments(query, location="query")(found) if query else found
            found = self._answers(found, answer, status, binary=binary)
            usual = _BODY if body or upload else (422,) if query else ()
            further = (400, 409, 422) if method == "POST" else (400,) if method != "GET" else ()
            for code in sorted({*_ALWAYS, *usual, *further, *refuses}):
                found = self.alt_response(code, schema=ErrorOut, description=DESCRIPTIONS[code])(found)
            keyed = method == "POST" and takes_key
            found = self.doc(**_manual(view, keyed, right, upload))(found)
            found = takes_bearer((signed_in if right == "signed_in" else needs(right))(_guarded(found, keyed, most)))
            self.route(rule, methods=[method], tags=[self.tag])(found)
            return found

        return declare

    def when(self, *kinds: type[Exception]) -> Callable[[Handler], Handler]:
        """What a verb raises, as an answer."""

        def declare(handler: Handler) -> Handler:
            for kind in kinds:
                self.register_error_handler(kind, handler)
            return handler

        return declare

    def _answers(self, view: View, answer: Any, status: int, *, binary: bool) -> View:
        """204 has no body; a file is bytes to be saved; all else is JSON."""
        if status == 204:

            @wraps(view)
            def silent(*args: Any, **asked: Any) -> Response:
                view(*args, **asked)
                response = Response(status=204)
                del response.headers["Content-Type"]
                return response

            return self.response(204)(silent)  # type: ignore[no-any-return]
        if binary:
            return self.response(status, {"type": "string", "format": "binary"}, content_type=BYTES)(view)  # type: ignore[no-any-return]
        return self.response(status, answer)(view)  # type: ignore[no-any-return]


DESCRIPTIONS = {
    400: "The body is no JSON that can be read, or the form has expired.",
    401: "No token or session, or one that opens nothing here.",
    403: "The roles or the token's scopes do not include the right.",
    404: "Not there, or not yours to see: both are told alike.",
    409: "It has moved on meanwhile, is in use, or the idempotency key is in use.",
    413: "The body is larger than the limit that the answer names.",
    415: "The body is not of the content type that is asked for.",
    422: "What was sent does not do; `details` say where and why. Nothing was saved.",
    429: "More requests than the limit that the answer names.",
}  # fmt: skip


def _guarded(view: View, keyed: bool, most: int | None = None) -> View:
    """CSRF for a session, the rate, what no column can hold, and once where there is a key."""

    @wraps(view)
    def guarded(*args: Any, **asked: Any) -> Response:
        if most is not None:
            allow_upload(most)
        if not by_token() and current_app.config.get("WTF_CSRF_ENABLED", True):
            csrf.protect()
        _count()
        if any("\x00" in str(one) for one in asked.values()):
            abort(404)
        if not keyed:
            return make_response(view(*args, **asked))
        return idempotency.once(lambda: make_response(view(*args, **asked)))

    return guarded


def json_body(most: int = READ_MOST) -> Any:
    """The request's JSON; 415, 413 or 400 for what is none."""
    if not request.is_json:
        raise ApiError(415, "api.415", expected="application/json")
    raw = request.get_data()
    if len(raw) > most:
        raise ApiError(413, "api.413", limit=most)
    shell = current_app.extensions["dougong-rest"]
    try:
        return shell["read"](raw, max_bytes=most)
    except shell["refused"] as refused:
        raise ApiError(400, refused.reason.code, refused.path, **refused.reason.params) from None


def uploaded() -> Any:
    """The one file of a multipart form, named "file"."""
    if request.mimetype != "multipart/form-data":
        raise ApiError(415, "api.415", expected="multipart/form-data")
    given = request.files.get("file")
    if given is None or not given.filename:
        raise ApiError(422, "api.422", details=[errors.Detail("file.none", "/file")])
    return given


def _count() -> None:
    """One more request of this token or person. The answer says how many are left, and when there are more."""
    if not limiter.enabled:
        return
    key = hashlib.sha256(f"{g.who.tenant_id} {g.who.token_id or g.who.principal}".encode()).hexdigest()[:32]
    allowed = limiter.limiter.hit(RATE, "api", key)
    stats = limiter.limiter.get_window_stats(RATE, "api", key)
    seconds = max(1, int(stats.reset_time - time.time()) + 1)
    g.rate = {"RateLimit-Limit": RATE.amount, "RateLimit-Remaining": stats.remaining, "RateLimit-Reset": seconds}
    if not allowed:
        g.rate["Retry-After"] = seconds
        raise ApiError(429, "api.429", limit=str(RATE.amount), seconds=str(seconds))


def _rate_headers(response: Response) -> Response:
    for name, value in g.get("rate", {}).items():
        response.headers[name] = str(value)
    return response


def _manual(view: View, keyed: bool, right: str, upload: bool) -> dict[str, Any]:
    """What no decorator knows: the operation's name and right, a file's body, the idempotency key."""
    found: dict[str, Any] = {"operationId": view.__name__, "x-right": right}
    if upload:
        file = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        found["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": file}}}
    if keyed:
        found["parameters"] = [_KEY]
    return found


class _Api(Api):  # type: ignore[misc]
    """smorest without its handler of errors, which would be the whole application's, and without its `default` answer."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        pass


def init_rest(app: Flask, rooms: Iterable[Room], read: Callable[..., Any], refused: type[Exception]) -> None:
    """`read` parses a body and raises `refused`: the platform does not know how definitions are read."""
    app.extensions["dougong-rest"] = {"rooms": tuple(rooms), "read": read, "refused": refused}
    for room in app.extensions["dougong-rest"]["rooms"]:
        csrf.exempt(room)  # `_guarded` asks for it where a session acts
        app.register_blueprint(room)
    app.register_error_handler(ApiError, errors.answer)
    app.after_request(_rate_headers)


def document(rooms: Iterable[Room]) -> dict[str, Any]:
    """The OpenAPI document: what smorest gathers, and what holds for every operation.

    It is gathered on an application of its own, since few processes are ever asked for it and it takes as long as the start.
    """
    shelf = Flask("document")
    shelf.config.update(API_TITLE="Dougong", API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_JSON_PATH=None)
    api = _Api(shelf)
    for room in rooms:
        api.register_blueprint(room)
    found: dict[str, Any] = json.loads(json.dumps(api.spec.to_dict(), default=str))
    found["info"]["description"] = "The verbs of the pages, with the same checks. Errors have one shape; lists have cursors."
    found["security"] = [{"bearer": []}]
    found.setdefault("components", {})["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "A personal (dgp_…) or a service token (dgs_…)."}
    }
    for tag in found["tags"]:  # smorest names them after the blueprints
        tag["name"] = tag["name"].removeprefix("api_")
    for operations in found["paths"].values():
        for operation in (operations[method] for method in operations.keys() - {"parameters"}):
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return found


_KEY = {
    "name": idempotency.HEADER,
    "in": "header",
    "required": False,
    "description": "The same key with the same body is done once and answered alike for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
}
