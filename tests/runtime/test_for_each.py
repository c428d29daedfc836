"""A task for each entry of a list: stories, straight and reloaded; what completes it; what an item costs."""

import pytest

from dougong.builder import simulate
from dougong.runtime import interpreter
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._items import MOST
from dougong.runtime.reason import Refused
from tests.drawing import all_of, field, flow, form_doc, node, options, rule, task, world

PARTS = options("door", "lock")
PARTS["options"][0]["title"] = {"zh-Hans": "门", "en": "DOOR"}
TICKET = form_doc(
    field("parts", "choices", config=PARTS), field("lines", "textarea"), field("count", "number"),
    field("cost", "money"), field("state", "choice", config=options("good", "bad")), field("list", "textarea"),
    field("visits", "subform", config={"columns": [
        field("place"), field("who", "person"), field("unit", "unit"), field("count", "number"), field("note"),
    ]}),
    field("total", "money"), field("note"), field("photos", "files"),
    field("day", "date"), field("sum", "formula", config={"formula": "1"}),
)  # fmt: skip


def each(**config):
    config = {"who": {"by": "role", "role": "clerk"}, "rights": {"*": "write"}, "over": "parts", **config}
    nodes = [node("start", "start"), node("each", "for_each", **config), task("z"), node("end", "end")]
    return flow(nodes, ["start>each", "each>z", "z>end"], TICKET)


BAD = all_of(rule("state", "equals", "bad"))
BOTH = {"parts": ["door", "lock"]}
DOOR, LOCK = {"item": "door"}, {"item": "lock"}


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def played(request):
    def play(definition, *say):
        found = simulate.play(definition, [["start", say[0]], *say[1:]], reloaded=request.param)
        assert found.case.live == len(found.case.tokens)
        return found

    return play


def standing(found):
    assert found.refused == []
    return sorted(
        (token.node, token.memo.get("item", ""), token.signal or "")
        for token in found.case.tokens.values()
        if token.parent or token.node != "each"
    )


def test_each_item_has_a_task_of_its_own_that_says_which(played):
    found = played(each(), BOTH)
    assert [args["title"] for kind, args in found.effects if kind == "open_task"] == [
        {"zh-Hans": "each · 门", "en": "each · DOOR"},
        {"zh-Hans": "each · LOCK", "en": "each · LOCK"},
    ]
    assert standing(found) == [("each", "door", "submitted"), ("each", "lock", "submitted")]


VISITS = {"visits": [
    {"place": "A", "who": {"id": "m1", "title": "Bob"}, "count": "7"}, {"place": "B", "who": {"id": "m2", "title": "Eve"}},
]}  # fmt: skip


def test_the_rows_of_a_table_are_items_each_with_its_own_people(played):
    definition = each(over="visits", who={"by": "person_field", "field": "who"}, collect=COLLECT)
    found = played(definition, VISITS)
    asked = [args for kind, args in found.effects if kind == "open_task"]
    assert [args["title"]["en"] for args in asked] == ["each · 1. A · 7", "each · 2. B"]
    answers = interpreter.start(definition, VISITS, world()).answers
    assert [question.args.get("person") for question, _ in answers if question.kind == "people"] == ["m1", "m2"]
    done = played(
        definition, VISITS, ["each", {"cost": "5"}, {"item": 2}], ["each", {"cost": "7", "state": "good"}, {"item": 1}]
    )
    assert done.case.data["total"] == "12.00" and done.case.data["list"].startswith("1. A · 7: ")


def test_a_row_is_asked_for_its_own_field_first_and_a_table_may_be_empty(played):
    until = all_of(rule("count", "greater", "5"))
    definition = each(over="visits", complete="condition", when=until)
    say = [{**VISITS, "count": "1"}, ["each", {}, {"item": 1}]]
    assert standing(played(definition, *say)) == [("z", "", "submitted")], "the 7 of the row, not the 1 of the ticket"
    other = [{**VISITS, "count": "1"}, ["each", {}, {"item": 2}]]
    assert [where for where, *_ in standing(played(definition, *other))] == ["each"]
    assert standing(played(each(over="visits"), {})) == [("z", "", "submitted")]


def test_it_goes_on_when_all_are_done_in_any_order(played):
    assert standing(played(each(), BOTH, ["each", {}, LOCK])) == [("each", "door", "submitted")]
    assert standing(played(each(), BOTH, ["each", {}, LOCK], ["each", {}, DOOR])) == [("z", "", "submitted")]


