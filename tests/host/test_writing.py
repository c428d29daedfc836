"""Steps that write into records: once, all or nothing, whoever dies meanwhile; the record tells which ticket it was."""

import random
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import delete, select, update

from dougong.platform.audit import Audit
from dougong.platform.store import transaction
from dougong.runtime.host import definitions, filing, held, records, worker
from dougong.runtime.host.tables import EffectRow, History, Record, Ticket, TokenRow
from dougong.runtime.host.verbs import Actor, Done
from tests import LONG
from tests.cast import Cast
from tests.drawing import edge, field, flow_doc, form_doc, node, task
from tests.host.test_approvals import on_ticket
from tests.host.test_kills import processes, until
from tests.host.test_races import publish

(KILLS, MORE), PLENTY = ((50, 200) if LONG else (2, 40)), 100_000
INITIATOR = {"by": "initiator"}
PART = {
    **form_doc(
        field("name", required=True), field("stock", "number", config={"places": 0, "min": "0"}),
        field("keeper", "person"), field("worth", "formula", config={"formula": "stock * 10"}), key="part",
    ),
    "kind": "entity", "name_field": "name", "unique_field": "name",
}  # fmt: skip
OF_PART = {"entity": "part"}
LINES = [field("part", "record", config=OF_PART), field("quantity", "number")]
FORM = form_doc(
    field("part", "record", config=OF_PART), field("name"), field("keeper", "person"),
    field("lines", "subform", config={"columns": LINES}), key="use",
)  # fmt: skip


def value(target: str, formula: str, **more: Any) -> dict[str, Any]:
    return {"uid": target, "field": target, "formula": formula, **more}


TAKE = node(
    "take", "write_record", entity="part", how="change", over="lines", record="part",
    values=[value("stock", "-quantity", how="add", at_least="0")],
)  # fmt: skip
MAKE = node(
    "make", "write_record", entity="part", how="create", into="part",
    values=[value("name", "name"), value("stock", "7"), value("keeper", "keeper")],
)  # fmt: skip


def flow(step: dict[str, Any], key: str) -> dict[str, Any]:
    uid = step["uid"]
    nodes = [
        node("start", "start"),
        task("ask", who=INITIATOR, rights={}),
        step,
        task("after", who=INITIATOR),
        task("short", who=INITIATOR),
        node("e", "end"),
    ]
    ways = ["start>ask", f"ask>{uid}", f"{uid}>after", edge(f"{uid}>short", on="refused"), "after>e", "short>e"]
    return flow_doc(nodes, ways, key=key, form="use")


@pytest.fixture
def stock(cast: Cast) -> Cast:
    publish(cast, PART, FORM, flow(TAKE, "take"), flow(MAKE, "make"))
    with cast.reading(), transaction(cast.tenants["acme"]) as session:
        for name, count in (("pump", "5"), ("fan", "2")):
            records.put(session, cast.tenants["acme"], "part", {"name": name, "stock": count})
    return cast


def part(cast: Cast, name: str) -> Record:
    with cast.reading() as session:
        found = session.scalars(select(Record).where(Record.entity_key == "part", Record.title == name)).one()
        session.expunge(found)
        return found


def left(cast: Cast) -> dict[str, str]:
    with cast.reading() as session:
        return {one.title: one.data["stock"] for one in session.scalars(select(Record).where(Record.entity_key == "part"))}


def asked(cast: Cast, *lines: tuple[str, str], key: str = "take", **values: Any) -> str:
    """A ticket that stands before its write, which the worker has not done yet."""
    [ticket_id] = filed(cast, key, 1, *lines, **values)
    cast.work("bob", ticket_id, "ask")
    return ticket_id


def filed(cast: Cast, key: str, times: int, *lines: tuple[str, str], **values: Any) -> list[str]:
    """So many tickets of bob's."""
    rows = [{"part": part(cast, name).id, "quantity": quantity} for name, quantity in lines]
    with cast.reading() as session:
        document = definitions.workflow(key)
        assert document is not None
        who = f"person:{cast.member_id('bob')}"
        actor = Actor(cast.tenants["acme"], "Asia/Shanghai", who, "赵博", frozenset({who}))
        session.rollback()
        done = [filing.file(actor, document, {"lines": rows, **values}) for _ in range(times)]
    return [one.ticket_id for one in done if isinstance(one, Done)]


def swept(cast: Cast) -> None:
    with cast.app.app_context():
        while worker.sweep():
            pass


def pages(cast: Cast, ticket_id: str, name: str = "alice") -> str:
    return cast.sign_in(name).get(f"/t/acme/tickets/{ticket_id}").text


