"""Steps whose work is done by the host: lists, messages, tickets that begin tickets, calls to other systems."""

from typing import Any

from sqlalchemy import select

from dougong.runtime.host.tables import History, Task, Ticket
from tests.cast import Cast, fields
from tests.drawing import field, flow_doc, form_doc, node, options
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
