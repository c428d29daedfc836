"""What an operator is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Operator:
    """`holds(value, operand)` gets both as `values.comparable` made them; the value is never missing.

    `operand`: how many values it compares with: none, one, a list of them, or two bounds.
    `if_missing`: the answer where nothing was filled in.
    """

    name: str
    title: dict[str, str]
    kinds: tuple[str, ...]
    holds: Callable[[Any, Any], bool]
    operand: Literal["none", "one", "many", "two"] = "one"
    if_missing: bool = False
    rank: int = 50
