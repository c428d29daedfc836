"""What comes in and goes out, as marshmallow schemas: unknown fields are refused, every limit is named."""

import re
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
WORDS: dict[str, Any] = {
    "required": "api.required", "null": "api.null", "invalid": "api.invalid", "type": "api.invalid",
    "too_large": "api.invalid", "special": "api.invalid", "invalid_utf8": "api.invalid",
}  # fmt: skip


class Shape(Schema):
    """Never changed once it is made, so that no copy of it need be one: smorest copies them thousands of times at the start."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Shape":
        return self


class Input(Shape):
    """A body or the questions of an address. A field that is not asked for is refused."""

    error_messages = {"unknown": "api.unknown_field", "type": "api.not_an_object"}  # noqa: RUF012 (marshmallow's own way)

    class Meta:
        unknown = RAISE


class Output(Shape):
    """What is answered."""


def _plain(value: str) -> None:
    if _CONTROL.search(value):
        raise ValidationError("api.control_character")


def _example(example: Any, more: dict[str, Any]) -> dict[str, Any]:
    told = {"description": more.pop("says")} if "says" in more else {}
    return {**more, "metadata": {**told, **({} if example is None else {"example": example})}}


def text(longest: int = 200, least: int = 0, example: str | None = None, **more: Any) -> fields.String:
    limits: list[Any] = [_plain, validate.Length(max=longest, error=f"api.too_long {longest}")]
    if least:
        limits.append(validate.Length(min=least, error=f"api.too_short {least}"))
    return fields.String(validate=limits, error_messages=WORDS, **_example(example, more))


def choice(*of: str, **more: Any) -> fields.String:
    example = more.pop("example", of[0])
    allowed = validate.OneOf(of, error=f"api.choice {', '.join(of)}")
    return fields.String(validate=allowed, error_messages=WORDS, **_example(example, more))


def whole(least: int, most: int, example: int | None = None, **more: Any) -> fields.Integer:
    """A whole number, written as one: neither true nor 1.0 nor "1"."""
    return _Whole(strict=True, validate=_within(least, most), error_messages=WORDS, **_example(example, more))


def count(least: int, most: int, **more: Any) -> fields.Integer:
    """A whole number in an address, where everything is text."""
    return fields.Integer(validate=_within(least, most), error_messages=WORDS, **_example(None, more))


def _within(least: int, most: int) -> validate.Range:
    return validate.Range(least, most, error=f"api.range {least} … {most}")


class _Whole(fields.Integer):
    def _validated(self, value: Any) -> int:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return int(super()._validated(value))


def ident(**more: Any) -> fields.String:
    """The id of a row, wherever it comes from; whether it is there is told when it is looked for."""
    return text(36, 1, "01920000-0000-7000-8000-000000000000", **more)


def free(example: Any = None, **more: Any) -> fields.Dict:
    """An object whose keys the tenant's own definitions know."""
    return fields.Dict(keys=fields.String(), error_messages=WORDS, **_example(example, more))


def several(inner: Any, most: int, least: int = 0, example: Any = None, **more: Any) -> fields.List[Any]:
    limits = [validate.Length(max=most, error=f"api.too_many {most}")]
    if least:
        limits.append(validate.Length(min=least, error=f"api.too_few {least}"))
    return fields.List(inner, validate=limits, error_messages=WORDS, **_example(example, more))


def texts(longest: int = 200, **more: Any) -> fields.Dict:
    """A text keyed by language: {"zh-Hans": "…", "en": "…"}."""
    return fields.Dict(
        keys=choice("zh-Hans", "en"),
        values=text(longest, 1),
        validate=validate.Length(min=1, error="api.too_few 1"),
        error_messages=WORDS,
        **_example({"zh-Hans": "家电报修", "en": "Appliance repair"}, more),
    )


def period(**more: Any) -> fields.String:
    """Of a settlement: 2026-10-05, 2026-10, 2026-Q4, 2026-H2, 2026."""
    alike = validate.Regexp(
        r"[0-9]{4}(-(Q[1-4]|H[12]|(0[1-9]|1[0-2])(-[0-3][0-9])?))?\Z",
        error="api.pattern YYYY-MM, YYYY-MM-DD, YYYY-Q1, YYYY-H1, YYYY",
    )
    return fields.String(validate=alike, error_messages=WORDS, **_example("2026-10", more))


class ListQuery(Input):
    """How every list is paged."""

    limit = count(1, 100, load_default=50, says="How many at most.")
    cursor = text(200, says="`next` of the page before.")


class DetailOut(Output):
    code = fields.String(required=True, metadata={"example": "api.too_long"})
    path = fields.String(required=True, metadata={"example": "/title", "description": "JSON pointer to what is wrong."})
    message = fields.String(required=True, metadata={"example": "At most 200 characters."})
    advice = fields.String(required=True, metadata={"example": ""})


class ErrorBody(DetailOut):
    details = fields.List(fields.Nested(DetailOut), required=True)


class ErrorOut(Output):
    """Every error, in the language of Accept-Language."""

    error = fields.Nested(ErrorBody, required=True)


@cache
def page_of(inner: type[Schema]) -> type[Schema]:
    """{"items": [...], "next": cursor or null}."""
    following = fields.String(required=True, allow_none=True, metadata={"description": "The cursor of the next page."})
    made: type[Schema] = Schema.from_dict(
        {"items": fields.List(fields.Nested(inner), required=True), "next": following}, name=f"{inner.__name__}Page"
    )
    return made
