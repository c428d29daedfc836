"""Several tickets at once: chosen or all of a filter, in batches, each with its line in the history; nobody else may."""

import functools
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

import psycopg
import pytest
from sqlalchemy import select

from dougong.platform import paging
from dougong.platform.audit import Audit
from dougong.runtime import interpreter
from dougong.runtime.host import bulk, reading
from dougong.runtime.host.bulk import Bulk
from dougong.runtime.host.tables import History, Ticket, TokenRow
from dougong.runtime.reason import Refused
from tests.cast import Cast
from tests.drawing import flow_doc, node, task
from tests.host.test_approvals import act, filed, state, verbs, waiting
from tests.host.test_nodes import MINE, calls, swept
from tests.host.test_nodes import filed as filed_as
from tests.host.test_races import publish


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)


def begun(cast: Cast, verb: str, *tickets: str, reason: str = "系统升级", **more: str) -> str:
    said = {"verb": verb, "reason": reason, "ticket": list(tickets), **more}
    return str(cast.sign_in("alice").post("/t/acme/bulk/", data=said).headers["Location"])


def done(cast: Cast, address: str) -> Bulk:
    """As the page goes on until it is done."""
    alice, pages = cast.sign_in("alice"), 0
    while "data-batches" in alice.get(address).text:
        assert alice.post(f"{address}/batch").status_code == 200
        pages += 1
        assert pages < 10
    with cast.reading() as session:
        found = session.scalars(select(Bulk).order_by(Bulk.id.desc())).first()
        assert found
        session.expunge(found)
        return found


def suspended(cast: Cast) -> list[bool]:
    with cast.reading() as session:
        return list(session.scalars(select(Ticket.suspended).where(Ticket.workflow_key == "refund").order_by(Ticket.id)))


def test_what_was_left_half_done_is_found_on_the_list(cast: Cast) -> None:
    address = begun(cast, "suspend", *(filed(cast, f"{amount}.00") for amount in (10, 20, 30)))
    cast.sign_in("alice").post(f"{address}/batch")
    page = cast.sign_in("alice").get("/t/acme/tickets").text
    assert address in page and "2 / 3" in page
    assert address not in cast.sign_in("bob").get("/t/acme/tickets").text
    done(cast, address)
    assert address not in cast.sign_in("alice").get("/t/acme/tickets").text


def test_what_was_chosen_is_done_in_batches_and_what_cannot_be_is_told(cast: Cast) -> None:
    tickets = [filed(cast, f"{amount}.00") for amount in (10, 20, 30, 40, 50)]
    cast.sign_in("alice").post(f"/t/acme/tickets/{tickets[0]}/repair/cancel", data={"opinion": "x"})
    row = done(cast, begun(cast, "suspend", *tickets[:4]))
    assert (row.total, row.done, row.refused) == (4, 3, 1)
    assert suspended(cast) == [False, True, True, True, False]
    assert [(one["reason"]["code"], one["count"]) for one in row.reasons] == [("verb.ended", 1)]
    with cast.reading() as session:
        said = session.scalars(select(History.said).where(History.ticket_id == tickets[1], History.verb == "suspended")).one()
        audited = session.scalars(select(Audit).where(Audit.verb == "bulk_suspend")).one()
        assert (said["opinion"], audited.title["en"]) == ("系统升级", "系统升级")
    row = done(cast, begun(cast, "resume", *tickets))
    assert (row.done, suspended(cast)) == (3, [False] * 5)


def test_all_that_the_filter_finds(cast: Cast) -> None:
    repair, refunds = cast.file(), [filed(cast, f"{amount}.00") for amount in (10, 20, 30)]
    page = cast.sign_in("alice").get("/t/acme/tickets?workflow=refund").text
    assert len(re.findall(r'form="bulk" name="ticket"', page)) == 3
    row = done(cast, begun(cast, "cancel", of="all", workflow="refund"))
    assert (row.total, row.done) == (3, 3)
    assert [state(cast, one) for one in refunds] == [("done", "cancelled")] * 3
    assert state(cast, repair) == ("running", None)
    assert verbs(cast, refunds[0]) == ["filed", "cancelled"]