def test_what_a_ticket_takes_is_taken_once_and_the_record_tells_which_it_was(stock: Cast) -> None:
    ticket_id = asked(stock, ("pump", "2"), ("fan", "1"), ("pump", "1"))
    assert left(stock) == {"pump": "5", "fan": "2"}
    swept(stock)
    assert (left(stock), stock.waiting(ticket_id)) == ({"pump": "2", "fan": "1"}, ["after"])
    with stock.reading(), transaction(stock.tenants["acme"]) as session:
        session.execute(update(EffectRow).where(EffectRow.kind == "write_record").values(state="todo", attempts=0))
        [again] = session.scalars(select(EffectRow.id).where(EffectRow.kind == "write_record"))
    with stock.app.app_context():
        worker.perform(stock.tenants["acme"], again)
    assert left(stock) == {"pump": "2", "fan": "1"}
    pump = part(stock, "pump")
    assert (pump.data["worth"], pump.revision) == ("20", 3)
    page = stock.sign_in("alice").get(f"/t/acme/records/part/{pump.id}").text
    with stock.reading() as session:
        number = session.scalars(select(Ticket.number).where(Ticket.id == ticket_id)).one()
    assert f"工单 {number}" in page and f"/t/acme/tickets/{ticket_id}" in page
    assert "已写入数据" in pages(stock, ticket_id)


def test_too_little_takes_nothing_of_any_and_goes_the_way_that_is_drawn(stock: Cast) -> None:
    ticket_id = asked(stock, ("pump", "1"), ("fan", "2"), ("pump", "5"))
    swept(stock)
    assert (left(stock), stock.waiting(ticket_id)) == ({"pump": "5", "fan": "2"}, ["short"])
    assert "“pump”的“stock”现为 4，写入后为 -1，低于下限 0" in pages(stock, ticket_id)
    assert part(stock, "fan").revision == 1


def test_of_many_at_once_no_more_is_taken_than_is_there(stock: Cast) -> None:
    tickets = [asked(stock, ("pump", "1")) for _ in range(7)]
    with stock.reading() as session:
        effects = list(session.scalars(select(EffectRow.id).where(EffectRow.kind == "write_record")))

    def perform(effect_id: str) -> None:
        with stock.app.app_context():
            worker.perform(stock.tenants["acme"], effect_id)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(perform, effects * 2))
    where = sorted(stock.waiting(one)[0] for one in tickets)
    assert (left(stock)["pump"], where) == ("0", ["after"] * 5 + ["short"] * 2)


def test_who_dies_between_the_record_and_the_ticket_has_done_neither(stock: Cast) -> None:
    ticket_id = asked(stock, ("pump", "2"))
    with mock.patch.object(held, "signal", side_effect=RuntimeError("killed")):
        swept(stock)
    assert (left(stock)["pump"], stock.waiting(ticket_id)) == ("5", [])
    with stock.reading() as session:
        [again] = session.scalars(select(EffectRow.id).where(EffectRow.kind == "write_record"))
    with stock.app.app_context():
        worker.perform(stock.tenants["acme"], again, 1)
    assert (left(stock)["pump"], stock.waiting(ticket_id)) == ("3", ["after"])


def test_workers_that_are_killed_while_they_write_lose_nothing_and_take_nothing_twice(stock: Cast) -> None:
    """Each is killed in the middle of its work: there is always more of it."""
    publish(
        stock, flow_doc([node("start", "start"), TAKE, node("e", "end")], ["start>take", "take>e"], key="at_once", form="use")
    )
    with stock.reading(), transaction(stock.tenants["acme"]) as session:
        for name in ("pump", "fan"):
            records.put(session, stock.tenants["acme"], "part", {"name": name, "stock": str(PLENTY)})
    tickets, chance, names = list[str](), random.Random(17), ("one", "two")
    with processes(stock, *names) as found:
        for kill in range(KILLS):
            if len(tickets) - written(stock) < MORE:
                tickets += filed(stock, "at_once", MORE, ("pump", "1"), ("fan", "2"))
            before = written(stock)
            until(lambda before=before: written(stock) > before, 90)
            time.sleep(chance.uniform(0, 0.1))
            found.kill(names[kill % 2])
            found.start(names[kill % 2])
        until(lambda: written(stock) == len(tickets), 240)
    assert left(stock) == {"pump": str(PLENTY - len(tickets)), "fan": str(PLENTY - 2 * len(tickets))}
    with stock.reading() as session:
        assert set(session.scalars(select(Ticket.state))) == {"done"}
        told = session.scalars(select(History.ticket_id).where(History.verb == "written"))
        assert Counter(told) == dict.fromkeys(tickets, 1)
        changes = session.execute(select(Audit.subject_id, Audit.detail).where(Audit.subject == "record"))
        of = Counter((record_id, detail["ticket"]) for record_id, detail in changes if "ticket" in detail)
    assert len(of) == 2 * len(tickets) and set(of.values()) == {1}


