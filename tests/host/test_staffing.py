"""不允许发起: a ticket whose step would have no approver is refused on the form and over the API, in plain words."""

import pytest
from sqlalchemy import func, select

from dougong.runtime.host.tables import Ticket
from tests.cast import Cast, errors, fields
from tests.drawing import field, flow_doc, form_doc, node, text
from tests.host.test_races import publish

FORM = form_doc(field("note"), key="plain")
WORDS = "“总监审批”没有审批人，不能发起"


@pytest.fixture
def asking(cast: Cast) -> Cast:
    nodes = [
        node("start", "start"),
        {**node("p", "approval", who={"by": "chosen", "least": 0}, nobody="forbid"), "title": text("总监审批")},
        node("e", "end"),
    ]
    publish(cast, FORM, flow_doc(nodes, ["start>p", "p>e"], key="asking", form="plain"))
    return cast


def count(cast: Cast) -> int:
    with cast.reading() as session:
        return session.scalar(select(func.count()).select_from(Ticket)) or 0


def test_the_form_says_which_step_has_nobody_and_keeps_what_was_typed(asking: Cast) -> None:
    bob = asking.sign_in("bob")
    answer = bob.post("/t/acme/tickets/new/asking", data=fields({"note": "出差"}))
    assert (answer.status_code, count(asking)) == (422, 0)
    assert WORDS in answer.text and 'value="出差"' in answer.text
    chosen = {**fields({"note": "出差"}), "who.p": asking.member_id("kevin")}
    assert bob.post("/t/acme/tickets/new/asking", data=chosen).status_code == 302


def test_so_does_the_api(asking: Cast) -> None:
    bob = asking.api(asking.token("bob"))
    answer = bob("POST", "/tickets", {"workflow": "asking", "values": {"note": "x"}})
    assert (answer.status_code, count(asking)) == (422, 0)
    assert [one["code"] for one in answer.json["error"]["details"]] == ["approval.not_without_approver"]


def test_what_came_back_is_not_submitted_again_without_anybody(asking: Cast) -> None:
    bob = asking.sign_in("bob")
    filed = bob.post("/t/acme/tickets/new/asking", data={**fields({"note": "x"}), "who.p": asking.member_id("kevin")})
    ticket = filed.headers["Location"].rsplit("/", 1)[1]
    bob.post(f"/t/acme/tickets/{ticket}/recall")
    task = asking.open_task(ticket, "start")
    again = {"revision": task.revision, **fields({"note": "x"}), "who.p": ""}
    answer = bob.post(f"/t/acme/tasks/{task.id}", data=again)
    assert answer.status_code == 422 and WORDS in answer.text, errors(answer.text)


def test_what_came_back_is_judged_as_it_is_filled_in_now(cast: Cast) -> None:
    head = {**node("p", "approval", who={"by": "person_field", "field": "boss"}, nobody="forbid"), "title": text("总监审批")}
    publish(
        cast,
        form_doc(field("boss", "person"), key="plain"),
        flow_doc([node("start", "start"), head, node("e", "end")], ["start>p", "p>e"], key="asking", form="plain"),
    )
    bob = cast.sign_in("bob")
    ticket = cast.file("bob", "asking", boss=cast.member_id("kevin"))
    bob.post(f"/t/acme/tickets/{ticket}/recall")
    task = cast.open_task(ticket, "start")
    answer = bob.post(f"/t/acme/tasks/{task.id}", data={"revision": task.revision, **fields({"boss": ""})})
    assert answer.status_code == 422 and WORDS in answer.text
