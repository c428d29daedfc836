"""A settlement, compiled: what one line is worth, and what a partner's statement of a period comes to.

Two verbs, no I/O. `rate` prices a line by the price levels (结算档位). `settle` adds a statement up: the lines, what the
month's tiers (阶梯) add, tax, and the shares. Every total is the sum of its explanation (`Part`); amounts are exact until
the one rounding that is named with the result: each line and each charge, half up, at the currency's smallest unit.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from .fields import FIELD_TYPES
from .form import Form
from .money import rounded, shared
from .reason import Reason
from .texts import Text
from .tiers import MODELS
from .tiers._type import Part
from .values import comparable, missing, plain

ROUNDING: Final = "line and charge, half up, smallest unit of the currency"

Values = Mapping[str, Any]


class SettlementFault(Exception):
    """No amount can be found for these values; the reason is for the person who has to look at it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)


class Tax(NamedTuple):
    kind: str  # inclusive | exclusive | exempt | out_of_scope
    rate: Decimal  # percent


class Terms(NamedTuple):
    currency: str
    tax: Tax
    uid: str | None


class Rated(NamedTuple):
    """What a line is worth. `rule` is the uid of the rule that priced it; None where lines carry no price of their own."""

    amount: Decimal
    currency: str
    rule: str | None
    parts: tuple[Part, ...]


class Line(NamedTuple):
    """A line of the period, as it was rated before: its inputs and its amount."""

    values: Values
    amount: Decimal


class Share(NamedTuple):
    uid: str
    party: Text
    percent: Decimal
    amount: Decimal


class Group(NamedTuple):
    """The lines of a statement that fall under the same tiers and the same terms."""

    size: int
    lines_amount: Decimal
    rule: str | None
    parts: tuple[Part, ...]
    charge: Decimal
    terms: Terms
    net: Decimal
    tax_amount: Decimal


class Statement(NamedTuple):
    """net + tax = gross; the shares add up to net."""

    currency: str
    groups: tuple[Group, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    shares: tuple[Share, ...]


class Rule(NamedTuple):
    uid: str
    tests: tuple[tuple[str, str, str, Any], ...]  # (input, its kind, how, with what)
    charge: Mapping[str, Any]


@dataclass(frozen=True)
class Settlement:
    key: str
    version: int
    kinds: Mapping[str, str]
    partner: str
    date: str
    currency: str
    line_rules: tuple[Rule, ...] | None
    statement_rules: tuple[Rule, ...] | None
    terms: tuple[tuple[Rule, Terms], ...]
    shares: tuple[tuple[str, Text, Decimal], ...]
    lookups: Mapping[str, tuple[str, str]]  # input -> (input that names a record, field of the record)

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], version: int = 0) -> "Settlement":
        kinds = {one["key"]: FIELD_TYPES[one["type"]].kind for one in doc["inputs"] if one["type"] in FIELD_TYPES}
        dimensions = doc.get("term_dimensions", [])
        return cls(
            key=doc["key"],
            version=version,
            kinds=kinds,
            partner=doc["partner"],
            date=doc["date"],
            currency=doc["currency"],
            line_rules=_rules(doc.get("line"), kinds),
            statement_rules=_rules(doc.get("statement"), kinds),
            terms=tuple((_rule({**one, "charge": {}}, dimensions, kinds), _terms(one)) for one in doc.get("terms", [])),
            shares=tuple((one["uid"], one["party"], Decimal(one["percent"])) for one in doc.get("shares", [])),
            lookups={one["key"]: (one["from"]["input"], one["from"]["field"]) for one in doc["inputs"] if "from" in one},
        )

    def rate(self, values: Values) -> Rated:
        """Price one line. Raises SettlementFault where no rule fits."""
        currency = self.terms_of(values).currency
        if self.line_rules is None:
            return Rated(rounded(Decimal(0), currency), currency, None, ())
        rule = _first(self.line_rules, values)
        if rule is None:
            raise SettlementFault("settle.no_rule", values=_shown(values, self.line_rules))
        amount, parts = self._charge(rule, [Line(values, Decimal(0))], currency)
        return Rated(amount, currency, rule.uid, parts)

    def terms_of(self, values: Values) -> Terms:
        found = next((terms for rule, terms in self.terms if _fits(rule, values)), None)
        return found or Terms(self.currency, Tax("out_of_scope", Decimal(0)), None)

    def settle(self, lines: Sequence[Line]) -> list[Statement]:
        """One partner's lines of one period: one statement for each currency, in the order the currencies first appear."""
        try:
            return self._settled(lines)
        except InvalidOperation:  # more digits than a number holds
            raise SettlementFault("settle.too_large") from None

    def _settled(self, lines: Sequence[Line]) -> list[Statement]:
        by_currency: dict[str, dict[tuple[Terms, str | None], list[Line]]] = defaultdict(lambda: defaultdict(list))
        for line in lines:
            terms, rule = self.terms_of(line.values), _first(self.statement_rules or (), line.values)
            by_currency[terms.currency][terms, rule.uid if rule else None].append(line)
        return [self._statement(currency, groups) for currency, groups in by_currency.items()]

    def _statement(self, currency: str, groups: Mapping[tuple[Terms, str | None], list[Line]]) -> Statement:
        found = tuple(self._group(lines, terms, uid) for (terms, uid), lines in groups.items())
        net = sum((group.net for group in found), Decimal(0))
        tax = sum((group.tax_amount for group in found), Decimal(0))
        parts = shared(net, [percent for _, _, percent in self.shares], currency) if self.shares else []
        shares = tuple(Share(*share, amount) for share, amount in zip(self.shares, parts, strict=True))
        return Statement(currency, found, net, tax, net + tax, shares)

    def _group(self, lines: list[Line], terms: Terms, uid: str | None) -> Group:
        of_lines = rounded(sum((line.amount for line in lines), Decimal(0)), terms.currency)
        charge = rounded(Decimal(0), terms.currency)
        parts: tuple[Part, ...] = ()
        if rule := next((one for one in self.statement_rules or () if one.uid == uid), None):
            charge, parts = self._charge(rule, lines, terms.currency)
        net, tax_amount = _taxed(of_lines + charge, terms.tax, terms.currency)
        return Group(len(lines), of_lines, uid, parts, charge, terms, net, tax_amount)

    def _charge(self, rule: Rule, lines: Sequence[Line], currency: str) -> tuple[Decimal, tuple[Part, ...]]:
        measured = rule.charge.get("measure")
        measure = _measure(measured, lines)
        qualifier = _measure(rule.charge.get("qualifier", measured), lines)
        if rule.charge["model"] not in MODELS:
            raise SettlementFault("settle.unknown_model", model=rule.charge["model"])
        try:
            return charge_amount(rule.charge, measure, qualifier, currency)
        except KeyError as part:
            raise SettlementFault("settle.incomplete_rule", part=str(part.args[0])) from None
        except InvalidOperation:  # more digits than a number holds
            raise SettlementFault("settle.too_large") from None


