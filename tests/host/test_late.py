"""What comes late: whatever is counted, reversed, drawn up, closed and revoked, in whatever order, in the end the statements
together say of each period what the batch without a database says of all lines."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update

from dougong.platform.store import enter_tenant, new_id, transaction
from dougong.runtime.host.settlement import adjusting, anew, batches, books, drawing_up, intake
from dougong.runtime.host.tables import LedgerLine, StatementRow
from dougong.runtime.settlement import Settlement, run
from dougong.runtime.settlement.lines import entry_of
from tests import many
from tests.cast import Cast
from tests.drawing import field
from tests.host.settled import acting, bonus, draw_up, rows
from tests.host.test_races import publish

MONTHS = ["2026-05", "2026-06", "2026-07", "2026-08"]
INPUTS = [field("who"), field("day", "date"), field("amount", "money"), field("chain"), field("cur"),
          field("since", "date"), field("until", "date")]  # fmt: skip
RATES = [{"uid": "r", "from": "USD", "to": "CNY", "day": "2026-01-01", "rate": "7"}]
IN_TWO = {
    "term_dimensions": [{"uid": "cur", "input": "cur"}],
    "terms": [{"uid": one, "when": {"cur": {"in": [one]}}, "currency": one, "tax": {"kind": "exclusive", "rate": "6"}}
              for one in ("USD", "CNY")],
    "exchange": {"currency": "cur", "amounts": ["amount"], "rates": RATES},
}  # fmt: skip
WINDOWS = {
    "quarter": {"period": "quarter"},
    "rolling": {"period": "rolling", "days": 45},
    "previous": {"period": "month", "earlier": "previous"},
    "contract": {"period": "contract", "since": "since", "until": "until"},
    "chain": {"period": "quarter", "group": ["chain"]},
}


def looking_back(window: dict[str, Any], how: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What stands in that window selects the rate of the month."""
    doc = bonus(inputs=INPUTS, **more)
    [rule] = doc["statement"]["rules"]
    ends = ("500", "1500", "4000", "9000", None) if "sum" in how else ("2", "4", "6", "10", None)
    tiers = [{"uid": f"t{index}", "below": end, "percent": str(index)} for index, end in enumerate(ends)]
    rule["charge"] |= {"qualifier": {**how, "over": window}, "tiers": tiers}
    return doc


def count(cast: Cast, id: str, values: dict[str, Any], source: str = "", period: str = "") -> None:
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.add(
            LedgerLine(
                id=id, settlement_key="bonus", version=1, source=source or f"line:{id}", partner_id=values["who"],
                partner_title=values["who"], date=values["day"], period=period or values["day"][:7],
                currency=values.get("cur", "CNY"), amount="0.00", inputs=values, parts=[],
            )
        )  # fmt: skip


def all_lines(cast: Cast) -> list[LedgerLine]:
    with cast.reading() as session:
        wanted = select(LedgerLine).where(LedgerLine.settlement_key == "bonus").order_by(LedgerLine.date, LedgerLine.id)
        found = list(session.scalars(wanted))
        session.expunge_all()
        return found


def put(cast: Cast, period: str, state: str) -> None:
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(StatementRow).where(StatementRow.period == period).values(state=state))


Said = dict[tuple[str, str, str], tuple[Decimal, Decimal]]  # (net, tax) by partner, currency and period


