"""Steps whose work is done by the host: lists, messages, tickets that begin tickets, calls to other systems."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, update

from dougong.builder.documents import Unpublishable, problems_of
from dougong.platform import signing
from dougong.platform.connections import Connection
from dougong.platform.documents import Document, Version, freeze
from dougong.platform.store import db, moment, transaction
from dougong.platform.wakeups import Wakeup
from dougong.runtime.host import definitions, mailbox, schedules, worker
from dougong.runtime.host.mailbox import Awaiting, Message
from dougong.runtime.host.schedules import Schedule
from dougong.runtime.host.tables import EffectRow, History, Task, Ticket, TokenRow
from tests import trap
from tests.cast import Cast, fields
from tests.drawing import all_of, edge, field, flow_doc, form_doc, node, options, rule, task
from tests.host.test_races import publish
from tests.host.test_webhooks import _secret as secret_of
from tests.trap import Server, serving

MINE: dict[str, Any] = {"who": {"by": "initiator"}, "rights": {"*": "write"}}


def state_of(cast: Cast, ticket_id: str) -> tuple[str, str | None, dict[str, Any]]:
    with cast.reading() as session:
        row = session.scalars(select(Ticket).where(Ticket.id == ticket_id)).one()
        return row.state, row.result, dict(row.data)


def filed(cast: Cast, key: str, **values: Any) -> str:
    answer = cast.sign_in("bob").post(f"/t/acme/tickets/new/{key}", data=fields(values))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"]).rsplit("/", 1)[1]


# --- a task for each entry of a list

PARTS = form_doc(
    field("parts", "choices", config=options("door", "lock")), field("cost", "money"), field("total", "money"), key="parts"
)


def lists(cast: Cast) -> None:
    collect = [{"uid": "c", "field": "cost", "into": "total", "how": "sum"}]
    each = node(
        "each", "for_each", who={"by": "initiator"}, rights={"cost": "write"}, over="parts", add_item=True, collect=collect
    )
    flow = flow_doc([node("start", "start"), each, node("e", "end")], ["start>each", "each>e"], key="parts", form="parts")
    publish(cast, PARTS, flow)


def titles(cast: Cast, ticket_id: str) -> dict[str, tuple[str, int]]:
    with cast.reading() as session:
        rows = session.scalars(select(Task).where(Task.ticket_id == ticket_id, Task.state == "open")).all()
        return {row.title["en"]: (row.id, row.revision) for row in rows}


def test_each_item_is_a_task_that_says_which_and_the_results_are_gathered(cast: Cast) -> None:
    lists(cast)
    ticket_id = filed(cast, "parts", parts=["door", "lock"])
    bob = cast.sign_in("bob")
    page = bob.get(f"/t/acme/tickets/{ticket_id}").text
    assert "each · DOOR" in page and "0 / 2" in page
    added = bob.post(f"/t/acme/tickets/{ticket_id}/items", data={"token": 2, "item": "window"})
    assert added.status_code == 302
    assert sorted(titles(cast, ticket_id)) == ["each · DOOR", "each · LOCK", "each · window"]
    for index, (task_id, revision) in enumerate(titles(cast, ticket_id).values()):
        answer = bob.post(f"/t/acme/tasks/{task_id}", data={"revision": revision, **fields({"cost": f"{index}.50"})})
        assert answer.status_code == 302, answer.text
    state, result, data = state_of(cast, ticket_id)
    assert (state, result, data["parts"], data["total"]) == ("done", "completed", ["door", "lock"], "4.50")


def test_an_item_is_added_over_the_api_by_who_has_a_part_in_it(cast: Cast) -> None:
    lists(cast)
    ticket_id = filed(cast, "parts", parts=["door"])
    where = f"/tickets/{ticket_id}/items/2"
    bob = cast.api(cast.token("bob"))
    assert bob("POST", where, {"item": "lock"}).status_code == 204
    refused = bob("POST", where, {"item": " "})
    assert (refused.status_code, refused.json["error"]["details"][0]["code"]) == (422, "item.what")
    assert cast.api(cast.token("frank"))("POST", where, {"item": "x"}).status_code == 404
    assert bob("POST", f"/tickets/{ticket_id}/items/99", {"item": "x"}).status_code == 404
    assert sorted(titles(cast, ticket_id)) == ["each · DOOR", "each · lock"]
    with cast.reading() as session:
        lines = session.execute(select(History.verb, History.said).where(History.ticket_id == ticket_id)).all()
    assert ("add_item", {"opinion": "lock"}) in [tuple(line) for line in lines]


# --- a region that is cancelled


def test_what_was_cancelled_is_told_as_cancelled_not_as_done(cast: Cast) -> None:
    """It vanished from its people's to-dos without a word, and the route said that it had been passed."""
    stop = node("stop", "cancel", nodes=["fetch", "wash"])
    nodes = [node("start", "start"), node("both", "fork"), task("fetch", **MINE), task("wash", **MINE), task("called", **MINE)]
    ways: list[Any] = [
        "start>both",
        "both>fetch",
        "fetch>wash",
        "wash>e",
        "both>called",
        "called>stop",
        "stop>refund",
        "refund>e",
    ]
    publish(cast, ORDER, flow_doc([*nodes, stop, task("refund", **MINE), node("e", "end")], ways, key="visit", form="order"))
    ticket_id = filed(cast, "visit", order="A-1")
    bob = cast.sign_in("bob")
    task_id, revision = titles(cast, ticket_id)["called"]
    assert bob.post(f"/t/acme/tasks/{task_id}", data={"revision": revision}).status_code == 302
    assert list(titles(cast, ticket_id)) == ["refund"]
    page = bob.get(f"/t/acme/tickets/{ticket_id}").text
    assert "“fetch”已取消" in page and "“wash”已取消" not in page  # nobody was about that
    route = cast.api(cast.token("bob"))("GET", f"/tickets/{ticket_id}/route").json
    states = {one["node"]: one["state"] for one in route["nodes"]}
    assert (states["fetch"], states["called"], states["stop"], states["refund"]) == ("ended", "done", "done", "current")
    assert "wash" not in states