def test_what_has_failed_is_tried_again(cast: Cast) -> None:
    calls(cast, give=[{"uid": "g", "field": "order", "into": "gone"}])
    failed, sound = filed_as(cast, "outer", order="A1"), filed(cast)
    swept(cast)
    assert state(cast, failed)[0] == "failed"
    row = done(cast, begun(cast, "retry", failed, sound))
    assert (state(cast, failed)[0], row.done) == ("running", 1)
    assert [one["reason"]["code"] for one in row.reasons] == ["verb.not_failed"]
    assert verbs(cast, failed)[-1] == "retried"


WRONG = {"workflow": "inner", "give": [{"uid": "g", "field": "order", "into": "gone"}]}


@pytest.fixture
def twice(cast: Cast) -> Cast:
    """Tickets of `both` hang at two steps, for the same reason."""
    calls(cast, give=WRONG["give"])
    steps = [node("start", "start"), node("f", "fork"), node("a", "call", **WRONG), node("b", "call", **WRONG)]
    steps += [task("after_a", **MINE), task("after_b", **MINE), node("j", "join"), node("e", "end")]
    ways = ["start>f", "f>a", "f>b", "a>after_a", "b>after_b", "after_a>j", "after_b>j", "j>e"]
    publish(cast, flow_doc(steps, ways, key="both", form="order"))
    return cast


def hung(cast: Cast, times: int, key: str = "both") -> list[str]:
    tickets = [filed_as(cast, key, order="A1") for _ in range(times)]
    swept(cast)
    return tickets


def test_all_that_hang_with_one_incident_are_found_and_passed_over_and_only_there(twice: Cast) -> None:
    first, *_ = hung(twice, 3)
    filed(twice, "10.00")
    page = twice.sign_in("alice").get("/t/acme/tickets?state=failed").text
    assert re.findall(r"incident=([\w.:%]+)\"", page) == ["a:child.refused", "b:child.refused"]
    assert "incident=" not in twice.sign_in("bob").get("/t/acme/tickets?state=failed").text
    same = {"state": "failed", "workflow": "both", "incident": "a:child.refused"}
    assert "处置全部筛选结果（3 张）" in twice.sign_in("alice").get("/t/acme/tickets", query_string=same).text
    row = done(twice, begun(twice, "skip", of="all", reason="对方接口停用", **same))
    assert (row.total, row.done, twice.waiting(first)) == (3, 3, ["after_a"])
    assert [token.node for token in failed(twice, first)] == ["b"]
    with twice.reading() as session:
        said = session.scalars(select(History).where(History.ticket_id == first, History.verb == "skipped")).one()
        assert (said.node, said.said["opinion"]) == ("a", "对方接口停用")
    row = done(twice, begun(twice, "skip", of="all", **same))
    assert row is not None and "/bulk/" not in begun(twice, "skip", of="all", **same)  # there are none of these left


def failed(cast: Cast, ticket_id: str) -> list[TokenRow]:
    with cast.reading() as session:
        wanted = select(TokenRow).where(TokenRow.ticket_id == ticket_id, TokenRow.state == "failed")
        found = list(session.scalars(wanted))
        session.expunge_all()
        return found


def test_what_no_column_can_hold_is_not_asked_for(cast: Cast) -> None:
    alice = cast.sign_in("alice")
    for asked in ("incident=a%00:b", "workflow=a%00", "state=%00"):
        assert alice.get(f"/t/acme/tickets?{asked}").status_code == 200
    assert alice.get("/t/acme/settlement/dealer_rebate/lines?q=%00").status_code == 200
    assert alice.get("/t/acme/tickets/a%00b").status_code == 404
    assert alice.post("/t/acme/settings/bindings/engineer", data={"who": "Bob\0"}).status_code == 422
    assert alice.post("/t/acme/absences/hand-over", data={"leaver": "\0", "to": ""}).status_code == 422