def test_a_file_is_called_by_its_name(played):
    found = played(each(over="photos"), {"photos": [{"id": "p", "name": "p", "size": 0, "type": ""}]})
    assert [args["title"]["en"] for kind, args in found.effects if kind == "open_task"] == ["each · p"]


def test_one_after_the_other(played):
    definition = each(order="sequence")
    assert standing(played(definition, BOTH)) == [("each", "door", "submitted")]
    assert standing(played(definition, BOTH, ["each", {}])) == [("each", "lock", "submitted")]
    assert standing(played(definition, BOTH, ["each", {}], ["each", {}])) == [("z", "", "submitted")]


@pytest.mark.parametrize(
    ("config", "data", "items"),
    [
        ({"over": "lines"}, {"lines": "a\n\n  b \n"}, ["a", "b"]),
        ({"over": "count"}, {"count": "3"}, [1, 2, 3]),
        ({"over": "", "times": 2}, {}, [1, 2]),
    ],
)
def test_lines_of_a_text_and_numbers_of_times_are_lists_too(played, config, data, items):
    config = {key: value for key, value in {"over": "parts", **config}.items() if value is not None}
    definition = each(**config)
    if "times" in config:
        definition = flow(
            [node("start", "start"), node("each", "for_each", who={"by": "customer"}, times=2)], ["start>each"], TICKET
        )
    assert [item for _, item, _ in standing(played(definition, data))] == items


def test_an_empty_list_is_done_at_once(played):
    assert standing(played(each(), {})) == [("z", "", "submitted")]
    assert standing(played(each(over="count"), {"count": "0"})) == [("z", "", "submitted")]


@pytest.mark.parametrize(
    ("over", "data", "code"),
    [
        ("count", {"count": "-1"}, "case.no_list"),
        ("count", {"count": "1.5"}, "case.no_list"),
        ("count", {"count": "1001"}, "case.too_many_items"),
        ("day", {"day": {"a": 1}}, "case.no_list"),
    ],
)
def test_what_is_no_list_or_too_long_is_an_incident(over, data, code):
    case = interpreter.start(each(over=over), data, world()).case
    assert [token.reason.code for token in case.tokens.values()] == [code]


@pytest.mark.parametrize(
    ("config", "said", "done"),
    [
        ({"complete": "count", "needs": 2}, [{}], False),
        ({"complete": "count", "needs": 2}, [{}, {}], True),
        ({"complete": "count", "needs": 9}, [{}, {}, {}], False),
        ({"complete": "percent", "percent": 50}, [{}], False),
        ({"complete": "percent", "percent": 50}, [{}, {}], True),
        ({"complete": "condition", "when": all_of(rule("state", "equals", "bad"))}, [{"state": "good"}], False),
        (
            {"complete": "condition", "when": all_of(rule("state", "equals", "bad"))},
            [{"state": "good"}, {"state": "bad"}],
            True,
        ),
    ],
)
def test_what_completes_it_cancels_the_rest(played, config, said, done):
    found = played(each(over="count", **config), {"count": "4"}, *(["each", values] for values in said))
    assert (standing(found) == [("z", "", "submitted")]) is done
    assert len(standing(found)) == (1 if done else 4 - len(said))


COLLECT = [
    {"uid": "a", "field": "cost", "into": "total", "how": "sum"},
    {"uid": "b", "field": "state", "into": "list"},
]


def test_results_are_gathered_in_the_order_of_the_list(played):
    found = played(
        each(collect=COLLECT), BOTH, ["each", {"cost": "5.00", "state": "bad", "note": "x"}, LOCK],
        ["each", {"cost": "2.50", "state": "good"}, DOOR],
    )  # fmt: skip
    assert standing(found) == [("z", "", "submitted")]
    assert found.case.data == {**BOTH, "note": "x", "sum": "1", "total": "7.50", "list": "门: GOOD\nLOCK: BAD"}


@pytest.mark.parametrize(("how", "total"), [("min", "2.50"), ("max", "5.00")])
def test_the_least_and_the_greatest(played, how, total):
    collect = [{"uid": "a", "field": "cost", "into": "total", "how": how}]
    found = played(each(collect=collect), BOTH, ["each", {"cost": "5.00"}, DOOR], ["each", {"cost": "2.50"}, LOCK])
    assert found.case.data["total"] == total


def test_what_is_left_undone_is_not_gathered(played):
    found = played(each(collect=COLLECT, complete="count", needs=1), BOTH, ["each", {"cost": "5.00"}, LOCK])
    assert (found.case.data["total"], found.case.data["list"]) == ("5.00", None)


ADD = ["each", {"item": "window"}, {"signal": "add_item"}]


