"""What people do with a task besides doing it, walked through in a draft as the editor does it, and kept as a story."""

import pytest

from dougong.builder.simulate import verdict
from dougong.builder.walking import walked
from dougong.runtime.definition import Definition
from tests.drawing import edge, field, flow_doc, form_doc, node, task, text
from tests.runtime.test_settle_before import ORDER, TAKEN, bonus

FORM = form_doc(field("amount", "money"), field("papers", "files"), field("paid", "money"), key="claim")
EDGES = ["start>desk", "desk>board", "board>till", "till>e"]
FILED, CHECKED = ["start", {}, {"signal": "submitted"}], ["desk", {}, {"by": "desk", "signal": "submitted"}]
PEOPLE = {"board": ["ann", "ben"]}


def flow(recall="any", **board):
    wide = {"mode": "all", "send_back": "any", "transfer": True, "delegate": True, "add_signer": True, **board}
    desk = {"who": {"by": "role", "role": "desk"}, "transfer": True, "delegate": True, "send_back": "initiator"}
    into = [{"uid": "i", "from": "/order/sum", "field": "paid"}]
    nodes = [
        node("start", "start"), task("desk", **desk), node("board", "approval", who={"by": "role", "role": "board"}, **wide),
        node("till", "receive", name="paid", into=into), node("e", "end"), node("back", "revoke"),
        node("gone", "end", result="revoked"),
    ]  # fmt: skip
    return flow_doc(nodes, [*EDGES, "back>gone"], key="claim", form="claim", recall=recall)


OTHER = flow_doc([node("start", "start"), node("e", "end")], ["start>e"], key="other", form="claim")
REFS = {
    ("form", "claim"): FORM,
    ("workflow", "other"): OTHER,
    **{("role", key): {"kind": "role", "key": key} for key in ("board", "desk")},
}


class Walk:
    """A walk: what is offered is done, as the editor does it. Each line is played once more, saved and read back."""

    def __init__(self, draft=None, *say):
        self.draft, self.say = draft or flow(), list(say)
        self.answer = self.at(self.say)

    def at(self, say):
        return walked(self.draft, {"say": say, "people": PEOPLE}, REFS)

    def place(self, step, by=None):
        found = [one for one in self.answer["waiting"] if one["node"] == step and by in (None, one["how"].get("by"))]
        assert len(found) == 1, self.answer["waiting"]
        return found[0]

    def words(self, step, by=None):
        return [one["word"] for one in self.place(step, by)["offers"]]

    def do(self, step, word, by=None, values=None, **asked):
        place = self.place(step, by)
        [offer] = [one for one in place["offers"] if one["word"] == word]
        assert set(asked) <= {"opinion", *(one["key"] for one in offer["asks"])}
        how = {**place["how"], "signal": offer["signal"]}
        extra = {**offer["brings"], **asked}
        self.line([step, values or {}, {**how, **({"said": extra} if extra else {})}] if offer["fills"] else [step, extra, how])
        return self

    def line(self, line):
        self.say.append(line)
        self.answer = self.at(self.say)
        assert "refused" not in self.answer, self.answer["refused"]
        then = {"waiting": self.answer["standing"], "status": self.answer["status"]}
        story = {"uid": "s", "title": text("s"), "say": self.say, "people": PEOPLE, "then": then}
        definition = Definition.from_json(self.draft, [FORM])
        assert verdict(definition, story) == verdict(definition, story, reloaded=True) == []

    def whole(self, verb):
        [line] = [one for one in self.answer["ticket"] if one[2]["signal"] == verb]
        self.line(line)
        return self

    @property
    def verbs(self):
        return [one[2]["signal"] for one in self.answer["ticket"]]

    @property
    def waited(self):
        return [(one["node"], one["how"].get("by")) for one in self.answer["waiting"]]


def at_board(**board):
    return Walk(flow(**board), FILED, CHECKED)


def test_a_task_is_handed_over_lent_and_comes_back_and_is_sent_back():
    walk = Walk(None, FILED).do("desk", "transfer", to="zoe")
    assert walk.waited == [("desk", "zoe")]
    walk.do("desk", "delegate", to="yan")
    assert walk.words("desk") == ["reply"]
    assert walk.do("desk", "reply", opinion="looks fine").waited == [("desk", "zoe")]
    assert walk.do("desk", "send_back", to="start", opinion="no receipt").waited == [("start", "initiator")]
    assert walk.do("start", "submitted").waited == [("desk", "desk")]


