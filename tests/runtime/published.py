"""Examples that others published, put into our format: by model and option, in this one place.

A quantity is one line of that quantity; what others call an event is a line. `answer` draws the settlement, runs it, and
says what the example asks for. The words of the publishers are explained in `vectors/README.md`; `SPELLED` knows others for
the same.
"""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from dougong.runtime.settlement import Settlement, run
from dougong.runtime.settlement.batch import Values, settle_lines
from dougong.runtime.settlement.rounding import MODES
from dougong.runtime.values import plain
from tests import LONG
from tests.drawing import field, text

EXACT = {"mode": "exact"}
INPUTS = [
    field("partner"), field("day", "date"), field("quantity", "number"), field("events", "number"), field("currency"),
    field("since", "date"), field("until", "date"),
]  # fmt: skip
QUANTITY = {"sum": "quantity"}
MONTH = {"period": "month"}
SO_FAR = {"count": True, "over": {**MONTH, "so_far": True}}
ORDER = {"partner": "p", "day": "2026-10-05"}
BEGIN = date(2026, 1, 1)

# A word of theirs -> a figure of ours.
FIGURES = {
    "package_size": "size", "package_price": "rate", "free_units": "free", "block_size": "size", "plus_fixed": "fixed",
    "min": "min", "max": "max", "min_each": "min", "max_each": "max", "rate_pct": "percent", "fixed": "fixed",
    "target": "threshold", "amount": "amount", "free_total": "free", "unit": "rate", "blocks": "blocks",
    "threshold": "threshold",
}  # fmt: skip
TIER = {
    "unit": "rate", "rate_pct": "percent", "flat": "amount", "amount": "amount", "package_size": "size", "block_size": "size",
    "min": "min", "max": "max",
}  # fmt: skip
SPELLED = {
    "unit_price": "unit", "unit_amount": "unit", "per_unit_amount": "unit", "price": "unit", "rate": "unit", "pct": "rate_pct",
    "percent": "rate_pct", "percentage": "rate_pct", "flat_fee": "flat", "flat_amount": "flat", "flat_price": "flat",
    "usage": "quantity", "units": "quantity", "previous": "before", "already": "before", "minimum": "min", "maximum": "max",
    "min_spend": "min", "max_spend": "max", "fixed_fee": "fixed", "fixed_amount": "fixed", "base_fee": "plus_fixed",
    "free": "free_units", "size": "package_size", "free_units_per_events": "free_events", "min_per_event": "min_each",
    "free_units_per_total_aggregation": "free_total", "per_transaction_min_amount": "min_each", "max_per_event": "max_each",
    "per_transaction_max_amount": "max_each", "free_amount": "free_total", "multiplier": "unit", "qualifying": "qualifier",
    "included_units": "free_units", "included": "free_units", "overage_price": "unit", "weights": "ratios", "parts": "ways",
    "gross": "amount", "tax_rate": "tax_pct", "tax_included": "inclusive", "rounding": "mode", "rounding_mode": "mode",
    "precision": "multiple", "amounts": "events",
}  # fmt: skip
OF_A_TIER = {
    "to": "upto", "up_to": "upto", "to_value": "upto", "last_unit": "upto", "end_quantity": "upto", "ending_quantity": "upto",
    "from_value": "from", "first_unit": "from", "start_quantity": "from",
}  # fmt: skip
OURS = {
    "threshold_amount": "threshold", "tiered": "graduated", "stairstep": "stair", "flat_fee": "flat", "unit": "per_unit",
    "threshold_percent": "volume_percentage", "threshold_percentage": "volume_percentage", "threshold_unit": "volume",
    "quick_deduction": "graduated_percentage", "interpolated_amount": "graduated", "dynamic": "per_unit", "round": "per_unit",
    "standard": "per_unit", "overage": "per_unit", "percent": "percentage", "fixed": "flat", "block": "package",
    "step": "stair", "bulk": "volume", "all_units": "volume", "bracket": "volume", "slab": "graduated",
    "progressive": "graduated", "incremental": "graduated", "tiered_with_overage": "graduated",
}  # fmt: skip
MODE_OF = {"bankers": "half_even", "truncate": "down"}
OF_ALL = ("threshold_percent", "threshold_percentage", "threshold_unit")
OF_A_TARGET = ("achievement", "achievement_slices", "interpolated")
MEASURED = {"target": "quota", "qualifier": "qualifier"}  # by something else than the quantity: it is given outright
QUANTITIES = ("quantity", "base", "total", "value", "amount")
OPEN = (None, "inf", "infinity", "∞", "-1")