@pytest.mark.parametrize("order", ["parallel", "sequence"])
def test_items_may_be_added_while_it_is_under_way(played, order):
    definition = each(add_item=True, order=order)
    two = played(definition, BOTH, ADD, ["each", {}], ["each", {}])
    assert standing(two) == [("each", "window", "submitted")]
    assert two.effects[-1][1]["title"]["en"] == "each · window"
    assert standing(played(definition, BOTH, ADD, *[["each", {}]] * 3)) == [("z", "", "submitted")]


@pytest.mark.parametrize(
    ("config", "data", "item", "code"),
    [
        ({}, BOTH, "x", "verb.not_allowed"),
        ({"add_item": True}, BOTH, " ", "item.what"),
        ({"add_item": True}, BOTH, "x" * 201, "item.what"),
        ({"add_item": True, "over": "count"}, {"count": str(MOST)}, "x", "item.too_many"),
    ],
)
def test_what_cannot_be_added_is_refused(config, data, item, code):
    found = simulate.play(each(**config), [["start", data], ["each", {"item": item}, {"signal": "add_item"}]])
    assert [reason.code for _, reason in found.refused] == [code]


def test_an_item_may_send_the_whole_step_back(played):
    definition = each(send_back="initiator")
    back = ["each", {"to": "start", "opinion": "no"}, {"signal": "send_back", **DOOR}]
    assert standing(played(definition, BOTH, back)) == [("start", "", "submitted")]
    assert len(standing(played(definition, BOTH, back, ["start", BOTH]))) == 2
    [(_, reason)] = played(definition, BOTH, ["each", {"to": "start"}, {"signal": "send_back", **DOOR}]).refused
    assert reason.code == "approval.opinion_missing"


def test_once_an_item_is_done_the_ticket_is_not_recalled_any_more():
    done = simulate.play(each(), [["start", BOTH], ["each", {}, DOOR]]).case
    with pytest.raises(Refused) as refused:
        interpreter.recall(each(), done, world())
    assert refused.value.reason.code == "verb.acted_already"


def test_an_item_of_a_thousand_costs_what_one_of_ten_does():
    """Of the token that waits, only counts are written, and no other item is touched."""

    def written(count):
        definition = each(over="count", collect=COLLECT)
        step = interpreter.start(definition, {"count": str(count)}, world())
        token = next(token for token in step.case.tokens.values() if token.memo.get("item") == 5)
        after = interpreter.resume(definition, step.case, token.id, "submitted", {"cost": "1.00"}, world())
        return len(after.changed), len(after.born), len(after.gone), len(str([one.memo for one in after.changed.values()]))

    few, many = written(10), written(1000)
    assert few[:3] == many[:3] == (1, 1, 1)
    assert many[3] - few[3] <= 4  # the digits of the counts


def test_the_checks_know_what_is_missing():
    def wrong(**config):
        definition = each(**config)
        step = definition.node["each"]
        return [(where, reason.code) for where, reason in NODE_TYPES["for_each"].check(definition, step)]

    assert wrong() == []
    assert wrong(over="day") == [("/over", "check.no_list")]
    assert wrong(over="visits", who={"by": "person_field", "field": "who"}) == []
    assert wrong(who={"by": "person_field", "field": "who"}) == [("/who", "check.field_of_kind")], "of no row"
    assert wrong(over="visits", who={"by": "unit", "unit": {"of": "field", "field": "unit"}}) == []
    assert wrong(over="visits", who={"by": "person_field", "field": "place"}) == [("/who", "check.field_of_kind")]
    assert wrong(complete="count") == [("/needs", "check.complete_without")]
    assert wrong(complete="condition", when=all_of(rule("gone", "equals", "1"))) == [("/when", "condition.unknown_field")]
    into_formula = [{"uid": "a", "field": "gone", "into": "sum"}]
    assert wrong(collect=into_formula) == [
        ("/collect/0/field", "check.no_such_field"),
        ("/collect/0/into", "check.gathered_into"),
    ]
    assert wrong(collect=[{"uid": "a", "field": "cost", "into": "list", "how": "sum"}]) == [
        ("/collect/0/into", "check.gathered_into")
    ]
    assert {"total", "list", "note"} <= NODE_TYPES["for_each"].writes(each(collect=COLLECT), each(collect=COLLECT).node["each"])


def test_to_an_item_nothing_is_added():
    definition = each(add_item=True)
    case = interpreter.start(definition, BOTH, world()).case
    item = next(token for token in case.tokens.values() if token.memo.get("item") == "door")
    with pytest.raises(Refused):
        interpreter.resume(definition, case, item.id, "add_item", {"item": "window"}, world())
