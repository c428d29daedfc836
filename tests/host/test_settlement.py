"""From a file of orders to a confirmed statement: to the cent as added up by hand, nothing twice, nothing changed later."""

import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import delete, func, select, update

from dougong.platform import links, sheets
from dougong.platform.documents import Document
from dougong.platform.store import driver_transaction, transaction
from dougong.platform.web import money
from dougong.runtime.host import bulk
from dougong.runtime.host.settlement import ledger, sending, spreadsheets
from dougong.runtime.host.tables import History, LedgerLine, Record, StatementRow, Task, Ticket
from dougong.runtime.host.telling import words_of
from tests.cast import Cast, fields
from tests.host.settled import acting

DEMO = Path(__file__).parents[2] / "packs" / "demo"
EXPECTED: list[dict[str, Any]] = json.loads((DEMO / "rebate_expected.json").read_text("utf-8"))["statements"]
PAIR = ("fiona", "alice")
STATEMENTS = "/t/acme/settlement/dealer_rebate/statements"


@pytest.fixture
def drawn_up(cast: Cast) -> Cast:
    answer = cast.sign_in("fiona").post(STATEMENTS, data={"period": "2026-10"})
    assert answer.status_code == 302
    return cast


def statements(cast: Cast) -> list[StatementRow]:
    with cast.reading() as session:
        rows = list(session.scalars(select(StatementRow).order_by(StatementRow.number)))
        for row in rows:
            assert row.body  # loaded before the session ends
        session.expunge_all()
        return rows


def test_every_statement_is_what_was_added_up_by_hand(drawn_up: Cast) -> None:
    with drawn_up.reading() as session:
        codes = {
            row.id: row.data["code"] for row in session.scalars(select(Record).where(Record.entity_key == "rebate_dealer"))
        }
    found = {
        (codes[row.partner_id], row.currency): {
            "net": row.net, "tax": row.tax, "gross": row.gross, "orders": row.count,
            "shares": {share["uid"]: share["amount"] for share in row.body["shares"]},
        }
        for row in statements(drawn_up)
    }  # fmt: skip
    wanted = {
        (one["dealer"], one["currency"]): {name: one[name] for name in ("net", "tax", "gross", "orders", "shares")}
        for one in EXPECTED
    }
    assert found == wanted


def test_every_total_is_the_sum_of_its_explanation(drawn_up: Cast) -> None:
    for row in statements(drawn_up):
        groups, shares = row.body["groups"], row.body["shares"]
        for group in groups:
            assert sum(Decimal(part[2]) for part in group["parts"]) == Decimal(group["charge"])
        assert sum(Decimal(group["net"]) for group in groups) == Decimal(row.net)
        assert sum(Decimal(group["tax"]) for group in groups) == Decimal(row.tax)
        assert sum(Decimal(share["amount"]) for share in shares) == Decimal(row.net)
        assert Decimal(row.net) + Decimal(row.tax) == Decimal(row.gross)


def brought(fiona: FlaskClient, raw: bytes, name: str) -> str:
    """A file is read, reviewed and counted. Answers the page of the review."""
    found = fiona.post("/t/acme/settlement/dealer_rebate/import", data={"file": (io.BytesIO(raw), name)})
    page = fiona.get(found.headers["Location"]).text
    assert fiona.post(f"{found.headers['Location']}/count").status_code == 302
    return page


def test_the_same_file_again_counts_nothing_twice(drawn_up: Cast) -> None:
    before = [(row.partner_id, row.gross) for row in statements(drawn_up)]
    raw = (DEMO / "rebate_orders_2026_10.csv").read_bytes()
    fiona = drawn_up.sign_in("fiona")
    page = brought(fiona, raw, "again.csv")
    assert "计入" not in page.split("figures")[1].split("</footer>")[0].partition("button primary")[2]
    fiona.post(STATEMENTS, data={"period": "2026-10"})
    assert sorted((row.partner_id, row.gross) for row in statements(drawn_up)) == sorted(before)