def answer(example):
    """As the example writes it: a decimal text, or a list of minor units."""
    given, model = words_of(example["input"]), example["model"]
    if model.startswith("split"):
        return _split(given, next((one for one in ("first", "last") if one in model), "largest"))
    if model.startswith("tax_"):
        return _tax(given, model.removeprefix("tax_"))
    if model in OTHERWISE:
        return OTHERWISE[model](given)
    charge = charge_of(example)
    if model.endswith("_marginal"):
        return _last_line(charge, [given.get("before", "0"), given["quantity"]], given)
    if "events" in given:
        if example.get("tiers") and not given.get("each"):  # they count together
            return _whole({"statement": _table(charge)}, given["events"], given)
        return _of_events(charge, given)
    return _whole({"statement": _table(charge)}, [_quantity(given)], given)


def charge_of(example):
    given, rows = words_of(example["input"]), [words_of(row, OF_A_TIER) for row in example.get("tiers") or ()]
    model = example["model"].removesuffix("_marginal")
    begin = bool(rows) and all("from" in row and "upto" not in row for row in rows)
    rows = _ended(rows) if begin else rows
    if model in OF_ALL:  # nothing below the target, and all of it from there on
        rows = [{"upto": given.pop("target")}, {name: given.pop(name) for name in ("rate_pct", "unit") if name in given}]
    ours = OURS.get(model, model)
    if ours == "threshold" and rows:  # several targets
        ours = "stair"
    if ours in ("graduated", "volume") and any("rate_pct" in row for row in rows):
        ours += "_percentage"
    if ours in OF_A_TARGET:
        given["quota"] = given.pop("target")
    price = "percent" if ours in OF_A_TARGET or "payment" in ours or "percentage" in ours else "rate"
    if price == "percent" and "unit" in given:  # a rate of money
        given["rate_pct"] = given.pop("unit")
    if ours == "per_unit":
        given.setdefault("unit", "1")
    if model == "interpolated_amount":
        rows, given["blocks"] = _evenly(rows), "part"
    return {
        "model": ours,
        "measure": QUANTITY,
        "bounds": "upto" if example.get("tiers") and not begin else "from",
        "zero_enters": given.get("zero_quantity_charges_first_flat", False),
        **{name: {"formula": given[word]} for name, word in MEASURED.items() if word in given},
        **{FIGURES[name]: value for name, value in given.items() if name in FIGURES and value is not None},
        **({"tiers": [_tier(at, row, price) for at, row in enumerate(rows)]} if rows else {}),
    }


def _ended(rows):
    """Tiers of which only is said where they begin."""
    first, ends = rows[0]["from"], [*(row["from"] for row in rows[1:]), None]
    below = [{"upto": first, "flat": "0"}] if Decimal(first) else []
    return [*below, *({**row, "upto": end} for row, end in zip(rows, ends, strict=True))]


def _evenly(rows):
    """An amount for a whole tier, of which a part of it earns that part."""
    starts = ["0", *(row["upto"] for row in rows)]
    widths = [str(Decimal(row["upto"]) - Decimal(start)) for row, start in zip(rows, starts, strict=False)]
    return [{"upto": row["upto"], "unit": row["amount"], "package_size": one} for row, one in zip(rows, widths, strict=True)]


