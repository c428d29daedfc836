"""What a settlement may say besides, as finance sees it: lines of earlier months, people of a share, named roundings."""

from typing import Any

import pytest
from sqlalchemy import select

from dougong.platform.store import transaction
from dougong.runtime.host.tables import LedgerLine, StatementRow
from tests.cast import Cast
from tests.drawing import field, text
from tests.host.test_races import publish

LINES = [("a", "2026-09-10", "900", "li"), ("b", "2026-10-10", "400", "li"), ("c", "2026-10-11", "200", "wang")]


def drawn(**more: Any) -> dict[str, Any]:
    steps = {
        "model": "volume_percentage", "measure": {"sum": "amount"},
        "qualifier": {"sum": "amount", "over": {"period": "quarter"}},
        "tiers": [{"uid": "low", "below": "1000", "percent": "1"}, {"uid": "high", "below": None, "percent": "2"}],
    }  # fmt: skip
    return {
        "format": 1, "uid": "sbonus", "kind": "settlement", "key": "bonus", "title": text("bonus"), "partner": "who",
        "date": "day", "currency": "CNY",
        "inputs": [field("who"), field("day", "date"), field("amount", "money"), field("seller")],
        "statement": {"dimensions": [], "rules": [{"uid": "steps", "when": {}, "charge": steps}]},
        "shares": [{"uid": "sellers", "party": text("sellers"), "percent": "100", "by": "seller"}],
        "rounding": {"charge": {"mode": "down", "places": 1}}, **more,
    }  # fmt: skip


def write(cast: Cast, *lines: tuple[str, str, str, str]) -> None:
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        for id, day, amount, seller in lines:
            inputs = {"who": "Chen", "day": day, "amount": amount, "seller": seller}
            row = LedgerLine(
                id=f"line-{id}",
                settlement_key="bonus",
                version=1,
                source=f"line:{id}",
                partner_id="Chen",
                partner_title="Chen",
                date=day,
                period=day[:7],
                currency="CNY",
                amount="0.00",
                inputs=inputs,
                parts=[],
            )
            session.add(row)


@pytest.fixture
def paid(cast: Cast) -> Cast:
    publish(cast, drawn())
    write(cast, *LINES)
    return cast


def drawn_up(cast: Cast, month: str) -> StatementRow:
    assert cast.sign_in("fiona").post("/t/acme/settlement/bonus/statements", data={"period": month}).status_code == 302
    with cast.reading() as session:
        row = session.scalars(
            select(StatementRow).where(StatementRow.settlement_key == "bonus", StatementRow.period == month)
        ).one()
        assert row.body
        session.expunge(row)
        return row


@pytest.mark.parametrize(("month", "gross"), [("2026-09", "9.00"), ("2026-10", "6.00")])
def test_a_quarter_counts_the_lines_of_its_months(paid: Cast, month: str, gross: str) -> None:
    """900 in September, of a quarter before; 600 in October stay below the bound of 1,000."""
    assert drawn_up(paid, month).gross == gross


def test_lines_of_an_earlier_month_of_the_quarter_lift_the_tier(paid: Cast) -> None:
    write(paid, ("d", "2026-11-05", "700", "li"))
    assert [drawn_up(paid, month).gross for month in ("2026-10", "2026-11")] == ["6.00", "14.00"]


def test_the_page_names_the_people_of_a_share_and_the_roundings(paid: Cast) -> None:
    row = drawn_up(paid, "2026-10")
    assert {(one["who"], one["percent"]) for one in row.body["shares"]} == {("li", "50"), ("wang", "50")}
    page = paid.sign_in("fiona").get(f"/t/acme/settlement/statements/{row.id}")
    assert page.status_code == 200
    for words in ("sellers li", "sellers wang", "每组阶梯：舍去，小数 1 位"):
        assert words in " ".join(page.text.split())


def test_the_page_tells_by_which_rate_a_fixed_share_came_about(cast: Cast) -> None:
    """Five HKD at 0.9 are 4.50 of the six CNY."""
    fee = {"uid": "fee", "party": text("fee"), "amount": "5", "currency": "HKD"}
    rates = [{"uid": "r", "from": "HKD", "to": "CNY", "day": "2026-01-01", "rate": "0.9"}]
    publish(
        cast,
        drawn(
            inputs=[*drawn()["inputs"], field("currency")],
            shares=[fee, {"uid": "rest", "party": text("rest"), "ratio": "1"}],
            exchange={"currency": "currency", "amounts": ["amount"], "rates": rates},
        ),
    )
    write(cast, *LINES)
    row = drawn_up(cast, "2026-10")
    assert [one["amount"] for one in row.body["shares"]] == ["4.50", "1.50"]
    fiona = cast.sign_in("fiona")
    assert "5 HKD × 0.9 ÷ 1 = 4.5 CNY" in fiona.get(f"/t/acme/settlement/statements/{row.id}").text
    assert fiona.get(f"/t/acme/settlement/statements/{row.id}.pdf").status_code == 200
