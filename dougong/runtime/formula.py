"""Formulas: one small closed grammar, spreadsheet-like, typed, exact and of bounded cost.

    ROUND(quantity * price * (1 - discount), 2)
    IF(level = "vip", "urgent", "normal")

Names are field keys. There are no attributes, no loops and no assignment; admin text is parsed here and nowhere else.
Numbers are Decimal with 28 digits; a blank number counts as 0. IF is lazy, as are all functions that choose. A date and time
counts as its day, in the company's zone, where a date is wanted. The browser reads the same grammar (`core/formula.ts`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation, Overflow
from functools import partial
from typing import Any, Final, NamedTuple

from .functions import ALIASES, FUNCTIONS, FormulaFault, Function
from .functions._type import RESULT
from .functions.logic import same
from .values import KIND_TITLES, comparable, missing

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 40
MAX_MARKS: Final = 400  # a chain of operators is as deep as it is long

Data = Mapping[str, Any]
Eval = Callable[[Data, datetime], Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<text>\"[^\"]*\")|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark><>|<=|>=|!=|[-+*/&=<>(),]))"
)
_BINDING: Final = {"=": 1, "<>": 1, "!=": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4}
_BLANK: Final[dict[str, Any]] = {"number": Decimal(0), "text": "", "boolean": False, "list": ()}
DATED: Final = ("date", "datetime")
_READS_AS: Final = {"choice": "text", "person": "text", "unit": "text", "region": "text", "record": "text", "choices": "list"}


class Mark(NamedTuple):
    kind: str  # number | text | name | mark | end
    text: str
    at: int


class Part(NamedTuple):
    """A piece of a formula that has been read: what it gives, and how to get it. `bare`, of a field: None where it is blank."""

    kind: str  # number | text | boolean | date | datetime | list | files | any
    eval: Eval
    bare: Eval | None = None


@dataclass(frozen=True)
class Formula:
    kind: str
    fields: frozenset[str]
    _eval: Eval

    def value(self, data: Data, now: datetime) -> Any:
        """Decimal, str, bool, date, datetime or tuple of texts.

        Raises FormulaFault where there is none (division by zero, a value of another kind).
        """
        try:
            return self._eval(data, now)
        except (InvalidOperation, Overflow):
            raise FormulaFault("formula.too_large") from None


def compile_formula(text: str, kinds: Mapping[str, str]) -> Formula:
    """`kinds`: the value kind of every field a formula may name. Raises FormulaFault with the position of what is wrong."""
    if len(text) > MAX_LENGTH:
        raise FormulaFault("formula.too_long", limit=MAX_LENGTH)
    marks = _marks(text)
    if len(marks) > MAX_MARKS:
        raise FormulaFault("formula.too_long", limit=MAX_MARKS)
    reader = _Reader(marks, kinds)
    part = reader.expression(0, 0)
    reader.expect("end", "")
    return Formula(part.kind, frozenset(reader.fields), part.eval)


def _marks(text: str) -> list[Mark]:
    found, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise FormulaFault("formula.unexpected", start, found=text[start : start + 10])
        kind = match.lastgroup or ""
        found.append(Mark(kind, match[kind], match.start(kind)))
        at = match.end()
    return [*found, Mark("end", "", len(text))]


class _Reader:
    """A precedence-climbing parser over the marks of one formula."""

    def __init__(self, marks: list[Mark], kinds: Mapping[str, str]) -> None:
        self.marks, self.kinds, self.index = marks, kinds, 0
        self.fields: set[str] = set()

    @property
    def next(self) -> Mark:
        return self.marks[self.index]

    def take(self) -> Mark:
        self.index += 1
        return self.marks[self.index - 1]

    def expect(self, kind: str, text: str) -> None:
        mark = self.take()
        if (mark.kind, mark.text) != (kind, text):
            raise FormulaFault("formula.expected", mark.at, expected=text or "…", found=mark.text or "…")

    def expression(self, least: int, depth: int) -> Part:
        if depth > MAX_DEPTH:
            raise FormulaFault("formula.too_deep", self.next.at, limit=MAX_DEPTH)
        left = self.operand(depth)
        while self.next.kind == "mark" and _BINDING.get(self.next.text, 0) > least:
            mark = self.take()
            left = _binary(mark, left, self.expression(_BINDING[mark.text], depth + 1))
        return left

    def operand(self, depth: int) -> Part:
        mark = self.take()
        match mark:
            case Mark("number", text):
                exact = Decimal(text)
                return Part("number", lambda data, now: exact)
            case Mark("text", text):
                return Part("text", lambda data, now: text[1:-1])
            case Mark("name", text):
                is_call = self.next == Mark("mark", "(", self.next.at)
                return self.call(mark, depth) if is_call else self.field(mark)
            case Mark("mark", "("):
                inner = self.expression(0, depth + 1)
                self.expect("mark", ")")
                return inner
            case Mark("mark", "-"):
                inner = _as("number", self.expression(_BINDING["*"], depth + 1), mark)
                return Part("number", lambda data, now: -inner.eval(data, now))
        raise FormulaFault("formula.expected_value", mark.at, found=mark.text or "…")

    def field(self, mark: Mark) -> Part:
        name = mark.text
        if name.upper() in ("TRUE", "FALSE"):
            truth = name.upper() == "TRUE"
            return Part("boolean", lambda data, now: truth)
        if name not in self.kinds:
            raise FormulaFault("formula.unknown_field", mark.at, field=name)
        kind = self.kinds[name]
        gives = _READS_AS.get(kind, kind)
        self.fields.add(name)

        def bare(data: Data, now: datetime) -> Any:
            value = data.get(name)
            try:
                return comparable(value, kind)
            except (ValueError, KeyError, TypeError):
                raise FormulaFault("formula.wrong_kind", mark.at, field=name, found=str(value)[:40]) from None

        def read(data: Data, now: datetime) -> Any:
            return _BLANK.get(gives) if missing(data.get(name)) else bare(data, now)

        return Part(gives, read, bare)

    def call(self, mark: Mark, depth: int) -> Part:
        self.expect("mark", "(")
        args: list[Part] = []
        while self.next.text != ")" or self.next.kind != "mark":
            args.append(self.expression(0, depth + 1))
            if self.next.text != ",":
                break
            self.take()
        self.expect("mark", ")")
        return _call(mark, args)


def _call(mark: Mark, args: list[Part]) -> Part:
    name = ALIASES.get(mark.text.upper(), mark.text.upper())
    function = FUNCTIONS.get(name)
    if function is None:
        raise FormulaFault("formula.unknown_function", mark.at, name=mark.text)
    kinds = function.kinds(len(args))
    if kinds is None:
        raise FormulaFault("formula.argument_count", mark.at, name=name, found=len(args))
    wanted = [_as("any" if kind == RESULT else kind, arg, mark) for kind, arg in zip(kinds, args, strict=True)]
    parts = [part.bare or part.eval if index < function.blanks else part.eval for index, part in enumerate(wanted)]
    return Part(_given_kind(function, kinds, args), _calling(function, parts))


def _given_kind(function: Function, kinds: list[str], args: list[Part]) -> str:
    """Of a function that chooses among its arguments: their kind, where they agree."""
    if function.gives != RESULT:
        return function.gives
    found = {arg.kind for kind, arg in zip(kinds, args, strict=True) if kind == RESULT}
    return found.pop() if len(found) == 1 else "any"


def _calling(function: Function, parts: list[Eval]) -> Eval:
    call = function.call
    if function.lazy:
        return lambda data, now: call(*(partial(part, data, now) for part in parts))
    if function.clock:
        return lambda data, now: call(now, *(part(data, now) for part in parts))
    return lambda data, now: call(*(part(data, now) for part in parts))


def _as(kind: str, part: Part, mark: Mark) -> Part:
    """The part where `kind` is wanted. What cannot be known beforehand ("any") is looked at when it is there."""
    if kind == "any" or part.kind == kind:
        inner = part.eval if part.kind not in DATED or kind == "any" else _needs_date(part.eval, mark)
        return Part(part.kind, inner, part.bare)
    if kind == "date" and part.kind == "datetime":
        return Part("date", _its_day(_needs_date(part.eval, mark)))
    if part.kind != "any":
        raise FormulaFault(
            "formula.wrong_argument", mark.at, expected=KIND_TITLES[kind], found=KIND_TITLES[part.kind], near=mark.text
        )
    wanted = {"number": Decimal, "text": str, "boolean": bool, "date": date, "datetime": datetime, "list": tuple}[kind]

    def checked(data: Data, now: datetime) -> Any:
        value = part.eval(data, now)
        if kind == "date" and isinstance(value, datetime):
            return _day_of(value, now)
        if type(value) is not wanted:
            raise FormulaFault(
                "formula.wrong_argument", mark.at, expected=KIND_TITLES[kind], found=str(value)[:40], near=mark.text
            )
        return value

    return Part(kind, checked)


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


def _binary(mark: Mark, left: Part, right: Part) -> Part:
    sign = mark.text
    if sign == "&":
        return Part("text", _calling(FUNCTIONS["CONCATENATE"], [left.eval, right.eval]))
    if sign in ("=", "<>", "!="):
        equal = sign == "="
        if left.kind != right.kind and "any" not in (left.kind, right.kind):
            raise FormulaFault("formula.cannot_compare", mark.at, left=KIND_TITLES[left.kind], right=KIND_TITLES[right.kind])
        return Part("boolean", lambda data, now: same(left.eval(data, now), right.eval(data, now)) is equal)
    if sign in ("<", "<=", ">", ">="):
        kinds = {left.kind, right.kind}
        kind = "number" if not kinds & {*DATED} else "datetime" if kinds <= {"datetime", "any"} else "date"
        one, two = _as(kind, left, mark), _as(kind, right, mark)
        compare = _COMPARE[sign]
        return Part("boolean", lambda data, now: compare(one.eval(data, now), two.eval(data, now)))
    one, two = _as("number", left, mark), _as("number", right, mark)
    if sign == "/":
        return Part("number", lambda data, now: _divided(one.eval(data, now), two.eval(data, now), mark))
    work = _ARITHMETIC[sign]
    return Part("number", lambda data, now: work(one.eval(data, now), two.eval(data, now)))


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