def _tier(at, row, price):
    """A tier without a price has only a flat amount; without an end it is open."""
    upto = row.get("upto")
    figures = {TIER[name]: one for name, one in row.items() if name in TIER and one is not None}
    return {"uid": f"t{at}", "below": None if upto in OPEN else upto, price: "0", **figures}


def words_of(given, more=None):
    spelled = {**SPELLED, **(more or {})}
    return {spelled.get(name, name): written(value) for name, value in given.items()}


def written(value):
    """A number in whatever way it is written, as decimal text; anything else as it is."""
    if isinstance(value, list):
        return [written(one) for one in value]
    if value is None or isinstance(value, bool):
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return value
    return format(number, "f") if number.is_finite() else None


def _quantity(given):
    return next((given[name] for name in QUANTITIES if name in given), "0")


def played(parts, quantities, currency="XXX", besides=()):
    """By the interpreter; a release asks the engine too."""
    doc = {"key": "k", "title": text("k"), "inputs": INPUTS, "partner": "partner", "date": "day", "currency": currency, **parts}
    lines = [(str(index), {**ORDER, "quantity": quantity, **dict(besides)}) for index, quantity in enumerate(quantities)]
    found = run(plan := Settlement.from_json(doc), lines)
    assert found.faults == (), found.faults
    assert not LONG or tuple(settle_lines(plan, Values(lines, plan.kinds)).settled) == found.settled
    return found


def _table(*charges, **policy):
    return {"dimensions": [], "rules": [{"uid": f"r{n}", "when": {}, "charge": one} for n, one in enumerate(charges)], **policy}


def _rounding(given, default):
    mode, places = given.get("mode", "half_up").lower().removeprefix("round_"), given.get("scale", default)
    mode = MODE_OF.get(mode, mode)
    how = {"mode": mode if mode in MODES else "half_up"}
    if "multiple" in given:
        return {**how, "multiple": given["multiple"]}
    return {**how, "places": int(places)} if places is not None else how if "currency" in given else EXACT


def _whole(parts, quantities, given, besides=()):
    """Exact, or the whole rounded, or each line, where it is said to how many places."""
    wholly = _rounding(given, None)
    rounding = {"line": wholly if given.get("round_each") else EXACT, "charge": wholly, "statement": wholly}
    settled = played({**parts, "rounding": rounding}, quantities, given.get("currency", "XXX"), besides).settled
    return plain(sum((one.statement.gross for one in settled), Decimal(0)))


def _last_line(charge, quantities, given):
    """What it adds to the lines before; a least amount is owed in the end, so the last one brings what is missing to it."""
    figures = {name: value for name, value in charge.items() if name != "min"}
    least = {"limits": {"min": charge["min"]}} if "min" in charge else {}
    marginal = {**figures, "measure": {**QUANTITY, "over": MONTH}, "marginal": True}
    *before, last = quantities
    there = [*(one for one in before if Decimal(one)), last]
    rounding = dict.fromkeys(("line", "charge", "statement"), _rounding(given, None))
    found = played({"line": _table(marginal), "rounding": rounding, **least}, there)
    [settled] = found.settled
    return plain(settled.statement.gross - sum(rated.amount for _, rated in found.rated[:-1]))


def _of_events(charge, given):
    """Each is a line. The first so many are free, or the first of so much; of both whatever ends first."""
    rules = []
    if Decimal(given.get("free_total") or 0):
        rules.append({**charge, "measure": {**QUANTITY, "over": MONTH}, "marginal": True, "own_limits": True})
    if Decimal(given.get("free_events") or 0):
        rules.append(_after_so_many(charge, given["free_events"]))
    return _whole({"line": _table(*rules or [charge], policy="collect", collect="max")}, given["events"], given)


def _after_so_many(charge, free):
    paid = {name: charge[name] for name in ("percent", "min", "max") if name in charge}
    tiers = [{"uid": "free", "below": free, "percent": "0"}, {"uid": "paid", **paid, "amount": charge.get("fixed", "0")}]
    return {"model": "volume_percentage", "measure": QUANTITY, "qualifier": SO_FAR, "bounds": "upto", "tiers": tiers}


