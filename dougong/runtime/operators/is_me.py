"""Whoever fills the form."""

from collections.abc import Mapping
from typing import Any

from ._type import Operator


def holds(value: Any, me: Mapping[str, Any]) -> bool:
    return bool(value == me.get("id"))


OPERATOR = Operator(
    "is_me",
    {"zh-Hans": "是填写人本人", "en": "is whoever fills this in"},
    ("person",),
    holds,
    operand="none",
    me=True,
    rank=84,
)
