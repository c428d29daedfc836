"""What a set of comparisons can tell apart: where a value falls (`place_of`), and a value for every such place (`examples`).

Two values in one place get the same answer from every one of the comparisons. So a table looks a place up instead of asking
each rule, and the checks go through finitely many examples and are exact. The operators themselves always decide; of those that
are not named here nothing is known beforehand, and the checks say that they are not exact.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import chain, combinations, pairwise
from typing import Any, Final, NamedTuple

from .values import comparable, missing, number, plain

MAX_WORDS: Final = 6  # parts of a text, or options of a multiple choice, that are looked at in every combination
ORDERED: Final = ("number", "date", "datetime")
WHOLE: Final = ("equals", "not_equals", "one_of", "not_one_of", "empty", "not_empty", "is_true", "is_false")
WHOLLY: Final = ("text", "choice", "boolean")  # kinds whose values may be asked for as a whole
BOUNDS: Final = (
    "greater", "at_least", "less", "at_most", "between", "not_between", "after", "before", "on_or_after", "on_or_before",
)  # fmt: skip
AREAS: Final = ("within", "not_within")
SETS: Final = ("includes", "includes_any", "includes_all", "includes_none", "includes_only", "same_choices")
PARTS: Final[Mapping[str, str]] = {  # of a text: where it stands that is asked for
    "starts_with": "begin", "starts_with_any": "begin", "not_starts_with": "begin",
    "ends_with": "end", "ends_with_any": "end", "not_ends_with": "end",
    "contains": "inside", "not_contains": "inside", "contains_any": "inside", "contains_none": "inside",
    "contains_all": "inside",
}  # fmt: skip
_MORE: Final[Mapping[str, Iterable[str]]] = {
    **dict.fromkeys(ORDERED, BOUNDS), "region": AREAS, "choices": SETS, "text": PARTS
}  # fmt: skip
PROVINCES: Final = (
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45",
    "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
)  # fmt: skip

Atom = Mapping[str, Any]  # {"operator", "value"?}: a comparison without its field
Place = Callable[[Any], Hashable]


class Examples(NamedTuple):
    """A value for every place, as JSON; None, the missing one, last. Not `exact`: there may be places without one."""

    values: tuple[Any, ...]
    exact: bool = True


def place_of(kind: str, atoms: Sequence[Atom]) -> Place | None:
    """The place of a value, already comparable; None where each comparison has to be asked (parts of texts)."""
    if not understood(kind, atoms):
        return None
    if kind in ORDERED:
        bounds = sorted(set(operands(atoms, kind)))
        return lambda value: _at(bounds, value)
    if wholly(kind, atoms):
        named = frozenset(operands(atoms, kind))
        return lambda value: value if value in named or isinstance(value, bool) else ("other",)
    if kind == "region":
        areas = frozenset(operands(atoms, kind))
        lengths = sorted({len(area) for area in areas}, reverse=True)
        return lambda value: next((value[:length] for length in lengths if value[:length] in areas), ("other",))
    return None


def understood(kind: str, atoms: Iterable[Atom]) -> bool:
    """Is it known of all these comparisons what in a value they go by?"""
    return {atom["operator"] for atom in atoms} <= {*WHOLE, *_MORE.get(kind, ())}


def wholly(kind: str, atoms: Iterable[Atom]) -> bool:
    """Do they ask only whether it is the one value or the other?"""
    return kind in WHOLLY and {atom["operator"] for atom in atoms} <= set(WHOLE)


def _at(bounds: Sequence[Any], value: Any) -> int:
    """Even: between two bounds. Odd: on one."""
    index = bisect_left(bounds, value)
    return 2 * index + (index < len(bounds) and bounds[index] == value)


def examples(kind: str, config: Mapping[str, Any], atoms: Sequence[Atom], *, type: str = "", spare: int = 1) -> Examples:
    """`config` and `type` of the field say which values it can have; `spare`: so many in each place, for fields that are
    compared with each other."""
    find = _EXAMPLES.get(kind, _identities)
    found = find({**config, "type": type}, atoms, spare)
    distinct = {repr(value): value for value in found.values}
    return Examples((*distinct.values(), None), found.exact and understood(kind, atoms))


def operands(atoms: Iterable[Atom], kind: str) -> Iterator[Any]:
    """What the comparisons compare with, comparable; what is no value of the kind is left out (the checks tell of it)."""
    for atom in atoms:
        if understood(kind, [atom]):
            yield from _named(atom.get("value"), kind)


def _named(value: Any, kind: str) -> Iterator[Any]:
    for one in value if isinstance(value, list) else [value]:
        try:
            found = None if missing(one) else comparable(one, kind)
        except (ValueError, KeyError, TypeError):
            continue
        if found is not None:
            yield found


def _numbers(config: Mapping[str, Any], atoms: Sequence[Atom], spare: int) -> Examples:
    step, low, high = _grid(config)
    limits = [one for one in (low, high) if one is not None]
    named = sorted({*operands(atoms, "number"), *limits} or {Decimal(0)})
    bounds = [one for one in named if (low is None or low <= one) and (high is None or one <= high)] or [Decimal(0)]
    found = [one for one in bounds if one % step == 0]
    for lower, upper in pairwise(bounds):
        found += _between(lower, upper, step, spare)
    if high is None:
        found += _between(bounds[-1], None, step, spare)
    if low is None:
        found += [_floor(bounds[0], Decimal(1)) - n for n in range(1, spare + 1)]
    return Examples(tuple(plain(one) for one in found))


def _grid(config: Mapping[str, Any]) -> tuple[Decimal, Decimal | None, Decimal | None]:
    """The smallest step between two values of the field, and its limits."""
    if config["type"] == "rating":
        return Decimal(1), Decimal(1), Decimal(config.get("max", 5))
    places = config.get("places", 2 if config["type"] == "money" else 6)
    low, high = (None if config.get(name) is None else number(config[name]) for name in ("min", "max"))
    return Decimal(1).scaleb(-places), low, high


def _between(lower: Decimal, upper: Decimal | None, step: Decimal, spare: int) -> list[Decimal]:
    """So many values between two bounds, or all there are; whole numbers where they will do."""
    found: list[Decimal] = []
    for width in (Decimal(1), step):
        values = (_floor(lower, width) + width * n for n in range(1, spare + 1))
        found = [value for value in values if upper is None or value < upper]
        if len(found) == spare:
            break
    return found


def _floor(value: Decimal, width: Decimal) -> Decimal:
    return (value / width).to_integral_value(ROUND_FLOOR) * width


def _days(config: Mapping[str, Any], atoms: Sequence[Atom], spare: int) -> Examples:
    bounds = sorted(set(operands(atoms, "date"))) or [date(2026, 1, 1)]
    return Examples(tuple(day.isoformat() for day in _around(bounds, timedelta(days=1), spare)))


def _moments(config: Mapping[str, Any], atoms: Sequence[Atom], spare: int) -> Examples:
    bounds = sorted(set(operands(atoms, "datetime"))) or [datetime(2026, 1, 1, tzinfo=UTC)]
    return Examples(tuple(at.isoformat() for at in _around(bounds, timedelta(microseconds=1), spare)))


def _around(bounds: Sequence[Any], step: timedelta, spare: int) -> Iterator[Any]:
    """The bounds, what lies just behind each before the next, and what lies before the first."""
    yield from bounds
    for bound, following in zip(bounds, [*bounds[1:], None], strict=True):
        for n in range(1, spare + 1):
            with suppress(OverflowError):  # there is nothing behind the last day of the calendar
                if following is None or bound + step * n < following:
                    yield bound + step * n
    for n in range(1, spare + 1):
        with suppress(OverflowError):
            yield bounds[0] - step * n


def _texts(config: Mapping[str, Any], atoms: Sequence[Atom], spare: int) -> Examples:
    """Every text that is named whole; and of the parts of texts every combination, put together with a mark between them that
    stands in none of them: what such a text contains, begins or ends with is what was asked for and nothing else."""
    parts: dict[str, list[str]] = {"begin": [], "end": [], "inside": []}
    whole: list[str] = []
    for atom in atoms:
        parts.get(PARTS.get(atom["operator"], ""), whole).extend(operands([atom], "text"))
    mark = _mark([*whole, *(word for words in parts.values() for word in words)])
    begins, ends = (["", *dict.fromkeys(parts[name])] for name in ("begin", "end"))
    inner = _unlike(parts["inside"], atoms)
    exact = len(inner) <= MAX_WORDS and not (spare > 1 and any(parts.values())) and len(begins) * len(ends) <= 64
    sets = _subsets(inner) if exact else [(), *((one,) for one in inner), tuple(inner)]
    pairs = [(b, e) for b in begins for e in ends] if exact else [*((b, "") for b in begins), *(("", e) for e in ends)]
    built = [mark.join((begin, *words, end)) for begin, end in pairs for words in sets]
    fresh = [mark * n for n in range(1, spare + 1)]
    return Examples((*whole, *(text for text in built if text), *fresh), exact)


def _unlike(words: Sequence[str], atoms: Sequence[Atom]) -> list[str]:
    """One word for each set of comparisons that a text with it in it answers with yes: the words of one list are alike."""
    asked = [
        ([word.casefold() for word in operands([atom], "text")], atom["operator"])
        for atom in atoms
        if PARTS.get(atom["operator"]) == "inside"
    ]
    lists = [part for words, name in asked for part in ([[word] for word in words] if name == "contains_all" else [words])]
    found: dict[tuple[bool, ...], str] = {}
    for word in words:
        folded = word.casefold()
        found.setdefault(tuple(any(part in folded for part in one) for one in lists), word)
    return list(found.values())


def _mark(words: Sequence[str]) -> str:
    folded = "".join(words).casefold()
    return next(mark for mark in ("…", "·", "~", *map(chr, range(0x2500, 0x2600))) if mark not in folded)


def _options(config: Mapping[str, Any]) -> list[str]:
    return [option["key"] for option in config.get("options", ())]


def _choice(config: Mapping[str, Any], atoms: Sequence[Atom], spare: int) -> Examples:
    return Examples(tuple(_options(config)))


def _choices(config: Mapping[str, Any], atoms: Sequence[Atom], spare: int) -> Examples:
    """Every set of the options that are named, alone and with one that is not."""
    options = _options(config)
    named = [key for key in options if key in set(chain.from_iterable(operands(atoms, "choices")))]
    rest = [key for key in options if key not in named][:1]
    exact = len(named) <= MAX_WORDS and spare == 1
    sets = _subsets(named) if exact else [(), *((one,) for one in named), tuple(named)]
    found = [list(chosen) for base in sets for chosen in (base, (*base, *rest)) if chosen]
    return Examples(tuple(found), exact)


def _booleans(config: Mapping[str, Any], atoms: Sequence[Atom], spare: int) -> Examples:
    return Examples((True, False))


def _regions(config: Mapping[str, Any], atoms: Sequence[Atom], spare: int) -> Examples:
    """The areas that are named stand for the rest of themselves; and a place that lies in none of them."""
    areas = list(dict.fromkeys(operands(atoms, "region")))
    above = [area[:length] for area in areas for length in (2, 4, 6) if len(area) > length]
    elsewhere = [place for place in (*PROVINCES, *above) if not any(place.startswith(area) for area in areas)]
    return Examples((*areas, *elsewhere[:spare]))


def _identities(config: Mapping[str, Any], atoms: Sequence[Atom], spare: int) -> Examples:
    """People, units, records, files: what is named, and somebody else."""
    named = [one for atom in atoms for one in operands([atom], "text")]
    return Examples((*named, *(f"#{n}" for n in range(1, spare + 1))))


def _subsets(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [found for size in range(len(words) + 1) for found in combinations(words, size)]


_EXAMPLES: Final[dict[str, Callable[[Mapping[str, Any], Sequence[Atom], int], Examples]]] = {
    "number": _numbers,
    "date": _days,
    "datetime": _moments,
    "text": _texts,
    "choice": _choice,
    "choices": _choices,
    "boolean": _booleans,
    "region": _regions,
}
