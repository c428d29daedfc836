"""A serial number (流水号): counter, date, fixed text and fields in a row. The host gives it when the form is first saved."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields

from ..config import KEY, UID, config_of, setting
from ._type import Config, FieldType, codes

DATES: Final = {
    "yyyy": ("年 2026", "Year 2026"),
    "yyyyMM": ("年月 202601", "Year and month 202601"),
    "yyyyMMdd": ("年月日 20260131", "Date 20260131"),
}
PERIODS: Final[
    Mapping[str, tuple[str, ...]]
] = {  # how exactly a number must name the day, to be told from that of another period
    "never": (),
    "year": ("yyyy", "yyyyMM", "yyyyMMdd"),
    "month": ("yyyyMM", "yyyyMMdd"),
    "day": ("yyyyMMdd",),
}
DIGITS: Final = 4
PART = config_of(
    ("part",),
    uid=UID,
    part=setting(
        "内容",
        "Part",
        options={
            "counter": ("自动计数", "Counter"),
            "date": ("提交日期", "Date"),
            "text": ("固定字符", "Fixed text"),
            "field": ("表单字段", "Field"),
        },
    ),
    digits=setting("位数", "Digits", type="integer", minimum=1, maximum=9, when={"part": ["counter"]}),
    date=setting("格式", "Format", options=DATES, when={"part": ["date"]}, default="yyyyMMdd"),
    text=setting("字符", "Text", type="string", minLength=1, maxLength=20, pattern="^[^\\s]+$", when={"part": ["text"]}),
    field=setting("字段", "Field", KEY, widget="field", when={"part": ["field"]}),
)
CONFIG = config_of(
    ("parts",),
    parts=setting("组成", "Made of", type="array", minItems=1, maxItems=8, items=PART, widget="rows"),
    reset=setting(
        "重新计数",
        "Counts anew",
        options={
            "never": ("不重置", "Never"),
            "year": ("每年", "Every year"),
            "month": ("每月", "Every month"),
            "day": ("每天", "Every day"),
        },
        default="never",
    ),
    start=setting("起始值", "Begins with", type="integer", minimum=1, maximum=999_999_999),
    group=setting(
        "按字段分组计数",
        "Counts for each",
        KEY,
        widget="field",
        help=("该字段的每个值各自计数，如每个客户", "Each value of this field has a count of its own, such as each customer"),
    ),
)


def make(config: Config) -> fields.Field[Any]:
    return fields.String(error_messages=codes())


FIELD = FieldType(
    "serial",
    {"zh-Hans": "流水号", "en": "Serial number"},
    {
        "zh-Hans": "提交后自动生成的编号，不重复，可能有空号",
        "en": "A number given when it is submitted; none is given twice, gaps there may be",
    },
    "text",
    make,
    CONFIG,
    group="advanced",
    icon="list-ordered",
    computed=True,
    rank=59,
)
