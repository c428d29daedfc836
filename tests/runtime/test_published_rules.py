"""The rules of `vectors/README.md`, once more and in fractions: whatever figures an example has, ours come to the same."""

from fractions import Fraction
from math import ceil, floor

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import LONG
from tests.runtime.published import answer

MANY = settings(max_examples=5_000 if LONG else 80, deadline=None)
SIZES = st.one_of(st.integers(0, 500), st.decimals(0, 500, places=2)).map(str)
PRICES = st.sampled_from(["0", "1", "2.5", "0.004", "10"])


@st.composite
def tiers(draw, price):
    ends = [str(end) for end in sorted(draw(st.sets(st.integers(1, 400), max_size=4)))]
    return [{"upto": end, price: draw(PRICES), "flat": draw(st.sampled_from(["0", "2", "10.5"]))} for end in [*ends, None]]


LIMITS = st.fixed_dictionaries({}, optional={"min": st.just("50"), "max": st.sampled_from(["60", "900"])})


def within(amount, limits):
    least = max(amount, Fraction(limits.get("min", amount)))
    return min(least, Fraction(limits.get("max", least)))


def spans(rows):
    start = Fraction(0)
    for row in rows:
        end = None if row["upto"] is None else Fraction(row["upto"])
        price = Fraction(row["unit"]) if "unit" in row else Fraction(row["rate_pct"]) / 100
        yield start, end, price, Fraction(row["flat"])
        start = end


def graduated(rows, size):
    """Each slice at its own price, and the flat amount of every tier that is entered."""
    entered = [(start, end, price, flat) for start, end, price, flat in spans(rows) if size > start]
    return sum((min(size, size if end is None else end) - start) * price + flat for start, end, price, flat in entered)


def volume(rows, size):
    """All of it at the one tier in which it falls, and that tier's flat amount; of nothing nothing is owed."""
    found = next(((price, flat) for _, end, price, flat in spans(rows) if end is None or size <= end), (0, 0))
    return size * found[0] + found[1] if size else Fraction(0)


RULES = {"graduated": graduated, "graduated_percentage": graduated, "volume": volume}


def asked(model, given, rows=()):
    return Fraction(answer({"model": model, "tiers": list(rows), "input": given}))


@MANY
@given(st.sampled_from(sorted(RULES)), st.data(), SIZES, SIZES, LIMITS)
def test_tiers_and_what_is_added_to_them(model, data, before, size, limits):
    rows = data.draw(tiers("rate_pct" if "percentage" in model else "unit"))
    rule, most = RULES[model], {name: one for name, one in limits.items() if name == "max"}
    assert asked(model, {"quantity": size, **limits}, rows) == within(rule(rows, Fraction(size)), limits)
    both = [within(rule(rows, one), most) for one in (Fraction(before), Fraction(before) + Fraction(size))]
    assert asked(f"{model}_marginal", {"before": before, "quantity": size, **most}, rows) == both[1] - both[0]


@MANY
@given(SIZES, st.integers(1, 12), SIZES, LIMITS)
def test_packages(size, block, free, limits):
    left = max(Fraction(0), Fraction(size) - Fraction(free))
    given_ = {"quantity": size, "free_units": free, "package_size": block, "package_price": "15"}
    assert asked("package", {**given_, **limits}) == within(ceil(left / block) * Fraction(15), limits)
    assert asked("package", {**given_, **limits, "blocks": "full"}) == within(floor(left / block) * Fraction(15), limits)


@MANY
@given(
    st.lists(SIZES, min_size=1, max_size=6),
    st.fixed_dictionaries(
        {"fixed": st.sampled_from(["0", "0.3"])},
        optional={"free_total": SIZES, "free_events": st.integers(0, 4), "min_each": st.just("1.75"), "max_each": st.just("6")},
    ),
)
def test_events(events, options):
    """Free are the first so many and the first of so much, until one of them is used up."""
    left, free, found = Fraction(options.get("free_total", 0)), int(options.get("free_events", 0)), Fraction(0)
    of_an_amount, limits = bool(left), {name: options[f"{name}_each"] for name in ("min", "max") if f"{name}_each" in options}
    for place, size in enumerate(map(Fraction, events)):
        beyond, left = max(Fraction(0), size - left), max(Fraction(0), left - size)
        after = place >= free > 0  # those that are free are over
        if after or (beyond and of_an_amount) or not (free or of_an_amount):
            paid = size if after or not of_an_amount else beyond
            found += within(paid * Fraction("0.029") + Fraction(options["fixed"]), limits)
    assert asked("percentage", {"events": events, "rate_pct": "2.9", **options}) == found


RATIOS = st.lists(st.one_of(st.integers(0, 70), st.sampled_from(["0.5", "33.3"])), min_size=1, max_size=5)


@MANY
@given(st.integers(-5_000, 5_000), RATIOS, st.sampled_from(["first", "last", "largest"]))
def test_shares(minor, ratios, who):
    ratios = [*ratios, 1]
    whole = sum(Fraction(one) for one in ratios)
    exact = [abs(minor) * Fraction(one) / whole for one in ratios]
    wanted = [floor(one) for one in exact]
    places = [place for place, one in enumerate(exact) if one or Fraction(ratios[place])]
    if who == "largest":
        places.sort(key=lambda place: wanted[place] - exact[place])
    for place in (places[::-1] if who == "last" else places)[: abs(minor) - sum(wanted)]:
        wanted[place] += 1
    model = "split_largest_remainder" if who == "largest" else f"split_{who}_takes_rest"
    found = answer({"model": model, "tiers": [], "input": {"minor": minor, "ratios": ratios}})
    assert found == [one if minor >= 0 else -one for one in wanted]
