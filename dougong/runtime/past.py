"""What finished tickets tell: how long each step took, and how often each way was taken. Read from their history."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any, Final

LEAST: Final = 5  # with fewer visits nothing is said

Line = tuple[str, str, Sequence[Sequence[Any]]]  # (ticket, moment, trail) of one line of history
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Past:
    """`took`: by step the median of its visits, where there were enough; `taken`: by way how often it was taken."""

    tickets: int = 0
    took: Mapping[str, timedelta] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)


def past(lines: Iterable[Line]) -> Past:
    """The lines of each ticket in their order."""
    known = list(lines)
    visits: dict[str, list[timedelta]] = defaultdict(list)
    for (_, node), stretches in _followed(known)[0].items():
        visits[node] += _apart(stretches)
    took = {node: median_low(found) for node, found in visits.items() if len(found) >= LEAST}
    taken = Counter(edge for _, _, trail in known for move in trail for edge in move[3])
    return Past(len({ticket for ticket, _, _ in known}), took, taken)


def standing_since(lines: Iterable[Line]) -> dict[tuple[str, int], datetime]:
    """Since when each token has been waiting where it stands, by ticket and number."""
    return _followed(lines)[1]


def _followed(lines: Iterable[Line]) -> tuple[Mapping[tuple[str, str], list[Stretch]], dict[tuple[str, int], datetime]]:
    """By ticket and step: when something was waited for there; and who still waits, by ticket and token."""
    since: dict[tuple[str, int], datetime] = {}
    found: dict[tuple[str, str], list[Stretch]] = defaultdict(list)
    for ticket, moment, trail in lines:
        at = datetime.fromisoformat(moment)
        for token, node, outcome, _ in trail:
            if outcome == "wait":
                since.setdefault((ticket, token), at)
                continue
            start = since.pop((ticket, token), at)
            if outcome == "go":
                found[ticket, node].append((start, at))
    return found, since


def _apart(stretches: Iterable[Stretch]) -> list[timedelta]:
    """How long each visit took. Stretches that overlap, as of those who sign beside each other, are one visit."""
    merged: list[Stretch] = []
    for start, end in sorted(stretches, key=lambda one: (one[0], -one[1].timestamp())):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return [end - start for start, end in merged]
