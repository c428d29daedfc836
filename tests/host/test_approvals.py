"""Approvals on the page and over the API, on both stores: who has a task, who may see, what is taken back, who stands in.

The demo's refunds: bob files, his head kevin approves; from 2,000 on helen and fiona must both agree; fiona pays.
"""

import io
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from dougong.platform.files import File
from dougong.platform.paging import paged
from dougong.platform.store import moment, transaction
from dougong.runtime.host import reading, worker
from dougong.runtime.host.tables import Absence, Candidate, History, Involved, Notice, Task, Ticket, TokenRow
from tests.cast import Cast, errors, fields
from tests.drawing import field, flow_doc, form_doc, node
from tests.drawing import task as step
from tests.host.test_races import publish
from tests.photos import photo

REFUND = {"customer_name": "王芳", "order_number": "DD1", "refund_amount": "2600.00", "refund_reason": "quality"}


@pytest.fixture
def ticket(cast: Cast) -> str:
    return filed(cast)


def filed(cast: Cast, amount: str = "2600.00", name: str = "bob") -> str:
    data = fields({**REFUND, "refund_amount": amount})
    answer = cast.sign_in(name).post("/t/acme/tickets/new/refund", data=data)
    assert answer.status_code == 302, errors(answer.text)
    return str(answer.headers["Location"]).rsplit("/", 1)[1]


def task_of(cast: Cast, name: str, ticket_id: str) -> Task | None:
    me = f"person:{cast.member_id(name)}"
    with cast.reading() as session:
        mine = select(Candidate.task_id).where(Candidate.principal == me)
        found = session.scalars(select(Task).where(Task.ticket_id == ticket_id, Task.state == "open", Task.id.in_(mine))).all()
        session.expunge_all()
        assert len(found) < 2
        return found[0] if found else None


def act(cast: Cast, name: str, ticket_id: str, verb: str, status: int = 302, **said: Any) -> Any:
    task = task_of(cast, name, ticket_id)
    assert task is not None, (name, waiting(cast, ticket_id))
    answer = cast.sign_in(name).post(f"/t/acme/tasks/{task.id}/{verb}", data={"revision": task.revision, **said})
    assert answer.status_code == status, (answer.status_code, errors(answer.text))
    return answer


def on_ticket(cast: Cast, name: str, ticket_id: str, verb: str, **said: Any) -> str:
    client = cast.sign_in(name)
    client.post(f"/t/acme/tickets/{ticket_id}/{verb}", data=said)
    return client.get(f"/t/acme/tickets/{ticket_id}").text


def waiting(cast: Cast, ticket_id: str) -> list[tuple[str, str]]:
    with cast.reading() as session:
        rows = session.execute(
            select(Task.node, Candidate.principal)
            .join(Candidate, (Candidate.tenant_id == Task.tenant_id) & (Candidate.task_id == Task.id))
            .where(Task.ticket_id == ticket_id, Task.state == "open")
        ).all()
    names = {f"person:{cast.member_id(name)}": name for name in ("bob", "kevin", "helen", "fiona", "frank", "grace", "alice")}
    return sorted((node, names.get(principal, principal)) for node, principal in rows)


def state(cast: Cast, ticket_id: str) -> tuple[str, str | None]:
    with cast.reading() as session:
        found = session.scalars(select(Ticket).where(Ticket.id == ticket_id)).one()
        return found.state, found.result


def verbs(cast: Cast, ticket_id: str) -> list[str]:
    with cast.reading() as session:
        wanted = select(History.verb).where(History.ticket_id == ticket_id).order_by(History.step)
        return list(session.scalars(wanted))


def test_a_large_refund_needs_everybody_of_the_board(cast: Cast, ticket: str) -> None:
    assert waiting(cast, ticket) == [("head", "kevin")]
    assert "并加签" not in cast.sign_in("kevin").get(f"/t/acme/tickets/{ticket}").text  # any one decides: nobody signs beside
    act(cast, "kevin", ticket, "approve")
    assert waiting(cast, ticket) == [("board", "fiona"), ("board", "helen")]
    act(cast, "helen", ticket, "approve", opinion="核实无误")
    assert waiting(cast, ticket) == [("board", "fiona")]
    page = cast.sign_in("fiona").get(f"/t/acme/tickets/{ticket}").text
    assert "核实无误" in page and "已同意 1 / 2" in page and "并加签：与您一起审批" in page
    act(cast, "fiona", ticket, "approve")
    cast.work("fiona", ticket, "pay", paid_on="2026-11-26", payment_reference="P1")
    assert state(cast, ticket) == ("done", "approved")


