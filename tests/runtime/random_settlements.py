"""Settlements and lines at random: every charge model, policy, currency and rounding; lines with faults among them."""

from hypothesis import strategies as st

from dougong.runtime.settlement.rounding import MODES, PLACES
from tests.runtime.settling import AMOUNT, DIMENSIONS, drawn, table, term, terms

NUMBERS = ("0", "0.01", "1", "9.99", "10", "100", "250.5", "999.995", "1000", "-3", "-100", "-1000.25", "33.333333")
CENTS = st.integers(-200_000, 200_000).map(lambda cents: f"{cents / 100:.2f}")
DAYS = ("2026-09-30", "2026-10-01", "2026-10-15", "2026-10-31", "2026-11-01", "2027-01-01", "2025-10-31")
MOMENTS = ("2026-10-31T15:59:59+00:00", "2026-10-31T16:00:00+00:00", "2026-10-01T00:30:00+09:00", "2026-11-01T00:00:00+08:00")
CELLS = {
    "dealer": ("d", "e", "f", "g", "h", "i"), "type": ("key", "small"), "currency": ("CNY", "USD", "JPY", "KWD", "EUR"),
    "region": ("44", "4401", "4403", "31", "3101"), "adviser": ("anna", "bo"), "group": ("g", "h"),
}  # fmt: skip
PRICES = ("0", "0.5", "1", "2.75", "12.3456", "100", "0.000016667")
NAMED = ("CNY", "USD", "own")
SIZES = ("1", "3", "7.5", "10")
PERCENTS = ("0", "0.5", "3", "12.345678", "100")


def some(choices, most=3):
    return st.lists(st.sampled_from(choices), min_size=1, max_size=most, unique=True)


@st.composite
def cell(draw, dimension):
    if dimension in CELLS:
        return {draw(st.sampled_from(["in", "not_in"])): draw(some(CELLS[dimension]))}
    if dimension in ("day", "at"):
        bounds = sorted(draw(some(DAYS, 2)))
    else:
        if draw(st.booleans()):
            return {draw(st.sampled_from(["in", "not_in"])): draw(some(NUMBERS))}
        bounds = sorted(draw(some(NUMBERS, 2)), key=float)
    return dict(zip(draw(st.sampled_from([("from", "below"), ("from",), ("below",)])), bounds, strict=False))


WHEN = st.lists(st.sampled_from(["amount", "count", *CELLS, "day", "at"]), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: cell(name) for name in names})
)
CONDITIONS = st.sampled_from(
    [
        {"combinator": "and", "not": False, "rules": [{"field": "count", "operator": "greater", "value": "1"}]},
        {"combinator": "or", "not": True, "rules": [{"field": "type", "operator": "equals", "value": "key"}]},
        {
            "combinator": "and",
            "not": False,
            "rules": [{"field": "amount", "operator": "greater", "value": "count", "source": "field"}],
        },
    ]
)


FORMULAS = (
    "amount * 2 - count",
    "0.125 - (count - amount) * 3",
    "ROUND(amount / 3, 3)",
    'IF(type = "key", amount, DAY(day) + 0.125)',
    "amount / count",
)
MEASURES = st.sampled_from(
    [{"count": True}, AMOUNT, {"sum": "count"}, {"max": "amount"}, {"lines": True}, *({"formula": one} for one in FORMULAS)]
)


CONTRACT = {"period": "contract", "since": "start", "until": "end"}
BEYOND = st.sampled_from(
    [
        *(
            {**one, "over": {"period": "year"}}
            for one in (AMOUNT, {"max": "amount"}, {"count": True}, AMOUNT, {"sum": "count"})
        ),
        {**AMOUNT, "over": {"period": "month"}},
        {**AMOUNT, "over": {"period": "quarter", "group": ["group"]}},
        {"lines": True, "over": {"period": "rolling", "days": 40}},
        {**AMOUNT, "over": {"period": "rolling", "days": 16}},
        {"max": "amount", "over": CONTRACT},
        {"formula": "amount * 2 - count", "over": CONTRACT},
        {"count": True, "over": {"period": "day"}},
        {**AMOUNT, "over": {"period": "month", "earlier": "previous"}},
        {"max": "amount", "over": {"period": "quarter", "earlier": "last_year"}},
        {"lines": True, "over": {"period": "rolling", "days": 20, "earlier": "previous"}},
    ]
)


SEQUENCES = st.sampled_from(
    [
        {**AMOUNT, "over": {"period": "month"}},
        {"count": True, "over": {"period": "rolling", "days": 20}},
        {"max": "amount", "over": {"period": "quarter", "so_far": True}},
        {**AMOUNT, "over": CONTRACT},
        {**AMOUNT, "over": {"period": "month", "group": ["group"]}},
    ]
)


