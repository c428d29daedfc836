"""What the page of a ticket offers is what is accepted: every verb, of everybody who has to do with it, in every state."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import select

from dougong.platform import store
from dougong.platform.engines import Driver
from dougong.runtime.host.pages import verbs
from dougong.runtime.host.tables import Candidate, Task, TokenRow
from tests.cast import Cast, fields
from tests.drawing import field, flow_doc, form_doc, node, options
from tests.drawing import task as step
from tests.host.test_approvals import act, on_ticket
from tests.host.test_lost import claim
from tests.host.test_races import publish

ON_TASK = ("", "claim", "release", *verbs.ON_TASK.split(", "))
ON_TICKET = ("comments", "items", *verbs.ON_TICKET.split(", "), *(f"repair/{verb}" for verb in verbs.REPAIRS.split(", ")))
FREE = {"transfer": True, "delegate": True, "send_back": "any", "add_signer": True}
PEOPLE = ("bob", "kevin", "frank", "grace", "alice")  # filed it, signs, has claimed, may claim, repairs


def repaired(verb: str) -> Callable[[Cast, str], object]:
    return lambda cast, ticket: on_ticket(cast, "alice", ticket, f"repair/{verb}", opinion="x")


STATES: dict[str, tuple[Callable[[Cast, str], object], ...]] = {
    "under way": (),
    "suspended": (repaired("suspend"),),
    "his again": (lambda cast, ticket: act(cast, "kevin", ticket, "send_back", to="start", opinion="x"),),
    "cancelled": (repaired("cancel"),),
}


def begun(cast: Cast) -> str:
    """An approval, a task that is claimed and one that is not, a list, and a step that has failed."""
    nodes = [
        node("start", "start", who="members"), node("fork", "fork"), node("join", "join"), node("end", "end"),
        node("head", "approval", who={"by": "role", "role": "supervisor"}, mode="all", **FREE),
        step("his", who={"by": "role", "role": "engineer"}), step("free", who={"by": "role", "role": "engineer"}),
        node("each", "for_each", who={"by": "initiator"}, over="parts", add_item=True),
        node("fails", "set", fields=[{"uid": "f", "field": "n", "formula": "1 / n"}]),
    ]  # fmt: skip
    branches = ("head", "his", "free", "each", "fails")
    ways = ["start>fork", *(f"fork>{one}" for one in branches), *(f"{one}>join" for one in branches), "join>end"]
    form = form_doc(field("n", "number"), field("parts", "choices", config=options("door", "lock")), key="verbs")
    publish(cast, form, flow_doc(nodes, ways, key="verbs", form="verbs"))
    data = fields({"n": "0", "parts": ["door"]})
    ticket = cast.sign_in("bob").post("/t/acme/tickets/new/verbs", data=data).headers["Location"].rsplit("/", 1)[1]
    claim(cast, "frank", ticket, "his")
    return str(ticket)


class Undone(Exception):
    pass


@contextmanager
def trying(monkeypatch: pytest.MonkeyPatch, ticket: str) -> Iterator[list[bool]]:
    """Nothing stays of what is done meanwhile; whether it left a line in the history is told."""
    alone, left = store._driver_alone, list[bool]()

    def lines(driver: Driver, tenant: str) -> int:
        asked = {"tenant": tenant, "ticket": ticket}
        found = driver.execute("SELECT count(*) FROM history WHERE tenant_id = :tenant AND ticket_id = :ticket", asked)
        return int(found.fetchone()[0])

    @contextmanager
    def undone(tenant: str) -> Iterator[Driver]:
        with suppress(Undone), alone(tenant) as driver:
            before = lines(driver, tenant)
            yield driver
            left.append(lines(driver, tenant) > before)
            raise Undone

    with monkeypatch.context() as patch:
        patch.setattr(store, "_driver_alone", undone)
        yield left


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_what_is_offered_is_what_is_accepted(cast: Cast, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    ticket = begun(cast)
    for do in STATES[state]:
        do(cast, ticket)
    with cast.reading() as session:
        standing = select(TokenRow).where(TokenRow.ticket_id == ticket, TokenRow.parent.is_(None))
        tokens = {one.node: one.number for one in session.scalars(standing.order_by(TokenRow.number))}
        mine = (Candidate.tenant_id == Task.tenant_id) & (Candidate.task_id == Task.id)
        wanted = select(Task.id, Task.node, Task.revision, Candidate.principal).join(Candidate, mine)
        tasks = session.execute(wanted.where(Task.ticket_id == ticket, Task.state == "open")).all()
    wrong = {}
    for name in PEOPLE:
        client, me = cast.sign_in(name), {f"person:{cast.member_id(name)}", "role:engineer"}
        offered = set(
            re.findall(r'[ "](?:form)?action="/t/acme/((?:tickets|tasks)/[^"]*)"', client.get(f"/t/acme/tickets/{ticket}").text)
        )
        asked = [("", f"tickets/{ticket}/{verb}", _said(cast, verb, tokens)) for verb in ON_TICKET]
        asked.append(("", retry := f"tickets/{ticket}/retry/{tokens.get('fails', 0)}", {}))
        for task in tasks:
            if task.principal in me and (name in ("frank", "grace") or not task.principal.startswith("role:")):
                revision = {"revision": task.revision}
                asked += [
                    (task.node, f"tasks/{task.id}/{verb}".rstrip("/"), _said(cast, verb, tokens) | revision) for verb in ON_TASK
                ]
        for node_, address, said in asked:
            with trying(monkeypatch, ticket) as left:
                assert client.post(f"/t/acme/{address}", data=said).status_code < 500
            if (address in offered) is not any(left):
                verb = address.split("/", 2)[2:] or ["submit"]
                wrong[name, node_, "retry" if address == retry else verb[0]] = "offered" if address in offered else "accepted"
    assert wrong == {}, wrong


def _said(cast: Cast, verb: str, tokens: dict[str, int]) -> dict[str, Any]:
    """What a browser would send with it."""
    person = cast.member_id("judy")
    token = tokens.get("each" if verb == "items" else "fails", 0) or next(iter(tokens.values()), 0)
    to = "start" if verb == "send_back" else person
    return {"opinion": "x", "text": "x", "item": "x", "persons": [person], "to": to, "node": "head", "token": token}


def test_a_customer_is_neither_told_of_an_incident_nor_offered_what_is_suspended(cast: Cast) -> None:
    asks = step("ask", who={"by": "customer"}, rights={"*": "write"})
    fails = node("fails", "set", fields=[{"uid": "f", "field": "n", "formula": "1 / n"}])
    nodes = [node("start", "start", who="members"), node("fork", "fork"), node("join", "join"), node("end", "end"), asks, fails]
    ways = ["start>fork", "fork>ask", "fork>fails", "ask>join", "fails>join", "join>end"]
    publish(cast, form_doc(field("n", "number"), key="outside"), flow_doc(nodes, ways, key="outside", form="outside"))
    ticket = cast.file("bob", "outside", n="0")
    staff = cast.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text
    assert "异常" in staff and "管理员处理后，工单会继续" in staff
    link = re.search(r'data-copy="[^"]*(/p/follow/[^"]*)"', staff)
    assert link is not None
    page = cast.app.test_client().get(link[1]).text
    assert "异常" not in page and "进行中" in page and "<form" in page.partition("处理进度")[0]
    on_ticket(cast, "alice", ticket, "repair/suspend", opinion="x")
    page = cast.app.test_client().get(link[1]).text
    assert "工单已暂停" in page and "<form" not in page.partition("</header>")[2].partition("处理进度")[0]
