"""A step that writes into records: what it asks, where it goes with the answer, and what is wrong with a drawing."""

import pytest

from dougong.builder import simulate
from dougong.builder.checks import check, references
from dougong.runtime import interpreter
from dougong.runtime.reason import Refused
from dougong.runtime.taken import amounts, taken
from tests.drawing import edge, field, flow, flow_doc, form_doc, node, options, task, world

LINES = [field("part", "record", config={"entity": "part"}), field("quantity", "number")]
TICKET = form_doc(
    field("part", "record", config={"entity": "part"}), field("owner", "record", config={"entity": "owner"}),
    field("amount", "number"), field("note"), field("day", "date"), field("who", "person"),
    field("lines", "subform", config={"columns": LINES}),
)  # fmt: skip
PART = {
    **form_doc(
        field("name", required=True), field("stock", "number", config={"places": 0, "min": "0"}), field("until", "date"),
        field("keeper", "person"), field("owner", "record", config={"entity": "owner"}), field("photo", "files"),
        field("level", "choice", config=options("a", "b")), field("twice", "formula", config={"formula": "stock * 2"}),
        key="part",
    ),
    "kind": "entity",
}  # fmt: skip
OWNER = {**form_doc(field("name"), key="owner"), "kind": "entity"}
REFS = {(one["kind"], one["key"]): one for one in (TICKET, PART, OWNER)}
PUMP = {"id": "p1", "title": "Pump"}


def value(target, formula, **more):
    return {"uid": target, "field": target, "formula": formula, **more}


TAKE = value("stock", "-amount", how="add", at_least="0")


def drawing(*values, how="change", **config):
    which = {"record": "part"} if how == "change" and "record" not in config else {}
    step = node("w", "write_record", entity="part", how=how, values=list(values or (TAKE,)), **which, **config)
    return flow_doc(
        [node("start", "start"), step, task("z"), task("short"), node("end", "end")],
        ["start>w", "w>z", edge("w>short", on="refused"), "z>end", "short>end"],
    )


def begun(doc, **data):
    return interpreter.start(flow(doc["nodes"], doc["edges"], TICKET, PART), data, world())


def asked(step):
    [(_, effect)] = step.effects
    assert (effect.kind, effect.args["entity"]) == ("write_record", "part")
    return effect.args["writes"]


def given(step):
    """What a token writes before it enters its step."""
    [(_, effect)] = step.effects
    assert effect.kind == "give_back"
    return [write for one in effect.args["records"] for write in one["writes"]]


def added(memo):
    return amounts(taken(memo)).get("part", {})


def incident(step):
    return next((token.reason.code, token.reason.params) for token in step.case.tokens.values() if token.reason)


def test_it_asks_that_a_number_be_added_to_and_waits():
    step = begun(drawing(), part=PUMP, amount="2")
    assert asked(step) == [{"record": PUMP, "set": {}, "add": {"stock": "-2"}, "least": {"stock": "0"}}]
    assert [(token.node, token.signal) for token in step.case.tokens.values()] == [("w", "written")]


def test_a_field_alone_is_taken_as_it_is_with_what_it_points_at():
    wang = {"id": "m1", "title": "王"}
    parts = (value("name", 'note & "!"'), value("until", "day"), value("keeper", "who"), value("stock", "amount / 3"))
    step = begun(drawing(*parts), part=PUMP, note="new", day="2026-05-01", who=wang, amount="10")
    assert asked(step)[0]["set"] == {"name": "new!", "until": "2026-05-01", "keeper": {"id": "m1", "title": ""}, "stock": "3"}


def test_row_by_row_the_columns_go_before_the_fields_of_the_ticket():
    doc = drawing(value("stock", "-quantity", how="add"), over="lines")
    rows = [{"part": PUMP, "quantity": "2"}, {"part": {"id": "p2", "title": "Fan"}, "quantity": "1"}]
    step = begun(doc, lines=rows, part={"id": "other", "title": ""})
    assert [(one["record"]["id"], one["add"]) for one in asked(step)] == [("p1", {"stock": "-2"}), ("p2", {"stock": "-1"})]
    nothing = begun(doc, lines=[])
    assert (nothing.effects[0][1].kind, [token.node for token in nothing.case.tokens.values()]) == ("open_task", ["z"])


@pytest.mark.parametrize(
    ("doc", "data", "code"),
    [
        (drawing(), {"amount": "1"}, "write.no_record"),
        (drawing(value("level", "note")), {"part": PUMP, "note": "c"}, "case.value_does_not_fit"),
        (drawing(value("stock", "1 / amount")), {"part": PUMP}, "formula.division_by_zero"),
        (drawing(value("gone", "note")), {"part": PUMP}, "check.no_such_field"),
    ],
)
def test_what_cannot_be_asked_is_an_incident(doc, data, code):
    assert incident(begun(doc, **data))[0] == code


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def played(request):
    def play(doc, *say):
        definition = flow(doc["nodes"], doc["edges"], TICKET, PART)
        found = simulate.play(definition, [["start", {"part": "p1", "amount": "2"}], *say], reloaded=request.param)
        assert found.refused == []
        return found.case

    return play


