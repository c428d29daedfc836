"""The arithmetic of an approval: when is it passed, when refused, and who signs next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Votes:
    """`seats` are all that sign or will; `yes` and `no` count them, `yes_weight` and `weight` weigh them; `queue`: whose turn
    comes later. `needed`: the percentage that passes (the weight, where it goes by that), `against`: that which refuses, each
    reached or `over`."""

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
    over: bool = False
    against: int = 100
    against_over: bool = False

    @classmethod
    def from_json(cls, doc: Mapping[str, Any]) -> "Votes":
        return cls(**{**doc, "queue": tuple(doc["queue"])})

    def to_json(self) -> dict[str, Any]:
        return {**self.__dict__, "queue": list(self.queue)}

    def verdict(self) -> bool | None:
        """Passed, refused, or still open."""
        if self.mode != "claim" and self._refused():
            return False
        match self.mode:
            case "any" | "claim":
                return True if self.yes else False if self.no and (self.mode == "claim" or self.no >= self.seats) else None
            case "ratio":
                needed = least(self.needed, self.seats, over=self.over)
                return True if self.yes >= needed else False if self.seats - self.no < needed else None
            case "weight":
                reached = self.yes_weight >= self.needed
                return True if reached else False if self.weight - self.no_weight < self.needed else None
        if self.yes + self.no < self.seats:
            return None
        return self.no == 0 if self.reject == "any_one" else self.yes > 0

    def _refused(self) -> bool:
        """By as many as are enough; that it cannot pass any more is for the mode to say."""
        if self.reject == "ratio":
            no, of = (self.no_weight, self.weight) if self.mode == "weight" else (self.no, self.seats)
            return no >= least(self.against, of, over=self.against_over)
        return self.reject == "any_one" and self.no > 0


def least(percent: int, of: int, *, over: bool) -> int:
    """How many that are: 23 % of 10 are 3, rounded up. `over`: more than that, so that 50 % of 10 are 6."""
    return percent * of // 100 + 1 if over else -(-percent * of // 100)