def written(cast: Cast) -> int:
    with cast.reading() as session:
        return len(
            session.scalars(select(EffectRow.id).where(EffectRow.kind == "write_record", EffectRow.state == "done")).all()
        )


def test_a_new_record_is_the_initiators_and_stands_in_the_ticket(stock: Cast) -> None:
    keeper = stock.member_id("frank")
    ticket_id = asked(stock, key="make", name="valve", keeper=keeper)
    swept(stock)
    made = part(stock, "valve")
    assert made.data["keeper"] == {"id": keeper, "title": made.data["keeper"]["title"]} and made.data["keeper"]["title"]
    assert (made.created_by, made.data["stock"]) == (f"person:{stock.member_id('bob')}", "7")
    with stock.reading() as session:
        data = session.scalars(select(Ticket.data).where(Ticket.id == ticket_id)).one()
    assert data["part"] == {"id": made.id, "title": "valve"}
    twice = asked(stock, key="make", name="valve", keeper=keeper)
    swept(stock)
    assert stock.waiting(twice) == ["short"]
    assert "“valve”已存在（valve）" in pages(stock, twice)


def test_what_a_record_cannot_hold_is_an_incident_and_not_a_refusal(stock: Cast) -> None:
    ticket_id = asked(stock, key="make", name="")
    swept(stock)
    assert stock.waiting(ticket_id) == []
    assert "part的“name”写不进去" in pages(stock, ticket_id)


def test_a_record_that_is_gone_or_is_anothers_is_an_incident_that_can_be_tried_again(stock: Cast) -> None:
    ticket_id = asked(stock, ("pump", "2"))
    pump = part(stock, "pump")
    with stock.reading(), transaction(stock.tenants["acme"]) as session:
        session.execute(delete(Record).where(Record.id == pump.id))
    with stock.reading("globex"), transaction(stock.tenants["globex"]) as session:
        session.add(Record(id=pump.id, entity_key="part", title="pump", data={"stock": "9"}))
    swept(stock)
    assert "part“pump”已被删除，没有写入" in pages(stock, ticket_id)
    with stock.reading(), transaction(stock.tenants["acme"]) as session:
        session.add(Record(id=pump.id, entity_key="part", title="pump", data={"name": "pump", "stock": "9"}))
    with stock.reading() as session:
        [token] = session.scalars(select(TokenRow.number).where(TokenRow.ticket_id == ticket_id))
    on_ticket(stock, "alice", ticket_id, f"retry/{token}")
    swept(stock)
    assert (left(stock)["pump"], stock.waiting(ticket_id)) == ("7", ["after"])
    with stock.reading("globex") as session:
        assert session.scalars(select(Record.data).where(Record.id == pump.id)).one() == {"stock": "9"}


@pytest.mark.parametrize("verb", ["skip", "cancel", "suspend", "take_back"])
def test_nothing_is_written_for_a_ticket_that_waits_no_more(stock: Cast, verb: str) -> None:
    ticket_id = asked(stock, ("pump", "2"))
    with stock.reading() as session:
        [token] = session.scalars(select(TokenRow.number).where(TokenRow.ticket_id == ticket_id))
    if verb == "take_back":
        on_ticket(stock, "bob", ticket_id, "take_back")
        stock.work("bob", ticket_id, "ask")
    else:
        on_ticket(stock, "alice", ticket_id, f"repair/{verb}", opinion="x", token=token)
    swept(stock)
    assert left(stock)["pump"] == ("3" if verb == "take_back" else "5")  # taken back and done again: once
    if verb == "suspend":
        on_ticket(stock, "alice", ticket_id, "repair/resume", opinion="x")
        with stock.reading() as session:
            [waits] = session.scalars(select(EffectRow.id).where(EffectRow.kind == "write_record"))
        with stock.app.app_context():
            worker.perform(stock.tenants["acme"], waits)
        assert left(stock)["pump"] == "3"