@pytest.mark.parametrize(("straight", "then"), [(True, "board"), (False, "desk")])
def test_sent_back_it_comes_straight_back_or_goes_through_every_step_again(straight, then):
    walk = at_board(after_return="ask")
    [back] = [one for one in walk.place("board", "ann")["offers"] if one["word"] == "send_back"]
    assert [(one["kind"], one.get("among")) for one in back["asks"]] == [
        ("step", ["desk", "start"]), ("yes", None), ("text", None),
    ]  # fmt: skip
    walk.do("board", "send_back", by="ann", to="start", straight=straight, opinion="why?").do("start", "submitted")
    assert {step for step, _ in walk.waited} == {then}


def test_signers_are_added_before_beside_and_after_and_removed_by_name():
    walk = at_board().do("board", "add_beside", by="ann", persons=["zoe"])
    assert walk.waited == [("board", "ben"), ("board", "zoe"), ("board", "ann")]
    assert "add_before" not in walk.words("board", "zoe")
    [remove] = [one for one in walk.place("board", "ann")["offers"] if one["word"] == "remove_signer"]
    assert remove["asks"] == [{"kind": "person", "key": "person", "among": ["zoe"]}]
    assert "remove_signer" not in walk.words("board", "ben")
    assert walk.do("board", "remove_signer", by="ann", person="zoe").waited == [("board", "ben"), ("board", "ann")]
    assert walk.do("board", "add_before", by="ann", persons=["yan"]).waited == [("board", "ben"), ("board", "yan")]
    walk.do("board", "approve", by="yan").do("board", "add_after", by="ann", add=["xia"])
    assert walk.do("board", "approve", by="ben").do("board", "approve", by="xia").waited == [("till", None)]
    assert "add_beside" not in at_board(mode="any").words("board", "ann")


def test_it_is_recalled_withdrawn_taken_back_and_revoked_as_the_runtime_lets_one():
    walk = at_board()
    assert walk.verbs == ["recall", "take_back"]
    assert walk.whole("take_back").waited == [("desk", "desk")]
    assert walk.verbs == ["recall"]
    assert walk.whole("recall").waited == [("start", "initiator")]
    assert walk.whole("withdraw").answer["result"] == "cancelled"
    assert Walk(flow(recall="first"), FILED, CHECKED).verbs == ["take_back"]
    done = at_board(mode="any").do("board", "approve", by="ben").do("till", "message")
    assert done.verbs == ["revoke"]
    assert done.whole("revoke").answer["result"] == "revoked"


def test_nobody_takes_back_what_somebody_else_has_done_since():
    refused = at_board().at([FILED, CHECKED, ["board", {}, {"by": "ann"}], ["desk", {}, {"by": "desk", "signal": "take_back"}]])
    assert (refused["refused"]["code"], refused["refused"]["params"]) == ("verb.acted_meanwhile_by", {"who": "ann"})


def test_a_message_brings_what_is_read_out_of_it():
    walk = at_board(mode="any").do("board", "approve", by="ann")
    [came] = walk.place("till")["offers"]
    assert came["asks"] == [{"kind": "content", "key": "body", "pairs": [{"from": "/order/sum", "field": "paid"}]}]
    assert walk.do("till", "message", body={"order": {"sum": "12.50"}}).answer["status"] == "done"
    paid = {"uid": "s", "title": text("s"), "say": walk.say, "people": PEOPLE, "then": {"data": {"paid": "12.50"}}}
    assert verdict(Definition.from_json(walk.draft, [FORM]), paid) == []


def test_a_file_of_a_story_is_its_name():
    found = Walk(None, ["start", {"papers": ["receipt.pdf"]}])
    assert found.answer["waiting"]
    story = {"uid": "s", "title": text("s"), "say": found.say, "then": {"data": {"papers": None}}}
    [differs] = verdict(Definition.from_json(found.draft, [FORM]), story)
    assert differs.params["found"][0]["name"] == "receipt.pdf"


def test_one_who_must_sign_signs_in_a_walk():
    walk = at_board(mode="any", signature=True).do("board", "approve", by="ann")
    assert walk.waited == [("till", None)]


def test_whom_the_initiator_chooses_is_asked_when_it_is_filed():
    draft = flow()
    draft["nodes"][1] = task("desk", who={"by": "chosen", "least": 1, "most": 2})
    [offer] = Walk(draft).place("start")["offers"]
    assert offer["asks"] == [{"kind": "chosen", "key": "desk", "least": 1, "most": 2}]
    filed = Walk(draft, ["start", {}, {"said": {"chosen": {"desk": ["zoe"]}}}])
    assert filed.waited == [("desk", "zoe")]


