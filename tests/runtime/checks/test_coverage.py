"""What the rules of a table cover, against brute force: every answer comes with values that can be tried."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.runtime.checks.coverage import Space
from dougong.runtime.partition import examples
from dougong.runtime.rules import Condition
from dougong.runtime.table import Table, bits
from tests import LONG
from tests.drawing import field, options
from tests.runtime.test_table import COLUMNS, FEE, VALUES, atom, table_doc, whens

DENSE = {
    **VALUES,
    "n": st.integers(-10, 50).map(lambda n: str(n / 10)) | VALUES["n"],
    "t": st.text("abcAB", max_size=6) | VALUES["t"],
    "s": st.lists(st.sampled_from(["x", "y", "z"]), unique=True),
}


@st.composite
def tables(draw):
    columns = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=3, unique=True))
    required = draw(st.booleans())
    inputs = [{**COLUMNS[key], "required": required} for key in columns]
    return Table.from_json(table_doc(inputs, [FEE], *((row, {}) for row in draw(whens(columns)))))


def hits(table, values):
    return set(bits(table.hits(values)))


@settings(max_examples=3_000 if LONG else 120, deadline=None)
@given(st.data())
def test_against_brute_force(data):
    table = data.draw(tables())
    space = Space.of(table)
    assert space.exact
    together = [set(bits(space.together(rule))) for rule in range(space.size)]
    covering = [set(bits(space.covering(rule))) for rule in range(space.size)]
    dead = set(bits(space.dead()))
    gap = next(space.uncovered(space.everything), None)
    free = [
        next(space.uncovered(space.everything & ~(1 << rule), 1 << rule), None) if rule not in dead else None
        for rule in range(space.size)
    ]
    # what is claimed to be possible is shown
    for rule in set(range(space.size)) - dead:
        for other in together[rule]:
            assert {rule, other} <= hits(table, space.point(1 << rule | 1 << other))
    if gap is not None:
        assert not hits(table, gap)
    for rule, point in enumerate(free):
        assert point is None or hits(table, point) == {rule}
    # what is claimed to be impossible is never found
    for _ in range(30):
        values = {
            key: data.draw(DENSE[key].filter(lambda one: one not in (None, "", [])) if one.required else DENSE[key])
            for key, one in table.inputs.items()
        }
        found = hits(table, values)
        assert found or gap is not None
        assert not found & dead
        for rule in found:
            assert found <= together[rule]
            assert covering[rule] <= found
            assert len(found) > 1 or free[rule] is not None


def test_parts_of_a_text_are_put_together():
    rows = [({"t": atom("contains", "leak")}, {}), ({"t": [atom("starts_with", "re:"), atom("contains", "FIRE")]}, {})]
    space = Space.of(Table.from_json(table_doc([COLUMNS["t"]], [FEE], *rows)))
    assert space.point(0b11) == {"t": "re:…leak…FIRE…"}
    either = [*rows, ({"t": [atom("not_contains", "leak"), atom("not_contains", "fire")]}, {})]
    assert list(Space.of(Table.from_json(table_doc([COLUMNS["t"]], [FEE], *either))).uncovered(0b111))[:1] == [{"t": "…FIRE…"}]


def test_a_field_of_whole_numbers_has_nothing_between_five_and_six():
    whole = field("n", "number", config={"places": 0, "min": "0", "max": "9"}, required=True)
    rows = [({"n": atom("at_most", "5")}, {}), ({"n": atom("at_least", "6")}, {})]
    space = Space.of(Table.from_json(table_doc([whole], [FEE], *rows)))
    assert list(space.uncovered(space.everything)) == []
    fine = Space.of(Table.from_json(table_doc([field("n", "number", required=True)], [FEE], *rows)))
    assert list(fine.uncovered(fine.everything)) == [{"n": "5.000001"}]


def test_an_example_is_a_whole_number_where_one_will_do():
    found = examples("number", {"places": 2}, [atom("greater", "10"), atom("less", "50"), atom("equals", "50.5")])
    assert found.values == ("10", "50", "50.5", "11", "50.01", "51", "9", None)


def test_a_multiple_choice_with_many_options_says_that_it_is_not_exact():
    keys = [f"k{n}" for n in range(9)]
    rows = [({"s": atom("includes", key)}, {}) for key in keys]
    many = field("s", "choices", config=options(*keys))
    assert not Space.of(Table.from_json(table_doc([many], [FEE], *rows))).exact


def test_a_cell_of_two_thousand_rules_is_asked_a_few_times_only(monkeypatch):
    rows = [
        ({"n": [atom("at_least", str(n)), atom("less", str(n + 1))], "t": atom("equals", f"w{n % 50}")}, {})
        for n in range(2000)
    ]
    table = Table.from_json(table_doc([COLUMNS["n"], COLUMNS["t"]], [FEE], *rows))
    asked = itertools.count()
    holds = Condition.holds
    monkeypatch.setattr(Condition, "holds", lambda self, data: bool(next(asked) + 1) and holds(self, data))
    space = Space.of(table)
    assert next(asked) < 2000 * 8
    assert all(space.together(rule) == 1 << rule for rule in range(0, 2000, 100))
    assert next(space.uncovered(space.everything)) is not None