@pytest.mark.parametrize("verb", ["recall", "send_back"])
def test_what_comes_back_to_the_start_gives_back_what_it_took_so_that_only_the_last_counts(stock: Cast, verb: str) -> None:
    after = {**task("after", who=INITIATOR), "config": {"who": INITIATOR, "rights": {}, "send_back": "initiator"}}
    steps = [node("start", "start", rights={"*": "write"}), TAKE, after, node("e", "end")]
    publish(stock, flow_doc(steps, ["start>take", "take>after", "after>e"], key="again", form="use", recall="any"))
    [ticket_id] = filed(stock, "again", 1, ("pump", "2"), ("fan", "1"))
    swept(stock)
    assert left(stock) == {"pump": "3", "fan": "1"}
    if verb == "recall":
        on_ticket(stock, "bob", ticket_id, "recall")
    else:
        said = {"revision": stock.open_task(ticket_id, "after").revision, "to": "start", "opinion": "x"}
        stock.sign_in("bob").post(f"/t/acme/tasks/{stock.open_task(ticket_id, 'after').id}/send_back", data=said)
    assert "正在冲回" in pages(stock, ticket_id, "bob") and "正在冲回" in on_ticket(stock, "bob", ticket_id, "withdraw")
    swept(stock)
    assert (left(stock), stock.waiting(ticket_id)) == ({"pump": "5", "fan": "2"}, ["start"])
    assert "已冲回数据" in pages(stock, ticket_id)
    mended = stock.open_task(ticket_id, "start")
    bob = stock.api(stock.token("bob"))
    assert bob("POST", f"/tasks/{mended.id}/submit", {"revision": mended.revision, "values": {}}).status_code == 200
    swept(stock)
    assert (left(stock), stock.waiting(ticket_id)) == ({"pump": "3", "fan": "1"}, ["after"])
    on_ticket(stock, "bob", ticket_id, "recall")
    swept(stock)
    on_ticket(stock, "bob", ticket_id, "withdraw")
    assert (left(stock), result(stock, ticket_id)) == ({"pump": "5", "fan": "2"}, "cancelled")


BACK = node("back", "put_back", entity="part")
REVOKED = flow_doc(
    [
        node("start", "start"), task("ask", who=INITIATOR, rights={}), {**TAKE}, node("e", "end"), node("r", "revoke"),
        BACK, task("missing", who=INITIATOR), node("z", "end", result="revoked"), node("kept", "end", result="rejected"),
    ],
    ["start>ask", "ask>take", "take>e", "r>back", "back>z", edge("back>missing", on="refused"), "missing>kept"],
    key="revoked", form="use",
)  # fmt: skip


def test_a_ticket_that_is_revoked_puts_back_what_it_has_taken(stock: Cast) -> None:
    publish(stock, REVOKED)
    took = asked(stock, ("pump", "2"), ("fan", "1"), ("pump", "1"), key="revoked")
    swept(stock)
    assert left(stock) == {"pump": "2", "fan": "1"}
    on_ticket(stock, "bob", took, "revoke", opinion="退货")
    assert left(stock) == {"pump": "2", "fan": "1"}
    swept(stock)
    assert (left(stock), result(stock, took)) == ({"pump": "5", "fan": "2"}, "revoked")


def test_what_has_gone_meanwhile_is_not_put_back_and_that_is_told(stock: Cast) -> None:
    """A ticket that has brought parts in is revoked when they have been used: nothing falls below its bound."""
    publish(stock, REVOKED)
    brought = asked(stock, ("fan", "-3"), ("pump", "-1"), key="revoked")
    swept(stock)
    used = asked(stock, ("fan", "4"))
    swept(stock)
    assert (left(stock), stock.waiting(used)) == ({"pump": "6", "fan": "1"}, ["after"])
    on_ticket(stock, "bob", brought, "revoke", opinion="x")
    swept(stock)
    assert (left(stock), stock.waiting(brought)) == ({"pump": "6", "fan": "1"}, ["missing"])
    assert "“fan”的“stock”现为 1，写入后为 -2，低于下限 0" in pages(stock, brought)
    stock.work("bob", brought, "missing")
    assert result(stock, brought) == "completed"
    with stock.reading(), transaction(stock.tenants["acme"]) as session:
        records.put(session, stock.tenants["acme"], "part", {"name": "fan", "stock": "9"})
    on_ticket(stock, "bob", brought, "revoke", opinion="x")
    swept(stock)
    assert (left(stock), result(stock, brought)) == ({"pump": "5", "fan": "6"}, "revoked")


def result(cast: Cast, ticket_id: str) -> str | None:
    with cast.reading() as session:
        return session.scalars(select(Ticket.result).where(Ticket.id == ticket_id)).one()


@pytest.fixture
def between(stock: Cast) -> str:
    """A ticket that stands behind what it took, which stands behind a step of bob's."""
    asks = {"config": {"who": INITIATOR, "rights": {}, "send_back": "any"}}
    steps = [node("start", "start"), task("ask", who=INITIATOR, rights={}), TAKE, {**task("after"), **asks}, node("e", "end")]
    publish(stock, flow_doc(steps, ["start>ask", "ask>take", "take>after", "after>e"], key="between", form="use"))
    ticket_id = asked(stock, ("pump", "2"), ("fan", "1"), key="between")
    swept(stock)
    assert left(stock) == {"pump": "3", "fan": "1"}
    return ticket_id


