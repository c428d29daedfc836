"""Ways back to earlier steps: which of them need looking at, and which take nobody away."""

from collections.abc import Iterable, Mapping

from ..definition import Definition
from ..regions import is_on_the_way_back
from .knots import Drawing, Knot, Way
from .tokengame import Game


def nearest(definition: Definition, knots: Mapping[str, Knot], knot: Knot, *, alone: bool) -> list[str]:
    """Those by way of which it may be sent back to all the others, with the same left standing: of a hundred approvals, each of
    which may send back to any before it, a hundred ways, not five thousand. `alone`: there is never more than one token."""
    found, further = list[str](), set[str]()
    back = knot.shape.back & knots.keys()
    for uid in sorted(back, key=lambda uid: (-len(knots[uid].shape.back), uid)):
        if uid in further:
            continue
        found.append(uid)
        via = knots[uid]
        if _hands_on(via) and not knot.fixed and len(via.shape.back) < len(back):
            onward = {step for step in (via.shape.back & back) - further if knots[step].join == "each"}
            further |= {step for step in onward if alone or is_on_the_way_back(definition, step, uid, knot.uid)}
    return found


def _hands_on(knot: Knot) -> bool:
    """May whoever has been sent back here be sent back further at once, as if he had not been here?"""
    return knot.join == "each" and not knot.fixed


def mark_sets(knots: Iterable[Knot]) -> None:
    """In which sets of steps whose tokens may be taken away each of them is."""
    knots = list(knots)
    found = {knot.shape.cancels for knot in knots if knot.shape.cancels}
    found |= {way.clears for knot in knots for way in knot.ways_out if way.clears}
    for knot in knots:
        knot.sets = sum(1 << bit for bit, uids in enumerate(found) if knot.uid in uids)


def drawn_as_lines(drawing: Drawing) -> bool:
    """Ways back which take away nobody but who takes them are as good as lines. Are there such?

    That is so where only one token can be among the steps that would be cleared: all of them are passed one by one, and come to
    by way of the first. Were there two, the one behind could come to where the other stands, over the same way: unsound anyway.
    """
    knots = {knot.uid: knot for knot in drawing.knots}
    backs = [] if drawing.multiple else [way for knot in drawing.knots for way in knot.ways_out if way.clears]
    if not backs:
        return False
    game = Game(drawing)
    regions = [*game.regions.values(), *game.cancelled]
    found = [way for way in backs if _is_line(game, regions, {knots[uid] for uid in way.clears & knots.keys()}, way)]
    for way in found:
        way.clears = frozenset()
    if found:
        mark_sets(drawing.knots)
    return bool(found)


def _is_line(game: Game, regions: list[int], cleared: set[Knot], back: Way) -> bool:
    """Also for the joins that look at who may still come: they look at all of these steps, or at none."""
    if back.source not in cleared or not _passed_one_by_one(back.target, cleared):
        return False
    standing = sum(game.into[knot] for knot in cleared)
    return all(region & standing in (0, standing) for region in regions)


def _passed_one_by_one(first: Knot, cleared: set[Knot]) -> bool:
    reached, todo = {first}, [first]
    while todo:
        knot = todo.pop()
        if knot not in cleared or not knot.is_plain:
            return False
        if knot is not first and any(way.source not in cleared for way in knot.ways_in):
            return False
        onward = [way for way in knot.ways_out if not way.clears]
        if all(way.target.join == "count" for way in onward) and (knot is first or any(way.clears for way in knot.ways_in)):
            return False  # two would not be seen to meet
        new = {way.target for way in onward} & cleared - reached
        reached |= new
        todo += new
    return reached == cleared
