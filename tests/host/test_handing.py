"""What is handed over, lent and added on the page: who is told why, what the timeline says of it, what may be taken back."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dougong.runtime.host import ticket_verbs
from dougong.runtime.host.tables import History, Task, Ticket
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node
from tests.drawing import task as step
from tests.host.test_approvals import act, filed, on_ticket, task_of, waiting
from tests.host.test_races import publish

ANYTHING = {"transfer": True, "delegate": True, "send_back": "any", "add_signer": True}
TELLS = node("tell", "send", name="paid", key="cause", body=[])


@pytest.fixture
def ticket(cast: Cast) -> str:
    return filed(cast)


def page(cast: Cast, name: str, ticket_id: str) -> str:
    return re.sub(r"\s+", " ", cast.sign_in(name).get(f"/t/acme/tickets/{ticket_id}").text)


def note(cast: Cast, name: str, ticket_id: str) -> str:
    """What stands above the form: why he has it."""
    return words(page(cast, name, ticket_id).partition('class="note warn"')[2].partition("</p>")[0].partition(">")[2])


def lines(cast: Cast, name: str, ticket_id: str) -> list[str]:
    """The timeline, the latest first: who did what."""
    found = re.findall(r'<div class="event-body"> <p>(.*?)<time', page(cast, name, ticket_id))
    return [words(one) for one in found]


def words(markup: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup))).strip()


def offered(cast: Cast, name: str, ticket_id: str) -> set[str]:
    """The verbs of the ticket that he is offered."""
    return set(re.findall(rf"/tickets/{ticket_id}/(take_back|urge|recall)\b", page(cast, name, ticket_id)))


def open_tasks(cast: Cast, ticket_id: str) -> int:
    with cast.reading() as session:
        return len(session.scalars(select(Task.id).where(Task.ticket_id == ticket_id, Task.state == "open")).all())


def test_whoever_is_handed_a_task_reads_by_whom_and_why(cast: Cast, ticket: str) -> None:
    act(cast, "kevin", ticket, "transfer", to=cast.member_id("frank"), opinion="我出差")
    assert note(cast, "frank", ticket) == "柯文 Kevin 转交给 冯工 Frank 我出差"
    assert lines(cast, "frank", ticket)[0].startswith("柯文 Kevin 转交给 冯工 Frank · 主管审批")
    assert "/release" not in page(cast, "frank", ticket)  # nobody else is there to claim it


def test_an_opinion_that_was_asked_for_is_read_by_whoever_asked(cast: Cast, ticket: str) -> None:
    act(cast, "kevin", ticket, "delegate", to=cast.member_id("grace"), opinion="请看一下")
    assert "柯文 Kevin 委派给 高洁 Grace 请看一下" in note(cast, "grace", ticket)
    found = page(cast, "grace", ticket)
    task = task_of(cast, "grace", ticket)
    assert task is not None
    verbs = re.findall(rf"/tasks/{task.id}/(\w+)", found)
    assert "reply" in verbs and {"approve", "reject", "send_back", "transfer"}.isdisjoint(verbs)
    assert "请填写审批意见" in act(cast, "grace", ticket, "reply", 422).text
    act(cast, "grace", ticket, "reply", opinion="金额偏高")
    assert note(cast, "kevin", ticket) == "高洁 Grace 回复意见 金额偏高"
    assert lines(cast, "kevin", ticket)[0].startswith("高洁 Grace 回复意见")


def test_what_is_thought_of_a_task_is_kept_and_its_form_left_alone(cast: Cast) -> None:
    """Of a step that is filled in, too: even where something must be filled in."""
    start = node("start", "start", who="members")
    ask = step("ask", who={"by": "role", "role": "service_desk"}, rights={"*": "required"}, delegate=True)
    publish(
        cast,
        form_doc(field("cause"), key="asked"),
        flow_doc([start, ask, node("e", "end")], ["start>ask", "ask>e"], form="asked"),
    )
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/flow", data={})
    ticket = answer.headers["Location"].rsplit("/", 1)[1]
    with cast.reading() as session:
        task_id = session.scalars(select(Task.id).where(Task.ticket_id == ticket)).one()
    said = {"revision": 1, "to": cast.member_id("grace")}
    assert cast.sign_in("bob").post(f"/t/acme/tasks/{task_id}/delegate", data=said).status_code == 302
    assert 'name="f.cause"' not in page(cast, "grace", ticket)
    act(cast, "grace", ticket, "reply", opinion="是漏水")
    assert note(cast, "bob", ticket) == "高洁 Grace 回复意见 是漏水"


def test_signers_are_named_where_they_are_added_and_removed(cast: Cast, ticket: str) -> None:
    act(cast, "kevin", ticket, "approve", after="yes", persons=[cast.member_id("frank")])
    assert lines(cast, "bob", ticket)[0].startswith("柯文 Kevin 同意并后加签 冯工 Frank")
    assert note(cast, "frank", ticket) == "柯文 Kevin 同意并后加签 冯工 Frank"
    act(cast, "frank", ticket, "approve")
    act(cast, "helen", ticket, "add_beside", persons=[cast.member_id("grace")])
    with cast.reading() as session:
        token = session.scalars(select(Task.token).where(Task.id == task_of(cast, "grace", ticket).id)).one()  # type: ignore[union-attr]
    act(cast, "helen", ticket, "remove_signer", token=token)
    assert lines(cast, "bob", ticket)[0].startswith("何经理 Helen 减签 高洁 Grace")


@pytest.mark.parametrize("verb", ["transfer", "delegate"])
def test_what_was_handed_over_by_mistake_is_taken_back_and_nobody_else_has_it(cast: Cast, ticket: str, verb: str) -> None:
    act(cast, "kevin", ticket, verb, to=cast.member_id("frank"))
    assert "take_back" in offered(cast, "kevin", ticket)
    on_ticket(cast, "kevin", ticket, "take_back")
    assert (waiting(cast, ticket), open_tasks(cast, ticket)) == ([("head", "kevin")], 1)


def test_what_cannot_be_taken_back_is_not_offered(cast: Cast, ticket: str) -> None:
    """Another ticket may have heard of it already."""
    head = node("head", "approval", who={"by": "role", "role": "supervisor"}, rights={"*": "read"})
    steps = [
        node("start", "start", who="members", rights={"*": "write"}),
        head,
        TELLS,
        step("after", who={"by": "role", "role": "service_desk"}),
    ]
    ways = ["start>head", "head>tell", "tell>after", "after>e"]
    publish(cast, form_doc(field("cause"), key="told"), flow_doc([*steps, node("e", "end")], ways, form="told"))
    told = cast.sign_in("bob").post("/t/acme/tickets/new/flow", data={"f.cause": "x"}).headers["Location"].rsplit("/", 1)[1]
    for one, expected in ((ticket, True), (told, False)):
        act(cast, "kevin", one, "approve")
        assert ("take_back" in offered(cast, "kevin", one)) is expected


def test_a_suspended_ticket_says_so_and_offers_nothing_to_do(cast: Cast, ticket: str) -> None:
    alice = cast.sign_in("alice")
    alice.post(f"/t/acme/tickets/{ticket}/repair/suspend", data={"opinion": "等预算"})
    found = page(cast, "kevin", ticket)
    assert "已暂停" in alice.get("/t/acme/tickets").text
    assert "工单已暂停，恢复前不能办理" in found and "等预算" in found and "/approve" not in found
    assert offered(cast, "bob", ticket) == set()
    for verb in ("recall", "urge", "take_back", "withdraw"):
        assert "工单已暂停，请等恢复后再办理" in on_ticket(cast, "bob", ticket, verb), verb
    alice.post(f"/t/acme/tickets/{ticket}/repair/resume", data={"opinion": "好了"})
    assert "/approve" in page(cast, "kevin", ticket) and "urge" in offered(cast, "bob", ticket)


def test_who_sent_it_back_reads_no_more_than_who_approved(cast: Cast) -> None:
    """What is hidden at the step that he had stays hidden, whatever he has done with it."""
    hides = {"*": "read", "secret": "hidden"}
    start = node("start", "start", who="members", rights={"*": "write"})
    head = node("head", "approval", who={"by": "role", "role": "supervisor"}, rights=hides, **ANYTHING)
    form = form_doc(field("secret"), field("open"), key="kept")
    publish(cast, form, flow_doc([start, head, node("e", "end")], ["start>head", "head>e"], form="kept"))
    data: dict[str, Any] = {"f.secret": "底价八折", "f.open": "x"}
    ticket = cast.sign_in("bob").post("/t/acme/tickets/new/flow", data=data).headers["Location"].rsplit("/", 1)[1]
    assert "底价八折" not in page(cast, "kevin", ticket)
    act(cast, "kevin", ticket, "send_back", to="start", opinion="x")
    assert "底价八折" not in page(cast, "kevin", ticket)


def test_what_is_done_again_stands_among_what_is_to_come(cast: Cast, ticket: str) -> None:
    """Each step once: not as passed, and then again."""
    act(cast, "kevin", ticket, "approve")
    act(cast, "helen", ticket, "send_back", to="head", opinion="x")
    route = page(cast, "bob", ticket).partition("流程走向")[2].partition("</ol>")[0]
    assert [route.count(title) for title in ("申请退款", "主管审批", "财务与经理会签")] == [1, 1, 1]
    on_ticket(cast, "helen", ticket, "take_back")
    route = page(cast, "bob", ticket).partition("流程走向")[2].partition("</ol>")[0]
    assert route.index("主管审批") < route.index("财务与经理会签")


def test_what_goes_straight_back_is_foretold_so(cast: Cast, ticket: str) -> None:
    """To whoever it was sent back: what lies between is not done again, and not counted."""
    act(cast, "kevin", ticket, "approve")
    act(cast, "helen", ticket, "send_back", to="start", straight="yes", opinion="x")
    victor = cast.api(cast.token("victor"))
    route = victor("GET", f"/tickets/{ticket}/route").json
    ahead = [one["node"] for one in route["ahead"]]
    assert ahead[0] == "board" and "head" not in ahead and "large" not in ahead
    assert (route["prospect"]["fewest"], route["prospect"]["most"]) == (2, 3)  # the start, the board, and whoever pays


def test_a_colleague_of_who_did_it_reads_no_more_than_he_did(cast: Cast) -> None:
    """What is hidden at the step that was addressed to both stays hidden from the other when it is done."""
    start = node("start", "start", who="members", rights={"*": "write"})
    look = step("look", who={"by": "role", "role": "engineer"}, rights={"*": "read", "secret": "hidden"})
    after = step("after", who={"by": "role", "role": "supervisor"}, rights={"*": "read"})
    form = form_doc(field("secret"), field("open"), key="kept")
    publish(cast, form, flow_doc([start, look, after, node("e", "end")], ["start>look", "look>after", "after>e"], form="kept"))
    data = {"f.secret": "底价八折", "f.open": "漏水"}
    ticket = cast.sign_in("bob").post("/t/acme/tickets/new/flow", data=data).headers["Location"].rsplit("/", 1)[1]
    for name in ("frank", "grace"):
        assert "底价八折" not in cast.sign_in(name).get(f"/t/acme/tickets/{ticket}").text
    cast.work("frank", ticket, "look")
    for name in ("frank", "grace"):
        page = cast.sign_in(name).get(f"/t/acme/tickets/{ticket}").text
        assert "底价八折" not in page and "漏水" in page, name
    assert "底价八折" in cast.sign_in("kevin").get(f"/t/acme/tickets/{ticket}").text


def test_a_ticket_that_came_back_is_still_shown_to_a_colleague_of_who_sent_it(cast: Cast) -> None:
    """The start says in one word who may file."""
    start = node("start", "start", who="members")
    look = node("look", "approval", who={"by": "role", "role": "engineer"}, **ANYTHING)
    publish(
        cast,
        form_doc(field("open"), key="kept"),
        flow_doc([start, look, node("e", "end")], ["start>look", "look>e"], form="kept"),
    )
    ticket = cast.sign_in("bob").post("/t/acme/tickets/new/flow", data={"f.open": "漏水"}).headers["Location"].rsplit("/", 1)[1]
    act(cast, "frank", ticket, "send_back", to="start", opinion="x")
    assert "漏水" in page(cast, "grace", ticket)


def test_it_is_said_how_often_a_ticket_was_urged(cast: Cast, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticket_verbs, "URGE_AGAIN", timedelta())
    on_ticket(cast, "bob", ticket, "urge")
    assert "次" not in lines(cast, "bob", ticket)[0]
    on_ticket(cast, "bob", ticket, "urge")
    assert "第 2 次" in lines(cast, "bob", ticket)[0]


def test_who_was_added_or_asked_is_told_from_whose_step_it_is(cast: Cast, ticket: str) -> None:
    def waits() -> str:
        return words(page(cast, "bob", ticket).partition("当前办理")[2].partition("</section>")[0])

    act(cast, "kevin", ticket, "add_before", persons=[cast.member_id("frank")])
    assert "主管审批 加签 冯工 Frank" in waits()
    act(cast, "frank", ticket, "approve")
    assert "加签" not in waits()
    act(cast, "kevin", ticket, "delegate", to=cast.member_id("grace"))
    assert "主管审批 委派 高洁 Grace" in waits()


def test_of_what_has_ended_no_step_is_taken_back(cast: Cast, ticket: str) -> None:
    """Whoever waited for it has been told: a statement it was about is decided, the ticket that began it goes on."""
    act(cast, "kevin", ticket, "reject", opinion="no")
    assert "工单已结束" in on_ticket(cast, "kevin", ticket, "take_back")
    with cast.reading() as session:
        assert session.scalars(select(Ticket.result).where(Ticket.id == ticket)).one() == "rejected"
        last = select(History.verb).where(History.ticket_id == ticket).order_by(History.step.desc()).limit(1)
        assert session.scalar(last) == "reject"