def test_an_approval_that_nobody_has_to_decide_leaves_a_line(cast: Cast) -> None:
    """fiona is the finance of small refunds, and this one is her own."""
    ticket = filed(cast, "100.00", "fiona")
    act(cast, "alice", ticket, "approve")
    assert waiting(cast, ticket)[0][0] == "pay"
    page = cast.sign_in("fiona").get(f"/t/acme/tickets/{ticket}").text
    assert "财务审批：自动通过" in page and page.count("自动通过") == 1


def test_one_refusal_takes_the_drawn_way_and_the_other_has_nothing_to_do_any_more(cast: Cast, ticket: str) -> None:
    act(cast, "kevin", ticket, "approve")
    assert "请填写审批意见" in act(cast, "helen", ticket, "reject", 422).text
    act(cast, "helen", ticket, "reject", opinion="凭证不足")
    assert (waiting(cast, ticket), state(cast, ticket)) == ([], ("done", "rejected"))
    with cast.reading() as session:
        assert sorted(session.scalars(select(Task.state).where(Task.node == "board"))) == ["cancelled", "done"]
        assert session.scalars(select(Candidate.task_id)).all() == []


def test_a_signature_stays_ones_own_until_it_counts(cast: Cast, ticket: str) -> None:
    """What is refused leaves nothing behind: once there is an opinion, it is signed with the same signature."""
    act(cast, "kevin", ticket, "approve")
    data = {"file": (io.BytesIO(photo()), "signature.png")}
    signature = cast.sign_in("helen").post("/t/acme/uploads", data=data).json["id"]
    act(cast, "helen", ticket, "reject", 422, signature=signature)
    assert owner_of(cast, signature).startswith("upload:")
    act(cast, "helen", ticket, "reject", opinion="凭证不足", signature=signature)
    assert owner_of(cast, signature) == f"ticket:{ticket}"
    assert signature in cast.sign_in("helen").get(f"/t/acme/tickets/{ticket}").text
    seen = {name: cast.sign_in(name).get(f"/t/acme/files/{signature}/small").status_code for name in ("bob", "helen", "frank")}
    assert seen == {"bob": 200, "helen": 200, "frank": 404}


def owner_of(cast: Cast, file_id: str) -> str:
    with cast.reading() as session:
        return session.scalars(select(File.owner).where(File.id == file_id)).one()


def test_who_is_no_approver_finds_no_task(cast: Cast, ticket: str) -> None:
    task = task_of(cast, "kevin", ticket)
    assert task
    for name in ("bob", "helen", "alice"):
        answer = cast.sign_in(name).post(f"/t/acme/tasks/{task.id}/approve", data={"revision": task.revision})
        assert answer.status_code == 404, name
    late = cast.sign_in("kevin").post(f"/t/acme/tasks/{task.id}/approve", data={"revision": task.revision + 1})
    assert late.status_code == 409


def test_a_task_of_another_kind_does_not_know_the_verb(cast: Cast) -> None:
    repair = cast.file()
    task = cast.open_task(repair, "diagnose")
    engineer = "frank"
    answer = cast.sign_in(engineer).post(f"/t/acme/tasks/{task.id}/approve", data={"revision": task.revision})
    assert answer.status_code in (404, 409)


def test_handed_over_and_lent(cast: Cast, ticket: str) -> None:
    act(cast, "kevin", ticket, "transfer", to=cast.member_id("frank"))
    assert waiting(cast, ticket) == [("head", "frank")]
    act(cast, "frank", ticket, "delegate", to=cast.member_id("grace"), opinion="请看一下")
    assert waiting(cast, ticket) == [("head", "grace")]
    act(cast, "grace", ticket, "reply", opinion="可以")
    assert waiting(cast, ticket) == [("head", "frank")]
    act(cast, "frank", ticket, "approve")
    assert waiting(cast, ticket) == [("board", "fiona"), ("board", "helen")]
    page = cast.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text
    assert "转交" in page and "高洁 Grace" in page and "可以" in page


