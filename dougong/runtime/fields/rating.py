"""Stars."""

from typing import Any

from marshmallow import fields, validate

from ..config import config_of, setting
from ._type import Config, FieldType, Names, codes

CONFIG = config_of(max=setting("满分", "Stars", type="integer", minimum=3, maximum=10))


class Whole(fields.Integer):
    """No number of another kind."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, (bool, float)):
            raise self.make_error("invalid")
        return super()._deserialize(value, *args, **kwargs)


def steps(least: int, most: int, error: str) -> fields.Field[Any]:
    """One of the whole numbers from `least` to `most`."""
    within = validate.Range(min=least, max=most, error=error)
    return Whole(error_messages=codes(invalid=error, too_large=error), validate=within)


def make(config: Config) -> fields.Field[Any]:
    return steps(1, config.get("max", 5), "field.rating.range")


def show(value: Any, config: Config, language: str, names: Names) -> str:
    return f"{value} / {config.get('max', 5)}"


FIELD = FieldType(
    "rating",
    {"zh-Hans": "评分", "en": "Rating"},
    {"zh-Hans": "一到五星", "en": "One to five stars"},
    "number",
    make,
    CONFIG,
    group="choice",
    icon="star",
    show=show,
    standard={"max": 5},
    cell=True,
    rank=33,
)