# --- messages

ORDER = form_doc(field("order"), field("amount", "money"), key="order")
BODY = [{"uid": "b", "field": "amount", "name": "amount"}]
INTO = [{"uid": "i", "from": "amount", "field": "amount"}]


def talking(cast: Cast) -> None:
    """One workflow waits for a message while bob may do something else, another sends one."""
    wait, ends = node("wait", "receive", name="paid", key="order", into=INTO), node("e", "end")
    publish(
        cast, ORDER,
        flow_doc(
            [node("start", "start"), node("f", "first"), wait, task("t", **MINE), ends],
            ["start>f", "f>wait", "f>t", "wait>e", "t>e"], key="waits", form="order",
        ),
        flow_doc(
            [node("start", "start"), node("s", "send", name="paid", key="order", body=BODY), ends],
            ["start>s", "s>e"], key="sends", form="order",
        ),
    )  # fmt: skip


def swept(cast: Cast) -> None:
    """As a worker does it that has just begun, and knows nothing yet."""
    definitions.forget()
    with cast.app.app_context():
        while worker.sweep():
            pass


def kept(cast: Cast) -> tuple[int, int]:
    """Messages that nobody has waited for, and tokens that wait for one."""
    with cast.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Message, Awaiting)]
        return counts[0] or 0, counts[1] or 0


def test_a_message_finds_who_waits_and_is_taken_once(cast: Cast) -> None:
    talking(cast)
    first, second = filed(cast, "waits", order="A1"), filed(cast, "waits", order="A1")
    other = filed(cast, "waits", order="B2")
    filed(cast, "sends", order="A1", amount="5.00")
    swept(cast)
    assert [state_of(cast, one)[0] for one in (first, second, other)] == ["done", "running", "running"]
    assert state_of(cast, first)[2]["amount"] == "5.00"
    assert kept(cast) == (0, 2)


def test_a_message_that_comes_first_is_kept_until_somebody_waits(cast: Cast) -> None:
    talking(cast)
    filed(cast, "sends", order="A1", amount="1.00")
    filed(cast, "sends", order="A1", amount="2.00")
    assert kept(cast) == (2, 0)
    page = cast.sign_in("alice").get("/t/acme/settings/effects").text
    assert "还没有工单等的消息（2）" in page and page.count('<code>paid</code></td><td class="break">A1</td>') == 2
    first = filed(cast, "waits", order="A1")
    swept(cast)
    assert (state_of(cast, first)[0], state_of(cast, first)[2]["amount"]) == ("done", "1.00")
    assert kept(cast) == (1, 0)