def test_sent_back_mended_and_straight_back(cast: Cast, ticket: str) -> None:
    act(cast, "kevin", ticket, "approve")
    act(cast, "helen", ticket, "send_back", to="start", straight="yes", opinion="订单号不对")
    assert waiting(cast, ticket) == [("start", "bob")]
    page = cast.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text
    note = page.partition('class="note warn"')[2].partition("</p>")[0]
    assert "何经理 Helen" in note and "订单号不对" in note  # why it is back stands where it is mended
    places = [f"/t/acme/{one}" for one in (f"tickets/{ticket}", "inbox", "inbox?tab=mine", "tickets")]
    assert ["待重新提交" in cast.sign_in("bob").get(one).text for one in places] == [True] * 4
    cast.work("bob", ticket, "start", **{**REFUND, "order_number": "DD2"})
    assert ["待重新提交" in cast.sign_in("bob").get(one).text for one in places] == [False] * 4
    assert waiting(cast, ticket) == [("board", "fiona"), ("board", "helen")]
    with cast.reading() as session:
        assert session.scalars(select(Ticket.data).where(Ticket.id == ticket)).one()["order_number"] == "DD2"


SIGNED = {"who": {"by": "person", "person": ""}, "signature": True, "opinion": "always", "add_signer": True, "transfer": True}


@pytest.fixture
def signed(cast: Cast) -> tuple[str, dict[str, Any]]:
    """A ticket that bob has to sign, and fill in; and all that he types."""
    asks = form_doc(field("what"), field("why"), field("photo", "files"), key="signed")
    config = {**SIGNED, "who": {"by": "initiator"}, "initiator": "self", "rights": {"why": "required", "photo": "write"}}
    start = node("start", "start", rights={"what": "write", "photo": "write"})
    steps = [start, node("sign", "approval", **config), node("e", "end")]
    publish(cast, asks, flow_doc(steps, ["start>sign", "sign>e"], key="signed", form="signed"))
    bob = cast.sign_in("bob")
    sent = [bob.post("/t/acme/uploads", data={"file": (io.BytesIO(photo()), f"{name}.png")}).json["id"] for name in "abc"]
    filed = bob.post("/t/acme/tickets/new/signed", data={"f.what": "x", "f.photo": sent[2]}).headers["Location"]
    return filed.rsplit("/", 1)[1], {"signature": sent[0], "f.photo": sent[1:], "opinion": "已核对"}


def test_a_submit_that_is_refused_keeps_the_signature_and_all_else(cast: Cast, signed: tuple[str, dict[str, Any]]) -> None:
    ticket, typed = signed
    page = act(cast, "bob", ticket, "approve", 422, **typed).text
    signature = typed["signature"]
    assert f'name="signature" value="{signature}"' in page and f'data-picture="/t/acme/files/{signature}/small"' in page
    assert "已核对</textarea>" in page and all(f'value="{one}"' in page for one in typed["f.photo"])
    foreign = cast.sign_in("helen").post("/t/acme/uploads", data={"file": (io.BytesIO(photo()), "c.png")}).json["id"]
    assert foreign not in act(cast, "bob", ticket, "approve", 422, **{**typed, "signature": foreign}).text
    stale = act(cast, "bob", ticket, "approve", 409, **{**typed, "revision": 99}).text
    assert typed["signature"] in stale and "已核对</textarea>" in stale
    act(cast, "bob", ticket, "approve", **typed, **{"f.why": "到货"})
    assert state(cast, ticket) == ("done", "completed")
    assert [owner_of(cast, one) for one in typed["f.photo"]] == [f"ticket:{ticket}"] * 2


