"""自选审批人: chosen on the page when a ticket is filed and again when it comes back; out of whom, and how many."""

import re
from typing import Any

import pytest

from dougong.builder.checks import check
from tests.cast import Cast, errors, fields
from tests.drawing import field as form_field
from tests.drawing import flow_doc, form_doc, node, text
from tests.host.test_approvals import act, on_ticket, state, waiting
from tests.host.test_races import publish

FORM = form_doc(form_field("note"), key="plain")
BOARD = {"by": "chosen", "role": "refund_board", "least": 1, "most": 1}
ANYBODY = {"by": "chosen", "least": 1, "most": 2}


def drawn(**start: Any) -> dict[str, Any]:
    nodes = [
        node("start", "start", **start),
        node("first", "approval", who=ANYBODY, mode="all", send_back="initiator"),
        node("second", "approval", who=BOARD),
        node("e", "end", result="approved"),
    ]
    return flow_doc(nodes, ["start>first", "first>second", "second>e"], key="asking", form="plain")


@pytest.fixture
def asking(cast: Cast) -> Cast:
    publish(cast, FORM, drawn())
    return cast


def file(cast: Cast, status: int = 302, **chosen: list[str]) -> str:
    said = {f"who.{uid}": [cast.member_id(name) for name in names] for uid, names in chosen.items()}
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/asking", data={**fields({"note": "x"}), **said})
    assert answer.status_code == status, errors(answer.text)
    return answer.text if status == 422 else str(answer.headers["Location"]).rsplit("/", 1)[1]


def test_the_page_offers_those_who_may_be_chosen(asking: Cast) -> None:
    page = asking.sign_in("bob").get("/t/acme/tickets/new/asking").text
    offered = re.findall(r'type="radio" name="who.second" value="([^"]+)"', page)
    assert sorted(offered) == sorted(asking.member_id(name) for name in ("helen", "fiona"))
    assert 'data-many="who.first"' in page


def test_they_are_asked_and_remembered_until_the_initiator_chooses_anew(asking: Cast) -> None:
    ticket = file(asking, first=["grace", "frank"], second=["helen"])
    assert waiting(asking, ticket) == [("first", "frank"), ("first", "grace")]
    act(asking, "grace", ticket, "send_back", to="start", opinion="x")
    page = asking.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text
    assert re.search(rf'value="{asking.member_id("helen")}" checked', page), "as he chose before"
    task = asking.open_task(ticket, "start")
    again = {"revision": task.revision, **fields({"note": "y"})}
    chosen = {"who.first": asking.member_id("kevin"), "who.second": asking.member_id("fiona")}
    bob, place = asking.sign_in("bob"), f"/t/acme/tasks/{task.id}"
    refused = bob.post(place, data={**again, **chosen, "who.second": chosen["who.first"]})
    assert refused.status_code == 422 and "不在可选范围内" in refused.text
    picked = re.findall(r'name="who.first" value="([^"]+)"', refused.text)
    assert picked == [chosen["who.first"]], "as he chose now"
    assert bob.post(place, data={**again, **chosen}).status_code == 302
    assert waiting(asking, ticket) == [("first", "kevin")]
    act(asking, "kevin", ticket, "approve")
    assert waiting(asking, ticket) == [("second", "fiona")]
    act(asking, "fiona", ticket, "approve")
    assert state(asking, ticket) == ("done", "approved")


def test_a_ticket_that_is_recalled_keeps_the_choice(asking: Cast) -> None:
    ticket = file(asking, first=["grace"], second=["helen"])
    on_ticket(asking, "bob", ticket, "recall")
    asking.work("bob", ticket, "start", note="z")
    assert waiting(asking, ticket) == [("first", "grace")]


def test_what_will_not_do_is_said_beside_the_choice_and_nothing_is_filed(asking: Cast) -> None:
    assert "请选择 1 至 2 人" in file(asking, 422, second=["helen"])
    assert "请选择 1 至 2 人" in file(asking, 422, first=["grace", "frank", "kevin"], second=["helen"])
    page = file(asking, 422, first=["grace"], second=["kevin"])
    assert "不在可选范围内" in page and "高洁" in page, "what was chosen well stands there still"
    charlie = asking.member_id("charlie", "globex")
    said = {"who.first": charlie, "who.second": asking.member_id("helen"), **fields({"note": "x"})}
    assert asking.sign_in("bob").post("/t/acme/tickets/new/asking", data=said).status_code == 422


def test_the_same_over_the_api(asking: Cast) -> None:
    bob = asking.api(asking.token("bob"))
    body: dict[str, Any] = {"workflow": "asking", "values": {"note": "x"}}
    missing = bob("POST", "/tickets", body)
    assert missing.status_code == 422
    assert {one["code"] for one in missing.json["error"]["details"]} == {"chosen.how_many"}
    assert bob("POST", "/tickets", {**body, "chosen": {"first": "x"}}).status_code == 422
    chosen = {"first": [asking.member_id("grace")], "second": [asking.member_id("helen")]}
    filed = bob("POST", "/tickets", {**body, "chosen": chosen})
    assert filed.status_code == 201 and waiting(asking, filed.json["ticket_id"]) == [("first", "grace")]


def said(*nodes: Any, ways: tuple[str, ...], public: bool = False) -> list[str]:
    start = node("start", "start", **({"public": True} if public else {}))
    doc = flow_doc([start, *nodes, node("e", "end")], list(ways), form="plain")
    role = {"format": 1, "uid": "b", "kind": "role", "key": "refund_board", "title": text("b")}
    return [one.reason.code for one in check(doc, {("form", "plain"): FORM, ("role", "refund_board"): role})]


def test_the_checks_know_where_somebody_may_be_chosen() -> None:
    ways = ("start>a", "a>e")
    assert said(node("a", "approval", who=BOARD), ways=ways) == []
    assert said(node("a", "approval", who={**BOARD, "role": "gone"}), ways=ways) == ["check.no_such_role"]
    assert said(node("a", "approval", who={**BOARD, "least": 3}), ways=ways) == ["check.chosen_how_many"]
    assert said(node("a", "approval", who=BOARD), ways=ways, public=True) == ["check.chosen_by_customers"]
    assert said(node("a", "notify", to=BOARD, text=text("x")), ways=ways) == ["check.chosen_only_who"]