def test_wrong_rows_are_told_and_good_ones_kept(cast: Cast) -> None:
    rows = [
        "订单号,经销商,地区,订单金额,下单日期",
        "N-1,岭南电器连锁,广东省/广州市,100.00,2026-11-02",
        "N-2,没有这家,广东省,100.00,2026-11-02",
        "N-3,岭南电器连锁,火星,100.00,2026-11-02",
        "N-4,岭南电器连锁,广东省,1e5,2026-11-02",
        "N-5,岭南电器连锁,广东省,100.005,2026-11-02",
        "N-6,岭南电器连锁,广东省,100.00,昨天",
        'N-7,岭南电器连锁,广东省,"1,234.50",2026/11/3',
    ]
    raw = "\n".join(rows).encode("gb18030")
    page = brought(cast.sign_in("fiona"), raw, "november.csv")
    for value in ("没有这家", "火星", "1e5", "100.005", "昨天"):
        assert value in page
    with cast.reading() as session:
        kept = session.execute(select(LedgerLine.source, LedgerLine.period).where(LedgerLine.period == "2026-11")).all()
    assert sorted(kept) == [("line:N-1", "2026-11"), ("line:N-7", "2026-11")]


@pytest.mark.parametrize(
    ("name", "raw"),
    [("x.csv", b""), ("x.xlsx", b"PK\x03\x04 broken"), ("x.csv", b"\x00\x01\x02"), ("x.csv", "甲,乙\n1,2\n".encode())],
)
def test_what_is_no_table_is_refused_with_a_reason(cast: Cast, name: str, raw: bytes) -> None:
    before = _count(cast)
    page = cast.sign_in("fiona").post("/t/acme/settlement/dealer_rebate/import", data={"file": (io.BytesIO(raw), name)})
    assert page.status_code == 422 and 'role="alert"' in page.text
    assert _count(cast) == before


def _count(cast: Cast) -> int:
    with cast.reading() as session:
        return session.scalar(select(func.count()).select_from(LedgerLine)) or 0


def test_a_statement_is_approved_confirmed_and_then_never_changes(drawn_up: Cast) -> None:
    cast = drawn_up
    row = statements(cast)[0]
    fiona = cast.sign_in("fiona")
    assert fiona.post(f"/t/acme/settlement/statements/{row.id}/send").status_code == 302
    sent = next(one for one in statements(cast) if one.id == row.id)
    assert sent.state == "approving" and sent.ticket_id
    page = fiona.get(f"/t/acme/tickets/{sent.ticket_id}").text
    assert row.number in page and row.partner_title in page
    approve(cast, sent.ticket_id)
    assert sent.gross in _confirm(cast, sent.ticket_id, "confirm").replace(",", "")  # he sees what he confirms
    assert next(one for one in statements(cast) if one.id == row.id).state == "approved"
    raw = f"订单号,经销商,地区,订单金额,下单日期\nLATE-1,{row.partner_title},香港,100.00,2026-10-31\n".encode()
    brought(fiona, raw, "late.csv")
    fiona.post(STATEMENTS, data={"period": "2026-10"})
    after = next(one for one in statements(cast) if one.id == row.id)
    assert (after.gross, after.state, after.count) == (row.gross, "approved", row.count)


def test_a_statement_is_sent_with_its_ticket_or_not_at_all(drawn_up: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast, fiona = drawn_up, drawn_up.sign_in("fiona")
    row = statements(cast)[0]
    address = f"/t/acme/settlement/statements/{row.id}/send"
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr("dougong.runtime.host.saving.remember", _killed)
        fiona.post(address)
    kept = next(one for one in statements(cast) if one.id == row.id)
    assert (kept.state, kept.ticket_id) == ("draft", None)
    for _ in range(2):
        fiona.post(address)
    with cast.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket).where(Ticket.subject == f"statement:{row.id}")) == 1


def _killed(*args: object, **more: object) -> None:
    raise RuntimeError("killed")


