"""Settlements for tests: a short way to draw one, to run lines through it, and to read what came out."""

from dougong.runtime.settlement import Settlement, run
from tests.drawing import field, options, text

INPUTS = [
    field("dealer"), field("group"), field("day", "date"), field("at", "moment"), field("amount", "money"),
    field("count", "number"), field("target", "number"), field("currency"), field("start", "date"), field("end", "date"),
    field("type", "choice", config=options("key", "small")), field("region", "region"), field("adviser"),
]  # fmt: skip
DIMENSIONS = [{"uid": one["key"], "input": one["key"]} for one in INPUTS]
AMOUNT = {"sum": "amount"}


def drawn(**parts):
    head = {"format": 1, "uid": "s", "kind": "settlement", "key": "k", "title": text("k"), "inputs": INPUTS}
    return {**head, "partner": "dealer", "date": "day", "currency": "CNY", **parts}


def settlement(**parts):
    return Settlement.from_json(drawn(**parts), 3)


def rule(uid, charge, when=None, **more):
    return {"uid": uid, "when": when or {}, "charge": charge, **more}


def table(*rules, **policy):
    return {"dimensions": DIMENSIONS, "rules": list(rules), **policy}


def flat(amount):
    return {"model": "flat", "amount": amount}


def percent(of, **more):
    return {"model": "percentage", "measure": AMOUNT, "percent": of, **more}


def term(currency="CNY", kind="out_of_scope", rate=None, uid="t", when=None, **more):
    tax = {"kind": kind, **({"rate": rate} if rate else {}), **more.pop("tax", {})}
    return {"uid": uid, "when": when or {}, "currency": currency, "tax": tax, **more}


def terms(*rows):
    return {"terms": list(rows), "term_dimensions": DIMENSIONS}


def lines(*rows):
    """Each: values, with d of October 2026 as day where none is said."""
    return [(f"l{index}", {"dealer": "d", "day": "2026-10-05", **values}) for index, values in enumerate(rows)]


def amounts(found):
    """What each line is worth, in the order given."""
    assert found.faults == (), found.faults
    return [str(rated.amount) for _, rated in found.rated]


def gross(found):
    assert found.faults == (), found.faults
    return [(one.partner, one.start.isoformat(), str(one.statement.gross)) for one in found.settled]


def ran(parts, *rows, **more):
    return run(settlement(**parts), lines(*rows), **more)


EURO = terms(term("EUR", uid="e", when={"type": {"in": ["small"]}}), term("CNY"))
STEPS = [
    {"uid": "low", "below": "10", "rate": "5", "percent": "1"},
    {"uid": "high", "below": None, "rate": "2", "percent": "2"},
]
MONTH = {"period": "month"}


def exchange(given, wanted, rate, per="1"):
    """One rate, of that day on."""
    row = {"uid": "r", "from": given, "to": wanted, "day": "2026-10-01", "rate": rate, "per": per}
    return {"exchange": {"currency": "currency", "amounts": ["amount"], "source": "PBOC", "rates": [row]}}
