"""可选的人员范围: to whom it may be handed over or lent, and who may be added, where the step says among whom."""

import pytest

from dougong.builder import walking
from dougong.builder.checks import check
from dougong.runtime.nodes._verbs import allowed
from dougong.runtime.reason import Refused
from tests.drawing import chain, field, flow_doc, form_doc, node, task, text
from tests.runtime.approving import Played, approval, played

MAY = {"transfer": True, "delegate": True, "add_signer": True}
RANGE = {
    "among": [{"uid": "g", "who": {"by": "role", "role": "gh"}}, {"uid": "p", "who": {"by": "person_field", "field": "boss"}}]
}


def asked(**config):
    return played(approval(role="ab", mode="all", **MAY, **{**RANGE, **config}))


@pytest.mark.parametrize(("verb", "where", "said"), [
    ("transfer", "/to", lambda who: {"to": who}), ("delegate", "/to", lambda who: {"to": who}),
    ("add_before", "/persons", lambda who: {"persons": ["g", who]}), ("add_beside", "/persons", lambda who: {"persons": [who]}),
    ("approve", "/persons", lambda who: {"add": [who]}),
])  # fmt: skip
def test_nobody_else_is_handed_lent_or_added(verb, where, said):
    with pytest.raises(Refused) as refused:
        asked().do("a", verb, **said("k"))
    assert (refused.value.path, refused.value.reason.code) == (where, "verb.not_among")
    assert refused.value.reason.params["persons"] == ["k"]
    assert asked().do("a", verb, **said("h")).case.status == "running"
    assert asked(among=[]).do("a", verb, **said("k")).case.status == "running", "everybody"


def test_so_it_is_at_a_task_and_the_person_of_a_field_is_among_them():
    form = form_doc(field("boss", "person"))
    definition = chain(task("t", transfer=True, **RANGE), node("e", "end"), refs=(form,))
    one = Played(definition)
    one.step.case.data["boss"] = "z"
    with pytest.raises(Refused, match=r"verb\.not_among"):
        one.do("a", "transfer", node="t", to="k")
    assert one.do("a", "transfer", node="t", to="z").waiting() == ["z"]
    assert allowed(definition, definition.node["t"], {}, {})["among"] == ["transfer", "delegate", "add"]


def test_each_act_may_have_a_range_of_its_own():
    """A range that says for what is for that alone; what has none is free."""
    rows = [{"uid": "g", "who": {"by": "role", "role": "gh"}, "act": "add"}]
    one = asked(among=rows)
    for said in ({"persons": ["k"]}, {"persons": ["g", "k"]}):
        with pytest.raises(Refused, match=r"verb\.not_among"):
            one.do("a", "add_before", **said)
    assert asked(among=rows).do("a", "add_before", persons=["g"]).case.status == "running"
    assert asked(among=rows).do("a", "transfer", to="k").waiting() == ["b", "k"]
    assert allowed(one.definition, one.definition.node["p"], {}, {})["among"] == ["add"]


def test_what_was_lent_comes_back_to_one_who_is_not_among_them():
    one = asked().do("a", "delegate", to="g").do("g", "reply")
    assert one.waiting() == ["a", "b"]


def test_a_walk_offers_those():
    nodes = [node("start", "start"), approval("p", role="ab", **MAY, among=[RANGE["among"][0]]), node("e", "end")]
    draft = {**flow_doc(nodes, ["start>p", "p>e"]), "form": "plain"}
    role = {one: {"format": 1, "uid": one, "kind": "role", "key": one, "title": text(one)} for one in ("ab", "gh")}
    refs = {("form", "plain"): form_doc(field("note"), key="plain"), **{("role", key): doc for key, doc in role.items()}}
    story = {"say": [["start", {}]], "people": {"ab": ["a", "b"], "gh": ["g", "a"]}}
    stands = walking.walked(draft, story, refs)
    offers = {one["word"]: one["asks"] for one in stands["waiting"][0]["offers"]}
    assert offers["transfer"] == [{"kind": "person", "key": "to", "among": ["g"]}]
    assert offers["add_before"] == [{"kind": "persons", "key": "persons", "among": ["g"]}]
    assert offers["add_after"] == [{"kind": "persons", "key": "add", "among": ["g"]}]


@pytest.mark.parametrize(("who", "code"), [
    ({"by": "customer"}, "check.among_customers"), ({"by": "chosen"}, "check.chosen_only_who"),
    ({"by": "person_field", "field": "gone"}, "check.field_of_kind"),
])  # fmt: skip
def test_a_range_that_makes_no_sense_is_told_where_it_stands(who, code):
    nodes = [
        node("start", "start"),
        node("p", "approval", who={"by": "initiator"}, among=[{"uid": "x", "who": who}]),
        node("e", "end"),
    ]
    found = [(one.path, one.reason.code) for one in check(flow_doc(nodes, ["start>p", "p>e"]), {})]
    assert ("/nodes/1/config/among/0/who", code) in found
