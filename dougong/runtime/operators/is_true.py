"""Yes was chosen."""

from typing import Any

from ._type import Operator

KINDS = ("boolean",)


def holds(value: Any, operand: Any) -> bool:
    return value is True


OPERATOR = Operator("is_true", {"zh-Hans": "为是", "en": "is yes"}, KINDS, holds, operand="none", rank=60)
