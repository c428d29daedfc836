"""Checks of a workflow: settings, conditions, references, texts. (The graph has its tests in tests/runtime.)"""

import re
from pathlib import Path

import pytest

from dougong import builder
from dougong.builder.checks import check
from dougong.runtime.nodes import NODE_TYPES
from tests.drawing import all_of, edge, field, flow_doc, form_doc, node, options, rule, task, text

FORM = form_doc(field("note"), field("amount", "money"), field("level", "choice", config=options("vip", "regular")))
CLERK = {"format": 1, "uid": "clerk", "kind": "role", "key": "clerk", "title": text("clerk")}
REFS = {("form", "form"): FORM, ("role", "clerk"): CLERK}
START, END = node("start", "start"), node("end", "end")


def found(nodes, edges, refs=None, **more):
    doc = flow_doc([START, *nodes, END], edges, **more)
    return [(one.reason.code, one.nodes + one.edges, one.path) for one in check(doc, REFS if refs is None else refs)]


def decided(*edges):
    return [node("d", "decide"), task("a")], ["start>d", *edges, "a>end"]


YES = all_of(rule("amount", "greater", "100"))


def test_a_good_workflow_has_no_problems():
    assert (
        found([task("a")], ["start>a", "a>end"], ticket_title=text("{note}"), summary_fields=["level"], urgent_when=YES) == []
    )
    assert found(*decided(edge("d>a", YES), edge("d>end", default=True))) == []


def test_of_a_workflow_whose_start_has_been_deleted_all_else_is_still_checked():
    """By whom a step is done and how long it takes is asked from there."""
    clock = {"clock": {"within": {"amount": 1, "unit": "hours"}}}
    for config, more in (({"not_same_as": ["a"]}, {}), ({}, clock)):
        steps = [task("a"), node("b", "approval", who={"by": "role", "role": "clerk"}, **config), END]
        doc = {**flow_doc(steps, ["a>b", "b>end"]), **more}
        assert [one.reason.code for one in check(doc, REFS)] == ["check.one_start"], (config, more)


BAD = {
    "no form": ([task("a")], ["start>a", "a>end"], {"form": ""}, "schema.pattern", (), "/form"),
    "a form that is gone": ([task("a")], ["start>a", "a>end"], {"form": "gone"}, "check.no_such_form", (), "/form"),
    "a step of an unknown type": (
        [node("x", "teleport")],
        ["start>x", "x>end"],
        {},
        "check.unknown_node_type",
        ("x",),
        "/nodes/1/type",
    ),
    "a task for nobody": ([node("a", "user_task")], ["start>a", "a>end"], {}, "schema.required", ("a",), "/nodes/1/config"),
    "a setting that is unknown": (
        [task("a", colour="red")],
        ["start>a", "a>end"],
        {},
        "schema.unknown_key",
        ("a",),
        "/nodes/1/config/colour",
    ),
    "a right that is unknown": (
        [task("a", rights={"note": "admire"})],
        ["start>a", "a>end"],
        {},
        "schema.choice",
        ("a",),
        "/nodes/1/config/rights/note",
    ),
    "a role that is gone": (
        [task("a", who={"by": "role", "role": "gone"})],
        ["start>a", "a>end"],
        {},
        "check.no_such_role",
        ("a",),
        "/nodes/1/config/who",
    ),
    "a form of a step that is gone": (
        [task("a", form="gone")],
        ["start>a", "a>end"],
        {},
        "check.no_such_form",
        ("a",),
        "/nodes/1/config/form",
    ),
    "what a step's own check says": (
        [task("a", buttons="note")],
        ["start>a", "a>end"],
        {},
        "check.field_of_kind",
        ("a",),
        "/nodes/1/config/buttons",
    ),
    "a title with a field that is gone": (
        [task("a")],
        ["start>a", "a>end"],
        {"ticket_title": {"en": "{gone}"}},
        "check.no_such_field",
        (),
        "/ticket_title/en",
    ),
    "a summary of a field that is gone": (
        [task("a")],
        ["start>a", "a>end"],
        {"summary_fields": ["note", "gone"]},
        "check.no_such_field",
        (),
        "/summary_fields/1",
    ),
    "urgency by a field that is gone": (
        [task("a")],
        ["start>a", "a>end"],
        {"urgent_when": all_of(rule("gone", "empty"))},
        "condition.unknown_field",
        (),
        "/urgent_when",
    ),
    "a condition on a field that is gone": (
        *decided(edge("d>a", all_of(rule("gone", "empty"))), edge("d>end", default=True)),
        {},
        "condition.unknown_field",
        ("d_a",),
        "/edges/1/when",
    ),
    "a way without a condition": (
        *decided(edge("d>a"), edge("d>end", default=True)),
        {},
        "check.way_without_condition",
        ("d_a",),
        "/edges/1",
    ),
    "a way with an empty condition": (
        *decided(edge("d>a", all_of()), edge("d>end", default=True)),
        {},
        "check.way_without_condition",
        ("d_a",),
        "/edges/1",
    ),
    "a condition that nobody asks": (
        [task("a")],
        [edge("start>a", YES), "a>end"],
        {},
        "check.condition_not_asked",
        ("start_a",),
        "/edges/0/when",
    ),
    "no way for the rest": (*decided(edge("d>a", YES), edge("d>end", YES)), {}, "check.no_default", ("d",), "/nodes/1/config"),
    "values for which no way is open": (
        *decided(edge("d>a", YES), edge("d>end", YES)),
        {},
        "check.no_way_open",
        ("d",),
        "",
    ),
    "a way that is never taken": (
        *decided(edge("d>a", YES), edge("d>end", YES), edge("d>end", default=True, uid="rest")),
        {},
        "check.way_never_taken",
        ("d_end",),
        "",
    ),
    "what the graph says": ([task("a")], ["start>a"], {}, "check.no_way_to_end", ("a",), ""),
}