def said(cast: Cast) -> Said:
    """By the statements, their shares as they should be."""
    found: dict[tuple[str, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in rows(cast):
        late = row.body.get("adjustments", ())
        own = [Decimal(getattr(row, name)) - sum(Decimal(one[name]) for one in late) for name in ("net", "tax")]
        for period, sums in ((row.period, own), *((one["period"], [Decimal(one["net"]), Decimal(one["tax"])]) for one in late)):
            there = found[row.partner_id, row.currency, period]
            there[:] = [before + one for before, one in zip(there, sums, strict=True)]
        for part in (row.body, *late):
            assert sum(Decimal(one["amount"]) for one in part["shares"]) == sum(
                Decimal(one["net"]) for one in part.get("groups", [part])
            )
    return {key: (net, tax) for key, (net, tax) in found.items() if net or tax}


def come_to(lines: Iterable[LedgerLine], doc: dict[str, Any]) -> Said:
    """By the batch without a database."""
    done = run(Settlement.from_json(doc, 1), [(one.id, one.inputs) for one in adjusting.left(list(lines))])
    assert not done.faults
    found = {(str(one.partner), one.statement.currency, f"{one.start:%Y-%m}"): one.statement for one in done.settled}
    return {key: (one.net, one.tax) for key, one in found.items() if one.net or one.tax}


DOCS = {
    "alone": bonus(inputs=INPUTS),
    **{name: looking_back(window, {"sum": "amount"}) for name, window in WINDOWS.items()},
    "currencies": looking_back(WINDOWS["quarter"], {"sum": "amount"}, **IN_TWO),
    "chain, currencies": looking_back({**WINDOWS["rolling"], "group": ["chain"]}, {"count": True}, **IN_TWO),
}


def a_line(chance: random.Random, *, currencies: bool) -> dict[str, Any]:
    who = chance.choice("xyz")
    since = chance.choice(["2026-05-01", "2026-06-15"])
    return {
        "who": who, "day": f"{chance.choice(MONTHS)}-{chance.choice(['02', '28'])}", "amount": chance.choice(["450", "800"]),
        "chain": "a" if who == "z" else "b", "cur": chance.choice(["CNY", "USD"]) if currencies else "CNY",
        "since": "2026-05-01" if who == "x" else since, "until": "2026-07-15",
    }  # fmt: skip


def a_history(cast: Cast, doc: dict[str, Any], seed: int, turns: int) -> None:
    """At random: lines counted and taken back; drawn up, closed, revoked; then all that is open drawn up once more. Where no
    rule looks at other lines, the statements are right at each moment."""
    chance, alone = random.Random(seed), not Settlement.from_json(doc).looks_beyond
    for turn in range(turns):
        for number in range(chance.choice([0, 1, 1, 2])):
            count(cast, f"line-{turn:03}-{number}", a_line(chance, currencies="exchange" in doc))
        if chance.random() < 0.2 and (there := adjusting.left(all_lines(cast))):
            line = chance.choice(there)
            count(cast, f"back-{turn:03}", line.inputs, f"reversal:{line.id}")
        draw_up(cast, chance.choice(MONTHS))
        assert not alone or said(cast) == come_to((one for one in all_lines(cast) if one.statement_id), doc)
        if chance.random() < 0.5:
            put(cast, chance.choice(MONTHS), "approved")
        if chance.random() < 0.15:
            put(cast, chance.choice(MONTHS), "rejected")
    for period in (*MONTHS, "2026-09"):
        draw_up(cast, period)


@pytest.mark.parametrize("doc", DOCS.values(), ids=DOCS)
def test_whatever_comes_when_the_statements_say_what_all_lines_come_to(
    cast: Cast, doc: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "UNSEEN", timedelta(0))
    publish(cast, doc)
    a_history(cast, doc, 5, many(14))
    assert said(cast) == come_to(all_lines(cast), doc)
    assert any("adjustments" in one.body for one in rows(cast))


def line(who: str, day: str, amount: str = "450", **more: str) -> dict[str, Any]:
    return {"who": who, "day": day, "amount": amount, "chain": "a", "cur": "CNY", **more}


@pytest.fixture
def closed(cast: Cast, request: pytest.FixtureRequest) -> Cast:
    """Two partners of one chain with a line a month from May to July, all closed. The parameter: the window."""
    publish(cast, looking_back(WINDOWS[request.param], {"sum": "amount"}))
    for month in MONTHS[:3]:
        for who in "xy":
            count(cast, f"line-{who}-{month}", line(who, f"{month}-20"))
        draw_up(cast, month)
        put(cast, month, "approved")
    return cast


def elsewhere(cast: Cast, tenant: str, key: str, period: str, who: str) -> None:
    """A closed statement of nothing."""
    closed = {"period": period, "partner_id": who, "partner_title": who, "currency": "CNY", "state": "approved"}
    sums = {"net": "0.00", "tax": "0.00", "gross": "0.00", "count": 0, "body": {}}
    with cast.app.app_context(), transaction(cast.tenants[tenant]) as session:
        session.add(StatementRow(id=new_id(), number="1", settlement_key=key, version=1, **closed, **sums))


def made_up(cast: Cast, period: str) -> dict[str, dict[str, tuple[int, str, str]]]:
    """By partner and period: lines that came late, what it comes to now, and the difference."""
    return {
        one.partner_id: {part["period"]: (part["count"], part["now"]["net"], part["net"]) for part in one.body["adjustments"]}
        for one in rows(cast, period)
        if "adjustments" in one.body
    }


@pytest.mark.parametrize("closed", ["previous"], indirect=True)
def test_closed_months_that_look_back_on_a_late_line_are_made_up_for_each_by_its_name(closed: Cast) -> None:
    """June looks at May: 450 of it paid nothing, 1,250 of it pay 1 % of June's 450. July looks at June, which is as it was."""
    count(closed, "line-late", line("x", "2026-05-30", "800"))
    draw_up(closed, "2026-08")
    assert made_up(closed, "2026-08") == {"x": {"2026-05": (1, "0.00", "0.00"), "2026-06": (0, "4.50", "4.50")}}
    [row] = rows(closed, "2026-08")
    assert (row.count, row.net, row.partner_title) == (1, "4.50", "x")
    fiona = closed.sign_in("fiona")
    page = fiona.get(f"/t/acme/settlement/statements/{row.id}").text
    for said in ("2026-06 补差", "2026-06 统计范围内有变动，重新计算", "上一期 2026-05", "1,250", "差额"):
        assert said in page
    table = fiona.get(f"/t/acme/settlement/statements/{row.id}.csv").text
    assert "2026-06 统计范围内有变动，重新计算" in table and "上一期 2026-05" in table
    put(closed, "2026-08", "approved")
    draw_up(closed, "2026-09")
    assert not rows(closed, "2026-09"), "it is made up for once"


@pytest.mark.parametrize("closed", ["previous"], indirect=True)
def test_what_another_settlement_has_closed_makes_up_for_nothing(closed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "UNSEEN", timedelta(0))
    count(closed, "line-late", line("x", "2026-05-30", "800"))
    elsewhere(closed, "acme", "other", "2026-07", "x")
    draw_up(closed, "2026-08")
    assert set(made_up(closed, "2026-08")["x"]) == {"2026-05", "2026-06"}


@pytest.mark.parametrize("closed", ["previous"], indirect=True)
def test_what_a_draft_makes_up_for_it_still_does_after_a_later_month_is_closed(
    closed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "UNSEEN", timedelta(0))
    for month in ("2026-08", "2026-09"):
        count(closed, f"line-x-{month}", line("x", f"{month}-20"))
    count(closed, "line-late", line("x", "2026-05-30", "800"))
    for month, state in (("2026-08", "draft"), ("2026-09", "approved"), ("2026-08", "draft")):
        draw_up(closed, month)
        put(closed, month, state)
        late = made_up(closed, "2026-08")["x"]
        assert {period: net for period, (_, _, net) in late.items()} == {"2026-05": "0.00", "2026-06": "4.50"}


def test_lines_of_another_currency_or_partner_than_was_closed_are_not_late(cast: Cast) -> None:
    publish(cast, bonus(inputs=INPUTS, **IN_TWO))
    count(cast, "line-1", line("x", "2026-05-20"))
    draw_up(cast, "2026-05")
    put(cast, "2026-05", "approved")
    count(cast, "line-2", line("x", "2026-05-21", cur="USD"))
    count(cast, "line-3", line("y", "2026-05-21"))
    for tenant, key in (("acme", "other"), ("globex", "bonus")):  # they have closed theirs
        elsewhere(cast, tenant, key, "2026-05", "y")
    for month in ("2026-06", "2026-05"):
        draw_up(cast, month)
    drawn = [(one.period, one.partner_id, one.currency) for one in rows(cast)]
    assert sorted(drawn) == [("2026-05", "x", "CNY"), ("2026-05", "x", "USD"), ("2026-05", "y", "CNY")]
    put(cast, "2026-05", "approved")
    count(cast, "line-4", line("x", "2026-05-22", "1800", cur="USD"))
    draw_up(cast, "2026-06")
    assert said(cast) == come_to(all_lines(cast), bonus(inputs=INPUTS, **IN_TWO))


@pytest.mark.parametrize("closed", ["chain"], indirect=True)
def test_a_late_line_of_one_is_made_up_for_to_all_whose_windows_it_is_in(closed: Cast) -> None:
    """The quarter's 1,800 until July of the chain are 2,600 with a late line of y: the tier is that of x, too, who has no line
    in August, and none that came late; a line of another chain is nobody's but its own."""
    count(closed, "line-other", line("z", "2026-06-30", chain="b"))
    count(closed, "line-late", line("y", "2026-06-30", "2800"))
    draw_up(closed, "2026-06")
    draw_up(closed, "2026-08")
    late = made_up(closed, "2026-08")
    assert list(late) == ["x", "y"] and list(late["x"]) == ["2026-06"] and list(late["y"]) == ["2026-06"]
    assert [(one.partner_id, one.count) for one in rows(closed, "2026-08")] == [("x", 0), ("y", 1)]
    assert said(closed) == come_to(all_lines(closed), looking_back(WINDOWS["chain"], {"sum": "amount"}))


@pytest.mark.parametrize("closed", ["rolling"], indirect=True)
def test_only_periods_that_look_back_so_far_are_reckoned_anew(closed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """45 days up to the first of July begin on 18 May."""
    monkeypatch.setattr(books, "UNSEEN", timedelta(0))
    with closed.reading() as session:
        drawing = adjusting.Drawing(session, closed.tenants["acme"], "bonus", "2026-08", ["x", "y"])
        assert not anew.periods(drawing)
    count(closed, "line-late", line("x", "2026-05-17"))
    with closed.reading() as session:
        drawing = adjusting.Drawing(session, closed.tenants["acme"], "bonus", "2026-08", ["x", "y"])
        assert anew.periods(drawing) == {("x", "CNY"): {"2026-05", "2026-06"}}


@pytest.mark.parametrize("closed", ["chain"], indirect=True)
def test_a_late_line_of_another_group_makes_nobody_reckon(closed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "UNSEEN", timedelta(0))
    for chain, wanted in (("b", {}), ("a", {("x", "CNY"): {"2026-05", "2026-06"}, ("y", "CNY"): {"2026-05", "2026-06"}})):
        count(closed, f"line-late-{chain}", line("z", "2026-05-30", chain=chain))
        with closed.reading() as session:
            assert anew.periods(adjusting.Drawing(session, closed.tenants["acme"], "bonus", "2026-08", ["x", "y"])) == wanted


def test_what_windows_of_a_group_hold_is_read_once_for_all_slices_and_what_comes_between_them_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four partners, one a slice; after the first a line of 2,200 comes: 4,000 of the chain pay 3 %, not 2 %."""
    monkeypatch.setattr(drawing_up, "PARTNERS", 1)
    monkeypatch.setattr(drawing_up, "TOGETHER", 1)
    read: list[str] = []
    monkeypatch.setattr(books, "entry_of", lambda settlement, one: (read.append(one.id), entry_of(settlement, one))[1])
    publish(cast, looking_back(WINDOWS["chain"], {"sum": "amount"}))
    for who in "vwxy":
        count(cast, f"line-{who}", line(who, "2026-05-20"))
    with cast.app.app_context():
        enter_tenant(cast.tenants["acme"])
        actor = acting(cast.tenants["acme"])
        batch = batches.begin(actor, "draw_up", "bonus", "2026-05")
        count(cast, "line-late", line("y", "2026-05-21", "2200"))
        while batch.state == "running":
            batch = batches.go_on(actor, batch.id)
    assert [(one.partner_id, one.net) for one in rows(cast)] == [("v", "9.00"), ("w", "13.50"), ("x", "13.50"), ("y", "79.50")]
    assert sorted(read) == sorted(one.id for one in all_lines(cast)) and not books._kept


def test_contracts_that_began_later_are_in_the_windows_of_their_chain(cast: Cast) -> None:
    """Of the chain's 1,250 in the year x has 450 at 1 %."""
    by_year = {"period": "year", "group": ["chain"]}
    publish(cast, looking_back(by_year, {"sum": "amount"}, period="contract", contract={"since": "since", "until": "until"}))
    for who, day, amount, since in (("x", "2026-05-20", "450", "2026-05-01"), ("y", "2026-06-20", "800", "2026-06-15")):
        count(cast, f"line-{who}", line(who, day, amount, since=since, until="2026-12-31"), period=since)
    draw_up(cast, "2026-05-01")
    assert [(one.partner_id, one.net) for one in rows(cast)] == [("x", "4.50")]


def test_an_import_reads_what_windows_of_a_group_hold_once_for_all_slices(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 at 0 %, beyond 10 %, of the chain's month: 450 have been counted, then come five times 100, two a slice."""
    monkeypatch.setattr(intake, "LINES", 2)
    monkeypatch.setattr(intake, "TOGETHER", 1)
    read: list[str] = []
    monkeypatch.setattr(books, "entry_of", lambda settlement, one: (read.append(one.id), entry_of(settlement, one))[1])
    beyond = [{"uid": "a", "below": "500", "percent": "0"}, {"uid": "b", "below": None, "percent": "10"}]
    by_chain = {"sum": "amount", "over": {"period": "month", "group": ["chain"]}}
    charge = {"model": "graduated_percentage", "marginal": True, "measure": by_chain, "tiers": beyond}
    doc = bonus(inputs=INPUTS, line={"dimensions": [], "rules": [{"uid": "added", "when": {}, "charge": charge}]})
    publish(cast, doc)
    count(cast, "line-0", line("x", "2026-05-20"))
    file = "who,day,amount,chain\n" + "".join(f"y,2026-05-2{day},100,a\n" for day in range(5))
    with cast.app.app_context():
        enter_tenant(cast.tenants["acme"])
        batches.import_file(acting(cast.tenants["acme"]), "bonus", BytesIO(file.encode()), "lines.csv")
    found = all_lines(cast)
    assert sorted(Decimal(one.amount) for one in found) == [0, 5, 10, 10, 10, 10]
    assert Counter(read)["line-0"] == 2, "once when it is read, once when it is counted"
    assert max(Counter(read).values()) <= 2 and not books._kept
