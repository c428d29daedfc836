"""A ticket whose rows are settled: a line each in the ledger, counted once, taken back one by one; a wrong row is named."""

from decimal import Decimal

from sqlalchemy import select

from dougong.platform.store import driver_transaction, moment
from dougong.runtime.host import definitions, filing
from dougong.runtime.host.settlement import reversing
from dougong.runtime.host.tables import LedgerLine, Ticket, TokenRow
from dougong.runtime.host.verbs import Actor, Done
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node
from tests.host.test_races import publish
from tests.runtime.test_settle_rows import COLUMNS, TAKEN, UNITS

FORM = form_doc(
    field("dealer"), field("day", "date"), field("items", "subform", config={"columns": COLUMNS}),
    field("fees", "formula", config={"formula": "SUM(items.fee)"}), key="order",
)  # fmt: skip
SETTLE = node("s", "settle", settlement="units", over="items", inputs=TAKEN, amount_field="fee")
FLOW = flow_doc([node("start", "start"), SETTLE, node("e", "end")], ["start>s", "s>e"], key="order", form="order")


def filed(cast: Cast, *rows: dict[str, str]) -> str:
    with cast.reading() as session:
        document = definitions.workflow("order")
        assert document is not None
        actor = Actor(cast.tenants["acme"], "Asia/Shanghai", f"person:{cast.member_id('bob')}", "赵博", frozenset())
        session.rollback()
        done = filing.file(actor, document, {"dealer": "d1", "day": "2026-03-01", "items": list(rows)})
        assert isinstance(done, Done), done
        return done.ticket_id


def lines(cast: Cast, ticket_id: str) -> list[LedgerLine]:
    with cast.reading() as session:
        return list(session.scalars(select(LedgerLine).where(LedgerLine.ticket_id == ticket_id).order_by(LedgerLine.source)))


def test_each_row_is_a_line_and_taken_back_with_the_ticket(cast: Cast) -> None:
    publish(cast, UNITS, FORM, FLOW)
    ticket_id = filed(cast, {"product": "pump", "quantity": "3"}, {"product": "pump", "quantity": "1"}, {"product": "fan"})
    found = lines(cast, ticket_id)
    assert [(one.source.rpartition(":")[2], one.amount) for one in found] == [("1", "29.99"), ("2", "10.00"), ("3", "10.00")]
    with cast.reading() as session:
        data = session.scalars(select(Ticket.data).where(Ticket.id == ticket_id)).one()
    assert [row["fee"] for row in data["items"]] == ["29.99", "10.00", "10.00"] and data["fees"] == "49.99"
    for _ in range(2):
        with cast.app.app_context(), driver_transaction(cast.tenants["acme"]) as connection:
            reversing.reverse(connection, cast.tenants["acme"], ticket_id, moment())
    after = lines(cast, ticket_id)
    assert len(after) == 6 and sum(Decimal(one.amount) for one in after) == 0


def test_a_row_without_a_price_stops_the_ticket_and_no_row_is_counted(cast: Cast) -> None:
    publish(cast, UNITS, FORM, FLOW)
    ticket_id = filed(cast, {"product": "pump", "quantity": "3"}, {"product": "nobody's"})
    assert lines(cast, ticket_id) == []
    with cast.reading() as session:
        [token] = session.scalars(select(TokenRow).where(TokenRow.ticket_id == ticket_id)).all()
        assert token.state == "failed"
    page = cast.sign_in("alice").get(f"/t/acme/tickets/{ticket_id}").text
    assert "第 2 行：没有一条计价规则适用" in page
