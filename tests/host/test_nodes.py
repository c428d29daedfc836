"""Steps whose work is done by the host: lists, messages, tickets that begin tickets, calls to other systems."""

from typing import Any

import pytest
from sqlalchemy import func, select

from dougong.runtime.host import mailbox, worker
from dougong.runtime.host.mailbox import Awaiting, Message
from dougong.runtime.host.tables import History, Task, Ticket
from tests.cast import Cast, fields
from tests.drawing import field, flow_doc, form_doc, node, options, task
from tests.host.test_races import publish

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