def test_what_the_partner_disputes_goes_back_to_finance(drawn_up: Cast) -> None:
    cast = drawn_up
    row = statements(cast)[0]
    fiona = cast.sign_in("fiona")
    fiona.post(f"/t/acme/settlement/statements/{row.id}/send")
    ticket_id = next(one for one in statements(cast) if one.id == row.id).ticket_id or ""
    approve(cast, ticket_id)
    _confirm(cast, ticket_id, "dispute", dealer_remark="少算一单")
    assert cast.waiting(ticket_id) == ["dispute"]
    cast.work("fiona", ticket_id, "dispute", finance_decision="reject", finance_comment="重新核对")
    assert next(one for one in statements(cast) if one.id == row.id).state == "rejected"
    fiona.post(STATEMENTS, data={"period": "2026-10"})
    assert {one.state for one in statements(cast)} == {"draft"}


def approve(cast: Cast, ticket_id: str) -> None:
    with cast.reading() as session:
        task = session.scalars(select(Task).where(Task.ticket_id == ticket_id, Task.state == "open")).one()
    said = {"revision": task.revision}  # four eyes: who has sent it does not approve it, his superior does
    assert [cast.sign_in(one).post(f"/t/acme/tasks/{task.id}/approve", data=said).status_code for one in PAIR] == [404, 302]


def _confirm(cast: Cast, ticket_id: str, decision: str, **more: str) -> str:
    """As the partner does: over his signed link, without an account. Answers the page he saw."""
    with cast.app.app_context():
        token = links.sign("follow", tenant=cast.tenants["acme"], ticket=ticket_id)
    partner = cast.app.test_client()
    page = partner.get(f"/p/follow/{token}").text
    task = re.search(r"/tasks/([0-9a-f-]{36})", page)
    assert task
    with cast.reading() as session:
        revision = session.scalars(select(Task.revision).where(Task.id == task[1])).one()
    data = {"revision": revision, **fields({"confirmation": decision, **more})}
    assert partner.post(f"/p/follow/{token}/tasks/{task[1]}", data=data).status_code == 302
    return page


def test_a_statement_leaves_as_excel_and_csv_with_all_that_explains_it(drawn_up: Cast) -> None:
    row = statements(drawn_up)[0]
    fiona = drawn_up.sign_in("fiona")
    text = fiona.get(f"/t/acme/settlement/statements/{row.id}.csv").data.decode("utf-8-sig")
    assert row.gross in text and all(share["amount"] in text for share in row.body["shares"])
    assert text.splitlines()[0].endswith("金额,币种,规则,版本,怎么算出来的")
    said = [line.split(",") for line in text.splitlines()]
    for words in (f"对账单：{row.number}", f"结算对象：{row.partner_title}", "账期：2026-10", "状态：草稿"):
        assert [words] in [line[:1] for line in said]
    net = next(line for line in said if line[0] == "不含税金额")
    assert row.net in net and row.currency in net
    assert fiona.get(f"/t/acme/settlement/statements/{row.id}.xlsx").data[:2] == b"PK"
    assert fiona.get("/t/acme/settlement/dealer_rebate/lines.csv?period=2026-10").status_code == 200


def test_lines_leave_while_they_are_read(drawn_up: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "PART", 500)
    monkeypatch.setattr(spreadsheets, "AT_ONCE", 10)
    fiona, address = drawn_up.sign_in("fiona"), "/t/acme/settlement/dealer_rebate/lines.{}?period=2026-10"
    whole, told = fiona.get(address.format("csv")), list[str]()
    monkeypatch.setattr(spreadsheets, "cell", lambda field, value: (told.append(field.key), words_of(field, value))[1])
    answer = fiona.get(address.format("csv"), buffered=False)
    begun = len(told)
    assert "Content-Length" not in answer.headers and 0 < begun < len(b"".join(answer.iter_encoded()).splitlines())
    assert len(whole.data.splitlines()) == 205 and len(told) > 10 * begun
    table = fiona.get(address.format("xlsx"))
    assert "Content-Length" not in table.headers
    assert load_workbook(io.BytesIO(table.data)).active.max_row == 205


MOVES = {  # what becomes of a statement whose ticket ends so
    "draft": {"approved": "draft", "revoked": "draft"},
    "rejected": {"approved": "rejected", "revoked": "rejected"},
    "approving": {"approved": "approved", "rejected": "rejected", "cancelled": "rejected", None: "rejected"},
    "approved": {"rejected": "approved", "cancelled": "approved", "revoked": "rejected"},
}


