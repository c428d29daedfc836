"""Fields that are asked before anybody could fill them in, each with a way on which that is so."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.runtime.checks.filled import problems
from tests import many
from tests.drawing import all_of, edge, field, flow, form_doc, node, options, rule, task
from tests.runtime.test_table import FEE, atom, table_doc

FORM = form_doc(
    field("amount", "money"), field("quote", "money"), field("kind", "choice", config=options("leak", "other")),
    field("how_much", "text", visible_when=all_of(rule("kind", "equals", "leak"))), field("who", "person"),
)  # fmt: skip
START = node("start", "start", rights={"*": "read", "amount": "write"})
QUOTED = all_of(rule("quote", "greater", "100"))


def fills(uid, *keys):
    return task(uid, rights={"*": "read", **dict.fromkeys(keys, "write")})


def found(nodes, edges, *refs):
    return [
        (one.reason.code, one.edges or one.nodes, one.reason.params.get("way", {}).get("en"))
        for one in problems(flow(nodes, edges, FORM, *refs))
    ]


def decide(uid, when=QUOTED):
    return [edge(f"{uid}>yes", when), edge(f"{uid}>no", default=True)]


ENDS = [node("yes", "end"), node("no", "end")]


def test_a_field_that_nobody_could_fill_in_on_one_way():
    nodes = [START, node("first", "decide"), fills("quoting", "quote"), node("d", "decide"), *ENDS]
    edges = [
        "start>first",
        edge("first>quoting", all_of(rule("amount", "greater", "1"))),
        edge("first>d", default=True),
        "quoting>d",
        *decide("d"),
    ]
    assert found(nodes, edges) == [("check.not_filled_in", ("d_yes",), "start → first → d")]


def test_a_field_that_every_way_fills_in():
    nodes = [START, fills("quoting", "quote"), node("d", "decide"), *ENDS]
    assert found(nodes, ["start>quoting", "quoting>d", *decide("d")]) == []


def test_after_a_join_of_all_branches_one_of_them_is_enough():
    nodes = [START, node("f", "fork"), fills("a", "quote"), fills("b", "kind"), node("j", "join"), node("d", "decide"), *ENDS]
    edges = ["start>f", "f>a", "f>b", "a>j", "b>j", "j>d", *decide("d")]
    assert found(nodes, edges) == []
    early = [{**one, "config": {"mode": "any"}} if one["uid"] == "j" else one for one in nodes]
    assert found(early, edges) == [("check.not_filled_in", ("d_yes",), "start → f → b → j → d")]


def test_a_way_back_does_not_fill_in_what_comes_later():
    nodes = [START, fills("a", "kind"), node("d", "decide"), fills("quoting", "quote"), node("no", "end")]
    edges = ["start>a", "a>d", edge("d>quoting", QUOTED), edge("d>no", default=True), "quoting>a"]
    assert found(nodes, edges) == [("check.not_filled_in", ("d_quoting",), "start → a → d")]


def test_who_asks_whether_it_is_empty_knows():
    nodes = [START, node("d", "decide"), *ENDS]
    assert found(nodes, ["start>d", *decide("d", all_of(rule("quote", "empty")))]) == []


def test_a_field_that_is_shown_only_sometimes():
    nodes = [node("start", "start"), node("d", "decide"), *ENDS]
    flood = rule("how_much", "equals", "flood")
    assert found(nodes, ["start>d", *decide("d", all_of(flood))]) == [("check.may_be_hidden", ("d_yes",), None)]
    assert found(nodes, ["start>d", *decide("d", all_of(rule("kind", "equals", "leak"), flood))]) == []


def test_what_a_table_needs_and_whom_a_step_names():
    table = table_doc(
        [field("cost", "money", required=True), field("more")], [FEE], ({"cost": atom("less", "9")}, {"fee": "1"})
    )
    asks = node("t", "decide_by_table", table="t", inputs={"cost": "quote", "more": "kind"}, outputs={"fee": "amount"})
    who = task("w", who={"by": "person_field", "field": "who"})
    assert found([START, asks, who, ENDS[0]], ["start>t", "t>w", "w>yes"], table) == [
        ("check.not_filled_in", ("t",), "start → t"),
        ("check.not_filled_in", ("w",), "start → t → w"),
    ]


@settings(max_examples=many(200), deadline=None)
@given(st.data())
def test_against_walking_every_way(data):
    """Without joins: a field is missing wherever one can walk to without passing who fills it in."""
    names = ["a", "b", "c", "d"]
    kinds = {name: data.draw(st.sampled_from(["ask", "fill", "neither"])) for name in names}
    pairs = data.draw(st.lists(st.sampled_from([(x, y) for x in names for y in names if x != y]), max_size=8, unique=True))
    first = data.draw(st.sampled_from(names))
    nodes = [
        START,
        *(node(n, "decide") if kinds[n] == "ask" else fills(n, *(["quote"] if kinds[n] == "fill" else [])) for n in names),
        *ENDS,
    ]
    edges = [f"start>{first}", *(edge(f"{x}>{y}", QUOTED if kinds[x] == "ask" else None) for x, y in pairs)]
    definition = flow(nodes, edges, FORM)
    told = {definition.edge[one.edges[0]].source for one in problems(definition)}
    reached, todo = {first}, [first]
    while todo:
        here = todo.pop()
        if kinds[here] == "fill":
            continue
        for x, y in pairs:
            if x == here and y not in reached:
                reached.add(y)
                todo.append(y)
    asks = {x for x, _ in pairs if kinds[x] == "ask"}
    assert told == reached & asks


def test_a_handler_of_a_step_that_is_not_on_the_way():
    again = task("again", who={"by": "handler", "node": "a"})
    nodes = [START, node("f", "fork"), task("a"), again, node("j", "join"), node("e", "end")]
    assert found(nodes, ["start>f", "f>a", "f>again", "a>j", "again>j", "j>e"]) == [("check.never_before", ("again",), None)]
    assert found([START, task("a"), again, node("e", "end")], ["start>a", "a>again", "again>e"]) == []
    of_initiator = task("again", who={"by": "handler", "node": "start"})
    assert found([START, of_initiator, node("e", "end")], ["start>again", "again>e"]) == []


def test_what_the_items_of_a_list_fill_in_over_one_another():
    def each(**config):
        return node("each", "for_each", times=2, who={"by": "initiator"}, rights={"*": "read", "quote": "write"}, **config)

    edges = ["start>each", "each>yes"]
    assert found([START, each(), ENDS[0]], edges) == [("check.overwritten", ("each",), None)]
    gathered = [{"uid": "c", "field": "quote", "into": "amount", "how": "sum"}]
    assert found([START, each(collect=gathered), ENDS[0]], edges) == []


def test_what_is_calculated_is_filled_in_by_no_item():
    calculated = form_doc(field("quote", "money"), field("twice", "formula", config={"formula": "quote * 2"}))
    each = node("each", "for_each", times=2, who={"by": "initiator"}, rights={"*": "read"})
    drawn = flow([node("start", "start"), each, ENDS[0]], ["start>each", "each>yes"], calculated)
    assert [one.reason.code for one in problems(drawn)] == []