def test_who_no_longer_waits_is_not_found_and_a_message_on_its_way_comes_back(cast: Cast) -> None:
    talking(cast)
    gone = filed(cast, "waits", order="A1")
    cast.work("bob", gone, "t")
    assert kept(cast) == (0, 0)
    late = filed(cast, "waits", order="A1")
    filed(cast, "sends", order="A1", amount="3.00")  # it is on its way to `late`, which moves on before it comes
    cast.work("bob", late, "t")
    swept(cast)
    assert kept(cast) == (1, 0)
    last = filed(cast, "waits", order="A1")
    swept(cast)
    assert state_of(cast, last)[2]["amount"] == "3.00"


def test_a_message_is_sent_over_the_api(cast: Cast) -> None:
    talking(cast)
    ticket_id = filed(cast, "waits", order="A1")
    bob = cast.api(cast.token("bob"))
    body = {"name": "paid", "key": "A1", "body": {"amount": "7.00"}}
    assert bob("POST", "/messages", body).status_code == 204
    swept(cast)
    assert state_of(cast, ticket_id)[2]["amount"] == "7.00"
    assert bob("POST", "/messages", {"key": "x"}).status_code == 422
    assert bob("POST", "/messages", {**body, "name": "x" * 41}).status_code == 422


def test_no_more_messages_are_kept_than_there_is_room_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST", 1)
    bob = cast.api(cast.token("bob"))
    assert [bob("POST", "/messages", {"name": "x"}).status_code for _ in range(2)] == [204, 422]
    assert kept(cast) == (1, 0)


# --- tickets that begin tickets

GIVE = [{"uid": "g", "field": "order", "into": "order"}]
BACK = [{"uid": "b", "from": "amount", "field": "amount"}]


def calls(cast: Cast, **config: Any) -> None:
    call = node("call", "call", **{"workflow": "inner", "give": GIVE, "back": BACK, **config})
    ends = [node("no", "end", result="rejected"), node("e", "end")]
    publish(
        cast, ORDER,
        flow_doc(
            [node("start", "start"), task("t", **MINE), node("d", "decide"), *ends],
            ["start>t", "t>d", edge("d>no", all_of(rule("amount", "equals", "0"))), edge("d>e", default=True)],
            key="inner", form="order",
        ),
        flow_doc(
            [node("start", "start"), call, task("sorry", **MINE), node("e", "end")],
            ["start>call", "call>e", edge("call>sorry", on="rejected"), "sorry>e"], key="outer", form="order",
        ),
    )  # fmt: skip


def of_workflow(cast: Cast, key: str) -> list[str]:
    with cast.reading() as session:
        return list(session.scalars(select(Ticket.id).where(Ticket.workflow_key == key).order_by(Ticket.id)))


def test_a_ticket_begins_another_and_goes_on_with_what_comes_of_it(cast: Cast) -> None:
    calls(cast)
    outer = filed(cast, "outer", order="A1")
    assert of_workflow(cast, "inner") == []
    swept(cast)
    [inner] = of_workflow(cast, "inner")
    assert state_of(cast, inner)[2]["order"] == "A1"
    cast.work("bob", inner, "t", order="A1", amount="5.00")
    assert state_of(cast, outer)[0] == "running"
    swept(cast)
    assert (state_of(cast, outer)[0], state_of(cast, outer)[2]["amount"]) == ("done", "5.00")
    swept(cast)
    assert len(of_workflow(cast, "inner")) == 1


def test_what_was_rejected_goes_its_own_way(cast: Cast) -> None:
    calls(cast)
    outer = filed(cast, "outer", order="A1")
    swept(cast)
    cast.work("bob", of_workflow(cast, "inner")[0], "t", order="A1", amount="0.00")
    swept(cast)
    assert cast.waiting(outer) == ["sorry"]


def test_one_that_does_not_wait_goes_on_and_the_other_begins_all_the_same(cast: Cast) -> None:
    calls(cast, then="go_on")
    outer = filed(cast, "outer", order="A1")
    swept(cast)
    assert (state_of(cast, outer)[0], len(of_workflow(cast, "inner"))) == ("done", 1)


