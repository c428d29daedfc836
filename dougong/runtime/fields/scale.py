"""A scale (量表) from one number to another, with words at its ends: 0 to 10 for a recommendation, 1 to 5 for agreement."""

from typing import Any

from marshmallow import fields

from ..config import TEXT, config_of, setting
from ._type import Config, FieldType, Names
from .rating import steps

CONFIG = config_of(
    min=setting("从", "From", type="integer", minimum=0, maximum=1),
    max=setting("到", "To", type="integer", minimum=2, maximum=10),
    low=setting("最低端文字", "Words at the low end", TEXT),
    high=setting("最高端文字", "Words at the high end", TEXT),
)


def bounds(config: Config) -> tuple[int, int]:
    return config.get("min", 0), config.get("max", 10)


def make(config: Config) -> fields.Field[Any]:
    return steps(*bounds(config), "field.scale.range")


def show(value: Any, config: Config, language: str, names: Names) -> str:
    return f"{value} / {bounds(config)[1]}"


FIELD = FieldType(
    "scale",
    {"zh-Hans": "量表", "en": "Scale"},
    {"zh-Hans": "从 0 到 10 等打分，两端有文字，如推荐意愿", "en": "From 0 to 10 or the like, with words at both ends"},
    "number",
    make,
    CONFIG,
    group="choice",
    icon="gauge",
    show=show,
    standard={"min": 0, "max": 10},
    rank=34,
)