def test_sent_back_to_a_step_in_between_it_is_put_back_so_that_it_is_taken_once(stock: Cast, between: str) -> None:
    task_of_bob = stock.open_task(between, "after")
    said = {"revision": task_of_bob.revision, "to": "ask", "opinion": "x"}
    stock.sign_in("bob").post(f"/t/acme/tasks/{task_of_bob.id}/send_back", data=said)
    assert stock.waiting(between) == [] and "正在冲回" in pages(stock, between, "bob")
    swept(stock)
    assert (left(stock), stock.waiting(between)) == ({"pump": "5", "fan": "2"}, ["ask"])
    assert "已冲回数据" in pages(stock, between)
    stock.work("bob", between, "ask")
    swept(stock)
    assert (left(stock), stock.waiting(between)) == ({"pump": "3", "fan": "1"}, ["after"])


def test_cancelled_it_gives_back_what_it_took_or_keeps_it_and_that_is_said(stock: Cast, between: str) -> None:
    dialog = pages(stock, between)
    assert "part · pump · stock -2" in dialog and "part · fan · stock -1" in dialog and 'name="keep"' in dialog
    on_ticket(stock, "alice", between, "repair/suspend", opinion="x")
    on_ticket(stock, "alice", between, "repair/cancel", opinion="x")
    page = pages(stock, between)
    assert result(stock, between) is None and "工单正在取消" in page and "剩余步骤" not in page
    swept(stock)
    assert (left(stock), result(stock, between)) == ({"pump": "5", "fan": "2"}, "cancelled")
    on_ticket(stock, "alice", between, "repair/reopen", opinion="x", node="ask")
    stock.work("bob", between, "ask")
    swept(stock)
    assert left(stock) == {"pump": "3", "fan": "1"}
    alice = stock.api(stock.token("alice"))
    done = alice("POST", f"/tickets/{between}/repair", {"verb": "cancel", "reason": "x", "keep": True})
    assert (done.status_code, result(stock, between)) == (204, "cancelled")
    assert left(stock) == {"pump": "3", "fan": "1"} and "未冲回" in pages(stock, between)
    on_ticket(stock, "alice", between, "repair/reopen", opinion="x", node="ask")
    swept(stock)
    assert (left(stock), stock.waiting(between)) == ({"pump": "5", "fan": "2"}, ["ask"])


@pytest.mark.parametrize("keep", ["", "yes"])
def test_cancelled_with_others_it_gives_back_or_keeps_as_is_chosen_for_all(stock: Cast, between: str, keep: str) -> None:
    alice = stock.sign_in("alice")
    said = {"verb": "cancel", "reason": "停产", "ticket": between, "keep": keep}
    address = alice.post("/t/acme/bulk/", data=said).headers["Location"]
    alice.post(f"{address}/batch")
    swept(stock)
    kept = {"pump": "3", "fan": "1"}
    assert (left(stock), result(stock, between)) == (kept if keep else {"pump": "5", "fan": "2"}, "cancelled")
    assert ("未冲回" in pages(stock, between)) is bool(keep)


def test_whoever_has_it_straight_back_sees_what_is_given_back_where_he_withdraws_it(stock: Cast) -> None:
    after = {
        **task("after", who=INITIATOR),
        "config": {"who": INITIATOR, "rights": {}, "send_back": "any", "after_return": "straight"},
    }
    steps = [node("start", "start", rights={"*": "write"}), TAKE, after, node("e", "end")]
    publish(stock, flow_doc(steps, ["start>take", "take>after", "after>e"], key="straight", form="use"))
    [ticket_id] = filed(stock, "straight", 1, ("pump", "2"))
    swept(stock)
    mine = stock.open_task(ticket_id, "after")
    said = {"revision": mine.revision, "to": "start", "opinion": "x"}
    stock.sign_in("bob").post(f"/t/acme/tasks/{mine.id}/send_back", data=said)
    assert (left(stock)["pump"], stock.waiting(ticket_id)) == ("3", ["start"])
    assert re.search(r"作废时冲回：<ul><li>part · pump · stock -2</li>", pages(stock, ticket_id, "bob"))
    on_ticket(stock, "bob", ticket_id, "withdraw")
    swept(stock)
    assert (left(stock)["pump"], result(stock, ticket_id)) == ("5", "cancelled")
