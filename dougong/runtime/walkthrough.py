"""Walks through the bare graph of a workflow, without data: every choice of every decision, all branches at once.

Where nothing is left to choose and tokens still stand at a join, a ticket that went this way would wait there for ever. Steps
are walked in a fixed order: branches run beside each other and none takes a token from another, so the order changes nothing.
"""

from collections import Counter, deque
from collections.abc import Iterator
from typing import Final

from .definition import Definition

MAX_MARKINGS: Final = 2000
MAX_TOKENS: Final = 400
MAX_MOVES: Final = 200_000

Marking = Counter[str]  # how many tokens stand on each line, by its uid
Choices = tuple[str, ...]  # the lines that were chosen, in their order


class _TooLarge(Exception):
    """Tokens that multiply or go round without end: this way is not walked further."""


def stuck(definition: Definition) -> list[tuple[str, Choices]]:
    """(join, the choices that lead there), each join once, shortest choices first. Of a graph that is too large to be walked
    through wholly: what was found until then."""
    if not any(node.type == "join" for node in definition.nodes):
        return []
    found: dict[str, Choices] = {}
    for marking, choices in _ends(definition):
        for uid in marking:
            found.setdefault(_target(definition, uid), choices)
    return sorted(found.items())


def _ends(definition: Definition) -> Iterator[tuple[Marking, Choices]]:
    """Every marking in which nothing is left to choose, with the choices that led there."""
    begun = Counter(edge.uid for edge in definition.out[definition.start.uid])
    todo: deque[tuple[Marking, Choices]] = deque([(begun, ())])
    seen: set[frozenset[tuple[str, int]]] = set()
    moves = 0
    while todo and len(seen) < MAX_MARKINGS and moves < MAX_MOVES:
        marking, choices = todo.popleft()
        try:
            moves += _walk(definition, marking)
        except _TooLarge:
            moves += MAX_MOVES // 20
            continue
        name = frozenset(marking.items())
        if name in seen:
            continue
        seen.add(name)
        undecided = min((uid for uid in marking if definition.node[_target(definition, uid)].type == "decide"), default=None)
        if undecided is None:
            yield marking, choices
            continue
        ways = definition.out[_target(definition, undecided)]
        todo += [(marking - Counter([undecided]) + Counter([way.uid]), (*choices, way.uid)) for way in ways]


def _walk(definition: Definition, marking: Marking) -> int:
    """Move every token on, in place, until it stands before a decision or at a join that is not complete. Counts the moves."""
    ready, moves = list(marking.elements()), 0
    while ready:
        uid = ready.pop()
        node = definition.node[_target(definition, uid)]
        into = [edge.uid for edge in definition.into[node.uid]]
        if not marking[uid] or node.type == "decide" or (node.type == "join" and not all(marking[one] for one in into)):
            continue
        marking.subtract(into if node.type == "join" else [uid])
        onward = [edge.uid for edge in definition.out[node.uid]]
        marking.update(onward)
        ready += [*onward, *(into if node.type == "join" else ())]
        moves += 1
        if moves > MAX_MOVES // 20 or marking.total() > MAX_TOKENS:
            raise _TooLarge
    for uid in [uid for uid, count in marking.items() if not count]:
        del marking[uid]
    return moves


def _target(definition: Definition, uid: str) -> str:
    return definition.edge[uid].target