def test_one_that_does_not_wait_but_cannot_begin_it_is_an_incident_with_its_reason_and_a_retry(cast: Cast) -> None:
    calls(cast, then="go_on")
    withdrawn(cast, "inner", True)
    outer = filed(cast, "outer", order="A1")
    swept(cast)
    page = cast.sign_in("alice").get(f"/t/acme/tickets/{outer}").text
    assert state_of(cast, outer)[0] == "failed" and "流程“inner”不存在或没有发布" in page
    withdrawn(cast, "inner", False)
    cast.sign_in("alice").post(re.search(rf"/t/acme/tickets/{outer}/retry/\d+", page)[0])  # type: ignore[index]
    swept(cast)
    assert (state_of(cast, outer)[0], len(of_workflow(cast, "inner"))) == ("done", 1)


def test_one_that_was_passed_over_before_it_began_does_not_begin(cast: Cast) -> None:
    calls(cast, then="go_on")
    outer = filed(cast, "outer", order="A1")
    said = {"opinion": "x", "token": token_of(cast, outer)}
    cast.sign_in("alice").post(f"/t/acme/tickets/{outer}/repair/skip", data=said)
    swept(cast)
    assert (state_of(cast, outer)[0], of_workflow(cast, "inner")) == ("done", [])


def withdrawn(cast: Cast, key: str, yes: bool) -> None:
    with cast.reading(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Document).where(Document.kind == "workflow", Document.key == key).values(archived=yes))
    definitions.forget()


@pytest.mark.parametrize("how", ["cancel", "skip", "move"])
def test_who_waits_no_more_ends_what_he_had_begun(cast: Cast, how: str) -> None:
    calls(cast)
    outer = filed(cast, "outer", order="A1")
    swept(cast)
    [inner] = of_workflow(cast, "inner")
    said = {"opinion": "x", "token": token_of(cast, outer), "node": "sorry"}
    cast.sign_in("alice").post(f"/t/acme/tickets/{outer}/repair/{how}", data=said)
    swept(cast)
    assert (state_of(cast, inner)[:2], cast.waiting(inner)) == (("done", "cancelled"), [])
    assert "发起它的工单不再等待" in cast.sign_in("alice").get(f"/t/acme/tickets/{inner}").text


def test_one_that_has_not_begun_yet_begins_no_more(cast: Cast) -> None:
    calls(cast)
    outer = filed(cast, "outer", order="A1")
    cast.sign_in("alice").post(f"/t/acme/tickets/{outer}/repair/cancel", data={"opinion": "x"})
    swept(cast)
    assert of_workflow(cast, "inner") == []


@pytest.mark.parametrize("step", [node("asked", "call", workflow="outer"), node("asked", "http", connection="erp", path="/x")])
def test_who_ends_a_wait_for_something_outside_does_not_bring_it_back(cast: Cast, erp: Server, step: dict[str, Any]) -> None:
    """The other ticket has ended with it, the call has been given up: a wait that came back would wait for ever."""
    calls(cast)
    erp.traps["/api/x"] = trap.answer(503, b"")
    stops = node("stops", "cancel", nodes=["asked"])
    nodes = [
        node("start", "start"),
        node("f", "fork"),
        step,
        task("mine", **MINE),
        stops,
        task("after", **MINE),
        node("e", "end"),
    ]
    ways = ["start>f", "f>asked", "f>mine", "mine>stops", "stops>after", "after>e", "asked>e"]
    publish(cast, flow_doc(nodes, ways, key="both", form="order"))
    ticket_id = filed(cast, "both", order="A1")
    swept(cast)
    cast.work("bob", ticket_id, "mine")
    refused = cast.sign_in("bob").post(f"/t/acme/tickets/{ticket_id}/take_back", follow_redirects=True).text
    assert "不能撤回" in refused and cast.waiting(ticket_id) == ["after"]


def test_the_pages_of_both_lead_to_each_other_for_whoever_may_see_them(cast: Cast) -> None:
    calls(cast)
    outer = filed(cast, "outer", order="A1")
    swept(cast)
    [inner] = of_workflow(cast, "inner")
    bob, grace = cast.sign_in("bob"), cast.sign_in("grace")
    assert f"/t/acme/tickets/{inner}" in bob.get(f"/t/acme/tickets/{outer}").text
    assert f"/t/acme/tickets/{outer}" in bob.get(f"/t/acme/tickets/{inner}").text
    bob.post(f"/t/acme/tickets/{outer}/copy", data={"persons": cast.member_id("grace")})
    assert f"/t/acme/tickets/{inner}" not in grace.get(f"/t/acme/tickets/{outer}").text
    told = cast.api(cast.token("bob"))("GET", f"/tickets/{outer}").json
    assert ([one["id"] for one in told["children"]], told["parent"]) == ([inner], None)
    assert cast.api(cast.token("grace"))("GET", f"/tickets/{outer}").json["children"] == []


