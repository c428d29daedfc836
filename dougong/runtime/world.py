"""What the interpreter may know of the world: the time, who acts, and the answers to its questions.

The host answers within the transaction, a simulation from given values, a replay from history. Every answer is recorded
in the Step, so the same input and answers give the same Step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from .fields._type import Codes, Names
from .settlement import Settlement


class Question(NamedTuple):
    """Read-only. Kinds:

    people       {by, role?, unit?, region?, person?, level?} -> {"principals": [...], "nobody": bool}: who may do a step, with
                 those who stand in for them; `by` "nobody": who looks after a workflow
    persons      the same -> {"persons": [member id, ...]}: one by one
    later        {start, amount, unit} -> {"moment"}, or {"code", "params"}: in working time of the company's own calendar
    line_values  {settlement, values}                 -> the values, with those that are looked up in records
    settlement_on {settlement, day, own} -> {"version"}: the one valid on that business day, None where none was;
                 `own` where the settlement is out of force
    counted_before {settlement, version, measure, currency, group, since, below} -> {"lines", "sum"}: how many lines of the
                 ledger have the values of `group` and a day in [since, below), and what of them is measured; or why not
    drawn_before {settlement, version} -> {"gone"}: what of its pools is gone, by uid

    Not asked but noted among the answers (NOTED):

    nobody       {node}: nobody was found for that step, and who looks after the workflow has it
    itself       {node, why, persons}: at an approval, without anybody deciding: "repeated": these have agreed already
                 (审批人去重), "initiator": he is skipped, "head": his superiors decide, "nobody": there was no approver,
                 "others": these were named for that
    decided      {node, table, version, rows, fields}: the rules of a decision table that hit, by number; none: its default.
                 `fields` are those of the ticket that it looked at
    """

    kind: str
    args: dict[str, Any]


Answer = Any
NOTED: Final = frozenset({"nobody", "decided", "itself"})


@dataclass
class World:
    """`now` is the moment in the tenant's zone; `actor` is the principal who acts ("person:<id>"), None for the clock. `names`
    words what a value does not carry itself (places); `versions` has the published settlements by key and number, which never
    change: none are known of in a story."""

    now: datetime
    answer: Callable[[Question], Answer]
    actor: str | None = None
    names: Names = field(default_factory=Codes)
    versions: Callable[[str, int | None], Settlement | None] | None = None
    answers: list[tuple[Question, Answer]] = field(default_factory=list)
    settled: list[Mapping[str, Any]] = field(default_factory=list)

    def ask(self, kind: str, **args: Any) -> Answer:
        question = Question(kind, args)
        found = self.answer(question)
        self.answers.append((question, found))
        return found

    def note(self, kind: str, **args: Any) -> None:
        """What was found out without asking, for the history."""
        self.answers.append((Question(kind, args), None))


class Unanswered(Exception):
    """Nothing is known here of what was asked; in a replay, history has the answer to another question."""


def replayed(answers: list[tuple[Question, Answer]]) -> Callable[[Question], Answer]:
    """Answers as they were given, in order. Raises Unanswered where another question is asked than was then."""
    left = iter([(asked, found) for asked, found in answers if asked.kind not in NOTED])

    def answer(question: Question) -> Answer:
        asked, found = next(left, (None, None))
        if asked != question:
            raise Unanswered(f"replay asked {question}, history says {asked}")
        return found

    return answer