def standing(case):
    return [(token.node, token.state) for token in case.tokens.values()]


def test_a_story_says_that_it_was_written_or_refused(played):
    assert standing(played(drawing(), ["w", {}])) == [("z", "waiting")]
    made = played(drawing(value("name", "note"), how="create", into="part"), ["w", {"records": [PUMP]}])
    assert made.data["part"] == PUMP
    reason = {"code": "write.too_little", "params": {}}
    refused = ["w", {"reason": reason, "refused": True}, {"signal": "not_written"}]
    assert standing(played(drawing(), refused)) == [("short", "waiting")]
    without = {**drawing(), "edges": [edge("start>w"), edge("w>z"), edge("z>end")]}
    assert standing(played(without, refused)) == [("w", "failed")]


def test_what_is_not_the_fault_of_the_values_goes_no_way_and_can_be_tried_again(played):
    gone = {"reason": {"code": "write.record_gone", "params": {}}, "refused": False}
    doc = drawing()
    case = played(doc, ["w", gone, {"signal": "not_written"}])
    [token] = case.tokens.values()
    assert (token.state, token.reason.code) == ("failed", "write.record_gone")
    step = interpreter.retry(flow(doc["nodes"], doc["edges"], TICKET, PART), case, token.id, world())
    assert [effect.kind for _, effect in step.effects] == ["write_record"]


def told(doc):
    found = check(doc, REFS)
    return [(one.reason.code, one.path.removeprefix("/nodes/1/config")) for one in found if one.nodes == ("w",)]