def test_buttons_are_called_as_the_step_says(cast: Cast) -> None:
    steps = [node("start", "start"), step("do", who={"by": "initiator"}, submit_as={"zh-Hans": "完工", "en": "Finish"})]
    called = {"approve_as": {"zh-Hans": "准予结算", "en": "Settle"}, "reject_as": {"zh-Hans": "驳回", "en": "Decline"}}
    steps += [node("p", "approval", who={"by": "initiator"}, initiator="self", **called), node("e", "end")]
    publish(
        cast, form_doc(field("what"), key="called"), flow_doc(steps, ["start>do", "do>p", "p>e"], key="called", form="called")
    )
    bob = cast.sign_in("bob")
    address = bob.post("/t/acme/tickets/new/called", data={}).headers["Location"]
    assert "完工</button>" in bob.get(address).text.replace("</span></button>", "</button>")
    cast.work("bob", address.rsplit("/", 1)[1], "do")
    assert {"准予结算", "驳回"} <= set(re.findall(r">([^<>]+)(?:</span>)?</button>", bob.get(address).text))


def test_what_stands_in_the_task_comes_along_with_its_dialogs(cast: Cast, signed: tuple[str, dict[str, Any]]) -> None:
    """As the browser sends it (`along`)."""
    ticket, typed = signed
    helen, bob = cast.member_id("helen"), cast.member_id("bob")
    task = {**typed, "f.why": "到货", "own_opinion": typed["opinion"], "opinion": ""}
    page = act(cast, "bob", ticket, "transfer", 422, **task, to=bob).text
    assert "到货" in page and "已核对</textarea>" in page and typed["signature"] in page
    page = act(cast, "bob", ticket, "approve", 422, **{**task, "f.why": ""}, after="yes", persons=[helen]).text
    assert f'name="persons" value="{helen}"' in page
    act(cast, "bob", ticket, "approve", **task, after="yes", persons=[helen])
    assert waiting(cast, ticket) == [("sign", "helen")]
    with cast.reading() as session:
        found = session.scalars(select(Ticket.data).where(Ticket.id == ticket)).one()
        said = session.scalars(select(History.said).where(History.ticket_id == ticket, History.verb == "approve")).one()
    assert (found["why"], said["opinion"], "own" in said) == ("到货", "已核对", False)


def test_signers_are_added_before_and_after(cast: Cast, ticket: str) -> None:
    page = cast.sign_in("kevin").get(f"/t/acme/tickets/{ticket}").text
    ways = page.partition('id="add-')[2].partition("<footer")[2].partition("</footer>")[0]
    assert "add_before" not in ways and re.findall(r'formaction="[^"]*/(\w+)"', ways) == ["approve"]  # beside the first way
    assert re.search(r'data-draft="acme \S+ \S+ add \d+"', page)
    act(cast, "kevin", ticket, "add_before", persons=[cast.member_id("frank"), cast.member_id("grace")])
    assert waiting(cast, ticket) == [("head", "frank"), ("head", "grace")]
    act(cast, "frank", ticket, "approve")
    act(cast, "grace", ticket, "approve")
    assert waiting(cast, ticket) == [("head", "kevin")]
    act(cast, "kevin", ticket, "approve", after="yes", persons=[cast.member_id("alice")])
    assert waiting(cast, ticket) == [("head", "alice")]
    act(cast, "alice", ticket, "approve")
    assert waiting(cast, ticket) == [("board", "fiona"), ("board", "helen")]


def test_a_foreign_person_is_nobody(cast: Cast, ticket: str) -> None:
    with cast.reading("globex"):
        charlie = cast.member_id("charlie", "globex")
    assert "找不到这位成员" in act(cast, "kevin", ticket, "transfer", 422, to=charlie).text
    assert waiting(cast, ticket) == [("head", "kevin")]


def test_the_initiator_recalls_mends_and_withdraws(cast: Cast, ticket: str) -> None:
    number = on_ticket(cast, "bob", ticket, "recall", opinion="填错了")
    assert waiting(cast, ticket) == [("start", "bob")] and "撤回了工单" in number
    on_ticket(cast, "bob", ticket, "withdraw")
    assert state(cast, ticket) == ("done", "cancelled")
    assert verbs(cast, ticket) == ["filed", "recalled", "withdrawn"]


