"""Whoever had a task to himself that is taken away is told; not who took it, nor whose vote is not asked for any more."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from dougong.runtime.host import worker
from dougong.runtime.host.tables import Notice
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node
from tests.drawing import task as step
from tests.host.test_approvals import act, filed, on_ticket
from tests.host.test_races import publish
from tests.host.test_time import due_now, timers


def told(cast: Cast, name: str, tag: str = "zh-Hans") -> list[str]:
    """What the bell of that person says of tasks that are not his any more, without numbers."""
    with cast.app.app_context():
        while worker.sweep():
            pass
    with cast.reading() as session:
        found = session.scalars(select(Notice.text).where(Notice.member_id == cast.member_id(name)).order_by(Notice.id))
        return [one[tag].partition("（")[0] + one[tag].partition("：")[2] for one in found if "不用您办理" in one["zh-Hans"]]


def claimed(cast: Cast) -> str:
    """A repair that frank has claimed."""
    ticket = cast.file()
    claim(cast, "frank", ticket, "diagnose")
    return ticket


def claim(cast: Cast, name: str, ticket: str, at: str) -> None:
    task = cast.open_task(ticket, at)
    answer = cast.sign_in(name).post(f"/t/acme/tasks/{task.id}/claim", data={"revision": task.revision})
    assert answer.status_code == 302


TAKEN_AWAY: dict[str, tuple[str, Callable[[Cast, str], object]]] = {
    "cancelled": ("林晓 Alice 取消了工单", lambda cast, it: on_ticket(cast, "alice", it, "repair/cancel", opinion="x")),
    "moved": (
        "林晓 Alice 移动到",
        lambda cast, it: on_ticket(cast, "alice", it, "repair/move", **_to_start(cast, it), opinion="x"),
    ),
    "recalled": ("赵博 Bob 撤回了工单", lambda cast, it: on_ticket(cast, "bob", it, "recall")),
}


def _to_start(cast: Cast, ticket: str) -> dict[str, object]:
    return {"token": cast.open_task(ticket, "diagnose").token, "node": "end"}


@pytest.mark.parametrize("how", TAKEN_AWAY)
def test_who_has_claimed_a_task_is_told_that_it_is_not_his_any_more(cast: Cast, how: str) -> None:
    ticket = claimed(cast)
    what, take_away = TAKEN_AWAY[how]
    take_away(cast, ticket)
    assert told(cast, "frank") == [f"“网点诊断”已不用您办理{what}"]
    assert told(cast, "alice") == told(cast, "bob") == told(cast, "grace") == []


def test_who_is_asked_no_more_as_others_have_decided_is_not_told_but_where_it_is_sent_back(cast: Cast) -> None:
    for verb, expected in (("reject", 0), ("send_back", 1)):
        ticket = filed(cast)
        act(cast, "kevin", ticket, "approve")
        act(cast, "helen", ticket, verb, opinion="x", to="start")
        assert len(told(cast, "fiona")) == expected, verb


def test_who_had_a_task_in_a_branch_that_another_made_needless_is_told(cast: Cast) -> None:
    nodes = [
        node("start", "start", who="members"), node("fork", "fork"), node("join", "join", mode="any", rest="cancelled"),
        step("one", who={"by": "initiator"}), step("two", who={"by": "role", "role": "supervisor"}), node("end", "end"),
    ]  # fmt: skip
    ways = ["start>fork", "fork>one", "fork>two", "one>join", "two>join", "join>end"]
    publish(cast, form_doc(field("note"), key="lost"), flow_doc(nodes, ways, key="lost", form="lost"))
    ticket = cast.file("bob", "lost", note="n")
    claim(cast, "kevin", ticket, "two")
    cast.work("bob", ticket, "one")
    assert told(cast, "kevin") == ["“two”已不用您办理赵博 Bob 提交了"] and told(cast, "bob") == []


def test_who_hands_a_task_over_is_not_told_and_whose_task_is_handed_over_is(cast: Cast) -> None:
    act(cast, "kevin", filed(cast), "transfer", to=cast.member_id("frank"))
    assert told(cast, "kevin") == told(cast, "frank") == []
    said = {"leaver": cast.member_id("frank"), "to": cast.member_id("grace"), "why": "离职"}
    assert cast.sign_in("alice").post("/t/acme/absences/hand-over", data=said).status_code == 302
    assert told(cast, "frank") == ["“主管审批”已不用您办理林晓 Alice 转交"]


def test_whose_task_a_deadline_gives_to_others_is_told(cast: Cast) -> None:
    after = {"after": {"amount": 1, "unit": "hours"}}
    late = {"uid": "late", "when": after, "then": "reassign", "to": {"by": "initiator"}}
    nodes = [node("start", "start", who="members"), node("end", "end")]
    nodes.append(step("one", who={"by": "role", "role": "supervisor"}, deadlines=[late]))
    publish(cast, form_doc(field("note"), key="lost"), flow_doc(nodes, ["start>one", "one>end"], key="lost", form="lost"))
    ticket = cast.file("bob", "lost", note="n")
    claim(cast, "kevin", ticket, "one")
    due_now(cast, timers(cast, ticket)["late"].id)
    assert told(cast, "kevin") == ["“one”已不用您办理 到期处理"] and told(cast, "bob") == []