def token_of(cast: Cast, ticket_id: str) -> int:
    with cast.reading() as session:
        return session.scalars(select(TokenRow.number).where(TokenRow.ticket_id == ticket_id)).one()


def test_what_cannot_begin_is_an_incident_of_who_waits(cast: Cast) -> None:
    calls(cast, give=[{"uid": "g", "field": "order", "into": "gone"}])
    outer = filed(cast, "outer", order="A1")
    swept(cast)
    assert state_of(cast, outer)[0] == "failed"
    assert of_workflow(cast, "inner") == []


def test_a_locked_version_is_that_of_the_publication(cast: Cast) -> None:
    calls(cast, version="locked")
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        document = session.scalars(select(Document).where(Document.key == "inner", Document.kind == "workflow")).one()
        session.add(
            Version(
                document_id=document.id, kind="workflow", key="inner", number=2, body=document.draft, lock={}, hash="x",
            )
        )  # fmt: skip
        document.active = 2
    filed(cast, "outer", order="A1")
    swept(cast)
    with cast.reading() as session:
        assert session.scalars(select(Ticket.version).where(Ticket.workflow_key == "inner")).all() == [1]


# --- calls to other systems


@pytest.fixture
def erp(cast: Cast) -> Iterator[Server]:
    cast.app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    with serving() as found:
        data = {"key": "erp", "title": "ERP", "url": found.url("/api/"), "headers": "Authorization: Bearer s3cret"}
        assert cast.sign_in("alice").post("/t/acme/settings/connections", data=data).status_code == 302
        yield found


def asks(cast: Cast, **config: Any) -> str:
    into = [{"uid": "i", "from": "/fee", "field": "amount"}]
    call = node("call", "http", connection="erp", path="/orders/{order}", body='{"n": {order}}', into=into, **config)
    flow = flow_doc(
        [node("start", "start"), call, task("sorry", **MINE), node("e", "end")],
        ["start>call", "call>e", edge("call>sorry", on="failed"), "sorry>e"], key="asks", form="order",
    )  # fmt: skip
    publish(cast, ORDER, flow)
    return filed(cast, "asks", order="A1")


def now_due(cast: Cast) -> None:
    with cast.app.app_context(), transaction(None) as session:
        session.execute(update(Wakeup).where(Wakeup.due_at.is_not(None)).values(due_at="2020-01-01T00:00:00.000Z"))


def test_the_answer_of_another_system_comes_into_fields(cast: Cast, erp: Server) -> None:
    erp.traps["/api/orders/A1"] = trap.answer(200, b'{"fee": "12.50"}')
    ticket_id = asks(cast)
    swept(cast)
    assert (state_of(cast, ticket_id)[0], state_of(cast, ticket_id)[2]["amount"]) == ("done", "12.50")
    [(method, path, headers, body)] = erp.seen
    assert (method, path, json.loads(body)) == ("POST", "/api/orders/A1", {"n": "A1"})
    assert headers["authorization"] == "Bearer s3cret"
    with cast.reading() as session:
        assert headers["idempotency-key"] == session.scalars(select(EffectRow.id).where(EffectRow.kind == "call")).one()
    page = cast.sign_in("alice").get("/t/acme/settings/connections").text
    assert "ERP" in page and "s3cret" not in page


def test_what_fails_is_tried_again_under_the_same_key_and_then_goes_its_own_way(cast: Cast, erp: Server) -> None:
    erp.traps["/api/orders/A1"] = trap.answer(503, b"")
    ticket_id = asks(cast, tries=2)
    swept(cast)
    assert cast.waiting(ticket_id) == []
    now_due(cast)
    swept(cast)
    assert cast.waiting(ticket_id) == ["sorry"]
    assert len({headers["idempotency-key"] for _, _, headers, _ in erp.seen}) == 1 and len(erp.seen) == 2


@pytest.mark.parametrize("bad", [trap.answer(404, b""), trap.answer(200, b"<html>")])
def test_what_would_fail_again_is_not_tried_again(cast: Cast, erp: Server, bad: Any) -> None:
    erp.traps["/api/orders/A1"] = bad
    ticket_id = asks(cast, tries=8)
    swept(cast)
    assert (cast.waiting(ticket_id), len(erp.seen)) == (["sorry"], 1)