def test_after_the_first_decision_nothing_is_recalled(cast: Cast, ticket: str) -> None:
    act(cast, "kevin", ticket, "approve")
    assert "流程已被处理，不允许撤回" in on_ticket(cast, "bob", ticket, "recall")
    client = cast.sign_in("kevin")
    assert client.post(f"/t/acme/tickets/{ticket}/recall").status_code == 404  # not his to recall


def test_an_approver_takes_back_what_nobody_has_acted_on(cast: Cast, ticket: str) -> None:
    act(cast, "kevin", ticket, "approve")
    on_ticket(cast, "kevin", ticket, "take_back")
    assert waiting(cast, ticket) == [("head", "kevin")]
    act(cast, "kevin", ticket, "approve")
    act(cast, "helen", ticket, "approve")
    page = on_ticket(cast, "kevin", ticket, "take_back")
    assert "最近一步由 何经理 Helen 办理" in page
    on_ticket(cast, "helen", ticket, "take_back")
    assert waiting(cast, ticket) == [("board", "fiona"), ("board", "helen")]
    with cast.reading() as session:
        found = session.scalars(select(Ticket).where(Ticket.id == ticket)).one()
        tokens = session.scalars(select(TokenRow).where(TokenRow.ticket_id == ticket)).all()
        assert found.live == len(tokens) == 3


def test_urged_once_in_half_an_hour_everybody_who_has_it_is_told(cast: Cast, ticket: str) -> None:
    on_ticket(cast, "bob", ticket, "urge")
    assert "半小时内已催办过" in on_ticket(cast, "bob", ticket, "urge")
    with cast.app.app_context():
        while worker.sweep():
            pass
    with cast.reading() as session:
        told = session.scalars(select(Notice.member_id).where(Notice.ticket_id == ticket)).all()
    assert told == [cast.member_id("kevin")]


def test_whoever_has_the_next_step_is_urged_at_once_though_others_just_were(cast: Cast, ticket: str) -> None:
    on_ticket(cast, "bob", ticket, "urge")
    act(cast, "kevin", ticket, "approve")
    assert "催办 <span" in " ".join(on_ticket(cast, "bob", ticket, "urge").split()) and "第 2 次" in on_ticket(
        cast, "bob", ticket, "x"
    )
    assert "半小时内已催办过" in on_ticket(cast, "bob", ticket, "urge")


@pytest.mark.parametrize("urge", [True, False])
def test_a_workflow_may_let_nobody_urge(cast: Cast, urge: bool) -> None:
    nodes = [node("start", "start", who="members"), node("end", "end"), step("do", who={"by": "role", "role": "supervisor"})]
    publish(cast, form_doc(field("cause"), key="quiet"), flow_doc(nodes, ["start>do", "do>end"], form="quiet", urge=urge))
    ticket = cast.file("bob", "flow", cause="x")
    assert (f"/tickets/{ticket}/urge" in cast.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text) is urge
    on_ticket(cast, "bob", ticket, "urge")
    assert ("urged" in verbs(cast, ticket)) is urge


def test_who_is_sent_a_copy_may_see_the_ticket(cast: Cast, ticket: str) -> None:
    assert cast.sign_in("grace").get(f"/t/acme/tickets/{ticket}").status_code == 404
    on_ticket(cast, "bob", ticket, "copy", persons=[cast.member_id("grace")])
    assert cast.sign_in("grace").get(f"/t/acme/tickets/{ticket}").status_code == 200
    with cast.reading() as session:
        copies = session.scalars(select(Involved.principal).where(Involved.ticket_id == ticket, Involved.part == "copy")).all()
    assert copies == [f"person:{cast.member_id('grace')}"]


def test_who_stands_in_may_act_and_the_timeline_says_for_whom(cast: Cast) -> None:
    kevin, frank = cast.member_id("kevin"), cast.member_id("frank")
    now = datetime.now(UTC)
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        since, until = moment(now - timedelta(hours=1)), moment(now + timedelta(hours=1))
        session.add(Absence(member_id=kevin, deputy_id=frank, since=since, until=until, by="person:x"))
    ticket = filed(cast)
    assert waiting(cast, ticket) == [("head", "frank"), ("head", "kevin")]
    act(cast, "frank", ticket, "approve")
    assert task_of(cast, "kevin", ticket) is None
    assert "代 柯文 Kevin" in cast.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text


