"""A unit that whoever fills the form belongs to."""

from collections.abc import Mapping
from typing import Any

from ._type import Operator


def holds(value: Any, me: Mapping[str, Any]) -> bool:
    return value in me.get("units", ())


OPERATOR = Operator(
    "in_my_unit",
    {"zh-Hans": "是填写人所在部门", "en": "is a unit of whoever fills this in"},
    ("unit",),
    holds,
    operand="none",
    me=True,
    rank=85,
)