def test_what_came_back_waits_until_what_it_had_taken_is_put_back():
    part = {**form_doc(field("stock", "number"), key="part"), "kind": "entity"}
    form = form_doc(field("part", "record", config={"entity": "part"}), key="claim")
    taking = [{"uid": "v", "field": "stock", "formula": "-1", "how": "add"}]
    nodes = [
        node("start", "start"), node("take", "write_record", entity="part", how="change", record="part", values=taking),
        task("desk", who={"by": "role", "role": "desk"}, send_back="initiator"), node("e", "end"),
    ]  # fmt: skip
    draft = flow_doc(nodes, ["start>take", "take>desk", "desk>e"], key="claim", form="claim")
    refs = {**REFS, ("form", "claim"): form, ("entity", "part"): part}
    say = [
        ["start", {"part": "pump"}], ["take", {}, {"signal": "written"}],
        ["desk", {"to": "start", "opinion": "?"}, {"signal": "send_back"}],
    ]  # fmt: skip
    [back] = walked(draft, {"say": say}, refs)["waiting"]
    assert (back["who"], back["fields"], [one["word"] for one in back["offers"]]) == ([], {}, ["written", "not_written"])
    [his] = walked(draft, {"say": [*say, ["start", {}, {"signal": "written"}]]}, refs)["waiting"]
    assert (his["who"], [one["word"] for one in his["offers"]]) == (["initiator"], ["submitted"])


def test_a_list_gets_one_more_and_another_ticket_ends_as_one_says():
    desk = {"by": "role", "role": "desk"}
    nodes = [
        node("start", "start"), node("each", "for_each", who=desk, times=1, add_item=True, form="claim"),
        node("other", "call", workflow="other", back=[{"uid": "b", "from": "sum", "field": "paid"}]), node("e", "end"),
        node("no", "end", result="rejected"),
    ]  # fmt: skip
    ways = ["start>each", "each>other", "other>e", edge("other>no", on="rejected")]
    walk = Walk(flow_doc(nodes, ways, key="claim", form="claim"), FILED)
    assert "problems" not in walk.answer
    assert [[offer["word"] for offer in place["offers"]] for place in walk.answer["waiting"]] == [["add_item"], ["submitted"]]
    walk.line(["each", {"item": "lid"}, {"signal": "add_item"}])
    walk.line(["each", {}, {"by": "desk", "item": 1}])
    walk.line(["each", {}, {"by": "desk", "item": "lid"}])
    assert walk.words("other") == ["returned", "returned.rejected", "returned.cancelled"]
    assert walk.do("other", "returned.rejected", data={"sum": "3"}).answer["result"] == "rejected"


def test_what_no_verb_can_read_is_refused():
    refused = Walk(None, FILED).at([FILED, ["desk", {"to": 1}, {"by": "desk", "signal": "transfer"}]])["refused"]
    assert refused["code"] == "story.unreadable"


def test_what_was_settled_and_is_given_back_counts_no_more():
    """Sent back to a step before it settled: 400 is paid by the rate of the first 400 again."""
    asks = {"who": {"by": "role", "role": "desk"}, "rights": {}, "send_back": "any"}
    settles = node("s", "settle", settlement="bonus", inputs=TAKEN, amount_field="total")
    draft = flow_doc(
        [node("start", "start", rights={"*": "write"}), task("desk", **asks), settles, task("till", **asks), node("e", "end")],
        ["start>desk", "desk>s", "s>till", "till>e"], key="order",
    )  # fmt: skip
    refs = {("form", "form"): ORDER, ("settlement", "bonus"): bonus(), ("role", "desk"): {"kind": "role", "key": "desk"}}
    filed = ["start", {"dealer": "d1", "day": "2026-03-01", "amount": "400"}]
    back = ["till", {"to": "desk", "opinion": "x"}, {"signal": "send_back"}]
    waits = walked(draft, {"say": [filed, ["desk", {}], back]}, refs)
    assert ([offer["word"] for offer in waits["waiting"][0]["offers"]], waits["waiting"][0]["who"]) == (
        ["written", "not_written"],
        [],
    )
    again = walked(draft, {"say": [filed, ["desk", {}], back, ["desk", {}], ["desk", {}]]}, refs)
    assert (again["standing"], again["data"]["total"]) == (["till"], "40.00")