def test_small_refunds_are_approved_together(cast: Cast) -> None:
    tickets = [filed(cast, f"{amount}.00") for amount in (10, 20)]
    for one in tickets:
        act(cast, "kevin", one, "approve")
    large = filed(cast)
    act(cast, "kevin", large, "approve")
    fiona = cast.sign_in("fiona")
    boxes = re.findall(r'name="task" value="([^"]+)"', fiona.get("/t/acme/inbox").text)
    assert len(boxes) == 2  # the board signs one by one
    task = task_of(cast, "fiona", large)
    assert task
    page = fiona.post("/t/acme/tasks/batch", data={"task": [*boxes, f"{task.id}:{task.revision}", "nonsense:x"]}).text
    assert [waiting(cast, one) for one in tickets] == [[("pay", "role:refund_finance")]] * 2
    assert waiting(cast, large) == [("board", "fiona"), ("board", "helen")]
    assert "已同意 2 项" in page
    with cast.reading() as session:
        number = session.scalars(select(Ticket.number).where(Ticket.id == large)).one()
    assert f"这一步需要逐个办理 {number}" in page


def test_one_opinion_for_those_of_a_page_or_of_all_and_each_that_cannot_be_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of three, a page of two: one was recalled meanwhile, one wants an opinion that nobody gave at first."""
    sign = node("sign", "approval", who={"by": "role", "role": "refund_finance"}, batch=True, opinion="always")
    flow = flow_doc([node("start", "start"), sign, node("e", "end")], ["start>sign", "sign>e"], key="batch", form="batch")
    publish(cast, form_doc(field("sum", "number"), key="batch"), {**flow, "summary_fields": ["sum"]})
    bob, fiona = cast.sign_in("bob"), cast.sign_in("fiona")
    filed = [bob.post("/t/acme/tickets/new/batch", data=fields({"sum": one})).headers["Location"] for one in ("71", "72", "73")]
    tickets = [str(one).rsplit("/", 1)[1] for one in filed]
    monkeypatch.setattr(reading, "paged", partial(paged, size=2))
    page = fiona.get("/t/acme/inbox").text
    assert "全部同意（3）" in page and "</span> 71</span>" in page
    boxes = re.findall(r'name="task" value="([^"]+)"', page)
    assert len(boxes) == 2 and re.search(r'name="opinion"[^>]* required', page)
    on_ticket(cast, "bob", tickets[0], "recall")

    def together(**said: str) -> str:
        return fiona.post("/t/acme/tasks/batch", data={"task": boxes, **said}, follow_redirects=True).text

    told = together()
    assert "已同意 0 项" in told and "请填写审批意见 T" in told and "工单被撤回" in told and 'class="toast stays"' in told
    assert [f'value="{one}" checked' in told for one in boxes] == [False, True]  # what is left of them
    told = together(opinion="按预算执行")
    assert "已同意 1 项" in told and ">按预算执行</textarea>" in told
    progress = str(fiona.post("/t/acme/bulk/approve", data={"opinion": "按预算执行"}).headers["Location"])
    fiona.post(f"{progress}/batch")
    assert [state(cast, one)[0] for one in tickets] == ["running", "done", "done"]
    assert "按预算执行" in fiona.get(f"/t/acme/tickets/{tickets[2]}").text


def test_an_administrator_repairs_with_a_reason(cast: Cast, ticket: str) -> None:
    def repaired(verb: str, **said: Any) -> str:
        return on_ticket(cast, "alice", ticket, f"repair/{verb}", **said)

    assert "请写明原因" in repaired("suspend")
    repaired("suspend", opinion="等法务")
    assert "工单已暂停，请等恢复后再办理" in act(cast, "kevin", ticket, "approve", 409).text
    repaired("resume", opinion="可以了")
    with cast.reading() as session:
        wanted = select(TokenRow.number).where(TokenRow.ticket_id == ticket, TokenRow.parent.is_(None))
        token = session.scalars(wanted).one()
    assert "请选择移到哪一步" in repaired("move", opinion="改走财务", token=token, node="")  # none is chosen beforehand
    repaired("move", opinion="改走财务", token=token, node="finance")
    assert waiting(cast, ticket) == [("finance", "fiona")]
    repaired("cancel", opinion="重复")
    assert state(cast, ticket) == ("done", "cancelled")
    repaired("reopen", opinion="并不重复", node="head")
    assert waiting(cast, ticket) == [("head", "kevin")]
    assert verbs(cast, ticket) == ["filed", "suspended", "resumed", "moved", "cancelled", "reopened"]
    assert cast.sign_in("kevin").post(f"/t/acme/tickets/{ticket}/repair/cancel", data={"opinion": "x"}).status_code == 403


def test_nothing_is_moved_to_where_only_a_revocation_leads(cast: Cast, ticket: str) -> None:
    """It would end as revoked, and what it has settled would stay."""
    alice = cast.sign_in("alice")
    page = alice.get(f"/t/acme/tickets/{ticket}").text
    places = page.partition('name="node"')[2].partition("</select>")[0]
    assert 'value="pay"' in places and 'value="agree"' not in places and 'value="revoke"' not in places
    with cast.reading() as session:
        wanted = select(TokenRow.number).where(TokenRow.ticket_id == ticket, TokenRow.parent.is_(None))
        token = session.scalars(wanted).one()
    assert "撤销流程只能由“撤销”进入" in on_ticket(cast, "alice", ticket, "repair/move", opinion="x", token=token, node="agree")
    assert waiting(cast, ticket) == [("head", "kevin")]


def test_the_same_over_the_api(cast: Cast, ticket: str) -> None:
    kevin, bob = cast.api(cast.token("kevin")), cast.api(cast.token("bob"))
    task = task_of(cast, "kevin", ticket)
    assert task
    body = {"revision": task.revision, "verb": "reject"}
    refused = kevin("POST", f"/tasks/{task.id}/act", body)
    assert (refused.status_code, refused.json["error"]["details"][0]["code"]) == (422, "approval.opinion_missing")
    assert bob("POST", f"/tickets/{ticket}/act", {"verb": "urge"}).status_code == 204
    assert kevin("POST", f"/tasks/{task.id}/act", {**body, "verb": "approve"}).status_code == 200
    assert waiting(cast, ticket) == [("board", "fiona"), ("board", "helen")]
    again = bob("POST", f"/tickets/{ticket}/act", {"verb": "recall"})
    assert (again.status_code, again.json["error"]["details"][0]["code"]) == (422, "verb.acted_already")
    assert kevin("POST", f"/tickets/{ticket}/repair", {"verb": "cancel", "reason": "x"}).status_code == 403
    alice = cast.api(cast.token("alice"))
    assert alice("POST", f"/tickets/{ticket}/repair", {"verb": "cancel", "reason": "x"}).status_code == 204
    assert state(cast, ticket) == ("done", "cancelled")


def test_four_eyes_are_kept_on_pages_and_over_the_api(cast: Cast) -> None:
    """Who made it does not check it, though he has the role; nor does he by way of a colleague who hands it over."""
    engineer = {"who": {"by": "role", "role": "engineer"}, "rights": {"*": "write"}}
    nodes = [
        node("start", "start"),
        step("make", **engineer),
        step("look", **engineer, not_same_as=["make"], transfer=True),
        node("e", "end"),
    ]
    flow = flow_doc(nodes, ["start>make", "make>look", "look>e"], key="eyes", form="eyes")
    publish(cast, form_doc(field("what"), key="eyes"), flow)
    answer = cast.sign_in("bob").post("/t/acme/tickets/new/eyes", data=fields({"what": "x"}))
    ticket = str(answer.headers["Location"]).rsplit("/", 1)[1]
    cast.work("frank", ticket, "make")
    task = cast.open_task(ticket, "look")
    assert task_of(cast, "frank", ticket) is None and task_of(cast, "grace", ticket) is not None
    page = cast.sign_in("frank").post(f"/t/acme/tasks/{task.id}", data={"revision": task.revision})
    api = cast.api(cast.token("frank"))("POST", f"/tasks/{task.id}/submit", {"revision": task.revision, "values": {}})
    assert page.status_code in (403, 404) and api.status_code in (403, 404)
    handed = act(cast, "grace", ticket, "transfer", status=422, to=cast.member_id("frank"))
    assert "四眼" in handed.text
    cast.work("grace", ticket, "look")
    assert state(cast, ticket)[0] == "done"


def test_what_may_be_done_with_a_ticket_stands_in_one_row(cast: Cast, ticket: str) -> None:
    """No form within a paragraph: a browser would close it there."""
    page = cast.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text
    assert "/urge" in page.partition('<div class="ticket-verbs">')[2].partition("</div>")[0]
    assert not re.search(r"<p(?: [^>]*)?>(?:(?!</p>).)*<form", page, re.DOTALL)


def test_who_signs_already_is_refused_in_the_dialog_by_name_with_what_was_said(cast: Cast, ticket: str) -> None:
    act(cast, "kevin", ticket, "approve")
    fiona = cast.member_id("fiona")
    page = act(cast, "helen", ticket, "add_before", 422, persons=[cast.member_id("ivan"), fiona], opinion="please look").text
    [dialog] = re.findall(r"<dialog[^>]* data-open.*?</dialog>", page, re.S)
    assert 'id="add-' in dialog and "方芳 Fiona 已是这一步的审批人" in dialog
    assert "please look" in dialog and f'value="{fiona}"' in dialog and dialog.count('class="file"') == 2
    task = task_of(cast, "helen", ticket)
    assert task is not None
    helen = cast.api(cast.token("helen"))
    answer = helen("POST", f"/tasks/{task.id}/act", {"revision": task.revision, "verb": "add_before", "persons": [fiona]})
    assert answer.status_code == 422 and "方芳 Fiona" in str(answer.json)


def test_of_what_has_ended_those_who_took_part_still_send_copies(cast: Cast, ticket: str) -> None:
    on_ticket(cast, "bob", ticket, "copy", persons=[cast.member_id("grace")])
    act(cast, "kevin", ticket, "approve")
    on_ticket(cast, "alice", ticket, "repair/cancel", opinion="x")
    offered = f'data-dialog="copy-{ticket}"'
    assert all(offered in cast.sign_in(name).get(f"/t/acme/tickets/{ticket}").text for name in ("bob", "kevin"))
    assert offered not in cast.sign_in("grace").get(f"/t/acme/tickets/{ticket}").text
    assert "参与过的人" in on_ticket(cast, "grace", ticket, "copy", persons=[cast.member_id("frank")])
    assert cast.sign_in("frank").get(f"/t/acme/tickets/{ticket}").status_code == 404
    on_ticket(cast, "bob", ticket, "copy", persons=[cast.member_id("frank")])
    assert "抄送给 <strong>冯工 Frank</strong>" in cast.sign_in("frank").get(f"/t/acme/tickets/{ticket}").text


def test_after_a_step_that_the_workflow_names_it_is_not_recalled(cast: Cast) -> None:
    board = {"by": "role", "role": "refund_board"}
    steps = [node("start", "start"), node("p", "approval", who=board), node("q", "approval", who=board, repeated="never")]
    ways = ["start>p", "p>q", "q>e"]
    rules = {"recall": "any", "no_recall_after": ["p"]}
    publish(
        cast,
        form_doc(field("note"), key="plain"),
        flow_doc([*steps, node("e", "end")], ways, key="late", form="plain", **rules),
    )
    ticket = cast.sign_in("bob").post("/t/acme/tickets/new/late", data={}).headers["Location"].rsplit("/", 1)[1]
    assert "/recall" in cast.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text
    act(cast, "helen", ticket, "approve")
    assert "/recall" not in cast.sign_in("bob").get(f"/t/acme/tickets/{ticket}").text
    refused = cast.api(cast.token("bob"))("POST", f"/tickets/{ticket}/act", {"verb": "recall"})
    assert (refused.status_code, refused.json["error"]["details"][0]["code"]) == (422, "verb.recalled_too_late")
    assert "“p”已通过，不允许撤回" in on_ticket(cast, "bob", ticket, "recall")
