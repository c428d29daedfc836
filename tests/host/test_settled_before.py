"""Tickets that settle by what was counted before them, one after the other; and what goes when one is taken back."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event
from time import sleep
from typing import Any

from sqlalchemy import select

from dougong.platform.store import driver_transaction, enter_tenant, moment
from dougong.runtime.host import bulk, definitions, filing, sql
from dougong.runtime.host.settlement import beside, ledger, reversing
from dougong.runtime.host.settlement.pools import Pool
from dougong.runtime.host.tables import History, LedgerLine, Ticket
from dougong.runtime.host.verbs import Actor, Done
from dougong.runtime.settlement import Counting, Settlement, run
from dougong.runtime.settlement.pools import PART
from tests import many
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node, task
from tests.host.racing import race
from tests.host.settled import acting, draw_up, rows
from tests.host.test_approvals import on_ticket
from tests.host.test_drawing_up import close
from tests.host.test_intake import ADDED, FEE, POOL, SECOND, counted, priced, republish
from tests.host.test_races import ROUNDS, open_tasks, publish
from tests.host.test_writing import swept

COLUMNS = [field("amount", "money"), field("fee", "money")]
FORM = form_doc(
    field("who"), field("day", "date"), field("amount", "money"), field("items", "subform", config={"columns": COLUMNS}),
    field("fee", "money"), key="visit",
)  # fmt: skip
TAKEN = {one: one for one in ("who", "day", "amount")}
SETTLE: dict[str, Any] = {"settlement": "bonus", "inputs": TAKEN, "amount_field": "fee"}
FLOWS = [
    flow_doc([node("start", "start"), node("s", "settle", **how), node("e", "end")], ["start>s", "s>e"], key=key, form="visit")
    for key, how in (("visits", SETTLE), ("listed", {**SETTLE, "over": "items"}))
]


def by(charge: dict[str, Any], **more: Any) -> dict[str, Any]:
    return priced(line={**FEE, "rules": [{**FEE["rules"][0], "charge": charge}]}, **more)


def visited(cast: Cast, *amounts: str, who: str = "王", day: str = "2026-10-10", flow: str = "") -> str:
    """A ticket of one amount, or of a table of several."""
    with cast.reading() as session:
        document = definitions.workflow(flow or ("listed" if len(amounts) > 1 else "visits"))
        assert document is not None
        actor = Actor(cast.tenants["acme"], "Asia/Shanghai", f"person:{cast.member_id('bob')}", "赵博", frozenset())
        session.rollback()
        typed = {"items": [{"amount": one} for one in amounts]} if len(amounts) > 1 else {"amount": amounts[0]}
        done = filing.file(actor, document, {"who": who, "day": day, **typed})
        assert isinstance(done, Done), done
        return done.ticket_id


def amounts(cast: Cast) -> list[str]:
    with cast.reading() as session:
        wanted = select(LedgerLine.amount).where(LedgerLine.settlement_key == "bonus")
        return list(session.scalars(wanted.order_by(LedgerLine.id)))


def taken_back(cast: Cast, ticket_id: str) -> None:
    """As the end of its revocation does it: twice, to see that it is done once."""
    for _ in range(2):
        with cast.app.app_context(), driver_transaction(cast.tenants["acme"]) as connection:
            reversing.reverse(connection, cast.tenants["acme"], ticket_id, moment())


def test_tickets_and_imported_lines_count_one_after_the_other(cast: Cast) -> None:
    publish(cast, by(ADDED), FORM, *FLOWS)
    visited(cast, "400")
    counted(cast, {"no": "1", "who": "王", "day": "2026-10-12", "amount": "400"})
    ticket = visited(cast, "100", "50", day="2026-10-01")
    visited(cast, "400", who="李")
    visited(cast, "400", day="2026-11-01")
    assert amounts(cast) == ["40.00", "70.00", "20.00", "10.00", "40.00", "40.00"]
    with cast.reading() as session:
        data = session.scalars(select(Ticket.data).where(Ticket.id == ticket)).one()
        recorded = session.scalars(select(History.answers).where(History.ticket_id == ticket)).one()
    assert [row["fee"] for row in data["items"]] == ["20.00", "10.00"]
    assert [found for (kind, _), found in recorded if kind == "counted_before"] == [{"lines": 2, "sum": "800"}]


def test_which_one_of_the_month_a_ticket_is(cast: Cast) -> None:
    publish(cast, by(SECOND), FORM, *FLOWS)
    first = visited(cast, "400")
    visited(cast, "400", "100")
    assert amounts(cast) == ["0.00", "40.00", "10.00"]
    taken_back(cast, first)
    assert amounts(cast)[3:] == ["-40.00"], "two are left, of which one is free"
    visited(cast, "100")
    assert amounts(cast)[4:] == ["10.00"]


def test_a_ticket_draws_from_a_pool_and_gives_back(cast: Cast) -> None:
    publish(cast, priced(pools=[POOL]), FORM, *FLOWS)
    first = visited(cast, "1000")
    counted(cast, {"no": "1", "who": "李", "day": "2026-10-01", "amount": "200"})
    ticket = visited(cast, "200", "200")
    assert amounts(cast) == ["200.00", "40.00", "40.00", "30.00"]
    api = cast.api(cast.token("fiona"))
    assert Decimal(api("GET", "/settlements/bonus/pools").json["items"][0]["left"]) == 0
    taken_back(cast, ticket)
    taken_back(cast, first)
    assert Decimal(api("GET", "/settlements/bonus/pools").json["items"][0]["gone"]) == 20
    assert sum(map(Decimal, amounts(cast))) == 40


def test_of_two_that_settle_at_the_same_instant_one_counts_the_other(cast: Cast) -> None:
    """Two processes, a month each round: of each pair one is in the first tier, and neither draws what is left twice."""
    steps = [node("start", "start"), task("a", who={"by": "initiator"}), node("s", "settle", **SETTLE), node("e", "end")]
    raced = flow_doc(steps, ["start>a", "a>s", "s>e"], key="raced", form="visit")
    publish(cast, by(ADDED, pools=[{**POOL, "budget": "60"}]), FORM, raced)
    days = [f"{year}-{month:02}-05" for year in range(2000, 2000 + (ROUNDS + 11) // 12) for month in range(1, 13)][:ROUNDS]
    for day in days * 2:
        visited(cast, "400", day=day, flow="raced")
    tasks, bob = sorted(open_tasks(cast, "a")), cast.member_id("bob")
    config = {**cast.place.config, "HOME": cast.home}
    answers = race(config, cast.tenants["acme"], [(bob, tasks[:ROUNDS]), (bob, tasks[ROUNDS:])])
    assert answers == [["Done"] * ROUNDS] * 2
    with cast.reading() as session:
        found = session.execute(select(LedgerLine).where(LedgerLine.settlement_key == "bonus")).scalars().all()
    parts: dict[str, list[str]] = {day: [] for day in days}
    pool = Decimal(0)
    for line in found:
        drawn = sum(Decimal(amount) for code, _, amount, _ in line.parts if code == PART)
        parts[line.date].append(format(Decimal(line.amount) - drawn, "f"))
        pool += drawn
    assert {day: sorted(one) for day, one in parts.items()} == {day: ["40.00", "70.00"] for day in days}
    assert pool == 60


def whole(*amounts: str) -> Decimal:
    """What so much comes to, by the batch without a database."""
    doc = by({**ADDED, "measure": {"sum": "amount"}, "marginal": False})
    line = {"who": "王", "day": "2026-10-10", "amount": str(sum(map(Decimal, amounts)))}
    return run(Settlement.from_json(doc), [("1", line)]).rated[0][1].amount


def test_what_goes_leaves_what_the_others_come_to(cast: Cast) -> None:
    publish(cast, by(ADDED), FORM, *FLOWS)
    first, second, third = visited(cast, "400"), visited(cast, "400"), visited(cast, "30", "40", "50")
    taken_back(cast, first)
    assert amounts(cast)[5:] == ["-80.00"] and sum(map(Decimal, amounts(cast))) == whole("400", "30", "40", "50")
    taken_back(cast, third)
    assert sum(map(Decimal, amounts(cast))) == whole("400")
    visited(cast, "300")
    assert sum(map(Decimal, amounts(cast))) == whole("400", "300")
    taken_back(cast, second)
    assert sum(map(Decimal, amounts(cast))) == whole("300")


def test_what_goes_at_once_is_what_came(cast: Cast) -> None:
    publish(cast, by(ADDED), FORM, *FLOWS)
    visited(cast, "400")
    taken_back(cast, visited(cast, "80", "70", "90"))
    assert [Decimal(one) for one in amounts(cast)[1:]] == [8, 12, 18, -18, -12, -8]


def test_a_statement_says_what_is_left_before_and_after_it_is_closed(cast: Cast) -> None:
    """A line goes as more than it came: the pair of them stands on the statement, and after that on the next one."""
    doc = by(ADDED)
    del doc["statement"]
    publish(cast, doc, FORM, *FLOWS)
    first, second = visited(cast, "400"), visited(cast, "400")
    taken_back(cast, first)
    draw_up(cast, "2026-10")
    [row] = rows(cast, "2026-10")
    assert (Decimal(row.net), row.count) == (whole("400"), 3)
    close(cast, "2026-10")
    visited(cast, "300", day="2026-10-20")
    taken_back(cast, second)
    draw_up(cast, "2026-11")
    said = {one.period: Decimal(one.net) for one in rows(cast)}
    assert sum(said.values()) == whole("300") and said["2026-10"] == whole("400")


def test_a_ticket_says_what_was_counted_before_it_to_who_may_see_lines(cast: Cast) -> None:
    publish(cast, by(ADDED), FORM, *FLOWS)
    visited(cast, "400")
    ticket = visited(cast, "400")
    address = f"/t/acme/tickets/{ticket}"
    page = cast.sign_in("alice").get(address).text
    assert "统计范围内此前已计 1 笔，统计值 400" in page and "减去此前各笔已计 40" in page
    assert "此前已计" not in cast.sign_in("bob").get(address).text


def test_many_that_are_tried_again_wait_for_nobody_in_a_circle(cast: Cast) -> None:
    """Somebody holds the second of them, and is about to settle; the first has its turn before that."""
    publish(cast, by(ADDED, valid={"from": "2026-11-01"}), FORM, *FLOWS)
    first, second = sorted(visited(cast, "400") for _ in range(2))
    republish(cast, by(ADDED))
    tenant, begun = cast.tenants["acme"], Event()

    def other() -> None:
        with cast.app.app_context(), driver_transaction(tenant) as connection:
            sql.hold(connection, tenant, ticket=second)
            begun.set()
            sleep(0.5)
            beside.turn(connection, tenant)

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(other)
        begun.wait()
        with cast.app.app_context():
            enter_tenant(tenant)
            who = acting(tenant)
            row = bulk.batch(who, bulk.begin(who, "retry", "x", select(Ticket).where(Ticket.id.in_([first, second]))))
        done.result()
    assert (row.done, row.refused) == (2, 0)
    assert amounts(cast) == ["40.00", "70.00"]


def test_an_import_waits_for_a_ticket_that_is_about_to_count(cast: Cast) -> None:
    doc, tenant, begun = by(ADDED), cast.tenants["acme"], Event()
    publish(cast, doc)
    values = {"no": "t", "who": "王", "day": "2026-10-10", "amount": "400"}

    def ticket() -> None:
        with cast.app.app_context(), driver_transaction(tenant) as connection:
            enter_tenant(tenant)
            line = Counting(lambda kind, **asked: beside.before(connection, tenant, asked)).line(
                Settlement.from_json(doc, 1), values
            )
            begun.set()
            sleep(0.5)
            ledger.write(connection, tenant, line, "ticket:t", None, moment())

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(ticket)
        begun.wait()
        counted(cast, {**values, "no": "i"})
        done.result()
    assert sorted(amounts(cast)) == ["40.00", "70.00"]


def test_whatever_comes_and_goes_the_lines_say_what_those_that_stand_come_to(cast: Cast) -> None:
    publish(cast, by(ADDED), FORM, *FLOWS)
    chance = random.Random(7)
    tickets: dict[str, list[str]] = {}
    brought: list[str] = []
    for turn in range(many(12)):
        sizes = [str(chance.randint(-200, 500)) for _ in range(chance.choice((1, 1, 3)))]
        match chance.choice(("ticket", "ticket", "file", "back")):
            case "ticket":
                tickets[visited(cast, *sizes)] = sizes
            case "file":
                counted(
                    cast,
                    *({"no": f"{turn}-{n}", "who": "王", "day": "2026-10-03", "amount": one} for n, one in enumerate(sizes)),
                )
                brought += sizes
            case "back" if tickets:
                gone = chance.choice(sorted(tickets))
                taken_back(cast, gone)
                del tickets[gone]
        standing = [*brought, *(one for mine in tickets.values() for one in mine)]
        assert sum(map(Decimal, amounts(cast))) == whole(*standing)


def test_what_was_settled_is_taken_back_where_the_ticket_goes_back_before_that_or_is_cancelled(cast: Cast) -> None:
    """And so is what it drew: of a pool of 60, 40 are free again, and whoever comes then is paid as if nobody had been."""
    who: dict[str, Any] = {"who": {"by": "initiator"}, "rights": {}}
    steps = [node("start", "start"), task("ask", **who), node("s", "settle", **SETTLE), task("after", send_back="any", **who)]
    ways = ["start>ask", "ask>s", "s>after", "after>e"]
    doc = flow_doc([*steps, node("e", "end")], ways, key="visits", form="visit")
    publish(cast, by(ADDED, pools=[{**POOL, "budget": "60"}]), FORM, doc)
    ticket = visited(cast, "400")
    cast.work("bob", ticket, "ask")
    assert (amounts(cast), pool(cast)) == (["80.00"], 40)
    mine = cast.open_task(ticket, "after")
    said = {"revision": mine.revision, "to": "ask", "opinion": "x"}
    cast.sign_in("bob").post(f"/t/acme/tasks/{mine.id}/send_back", data=said)
    swept(cast)
    assert (amounts(cast), pool(cast), cast.waiting(ticket)) == (["80.00", "-80.00"], 0, ["ask"])
    cast.work("bob", ticket, "ask")
    assert (amounts(cast)[2:], pool(cast)) == (["80.00"], 40)
    assert "结算明细 · 1 笔" in cast.sign_in("alice").get(f"/t/acme/tickets/{ticket}").text
    on_ticket(cast, "alice", ticket, "repair/cancel", opinion="x")
    swept(cast)
    assert (amounts(cast)[3:], pool(cast)) == (["-80.00"], 0)
    other = visited(cast, "400")
    cast.work("bob", other, "ask")
    assert amounts(cast)[4:] == ["80.00"]


def pool(cast: Cast) -> Decimal:
    with cast.reading() as session:
        return Decimal(session.scalars(select(Pool.gone)).one())