def line_of(settlement: Settlement, values: Values, rated: Rated) -> dict[str, Any]:
    """A rated line as the ledger takes it, in JSON: amounts are decimal strings."""
    return {
        "settlement": settlement.key,
        "version": settlement.version,
        "partner": values.get(settlement.partner),
        "date": values.get(settlement.date),
        "values": dict(values),
        "amount": text(rated.amount),
        "currency": rated.currency,
        "rule": rated.rule,
        "parts": parts_json(rated.parts),
    }


def text(amount: Decimal) -> str:
    """An amount of money with the places it has: 120.00 stays 120.00."""
    return format(amount, "f")


def parts_json(parts: Sequence[Part]) -> list[list[Any]]:
    return [[part.code, part.params, plain(part.amount), part.tier] for part in parts]


def inputs_form(doc: Mapping[str, Any]) -> Form:
    """The inputs of a settlement as a form: what reads a line that somebody typed or imported."""
    return Form.from_json({"key": doc["key"], "title": doc["title"], "sections": [{"uid": "inputs", "fields": doc["inputs"]}]})


def statement_json(statement: Statement) -> dict[str, Any]:
    """A statement with its explanation, amounts as decimal strings."""
    return {
        "currency": statement.currency,
        "net": text(statement.net),
        "tax": text(statement.tax),
        "gross": text(statement.gross),
        "groups": [_group_json(group) for group in statement.groups],
        "shares": [
            {"uid": one.uid, "party": one.party, "percent": plain(one.percent), "amount": text(one.amount)}
            for one in statement.shares
        ],
    }


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "count": group.size,
        "lines_amount": text(group.lines_amount),
        "rule": group.rule,
        "parts": parts_json(group.parts),
        "charge": text(group.charge),
        "terms": group.terms.uid,
        "tax_kind": group.terms.tax.kind,
        "tax_rate": plain(group.terms.tax.rate),
        "net": text(group.net),
        "tax": text(group.tax_amount),
    }


