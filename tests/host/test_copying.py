"""发起人自选抄送人: whom he chooses on the form is sent a copy when the ticket is filed, when it has ended, or both."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from dougong.runtime.host.tables import History, Involved
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node
from tests.host.test_approvals import act, on_ticket
from tests.host.test_races import publish


def drawn(cast: Cast, when: str | None) -> None:
    start = node("start", "start", **({"copies": when} if when else {}))
    nodes = [start, node("p", "approval", who={"by": "role", "role": "refund_board"}), node("e", "end", result="approved")]
    publish(cast, form_doc(field("note"), key="plain"), flow_doc(nodes, ["start>p", "p>e"], key="copied", form="plain"))


def file(cast: Cast, *names: str, status: int = 302, **more: Any) -> str:
    copies = [cast.member_id(name) for name in names]
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/copied", data={"f.note": "出差", "copies": copies, **more})
    assert answer.status_code == status
    return answer.text if status == 422 else str(answer.headers["Location"]).rsplit("/", 1)[1]


def copied(cast: Cast, ticket: str) -> list[str]:
    with cast.reading() as session:
        wanted = select(Involved.principal).where(Involved.ticket_id == ticket, Involved.part == "copy")
        found = set(session.scalars(wanted))
    return [name for name in ("grace", "frank", "ivan") if f"person:{cast.member_id(name)}" in found]


def times(cast: Cast, ticket: str) -> int:
    with cast.reading() as session:
        rows = session.scalars(select(History).where(History.ticket_id == ticket, History.verb == "copied")).all()
        assert {row.who_name for row in rows} <= {"赵博 Bob"}, "it is he who sends them"
        return len(rows)


@pytest.mark.parametrize(("when", "filed", "ended"), [("filed", 1, 1), ("ended", 0, 1), ("both", 1, 2)])
def test_they_are_sent_when_the_workflow_says(cast: Cast, when: str, filed: int, ended: int) -> None:
    drawn(cast, when)
    ticket = file(cast, "grace", "frank")
    assert (times(cast, ticket), copied(cast, ticket)) == (filed, ["grace", "frank"] if filed else [])
    on_ticket(cast, "bob", ticket, "recall")
    cast.work("bob", ticket, "start", note="x")
    act(cast, "helen", ticket, "approve")
    assert (times(cast, ticket), copied(cast, ticket)) == (ended, ["grace", "frank"])
    page = cast.sign_in("grace").get(f"/t/acme/tickets/{ticket}")
    assert page.status_code == 200 and re.search("赵博 Bob</strong> 抄送.*高洁 Grace", page.text)


def test_one_that_is_withdrawn_sends_none_at_its_end(cast: Cast) -> None:
    drawn(cast, "ended")
    ticket = file(cast, "grace")
    on_ticket(cast, "bob", ticket, "recall")
    on_ticket(cast, "bob", ticket, "withdraw")
    assert (times(cast, ticket), copied(cast, ticket)) == (0, [])


def test_nobody_has_to_be_chosen_and_where_it_is_not_allowed_nobody_is_asked(cast: Cast) -> None:
    drawn(cast, None)
    assert "抄送给" not in cast.sign_in("bob").get("/t/acme/tickets/new/copied").text
    file(cast, "grace", status=422)
    assert times(cast, file(cast)) == 0


def test_who_is_chosen_wrongly_is_told_below_the_form_and_who_was_chosen_stays(cast: Cast) -> None:
    drawn(cast, "filed")
    assert "抄送给" in cast.sign_in("bob").get("/t/acme/tickets/new/copied").text
    page = file(cast, "grace", status=422, copies=[cast.member_id("grace"), cast.member_id("charlie", "globex")])
    assert "找不到这位成员" in page and f'value="{cast.member_id("grace")}"' in page and "高洁 Grace" in page
    assert "请选择 1 到 20 人" in file(cast, status=422, copies=[f"{number}" for number in range(21)])


def test_the_same_over_the_api(cast: Cast) -> None:
    drawn(cast, "filed")
    bob, body = cast.api(cast.token("bob")), {"workflow": "copied", "values": {"note": "x"}}
    filed = bob("POST", "/tickets", {**body, "copies": [cast.member_id("grace")]})
    assert filed.status_code == 201 and copied(cast, filed.json["ticket_id"]) == ["grace"]
    refused = bob("POST", "/tickets", {**body, "copies": [cast.member_id("charlie", "globex")]})
    assert (refused.status_code, refused.json["error"]["details"][0]["code"]) == (422, "verb.no_such_person")
