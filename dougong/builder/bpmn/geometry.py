"""Where things stand: places of our cards as boxes of a diagram and back, lines between them, room between cards."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from ..placing import CARD, Place
from .mapping import SIZES

ROOM: Final = (CARD[0] + 32, CARD[1] + 16)  # between the corners of two cards that do not touch
FAR: Final = 10_000_000
STEPS: Final = tuple(1 + n / 10 for n in range(26))  # how far a drawing is stretched, at most 3.5


class Box(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> Place:
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def top(self) -> Place:
        return self.centre[0], self.y

    @property
    def bottom(self) -> Place:
        return self.centre[0], self.y + self.height


def box_of(place: Place, shape: str) -> Box:
    """An event or a gateway stands in the middle of its card."""
    width, height = SIZES[shape]
    return Box(place[0] + (CARD[0] - width) // 2, place[1] + (CARD[1] - height) // 2, width, height)


def line_between(begin: Box, end: Box, *, below: bool = False) -> list[Place]:
    """At right angles: out at the right (or below), in at the left; a way back goes over the top."""
    x1, y1 = begin.bottom if below else (begin.x + begin.width, begin.centre[1])
    x2, y2 = end.x, end.centre[1]
    if below:
        return (
            [(x1, y1), (x1, y2), (x2, y2)]
            if x1 < x2
            else [(x1, y1), (x1, y1 + 24), (x2 - 14, y1 + 24), (x2 - 14, y2), (x2, y2)]
        )
    if y1 == y2 and x1 < x2:
        return [(x1, y1), (x2, y2)]
    if x1 <= x2:
        middle = (x1 + x2) // 2
        return [(x1, y1), (middle, y1), (middle, y2), (x2, y2)]
    over = min(begin.y, end.y) - 20
    return [(x1, y1), (x1 + 14, y1), (x1 + 14, over), (x2 - 14, over), (x2 - 14, y2), (x2, y2)]


# ---- drawings from elsewhere ----


def with_room(centres: Mapping[str, tuple[float, float]], loose: Container[str]) -> tuple[dict[str, Place], float, float]:
    """The corners of our cards, which are wider than the shapes of others: the whole drawing is stretched by as little as keeps
    the cards from covering each other, across and down; who covers another still moves down, so do the `loose` ones, which were
    not drawn. Also by how much it was stretched."""
    firm = [centre for uid, centre in centres.items() if uid not in loose]
    across = _least([(one, 1.0) for one in STEPS], firm)[0]
    down = _least([(across, one) for one in STEPS[:11]], firm)[1]
    found: dict[str, Place] = {}
    taken: dict[Place, list[Place]] = {}
    free: dict[int, int] = {}  # by column: a row below which nothing stands
    for uid in sorted(centres, key=lambda uid: uid in loose):
        x, y = round(centres[uid][0] * across) - CARD[0] // 2, round(centres[uid][1] * down) - CARD[1] // 2
        tries = 0
        while any(_touch((x, y), other) for other in _near(taken, (x, y))):
            tries += 1
            y = y + ROOM[1] if tries < 20 else max(y, free[_cell((x, y))[0]]) + ROOM[1]
        found[uid] = (x, y)
        taken.setdefault(_cell((x, y)), []).append((x, y))
        column = _cell((x, y))[0]
        for near in (column - 1, column, column + 1):
            free[near] = max(free.get(near, y), y)
    return found, across, down


def _least(scales: Sequence[tuple[float, float]], centres: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The first with which as few cards touch as with the last."""
    centres = list(centres)
    unavoidable = _touching(centres, scales[-1])
    return next(scale for scale in scales if _touching(centres, scale, unavoidable) <= unavoidable)


def _touching(centres: Iterable[tuple[float, float]], scale: tuple[float, float], most: int | None = None) -> int:
    """How many stand on another; counted no further than one above `most`."""
    taken: dict[Place, list[Place]] = {}
    found = 0
    for x, y in centres:
        place = (round(x * scale[0]), round(y * scale[1]))
        if any(_touch(place, other) for other in _near(taken, place)):
            found += 1
            if most is not None and found > most:
                break
        else:
            taken.setdefault(_cell(place), []).append(place)
    return found


def _cell(place: Place) -> Place:
    return place[0] // ROOM[0], place[1] // ROOM[1]


def _near(taken: Mapping[Place, list[Place]], place: Place) -> Iterable[Place]:
    column, row = _cell(place)
    for x in (column - 1, column, column + 1):
        for y in (row - 1, row, row + 1):
            yield from taken.get((x, y), ())


def _touch(one: Place, other: Place) -> bool:
    return abs(one[0] - other[0]) < ROOM[0] and abs(one[1] - other[1]) < ROOM[1]
