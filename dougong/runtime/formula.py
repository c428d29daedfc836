"""Formulas: one small closed grammar, spreadsheet-like, typed, exact and of bounded cost.

    ROUND(quantity * price * (1 - discount), 2)
    IF(level = "vip", "urgent", "normal")

Names are field keys; `items.amount` is a column of a table, for functions that take many values: SUM(items.amount). There
are no attributes, no loops and no assignment; admin text is parsed here and nowhere else.
Numbers are Decimal with 28 digits; a blank number counts as 0. IF is lazy, as are all functions that choose. A date and time
counts as its day, in the company's zone, where a date is wanted. A member, unit or record is compared by its id; where a
text is made of it, it reads as it is called. The browser reads the same grammar (`core/formula.ts`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation, Overflow
from itertools import pairwise
from typing import Any, Final

from .formula_parts import Data, Eval, Mark, Part, Weights, binary, called, short, single, wanted
from .functions import FormulaFault
from .values import comparable, missing, name_of

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 40
MAX_MARKS: Final = 400  # a chain of operators is as deep as it is long

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<text>\"[^\"]*\")|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)|(?P<mark><>|<=|>=|!=|[-+*/&=<>(),]))"
)
_BINDING: Final = {"=": 1, "<>": 1, "!=": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4}
_BLANK: Final[dict[str, Any]] = {"number": Decimal(0), "text": "", "boolean": False, "list": (), "rows": ()}
_POINTING: Final = ("person", "unit", "record")
_READS_AS: Final = {"choice": "text", "person": "text", "unit": "text", "region": "text", "record": "text", "choices": "list"}


@dataclass(frozen=True)
class Formula:
    """`weights`: of one that only adds up numbers, each so many times; how often each field counts."""

    kind: str
    fields: frozenset[str]
    _eval: Eval
    weights: Weights | None = field(default=None, compare=False)
    _words: Eval | None = field(default=None, compare=False)

    def value(self, data: Data, now: datetime) -> Any:
        """Decimal, str, bool, date, datetime or tuple of texts.

        Raises FormulaFault where there is none (division by zero, a value of another kind).
        """
        try:
            return self._eval(data, now)
        except (InvalidOperation, Overflow):
            raise FormulaFault("formula.too_large") from None

    def words(self, data: Data, now: datetime) -> Any:
        """The value where it is shown: what points at somebody or something as it is called. Raises the same."""
        return replace(self, _eval=self._words).value(data, now) if self._words else self.value(data, now)


def compile_formula(text: str, kinds: Mapping[str, str]) -> Formula:
    """`kinds`: the value kind of every field a formula may name. Raises FormulaFault with the position of what is wrong."""
    if len(text) > MAX_LENGTH:
        raise FormulaFault("formula.too_long", limit=MAX_LENGTH)
    marks = _marks(text)
    if len(marks) > MAX_MARKS:
        raise FormulaFault("formula.too_long", limit=MAX_MARKS)
    reader = _Reader(marks, kinds)
    part = single(reader.expression(0, 0), reader.next)
    reader.expect("end", "")
    return Formula(part.kind, frozenset(reader.fields), part.eval, part.weights, part.words)


def titled(text: str, titles: Mapping[str, str]) -> str:
    """A formula with its fields by their titles, for who reads it. Raises FormulaFault."""
    marks = _marks(text)
    for mark, then in reversed(list(pairwise(marks))):
        if mark.kind == "name" and then.text != "(":
            text = text[: mark.at] + titles.get(mark.text, mark.text) + text[mark.at + len(mark.text) :]
    return text


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
            left = binary(mark, left, self.expression(_BINDING[mark.text], depth + 1))
        return left

    def operand(self, depth: int) -> Part:
        mark = self.take()
        match mark:
            case Mark("number", text):
                exact = Decimal(text)
                return Part("number", lambda data, now: exact, weights=short({"": exact}))
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
                inner = wanted("number", self.expression(_BINDING["*"], depth + 1), mark)
                turned = inner.weights and {name: -weight for name, weight in inner.weights.items()}
                return Part("number", lambda data, now: -inner.eval(data, now), weights=turned)
        raise FormulaFault("formula.expected_value", mark.at, found=mark.text or "…")

    def field(self, mark: Mark) -> Part:
        name = mark.text
        if name.upper() in ("TRUE", "FALSE"):
            truth = name.upper() == "TRUE"
            return Part("boolean", lambda data, now: truth)
        if name not in self.kinds:
            raise FormulaFault("formula.unknown_field", mark.at, field=name)
        kind = self.kinds[name]
        self.fields.add(name.partition(".")[0])
        if kind.startswith("["):
            return _column(mark, kind[1:-1])
        gives = _READS_AS.get(kind, kind)

        def bare(data: Data, now: datetime) -> Any:
            value = data.get(name)
            try:
                return comparable(value, kind)
            except (ValueError, KeyError, TypeError):
                raise FormulaFault("formula.wrong_kind", mark.at, field=name, found=str(value)[:40]) from None

        def read(data: Data, now: datetime) -> Any:
            return _BLANK.get(gives) if missing(data.get(name)) else bare(data, now)

        words = (lambda data, now: read(data, now) and name_of(data[name])) if kind in _POINTING else None
        return Part(gives, read, bare, weights={name: Decimal(1)} if gives == "number" else None, words=words)

    def call(self, mark: Mark, depth: int) -> Part:
        self.expect("mark", "(")
        args: list[Part] = []
        while self.next.text != ")" or self.next.kind != "mark":
            args.append(self.expression(0, depth + 1))
            if self.next.text != ",":
                break
            self.take()
        self.expect("mark", ")")
        return called(mark, args)


def _column(mark: Mark, kind: str) -> Part:
    """table.column: what stands in it, row by row, None where a cell is blank."""
    table, _, key = mark.text.partition(".")

    def reading(read: Callable[[Any], Any]) -> Eval:
        def cells(data: Data, now: datetime) -> Any:
            rows = data.get(table) or ()
            try:
                return tuple(read(row.get(key)) for row in rows)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise FormulaFault("formula.wrong_kind", mark.at, field=mark.text, found=str(rows)[:40]) from None

        return cells

    words = reading(lambda value: None if missing(value) else name_of(value)) if kind in _POINTING else None
    return Part(f"[{_READS_AS.get(kind, kind)}]", reading(lambda value: comparable(value, kind)), table=table, words=words)
