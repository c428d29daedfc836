"""A slice of a batch: what one transaction of it has done."""

from dataclasses import dataclass, field

from dougong.runtime.reason import Reason


@dataclass
class Slice:
    """`cursor`: up to which one; `seen`: how many were looked at; `over`: they were the last. `faults`: (whose, reason)."""

    cursor: str
    seen: int
    over: bool
    made: int = 0
    kept: int = 0
    faults: list[tuple[str, Reason]] = field(default_factory=list)
