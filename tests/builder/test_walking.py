"""A draft of a workflow walked through by hand: who is waited for, with what, and what may be done."""

import json
from pathlib import Path

import pytest

from dougong.builder import made_up
from dougong.builder.walking import walked
from dougong.runtime.reason import Refused
from dougong.runtime.world import Unanswered
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node

FORM = form_doc(field("amount", "money", required=True), field("note"), key="claim")
BOARD = {
    "who": {"by": "role", "role": "board"},
    "deadlines": [{"uid": "late", "when": {"after": {"amount": 2, "unit": "hours"}}, "then": "remind"}],
}
FLOW = flow_doc(
    [
        node("start", "start"), node("board", "approval", **BOARD), node("send", "http", connection="crm", path="/x"),
        node("e", "end"),
    ],
    ["start>board", "board>send", "send>e"], key="claim", form="claim",
)  # fmt: skip
REFS = {("form", "claim"): FORM, ("role", "board"): {"kind": "role", "key": "board"}}
FILED = ["start", {"amount": "2600"}, {"signal": "submitted"}]
API = "/t/acme/builder/api"
PACKS = sorted((Path(__file__).parents[2] / "packs").glob("*.json"))


def walk(*say, draft=FLOW):
    return walked(draft, {"say": list(say)}, REFS)


def test_it_begins_where_a_ticket_does_with_the_fields_that_are_filled_in_there():
    assert walk()["waiting"] == [
        {
            "node": "start",
            "how": {},
            "fields": {"amount": "write", "note": "write"},
            "offers": [{"word": "submitted", "signal": "submitted", "fills": True, "brings": {}, "asks": []}],
        }
    ]


def test_who_is_waited_for_may_do_what_the_step_lets_him_or_let_the_deadline_pass():
    [board] = walk(FILED)["waiting"]
    assert (board["node"], board["how"]) == ("board", {"by": "board"})
    assert [one["signal"] for one in board["offers"]] == ["approve", "reject", "deadline"]
    for offer in board["offers"]:
        how = {**board["how"], "signal": offer["signal"], "said": {"opinion": "no"}}
        assert "refused" not in walk(FILED, ["board", offer["brings"], how])
    silent = walk(FILED, ["board", {}, {**board["how"], "signal": "reject"}])
    assert silent["refused"]["code"] == "approval.opinion_missing"


def test_what_only_the_world_outside_answers_is_answered_by_hand():
    approved = ["board", {}, {"by": "board", "signal": "approve"}]
    [call] = walk(FILED, approved)["waiting"]
    well, badly = call["offers"]
    assert walk(FILED, approved, ["send", well["brings"], {"signal": well["signal"]}])["status"] == "done"
    stopped = walk(FILED, approved, ["send", badly["brings"], {"signal": badly["signal"]}])
    assert (stopped["stopped"]["code"], stopped["failed"]) == ("walk.failed", "send")


def test_a_field_that_refuses_is_named_by_its_title():
    refused = walk(["start", {}])["refused"]
    assert refused["code"] == "story.field_refused" and refused["params"]["field"] == FORM["sections"][0]["fields"][0]["title"]


def test_settings_of_the_form_that_do_not_do_yet_keep_nobody_from_walking():
    table = field("rows", "subform", config={"columns": [field("c")], "min": "two"})
    form = form_doc(field("t", config={"max_length": {"by": "role"}}), field("amount", "money"), table, key="claim")
    found = walked(FLOW, {"say": [["start", {"t": "x", "amount": "1"}]]}, {**REFS, ("form", "claim"): form})
    assert [one["node"] for one in found["waiting"]] == ["board"]
    refused = walked(FLOW, {"say": [["start", {"rows": [{"c": "x"}]}]]}, {**REFS, ("form", "claim"): form})["refused"]
    assert refused["code"] == "story.field_refused"


def test_a_draft_with_errors_is_not_walked():
    assert walk(draft={**FLOW, "edges": FLOW["edges"][:-1]}) == {"problems": True, "waiting": []}


@pytest.mark.parametrize(
    "story",
    [
        {}, {"say": "x"}, {"say": [["start"]]}, {"say": [[1, {}]]}, {"say": [["start", {}]] * 201}, {"say": [], "people": []},
        {"say": [["start", {}, {"said": "x"}]]}, {"say": [], "people": {"board": "anna"}},
    ],
)  # fmt: skip
def test_what_is_no_story_is_refused(story):
    with pytest.raises(Refused):
        walked(FLOW, story, REFS)