def charge_amount(
    charge: Mapping[str, Any], measure: Decimal, qualifier: Decimal, currency: str
) -> tuple[Decimal, tuple[Part, ...]]:
    """The rounded amount of one charge and its parts, which add up to it: a difference by rounding is a part too."""
    parts = MODELS[charge["model"]].parts(charge, measure, qualifier)
    exact = sum((part.amount for part in parts), Decimal(0))
    amount = rounded(exact, currency)
    if amount != exact:
        parts = [*parts, Part("settle.part.rounding", {}, amount - exact)]
    return amount, tuple(parts)


def _taxed(amount: Decimal, tax: Tax, currency: str) -> tuple[Decimal, Decimal]:
    """(net, tax). Inclusive: 税额 = 含税 − 不含税, so that the three always tie."""
    match tax.kind:
        case "inclusive":
            net = rounded(amount / (1 + tax.rate / 100), currency)
            return net, amount - net
        case "exclusive":
            return amount, rounded(amount * tax.rate / 100, currency)
    return amount, rounded(Decimal(0), currency)


def _measure(measure: Mapping[str, Any] | None, lines: Sequence[Line]) -> Decimal:
    match measure or {"count": True}:
        case {"sum": name}:
            return sum((_number(line.values.get(name), name) for line in lines), Decimal(0))
        case {"lines": True}:
            return sum((line.amount for line in lines), Decimal(0))
    return Decimal(len(lines))


def _number(value: Any, name: str) -> Decimal:
    try:
        return comparable(value, "number") or Decimal(0)
    except ValueError:
        raise SettlementFault("settle.not_a_number", input=name, found=str(value)[:40]) from None


def _rules(table: Mapping[str, Any] | None, kinds: Mapping[str, str]) -> tuple[Rule, ...] | None:
    return None if table is None else tuple(_rule(one, table["dimensions"], kinds) for one in table["rules"])


def _rule(doc: Mapping[str, Any], dimensions: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]) -> Rule:
    inputs = {one["uid"]: one["input"] for one in dimensions}
    tests = []
    for uid, cell in doc["when"].items():
        if (name := inputs.get(uid)) is not None:
            kind = kinds.get(name, "text")
            tests += [(name, kind, how, _operand(how, wanted, kind)) for how, wanted in cell.items()]
    return Rule(doc["uid"], tuple(tests), doc["charge"])


def _operand(how: str, wanted: Any, kind: str) -> Any:
    if how in ("in", "not_in"):
        return tuple(wanted) if kind == "region" else frozenset(_same(one) if kind == "number" else one for one in wanted)
    try:
        return comparable(wanted, kind)
    except ValueError:
        return None


def _terms(doc: Mapping[str, Any]) -> Terms:
    tax = doc["tax"]
    return Terms(doc["currency"], Tax(tax["kind"], Decimal(tax.get("rate", "0"))), doc["uid"])


def _first(rules: tuple[Rule, ...], values: Values) -> Rule | None:
    return next((rule for rule in rules if _fits(rule, values)), None)


def _fits(rule: Rule, values: Values) -> bool:
    return all(_passes(values.get(name), kind, how, wanted) for name, kind, how, wanted in rule.tests)


def _passes(value: Any, kind: str, how: str, wanted: Any) -> bool:
    """A missing value passes no test but `not_in`."""
    if missing(value):
        return how == "not_in"
    try:
        found = comparable(value, kind)
    except (ValueError, KeyError, TypeError):
        return False
    match how:
        case "in":
            return found.startswith(wanted) if kind == "region" else _cell(found) in wanted
        case "not_in":
            return not (found.startswith(wanted) if kind == "region" else _cell(found) in wanted)
        case "from":
            return wanted is not None and found >= wanted
        case "below":
            return wanted is not None and found < wanted
    return False


def _cell(found: Any) -> str:
    """A comparable value as the cells of a table write it: 10.50 is 10.5, yes is true."""
    if isinstance(found, bool):
        return "true" if found else "false"
    return plain(found) if isinstance(found, Decimal) else str(found)


def _same(wanted: str) -> str:
    try:
        return _cell(comparable(wanted, "number"))
    except ValueError:
        return wanted


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("id", value.get("region", "")))
    return "" if value is None else plain(value) if isinstance(value, Decimal) else str(value)


def _shown(values: Values, rules: tuple[Rule, ...]) -> str:
    """The values that the rules asked for, for the sentence that says none fits."""
    asked = dict.fromkeys(name for rule in rules for name, *_ in rule.tests)
    return ", ".join(f"{name} = {_as_text(values.get(name)) or '—'}" for name in asked)
