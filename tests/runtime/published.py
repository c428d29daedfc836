"""Examples that others published, put into our format: by model and option, in this one place.

A quantity is one line of that quantity; what others call an event is a line. `answer` draws the settlement, runs it, and
says what the example asks for. The words of the publishers are explained in `vectors/README.md`.
"""

from decimal import Decimal

from dougong.runtime.settlement import Settlement, run
from dougong.runtime.values import plain
from tests.drawing import field, text

EXACT = {"mode": "exact"}
INPUTS = [field("partner"), field("day", "date"), field("quantity", "number")]
QUANTITY = {"sum": "quantity"}
MONTH = {"period": "month"}
ORDER = {"partner": "p", "day": "2026-10-05"}

# A word of theirs -> a figure of ours.
FIGURES = {
    "package_size": "size", "package_price": "rate", "free_units": "free", "block_size": "size", "plus_fixed": "fixed",
    "min": "min", "max": "max", "min_each": "min", "max_each": "max", "rate_pct": "percent", "fixed": "fixed",
    "target": "threshold", "amount": "amount", "free_total": "free",
}  # fmt: skip
TIER = {"unit": "rate", "rate_pct": "percent", "flat": "amount"}
REMAINDERS = {"split_first_takes_rest": "first", "split_last_takes_rest": "last"}
OURS = {"threshold_amount": "threshold"}
QUANTITIES = ("quantity", "base", "total")


def answer(example):
    """As the example writes it: a decimal text, or a list of minor units."""
    given, model = example["input"], example["model"]
    if model.startswith("split_"):
        return _split(given, REMAINDERS.get(model, "largest"))
    if model.startswith("tax_"):
        return _tax(given, model.removeprefix("tax_"))
    if model == "percentage_totals":
        return _totals(given)
    charge = charge_of(example)
    if model.endswith("_marginal"):
        return _last_line(charge, [given["before"], given["quantity"]])
    if "events" in given:
        free = "free_total" in given or "free_events" in given
        return _whole({"line": _beyond_what_is_free(given) if free else _table(charge)}, given["events"])
    return _whole({"statement": _table(charge)}, [next((given[name] for name in QUANTITIES if name in given), "0")])


def charge_of(example):
    given = example["input"]
    model = example["model"].removesuffix("_marginal")
    nothing = {"percent" if "percentage" in model else "rate": "0"}  # of a tier that only has a flat amount
    tiers = [
        {
            "uid": f"t{index}",
            "below": row["upto"],
            **nothing,
            **{TIER[name]: value for name, value in row.items() if name in TIER},
        }
        for index, row in enumerate(example["tiers"])
    ]
    return {
        "model": OURS.get(model, model),
        "measure": QUANTITY,
        "bounds": "upto" if tiers else "from",
        "zero_enters": given.get("zero_quantity_charges_first_flat", False),
        **{FIGURES[name]: value for name, value in given.items() if name in FIGURES},
        **({"tiers": tiers} if tiers else {}),
    }


def played(parts, quantities, currency="XXX"):
    doc = {"key": "k", "title": text("k"), "inputs": INPUTS, "partner": "partner", "date": "day", "currency": currency, **parts}
    lines = [(str(index), {**ORDER, "quantity": quantity}) for index, quantity in enumerate(quantities)]
    found = run(Settlement.from_json(doc), lines)
    assert found.faults == ()
    return found


def _table(*charges, **policy):
    return {"dimensions": [], "rules": [{"uid": f"r{n}", "when": {}, "charge": one} for n, one in enumerate(charges)], **policy}


def _whole(parts, quantities):
    rounding = dict.fromkeys(("line", "charge", "statement"), EXACT)
    [settled] = played({**parts, "rounding": rounding}, quantities).settled
    return plain(settled.statement.gross)


def _last_line(charge, quantities):
    marginal = {**charge, "measure": {**QUANTITY, "over": MONTH}, "marginal": True}
    there = [one for one in quantities if Decimal(one)]
    found = played({"line": _table(marginal), "rounding": {"line": EXACT}}, there)
    return plain(found.rated[-1][1].amount)


def _percent_and_fixed(given):
    """A percentage of the total beyond what is free, and a fixed sum for each event beyond those that are free."""
    percent = {"model": "percentage", "percent": given["rate_pct"], "free": given.get("free_total", "0"), "measure": QUANTITY}
    fixed, events = given.get("fixed", "0"), str(given.get("free_events", "0"))
    return percent, {"model": "per_unit", "rate": fixed, "free": events, "measure": {"count": True}}


def _beyond_what_is_free(given):
    """What each event adds."""
    both = _percent_and_fixed(given)
    added = ({**one, "measure": {**one["measure"], "over": MONTH}, "marginal": True} for one in both)
    return _table(*added, policy="collect")


def _totals(given):
    events = [given["total"], *["0"] * (int(given.get("count", "1")) - 1)]
    return _whole({"statement": _table(*_percent_and_fixed(given), policy="collect")}, events)


def _tax(given, what):
    """`amount`: the tax itself. `per_line`, `per_statement`: what is paid in the end."""
    lines = given.get("lines", [given.get("amount")])
    kind = "inclusive" if "inclusive" in what else "exclusive"
    tax = {"kind": kind, "rate": given["tax_pct"], "per": "line" if what.endswith("per_line") else "statement"}
    rounding = {"tax": {"mode": given.get("mode", "half_up"), "places": given.get("scale", 2)}}
    terms = [{"uid": "t", "when": {}, "currency": "XXX", "tax": tax}]
    priced = _table({"model": "per_unit", "measure": QUANTITY, "rate": "1"})
    [settled] = played({"line": priced, "terms": terms, "rounding": rounding}, lines).settled
    return str(settled.statement.tax if what.endswith("amount") else settled.statement.gross)


def _split(given, remainder):
    """Minor units: a currency without any smaller ones."""
    shares = [{"uid": f"s{n}", "party": text("s"), "ratio": str(one)} for n, one in enumerate(given["ratios"])]
    worth = {"statement": _table({"model": "per_unit", "measure": QUANTITY, "rate": "1"})}
    [settled] = played({**worth, "shares": shares, "remainder": remainder}, [str(given["minor"])], "JPY").settled
    return [int(one.amount) for one in settled.statement.shares]
