"""Conditions as expressions that other tools know, and the simple comparisons among their expressions read as conditions.

Written in the manner of FEEL: `amount > 1000 and region in ["east", "south"]`; an operator that FEEL has not is called by its
name: `starts_with(name, "A")`. Read are these, and what is as simple in UEL (`${amount gt 1000 && !urgent}`), Groovy or script.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dougong.runtime.operators import OPERATORS

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 25
MAX_PARTS: Final = 50  # as many as a group of a condition holds
Tree = Mapping[str, Any]

SIGNS: Final = {
    "equals": "=", "not_equals": "!=", "greater": ">", "at_least": ">=", "less": "<", "at_most": "<=",
}  # fmt: skip
_NAMED: Final = {
    "eq": "=",
    "ne": "!=",
    "gt": ">",
    "ge": ">=",
    "lt": "<",
    "le": "<=",
    "==": "=",
    "===": "=",
    "!==": "!=",
    "<>": "!=",
}
_OPERATORS: Final = {sign: name for name, sign in SIGNS.items()}
_MIRRORED: Final = {"greater": "less", "less": "greater", "at_least": "at_most", "at_most": "at_least"}
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?")
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<number>-?[0-9]+(?:\.[0-9]+)?)[lLdDfF]?(?![\w])
  | (?P<sign>===|!==|==|!=|<>|>=|<=|&&|\|\||\.\.|[=<>!()\[\],])
  | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    )""",
    re.VERBOSE,
)
_WRAPPED = re.compile(r"\s*(?:[$#]\{(?P<uel>[^{}]*)\}|=(?P<feel>[^=].*))\s*", re.DOTALL)
_VARIABLE = re.compile(r"""execution\.getVariable\(\s*["'](\w+)["']\s*\)""")
_EQUALS = re.compile(r"""\.equals\(\s*((?:"[^"]*")|(?:'[^']*'))\s*\)""")


# ---- written ----


def written(tree: Tree) -> str:
    """One without rules always holds."""
    inner = [_rule(rule) for rule in tree.get("rules", ())]
    joined = f" {tree.get('combinator', 'and')} ".join(inner) or "true"
    return f"not({joined})" if tree.get("not") else joined


def _rule(rule: Tree) -> str:
    if "rules" in rule:
        inner = written(rule)
        return inner if rule.get("not") or len(rule["rules"]) < 2 else f"({inner})"
    field, operator, value = rule["field"], rule["operator"], rule.get("value")
    match operator:
        case "is_true" | "is_false":
            return f"{field} = {'true' if operator == 'is_true' else 'false'}"
        case "empty" | "not_empty":
            return f"{field} {'=' if operator == 'empty' else '!='} null"
        case "one_of" if isinstance(value, list):
            return f"{field} in [{', '.join(map(_literal, value))}]"
    if rule.get("source") == "field":
        operand = str(value)
    else:
        operand = ", ".join(
            _literal(one, ordered=operator in _MIRRORED) for one in (value if isinstance(value, list) else [value])
        )
    if operator in SIGNS and not isinstance(value, list):
        return f"{field} {SIGNS[operator]} {operand}"
    return f"{operator}({', '.join(filter(None, [field, operand if 'value' in rule else '']))})"


def _literal(value: Any, *, ordered: bool = False) -> str:
    if ordered and isinstance(value, str) and _DECIMAL.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


# ---- read ----


@dataclass(frozen=True)
class Comparison:
    """`name` as the file says it; `kind` is what it seems to hold: number, boolean, text, or nothing in particular ("")."""

    name: str
    operator: str
    value: Any = None
    other: str | None = None  # the field that it is compared with
    kind: str = ""


@dataclass(frozen=True)
class Group:
    combinator: str
    parts: tuple["Comparison | Group", ...]
    denied: bool = False


class _Unreadable(Exception):
    """More than the simple comparisons that are understood."""


def understood(expression: str) -> Group | None:
    """None where it is anything but simple comparisons."""
    if len(expression) > MAX_LENGTH:
        return None
    wrapped = _WRAPPED.fullmatch(expression)
    plain = (wrapped["uel"] or wrapped["feel"] or "") if wrapped else expression
    plain = _EQUALS.sub(r" == \1", _VARIABLE.sub(r"\1", plain))
    try:
        found = _Reader(list(_tokens(plain))).whole()
    except _Unreadable:
        return None
    return found if isinstance(found, Group) else Group("and", (found,))


def names_of(group: Group) -> Iterator[Comparison]:
    for part in group.parts:
        if isinstance(part, Group):
            yield from names_of(part)
        else:
            yield part


def as_tree(group: Group, keys: Mapping[str, str]) -> dict[str, Any]:
    """The condition; `keys` are the fields' keys by the names in the file."""
    rules = [as_tree(part, keys) if isinstance(part, Group) else _as_rule(part, keys) for part in group.parts]
    return {"combinator": group.combinator, **({"not": True} if group.denied else {}), "rules": rules}


def _as_rule(one: Comparison, keys: Mapping[str, str]) -> dict[str, Any]:
    rule: dict[str, Any] = {"field": keys[one.name], "operator": one.operator}
    if one.other is not None:
        return {**rule, "source": "field", "value": keys[one.other]}
    return rule if one.value is None else {**rule, "value": one.value}


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    text = text.rstrip().rstrip(";").rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _Unreadable(text[at:])
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


