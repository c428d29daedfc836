"""What an approval does without anybody deciding is told in the activity, on paper and over the API, each with its reason."""

import re
from typing import Any

import pytest

from tests.cast import Cast
from tests.drawing import Doc, edge, field, flow_doc, form_doc, node, text
from tests.host.test_approvals import act, state, waiting
from tests.host.test_races import publish

BOARD, FINANCE = {"by": "role", "role": "refund_board"}, {"by": "role", "role": "refund_finance"}  # helen and fiona; fiona
HEAD = {"by": "unit_head", "unit": {"of": "initiator"}}
VACANT = {"by": "person_field", "field": "boss"}


def step(title: str, uid: str, **config: Any) -> Doc:
    return {**node(uid, "approval", **config), "title": text(title)}


def told(cast: Cast, *steps: Doc, decided: tuple[tuple[str, str], ...] = (), rejected: str = "") -> tuple[str, list[str]]:
    """A ticket, and the lines of what happened by itself, the oldest first."""
    uids = [one["uid"] for one in steps]
    ways: list[Any] = [f"{one}>{other}" for one, other in zip(["start", *uids], [*uids, "e"], strict=True)]
    nodes = [node("start", "start"), *steps, node("e", "end", result="approved"), node("no", "end")]
    ways += [edge(f"{rejected}>no", on="rejected")] if rejected else []
    publish(
        cast,
        form_doc(field("boss", "person"), key="plain"),
        flow_doc(nodes if rejected else nodes[:-1], ways, key="itself", form="plain"),
    )
    ticket = cast.sign_in("bob").post("/t/acme/tickets/new/itself", data={}).headers["Location"].rsplit("/", 1)[1]
    for name, verb in decided:
        act(cast, name, ticket, verb)
    page = cast.sign_in("alice").get(f"/t/acme/tickets/{ticket}").text
    found = [one.strip() for one in re.findall(r'<p class="small muted"><svg.*?</svg>([^<]+)</p>', page, re.S)]
    paper = cast.sign_in("alice").get(f"/t/acme/tickets/{ticket}/print").text
    assert all(one in paper for one in found)
    api = cast.api(cast.token("alice"))("GET", f"/tickets/{ticket}").json["timeline"]
    assert sum(len(line["itself"]) for line in api) == len(found)
    return ticket, found[::-1]


def test_who_has_just_agreed_passes_the_next_step_alone_or_with_others(cast: Cast) -> None:
    ticket, found = told(
        cast, step("财务", "a", who=FINANCE), step("会签", "b", who=BOARD, mode="all"), decided=(("fiona", "approve"),)
    )
    assert found == ["会签：方芳 Fiona 自动同意（审批人去重）"]
    assert waiting(cast, ticket) == [("b", "helen")]


def test_so_it_is_said_where_the_step_has_one_seat(cast: Cast) -> None:
    ticket, found = told(cast, step("财务", "a", who=FINANCE), step("复核", "b", who=FINANCE), decided=(("fiona", "approve"),))
    assert found == ["复核：自动通过（审批人去重：方芳 Fiona 已同意过）"]
    assert state(cast, ticket) == ("done", "approved")


def test_an_initiator_who_is_skipped_or_replaced_is_named(cast: Cast) -> None:
    mine = {"by": "initiator"}
    ticket, found = told(cast, step("本人", "a", who=mine), step("上级", "b", who=mine, initiator="head"))
    assert found == ["上级：审批人是发起人，转交直属上级 柯文 Kevin", "本人：自动通过（审批人是发起人 赵博 Bob，已跳过）"]
    assert waiting(cast, ticket) == [("b", "kevin")]


@pytest.mark.parametrize(("nobody", "words"), [
    ({"nobody": "pass"}, "审批：自动通过（没有审批人）"), ({"nobody": "reject"}, "审批：自动拒绝（没有审批人）"),
    ({"nobody": "end"}, "审批：流程结束（没有审批人）"),
    ({"nobody": "others", "nobody_to": FINANCE}, "审批：没有审批人，由指定人 方芳 Fiona 审批"),
])  # fmt: skip
def test_where_there_was_no_approver_what_came_of_it_says_so(cast: Cast, nobody: dict[str, Any], words: str) -> None:
    assert told(cast, step("审批", "a", who=VACANT, **nobody), rejected="a")[1] == [words]