@pytest.mark.parametrize(
    ("draft", "field_name"),
    [
        ({"key": "E!"}, "key"), ({"title": ""}, "title"), ({"url": "http://10.0.0.1/"}, "url"), ({"url": "ftp://x"}, "url"),
        ({"headers": "no header"}, "headers"), ({"headers": "Host: evil"}, "headers"), ({"headers": "A: b\x00c"}, "headers"),
    ],
)  # fmt: skip
def test_a_connection_that_makes_no_sense_is_refused(cast: Cast, draft: dict[str, str], field_name: str) -> None:
    data = {"key": "x", "title": "X", "url": "https://example.com", "headers": "", **draft}
    answer = cast.sign_in("alice").post("/t/acme/settings/connections", data=data)
    assert answer.status_code == 422
    with cast.reading() as session:
        assert session.scalars(select(Connection.id)).all() == []


def test_the_editor_offers_the_connections_that_are_set_up(cast: Cast) -> None:
    cast.app.config["OUTBOUND_ALLOW"] = "127.0.0.1"
    alice = cast.sign_in("alice")
    alice.post("/t/acme/settings/connections", data={"key": "erp", "title": "ERP", "url": "http://127.0.0.1:9/", "headers": ""})
    assert alice.get("/t/acme/builder/api/vocabulary").json["connections"] == [{"key": "erp", "title": "ERP"}]


# --- workflows that begin by themselves


def daily(cast: Cast, **config: Any) -> None:
    form = form_doc(field("note", default="round"), key="daily")
    start = node("start", "start", **{"every": "day", "at": "09:00", **config})
    nodes = [start, task("t", who={"by": "role", "role": "engineer"}), node("e", "end")]
    flow = flow_doc(nodes, ["start>t", "t>e"], key="daily", form="daily")
    publish(cast, form, flow)


def hour_passed(cast: Cast) -> None:
    past = "2020-01-01T00:00:00.000Z"
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Schedule).values(due_at=past))
    with cast.app.app_context(), transaction(None) as session:
        session.execute(update(Wakeup).values(due_at=past, since=past))


def scheduled(cast: Cast) -> list[str]:
    with cast.reading() as session:
        return list(session.scalars(select(Schedule.due_at)))


def test_a_workflow_begins_by_itself_once_a_period(cast: Cast) -> None:
    daily(cast)
    [first] = scheduled(cast)
    assert first > moment() and of_workflow(cast, "daily") == []
    hour_passed(cast)
    swept(cast)
    [ticket_id] = of_workflow(cast, "daily")
    assert (state_of(cast, ticket_id)[2], cast.waiting(ticket_id)) == ({"note": "round"}, ["t"])
    assert scheduled(cast) == [first]
    with cast.app.app_context():
        assert [(one.since, one.due_at) for one in db.session.scalars(select(Wakeup))] == [(first, first)]
    swept(cast)
    assert len(of_workflow(cast, "daily")) == 1
    hour_passed(cast)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        found = session.scalars(select(Schedule.id)).one()
    with cast.app.app_context():
        for _ in range(3):  # begun again and again, as when a host was thought dead
            worker.perform(cast.tenants["acme"], found)
    assert len(of_workflow(cast, "daily")) == 2


def test_what_dies_before_the_commit_is_begun_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    daily(cast)
    hour_passed(cast)
    with monkeypatch.context() as dying:
        dying.setattr(schedules, "_file", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
        swept(cast)
    assert (of_workflow(cast, "daily"), scheduled(cast)) == ([], ["2020-01-01T00:00:00.000Z"])
    now_due(cast)
    swept(cast)
    assert len(of_workflow(cast, "daily")) == 1


def test_an_admin_sees_when_it_begins_next_and_why_it_did_not(cast: Cast) -> None:
    form = form_doc(field("note", required=True), key="daily")
    start = node("start", "start", every="day", at="09:00")
    publish(cast, form, flow_doc([start, node("e", "end")], ["start>e"], key="daily", form="daily", title={"en": "Rounds"}))
    alice = cast.sign_in("alice")
    page = alice.get("/t/acme/settings/effects").text
    assert "Rounds" in page and "09:00:00" in page and "没有发起" not in page
    hour_passed(cast)
    swept(cast)
    page = alice.get("/t/acme/settings/effects").text
    assert of_workflow(cast, "daily") == [] and "没有发起" in page and "<code>note</code> 请填写。" in page


def test_a_working_day_that_has_become_a_holiday_is_passed_over(cast: Cast) -> None:
    daily(cast, every="workday")
    hour_passed(cast)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Schedule).values(due_at="2025-12-31T16:30:00.000Z"))  # here it is New Year
    swept(cast)
    assert of_workflow(cast, "daily") == [] and scheduled(cast)[0] > moment()
    hour_passed(cast)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Schedule).values(due_at="2026-01-11T16:30:00.000Z"))  # here it is Monday
    swept(cast)
    assert len(of_workflow(cast, "daily")) == 1


