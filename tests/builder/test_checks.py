"""What holds for the checks of every kind: they find what is planted, say it once, and never break on what somebody drew."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from dougong import schemas
from dougong.builder.checks import check, is_publishable, references
from dougong.builder.reaching import reached
from dougong.runtime.canonical import parse
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from tests import many
from tests.drawing import field, flow_doc, form_doc, node, task, text
from tests.spoiled import spoiled

PACKS = Path(__file__).parents[2] / "packs"
ITEMS = [
    item for name in ("appliance_repair", "dealer_rebate") for item in parse((PACKS / f"{name}.json").read_bytes())["items"]
]
REFS = {(item["kind"], item["key"]): item for item in ITEMS}


def codes(doc, refs=None):
    return [problem.reason.code for problem in check(doc, refs or {})]


@settings(max_examples=many(120))
@given(spoiled(ITEMS))
def test_whatever_is_spoiled_in_a_document_is_answered_with_problems_not_with_an_error(doc):
    found = check(doc, REFS)
    assert all(isinstance(problem, Problem) for problem in found)
    if not schemas.problems(doc["kind"], doc):
        assert all(isinstance(key, str) for _, key in references(doc))


@settings(max_examples=many(60), suppress_health_check=list(HealthCheck))
@given(spoiled(ITEMS))
def test_a_draft_with_problems_does_not_break_the_checks_of_those_that_refer_to_it(doc):
    kind = doc["kind"]
    assume(not schemas.problems(kind, doc))  # what is not even of its kind was never saved
    refs = {**REFS, (kind, doc["key"]): doc}
    for one in ITEMS:
        if (kind, doc["key"]) in references(one):
            check(one, refs)


def test_what_the_schema_refuses_is_told_alone():
    doc = {**form_doc(field("a"), field("a")), "uid": 5}
    assert codes(doc) == ["schema.type"]


def test_a_problem_calls_a_field_as_people_call_it():
    steps = [node("start", "start"), node("each", "for_each", over="day", who={"by": "initiator"}), node("end", "end")]
    form = form_doc({**field("day", "date"), "title": text("上门日期")})
    [problem] = [
        one for one in check(flow_doc(steps, ["start>each", "each>end"]), {("form", "form"): form}) if one.severity == "error"
    ]
    assert (problem.reason.code, problem.reason.params["field"]) == ("check.no_list", text("上门日期"))


def test_what_another_workflow_asks_for_where_it_begins_is_to_be_given():
    other = {**flow_doc([node("start", "start"), node("end", "end")], ["start>end"]), "key": "other", "form": "claim"}
    asked = [
        field("why", required=True),
        field("note"),
        field("seen", required=True, visible_when={"combinator": "and", "rules": []}),
    ]
    refs = {
        ("form", "form"): form_doc(field("a")),
        ("form", "claim"): form_doc(*asked, key="claim"),
        ("workflow", "other"): other,
    }

    def lacking(*give):
        call = node("call", "call", workflow="other", then="go_on", give=list(give))
        found = check(flow_doc([node("start", "start"), call, node("end", "end")], ["start>call", "call>end"]), refs)
        return [(one.severity, one.reason.params["fields"]) for one in found if one.reason.code == "check.call_lacks"]

    assert lacking() == [("warning", [text("why")])]
    assert lacking({"uid": "g", "field": "a", "into": "why"}) == []


def test_what_nobody_fills_in_where_a_workflow_begins_by_itself_is_told():
    asked = [field("why", required=True), field("what", required=True, default="round"), field("note")]

    def lacking(**config):
        doc = flow_doc([node("start", "start", **config), node("end", "end")], ["start>end"])
        return [
            one.reason.params["fields"]
            for one in check(doc, {("form", "form"): form_doc(*asked)})
            if "schedule_lacks" in one.reason.code
        ]

    assert lacking() == []
    assert lacking(every="workday", at="09:00") == [[text("why")]]
    assert lacking(every="day", at="09:00", rights={"*": "read"}) == []


def test_errors_come_before_warnings_and_decide_what_can_be_published():
    error, warning = Problem(Reason("x")), Problem(Reason("y"), "warning")
    assert is_publishable([warning])
    assert not is_publishable([warning, error])
    assert [one["uid"] for one in ITEMS if not is_publishable(check(one, REFS))] == []
    doc = flow_doc([node("start", "start"), task("a"), node("end", "end")], [], ticket_title=text("{gone}"))
    found = [problem.severity for problem in check(doc, {})]
    assert found == sorted(found, key=lambda one: one != "error")


LATE = node("p", "approval", who={"by": "initiator"}, deadlines=[{"uid": "d"}])
UNFINISHED = flow_doc([node("start", "start"), LATE, node("end", "end")], ["start>p", "p>end"])
RATE = {"uid": "r", "from": "USD", "to": "CNY", "day": "2026-01-01", "rate": "7"}
NOWHERE = {**REFS["calendar", "china_workdays"], "zone": "America"}


@pytest.mark.parametrize(
    ("doc", "code"),
    [
        (UNFINISHED, "schema.required"),
        (
            {
                **REFS["settlement", "repair_fee"],
                "inputs": [*REFS["settlement", "repair_fee"]["inputs"], field("c", "choice", config={"options": ["x"]})],
                "exchange": {"currency": "c", "amounts": ["c"], "rates": [RATE]},
            },
            "schema.type",
        ),
        (NOWHERE, "check.no_such_zone"),
        (form_doc(field("t", "subform", config={"columns": [{**field("c"), "config": ["x"]}]})), "schema.type"),
    ],
)
def test_what_cannot_be_read_of_a_draft_is_told_and_keeps_nobody_from_judging_the_rest(doc, code):
    assert code in codes(doc)
    check(REFS["workflow", "repair"], {**REFS, (doc["kind"], doc["key"]): doc})


def test_how_to_get_to_a_step_is_told_of_a_workflow_that_is_not_finished():
    assert reached(UNFINISHED, "end", {})["passes"] == [{"node": "p", "title": text("p")}]


def test_two_of_the_same_identity():
    doc = form_doc(field("a"), {**field("b"), "uid": "a"})
    assert [(one.reason.code, one.reason.params, one.path) for one in check(doc, {})] == [
        ("check.doubled_uid", {"uid": "a", "group": "fields"}, "/fields")
    ]
    nodes = [node("start", "start"), task("a"), task("a"), node("end", "end")]
    assert "check.doubled_uid" in codes(flow_doc(nodes, ["start>a", "a>end"]), {("form", "form"): form_doc(field("x"))})


def test_what_a_document_refers_to():
    assert references(REFS["form", "repair_request"]) == {("entity", "customer"), ("entity", "product"), ("entity", "dealer")}
    assert references(REFS["settlement", "repair_fee"]) == {("workflow", "repair_statement"), ("entity", "dealer")}
    assert references(REFS["table", "repair_dispatch"]) == {("role", "engineer"), ("role", "senior_engineer")}
    assert references(REFS["workflow", "repair"]) == {
        ("calendar", "china_workdays"),
        ("form", "repair_request"), ("settlement", "repair_fee"), ("table", "repair_dispatch"), *(("role", key) for key in (
            "emergency_team", "service_manager", "parts_warehouse", "quality_inspector", "supervisor",
            "service_desk",
        )),
    }  # fmt: skip
    assert references(REFS["workflow", "rebate_approval"]) >= {("role", "finance"), ("role", "channel_manager")}
    assert references(REFS["role", "finance"]) == set()


@pytest.mark.parametrize("nonsense", [[1], {"a": 1}, 5, True])
def test_what_is_no_key_names_no_document(nonsense):
    assert references(form_doc(field("r", "record", config={"entity": nonsense}))) == set()
    assert references(
        flow_doc([node("start", "start", roles=nonsense), task("a", form=nonsense, who=nonsense)], [], form="f")
    ) == {("form", "f")}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item['kind']} {item['key']}")
def test_without_what_it_refers_to_a_document_cannot_be_published(item):
    for ref in references(item):
        found = check(item, {one: doc for one, doc in REFS.items() if one != ref})
        assert not is_publishable(found), ref
        assert f"check.no_such_{ref[0]}" in [problem.reason.code for problem in found]


def test_a_problem_in_json_says_where():
    [found] = check(form_doc(field("a", "teleport")), {})
    assert found.to_json() == {
        "code": "check.unknown_field_type", "params": {"type": "teleport"}, "severity": "error", "nodes": [], "edges": [],
        "fields": ["a"], "path": "/sections/0/fields/0/type", "trace": [], "fix": [],
    }  # fmt: skip
