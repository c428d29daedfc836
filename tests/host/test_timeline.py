"""The lines of a timeline: what a step has brought."""

import re

from dougong.runtime.host import timeline
from dougong.runtime.host.tables import History
from tests.cast import Cast
from tests.drawing import chain, edge, field, flow, flow_doc, form_doc, node, options, task
from tests.host.test_races import publish


def test_what_was_left_blank_was_not_filled_in() -> None:
    definition = chain(
        "end",
        refs=(form_doc(field("note"), field("tags", "choices", config=options("a")), field("late", "boolean"), field("mail")),),
    )
    changes = {"note": "x", "tags": [], "late": False, "mail": None}
    step = History(verb="filed", node="start", changes=changes, trail=[], answers=[], said={})
    assert [one.key for one, *_ in timeline.entry(definition, step, {"*": "read"})["changes"]] == ["note", "late"]


def test_an_approval_in_which_nobody_decided_says_how_it_went() -> None:
    drawn = [node("start", "start"), *(node(uid, "approval") for uid in ("a", "b", "c")), node("end", "end")]
    definition = flow(drawn, ["start>a", "a>b", "b>c", edge("b>end", on="rejected"), "c>end"], form_doc(field("note")))
    trail = [[1, "a", "go", ["a_b"]], [2, "b", "go", ["b_end"]], [3, "c", "go", []], [4, "start", "go", ["start_a"]]]
    step = History(verb="filed", node="start", changes={}, trail=trail, answers=[], said={})
    itself = timeline.entry(definition, step, {"*": "read"})["itself"]
    assert [(one.node.uid, one.code) for one in itself] == [("a", "passed"), ("b", "rejected"), ("c", "rejected")]


def test_for_which_step_nobody_was_found_is_said_of_each(cast: Cast) -> None:
    vacant = {"by": "person_field", "field": "boss"}
    steps = [
        node("start", "start", who="members"),
        node("f", "fork"),
        task("one", who=vacant),
        node("two", "approval", who=vacant),
    ]
    steps += [task("three", who={"by": "initiator"}), node("j", "join"), node("e", "end")]
    ways = ["start>f", "f>one", "f>two", "f>three", "one>j", "two>j", "three>j", "j>e"]
    publish(cast, form_doc(field("boss", "person"), key="vacant"), flow_doc(steps, ways, key="vacant", form="vacant"))
    address = cast.sign_in("bob").post("/t/acme/tickets/new/vacant", data={}).headers["Location"]
    page = cast.sign_in("alice").get(address).text
    assert re.findall("“(.+?)”没有找到处理人", page) == ["one", "two"]
