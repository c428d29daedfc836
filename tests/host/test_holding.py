"""独占: of all tickets one has the device at a time; the others wait in order, and none is forgotten however it is let go."""

import random
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select

from dougong import create_app
from dougong.builder.checks import check
from dougong.platform.people import principals_of
from dougong.platform.store import enter_tenant, transaction
from dougong.runtime.host import definitions, filing, tasks, worker
from dougong.runtime.host.holding import Holding
from dougong.runtime.host.tables import Task, Ticket, TokenRow
from dougong.runtime.host.verbs import Actor, Done, NotFound, StaleTask
from tests.cast import CONFIG, Cast, close, fields
from tests.drawing import field, flow_doc, form_doc, node, task
from tests.host.test_approvals import on_ticket, state
from tests.host.test_races import publish
from tests.processes import CONTEXT, begin

MINE: dict[str, Any] = {"who": {"by": "initiator"}, "rights": {"*": "write"}}
FORM = form_doc(field("device"), key="device")
HOLD = node("hold", "hold", name="device", key="device")
TICKETS, DEVICES = 24, 3


def drawn(*more: Any, ways: tuple[str, ...] = ()) -> dict[str, Any]:
    nodes = [
        node("start", "start"), HOLD, task("use", **{**MINE, "send_back": "initiator"}),
        node("release", "release", name="device"), task("report", **MINE), node("e", "end"), *more,
    ]  # fmt: skip
    edges = ["start>hold", "hold>use", "use>release", "release>report", "report>e", *ways]
    return flow_doc(nodes, edges, key="visit", form="device")


@pytest.fixture
def visits(cast: Cast) -> Cast:
    publish(cast, FORM, drawn())
    return cast


def filed(cast: Cast, *devices: str) -> list[str]:
    found = [cast.sign_in("bob").post("/t/acme/tickets/new/visit", data=fields({"device": one})) for one in devices]
    swept(cast)
    return [str(answer.headers["Location"]).rsplit("/", 1)[1] for answer in found]


def swept(cast: Cast) -> None:
    with cast.app.app_context():
        while worker.sweep():
            pass


def using(cast: Cast, *tickets: str) -> list[list[str]]:
    return [cast.waiting(one) for one in tickets]


def done(cast: Cast, ticket: str, step: str = "use") -> None:
    cast.work("bob", ticket, step)
    swept(cast)


def test_one_has_it_the_others_wait_in_order_and_another_device_is_free(visits: Cast) -> None:
    a, b, c, other = filed(visits, "D1", "D1", "D1", "D2")
    assert using(visits, a, b, c, other) == [["use"], [], [], ["use"]]
    assert "前面还有 2 张工单" in visits.sign_in("bob").get(f"/t/acme/tickets/{c}").text
    done(visits, a)
    assert using(visits, a, b, c) == [["report"], ["use"], []]
    done(visits, b)
    assert using(visits, b, c) == [["report"], ["use"]]
    done(visits, c)
    with visits.reading() as session:
        assert [one.ticket_id for one in session.scalars(select(Holding))] == [other]


def test_a_ticket_that_is_stuck_says_what_it_has_and_an_administrator_lets_it_go(cast: Cast) -> None:
    divides = node("x", "set", fields=[{"uid": "s", "field": "each", "formula": "1 / each"}])
    release = node("release", "release", name="device")
    nodes = [node("start", "start"), HOLD, task("use", **MINE), divides, release, node("e", "end")]
    ways = ["start>hold", "hold>use", "use>x", "x>release", "release>e"]
    form = form_doc(field("device"), field("each", "number"), key="device")
    publish(cast, form, flow_doc(nodes, ways, key="visit", form="device"))
    a, b = filed(cast, "D1", "D1")
    cast.work("bob", a, "use", each="0")
    alice, api = cast.sign_in("alice"), cast.api(cast.token("alice"))
    page = alice.get(f"/t/acme/tickets/{a}").text
    assert "它仍占着 device D1，后面还有 1 张工单在等" in page and "让出独占" in page
    assert "让出独占" not in alice.get(f"/t/acme/tickets/{b}").text
    assert using(cast, b) == [[]]
    refused = api("POST", f"/tickets/{b}/repair", {"verb": "let_go", "reason": "x"})
    assert (refused.status_code, refused.json["error"]["details"][0]["code"]) == (422, "repair.holds_nothing")
    alice.post(f"/t/acme/tickets/{a}/repair/let_go", data={"opinion": "设备坏在这一单"})
    swept(cast)
    assert using(cast, b) == [["use"]]
    page = alice.get(f"/t/acme/tickets/{a}").text
    assert "让出了独占" in page and "设备坏在这一单" in page and "它仍占着" not in page
    alice.post(f"/t/acme/tickets/{a}/repair/cancel", data={"opinion": "x"})
    swept(cast)
    assert using(cast, b) == [["use"]]  # which has it still
    cast.work("bob", b, "use", each="2")
    swept(cast)
    with cast.reading() as session:
        assert session.scalars(select(Holding)).all() == []


