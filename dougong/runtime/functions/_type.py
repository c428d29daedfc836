"""What a function of the formula language is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ..reason import Reason

MOST: Final = 100  # arguments
RESULT: Final = "result"  # the kind of a parameter that may become the answer
COLUMNS: Final = ("column", "numbers")  # the kinds of a parameter that takes a column of a table: its cells, None where blank


class FormulaFault(Exception):
    """A formula that is wrong, or that has no value for these data. `at` counts characters from 0, the sentence from 1."""

    def __init__(self, code: str, at: int | None = None, **params: Any) -> None:
        super().__init__(code)
        where = {} if at is None else {"position": at + 1}
        self.reason = Reason(code, {**params, **where})


@dataclass(frozen=True)
class Function:
    """`takes`: the kinds of its parameters; the last ones in brackets may be repeated. `optional`: how many may be left out.

    `gives` the kind of its answer; RESULT: that of the arguments taken for RESULT, where they agree.
    `rest`: the kind of one argument more behind repeated pairs (the last resort of SWITCH).
    `blanks`: so many of its arguments, the first ones, are None for a blank field, not 0 or "".
    `clock`: it gets the moment, in the company's zone, before its arguments.
    `lazy`: it gets its arguments as questions, and asks only those that it needs.
    """

    takes: tuple[str, ...]
    gives: str
    call: Callable[..., Any]
    optional: int = 0
    rest: str = ""
    blanks: int = 0
    clock: bool = False
    lazy: bool = False

    @property
    def repeated(self) -> tuple[str, ...]:
        return tuple(kind for kind in self.takes if kind.startswith("["))

    def spreads(self, kind: str) -> bool:
        """May the cells of a column stand for a parameter of this kind?"""
        return not self.lazy and [one.strip("[]") for one in self.repeated] == [kind]

    def kinds(self, count: int) -> list[str] | None:
        """The kinds of so many arguments; None where it does not take that many."""
        if not len(self.takes) - self.optional <= count <= (MOST if self.repeated else len(self.takes)):
            return None
        if count <= len(self.takes) or not self.repeated:
            return [kind.strip("[]") for kind in self.takes[:count]]
        more = count - len(self.takes)
        found = [*self.takes, *self.repeated * (more // len(self.repeated))]
        if left := more % len(self.repeated):
            if left > 1 or not self.rest:
                return None
            found.append(self.rest)
        return [kind.strip("[]") for kind in found]