def test_a_statement_is_sent_as_it_was_told_of_and_decided_while_it_is_under_way(cast: Cast) -> None:
    acme = cast.tenants["acme"]

    def is_now(state: str) -> None:
        with transaction(acme) as session:
            session.execute(delete(StatementRow))
            figures = {"version": 1, "net": "1.00", "tax": "0.00", "gross": "1.00", "count": 2, "body": {}}
            session.add(
                StatementRow(
                    id="s", number="ST1", settlement_key="k", partner_id="p", partner_title="p", period="2026-10",
                    currency="CNY", state=state, **figures,
                )
            )  # fmt: skip

    def state() -> str:
        with cast.reading() as session:
            return session.scalars(select(StatementRow.state)).one()

    with cast.app.app_context():
        for before, ends in MOVES.items():
            for result, after in ends.items():
                is_now(before)
                with driver_transaction(acme) as connection:
                    ledger.decided(connection, acme, "s", result)
                assert state() == after, (before, result)
        for before in MOVES:
            is_now(before)
            with transaction(acme) as session:  # what was rejected is mended first
                assert sending.count(session, acting(acme), "k", "2026-10") == (before == "draft"), before
            with driver_transaction(acme) as connection:
                old = [ledger.sent(connection, acme, "s", "t", *figures) for figures in (("1.01", 2), ("1.00", 3))]
                assert old == [False, False], "it has been drawn up anew since"
                assert ledger.sent(connection, acme, "s", "t", "1.00", 2) is (before in ("draft", "rejected"))


def test_all_drafts_of_a_month_are_sent_at_once(drawn_up: Cast) -> None:
    fiona, address = drawn_up.sign_in("fiona"), f"{STATEMENTS}?period=2026-10"
    drafts = len(statements(drawn_up))
    assert f"全部送审（{drafts}）" in fiona.get(address).text and "全部送审" not in fiona.get(STATEMENTS).text
    said = fiona.post(f"{STATEMENTS}/send", data={"period": "2026-10"}, follow_redirects=True).text
    assert f"{drafts} 张已送审" in said and "全部送审" not in said
    assert {one.state for one in statements(drawn_up)} == {"approving"}
    assert drawn_up.sign_in("victor").post(f"{STATEMENTS}/send", data={"period": "2026-10"}).status_code == 403


def test_many_drafts_are_sent_in_batches_that_a_page_follows(drawn_up: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "STATEMENTS", 2)
    fiona, drafts = drawn_up.sign_in("fiona"), len(statements(drawn_up))
    address = fiona.post(f"{STATEMENTS}/send", data={"period": "2026-10"}).headers["Location"]
    assert f"2 / {drafts} 张草稿：2 张已送审" in fiona.get(address).text
    assert "全部送审 2026-10 尚未完成" in fiona.get(STATEMENTS).text
    for _ in range(drafts):
        fiona.post(f"{address}/next")
    assert {one.state for one in statements(drawn_up)} == {"approving"}
    assert len({one.ticket_id for one in statements(drawn_up)}) == drafts


def test_a_month_is_approved_at_once_and_its_totals_are_shown(drawn_up: Cast) -> None:
    alice, address, rows = drawn_up.sign_in("alice"), f"{STATEMENTS}?period=2026-10", statements(drawn_up)
    assert "全部同意" not in alice.get(address).text
    drawn_up.sign_in("fiona").post(f"{STATEMENTS}/send", data={"period": "2026-10"})
    sums = {currency: sum(Decimal(one.gross) for one in rows if one.currency == currency) for currency in ("CNY", "HKD")}
    told = "、".join(money(amount, currency) for currency, amount in sums.items())
    page = alice.get(address).text
    assert f"同意 2026-10 的 {len(rows)} 张对账单，价税合计 {told}" in page
    assert [money(amount).split()[0] in totals(page) for amount in sums.values()] == [True, True]
    assert "全部同意" not in alice.get(STATEMENTS).text and "全部同意" not in drawn_up.sign_in("victor").get(address).text
    assert page.count('name="opinion"') == 1
    batch = alice.post(f"{STATEMENTS}/approve", data={"period": "2026-10", "opinion": " 本月无误 "}).headers["Location"]
    alice.post(batch.replace("?", "/batch?"))
    assert {opinion_on(drawn_up, one.ticket_id) for one in statements(drawn_up)} == {"本月无误"}
    assert [drawn_up.waiting(one.ticket_id or "") for one in statements(drawn_up)] == [["confirm"]] * len(rows)
    assert "全部同意" not in alice.get(address).text


