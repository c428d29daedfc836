"""What is still to come of a ticket: how many steps for people, one after another, and how long that usually takes.

Along the ways that are still open: of branches beside each other the longest counts, of alternatives each by how often it was
taken in the past, and a way that only leads back to where one has been does not count: every loop is gone through once. What
the past does not tell often enough is not known; where it was rarely gone to, what is usual is told without it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

import networkx as nx

from .definition import Definition, Edge
from .nodes import NODE_TYPES
from .past import LEAST, Past
from .route import Route, rivals
from .shape import Shape

MOST: Final = 0.75
ROOT: Final = ""  # no step: what all places hang on where the ticket stands now


class Outlook(NamedTuple):
    """`fewest`, `most`: steps for people, whichever way it goes; `likely`: on average. `left`: time until it is done.

    None: not known.
    """

    fewest: int
    most: int
    likely: float | None
    left: timedelta | None


UNKNOWN: Final = Outlook(0, 0, None, None)


@dataclass(frozen=True)
class _Ahead:
    definition: Definition
    ways: Mapping[str, bool]
    past: Past
    rest: dict[str, Outlook]


def outlook(definition: Definition, route: Route, standing: Iterable[tuple[str, timedelta]], past: Past) -> Outlook | None:
    """`standing`: where the ticket stands, and for how long already. None: nothing leads to an end."""
    places = [(uid, stood) for uid, stood in standing if uid in definition.node]
    graph = nx.DiGraph([(edge.source, edge.target) for edge in definition.edges if edge.uid in route.ways])
    graph.add_edges_from((ROOT, uid) for uid, _ in places)
    if not places:
        return None
    ahead = _Ahead(definition, route.ways, past, {})
    for uid in nx.dfs_postorder_nodes(graph, ROOT):  # a step comes after all that it leads to, but for what it is led back to
        onward = _onward(ahead, uid) if uid != ROOT else None
        if onward is not None:
            ahead.rest[uid] = _with_step(ahead, uid, onward)
    left = {
        uid: _less(ahead.rest[uid], min(stood, _took(ahead, uid) or timedelta())) for uid, stood in places if uid in ahead.rest
    }
    against = rivals(definition, (uid for uid, _ in places))
    racing = set[str]().union(*against.values(), (race for race, several in against.items() if several))
    found = [one for uid, one in left.items() if uid not in racing]
    found += [_first(known) for several in against.values() if (known := [left[uid] for uid in several if uid in left])]
    return _extreme(max, found) if found else None


def _with_step(ahead: _Ahead, uid: str, onward: Outlook) -> Outlook:
    family, shape = _kind(ahead.definition, uid)
    person, took = int(family == "people" and shape.waits), _took(ahead, uid)
    likely = None if onward.likely is None else onward.likely + person
    left = None if onward.left is None or took is None else onward.left + took
    return Outlook(onward.fewest + person, onward.most + person, likely, left)


def _took(ahead: _Ahead, uid: str) -> timedelta | None:
    """How long the step itself takes. At a join nothing is waited for that does not count already."""
    _, shape = _kind(ahead.definition, uid)
    return ahead.past.took.get(uid) if shape.waits else timedelta()


def _onward(ahead: _Ahead, uid: str) -> Outlook | None:
    """What comes after a step. None: no way leads on."""
    if not ahead.definition.out[uid]:
        return Outlook(0, 0, 0, timedelta())
    choices = [(ways[0], known) for ways in _choices(ahead, uid) if (known := _together(ahead, uid, ways))]
    if len(choices) < 2:
        return choices[0][1] if choices else None
    weighed = [(weight, one) for way, one in choices if (weight := ahead.past.taken.get(way.uid, 0))]
    return Outlook(
        _extreme(min, (one for _, one in choices)).fewest,
        _extreme(max, (one for _, one in choices)).most,
        _mean([(weight, one.likely) for weight, one in weighed], 0.0),
        _mean([(weight, one.left) for weight, one in weighed], timedelta()),
    )


def _mean(weighed: Sequence[tuple[int, Any]], nothing: Any) -> Any:
    """Of what is known, if that is most of what happened: a way that was rarely taken does not keep one from telling what is
    usual. None: too little is known."""
    known = [(weight, value) for weight, value in weighed if value is not None]
    total, told = sum(weight for weight, _ in weighed), sum(weight for weight, _ in known)
    if total < LEAST or told < MOST * total:
        return None
    return sum((weight * value for weight, value in known), nothing) / told


def _choices(ahead: _Ahead, uid: str) -> Iterator[list[Edge]]:
    """The ways that are still open, as alternatives: each those that are taken together, the most usual first."""
    _, shape = _kind(ahead.definition, uid)
    still = [edge for edge in ahead.definition.out[uid] if edge.uid in ahead.ways]
    beside = [edge for edge in still if edge.on is None and not edge.default]
    if shape.split == "one" and not shape.races:
        beside = []
    if beside:
        yield sorted(beside, key=lambda edge: -ahead.past.taken.get(edge.uid, 0))
    yield from ([edge] for edge in still if edge not in beside)


def _together(ahead: _Ahead, uid: str, ways: Sequence[Edge]) -> Outlook | None:
    """Of branches beside each other the longest; of a race the shortest, or whichever wins."""
    _, shape = _kind(ahead.definition, uid)
    known = {edge.uid: ahead.rest[edge.target] for edge in ways if edge.target in ahead.rest}
    if not known:
        return None
    if shape.races:
        return _first(known.values())
    if shape.split == "some" and len(known) > 1:
        return _some(ahead, known)
    return _extreme(max, known.values())


def _some(ahead: _Ahead, known: Mapping[str, Outlook]) -> Outlook:
    """An inclusive split: at least what is certain; usually what is taken at least every second time that the most usual is."""
    taken = {uid: ahead.past.taken.get(uid, 0) for uid in known}
    often = max(taken.values())
    sure = [one for uid, one in known.items() if ahead.ways[uid]]
    usual = [one for uid, one in known.items() if ahead.ways[uid] or 2 * taken[uid] >= often]
    fewest = _extreme(max, sure).fewest if sure else _extreme(min, known.values()).fewest
    guess = _extreme(max, usual) if often >= LEAST or len(sure) == len(known) else UNKNOWN
    return Outlook(fewest, _extreme(max, known.values()).most, guess.likely, guess.left)


def _extreme(pick: Callable[[Iterable[Any]], Any], several: Iterable[Outlook]) -> Outlook:
    """The longest (max) or shortest (min), figure by figure; what is not known of one is not known of all."""
    fewest, most, likely, left = zip(*several, strict=True)
    return Outlook(pick(fewest), pick(most), None if None in likely else pick(likely), None if None in left else pick(left))


def _first(several: Collection[Outlook]) -> Outlook:
    """Of those of which one will go on: usually the shortest."""
    return _extreme(min, several)._replace(most=_extreme(max, several).most)


def _less(one: Outlook, stood: timedelta) -> Outlook:
    return one._replace(left=None if one.left is None else one.left - stood)


def _kind(definition: Definition, uid: str) -> tuple[str, Shape]:
    """The family of a step, and how it passes tokens."""
    node = definition.node[uid]
    kind = NODE_TYPES.get(node.type)
    return (kind.family, kind.shape(definition, node)) if kind else ("", Shape())
