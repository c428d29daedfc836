"""What an operator is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Operator:
    """`holds(value, operand)` gets both as `values.comparable` made them; the value is never missing.

    `title`: "…" in it stands for what is compared with: 在过去…天内.
    `operand`: how many values it compares with: none, one, a list of them, or two bounds.
    `of`: the kind of what it compares with, where that is not the field's own: the length of a text is a number.
    `options`: what may be compared with, where that is a short list: the days of the week.
    `clock`: it asks what time it is: `holds(value, operand, now)`, the moment in the company's zone.
    `me`: it asks who fills the form: `holds(value, me)`, me being {"id", "units", "below"}. Nobody fits none.
    `tree`: it compares with options of a tree (`values.Branching`) and gets them with all that lies below them.
    `if_missing`: the answer where nothing was filled in.
    """

    name: str
    title: dict[str, str]
    kinds: tuple[str, ...]
    holds: Callable[..., bool]
    operand: Literal["none", "one", "many", "two"] = "one"
    if_missing: bool = False
    rank: int = 50
    of: str | None = None
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    clock: bool = False
    me: bool = False
    tree: bool = False
