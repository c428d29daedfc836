"""What decides: the codes of a few columns. Each combination of them that occurs is asked once."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from .codes import Coded
from .engine import Bench, name
from .matching import Rules
from .scaled import Scaled


class Key(NamedTuple):
    """A column `name` in SQL, of codes; by code the rules that fit, and a value of the input where that is asked."""

    name: str
    sql: str
    input: str
    fitting: Sequence[int]
    values: Sequence[Any]


class Combination(NamedTuple):
    """`codes`: of the keys; `fitting`: the rules that mind none of them; `values`: one for each input that is coded."""

    codes: tuple[Any, ...]
    fitting: int
    values: Mapping[str, Any]


def of_values(input: str, coded: Coded) -> Key:
    return Key(f"k_{input}", name(f"k_{input}"), input, coded.fitting, [local for _, local, _ in coded.classes.kept])


def of_bounds(called: str, input: str, number: Scaled, rules: Rules) -> Key:
    """Numbers are told apart by the bounds that rules name, and by whether there are any."""
    cuts = rules.cuts(input, number.scale)
    examples = [Decimal(one).scaleb(-number.scale) for one in [(cuts or [0])[0] - 1, *cuts]]
    fitting = [rules.fitting(input, one) for one in [*examples, None]]
    classes = list(dict.fromkeys(fitting))
    codes = [classes.index(one) for one in fitting]
    sql = f"CASE WHEN {number.sql} IS NULL THEN {codes[-1]} ELSE {_stretch(number.sql, cuts, codes)} END"
    return Key(called, sql, "", classes, ())


def _stretch(number: str, cuts: Sequence[int], codes: Sequence[int]) -> str:
    """By halves: which stretch a number lies in."""
    if not cuts:
        return str(codes[0])
    half = len(cuts) // 2
    below, above = _stretch(number, cuts[:half], codes), _stretch(number, cuts[half + 1 :], codes[half + 1 :])
    return below if below == above else f"CASE WHEN {number} < {cuts[half]} THEN {below} ELSE {above} END"


def combinations(bench: Bench, relation: str, keys: Sequence[Key], more: Sequence[str], every: int) -> Iterator[Combination]:
    """Those that occur in a relation with the columns of the keys, and `more` columns of codes beside them."""
    columns = ", ".join([*more, *(name(key.name) for key in keys)]) or "1"
    for row in bench.sql.execute(f"SELECT DISTINCT {columns} FROM {relation}").fetchall():
        codes, fitting, values = row[len(more) :], every, {}
        for key, code in zip(keys, codes, strict=False):
            fitting &= key.fitting[code]
            if key.values:
                values[key.input] = key.values[code]
        yield Combination(row, fitting, values)
