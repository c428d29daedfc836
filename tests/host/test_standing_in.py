"""待办委托 and 交接: who may act for whom, for how long, and what becomes of what a leaver has to do."""

from typing import Any

import pytest
from sqlalchemy import select

from dougong.runtime.host.tables import Absence
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node
from tests.drawing import task as step
from tests.host.test_approvals import act, filed, on_ticket, task_of, waiting
from tests.host.test_races import publish


def ask(cast: Cast, name: str, status: int = 302, **said: Any) -> str:
    data = {"deputy": cast.member_id("frank"), "since": "2026-01-01 00:00", "until": "2099-01-01 00:00", **said}
    answer = cast.sign_in(name).post("/t/acme/absences/", data=data)
    assert answer.status_code == status
    return answer.text


def test_what_comes_meanwhile_is_for_both_and_ends_with_it(cast: Cast) -> None:
    ask(cast, "kevin", note="去客户现场")
    assert waiting(cast, filed(cast)) == [("head", "frank"), ("head", "kevin")]
    page = cast.sign_in("kevin").get("/t/acme/absences/").text
    assert "去客户现场" in page and "冯工 Frank" in page
    assert "去客户现场" not in cast.sign_in("grace").get("/t/acme/absences/").text
    with cast.reading() as session:
        absence_id = session.scalars(select(Absence.id)).one()
    for name in ("frank", "grace"):  # neither the deputy nor anybody else
        assert cast.sign_in(name).post(f"/t/acme/absences/{absence_id}/end").status_code == 404
    assert cast.sign_in("kevin").post(f"/t/acme/absences/{absence_id}/end").status_code == 302
    assert waiting(cast, filed(cast)) == [("head", "kevin")]


def test_it_may_last_for_ever(cast: Cast) -> None:
    ask(cast, "kevin", since="0001-01-01 00:00", until="9999-12-31 23:59")
    assert "12-31 23:59" in cast.sign_in("kevin").get("/t/acme/absences/").text
    assert waiting(cast, filed(cast)) == [("head", "frank"), ("head", "kevin")]


def test_only_an_administrator_says_it_for_somebody_else(cast: Cast) -> None:
    ask(cast, "grace", member=cast.member_id("kevin"))
    ask(cast, "alice", member=cast.member_id("helen"))
    with cast.reading() as session:
        found = set(session.scalars(select(Absence.member_id)))
    assert found == {cast.member_id("grace"), cast.member_id("helen")}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"since": "soon"}, "请填写日期和时间"),
        ({"until": "2025-01-01 00:00"}, "结束时间应晚于"),
        ({"since": "2098-01-01 00:00", "until": "2097-01-01 00:00"}, "结束时间应晚于"),
        ({"deputy": "nobody"}, "找不到这位成员"),
        ({"deputy": ""}, "找不到这位成员"),
    ],
)
def test_what_does_not_do_is_said_at_its_place_and_nothing_is_kept(cast: Cast, said: Any, words: str) -> None:
    assert words in ask(cast, "kevin", 422, **said)
    with cast.reading() as session:
        assert session.scalars(select(Absence.id)).all() == []


def test_a_foreign_member_stands_in_for_nobody(cast: Cast) -> None:
    assert "找不到这位成员" in ask(cast, "kevin", 422, deputy=cast.member_id("charlie", "globex"))


def test_all_that_a_leaver_has_goes_to_somebody_else(cast: Cast) -> None:
    tickets = [filed(cast), filed(cast)]
    alice, data = cast.sign_in("alice"), {"leaver": cast.member_id("kevin"), "to": cast.member_id("grace")}
    assert alice.post("/t/acme/absences/hand-over", data=data).status_code == 422  # without a reason
    assert cast.sign_in("kevin").post("/t/acme/absences/hand-over", data={**data, "why": "x"}).status_code == 403
    assert alice.post("/t/acme/absences/hand-over", data={**data, "why": "离职"}).status_code == 302
    for ticket in tickets:
        assert (waiting(cast, ticket), task_of(cast, "kevin", ticket)) == ([("head", "grace")], None)
    act(cast, "grace", tickets[0], "approve")
    assert waiting(cast, tickets[0]) == [("board", "fiona"), ("board", "helen")]
    assert "离职" in alice.get(f"/t/acme/tickets/{tickets[1]}").text


def handed(cast: Cast, leaver: str, to: str) -> str:
    said = {"leaver": cast.member_id(leaver), "to": cast.member_id(to), "why": "离职"}
    answer = cast.sign_in("alice").post("/t/acme/absences/hand-over", data=said, follow_redirects=True)
    return str(answer.text)


def test_whoever_signs_an_approval_already_is_counted_once_there(cast: Cast) -> None:
    first, second = filed(cast), filed(cast)
    for ticket in (first, second):
        act(cast, "kevin", ticket, "approve")
    act(cast, "fiona", second, "approve")
    on_ticket(cast, "alice", first, "repair/suspend", opinion="x")
    found = handed(cast, "helen", "fiona")
    assert (
        "已转交 1 项待办" in found
        and "工单已暂停" in found
        and waiting(cast, first) == [("board", "fiona"), ("board", "helen")]
    )
    assert [node for node, _ in waiting(cast, second)] == ["pay"]  # all who are left have agreed
    assert "合并为一人，只计一次" in cast.sign_in("alice").get(f"/t/acme/tickets/{second}").text
    on_ticket(cast, "alice", first, "repair/resume", opinion="x")
    assert "已转交 1 项待办" in handed(cast, "helen", "fiona")
    assert waiting(cast, first) == [("board", "fiona")]
    act(cast, "fiona", first, "approve")
    assert [node for node, _ in waiting(cast, first)] == ["pay"]


def test_nothing_goes_to_one_who_may_not_do_it(cast: Cast) -> None:
    steps = [node("start", "start", who="members"), step("ask", who={"by": "initiator"})]
    steps += [
        node("p", "approval", who={"by": "role", "role": "refund_board"}, mode="all", not_same_as=["ask"]),
        node("e", "end"),
    ]
    publish(cast, form_doc(field("cause"), key="eyes"), flow_doc(steps, ["start>ask", "ask>p", "p>e"], form="eyes", key="eyes"))
    ticket = cast.sign_in("bob").post("/t/acme/tickets/new/eyes", data={}).headers["Location"].rsplit("/", 1)[1]
    cast.work("bob", ticket, "ask")
    found = handed(cast, "helen", "bob")
    assert "已转交 0 项待办" in found and "四眼原则" in found
    assert ("p", "helen") in waiting(cast, ticket)
