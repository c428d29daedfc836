"""A day calculated from others: when a warranty or a contract ends. Nobody types it."""

from ..config import config_of
from ._type import FieldType
from .formula import FORMULA, make

FIELD = FieldType(
    "formula_date",
    {"zh-Hans": "日期公式", "en": "Date formula"},
    {"zh-Hans": "自动算出的日期：保修到期日等", "en": "A day calculated from other fields, such as the end of a warranty"},
    "date",
    make,
    config_of(("formula",), formula=FORMULA),
    group="advanced",
    icon="calendar-clock",
    computed=True,
    cell=True,
    rank=63,
)