@pytest.mark.parametrize("how", ["cancel", "move", "send_back", "terminated"])
def test_it_is_let_go_however_the_ticket_leaves(visits: Cast, how: str) -> None:
    a, b = filed(visits, "D1", "D1")
    with visits.reading() as session:
        token = session.scalars(select(TokenRow.number).where(TokenRow.ticket_id == a)).one()
    match how:
        case "cancel":
            on_ticket(visits, "alice", a, "repair/cancel", opinion="x")
        case "move":
            on_ticket(visits, "alice", a, "repair/move", opinion="x", token=token, node="report")
        case "send_back":
            mine = visits.open_task(a, "use")
            said = {"revision": mine.revision, "to": "start", "opinion": "x"}
            assert visits.sign_in("bob").post(f"/t/acme/tasks/{mine.id}/send_back", data=said).status_code == 302
        case "terminated":
            on_ticket(visits, "alice", a, "repair/skip", opinion="x", token=token)
    swept(visits)
    assert using(visits, b) == [["use"]]


def test_who_leaves_the_queue_is_passed_over(visits: Cast) -> None:
    a, b, c = filed(visits, "D1", "D1", "D1")
    on_ticket(visits, "alice", b, "repair/cancel", opinion="x")
    done(visits, a)
    assert (state(visits, b), using(visits, c)) == (("done", "cancelled"), [["use"]])


def test_who_leaves_just_as_it_is_his_turn_does_not_keep_it(visits: Cast) -> None:
    a, b, c = filed(visits, "D1", "D1", "D1")
    visits.work("bob", a, "use")  # b is told, and cancelled before it hears of it
    on_ticket(visits, "alice", b, "repair/cancel", opinion="x")
    swept(visits)
    assert using(visits, c) == [["use"]]


def test_what_has_been_let_go_is_not_taken_back(visits: Cast) -> None:
    a, b = filed(visits, "D1", "D1")
    done(visits, a)
    on_ticket(visits, "bob", a, "take_back")
    assert using(visits, a, b) == [["report"], ["use"]]


def test_a_ticket_that_comes_to_it_again_stands_at_the_end(visits: Cast) -> None:
    a, b = filed(visits, "D1", "D1")
    mine = visits.open_task(a, "use")
    said = {"revision": mine.revision, "to": "start", "opinion": "x"}
    visits.sign_in("bob").post(f"/t/acme/tasks/{mine.id}/send_back", data=said)
    visits.work("bob", a, "start", device="D1")
    swept(visits)
    assert using(visits, a, b) == [[], ["use"]]
    done(visits, b)
    assert using(visits, a) == [["use"]]


def test_the_checks_know_who_would_wait_for_each_other() -> None:
    def said(doc: dict[str, Any]) -> list[str]:
        return [one.reason.code for one in check(doc, {("form", "device"): FORM})]

    assert said(drawn()) == []
    other = node("other", "hold", name="van")
    inner = flow_doc(
        [node("start", "start"), HOLD, other, task("use", **MINE), node("release", "release", name="device"), node("e", "end")],
        ["start>hold", "hold>other", "other>use", "use>release", "release>e"], form="device",
    )  # fmt: skip
    assert said(inner) == ["check.hold_within_hold"]
    lone = node("r", "release", name="device")
    assert said(flow_doc([node("start", "start"), lone, node("e", "end")], ["start>r", "r>e"], form="device")) == [
        "check.release_without_hold"
    ]


# ---- two processes ----


def runner(config: dict[str, Any], tenant_id: str, member_id: str, seed: int, answers: Any) -> None:
    """Work and sweep in any order until nothing is left. Answers how often two were seen to have the same device."""
    app = create_app({**CONFIG, **config})
    chance, twice, idle = random.Random(seed), 0, 0
    with app.app_context():
        enter_tenant(tenant_id)
        actor = Actor(tenant_id, "UTC", f"person:{member_id}", "racer", principals_of(tenant_id, member_id, ()))
        while idle < 20:
            with transaction(tenant_id) as session:
                rows = session.execute(
                    select(Task.id, Task.revision, Task.node, Ticket.data)
                    .join(Ticket, (Ticket.tenant_id == Task.tenant_id) & (Ticket.id == Task.ticket_id))
                    .where(Task.state == "open")
                ).all()
                left = session.scalar(select(Ticket.id).where(Ticket.state == "running").limit(1))
            devices = [data["device"] for _, _, step, data in rows if step == "use"]
            twice += len(devices) != len(set(devices))
            idle = idle + 1 if left is None else 0
            if rows and chance.random() < 0.7:
                task_id, revision, _, _ = chance.choice(rows)
                with suppress(StaleTask, NotFound):  # the other was faster
                    tasks.submit(actor, task_id, revision, {})
            worker.sweep(3)
    close(app)
    answers.put(twice)


def test_two_processes_never_give_a_device_to_two_and_forget_nobody(visits: Cast) -> None:
    bob, tenant_id = visits.member_id("bob"), visits.tenants["acme"]
    with visits.reading() as session:
        document = definitions.workflow("visit")
        assert document is not None
        actor = Actor(tenant_id, "UTC", f"person:{bob}", "tests", frozenset())
        for number in range(TICKETS):
            assert isinstance(filing.file(actor, document, {"device": f"D{number % DEVICES}"}), Done)
        session.rollback()
    answers, config = CONTEXT.Queue(), {**visits.place.config, "HOME": visits.home}
    started = [begin(runner, config, tenant_id, bob, seed, answers) for seed in (1, 2)]
    assert [answers.get(timeout=240) for _ in started] == [0, 0]
    for process in started:
        process.join()
    with visits.reading() as session:
        assert set(session.scalars(select(Ticket.state))) == {"done"}
        assert session.scalars(select(Holding)).all() == []