def _totals(given):
    """One line that brings both totals: a percentage beyond what is free, and so much for each event beyond those that are
    free; where nothing was moved, no event is owed for."""
    percent = {"model": "percentage", "percent": given["rate_pct"], "free": given.get("free_total", "0"), "measure": QUANTITY}
    moved = {"formula": "IF(quantity = 0, 0, events)"}
    fixed = {"model": "per_unit", "rate": given.get("fixed", "0"), "free": given.get("free_events", "0"), "measure": moved}
    limits = {name: given[name] for name in ("min", "max") if name in given}
    parts = {"statement": _table(percent, fixed, policy="collect"), **({"limits": limits} if limits else {})}
    return _whole(parts, [given["total"]], given, {"events": given.get("count", "1")})


def _tax(given, what):
    """The tax itself, or the `net`, of which it is; on lines, `per_line` or `per_statement`: what is paid in the end."""
    lines = given.get("lines", [given.get("amount")])
    kind = "inclusive" if "inclusive" in what or given.get("inclusive") else "exclusive"
    tax = {"kind": kind, "rate": given["tax_pct"], "per": "line" if what.endswith("per_line") else "statement"}
    terms = [{"uid": "t", "when": {}, "currency": "XXX", "tax": tax}]
    priced = _table({"model": "per_unit", "measure": QUANTITY, "rate": given.get("unit", "1")})
    parts = {"line": priced, "terms": terms, "rounding": {"tax": _rounding(given, 2)}}
    [settled] = played(parts, lines).settled
    asked = "net" if what.endswith("net") else "gross" if what.startswith("per_") else "tax"
    return str(getattr(settled.statement, asked))


def _split(given, remainder):
    """Minor units: a currency without any smaller ones. In one with them: amounts."""
    minor = "minor" in given
    ratios = given.get("ratios", ["1"] * int(given.get("ways", "0")))
    shares = [{"uid": f"s{n}", "party": text("s"), "ratio": one} for n, one in enumerate(ratios)]
    worth = {"statement": _table({"model": "per_unit", "measure": QUANTITY, "rate": "1"})}
    parts = {**worth, "shares": shares, "remainder": given.get("takes", remainder)}
    [settled] = played(parts, [given["minor" if minor else "amount"]], "JPY" if minor else given["currency"]).settled
    return [int(one.amount) if minor else str(one.amount) for one in settled.statement.shares]


def _converted(given):
    """Amounts of one currency in another, each rounded by itself, or only what they come to."""
    rate = {"uid": "x", "from": given["from"], "to": given["to"], "day": ORDER["day"], "rate": given["unit"]}
    exchange = {"currency": "currency", "amounts": ["quantity"], "rates": [{**rate, "per": given.get("per", "1")}]}
    mode = {"mode": given["mode"]} if "mode" in given else {}
    parts = {"line": _table({"model": "percentage", "measure": QUANTITY, "percent": "100"}), "exchange": exchange}
    quantities = given.get("lines", [given.get("amount")])
    rounding = {"rounding": {"convert": mode}} if mode else {}
    [settled] = played({**parts, **rounding}, quantities, given["to"], {"currency": given["from"]}).settled
    return str(settled.statement.gross)


def _prorated(given):
    """So many days of those that make the whole."""
    days = {"since": BEGIN.isoformat(), "until": (BEGIN + timedelta(days=int(float(given["days"])) - 1)).isoformat()}
    prorate = {"period": "year", "from": "since", "to": "until", "of": int(float(given["of"]))}
    parts = {"line": _table({"model": "flat", "amount": given["amount"], "prorate": prorate})}
    [settled] = played({**parts, "rounding": {"prorate": _rounding(given, 2)}}, ["1"], besides=days).settled
    return str(settled.statement.gross)


OTHERWISE = {"percentage_totals": _totals, "convert": _converted, "prorated": _prorated}
