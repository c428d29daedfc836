"""What is well built is taken together: sequences, choices, loops, and blocks that open and close again become one way.

Each rule keeps the verdict: the drawing before is sound if and only if that after it is. Steps take any time, so that a token
that could go on by itself may be taken to have gone on. Where a rule would hide something (a token that stays behind in a loop,
one that may be taken away from here but not from there) it does not apply.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import networkx as nx

from ..shape import Shape
from .knots import Drawing, Knot, Moved, Way, left, through

_CHOICE: Final = Shape()


def reduce(drawing: Drawing) -> None:
    """In place, until no rule applies any more."""
    if drawing.multiple:
        return
    todo = dict.fromkeys(drawing.knots)
    while todo:
        while todo:
            knot = next(iter(todo))
            del todo[knot]
            if knot.members:
                todo |= dict.fromkeys(_reduced(knot))
        drawing.knots = [knot for knot in drawing.knots if knot.members]
        todo = dict.fromkeys(_circles_closed(drawing.knots))
    drawing.knots = [knot for knot in drawing.knots if knot.members]


def _reduced(knot: Knot) -> Iterable[Knot]:
    """The knots that have to be looked at again because one rule applied; none where none did."""
    for rule in RULES:
        if found := rule(knot):
            return found
    return ()


def _twin_ways(knot: Knot) -> Iterable[Knot]:
    """Two ways between the same knots are one where both are always taken together, or where it makes no difference which."""
    if len(knot.ways_out) < 2:
        return ()
    seen: dict[tuple[Knot, bool], Way] = {}
    found: list[Knot] = []
    for way in list(knot.ways_out):
        other = seen.setdefault((way.target, way.alone), way)
        if other is way or not _are_twins(knot, way, other):
            continue
        if not way.alone and knot.shape.split == "all":
            other.path = (other.path, way.path)
            knot.also = (*knot.also, *way.first)
        other.members = (other.members, way.members)
        _cut(way)
        found += [knot, way.target]
    if found and len(group := knot.group) == 1:
        _alone(knot, group[0])
    return found


def _are_twins(knot: Knot, way: Way, other: Way) -> bool:
    if way.clears != other.clears or way.capped or other.capped or knot.shape.races:
        return False
    if way.alone:
        return way.target.join in ("each", "reaching")
    return way.target.join == "reaching" or (way.target.join == "all" and knot.shape.split == "all")


def _shows(ways: Iterable[Way]) -> bool:
    """Would two tokens be seen on one of these? Who comes to a join that counts does not stand there."""
    return any(way.target.join != "count" for way in ways)


def _alone(knot: Knot, way: Way) -> None:
    """The last of those that were taken together."""
    way.alone = True
    way.first = (*way.first, *knot.also)
    way.path = (knot.after, way.path)
    knot.also, knot.after = (), ()


def _single_join(knot: Knot) -> Iterable[Knot]:
    """Whoever has one way in only waits for nobody. A join that counts stays one: nobody is seen standing before it."""
    if knot.join in ("each", "count") or len(knot.ways_in) != 1:
        return ()
    (way,) = knot.ways_in
    way.path = (way.path, knot.before)
    knot.join, knot.before = "each", ()
    return (knot, *([way.source] if way.source else []))


def _circle(knot: Knot) -> Iterable[Knot]:
    """A way that leads back to where it began, where one may also go on."""
    if not knot.is_plain:
        return ()
    circles = [way for way in knot.ways_out if way.target is knot]
    others = [way for way in knot.ways_out if way.target is not knot]
    if not circles or all(way.capped for way in others) or not _shows(others):
        return ()
    for way in circles:
        knot.members = (knot.members, way.members)
        _cut(way)
    return (knot, *_around(knot))


def _sequence(knot: Knot) -> Iterable[Knot]:
    """One way in, one way out: both become one."""
    if not (knot.is_plain and len(knot.ways_in) == 1 and len(knot.ways_out) == 1):
        return ()
    (into,), (out,) = knot.ways_in, knot.ways_out
    if not _may_skip(knot, out) or into.source is None or into.source.shape.races or into.source is knot:
        return ()
    target = out.target
    into.path = (into.path, through(knot, into, out), out.path)
    into.into, into.last, into.target = out.into, out.last, target
    into.members = (into.members, knot.members, out.members)
    del target.ways_in[out]
    target.ways_in[into] = None
    _gone(knot)
    return (into.source, target)


def _may_skip(knot: Knot, out: Way) -> bool:
    """May a token that stands on the knot be taken to stand on the next one already?"""
    return (
        knot.sets == out.target.sets
        and not out.capped
        and out.target.join != "count"
        and not out.clears
        and out.target is not knot
    )


def _merge(knot: Knot) -> Iterable[Knot]:
    """Where alternatives only come together they may do so at the next knot, if they go on from there one by one and the first
    does not take away the second."""
    if not (knot.is_plain and len(knot.ways_out) == 1 and knot.ways_in):
        return ()
    (out,) = knot.ways_out
    target = out.target
    if not _may_skip(knot, out) or target.join != "each" or not target.ways_out:
        return ()
    if any(way.source is None or way.source.shape.races for way in knot.ways_in) or target.uid in target.shape.cancels:
        return ()
    if not _shows(way for way in target.ways_out if not way.clears):
        return ()
    for way in knot.ways_in:
        way.path = (way.path, through(knot, way, out), out.path)
        way.into, way.last, way.target = out.into, out.last, target
        target.ways_in[way] = None
    target.members = (target.members, knot.members, out.members)
    del target.ways_in[out]
    sources = [way.source for way in knot.ways_in if way.source]
    _gone(knot)
    return (target, *sources)


def _tree(knot: Knot) -> Iterable[Knot]:
    """A choice right after a choice is one choice. (Not where whoever comes to the second is no longer waited for, yet may be
    sent back.)"""
    if not (knot.is_plain and len(knot.ways_in) == 1 and knot.ways_out):
        return ()
    (into,) = knot.ways_in
    source = into.source
    if source is None or source is knot or not source.is_plain or source.sets != knot.sets:
        return ()
    if into.clears or into.capped or not _shows(knot.ways_out):
        return ()
    if source.late != knot.late and any(way.clears for way in knot.ways_out):
        return ()
    for way in knot.ways_out:
        way.path = (into.path, through(knot, into, way), way.path)
        way.first, way.out_of, way.source = into.first, into.out_of, source
        source.ways_out[way] = None
    return _taken_into(source, into, knot)


def _taken_into(source: Knot, into: Way, knot: Knot) -> Iterable[Knot]:
    """The knot is part of the one before it, which has its ways out already."""
    source.members = (source.members, into.members, knot.members)
    del source.ways_out[into]
    targets = [way.target for way in knot.ways_out]
    _gone(knot)
    return (source, *targets)


def _race(knot: Knot) -> Iterable[Knot]:
    """The first event wins: where each of them could, that is a choice."""
    if not knot.shape.races or knot.shape.cancels or not knot.ways_out or any(way.alone for way in knot.ways_out):
        return ()
    if not all(way.target.is_plain and way.target is not knot and way.target.sets == knot.sets for way in knot.ways_out):
        return ()
    firsts = tuple(uid for way in knot.ways_out for uid in way.first)
    for way in knot.ways_out:
        way.first, way.alone = firsts, True
    knot.shape, knot.fixed = replace(knot.shape, races=False), False
    return (knot, *_around(knot))


def _forks(knot: Knot) -> Iterable[Knot]:
    """A fork right after a fork is one fork. (Not before a join that counts: whoever comes there sooner than he could may take
    the others away. Nor where one who is taken away before he forks would have taken branches with him that are not.)"""
    if not (knot.forks and knot.join == "each" and len(knot.ways_in) == 1 and not knot.fixed):
        return ()
    (into,) = knot.ways_in
    source = into.source
    together = all(not way.alone and way.target.sets == knot.sets and way.target.join != "count" for way in knot.ways_out)
    if source is None or source is knot or not together or into.alone or not source.forks or not _shows(knot.ways_out):
        return ()
    if any(knot.late & ~way.target.late for way in knot.ways_out):
        return ()
    source.also = (*source.also, *into.first)
    firsts = tuple(uid for way in knot.ways_out for uid in way.first)
    source.after = (source.after, into.path, knot.before, Moved(knot.uid, (*firsts, *knot.also)), knot.after)
    for way in knot.ways_out:
        way.source, way.out_of, way.first = source, into.out_of, ()
        source.ways_out[way] = None
    return _taken_into(source, into, knot)


def _joins(knot: Knot) -> Iterable[Knot]:
    """A join right before a join is one join."""
    if knot.join != "all" or len(knot.ways_out) != 1 or knot.fixed:
        return ()
    (out,) = knot.ways_out
    target = out.target
    if target.join != "all" or not _may_skip(knot, out) or not out.alone or target.fixed:
        return ()
    for way in knot.ways_in:
        way.into, way.target = out.into, target
        target.ways_in[way] = None
    target.before = (target.before, left(knot, out), out.path)
    target.members = (target.members, knot.members, out.members)
    del target.ways_in[out]
    sources = [way.source for way in knot.ways_in if way.source]
    _gone(knot)
    return (target, *sources)


def _only_ends(knot: Knot) -> Iterable[Knot]:
    """Whoever comes here ends in any case. (Over two ways in, two might meet on the way out.)"""
    if not (knot.is_plain and knot.ways_out and len(knot.ways_in) == 1) or knot.inner:
        return ()
    if not all(
        way.target.is_end and way.target.sets == knot.sets and not way.clears and not way.capped for way in knot.ways_out
    ):
        return ()
    (out, *_), (into,) = knot.ways_out, knot.ways_in
    if into.source is not None and into.source.shape.races:
        return ()
    knot.finish = (left(knot, out), out.path, out.target.finish)
    for way in list(knot.ways_out):
        knot.members = (knot.members, way.members)
        _leave_end(knot, way)
    return (knot, *([into.source] if into.source else []))


def _end_of_branch(knot: Knot) -> Iterable[Knot]:
    """A branch that ends by itself keeps nobody waiting. In a loop it may still be under way when it begins
    anew, and where nothing else is left of the fork two tokens might meet on it."""
    if not knot.forks or knot.cyclic or knot.fixed:
        return ()
    ends = [way for way in knot.group if way.target.is_end and way.target.sets == knot.sets]
    if ends == knot.group and any(way.alone for way in knot.ways_out):
        ends = ends[1:]  # that all may end is one way to go on, beside the others
    others = [way for way in knot.ways_out if way not in ends]
    if not ends or (others and not _shows(others)):
        return ()
    if not others and not (knot.join == "each" and len(knot.ways_in) == 1):
        return ()
    for way in ends:
        knot.also = (*knot.also, *way.first)
        knot.after = (knot.after, way.path, way.target.finish)
        knot.members = (knot.members, way.members)
        _leave_end(knot, way)
    if not knot.ways_out:
        knot.finish = (knot.before, Moved(knot.uid, knot.also), knot.after)
        knot.before, knot.also, knot.after = (), (), ()
        knot.shape = _CHOICE
    elif len(group := knot.group) == 1:
        _alone(knot, group[0])
    return (knot, *_around(knot))


def _counted(knot: Knot) -> Iterable[Knot]:
    """A fork all of whose branches lead straight to a join that waits for some of them. Those that are late are swallowed
    there, or cancelled; in a loop they may be late for the next round."""
    if knot.join != "count" or knot.fixed or (knot.shape.rest != "cancelled" and knot.cyclic):
        return ()
    straight = [_straight(way) for way in knot.ways_in]
    fork = straight[0][0].source if straight and straight[0] else None
    if fork is None or not all(ways and ways[0].source is fork for ways in straight) or not fork.forks or fork.fixed:
        return ()
    if len(fork.ways_out) != len(straight) or len(straight) < knot.shape.needs or fork.sets != knot.sets:
        return ()
    for ways in straight:
        for way in ways[1:]:
            if way.source is None or way.source.sets != knot.sets:
                return ()
    at_once = sum(len(ways) == 1 for ways in straight)
    if knot.shape.rest == "cancelled" and knot.shape.needs <= at_once < len(straight):
        return ()  # the others are cancelled before anybody does anything there
    return _block_closed(fork, knot, sorted(straight, key=len))


def _straight(way: Way) -> list[Way]:
    """The ways that lead from a fork to here, with one knot between them at most."""
    source = way.source
    if source is None:
        return []
    if not way.alone:
        return [way]
    if source.is_plain and len(source.ways_in) == 1 and len(source.ways_out) == 1 and not way.clears:
        (into,) = source.ways_in
        return [] if into.alone or into.source is None else [into, way]
    return []


def _block_closed(fork: Knot, join: Knot, straight: list[list[Way]]) -> Iterable[Knot]:
    firsts = tuple(uid for into, *_ in straight for uid in into.first)
    moves = [
        (into.path, *(move for way in rest for move in ((through(way.source, into, way) if way.source else ()), way.path)))
        for into, *rest in straight
    ]
    needs = join.shape.needs
    late = tuple((one, Moved(join.uid)) for one in moves[needs:]) if join.shape.rest != "cancelled" else ()
    ways = [way for one in straight for way in one]
    between = [way.source for one in straight for way in one[1:] if way.source]
    members = tuple((way.members, way.source.members if way.source in between else ()) for way in ways)
    for way in ways:
        fork.ways_out.pop(way, None)
        join.ways_in.pop(way, None)
    for knot in between:
        _gone(knot)
    path = (fork.after, tuple(moves[:needs]))
    one = Way(fork, join, fork.uid, join.uid, (*firsts, *fork.also), path=path, members=members)
    fork.ways_out[one] = join.ways_in[one] = None
    fork.also, fork.after = (), ()
    join.join, join.shape = "each", _CHOICE
    for way in join.ways_out:
        way.path = (late, way.path)
    return (fork, join)


def _circles_closed(knots: list[Knot]) -> Iterable[Knot]:
    """Plain knots that lead round in circles are one: a token within may go to any of them."""
    plain = [knot for knot in knots if knot.is_plain]
    graph = nx.DiGraph(
        (knot, way.target)
        for knot in plain
        for way in knot.ways_out
        if way.target.is_plain and way.target.sets == knot.sets and not way.clears and not way.capped
    )
    found: list[Knot] = []
    for component in nx.strongly_connected_components(graph):
        if len(component) > 1 and _leads_out(component):
            found += _one_of(sorted(component, key=lambda knot: knot.uid))
    return found


def _leads_out(component: set[Knot]) -> bool:
    inside = all(way.source is not None and not way.source.shape.races for knot in component for way in knot.ways_in)
    return inside and _shows(way for knot in component for way in knot.ways_out if way.target not in component)


def _one_of(knots: list[Knot]) -> list[Knot]:
    first, *others = knots
    together = set(knots)
    inner = [way for knot in knots for way in knot.ways_out if way.target in together and not way.clears and not way.capped]
    first.inner = [*(way for knot in knots for way in knot.inner), *inner]
    first.members = tuple((knot.members, *(way.members for way in knot.ways_out if way.target in together)) for knot in knots)
    for way in inner:
        _cut(way)
    for knot in others:
        for way in knot.ways_in:
            way.target = first
            first.ways_in[way] = None
        for way in knot.ways_out:
            way.source = first
            first.ways_out[way] = None
        _gone(knot)
    return [first, *_around(first)]


def _around(knot: Knot) -> list[Knot]:
    sources = [way.source for way in knot.ways_in if way.source]
    return [*sources, *(way.target for way in knot.ways_out)]


def _cut(way: Way) -> None:
    if way.source:
        way.source.ways_out.pop(way, None)
    way.target.ways_in.pop(way, None)


def _leave_end(knot: Knot, way: Way) -> None:
    """An end to which no way leads any more is said with what led there."""
    _cut(way)
    if not way.target.ways_in and way.target.members:
        knot.members = (knot.members, way.target.members)
        _gone(way.target)


def _gone(knot: Knot) -> None:
    knot.members = ()


RULES: Final = (
    _twin_ways,
    _single_join,
    _circle,
    _sequence,
    _merge,
    _tree,
    _race,
    _forks,
    _joins,
    _only_ends,
    _end_of_branch,
    _counted,
)
