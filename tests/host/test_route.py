"""What a ticket's page and the API tell of its route: when it will be done, as such tickets usually are."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from dougong.platform.store import moment, transaction
from dougong.runtime.host import going
from dougong.runtime.host.tables import History, Ticket
from dougong.runtime.route import route
from tests.cast import Cast
from tests.drawing import flow, form_doc, node

URGENT = {"description": "厨房漏水", "fault_category": "leak", "leak_amount": "drip"}


def done(cast: Cast) -> str:
    """An urgent repair that is too dear, from its filing to its end."""
    ticket_id = cast.file(**URGENT)
    cast.work("emma", ticket_id, "diagnose_urgent", diagnosis="x", quote="6000", needs_parts="")
    cast.work("helen", ticket_id, "approve", manager_decision="reject")
    return ticket_id


def an_hour_a_step(cast: Cast) -> None:
    """Whatever has happened so far: one hour between two steps."""
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        for row in session.scalars(select(History)):
            at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=row.step)
            where = [History.ticket_id == row.ticket_id, History.step == row.step]
            session.execute(update(History).where(*where).values(at=moment(at)))


def told(cast: Cast, ticket_id: str) -> dict[str, Any]:
    answer = cast.api(cast.token("victor"))("GET", f"/tickets/{ticket_id}/route")
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_when_it_will_be_done_is_told_as_soon_as_enough_were_done(cast: Cast) -> None:
    for _ in range(4):
        done(cast)
    ticket_id = cast.file(**URGENT)
    few = told(cast, ticket_id)
    assert few["prospect"] == {"fewest": 2, "most": 6, "likely": None, "finish": None, "tickets": 4}
    page = cast.sign_in("victor").get(f"/t/acme/tickets/{ticket_id}").text
    assert "办结过的同类工单太少" in page and "停住" not in page
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(suspended=True))
    assert "还不知道：工单停住了" in cast.sign_in("victor").get(f"/t/acme/tickets/{ticket_id}").text
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(suspended=False))
    done(cast)
    an_hour_a_step(cast)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(History).where(History.ticket_id == ticket_id).values(at=moment(datetime.now(UTC))))
    found = told(cast, ticket_id)["prospect"]
    left = datetime.fromisoformat(found["finish"]) - datetime.now(UTC)
    assert (found["likely"], found["tickets"]) == (2, 5)
    assert timedelta(hours=1.9) < left <= timedelta(hours=2)
    page = cast.sign_in("victor").get(f"/t/acme/tickets/{ticket_id}").text
    assert "2–6 步" in page and "通常 2 步" in page and "参照最近办结的 5 张工单" in page


def test_the_past_is_told_to_who_walks_through_a_draft(cast: Cast) -> None:
    for _ in range(5):
        done(cast)
    an_hour_a_step(cast)
    found = cast.sign_in("alice").get("/t/acme/figures/past?workflow=repair").json
    assert found["tickets"] == 5 and 3_600_000 in found["took"].values() and 5 in found["taken"].values()
    assert cast.sign_in("alice").get("/t/acme/figures/past?workflow=nothing").json == {"tickets": 0, "took": {}, "taken": {}}
    assert cast.sign_in("bob").get("/t/acme/figures/past?workflow=repair").status_code == 403


def test_the_route_of_a_ticket_over_the_api(cast: Cast) -> None:
    ticket_id = cast.file(**URGENT)
    found = told(cast, ticket_id)
    states = {one["node"]: one["state"] for one in found["nodes"]}
    assert states["diagnose_urgent"] == "current"
    assert {one["state"] for one in found["edges"]} == {"taken", "ahead", "possible"}
    assert "diagnose_urgent" not in [one["node"] for one in found["ahead"]]


def test_an_ended_ticket_has_no_prospect(cast: Cast) -> None:
    ticket_id = done(cast)
    assert told(cast, ticket_id)["prospect"] is None
    assert "预计完成" not in cast.sign_in("victor").get(f"/t/acme/tickets/{ticket_id}").text


def test_where_it_stands_is_told_also_of_steps_that_nobody_does_and_of_a_list() -> None:
    nodes = [
        node("start", "start"),
        node("f", "fork"),
        node("w", "wait"),
        node("each", "for_each"),
        node("j", "join"),
        node("e", "end"),
    ]
    definition = flow(nodes, ["start>f", "f>w", "f>each", "w>j", "each>j", "j>e"], form_doc())
    standing = [("w", "waiting"), ("each", "waiting"), ("j", "waiting")]
    found = route(definition, {}, standing, ["start", "f"], ["start_f", "f_w", "f_each"])
    trail = going._drawn(definition, found, ["start", "f"], None)["trail"]
    assert [(one.uid, state) for one, state in trail] == [("start", "done"), ("w", "current"), ("each", "current")]
