"""What the interpreter may know of the world: the time, who acts, and the answers to its questions.

The host answers within the transaction, a simulation from given values, a replay from history. Every answer is recorded
in the Step, so the same input and answers give the same Step.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from .fields._type import Codes, Names


class Question(NamedTuple):
    """Read-only. Kinds:

    people       {by, role?, unit?, region?, person?, level?} -> {"principals": [...], "nobody": bool}: who may do a step, with
                 those who stand in for them; `by` "nobody": who looks after a workflow
    persons      the same -> {"persons": [member id, ...]}: one by one
    later        {start, amount, unit} -> {"moment"}, or {"code", "params"}: in working time of the company's own calendar
    line_values  {settlement, values}                 -> the values, with those that are looked up in records
    """

    kind: str
    args: dict[str, Any]


Answer = Any


@dataclass
class World:
    """`now` is the moment in the tenant's zone; `actor` is the principal who acts ("person:<id>"), None for the clock. `names`
    words what a value does not carry itself (places)."""

    now: datetime
    answer: Callable[[Question], Answer]
    actor: str | None = None
    names: Names = field(default_factory=Codes)
    answers: list[tuple[Question, Answer]] = field(default_factory=list)

    def ask(self, kind: str, **args: Any) -> Answer:
        question = Question(kind, args)
        found = self.answer(question)
        self.answers.append((question, found))
        return found


def replayed(answers: list[tuple[Question, Answer]]) -> Callable[[Question], Answer]:
    """Answers as they were given, in order. Raises LookupError where another question is asked than was then."""
    left = iter(answers)

    def answer(question: Question) -> Answer:
        asked, found = next(left, (None, None))
        if asked != question:
            raise LookupError(f"replay asked {question}, history says {asked}")
        return found

    return answer
