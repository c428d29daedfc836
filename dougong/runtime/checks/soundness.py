"""Is a workflow sound? From every state that a ticket can come to it can end, nothing is left behind, no step is dead, and
there are never two tokens on one line. All conditions are taken as free, and every step may take any time.

What is well built is taken together first (`reduction`), the rest is explored (`exploration`): exact, unless there are too many
states, which is said. Each problem has a trace: the moves that lead there, which can be played.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ..definition import Definition
from ..problem import Problem
from ..reason import Reason
from .backs import drawn_as_lines
from .drawn import drawn
from .exploration import Explored, explore
from .knots import Drawing, Knot, Moved, Moves, Walk, named, played
from .mending import with_fixes
from .reduction import reduce
from .replay import Replay
from .tokengame import Game, Played

MOST_PROBLEMS: Final = 12
UNKNOWN: Final = "check.not_explored"


@dataclass(frozen=True)
class Verdict:
    """`word`: sound, unsound or unknown; `markings`: how many states were looked at."""

    word: str
    problems: tuple[Problem, ...]
    markings: int


def verdict(definition: Definition) -> Verdict:
    """Of a workflow the shape of whose graph is in order (see `graph`)."""
    found, problems = _judged(definition)
    problems = with_fixes(definition, problems, how_many)
    wrong = any(problem.severity == "error" for problem in problems)
    word = "unsound" if wrong else "sound" if found.complete else "unknown"
    if not found.complete:
        problems = (*problems, Problem(Reason(UNKNOWN, {"states": len(found.markings)}), "warning"))
    return Verdict(word, problems, len(found.markings))


def how_many(definition: Definition) -> int:
    """Problems that are left, as many as are said."""
    found, problems = _judged(definition)
    return len(problems) if found.complete else MOST_PROBLEMS


def _judged(definition: Definition) -> tuple[Explored, tuple[Problem, ...]]:
    """What is wrong is looked for with all that ways back take away, so that its trace can be played."""
    drawing = drawn(definition)
    lines = drawn_as_lines(drawing)
    found, problems = _explored(definition, drawing)
    if lines and (problems or not found.complete):
        exactly = _explored(definition, drawn(definition))
        return exactly if exactly[1] else (found, problems)
    return found, problems


def _explored(definition: Definition, drawing: Drawing) -> tuple[Explored, tuple[Problem, ...]]:
    reduce(drawing)
    found = explore(Game(drawing))
    return found, tuple(_problems(definition, found))


def _problems(definition: Definition, found: Explored) -> list[Problem]:
    problems = [*_clashes(definition, found), *_stuck(definition, found)]
    if not problems:
        problems = [*_endless(definition, found), *_dead(definition, found)]
    return problems[:MOST_PROBLEMS]


def _clashes(definition: Definition, found: Explored) -> Iterator[Problem]:
    """Two tokens on one line: branches that come together without a join, or tokens that grow without bound."""
    said: set[tuple[str, str]] = set()
    for index, move in found.clashes.values():
        replay = _met(definition, [*found.moves_to(index), move])
        edge = replay.clash or next((uid for way in move.gave for uid in way.first), "")
        code, step, edges = _said_of(definition, found, index, move, edge, replay)
        if (code, step) not in said:
            said.add((code, step))
            severity = "warning" if code == "check.multiple_tokens" else "error"
            reason = Reason(code, {"title": definition.node[step].title})
            yield Problem(reason, severity, nodes=(step,), edges=edges, trace=replay.trace)


def _met(definition: Definition, moves: list[Played]) -> Replay:
    """The moves on the steps of the drawing. Where they cannot be made there in this order, such as are found on the steps."""
    replay = Replay(definition).play(lifted(moves))
    if replay.clash is not None:
        return replay
    raw = explore(Game(drawn(definition)))
    index, move = next(iter(raw.clashes.values()), (0, None))
    return Replay(definition).play(lifted([*raw.moves_to(index), move])) if move else replay


def _said_of(
    definition: Definition, found: Explored, index: int, move: Played, edge: str, replay: Replay
) -> tuple[str, str, tuple[str, ...]]:
    """(code, step, edges) of two tokens on an edge: the step where their ways have met, or that which has more and more."""
    step, target = (
        (definition.edge[edge].source, definition.edge[edge].target) if edge in definition.edge else (move.knot.uid,) * 2
    )
    if move.clash in found.meant:
        return "check.multiple_tokens", target, (edge,)
    if _grows(found, index, move):
        return "check.grows", target, (edge,)
    return ("check.no_join", *(replay.meets or (step, (edge,))))


def _grows(found: Explored, index: int, move: Played) -> bool:
    """Are there as many tokens as in a state before, and more? Then it can go on like that for ever."""
    states = [move.marking]
    came = found.came_by[index]
    states.append(found.markings[index])
    while came:
        states.append(found.markings[came[0]])
        came = found.came_by[came[0]]
    if any(earlier & ~move.marking == 0 for earlier in states[1:]):
        return True
    pairs = ((later, earlier) for at, later in enumerate(states) for earlier in states[at + 1 :])
    return any(earlier & ~later == 0 and earlier != later for later, earlier in pairs)


def _stuck(definition: Definition, found: Explored) -> Iterator[Problem]:
    """Nothing can move, and tokens stand at joins."""
    said: set[str] = set()
    for index in found.stuck:
        marked = found.game.marked(found.markings[index])
        knots = _waiting(way.target for way in marked)
        if said.issuperset(knot.uid for knot in knots):
            continue
        said |= {knot.uid for knot in knots}
        replay = Replay(definition).play(lifted(found.moves_to(index)))
        if replay.clash is not None:
            continue  # on the steps of the drawing two tokens meet on this way already: said as such
        replay.settle()
        code = "check.left_behind" if replay.ended else "check.deadlock"
        titles = {"title": definition.node[knots[0].uid].title}
        missing = tuple(edge.uid for edge in definition.into[knots[0].uid] if edge.uid not in replay.standing)
        nodes = tuple(knot.uid for knot in knots)
        yield Problem(Reason(code, titles), nodes=nodes, edges=missing, trace=replay.trace)


def _waiting(knots: Iterable[Knot]) -> list[Knot]:
    """The joins that wait; an inclusive one only waits for others that do."""
    found = list(dict.fromkeys(knots))
    return [knot for knot in found if knot.join != "reaching"] or found


def _endless(definition: Definition, found: Explored) -> Iterator[Problem]:
    for index in found.endless[:1]:
        replay = Replay(definition).play(lifted(found.moves_to(index)))
        steps = dict.fromkeys(definition.edge[uid].target for uid in replay.standing if uid in definition.edge)
        nodes = tuple(steps) or (definition.start.uid,)
        yield Problem(Reason("check.livelock", {"title": definition.node[nodes[0]].title}), nodes=nodes, trace=replay.trace)


def _dead(definition: Definition, found: Explored) -> Iterator[Problem]:
    if not found.complete or found.endless:
        return
    game = found.game
    never = [knot.members for knot in game.drawing.knots if knot not in found.moved]
    never += [way.members for way in game.ways if way.target.join != "count" and not found.stood & game.full[way]]
    for uid in sorted({uid for members in never for uid in named(members)} & definition.node.keys()):
        yield Problem(Reason("check.dead_step", {"title": definition.node[uid].title}), nodes=(uid,))


def lifted(moves: Iterable[Played]) -> Iterator[tuple[str, list[Moved]]]:
    """What knots have played, as the steps of the drawing play it, each time with the edge over which the token had come."""
    for move in moves:
        yield move.took[0].last, list(played(_lifted(move)))


def _lifted(move: Played) -> Moves:
    """A token goes on as far as the way leads, before anything else moves."""
    knot, onward = move.knot, tuple(way.path for way in move.gave)
    if not move.gave:
        swallowed = knot.join == "count" and bool(knot.ways_out)
        return Moved(knot.uid) if swallowed else knot.finish
    if len(move.gave) == 1 and move.gave[0].alone:
        (way,) = move.gave
        walk = Walk(knot.inner, move.took[0].into, way.out_of) if knot.inner else ()
        return (knot.before, walk, Moved(way.out_of, way.first), onward)
    firsts = tuple(uid for way in move.gave for uid in way.first)
    return (knot.before, Moved(knot.uid, (*firsts, *knot.also)), knot.after, onward)
