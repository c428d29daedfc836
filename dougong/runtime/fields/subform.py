"""A table within a form: rows that are added and removed, each a small form of its columns (`runtime/rows.py`)."""

from typing import Any, Final

from marshmallow import fields

from ..config import config_of, setting
from ._type import Config, FieldType

MOST_ROWS: Final = 200
USUAL_ROWS: Final = 50  # where the config names no greatest number

CONFIG = config_of(
    ("columns",),
    columns=setting(
        "列",
        "Columns",
        type="array",
        minItems=1,
        maxItems=20,
        items={"$ref": "dougong:common#/$defs/column"},
        widget="columns",
    ),
    min=setting("最少行数", "Fewest rows", type="integer", minimum=1, maximum=MOST_ROWS),
    max=setting("最多行数", "Most rows", type="integer", minimum=1, maximum=MOST_ROWS),
)


def make(config: Config) -> fields.Field[Any]:
    return fields.Raw()


FIELD = FieldType(
    "subform",
    {"zh-Hans": "子表单", "en": "Subform"},
    {
        "zh-Hans": "明细：可增减的若干行，每列一个字段",
        "en": "Line items: rows that are added and removed, a field in each column",
    },
    "rows",
    make,
    CONFIG,
    group="advanced",
    icon="table",
    standard={"max": USUAL_ROWS},
    rank=58,
)
