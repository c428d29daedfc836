"""A settlement's results as JSON: amounts are decimal strings, sentences are codes of the catalogue with their figures."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..form import Form
from ..tiers._type import Part
from ..values import plain
from .definition import Settlement
from .lines import Rated
from .periods import period_of
from .sharing import Share
from .statements import Group, Statement


def line_of(settlement: Settlement, values: Mapping[str, Any], rated: Rated) -> dict[str, Any]:
    """A rated line as the ledger takes it."""
    day = settlement.day_of(values)
    return {
        "settlement": settlement.key,
        "version": settlement.version,
        "partner": values.get(settlement.partner),
        "date": day.isoformat() if day else None,
        "period": period_of(settlement, values),
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
    return [[part.code, _figures(part.params), plain(part.amount), part.tier] for part in parts]


def _figures(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in params.items()}


def statement_json(statement: Statement) -> dict[str, Any]:
    """A statement with its explanation."""
    return {
        "currency": statement.currency,
        "net": text(statement.net),
        "tax": text(statement.tax),
        "gross": text(statement.gross),
        "groups": [_group_json(group) for group in statement.groups],
        "shares": [_share_json(one) for one in statement.shares],
        "roundings": [one.to_json() for one in statement.roundings],
    }


def _share_json(one: Share) -> dict[str, Any]:
    found = {"uid": one.uid, "party": one.party, "percent": plain(one.percent), "amount": text(one.amount)}
    return found | ({} if one.who is None else {"who": one.who}) | ({"parts": parts_json(one.told)} if one.told else {})


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
        "tax_per": group.terms.tax.per,
        "net": text(group.net),
        "tax": text(group.tax_amount),
    }


def inputs_form(doc: Mapping[str, Any]) -> Form:
    """The inputs of a settlement as a form: what reads a line that somebody typed or imported."""
    return _form(doc, doc["inputs"])


def lines_form(doc: Mapping[str, Any]) -> Form:
    """The same for a line that counts: whose it is and of which day must be said, where it is not looked up."""
    whose = (doc["partner"], doc["date"])
    return _form(
        doc, [{**one, "required": True} if one["key"] in whose and "from" not in one else one for one in doc["inputs"]]
    )


def _form(doc: Mapping[str, Any], fields: list[Any]) -> Form:
    return Form.from_json({"key": doc["key"], "title": doc["title"], "sections": [{"uid": "inputs", "fields": fields}]})
