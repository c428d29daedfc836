"""A place: province, city, district, and the address within it if wanted. The value is {"region": code, "detail": text}."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from ..config import config_of, setting
from ._type import Config, FieldType, Getlist, Names, codes, one

CONFIG = config_of(
    levels=setting("级数", "Levels", type="integer", minimum=1, maximum=3),
    detail=setting("填写详细地址", "Ask for the address too", type="boolean"),
)


class Place(Schema):
    region = fields.String(
        required=True,
        error_messages=codes(),
        validate=validate.Regexp(r"^[0-9]{2,9}$", error="field.region.unknown"),
    )
    detail = fields.String(
        allow_none=True, error_messages=codes(), validate=validate.Length(max=200, error="field.text.too_long")
    )


class Region(fields.Nested):
    """A code alone is a place too."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, (str, dict)):
            raise ValidationError("field.region.unknown")
        try:
            return super()._deserialize({"region": value} if isinstance(value, str) else value, *args, **kwargs)
        except ValidationError as error:
            messages = error.messages.values() if isinstance(error.messages, dict) else [error.messages]
            first = next(iter(messages))
            raise ValidationError(first if isinstance(first, list) else "field.region.unknown") from None


def make(config: Config) -> fields.Field[Any]:
    return Region(Place, error_messages=codes())


def keep(value: dict[str, Any], config: Config) -> dict[str, str]:
    detail = (value.get("detail") or "").strip()
    return {"region": value["region"], **({"detail": detail} if detail else {})}


def gather(getlist: Getlist, name: str) -> Any:
    """The deepest level that was chosen, and the address."""
    code = next((found for level in (3, 2, 1) if (found := one(getlist, f"{name}.{level}"))), None) or one(getlist, name)
    return {"region": code, "detail": one(getlist, f"{name}.detail") or ""} if code else None


def show(value: Any, config: Config, language: str, names: Names) -> str:
    place = names.region(value["region"], language)
    return f"{place} {value['detail']}" if value.get("detail") else place


FIELD = FieldType(
    "region",
    {"zh-Hans": "地址", "en": "Address"},
    {"zh-Hans": "省/市/区，可加详细地址", "en": "Province, city, district, and the address if wanted"},
    "region",
    make,
    CONFIG,
    group="contact",
    icon="map-pin",
    keep=keep,
    gather=gather,
    show=show,
    standard={"max_length": 200},
    rank=42,
)
