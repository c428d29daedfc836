"""审批人为空: who decides instead, that the ticket ends, and that it cannot be filed where that is known then."""

import pytest

from dougong.builder import simulate
from dougong.builder.checks import check
from dougong.runtime import interpreter
from dougong.runtime.case import Case
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.staffing import unmanned
from tests.drawing import chain, edge, field, flow, flow_doc, form_doc, node, rule, task
from tests.runtime.approving import Played, approval, world

NOBODY = {"who": {"by": "unit", "unit": {"of": "initiator"}}}
FORM = form_doc(field("boss", "person"), field("amount", "number"))
BOSS = {"by": "person_field", "field": "boss"}


def empty(**config):
    return node("p", "approval", **{**NOBODY, **config})


def others(*members, **config):
    return empty(nobody="others", nobody_to={"by": "role", "role": "".join(members)}, **config)


def played(*nodes, initiator="i"):
    return Played(chain(*nodes, node("e", "end", result="approved")), initiator)


@pytest.mark.parametrize("mode", ["any", "all", "sequence", "claim"])
def test_others_decide_where_there_is_no_approver_as_the_step_says(mode):
    asked = played(others("x", "y", mode=mode))
    assert asked.waiting() == {"any": ["x", "y"], "all": ["x", "y"], "sequence": ["x"], "claim": ["p"]}[mode]


def test_the_word_of_one_of_them_has_weight_enough():
    heavy = [{"uid": "w", "weight": 30, **NOBODY}]
    config = {"who": None, "mode": "weight", "weights": heavy, "passing": 60}
    assert played(others("a", "b", **config)).do("b", "approve").end == ("done", "approved")
    assert played(empty(**config)).do("", "approve", node="p").end == ("done", "approved"), "who looks after the workflow"


def test_where_those_are_not_there_either_who_looks_after_the_workflow_decides():
    for asked in (empty(nobody="others", nobody_to=NOBODY["who"]), others("i"), others("i", not_same_as=["start"])):
        one = played(asked)
        token = next(one for one in one.case.tokens.values() if one.signal == "submitted")
        assert (token.memo["person"], token.memo["principals"]) == ("", ["admins"])


def test_the_ticket_ends_with_all_that_is_under_way():
    nodes = [node("start", "start"), node("f", "fork"), task("t"), empty(nobody="end"), node("e", "end")]
    definition = flow(nodes, ["start>f", "f>t", "f>p", "p>e", edge("p>t", on="rejected"), "t>e"])
    assert Played(definition).end == ("done", "terminated")
    assert NODE_TYPES["approval"].shape(definition, definition.node["p"]).may_end_all


def test_one_that_was_to_have_an_approver_stops_where_that_shows_too_late():
    case = interpreter.start(chain(empty(nobody="forbid"), "end"), {}, world("person:i"), initiator="person:i", unit="u").case
    assert case.status == "failed"
    assert [token.reason.code for token in case.tokens.values()] == ["approval.nobody"]


def named(definition, data=None, initiator="i", **facts):
    case = Case("flow", 1, data or {}, initiator=f"person:{initiator}", unit="u", **facts)
    asked = world("person:i")
    found = unmanned(definition, case, asked)
    assert asked.answers == [], "it is no step of the ticket yet"
    return sorted(found)


def test_who_is_missing_is_known_when_it_is_filed():
    assert named(chain(empty(nobody="forbid"), "end")) == ["step.p"]
    assert named(chain(task("t"), empty(nobody="forbid"), "end")) == ["step.p"], "a later step, too"
    assert named(chain(approval(nobody="forbid"), "end")) == []
    assert named(chain(empty(nobody="admin"), "end")) == []
    assert named(chain(approval(role="i", nobody="forbid"), "end")) == [], "who is skipped is not missing"
    assert named(chain(approval(role="h", initiator="head", nobody="forbid"), "end"), initiator="h") == []
    weights = [{"uid": "w", "weight": 1, **NOBODY}]
    assert named(chain(empty(mode="weight", weights=weights, passing=1, nobody="forbid"), "end")) == ["step.p"]


def test_a_step_that_may_be_passed_by_is_not_asked_before_that_is_known():
    nodes = [node("start", "start"), node("d", "decide"), empty(nobody="forbid"), node("e", "end")]
    large = {"combinator": "and", "rules": [rule("amount", "greater", "100")]}
    definition = flow(nodes, ["start>d", edge("d>p", large), edge("d>e", default=True), "p>e"], FORM)
    assert named(definition, {"amount": "5"}) == []
    assert named(definition, {"amount": "500"}) == ["step.p"]


def test_a_field_that_is_filled_in_later_is_waited_for():
    asked = node("p", "approval", who=BOSS, nobody="forbid")
    read = {"rights": {"*": "read"}}
    assert named(chain(task("t"), asked, "end", refs=(FORM,))) == []
    assert named(chain(task("t", **read), asked, "end", refs=(FORM,))) == ["step.p"]
    assert named(chain(task("t", **read), asked, "end", refs=(FORM,)), {"boss": "a"}) == []
    handler = {"who": {"by": "handler", "node": "t"}, "nobody": "forbid"}
    assert named(chain(task("t"), empty(**handler), "end")) == []


def test_whom_he_chooses_is_there():
    asked = node("p", "approval", who={"by": "chosen", "least": 0}, nobody="forbid")
    assert named(chain(asked, "end")) == ["step.p"]
    assert named(chain(asked, "end"), memo={"chosen:p": ["a"]}) == []


def test_a_story_is_refused_as_the_form_is():
    definition = chain(approval(role="board", nobody="forbid"), "end")
    story = {"people": {"board": []}, "say": [["start", {}]], "then": {}}
    assert [one.code for one in simulate.verdict(definition, story)] == ["approval.not_without_approver"]
    assert simulate.played(definition, {**story, "people": {}}).case.status == "running"


def test_others_have_to_be_named():
    asked = flow_doc([node("start", "start"), empty(nobody="others"), node("e", "end")], ["start>p", "p>e"])
    found = [one for one in check(asked, {}) if one.reason.code == "check.approval_without_instead"]
    assert [one.path for one in found] == ["/nodes/1/config/nobody_to"]