def test_a_month_is_approved_at_once_over_the_api(drawn_up: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    alice, asked = drawn_up.api(drawn_up.token("alice")), {"period": "2026-10", "opinion": "本月无误"}
    most = len(statements(drawn_up))
    approval = "/settlements/dealer_rebate/statements/approval"
    assert alice("POST", approval, asked).json["error"]["details"][0]["code"] == "bulk.how_many"  # nothing waits for her yet
    drawn_up.sign_in("fiona").post(f"{STATEMENTS}/send", data={"period": "2026-10"})
    begun = alice("POST", approval, asked)
    assert (begun.status_code, begun.json["total"], begun.json["done"]) == (201, most, 0)
    address = f"/bulk/{begun.json['id']}"
    fiona, narrow = drawn_up.api(drawn_up.token("fiona")), drawn_up.api(drawn_up.token("alice", "settle.see"))
    assert {ask("GET", address).status_code for ask in (fiona, narrow)} == {404}  # nobody approves in another's name
    assert [alice("POST", f"{address}/batch").json["done"] for _ in range(2)] == [2, 4]
    assert alice("POST", f"{address}/cancel").json["state"] == "cancelled"
    assert len([one for one in statements(drawn_up) if drawn_up.waiting(one.ticket_id or "") == ["confirm"]]) == 4
    assert alice("POST", approval, asked).json["total"] == most - 4  # the rest of them
    assert alice("POST", "/settlements/gone/statements/approval", asked).status_code == 404


def opinion_on(cast: Cast, ticket_id: str | None) -> str | None:
    with cast.reading() as session:
        [said] = session.scalars(select(History.said).where(History.ticket_id == ticket_id, History.verb == "approve"))
        return (said or {}).get("opinion")


def totals(page: str) -> str:
    return page.partition('class="table card totals"')[2].partition("</table>")[0]


@pytest.mark.parametrize("figures", [("0.10", "0.20"), ("-0.05", "12"), ("9007199254740993.01", "0.01"), ("1.234", "5.6")])
def test_totals_are_exact(drawn_up: Cast, figures: tuple[str, str]) -> None:
    rows = statements(drawn_up)
    with drawn_up.app.app_context(), transaction(drawn_up.tenants["acme"]) as session:
        for at, (row, gross) in enumerate(zip(rows, [*figures, *["0"] * len(rows)], strict=False)):
            changed = update(StatementRow).where(StatementRow.id == row.id)
            session.execute(changed.values(gross=gross, currency="CNY", period=f"2026-{at:02}"))
    expected = money(str(Decimal(figures[0]) + Decimal(figures[1])))
    assert f">{expected}<" in totals(drawn_up.sign_in("fiona").get(STATEMENTS).text)


def test_drafts_that_cannot_be_sent_stay_and_the_reason_is_told(drawn_up: Cast) -> None:
    with drawn_up.app.app_context(), transaction(drawn_up.tenants["acme"]) as session:
        session.execute(update(Document).where(Document.key == "rebate_approval").values(active=None))
    fiona = drawn_up.sign_in("fiona")
    told = fiona.post(f"{STATEMENTS}/send", data={"period": "2026-10"}, follow_redirects=True).text
    assert f"{len(statements(drawn_up))} 项没有完成" in told and "这张对账单现在不能送审" in told
    assert {one.state for one in statements(drawn_up)} == {"draft"}


def test_a_month_that_is_none_is_refused(cast: Cast) -> None:
    for month in ("", "2026", "2026-13", "2026-10-01", "x" * 5000):
        assert cast.sign_in("fiona").post(STATEMENTS, data={"period": month}).status_code == 400
