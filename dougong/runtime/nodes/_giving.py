"""Giving back: a token that comes back to a step gives back first what the steps from there on have taken, since they will be
passed again. One that comes back to the start, or ends a ticket that is cancelled, gives back all of it.
"""

from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import networkx as nx

from ..case import Case
from ..definition import Definition, Node
from ..outcome import Effect, Fail, Outcome, Put, Wait
from ..reason import Reason
from ..taken import OWED, PASSED, Entry, against, amounts, lines, since, taken, without
from ._type import At

SIGNAL: Final = "written"
NOT_WRITTEN: Final = "not_written"
GIVING: Final = "giving"  # in the memo of a token that has something to give back before it enters its step
ENDS: Final = "ends"  # in that of one which ends its ticket then: the result
_behind: WeakKeyDictionary[Definition, dict[str, frozenset[str]]] = WeakKeyDictionary()


def back_at(node: str, **memo: Any) -> Put:
    """A token that comes back to a step that will be passed again."""
    return Put(node, {**memo, GIVING: True})


def give_back(at: At) -> Wait | None:
    """None: there is nothing, or no more. What it gives back is the token's until that is done."""
    if GIVING not in at.token.memo:
        return None
    owed = at.token.memo.get(OWED)
    if owed is None:
        owed = owing(at.definition, at.case, at.node.uid, everything=at.node.uid == at.definition.start.uid)
        at.case.memo = without(at.case.memo, owed)
    records = [{"entity": entity, "writes": against(its)} for entity, its in amounts(owed).items()]
    settled = lines(owed)
    if not records and not settled:
        at.token.memo = given_up(at.token.memo)
        return None
    at.token.memo = {**at.token.memo, OWED: owed}
    return Wait(SIGNAL, (Effect("give_back", {"records": records, "lines": settled}),))


def owing(definition: Definition, case: Case, node: str, *, everything: bool = False) -> list[Entry]:
    """What a token gives back that is put on this step to pass it again."""
    if everything:
        return taken(case.memo)
    return since(case.memo, _from(definition, node), _passed(definition, case, node))


def given_up(memo: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in memo.items() if key not in (GIVING, OWED)}


def given(at: At) -> None:
    at.token.memo = given_up(at.token.memo)


def not_given(at: At, values: Mapping[str, Any]) -> Outcome:
    return Fail(Reason.from_json(values["reason"]))


def passing(definition: Definition, node: Node, case: Case) -> None:
    """A step that people do is passed: what is taken from now on came after it."""
    case.memo[PASSED] = {**case.memo.get(PASSED, {}), node.uid: case.last_token}


def _from(definition: Definition, node: str) -> frozenset[str]:
    """A step and all that can be come to from there."""
    kept = _behind.setdefault(definition, {})
    if node not in kept:
        graph = nx.DiGraph((edge.source, edge.target) for edge in definition.edges)
        graph.add_node(node)
        kept[node] = frozenset({node, *nx.descendants(graph, node)})
    return kept[node]


def _passed(definition: Definition, case: Case, node: str) -> int:
    """When a step was passed last; of one that nobody does, when those were from which one comes to it."""
    marks, found, todo, seen = case.memo.get(PASSED, {}), 0, [node], set[str]()
    while todo:
        uid = todo.pop()
        if uid in seen:
            continue
        seen.add(uid)
        if uid in marks:
            found = max(found, marks[uid])
        else:
            todo += [edge.source for edge in definition.into.get(uid, ())]
    return found