@pytest.mark.parametrize(("nodes", "edges", "more", "code", "where", "path"), BAD.values(), ids=BAD.keys())
def test_a_planted_problem_is_found_where_it_is(nodes, edges, more, code, where, path):
    assert (code, where, path) in found(nodes, edges, **more)


def test_a_workflow_without_a_form():
    doc = flow_doc([START, task("a"), END], ["start>a", "a>end"])
    del doc["form"]
    assert ("check.workflow_without_form", "/form") in [(one.reason.code, one.path) for one in check(doc, REFS)]


def test_a_condition_that_nobody_asks_is_only_a_warning():
    doc = flow_doc([START, task("a"), END], [edge("start>a", YES), "a>end"])
    assert [(one.reason.code, one.severity) for one in check(doc, REFS)] == [("check.condition_not_asked", "warning")]


def test_a_start_for_roles_that_are_gone():
    doc = flow_doc([node("start", "start", who="roles", roles=["clerk", "gone"]), task("a"), END], ["start>a", "a>end"])
    assert [(one.reason.code, one.reason.params, one.path) for one in check(doc, REFS)] == [
        ("check.no_such_role", {"role": "gone"}, "/nodes/0/config/roles")
    ]


def test_a_field_of_a_form_that_the_workflow_does_not_show_is_none_of_its_fields():
    stranger = form_doc(field("strange", "number"), key="stranger")
    step = node("s", "set", fields=[{"uid": "1", "field": "strange", "formula": "1"}])
    refs = {**REFS, ("form", "stranger"): stranger}
    assert ("check.no_such_field", ("s",), "/nodes/1/config/fields/0/field") in found([step], ["start>s", "s>end"], refs)


def test_a_form_with_broken_settings_elsewhere_is_no_problem_of_this_workflow():
    broken = form_doc(field("x", "choice", config={"options": "none"}), key="broken")
    assert found([task("a")], ["start>a", "a>end"], {**REFS, ("form", "broken"): broken}) == []


def test_a_form_with_broken_settings_of_its_own_is_told_by_what_is_missing():
    broken = form_doc(field("note"), field("level", "choice", config={"options": "none"}))
    edges = ["start>d", edge("d>a", all_of(rule("level", "equals", "vip"))), edge("d>end", default=True), "a>end"]
    assert ("condition.unknown_field", ("d_a",), "/edges/1/when") in found(
        [node("d", "decide"), task("a")], edges, {**REFS, ("form", "form"): broken}
    )


@pytest.mark.parametrize("nonsense", [[1], {"a": 1}, 5, True])
def test_settings_that_are_no_names_are_told_by_the_schema(nonsense):
    steps = [
        task("a", form=nonsense),
        node("s", "settle", settlement=nonsense, inputs={}),
        node("n", "notify", to=nonsense, text={"en": "x"}),
        node("w", "write_record", entity=nonsense, over=nonsense, how="change", record=nonsense, values=nonsense),
    ]
    codes = [code for code, *_ in found(steps, ["start>a", "a>s", "s>n", "n>w", "w>end"])]
    assert len(codes) >= 4
    assert {code.partition(".")[0] for code in codes} == {"schema"}
    doc = flow_doc([node("start", "start", roles=nonsense), task("a"), END], ["start>a", "a>end"])
    assert [one.reason.code for one in check(doc, REFS)] == ["schema.type"]


def test_who_reads_what_names_roles_and_fields_that_are_there_once_each_and_no_title_tells_it():
    readers = [
        {"uid": "r1", "who": "platform:viewer", "rights": {"note": "hidden", "nothing": "read"}},
        {"uid": "r2", "who": "platform:viewer", "rights": {}},
        {"uid": "r3", "who": "role:nobody", "rights": {"*": "hidden", "note": "read"}},
        {"uid": "r4", "who": "role:clerk", "rights": {"amount": "hidden"}},
    ]
    said = found([task("a")], ["start>a", "a>end"], readers=readers, ticket_title={"en": "{note}", "zh-Hans": "{level}"})
    assert [(code, path) for code, _, path in said] == [
        ("check.no_such_field", "/readers/0/rights/nothing"),
        ("check.reader_twice", "/readers/1/who"),
        ("check.no_such_role", "/readers/2/who"),
        ("check.title_tells_hidden", "/ticket_title/en"),
        ("check.title_tells_hidden", "/ticket_title/zh-Hans"),
    ]
    wrong = found(
        [task("a")], ["start>a", "a>end"], readers=[{"uid": "r", "who": "platform:king", "rights": {"note": "write"}}]
    )
    assert [path for _, _, path in wrong] == ["/readers/0/rights/note", "/readers/0/who"]