@st.composite
def tiers(draw, figure):
    bounds = sorted(draw(some(("10", "100", "250.5", "1000", "5000"), 3)), key=float)
    prices = PERCENTS if figure == "percent" else PRICES
    rows = [{"uid": f"t{index}", "below": end} for index, end in enumerate([*bounds, None])]
    for row in rows:
        row[figure] = draw(st.sampled_from(prices))
        for more in draw(
            st.lists(st.sampled_from(["amount", "min", "max", *(["size"] if figure == "rate" else [])]), max_size=1)
        ):
            if more != figure:
                row[more] = draw(st.sampled_from(SIZES if more == "size" else PRICES))
    return rows


PLAIN = {
    "flat": ("amount",), "base_rate": ("amount", "rate"), "per_unit": ("rate",), "percentage": ("percent",),
    "package": ("rate", "size"), "threshold": ("amount", "threshold"),
}  # fmt: skip
TIERED = {
    "graduated": "rate", "graduated_percentage": "percent", "volume": "rate", "volume_percentage": "percent", "stair": "amount",
    "achievement": "percent", "achievement_slices": "percent", "interpolated": "percent", "payment_delay": "percent",
}  # fmt: skip


@st.composite
def charge(draw, *, prorated):
    model = draw(st.sampled_from([*PLAIN, *TIERED, "per_unit", "percentage"]))
    found = {"model": model, "measure": draw(MEASURES)}
    for figure in PLAIN.get(model, ("percent",) if model == "payment_delay" else ()):
        prices = {"percent": PERCENTS, "size": SIZES, "threshold": ("0", "100")}.get(figure, PRICES)
        found[figure] = draw(st.sampled_from(prices))
    if model in TIERED:
        found["tiers"] = draw(tiers(TIERED[model]))
        found["bounds"] = draw(st.sampled_from(["from", "upto"]))
        found["zero_enters"] = draw(st.booleans())
    if model in ("achievement", "payment_delay") or draw(st.integers(0, 4)) == 0:
        found["qualifier"] = draw(MEASURES if prorated else st.one_of(MEASURES, BEYOND))
    if model in ("achievement", "achievement_slices", "interpolated"):
        found["target"] = {"sum": "target"}
    for more in draw(st.lists(st.sampled_from(["fixed", "min", "max", "free", "size"]), max_size=1)):
        found.setdefault(more, draw(st.sampled_from(SIZES if more == "size" else PRICES)))
    found["blocks"] = draw(st.sampled_from(["begun", "full", "part"]))
    if draw(st.integers(0, 3)) == 0:
        found["currency"] = draw(st.sampled_from(NAMED))
    if prorated and draw(st.integers(0, 9)) == 0:
        found[draw(st.sampled_from(["measure", "qualifier"]))] = draw(SEQUENCES)
        found |= draw(st.sampled_from([{}, {"marginal": True}, {"marginal": True, "own_limits": True}]))
    if prorated and draw(st.integers(0, 5)) == 0:
        found["prorate"] = {
            "from": "start",
            "to": "end",
            **draw(st.sampled_from([{"period": "month"}, {"period": "year", "of": 30}])),
        }
    return found


@st.composite
def rules(draw, *, prorated):
    found = []
    for index in range(draw(st.integers(1, 4))):
        row = {"uid": f"r{index}", "when": draw(WHEN) if index else {}, "charge": draw(charge(prorated=prorated))}
        row["priority"] = draw(st.integers(0, 2)) if index else -1
        if draw(st.integers(0, 5)) == 0:
            row["condition"] = draw(CONDITIONS)
        if draw(st.integers(0, 5)) == 0:
            row["valid"] = {"from": "2026-10-01", "below": "2026-10-31"}
        found.append(row)
    collecting = [{"policy": "collect", "collect": one} for one in ("sum", "max", "min")]
    policy = draw(st.sampled_from([{}, {}, {"policy": "unique"}, *collecting]))
    negative = draw(st.sampled_from([{}, {}, {"negative": "lowest"}, {"negative": "refuse"}]))
    return table(*found, **policy, **negative)


@st.composite
def term_rows(draw):
    kinds = [("exempt", None), ("out_of_scope", None), ("inclusive", "13"), ("exclusive", "6.5"), ("exclusive", "0")]
    rows = []
    for index in range(draw(st.integers(0, 3))):
        kind, rate = draw(st.sampled_from(kinds))
        per = {"per": "line"} if draw(st.integers(0, 2)) == 0 else {}
        rows.append(term(draw(st.sampled_from(CELLS["currency"])), kind, rate, f"t{index}", draw(WHEN), tax=per))
    return terms(*rows)


