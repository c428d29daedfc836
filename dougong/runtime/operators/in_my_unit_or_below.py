"""A unit that whoever fills the form belongs to, or one below it."""

from collections.abc import Mapping
from typing import Any

from ._type import Operator


def holds(value: Any, me: Mapping[str, Any]) -> bool:
    return value in me.get("below", ())


OPERATOR = Operator(
    "in_my_unit_or_below",
    {"zh-Hans": "是填写人所在部门或其下级", "en": "is a unit of whoever fills this in, or below it"},
    ("unit",),
    holds,
    operand="none",
    me=True,
    rank=86,
)