class _Reader:
    """Recursive descent: or, and, not, comparison."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def whole(self) -> Comparison | Group:
        found = self._either()
        if self.at != len(self.tokens):
            raise _Unreadable
        return found

    def _peek(self) -> str:
        kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return "" if kind == "text" else word

    def _take(self, *words: str) -> bool:
        taken = bool(self._peek()) and self._peek() in words
        self.at += taken
        return taken

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise _Unreadable

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise _Unreadable
        self.at += 1
        return self.tokens[self.at - 1]

    def _either(self) -> Comparison | Group:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Unreadable
        parts = [self._every()]
        while self._take("||", "or"):
            parts.append(self._every())
        self.depth -= 1
        return _joined("or", parts)

    def _every(self) -> Comparison | Group:
        parts = [self._one()]
        while self._take("&&", "and"):
            parts.append(self._one())
        return _joined("and", parts)

    def _one(self) -> Comparison | Group:
        if self._take("!", "not"):
            return _denied(self._denial())
        if self._take("("):
            found = self._either()
            self._need(")")
            return found
        if self._take("empty"):
            return Comparison(self._name(), "empty")
        return self._comparison()

    def _denial(self) -> Comparison | Group:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Unreadable
        found = self._one()
        self.depth -= 1
        return found

    def _comparison(self) -> Comparison:
        kind, word = self._next()
        if kind == "name" and word in OPERATORS and self._take("("):
            return self._called(word)
        if kind != "name" or word in ("true", "false", "null"):
            return self._mirrored(kind, word)
        if self._take("in"):
            return self._among(word)
        sign = _NAMED.get(self._peek(), self._peek())
        if sign not in _OPERATORS:
            return Comparison(word, "is_true", kind="boolean")
        self.at += 1
        return _compared(word, _OPERATORS[sign], *self._next())

    def _mirrored(self, kind: str, word: str) -> Comparison:
        """The value stands first: 1000 < amount."""
        sign = _NAMED.get(self._peek(), self._peek())
        if sign not in _OPERATORS:
            raise _Unreadable
        self.at += 1
        operator = _OPERATORS[sign]
        return _compared(self._name(), _MIRRORED.get(operator, operator), kind, word)

    def _called(self, operator: str) -> Comparison:
        """starts_with(name, "A")"""
        name, values, kind = self._name(), [], ""
        while self._take(","):
            value, kind = _value(*self._next())
            values.append(value)
        self._need(")")
        match OPERATORS[operator].operand:
            case "none":
                return Comparison(name, operator, kind="boolean" if operator.startswith("is_") else "")
            case "one":
                return Comparison(name, operator, values[0] if len(values) == 1 else None, kind=_asked(operator, kind))
        return Comparison(name, operator, values, kind=_asked(operator, kind))

    def _among(self, name: str) -> Comparison:
        """region in ["east", "south"], or amount in [1..5]"""
        closing = {"[": "]", "(": ")"}.get(self._next()[1])
        if closing is None:
            raise _Unreadable
        values = [_value(*self._next())]
        if self._take(".."):
            values.append(_value(*self._next()))
            self._need("]")
            return Comparison(name, "between", [value for value, _ in values], kind=values[0][1])
        while self._take(","):
            values.append(_value(*self._next()))
        self._need(closing)
        return Comparison(name, "one_of", [value for value, _ in values], kind="text")

    def _name(self) -> str:
        kind, word = self._next()
        if kind != "name":
            raise _Unreadable
        return word


def _joined(combinator: str, parts: list[Comparison | Group]) -> Comparison | Group:
    if len(parts) > MAX_PARTS:
        raise _Unreadable
    return parts[0] if len(parts) == 1 else Group(combinator, tuple(parts))


def _asked(operator: str, kind: str) -> str:
    kinds = OPERATORS[operator].kinds
    return kind if kind in kinds or not kinds else kinds[0]


def _value(kind: str, word: str) -> tuple[Any, str]:
    if kind == "text":
        try:
            said = json.loads(word) if word.startswith('"') else word[1:-1].replace("\\'", "'")
        except ValueError:
            raise _Unreadable from None
        if said.isprintable():
            return said, "text"
    if kind == "number" and _DECIMAL.fullmatch(word):
        return word, "number"
    raise _Unreadable


def _compared(name: str, operator: str, kind: str, word: str) -> Comparison:
    if kind == "name" and word in ("true", "false") and operator in ("equals", "not_equals"):
        return Comparison(name, "is_true" if (word == "true") is (operator == "equals") else "is_false", kind="boolean")
    if kind == "name" and word in ("null", "undefined", "nil"):
        return Comparison(name, {"equals": "empty", "not_equals": "not_empty"}.get(operator) or _unreadable())
    if kind == "name":
        return Comparison(name, operator, other=word, kind="number" if operator in _MIRRORED else "")
    value, found = _value(kind, word)
    if operator in _MIRRORED and found == "text":
        return _dated(name, operator, value)
    if found == "text" and value == "":
        return Comparison(name, "empty" if operator == "equals" else "not_empty", kind="text")
    return Comparison(name, operator, value, kind=found)


def _dated(name: str, operator: str, value: str) -> Comparison:
    later = {"greater": "after", "less": "before"}.get(operator)
    if later and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return Comparison(name, later, value, kind="date")
    if _DECIMAL.fullmatch(value):  # a number in quotes
        return Comparison(name, operator, value, kind="number")
    raise _Unreadable


def _denied(part: Comparison | Group) -> Comparison | Group:
    opposite = {"is_true": "is_false", "is_false": "is_true", "empty": "not_empty", "not_empty": "empty"}
    if isinstance(part, Group):
        return Group(part.combinator, part.parts, not part.denied)
    if part.operator in opposite:
        return Comparison(part.name, opposite[part.operator], kind=part.kind)
    return Group("and", (part,), denied=True)


def _unreadable() -> str:
    raise _Unreadable