def test_what_hangs_is_moved_and_what_stands_at_several_places_is_told(twice: Cast) -> None:
    sound, ended = filed_as(twice, "inner", order="A1"), filed_as(twice, "inner", order="A1")
    [hanging], [both] = hung(twice, 1, "outer"), hung(twice, 1)
    twice.sign_in("alice").post(f"/t/acme/tickets/{ended}/repair/cancel", data={"opinion": "x"})
    page = twice.sign_in("alice").get("/t/acme/tickets?workflow=outer").text
    assert '<option value="sorry"' in page and 'value="move"' in page
    assert 'value="move"' not in twice.sign_in("alice").get("/t/acme/tickets").text
    address = begun(twice, "move", hanging, sound, both, ended, node="sorry")
    row = done(twice, address)
    assert (row.done, twice.waiting(hanging), verbs(twice, hanging)[-1]) == (1, ["sorry"], "moved")
    reasons = {one["reason"]["code"] for one in row.reasons}
    assert reasons == {"verb.not_failed", "verb.ended", "repair.several_there"}
    assert "sorry" in twice.sign_in("alice").get(address).text
    row = done(twice, begun(twice, "move", sound, both, node="e", at="t"))
    assert (state(twice, sound), row.done) == (("done", "completed"), 1)
    assert [one["reason"]["code"] for one in row.reasons] == ["repair.not_there"]
    assert "/bulk/" not in begun(twice, "move", sound)  # where to?


def test_one_step_that_cannot_be_passed_over_keeps_none_of_the_others_back(twice: Cast) -> None:
    [ticket] = hung(twice, 1)
    real = interpreter.skip

    def skip(definition: Any, case: Any, token_id: int, world: Any) -> Any:
        if case.token(token_id).node == "a":
            raise Refused("verb.part_of_a_step")
        return real(definition, case, token_id, world)

    with mock.patch.object(interpreter, "skip", skip):
        row = done(twice, begun(twice, "skip", ticket))
    assert (row.refused, row.reasons[0]["reason"]["code"]) == (1, "verb.part_of_a_step")
    assert ([one.node for one in failed(twice, ticket)], twice.waiting(ticket)) == (["a"], ["after_b"])


