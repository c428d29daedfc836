"""撤销已通过: asked for by whoever filed it, decided by whoever approved, and the ledger says the opposite."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from dougong.platform.store import driver_of, enter_tenant, moment, transaction
from dougong.runtime.host import worker
from dougong.runtime.host.settlement import ledger, reversing
from dougong.runtime.host.tables import LedgerLine, Notice, StatementRow, Ticket
from tests.cast import Cast
from tests.host.test_approvals import act, filed, on_ticket, state, verbs, waiting
from tests.host.test_decision_tables import known, published
from tests.host.test_time import rate, to_the_rating


@pytest.fixture
def paid(cast: Cast) -> str:
    """A large refund that all have approved: kevin, helen and fiona."""
    ticket = filed(cast)
    for name in ("kevin", "helen", "fiona"):
        act(cast, name, ticket, "approve")
    cast.work("fiona", ticket, "pay", paid_on="2026-11-26", payment_reference="P1")
    assert state(cast, ticket) == ("done", "approved")
    return ticket


def told(cast: Cast, name: str) -> list[str]:
    with cast.app.app_context():
        while worker.sweep():
            pass
    with cast.reading() as session:
        wanted = select(Notice).where(Notice.member_id == cast.member_id(name)).order_by(Notice.id)
        return [one.text["zh-Hans"] for one in session.scalars(wanted)]


def test_it_is_revoked_when_all_who_approved_agree(cast: Cast, paid: str) -> None:
    assert 'data-dialog="revoke-' in cast.sign_in("bob").get(f"/t/acme/tickets/{paid}").text
    assert "请写明原因" in on_ticket(cast, "bob", paid, "revoke")
    assert "撤销审批中" in on_ticket(cast, "bob", paid, "revoke", opinion="客户退货取消")
    assert waiting(cast, paid) == [("agree", "fiona"), ("agree", "helen"), ("agree", "kevin")]
    assert any("申请撤销" in one for one in told(cast, "kevin"))
    for name in ("kevin", "helen", "fiona"):
        act(cast, name, paid, "approve", opinion="同意撤销")
    assert state(cast, paid) == ("done", "revoked")
    assert verbs(cast, paid)[-4:] == ["revoke", "approve", "approve", "approve"]
    page = cast.sign_in("bob").get(f"/t/acme/tickets/{paid}").text
    assert "已撤销" in page and "客户退货取消" in page
    assert "您的撤销申请已通过，工单已撤销" in told(cast, "bob")
    assert any("P1" in one for one in told(cast, "fiona"))
    on_ticket(cast, "fiona", paid, "take_back")
    assert state(cast, paid) == ("done", "revoked"), "what was reversed is not taken back by one click"


def test_refused_or_taken_back_it_stays_approved(cast: Cast, paid: str) -> None:
    on_ticket(cast, "bob", paid, "revoke", opinion="x")
    act(cast, "helen", paid, "reject", opinion="已入账")
    assert (state(cast, paid), waiting(cast, paid)) == (("done", "approved"), [])
    assert "您的撤销申请未通过，工单保持原结果" in told(cast, "bob")
    on_ticket(cast, "bob", paid, "revoke", opinion="x")
    on_ticket(cast, "bob", paid, "recall", opinion="不撤了")
    assert (state(cast, paid), waiting(cast, paid)) == (("done", "approved"), [])


def test_nobody_else_asks_for_it_and_nobody_too_late(cast: Cast, paid: str) -> None:
    assert cast.sign_in("kevin").post(f"/t/acme/tickets/{paid}/revoke", data={"opinion": "x"}).status_code == 404
    bob = cast.api(cast.token("bob"))
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Ticket).values(ended_at=moment(datetime.now(UTC) - timedelta(days=32))))
    late = bob("POST", f"/tickets/{paid}/act", {"verb": "revoke", "opinion": "x"})
    assert (late.status_code, late.json["error"]["details"][0]["code"]) == (422, "verb.not_revocable")
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Ticket).values(ended_at=moment(datetime.now(UTC) - timedelta(days=30))))
    assert bob("POST", f"/tickets/{paid}/act", {"verb": "revoke", "opinion": "x"}).status_code == 204
    assert state(cast, paid) == ("running", None)


def test_roles_that_the_entry_names_ask_for_it_too_and_take_the_wish_back(cast: Cast, request: pytest.FixtureRequest) -> None:
    alice = cast.sign_in("alice")
    workflow = known(alice, "workflow", "refund")
    named = [
        {**one, "config": {**one.get("config", {}), "roles": ["refund_finance"]}} if one["type"] == "revoke" else one
        for one in workflow["draft"]["nodes"]
    ]
    published(alice, workflow, {**workflow["draft"], "nodes": named})
    paid = request.getfixturevalue("paid")
    assert 'data-dialog="revoke-' in cast.sign_in("fiona").get(f"/t/acme/tickets/{paid}").text
    kevin, fiona = (cast.api(cast.token(name)) for name in ("kevin", "fiona"))
    asked = {"verb": "revoke", "opinion": "重复付款"}
    assert kevin("POST", f"/tickets/{paid}/act", asked).status_code == 404  # another role
    assert fiona("POST", f"/tickets/{paid}/act", asked).status_code == 204
    assert state(cast, paid) == ("running", None)
    assert cast.sign_in("bob").post(f"/t/acme/tickets/{paid}/recall", data={"opinion": "x"}).status_code == 404  # not his wish
    on_ticket(cast, "fiona", paid, "recall", opinion="查清了")
    assert state(cast, paid) == ("done", "approved")
    assert fiona("POST", f"/tickets/{paid}/act", asked).status_code == 204
    for name in ("kevin", "helen", "fiona"):
        act(cast, name, paid, "approve", opinion="同意撤销")
    assert state(cast, paid) == ("done", "revoked")
    assert "您的撤销申请已通过，工单已撤销" in told(cast, "fiona")
    assert "您发起的工单已被撤销" in told(cast, "bob") and "您的撤销申请已通过，工单已撤销" not in told(cast, "bob")


# ---- the ledger ----


@pytest.fixture
def settled(cast: Cast) -> str:
    """A repair whose fee has been written to the ledger."""
    ticket = cast.file()
    to_the_rating(cast, ticket)
    rate(cast, ticket, "5")
    return ticket


def reversed_(cast: Cast, ticket: str, at: str = "2026-11-26T01:00:00.000Z") -> list[LedgerLine]:
    """As the end of its revocation does it: twice, to see that it is done once."""
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        for _ in range(2):
            reversing.reverse(driver_of(session), cast.tenants["acme"], ticket, at)
    with cast.reading() as session:
        found = list(session.scalars(select(LedgerLine).where(LedgerLine.ticket_id == ticket).order_by(LedgerLine.id)))
        session.expunge_all()
    return found


def test_a_line_is_taken_back_by_one_that_says_the_opposite(cast: Cast, settled: str) -> None:
    line, against = reversed_(cast, settled)
    with cast.reading() as session:  # the partner knows it by the ticket's number
        assert line.inputs["ticket"] == session.scalars(select(Ticket.number).where(Ticket.id == settled)).one()
    assert Decimal(line.amount) > 0 and Decimal(line.amount) + Decimal(against.amount) == 0
    assert (against.partner_id, against.period, against.inputs) == (line.partner_id, line.period, line.inputs)
    assert sum(Decimal(part[2]) for part in against.parts) == Decimal(against.amount)
    assert against.source == f"reversal:{line.id}"


def test_in_the_month_s_statement_the_two_count_for_nothing(cast: Cast, settled: str) -> None:
    line, _ = reversed_(cast, settled)
    fiona = cast.sign_in("fiona")
    fiona.post("/t/acme/settlement/repair_fee/statements", data={"period": line.period})
    with cast.reading() as session:
        found = session.scalars(select(StatementRow).where(StatementRow.partner_id == line.partner_id)).all()
        assert [one for one in found if one.period == line.period] == []


def test_what_a_closed_statement_has_taken_is_made_up_for_by_the_next(cast: Cast, settled: str) -> None:
    with cast.reading() as session:
        period = session.scalars(select(LedgerLine.period).where(LedgerLine.ticket_id == settled)).one()
    assert period == "2026-03"
    fiona = cast.sign_in("fiona")
    fiona.post("/t/acme/settlement/repair_fee/statements", data={"period": period})
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(StatementRow).values(state="approved"))
    line, against = reversed_(cast, settled, "2026-03-20T01:00:00.000Z")
    assert (line.date, line.period) == (against.date, against.period) and against.statement_id is None
    fiona.post("/t/acme/settlement/repair_fee/statements", data={"period": "2026-04"})
    with cast.reading() as session:
        closed, after = session.scalars(select(StatementRow).order_by(StatementRow.period)).all()
        assert (after.period, Decimal(after.gross)) == ("2026-04", -Decimal(closed.gross))


def test_what_a_ticket_has_settled_goes_with_it(cast: Cast, paid: str) -> None:
    line = {
        "settlement": "repair_fee", "version": 1, "partner": {"id": "p", "title": "P"}, "date": "2026-11-26",
        "period": "2026-11", "currency": "CNY", "amount": "12.50", "rule": None, "values": {}, "parts": [],
    }  # fmt: skip
    with cast.app.app_context():
        enter_tenant(acme := cast.tenants["acme"])
        with transaction(acme) as session:
            assert ledger.write(driver_of(session), acme, line, f"ticket:{paid}:x:1", paid, moment())
    on_ticket(cast, "bob", paid, "revoke", opinion="x")
    for name in ("kevin", "helen", "fiona"):
        act(cast, name, paid, "approve", opinion="x")
    with cast.reading() as session:
        amounts = session.scalars(select(LedgerLine.amount).where(LedgerLine.ticket_id == paid).order_by(LedgerLine.id))
        assert list(amounts) == ["12.50", "-12.50"]