@st.composite
def exchange(draw):
    pairs = [
        ("USD", "CNY", "7.1234"),
        ("JPY", "CNY", "4.8567"),
        ("CNY", "USD", "0.1403"),
        ("KWD", "CNY", "23.5"),
        ("EUR", "USD", "1.08"),
    ]
    rates = [
        {"uid": f"{a}{b}{day}", "from": a, "to": b, "day": day, "rate": rate, "per": "100" if a == "JPY" else "1"}
        for a, b, rate in pairs
        for day in ("2026-09-01", draw(st.sampled_from(DAYS)))
    ]
    return {"currency": "currency", "amounts": draw(st.sampled_from([["amount"], ["amount", "target"]])),
            "rule": draw(st.sampled_from(["latest", "exact", "month_start", "month_end"])), "rates": rates}  # fmt: skip


@st.composite
def roundings(draw):
    modes, places = (
        st.sampled_from([*MODES, "exact"]),
        st.sampled_from([{}, {"places": 0}, {"places": 1}, {"places": 4}, {"multiple": "0.05"}]),
    )
    return {
        where: {**draw(st.sampled_from([{}, {"mode": draw(modes)}])), **draw(places)}
        for where in draw(st.lists(st.sampled_from(PLACES), max_size=3, unique=True))
    }


SHARES = st.sampled_from(
    [
        [{"uid": "a", "party": {"en": "A"}, "percent": "60"}, {"uid": "b", "party": {"en": "B"}, "percent": "40"}],
        [{"uid": "a", "party": {"en": "A"}, "amount": "5", "currency": "USD"}, {"uid": "b", "party": {"en": "B"}, "ratio": "1"},
         {"uid": "c", "party": {"en": "C"}, "ratio": "2", "by": "adviser"}],
        [{"uid": "a", "party": {"en": "A"}, "formula": "count + line_amount / 4", "by": "adviser"},
         {"uid": "b", "party": {"en": "B"}, "formula": "amount / 100"}, {"uid": "c", "party": {"en": "C"}, "ratio": "1"}],
    ]
)  # fmt: skip


@st.composite
def pools(draw):
    rows = [
        {
            "uid": f"p{index}",
            "when": draw(WHEN),
            "measure": draw(MEASURES),
            "budget": draw(st.sampled_from(["1", "500", "99999"])),
        }
        for index in range(draw(st.integers(1, 2)))
    ]
    for row in rows:
        row[draw(st.sampled_from(["percent", "rate"]))] = draw(st.sampled_from(PRICES))
    return {"pools": rows, "term_dimensions": DIMENSIONS}


@st.composite
def definitions(draw):
    found = {}
    if draw(st.integers(0, 4)):
        found["line"] = draw(rules(prorated=True))
    if draw(st.integers(0, 4)):
        found["statement"] = draw(rules(prorated=False))
    found |= draw(term_rows())
    if draw(st.booleans()):
        found["exchange"] = draw(exchange())
    if draw(st.integers(0, 9)) == 0:
        found |= draw(pools())
    if draw(st.booleans()):
        found |= {"shares": draw(SHARES), "remainder": draw(st.sampled_from(["largest", "first", "last", "b"]))}
    if draw(st.integers(0, 3)) == 0:
        found["limits"] = {"min": "10", "max": "5000"}
    period = draw(st.sampled_from(["day", "month", "quarter", "year", "contract"]))
    if period == "contract":
        found["contract"] = {"since": "start", **draw(st.sampled_from([{"until": "end"}, {}]))}
    return drawn(
        **found, rounding=draw(roundings()), period=period, zone="Asia/Shanghai", date=draw(st.sampled_from(["day", "at"]))
    )


LINE = st.fixed_dictionaries(
    {"dealer": st.sampled_from(CELLS["dealer"]), "day": st.sampled_from(DAYS), "at": st.sampled_from(MOMENTS)},
    optional={
        **{name: st.sampled_from(values) for name, values in CELLS.items() if name != "dealer"},
        "amount": st.one_of(st.sampled_from(NUMBERS), CENTS), "count": st.sampled_from(("0", "1", "2", "10.5", "-1")),
        "target": st.sampled_from(("0", "100", "1000")), "start": st.sampled_from(DAYS), "end": st.sampled_from(DAYS),
    },
)  # fmt: skip
WRONG = st.sampled_from(
    [
        {"amount": "much"},
        {"amount": "1e5"},
        {"day": "tomorrow"},
        {"at": "2026-10-05T10:00:00"},
        {"amount": "9" * 25},
        {"dealer": ""},
    ]
)
LINES = st.lists(
    st.one_of(LINE, LINE, LINE, LINE, LINE, st.builds(lambda line, wrong: {**line, **wrong}, LINE, WRONG)),
    min_size=8,
    max_size=40,
)
