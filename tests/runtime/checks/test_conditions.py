"""Ways out of a decision: those that cross, those that are never taken, values for which none is open; against brute force."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.platform.messages import worded
from dougong.runtime.checks.conditions import _search, problems
from dougong.runtime.form import Form
from dougong.runtime.rules import compile_condition, rules_of
from tests import many
from tests.drawing import all_of, any_of, edge, field, flow, form_doc, node, options, rule
from tests.runtime.checks.test_coverage import DENSE
from tests.runtime.test_table import ATOMS, COLUMNS

FORM = form_doc(
    field("amount", "money", config={"min": "0"}), field("count", "number", config={"places": 0}),
    field("level", "choice", config=options("vip", "key", "usual")), field("late", "boolean"), field("note"),
    field("start", "date"), field("end", "date"),
)  # fmt: skip


def decision(*whens, default=True, type="decide"):
    """Ways a, b, c, ... out of a decision, in their order."""
    names = "abcdefgh"[: len(whens)]
    nodes = [node("start", "start"), node("d", type), *(node(one, "end") for one in names), node("rest", "end")]
    ways = [edge(f"d>{name}", when) for name, when in zip(names, whens, strict=True)]
    return flow(nodes, ["start>d", *ways, *([edge("d>rest", default=True)] if default else [])], FORM)


def found(*whens, **more):
    return [(one.reason.code, one.edges or one.nodes) for one in problems(decision(*whens, **more))]


def words(problem):
    """The example that it gives."""
    return worded(problem.reason.params["values"], "en")


def above(amount):
    return all_of(rule("amount", "greater", amount))


def test_particular_before_general_is_no_problem():
    assert found(above("5000"), above("1000")) == []
    assert found(all_of(rule("level", "equals", "vip")), all_of(rule("level", "equals", "key"))) == []


def test_ways_of_which_neither_holds_the_other_cross_with_an_example():
    definition = decision(above("100"), all_of(rule("level", "equals", "vip")))
    [problem] = problems(definition)
    assert (problem.reason.code, problem.edges, problem.severity) == ("check.ways_cross", ("d_b", "d_a"), "warning")
    assert words(problem) == "amount = 101, level = VIP"
    assert found(above("100"), all_of(rule("level", "equals", "vip")), type="some") == []


def test_a_way_behind_a_wider_one_is_never_taken():
    assert found(above("100"), above("500")) == [("check.way_never_taken", ("d_b",))]
    thirds = (all_of(rule("level", "equals", "vip")), all_of(rule("level", "equals", "key")))
    rest = any_of(rule("level", "one_of", ["vip", "key"]), all_of(rule("level", "equals", "vip"), rule("late", "is_true")))
    assert found(*thirds, rest) == [("check.way_never_taken", ("d_c",))]
    assert found(*thirds, rest, type="some") == []


def test_a_way_that_contradicts_itself_is_never_open():
    assert found(all_of(rule("amount", "less", "0"))) == [("check.way_never_open", ("d_a",))]  # the field begins at 0
    between = all_of(rule("count", "greater", "5"), rule("count", "less", "6"))
    assert found(between, type="some") == [("check.way_never_open", ("d_a",))]
    assert found(all_of(rule("amount", "greater", "5"), rule("amount", "less", "6"))) == []


def test_values_for_which_no_way_is_open_are_shown():
    definition = decision(above("100"), all_of(rule("amount", "less", "100")), default=False)
    [problem] = problems(definition)
    assert (problem.reason.code, words(problem)) == ("check.no_way_open", "amount = 100")
    whole = (above("100"), {**above("100"), "not": True})
    assert found(*whole, default=False) == []


def test_fields_that_are_compared_with_each_other():
    late = all_of(rule("end", "before", "start", source="field"))
    early = all_of(rule("end", "after", "start", source="field"))
    same = all_of(rule("end", "equals", "start", source="field"))
    definition = decision(late, early, same, default=False)
    [problem] = problems(definition)
    assert words(problem).count("—") >= 1  # only where one of them is blank
    assert found(late, all_of(rule("end", "before", "start", source="field"), rule("late", "is_true"))) == [
        ("check.way_never_taken", ("d_b",))
    ]


def test_two_fields_have_room_beside_each_other_between_the_same_bounds():
    january = [
        rule(key, name, day) for key in ("start", "end") for name, day in (("after", "2026-01-01"), ("before", "2026-02-01"))
    ]
    assert found(all_of(*january, rule("end", "before", "start", source="field"))) == []
    two_days = [rule(key, "between", ["2026-01-01", "2026-01-02"]) for key in ("start", "end")]
    inside = [rule(key, "after", "2026-01-01") for key in ("start", "end")]
    never = all_of(*two_days, *inside, rule("end", "before", "start", source="field"))
    assert found(never) == [("check.way_never_open", ("d_a",))]


def test_of_what_could_not_be_looked_at_everywhere_nothing_is_said_never_to_be():
    many = [all_of(rule("note", "contains", f"word {n}")) for n in range(7)]
    codes = {code for code, _ in found(*many, many[0])}
    assert "check.decision_not_exact" in codes and "check.way_never_taken" not in codes


def test_a_decision_that_is_too_large_says_so():
    keys = [f"f{n}" for n in range(14)]
    form = form_doc(*(field(key, "number") for key in keys))
    parity = [
        any_of(*(all_of(rule(key, "greater", str(n)), rule(keys[(i + 1) % 14], "less", str(n))) for i, key in enumerate(keys)))
        for n in range(3)
    ]
    nodes = [node("start", "start"), node("d", "decide"), node("a", "end"), node("b", "end"), node("c", "end")]
    ways = [edge(f"d>{name}", when) for name, when in zip("abc", parity, strict=True)]
    definition = flow(nodes, ["start>d", *ways], form)
    assert {one.reason.code for one in problems(definition)} <= {
        "check.decision_too_large", "check.ways_cross", "check.no_way_open",
    }  # fmt: skip


def test_a_decision_that_is_wrong_in_itself_is_left_to_the_other_checks():
    assert found(all_of(rule("gone", "equals", "x"))) == []
    assert found(all_of(rule("amount", "contains", "x"))) == []


# -- against brute force ------------------------------------------------------------------------------------------------

KINDS = Form.from_json(form_doc(*COLUMNS.values(), field("n2", "number"), field("d2", "date"))).kinds
FIELDS = Form.from_json(form_doc(*COLUMNS.values(), field("n2", "number"), field("d2", "date"))).fields
VALUES = {**DENSE, "n2": DENSE["n"], "d2": DENSE["d"]}


def rules(keys):
    own = [ATOMS[key].map(lambda atom, key=key: {**atom, "field": key}) for key in keys if key in ATOMS]
    pairs = [
        st.sampled_from(["equals", "not_equals", "less", "at_least"]).map(lambda name: rule("n", name, "n2", source="field")),
        st.sampled_from(["equals", "before", "after"]).map(lambda name: rule("d", name, "d2", source="field")),
    ]
    return st.one_of(*own, *(pair for pair, key in zip(pairs, ("n", "d"), strict=True) if key in keys))


def trees(keys):
    leaf = rules(keys)
    group = lambda inner: st.builds(  # noqa: E731
        lambda combinator, flip, found: {"combinator": combinator, "not": flip, "rules": found},
        st.sampled_from(["and", "or"]), st.booleans(), st.lists(inner, min_size=1, max_size=3),
    )  # fmt: skip
    return group(leaf | group(leaf))


@settings(max_examples=many(250), deadline=None)
@given(st.data())
def test_a_search_finds_what_is_there_and_nothing_else(data):
    keys = data.draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=3, unique=True))
    found = data.draw(st.lists(trees(keys), min_size=1, max_size=3))
    wanted = [(compile_condition(tree, KINDS), data.draw(st.booleans())) for tree in found]
    asked = [one for tree in found for one in rules_of(tree)]
    named = list(dict.fromkeys([*(one["field"] for one in asked), *(one["value"] for one in asked if "source" in one)]))
    search = _search({key: FIELDS[key] for key in named}, asked, KINDS)
    point = search.find(wanted)
    if point is not None:
        whole = dict.fromkeys(named) | point
        assert all(condition.holds(whole) is truth for condition, truth in wanted)
    elif search.exact:
        for _ in range(30):
            values = {key: data.draw(VALUES[key]) for key in named}
            assert not all(condition.holds(values) is truth for condition, truth in wanted)


def test_of_what_depends_on_the_day_it_is_asked_nothing_is_claimed():
    late, soon = all_of(rule("end", "in_past")), all_of(rule("end", "next_days", "7"))
    assert found(late, soon) == [("check.decision_not_exact", ("d",))]
    assert found(late, late) == [("check.decision_not_exact", ("d",))]
    assert found(above("100"), all_of(rule("amount", "greater", "500"), rule("end", "is_today"))) == [
        ("check.decision_not_exact", ("d",))
    ]


def test_a_comparison_that_is_not_understood_beforehand_is_asked_of_examples_and_not_believed():
    even, long = all_of(rule("count", "multiple_of", "2")), all_of(rule("note", "length_at_least", "9"))
    assert found(even, even) == [("check.decision_not_exact", ("d",))]
    assert found(long, long) == [("check.decision_not_exact", ("d",))]
