"""The lines of a timeline: what a step has brought."""

from dougong.runtime.host import timeline
from dougong.runtime.host.tables import History
from tests.drawing import chain, edge, field, flow, form_doc, node, options


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
    passed = timeline.entry(definition, step, {"*": "read"})["passed"]
    assert [(one.uid, how) for one, how in passed] == [("a", "passed"), ("b", "rejected"), ("c", "rejected")]
