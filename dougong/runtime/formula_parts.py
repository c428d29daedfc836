"""The parts that a formula is read into, and how two of them go together: each where a value of its kind is wanted."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final, NamedTuple

from .functions import ALIASES, FUNCTIONS, FormulaFault, Function
from .functions._type import COLUMNS, RESULT
from .functions.logic import same
from .values import KIND_TITLES

Data = Mapping[str, Any]
Eval = Callable[[Data, datetime], Any]
Weights = Mapping[str, Decimal]  # of what is a sum of fields so many times each: by field how often it counts, "" what is added

SHORT: Final = 12  # digits before and after the point
ZERO: Final = Decimal(0)
DATED: Final = ("date", "datetime")
_CLASSES: Final = {"number": Decimal, "text": str, "boolean": bool, "date": date, "datetime": datetime, "list": tuple}


class Mark(NamedTuple):
    kind: str  # number | text | name | mark | end
    text: str
    at: int


class Part(NamedTuple):
    """A piece of a formula that has been read: what it gives, and how to get it. `bare`, of a field: None where it is blank.

    A column of a `table` gives its cells, row by row, and is of a kind in brackets: [number]. `weights`: of a sum.
    `words`, of what points at somebody or something: what it is called, where a text is made of it. `eval` compares it.
    """

    kind: str  # number | text | boolean | date | datetime | list | files | rows | any, or one of them in brackets
    eval: Eval
    bare: Eval | None = None
    table: str = ""
    weights: Weights | None = None
    words: Eval | None = None

    @property
    def said(self) -> Eval:
        return self.words or self.eval


def single(part: Part, mark: Mark) -> Part:
    """Not a table nor a column of one: those hold many values, and only functions take them."""
    if part.table or part.kind == "rows":
        raise FormulaFault("formula.many_values", mark.at)
    return part


def called(mark: Mark, args: list[Part]) -> Part:
    name = ALIASES.get(mark.text.upper(), mark.text.upper())
    function = FUNCTIONS.get(name)
    if function is None:
        raise FormulaFault("formula.unknown_function", mark.at, name=mark.text)
    kinds = function.kinds(len(args))
    if kinds is None:
        raise FormulaFault("formula.argument_count", mark.at, name=name, found=len(args))
    if len({arg.table for kind, arg in zip(kinds, args, strict=True) if kind in COLUMNS}) > 1:
        raise FormulaFault("formula.several_tables", mark.at, name=name)
    fitting = [_argument(function, kind, arg, mark) for kind, arg in zip(kinds, args, strict=True)]
    parts = [part.bare or part.eval if index < function.blanks else part.eval for index, part in enumerate(fitting)]
    spread = {index for index, part in enumerate(fitting) if part.table and kinds[index] not in COLUMNS}
    said = [part.words or one for part, one in zip(fitting, parts, strict=True)]
    if function.gives == "text":
        return Part("text", _calling(function, said, spread))
    chosen = [words if kind == RESULT else one for kind, words, one in zip(kinds, said, parts, strict=True)]
    words = _calling(function, chosen, spread) if chosen != parts else None
    return Part(_given_kind(function, kinds, args), _calling(function, parts, spread), words=words)


def _argument(function: Function, kind: str, part: Part, mark: Mark) -> Part:
    """A column goes where columns are taken; over a parameter that may be repeated it is spread; a list of texts it may be."""
    inner = part.kind.strip("[]")
    if not part.table or kind == "rows":
        return wanted("any" if kind == RESULT else kind, part, mark)
    if kind == "column" or (kind == "numbers" and inner == "number"):
        return part
    if kind == "list" and inner == "text":
        return Part("list", _filled(part.eval), words=part.words and _filled(part.words))
    if function.spreads(kind) and (kind == "any" or kind == inner):
        return Part(part.kind, _filled(part.eval), table=part.table, words=part.words and _filled(part.words))
    raise FormulaFault("formula.many_values", mark.at) if kind != "numbers" else _misfit(kind, inner, mark)


def _filled(cells: Eval) -> Eval:
    """As a spreadsheet does: a blank cell is left out."""
    return lambda data, now: tuple(cell for cell in cells(data, now) if cell is not None)


def _given_kind(function: Function, kinds: list[str], args: list[Part]) -> str:
    """Of a function that chooses among its arguments: their kind, where they agree."""
    if function.gives != RESULT:
        return function.gives
    found = {arg.kind for kind, arg in zip(kinds, args, strict=True) if kind == RESULT}
    return found.pop() if len(found) == 1 else "any"


def _calling(function: Function, parts: list[Eval], spread: set[int]) -> Eval:
    call = function.call
    if function.lazy:
        return lambda data, now: call(*(partial(part, data, now) for part in parts))
    if not spread and not function.clock:
        return lambda data, now: call(*(part(data, now) for part in parts))

    def values(data: Data, now: datetime) -> Iterator[Any]:
        if function.clock:
            yield now
        for index, part in enumerate(parts):
            found = part(data, now)
            yield from found if index in spread else (found,)

    return lambda data, now: call(*values(data, now))


def wanted(kind: str, part: Part, mark: Mark) -> Part:
    """The part where `kind` is wanted. What cannot be known beforehand ("any") is looked at when it is there."""
    if kind != "rows":
        single(part, mark)
    if kind == "any" or part.kind == kind:
        inner = part.eval if part.kind not in DATED or kind == "any" else _needs_date(part.eval, mark)
        return Part(part.kind, inner, part.bare, weights=part.weights, words=part.words)
    if kind == "date" and part.kind == "datetime":
        return Part("date", _its_day(_needs_date(part.eval, mark)))
    if part.kind != "any" or kind not in _CLASSES:
        raise _misfit(kind, part.kind, mark)

    def checked(data: Data, now: datetime) -> Any:
        value = part.eval(data, now)
        if kind == "date" and isinstance(value, datetime):
            return _day_of(value, now)
        if type(value) is not _CLASSES[kind]:
            raise _misfit(kind, str(value)[:40], mark)
        return value

    return Part(kind, checked)


def _misfit(kind: str, found: str, mark: Mark) -> FormulaFault:
    told = KIND_TITLES.get(found, found)
    return FormulaFault("formula.wrong_argument", mark.at, expected=KIND_TITLES[kind], found=told, near=mark.text)


def _its_day(inner: Eval) -> Eval:
    return lambda data, now: _day_of(inner(data, now), now)


def _day_of(value: datetime, now: datetime) -> date:
    try:
        return value.astimezone(now.tzinfo).date()
    except OverflowError:  # on the first or the last day of the calendar, seen from another zone
        raise FormulaFault("formula.no_such_day") from None


def _needs_date(inner: Eval, mark: Mark) -> Eval:
    def checked(data: Data, now: datetime) -> Any:
        value = inner(data, now)
        if value is None:
            raise FormulaFault("formula.no_date", mark.at, near=mark.text)
        return value

    return checked


def binary(mark: Mark, left: Part, right: Part) -> Part:
    sign = mark.text
    single(left, mark)
    single(right, mark)
    if sign == "&":
        return Part("text", _calling(FUNCTIONS["CONCATENATE"], [left.said, right.said], set()))
    if sign in ("=", "<>", "!="):
        equal = sign == "="
        if left.kind != right.kind and "any" not in (left.kind, right.kind):
            raise FormulaFault("formula.cannot_compare", mark.at, left=KIND_TITLES[left.kind], right=KIND_TITLES[right.kind])
        return Part("boolean", lambda data, now: same(left.eval(data, now), right.eval(data, now)) is equal)
    if sign in ("<", "<=", ">", ">="):
        kinds = {left.kind, right.kind}
        kind = "number" if not kinds & {*DATED} else "datetime" if kinds <= {"datetime", "any"} else "date"
        one, two = wanted(kind, left, mark), wanted(kind, right, mark)
        compare = _COMPARE[sign]
        return Part("boolean", lambda data, now: compare(one.eval(data, now), two.eval(data, now)))
    one, two = wanted("number", left, mark), wanted("number", right, mark)
    if sign == "/":
        return Part("number", lambda data, now: _divided(one.eval(data, now), two.eval(data, now), mark))
    work, weights = _ARITHMETIC[sign], _weighed(sign, one.weights, two.weights)
    return Part("number", lambda data, now: work(one.eval(data, now), two.eval(data, now)), weights=weights)


def short(weights: Weights) -> Weights | None:
    """Weights that may be multiplied and added without being rounded on the way."""
    digits = [(one.adjusted(), one.as_tuple().exponent) for one in weights.values()]
    return weights if all(most < SHORT and isinstance(last, int) and last >= -SHORT for most, last in digits) else None


def _weighed(sign: str, one: Weights | None, other: Weights | None) -> Weights | None:
    if one is None or other is None:
        return None
    if sign != "*":
        return short({name: _ARITHMETIC[sign](one.get(name, ZERO), other.get(name, ZERO)) for name in {**one, **other}})
    number, fields = (one, other) if one.keys() == {""} else (other, one)
    return short({name: weight * number[""] for name, weight in fields.items()}) if number.keys() == {""} else None


def _divided(one: Decimal, other: Decimal, mark: Mark) -> Decimal:
    if not other:
        raise FormulaFault("formula.division_by_zero", mark.at)
    return one / other


_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_ARITHMETIC: Final[dict[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}