def test_it_needs_a_reason_a_ticket_and_the_right(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = filed(cast)
    assert "/bulk/" not in begun(cast, "cancel", ticket, reason=" ")
    assert "/bulk/" not in begun(cast, "cancel")
    monkeypatch.setattr(bulk, "MOST", 0)
    assert "/bulk/" not in begun(cast, "cancel", ticket)
    monkeypatch.setattr(bulk, "MOST", 1)
    assert "/bulk/" in begun(cast, "suspend", ticket)
    said: dict[str, Any] = {"verb": "cancel", "reason": "x", "ticket": ticket}
    assert cast.sign_in("bob").post("/t/acme/bulk/", data=said).status_code == 403
    assert 'form="bulk"' not in cast.sign_in("bob").get("/t/acme/tickets").text
    assert cast.sign_in("alice").post("/t/acme/bulk/", data={**said, "verb": "settle"}).status_code == 404
    assert state(cast, ticket) == ("running", None)


def test_the_same_over_the_api(cast: Cast) -> None:
    tickets, alice = [filed(cast, f"{amount}.00") for amount in (10, 20, 30)], cast.api(cast.token("alice"))
    body = {"verb": "cancel", "reason": "重复", "tickets": tickets, "keep": True}
    made = alice("POST", "/bulk", body)
    assert (made.status_code, made.json["total"], made.json["done"]) == (201, 3, 0)
    rows = [alice("POST", f"/bulk/{made.json['id']}/batch").json for _ in range(2)]
    assert [(one["state"], one["done"]) for one in rows] == [("running", 2), ("done", 3)]
    assert alice("GET", f"/bulk/{made.json['id']}").json["state"] == "done"
    assert alice("POST", "/bulk", {**body, "tickets": []}).status_code == 422
    assert cast.api(cast.token("bob"))("POST", "/bulk", body).status_code == 403


def at_finance(cast: Cast, *amounts: int) -> list[str]:
    """Small refunds that wait for fiona's approval; that of the board is given one by one."""
    tickets = [filed(cast, f"{amount}.00") for amount in amounts]
    for one in tickets:
        act(cast, "kevin", one, "approve")
    return tickets


def nodes(cast: Cast, tickets: list[str]) -> list[list[str]]:
    return [sorted({node for node, _ in waiting(cast, one)}) for one in tickets]


def inbox(cast: Cast, name: str) -> str:
    return str(cast.sign_in(name).get("/t/acme/inbox").text)


def approved(cast: Cast, name: str, address: str) -> str:
    """As his page goes on until it is done."""
    while "data-batches" in (page := cast.sign_in(name).get(address).text):
        assert cast.sign_in(name).post(f"{address}/batch").status_code == 200
    return str(page)


def test_all_that_waits_for_somebody_is_approved_in_batches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "paged", functools.partial(paging.paged, size=2))
    [*small, large] = at_finance(cast, 10, 20, 30, 40, 50, 2600)
    fiona = cast.sign_in("fiona")
    assert "全部同意（5）" in inbox(cast, "fiona") and "全部同意" not in inbox(cast, "kevin")
    address = fiona.post("/t/acme/bulk/approve").headers["Location"]
    cast.sign_in("alice").post(f"/t/acme/tickets/{small[0]}/repair/suspend", data={"opinion": "x"})
    assert "全部同意（4）" in inbox(cast, "fiona")  # what is suspended is not offered
    assert fiona.post(f"{address}/batch").status_code == 200
    assert address in inbox(cast, "fiona") and "2 / 5" in inbox(cast, "fiona")
    for name in ("alice", "helen"):  # nobody approves in another's name
        other = cast.sign_in(name)
        answers = [other.get(address), other.post(f"{address}/batch"), other.post(f"{address}/stop")]
        assert [one.status_code for one in answers] == [404] * 3
    assert "已办 4，未办成 1，共 5" in approved(cast, "fiona", address)
    assert nodes(cast, [*small, large]) == [["finance"], *[["pay"]] * 4, ["board"]]
    nothing = fiona.post("/t/acme/bulk/approve", data={"text": "nothing of the kind", "opinion": "照办"})
    assert nothing.status_code == 422 and 'value="nothing of the kind"' in nothing.text and "全部同意" not in nothing.text


def test_what_is_stopped_stays_as_far_as_it_was(cast: Cast) -> None:
    tickets, fiona = at_finance(cast, 10, 20, 30, 40), cast.sign_in("fiona")
    address = fiona.post("/t/acme/bulk/approve").headers["Location"]
    for verb in ("batch", "stop", "batch"):
        fiona.post(f"{address}/{verb}")
    assert "已中止" in fiona.get(address).text and address not in inbox(cast, "fiona")
    assert nodes(cast, tickets) == [["pay"], ["pay"], ["finance"], ["finance"]]


def test_what_comes_again_after_that_is_not_approved_with_it(cast: Cast) -> None:
    [ticket] = at_finance(cast, 10)
    fiona = cast.sign_in("fiona")
    address = fiona.post("/t/acme/bulk/approve").headers["Location"]
    act(cast, "fiona", ticket, "send_back", opinion="补发票", to="head")
    act(cast, "kevin", ticket, "approve")
    assert nodes(cast, [ticket]) == [["finance"]]
    assert "未办成 1" in approved(cast, "fiona", address)
    assert nodes(cast, [ticket]) == [["finance"]]


def test_what_is_done_to_a_ticket_meanwhile_is_waited_for_and_seen(cast_on_postgres: Cast) -> None:
    cast, tickets = cast_on_postgres, [filed(cast_on_postgres, f"{amount}.00") for amount in (10, 20)]
    address = begun(cast, "suspend", *tickets)
    with ThreadPoolExecutor(1) as beside, psycopg.connect(cast.place.config["DATABASE_URL"]) as other:
        other.execute("SELECT set_config('app.tenant_id', %s, true)", (cast.tenants["acme"],))
        other.execute("UPDATE ticket SET suspended = true WHERE id = %s", (tickets[1],))
        works = beside.submit(done, cast, address)
        with pytest.raises(TimeoutError):
            works.result(0.5)
        other.commit()
        assert (works.result(20).done, works.result().refused) == (1, 1)