def test_the_browser_knows_which_steps_look_at_conditions():
    edits = (Path(builder.__file__).parent / "web/src/builder/workflow/edits.ts").read_text(encoding="utf-8")
    [line] = [line for line in edits.splitlines() if line.startswith("export const CONDITIONAL")]
    assert re.findall(r"'(\w+)'", line) == sorted(name for name, one in NODE_TYPES.items() if one.conditional)


def fixed(nodes, edges):
    """The fixes of the two problems of a decision without a default way, and the drawing with it."""
    doc = flow_doc([node("start", "start"), *nodes, node("end", "end")], edges)
    codes = ("check.no_default", "check.no_way_open")
    fixes = [one.fix for one in check(doc, REFS) if one.reason.code in codes]
    assert len(fixes) == 2 and fixes[0] == fixes[1]
    steps = [edit["node"] for edit in fixes[0] if edit["edit"] == "add"]
    added = [{**edit["edge"], "uid": "rest"} for edit in fixes[0] if edit["edit"] == "connect"]
    return fixes[0], {**doc, "nodes": [*doc["nodes"], *steps], "edges": [*doc["edges"], *added]}


def test_a_decision_without_a_default_way_gets_one_past_its_branches():
    fix, doc = fixed(*decided(edge("d>a", YES), edge("d>end", YES)))
    assert fix == ({"edit": "connect", "edge": {"uid": "+otherwise", "source": "d", "target": "end", "default": True}},)
    assert {one.reason.code for one in check(doc, REFS)}.isdisjoint({"check.no_default", "check.no_way_open"})


def test_of_several_branches_at_once_it_leads_to_their_join():
    nodes = [node("d", "some"), task("a"), task("b"), node("j", "join", mode="reaching"), task("on")]
    fix, _ = fixed(nodes, ["start>d", edge("d>a", YES), edge("d>b", YES), "a>j", "b>j", "j>on", "on>end"])
    assert fix[0]["edge"]["target"] == "j"


@pytest.mark.parametrize("kind", ["decide", "some"])
def test_where_the_branches_never_meet_it_leads_to_an_end_of_its_own(kind):
    ways = ["start>d", edge("d>a", YES), edge("d>off", YES), "a>end"]
    fix, doc = fixed([node("d", kind), task("a"), node("off", "end")], ways)
    assert [edit["edit"] for edit in fix] == ["add", "connect"] and fix[0]["node"]["type"] == "end"
    assert {one.reason.code for one in check(doc, REFS)}.isdisjoint({"check.no_default", "check.no_way_open"})


def test_no_way_is_offered_by_which_it_would_get_stuck():
    nodes = [node("f", "fork"), node("d", "decide"), task("a"), task("b"), task("c"), node("j", "join", mode="all")]
    ways = ["start>f", "f>d", "f>b", edge("d>a", YES), edge("d>c", YES), "a>m", "c>m", "m>j", "b>j", "j>end"]
    stuck, _ = fixed([*nodes, node("m", "notify", to={"by": "initiator"}, text={"en": "x"})], ways)
    assert stuck[0]["edge"]["target"] == "m"
    nodes = [
        node("f", "fork"),
        node("d", "decide"),
        task("a"),
        node("off", "terminate"),
        task("b"),
        node("j", "join", mode="all"),
    ]
    ways = ["start>f", "f>d", "f>b", edge("d>a", YES), edge("d>off", YES), "a>j", "b>j", "j>end"]
    apart, _ = fixed(nodes, ways)
    assert apart == ()  # the join would wait for ever


@pytest.mark.parametrize(
    ("apart", "who", "code"),
    [
        (["a"], {"by": "role", "role": "clerk"}, None),
        (["start"], {"by": "handler", "node": "a"}, None),
        (["gone"], {"by": "role", "role": "clerk"}, "check.no_such_step"),
        (["end"], {"by": "role", "role": "clerk"}, "check.no_such_step"),
        (["b"], {"by": "role", "role": "clerk"}, "check.four_eyes_same"),
        (["start"], {"by": "initiator"}, "check.four_eyes_same"),
        (["a"], {"by": "handler", "node": "a"}, "check.four_eyes_same"),
    ],
)
def test_four_eyes_are_of_two_persons(apart, who, code):
    wrong = found([task("a"), task("b", who=who, not_same_as=apart)], ["start>a", "a>b", "b>end"])
    assert wrong == ([] if code is None else [(code, ("b",), "/nodes/2/config/not_same_as/0")])
