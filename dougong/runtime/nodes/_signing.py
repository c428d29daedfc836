"""The arithmetic of an approval: when is it passed, when refused, and who signs next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Votes:
    """`seats` are all that sign or will; `yes` and `no` count them, `yes_weight` and `weight` weigh them; `queue`: whose turn
    comes later."""

    mode: str
    reject: str
    needed: int
    seats: int
    weight: int = 0
    yes: int = 0
    no: int = 0
    yes_weight: int = 0
    no_weight: int = 0
    queue: tuple[Any, ...] = field(default_factory=tuple)

    @classmethod
    def from_json(cls, doc: Mapping[str, Any]) -> "Votes":
        return cls(**{**doc, "queue": tuple(doc["queue"])})

    def to_json(self) -> dict[str, Any]:
        return {**self.__dict__, "queue": list(self.queue)}

    def verdict(self) -> bool | None:
        """Passed, refused, or still open."""
        if self.reject == "any_one" and self.no and self.mode != "claim":
            return False
        match self.mode:
            case "any" | "claim":
                return True if self.yes else False if self.no and (self.mode == "claim" or self.no >= self.seats) else None
            case "ratio":
                needed = -(-self.needed * self.seats // 100)  # rounded up: 23 % of 10 are 3
                return True if self.yes >= needed else False if self.seats - self.no < needed else None
            case "weight":
                reached = self.yes_weight >= self.needed
                return True if reached else False if self.weight - self.no_weight < self.needed else None
        if self.yes + self.no < self.seats:
            return None
        return self.yes > 0 if self.reject == "all" else self.no == 0