@pytest.mark.parametrize(
    ("doc", "code", "where"),
    [
        (drawing(record="owner"), "check.not_of_this_type", "/record"),
        (drawing(record="note"), "check.not_of_this_type", "/record"),
        (drawing(record="gone"), "check.not_of_this_type", "/record"),
        (drawing(over="note"), "check.field_of_kind", "/over"),
        (drawing(value("gone", "note")), "check.not_in_type", "/values/0/field"),
        (drawing(value("twice", "amount")), "check.not_in_type", "/values/0/field"),
        (drawing(value("photo", "note")), "check.not_in_type", "/values/0/field"),
        (drawing(value("stock", "note")), "check.written_kind", "/values/0/formula"),
        (drawing(value("until", "amount")), "check.written_kind", "/values/0/formula"),
        (drawing(value("keeper", '"wang"')), "check.written_kind", "/values/0/formula"),
        (drawing(value("owner", "part")), "check.written_kind", "/values/0/formula"),
        (drawing(value("stock", "gone")), "formula.unknown_field", "/values/0/formula"),
        (drawing(value("name", "note", how="add")), "check.adds_to_numbers", "/values/0/how"),
        (drawing(TAKE, {**TAKE, "uid": "other"}), "check.written_twice", "/values"),
        (drawing(value("stock", "1"), how="create"), "check.write_lacks", "/values"),
        (drawing(value("name", "note"), how="create", into="owner"), "check.not_of_this_type", "/into"),
        (drawing(value("name", "note"), how="create", into="part", over="lines"), "check.one_field_for_many", "/into"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(doc, code, where):
    assert told(doc) == [(code, where)]


def test_a_drawing_without_its_record_or_its_type_is_wrong():
    doc = drawing()
    del doc["nodes"][1]["config"]["record"]
    assert told(doc) == [("check.write_which", "/record")]
    doc = drawing()
    doc["nodes"][1]["config"]["entity"] = "none"
    assert told(doc) == [("check.no_such_entity", "/entity")]


def test_what_is_right_is_left_alone_and_the_type_is_locked_with_the_workflow():
    whole = (TAKE, value("name", "note"), value("owner", "owner"), value("level", '"a"'), value("until", "TODAY()"))
    assert told(drawing(*whole)) == []
    assert told(drawing(value("stock", "-quantity", how="add"), over="lines")) == []
    assert ("entity", "part") in references(drawing())


def test_a_wait_that_is_brought_back_by_an_undo_asks_anew():
    doc = drawing()
    nodes = [*doc["nodes"], node("f", "fork"), task("t"), node("stop", "cancel", nodes=["w"])]
    ways = ["start>f", "f>w", "f>t", "t>stop", "stop>end", "w>z", "z>end"]
    definition = flow(nodes, ways, TICKET, PART)
    begun = interpreter.start(definition, {"part": PUMP, "amount": "2"}, world())
    at_t = next(token.id for token in begun.case.tokens.values() if token.node == "t")
    stopped = interpreter.resume(definition, begun.case, at_t, "submitted", {}, world())
    assert stopped.case.status == "done"
    back = interpreter.undo(definition, stopped.case, stopped.undo, world())
    assert sorted(effect.kind for _, effect in back.effects) == ["open_task", "write_record"]


# --- what is put back


def putting_back(*values, over=None):
    """Written, then put back: ["z"] stands before that, and where it is refused "short"."""
    doc = drawing(*(values or (TAKE,)), **({"over": over} if over else {}))
    doc["nodes"].insert(4, node("back", "put_back", entity="part"))
    ways = [one for one in doc["edges"] if (one["source"], one["target"]) != ("z", "end")]
    return {**doc, "edges": [*ways, edge("z>back"), edge("back>end"), edge("back>short", uid="no", on="refused")]}


def then(doc, step, at, signal, values=None):
    token = next(token for token in step.case.tokens.values() if token.node == at)
    return interpreter.resume(
        flow(doc["nodes"], doc["edges"], TICKET, PART), step.case, token.id, signal, values or {}, world()
    )


def test_what_was_added_is_put_back_row_by_row_and_then_forgotten():
    doc = putting_back(value("stock", "-quantity", how="add", at_least="0"), over="lines")
    fan = {"id": "p2", "title": "Fan"}
    rows = [{"part": PUMP, "quantity": "2"}, {"part": fan, "quantity": "1"}, {"part": PUMP, "quantity": "3"}]
    step = then(doc, then(doc, begun(doc, lines=rows), "w", "written"), "z", "submitted")
    back = asked(step)
    assert [(one["record"], one["add"], one["set"], one["least"]) for one in back] == [
        (fan, {"stock": "1"}, {}, {}), (PUMP, {"stock": "5"}, {}, {}),
    ]  # fmt: skip
    done = then(doc, step, "back", "written")
    assert (done.case.status, taken(done.case.memo)) == ("done", [])


def test_what_is_taken_away_again_keeps_its_bound_and_is_still_to_be_put_back_where_that_was_refused():
    doc = putting_back(value("stock", "amount", how="add", at_least="0"))
    step = then(doc, then(doc, begun(doc, part=PUMP, amount="5"), "w", "written"), "z", "submitted")
    assert asked(step) == [{"record": PUMP, "set": {}, "add": {"stock": "-5"}, "least": {"stock": "0"}}]
    refused = then(doc, step, "back", "not_written", {"reason": {"code": "write.too_little", "params": {}}, "refused": True})
    assert standing(refused.case) == [("short", "waiting")]
    assert added(refused.case.memo) == {"p1": {"title": "Pump", "add": {"stock": "5"}, "least": {"stock": "0"}}}


@pytest.mark.parametrize("values", [(value("stock", "amount"),), (value("stock", "0 * amount", how="add"),)])
def test_what_was_set_or_came_to_nothing_is_not_put_back(values):
    doc = putting_back(*values)
    done = then(doc, then(doc, begun(doc, part=PUMP, amount="5"), "w", "written"), "z", "submitted")
    assert (done.case.status, done.effects) == ("done", [])


def recalled():
    """After two were taken: it waits until they are put back."""
    doc = putting_back()
    definition = flow(doc["nodes"], doc["edges"], TICKET, PART)
    return doc, interpreter.recall(definition, then(doc, begun(doc, part=PUMP, amount="2"), "w", "written").case, world())


def test_recalled_it_is_put_back_before_it_is_mended_so_that_only_the_last_counts():
    doc, back = recalled()
    assert ([one["add"] for one in given(back)], standing(back.case)) == ([{"stock": "2"}], [("start", "waiting")])
    with pytest.raises(Refused):
        then(doc, back, "start", "submitted")
    again = then(doc, back, "start", "written")
    assert [effect.kind for _, effect in again.effects] == ["open_task"] and not taken(again.case.memo)
    step = then(doc, then(doc, then(doc, again, "start", "submitted"), "w", "written"), "z", "submitted")
    assert [one["add"] for one in asked(step)] == [{"stock": "2"}]


def test_what_cannot_be_put_back_when_it_is_recalled_is_an_incident_and_is_tried_again():
    doc, back = recalled()
    stuck = then(doc, back, "start", "not_written", {"reason": {"code": "write.too_little", "params": {}}, "refused": True})
    assert standing(stuck.case) == [("start", "failed")]
    definition = flow(doc["nodes"], doc["edges"], TICKET, PART)
    retried = interpreter.retry(definition, stuck.case, next(iter(stuck.case.tokens)), world())
    assert [one["add"] for one in given(retried)] == [{"stock": "2"}]


def test_a_drawing_that_puts_back_what_no_step_adds_is_wrong():
    def wrong(doc):
        return [(one.reason.code, one.path) for one in check(doc, REFS) if one.nodes == ("back",)]

    assert wrong(putting_back()) == []
    where = "/nodes/4/config/entity"
    assert wrong(putting_back(value("stock", "amount"))) == [("check.nothing_to_put_back", where)]
    other = putting_back()
    other["nodes"][4]["config"]["entity"] = OWNER["key"]  # it is parts that are taken
    assert wrong(other) == [("check.nothing_to_put_back", where)]
    gone = putting_back()
    gone["nodes"][4]["config"]["entity"] = "none"
    assert wrong(gone) == [("check.no_such_entity", where)]
    assert ("entity", "part") in references(putting_back())