def test_the_editor_is_told_when_it_would_begin(cast: Cast) -> None:
    ask = {"config": {"every": "month", "at": "09:00", "month_day": 31}}
    found = cast.sign_in("alice").post("/t/acme/builder/api/begins", json=ask).json
    assert found["zone"] == "Asia/Shanghai" and [one[10:] for one in found["times"]] == ["T09:00"] * 3
    assert cast.sign_in("alice").post("/t/acme/builder/api/begins", json={"config": {"every": 7, "at": []}}).json["times"] == []


def test_put_away_it_begins_no_more(cast: Cast) -> None:
    daily(cast)
    hour_passed(cast)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Document).where(Document.key == "daily").values(archived=True))
    swept(cast)
    assert (of_workflow(cast, "daily"), scheduled(cast)) == ([], [])
    with cast.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Wakeup)) == 0


def test_published_without_its_hour_it_begins_no_more(cast: Cast) -> None:
    daily(cast)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        document = session.scalars(select(Document).where(Document.key == "daily", Document.kind == "workflow")).one()
        nodes = [{**one, "config": {}} if one["type"] == "start" else one for one in document.draft["nodes"]]
        document.draft = {**document.draft, "nodes": nodes}
        freeze(session, None, document, {}, "x")
    assert scheduled(cast) == []
    with cast.app.app_context(), transaction(None) as session:
        assert session.scalar(select(func.count()).select_from(Wakeup)) == 0


def test_another_system_sends_a_message_signed_and_once(cast: Cast) -> None:
    talking(cast)
    alice = cast.sign_in("alice")
    page = alice.post("/t/acme/settings/hooks", data={"title": "Bank", "message": "paid"})
    assert page.status_code == 200, page.text
    secret, address = secret_of(page.text), re.findall(r"(/hook/[^\"<]+)", page.text)[0]
    raw = json.dumps({"key": "A1", "body": {"amount": "9.00"}}).encode()
    stranger = cast.app.test_client()

    def sent(body: bytes, message_id: str = "m1", by: str = secret) -> int:
        headers = {**signing.headers(by, message_id, body), "content-type": "application/json"}
        return int(stranger.post(address, data=body, headers=headers).status_code)

    assert [sent(raw), sent(raw)] == [202, 202]
    assert kept(cast) == (1, 0)
    assert (sent(raw, "m2", signing.new_secret()), sent(b'{"key": 1}', "m3"), kept(cast)) == (401, 422, (1, 0))
    ticket_id = filed(cast, "waits", order="A1")
    swept(cast)
    assert state_of(cast, ticket_id)[2]["amount"] == "9.00"
    assert alice.post("/t/acme/settings/hooks", data={"title": "Bank", "message": "no good"}).status_code == 422


def test_a_workflow_that_calls_over_a_connection_nobody_has_set_up_is_not_published(cast: Cast) -> None:
    call = node("call", "http", connection="erp", path="/x")
    flow = flow_doc([node("start", "start"), call, node("e", "end")], ["start>call", "call>e"], key="asks", form="order")
    with pytest.raises(Unpublishable) as refused:
        publish(cast, ORDER, flow)
    (found,) = [one for problems in refused.value.problems.values() for one in problems]
    assert (found.reason.code, found.nodes, found.path) == (
        "call.no_connection", ("call",), "/nodes/1/config/connection",
    )  # fmt: skip
    warned = node("each", "for_each", times=2, who={"by": "initiator"}, rights={"*": "write"})
    flow = flow_doc(
        [node("start", "start"), warned, call, node("e", "end")], ["start>each", "each>call", "call>e"], form="order"
    )
    publish(cast, ORDER)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        said = [one.severity for one in problems_of(session, flow)]
    assert (said[0], said[-1]) == ("error", "warning")