def test_only_workflows_are_walked():
    with pytest.raises(Refused):
        walked(FORM, {"say": []}, REFS)


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_the_stories_of_the_packs_come_to_the_same_end(path):
    items = json.loads(path.read_bytes())["items"]
    refs = {(one["kind"], one["key"]): one for one in items}
    for flow in (one for one in items if one["kind"] == "workflow"):
        for story in flow.get("stories", ())[:3]:
            found = walked(flow, story, refs)
            assert "refused" not in found, (story["uid"], found["refused"])
            assert found["status"] == story["then"].get("status", found["status"])


def test_the_editor_sends_its_draft_and_is_told_in_words(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    [flow] = [one for one in alice.get(f"{API}/documents?kind=workflow").json if one["key"] == "refund"]
    draft = alice.get(f"{API}/documents/{flow['id']}").json["draft"]
    begun = alice.post(f"{API}/walk", json={"draft": draft, "story": {"say": []}}).json
    assert [one["node"] for one in begun["waiting"]] == ["start"]
    assert begun["prospect"].startswith("接下来还有") and set(begun["ways"].values()) == {"ahead", "possible"}
    refused = alice.post(f"{API}/walk", json={"draft": draft, "story": {"say": [["start", {}]]}}).json["refused"]
    assert "客户姓名" in refused
    assert alice.post(f"{API}/walk", json={"draft": draft, "story": {"say": [["start"]]}}).status_code == 422
    assert alice.post(f"{API}/walk", json={"draft": {"kind": "form"}, "story": {"say": []}}).status_code == 422


def test_a_walk_has_the_clock_that_it_says():
    shown = flow_doc(
        [node("start", "start"), node("board", "approval", **BOARD), node("e", "end")],
        ["start>board", "board>e"],
        key="claim",
        form="claim",
    )
    clock = {"at": "2026-10-01T21:30", "zone": "Asia/Shanghai"}
    late = ["board", {}, {"signal": "approve", "at": "2026-10-01T21:00"}]
    assert walked(shown, {"say": [FILED], "clock": clock}, REFS)["waiting"]
    assert walked(shown, {"say": [FILED, late], "clock": clock}, REFS)["refused"]["code"] == "story.goes_back"
    for wrong in ({"at": "9999-12-31T00:00", "zone": "UTC"}, {"at": "2026-10-01"}, {**clock, "zone": "../etc"}, "now"):
        with pytest.raises(Refused):
            walked(shown, {"say": [FILED], "clock": wrong}, REFS)


def test_the_way_it_has_gone_and_will_go_and_how_long_that_usually_takes():
    past = {"tickets": 7, "took": {"board": 7_200_000, "send": 60_000}, "taken": {}}
    approved = ["board", {}, {"by": "board", "signal": "approve"}]
    found = [walked(FLOW, {"say": said}, REFS, past) for said in ([], [FILED], [FILED, approved])]
    assert [(one["prospect"]["most"], one["prospect"]["left"]) for one in found] == [
        (1, 7_260_000),
        (1, 7_260_000),
        (0, 60_000),
    ]
    assert found[1]["ways"] == {"start_board": "taken", "board_send": "ahead", "send_e": "ahead"}
    for wrong in ("", {}, {**past, "took": {"board": -1}}, {**past, "taken": {"x": 10**400}}):
        with pytest.raises(Refused):
            walked(FLOW, {"say": []}, REFS, wrong)
    assert walk(FILED)["prospect"] == {"fewest": 1, "most": 1, "left": None, "tickets": 0}
    [call] = walk(FILED, approved)["waiting"]
    well = call["offers"][0]
    done = walk(FILED, approved, ["send", well["brings"], {**call["how"], "signal": well["signal"]}])
    assert "prospect" not in done and set(done["ways"].values()) == {"taken"}


def test_what_a_walk_knows_nothing_of_is_told(monkeypatch):
    def unknown(*_):
        raise Unanswered("persons")

    monkeypatch.setattr(made_up, "_persons", unknown)
    assert walk(FILED)["refused"] == {"code": "walk.unknown", "params": {"what": "persons"}}
