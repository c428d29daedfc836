"""How the lines of a drawing run: right-angled, out at the right of a box, in at the left of one, around all others.

A* over the lanes beside the boxes: short, with few corners, apart from the lines between other boxes where there is room.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from heapq import heappop, heappush
from itertools import pairwise
from typing import Final

Point = tuple[int, int]
Line = list[Point]
Place = tuple[int, int, int]  # where two lanes cross, and the way one goes there
Stretch = tuple[int, int, bool]  # from a crossing to the next one, eastwards (True) or southwards

ROOM: Final = 10  # from a box to the nearest lane
LANE: Final = 8  # from that to the next
LANES: Final = 2  # on each side of a box
CORNER: Final = 40  # what a corner costs, in pixels
SHARED: Final = 3  # what a pixel costs besides where a line between other boxes runs
FAR: Final = 1 << 60
MOST_TRIED: Final = 10_000  # places on the search for one line; beyond, it is plain
MOST_IN_ALL: Final = 60_000  # less than half a second

EAST, WEST, SOUTH, NORTH = range(4)
STEPS: Final = ((1, 0), (-1, 0), (0, 1), (0, -1))
ONWARD: Final = ((EAST, SOUTH, NORTH), (WEST, SOUTH, NORTH), (SOUTH, EAST, WEST), (NORTH, EAST, WEST))


def lines(boxes: Mapping[str, Point], size: Point, ends: Iterable[tuple[str, str, str]]) -> dict[str, Line]:
    """`boxes`: their top left corners; `ends`: uid, source and target of each line. The shortest choose first."""
    wide, tight = _Roads(boxes, size, ROOM), _Roads(boxes, size, 0)  # where boxes stand close, along their sides
    found = {}
    for uid, source, target in sorted(ends, key=lambda one: _apart(boxes[one[1]], boxes[one[2]])):
        out = (boxes[source][0] + size[0], boxes[source][1] + size[1] // 2)
        into = (boxes[target][0], boxes[target][1] + size[1] // 2)
        way = (out, into, (source, target))
        found[uid] = wide.line(*way) or tight.line(*way) or _plain(out, into, size[1])
    return found


class _Roads:
    """The lanes, where boxes block them, and between which boxes lines run there already."""

    def __init__(self, boxes: Mapping[str, Point], size: Point, room: int) -> None:
        self.room = room
        self.xs = _lanes([x for x, _ in boxes.values()], size[0], room)
        self.ys = sorted(
            {*_lanes([y for _, y in boxes.values()], size[1], room), *(y + size[1] // 2 for _, y in boxes.values())}
        )
        self.blocked: set[Stretch] = set()
        self.taken: dict[Stretch, set[tuple[str, str]]] = {}
        self.tried = 0
        for x, y in set(boxes.values()):
            self._block((x - room, x + size[0] + room), (y - room, y + size[1] + room))

    def _block(self, across: Point, down: Point) -> None:
        left, right = bisect_right(self.xs, across[0]), bisect_left(self.xs, across[1])
        top, bottom = bisect_right(self.ys, down[0]), bisect_left(self.ys, down[1])
        self.blocked.update((x, y, True) for x in range(left - 1, right) for y in range(top, bottom))
        self.blocked.update((x, y, False) for x in range(left, right) for y in range(top - 1, bottom))

    def line(self, out: Point, into: Point, ends: tuple[str, str]) -> Line | None:
        begin = (bisect_left(self.xs, out[0] + self.room), bisect_left(self.ys, out[1]), EAST)
        end = (bisect_left(self.xs, into[0] - self.room), bisect_left(self.ys, into[1]), EAST)
        places = self._search(begin, end, ends)
        if not places:
            return None
        for before, place in pairwise(places):
            self.taken.setdefault(_stretch(before, place[2]), set()).add(ends)
        return _corners([out, *((self.xs[x], self.ys[y]) for x, y, _ in places), into])

    def _search(self, begin: Place, end: Place, ends: tuple[str, str]) -> list[Place]:
        """The places from one crossing to the next; none: there is no way, or it is too long a search."""
        came: dict[Place, Place] = {}
        cost = {begin: 0}
        left = self._least(begin, end)
        todo = [(left, left, begin)]
        most = min(self.tried + MOST_TRIED, MOST_IN_ALL)
        while todo and self.tried < most:
            self.tried += 1
            known, left, place = heappop(todo)
            if place == end:
                return _back(came, place)
            if known - left > cost[place]:  # a shorter way there has been found since
                continue
            for way in ONWARD[place[2]]:
                after = (place[0] + STEPS[way][0], place[1] + STEPS[way][1], way)
                price = self._price(place, after, ends)
                if price is not None and cost[place] + price < cost.get(after, FAR):
                    cost[after], came[after] = cost[place] + price, place
                    left = self._least(after, end)
                    heappush(todo, (cost[after] + left, left, after))
        return []

    def _price(self, place: Place, after: Place, ends: tuple[str, str]) -> int | None:
        """None: there is no way on."""
        x, y, way = after
        stretch = _stretch(place, way)
        if not (0 <= x < len(self.xs) and 0 <= y < len(self.ys)) or stretch in self.blocked:
            return None
        far = abs(self.xs[x] - self.xs[place[0]]) + abs(self.ys[y] - self.ys[place[1]])
        shared = any(source != ends[0] and target != ends[1] for source, target in self.taken.get(stretch, ()))
        return far * (1 + SHARED * shared) + CORNER * (way != place[2])

    def _least(self, place: Place, end: Place) -> int:
        """What is still to come at least: the way itself, and its corners."""
        right, down = self.xs[end[0]] - self.xs[place[0]], self.ys[end[1]] - self.ys[place[1]]
        match place[2]:
            case 0:
                corners = 4 if right < 0 else 2 if down else 0
            case 1:
                corners = 2
            case _:
                corners = 3 if right < 0 else 1
        return abs(right) + abs(down) + CORNER * corners


def _lanes(sides: Iterable[int], long: int, room: int) -> list[int]:
    beside = [room + LANE * index for index in range(LANES)]
    return sorted({lane for side in sides for far in beside for lane in (side - far, side + long + far)})


def _stretch(place: Place, way: int) -> Stretch:
    x, y, _ = place
    return (x - (way == WEST), y - (way == NORTH), way in (EAST, WEST))


def _back(came: Mapping[Place, Place], place: Place) -> list[Place]:
    found = [place]
    while place in came:
        found.append(place := came[place])
    return found[::-1]


def _corners(points: Line) -> Line:
    """Without the points of a straight stretch."""
    within = zip(points, points[1:], points[2:], strict=False)
    corners = [
        here for before, here, after in within if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1])
    ]
    return [points[0], *corners, points[-1]]


def _plain(out: Point, into: Point, high: int) -> Line:
    """Straight on, whatever stands there; a way back goes over the top."""
    if into[0] >= out[0]:
        middle = (out[0] + into[0]) // 2
        return [out, (middle, out[1]), (middle, into[1]), into]
    right, left, over = out[0] + ROOM, into[0] - ROOM, min(out[1], into[1]) - high // 2 - ROOM
    return [out, (right, out[1]), (right, over), (left, over), (left, into[1]), into]


def _apart(one: Point, other: Point) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])
