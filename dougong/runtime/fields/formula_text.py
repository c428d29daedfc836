"""A text made of others: a name put together, an amount in Chinese numerals (大写金额). Nobody types it."""

from ..config import config_of
from ._type import FieldType
from .formula import FORMULA, make

FIELD = FieldType(
    "formula_text",
    {"zh-Hans": "文本公式", "en": "Text formula"},
    {
        "zh-Hans": "自动得出的文字：拼接、人民币大写等",
        "en": "A text calculated from other fields: joined, or an amount in Chinese numerals",
    },
    "text",
    make,
    config_of(("formula",), formula=FORMULA),
    group="advanced",
    icon="text-quote",
    computed=True,
    cell=True,
    rank=62,
)
