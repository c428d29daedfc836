"""A value that nobody sees or fills in: its default, what a chosen record brings along, or what the workflow writes."""

from ._type import FieldType
from .text import CONFIG, make

FIELD = FieldType(
    "hidden",
    {"zh-Hans": "隐藏字段", "en": "Hidden"},
    {
        "zh-Hans": "不显示：由默认值、带出的数据或流程写入",
        "en": "Never shown: written by its default, a chosen record or the workflow",
    },
    "text",
    make,
    CONFIG,
    group="advanced",
    icon="eye-off",
    standard={"max_length": 200},
    unseen=True,
    rank=63,
)
