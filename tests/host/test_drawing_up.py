"""A period settled in batches: killed, stopped, begun twice or done again, the ledger is the same; what is late is counted."""

import random
import signal
import threading
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import func, select, update

from dougong.platform.audit import Audit
from dougong.platform.messages import t
from dougong.platform.store import enter_tenant, transaction
from dougong.runtime.host.settlement import batches, drawing_up, statements
from dougong.runtime.host.settlement.batches import Batch
from dougong.runtime.host.tables import LedgerLine, StatementRow
from dougong.runtime.reason import Refused
from tests import LONG
from tests.cast import CONFIG, Cast
from tests.host import settled
from tests.host.settled import acting, bonus, draw_up, finish, rows, write
from tests.host.test_late import all_lines, come_to, said
from tests.host.test_races import publish
from tests.processes import begin

KILLS, LINES, PARTNERS = (50, 100_000, 17_000) if LONG else (2, 800, 200)
PATIENCE = 60  # seconds until a process is held for hung
PERIOD = "/t/acme/settlement/bonus/statements"
FIVE = [(f"{who}{n}", who, "2026-10-05", "600") for who in "abcde" for n in (1, 2)]


@pytest.fixture
def five(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Five partners, two a slice."""
    monkeypatch.setattr(drawing_up, "PARTNERS", 2)
    publish(cast, bonus())
    write(cast, FIVE)
    return cast


def test_partners_with_many_lines_are_drawn_up_in_smaller_slices(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many partners a slice may have: nobody waits for minutes, with all others, until the first figure is shown."""
    monkeypatch.setattr(drawing_up, "LINES", 3)
    publish(cast, bonus())
    write(cast, FIVE)
    fiona = cast.sign_in("fiona")
    address = fiona.post(PERIOD, data={"period": "2026-10"}).headers["Location"]
    seen = [2]
    while "data-batches" in fiona.get(address).text and len(seen) < 9:
        fiona.post(f"{address}/next")
        with cast.reading() as session:
            seen.append(session.scalars(select(Batch.seen).where(Batch.settlement_key == "bonus")).one())
    assert seen == [2, 4, 5] and len(rows(cast)) == 5


def close(cast: Cast, *periods: str, state: str = "approved") -> None:
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(StatementRow).where(StatementRow.period.in_(periods)).values(state=state))


def everything(cast: Cast) -> list[Any]:
    with cast.reading() as session:
        names = [one.key for one in StatementRow.__mapper__.column_attrs]
        stated = [
            [getattr(row, one) for one in names] for row in session.scalars(select(StatementRow).order_by(StatementRow.id))
        ]
        lines = session.execute(select(LedgerLine.id, LedgerLine.statement_id).order_by(LedgerLine.id))
        return [*stated, *(tuple(row) for row in lines)]


def test_the_page_shows_how_far_it_is_and_goes_on(five: Cast) -> None:
    fiona = five.sign_in("fiona")
    address = fiona.post(PERIOD, data={"period": "2026-10"}).headers["Location"]
    page = fiona.get(address).text
    assert "data-batches" in page and 'max="5" value="2"' in page
    assert "2 / 5" in fiona.get(PERIOD).text  # whoever comes by later finds it
    answers = [browser.post(f"{address}/next") for browser in (fiona, five.sign_in("alice"))]  # who sees all may go on, too
    assert ["data-batches" in one.text for one in answers] == [True, False]
    assert ["HX-Refresh" in one.headers for one in answers] == [False, True]  # nothing is left to be stopped
    assert [(one.partner_id, one.net) for one in rows(five)] == [(who, "24.00") for who in "abcde"]


def test_stopped_it_keeps_what_is_done_and_can_be_gone_on_with_or_begun_anew(five: Cast) -> None:
    fiona = five.sign_in("fiona")
    address = fiona.post(PERIOD, data={"period": "2026-10"}).headers["Location"]
    assert fiona.post(f"{address}/cancel").status_code == 302
    assert "data-batches" not in fiona.post(f"{address}/next").text
    assert len(rows(five)) == 2
    before = [one.id for one in rows(five)]
    assert f'action="{address}/again"' in fiona.get(address).text  # it goes on where it was, with all that is left
    assert fiona.post(f"{address}/again").headers["Location"].endswith(address)
    assert '"5" value="4"' in fiona.get(address).text and len(rows(five)) == 4
    fiona.post(f"{address}/cancel")
    other = fiona.post(PERIOD, data={"period": "2026-10"}).headers["Location"]
    assert "正在由" in fiona.post(f"{address}/again", follow_redirects=True).text
    fiona.post(f"{other}/cancel")
    draw_up(five, "2026-10")
    assert len(rows(five)) == 5 and [one.id for one in rows(five)][:2] == before


def test_drawing_up_again_changes_nothing(five: Cast) -> None:
    first = draw_up(five, "2026-10")
    told = five.sign_in("fiona").get(f"/t/acme/settlement/batches/{first.id}").text
    assert "5 / 5 个结算对象：5 张对账单 " in told  # nothing of those that stay as they are, where there are none
    before = everything(five)
    assert draw_up(five, "2026-10").made == 5
    assert everything(five) == before


def test_while_one_runs_another_is_told_so(five: Cast) -> None:
    fiona, api = five.sign_in("fiona"), five.api(five.token("fiona"))
    address = fiona.post(PERIOD, data={"period": "2026-10"}).headers["Location"]
    assert fiona.post(PERIOD, data={"period": "2026-10"}).headers["Location"].endswith(PERIOD)
    assert "正在由" in fiona.get(PERIOD).text
    asked = api("POST", "/settlements/bonus/statements", {"period": "2026-10"})
    assert (asked.status_code, asked.json["error"]["code"]) == (409, "settle.running")
    batch = address.rpartition("/")[2]
    states = [api("POST", f"/settlement-batches/{batch}/next").json["state"] for _ in range(2)]
    assert states == ["running", "done"] and api("GET", f"/settlement-batches/{batch}").json["made"] == 5
    assert api("POST", f"/settlement-batches/{batch}/cancel").json["state"] == "done"


def test_of_two_that_begin_at_once_one_runs(five: Cast) -> None:
    line, told = threading.Barrier(2), []

    def begin() -> None:
        with five.app.app_context():
            enter_tenant(five.tenants["acme"])
            line.wait(30)
            try:
                told.append(batches.begin(acting(five.tenants["acme"]), "draw_up", "bonus", "2026-10").state)
            except Refused as refused:
                told.append(refused.reason.code)

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["running", "settle.running"]


def test_what_is_no_period_of_this_settlement_is_refused(five: Cast) -> None:
    api = five.api(five.token("fiona"))
    for period in ("2026-13", "2026", "2026-Q4", "2026-10-05", "2026-02-30"):
        assert api("POST", "/settlements/bonus/statements", {"period": period}).status_code == 422


def test_a_late_line_is_made_up_for_by_the_next_statement(five: Cast) -> None:
    """600 at 1 % were counted; with 600 more it is 1,200 at 2 %: 24, less the 6 of before. So are the shares."""
    write(five, [("f1", "f", "2026-08-05", "600")])
    draw_up(five, "2026-08")
    close(five, "2026-08", state="approving")
    write(five, [("f2", "f", "2026-08-31", "600"), ("f3", "f", "2026-09-01", "100")])
    draw_up(five, "2026-08")
    assert [one.net for one in rows(five, "2026-08")] == ["6.00"]
    for _ in range(2):
        draw_up(five, "2026-09")
    [row] = rows(five, "2026-09")
    [late] = row.body["adjustments"]
    assert (row.net, row.count, late["period"], late["net"], late["now"]["net"]) == ("19.00", 2, "2026-08", "18.00", "24.00")
    assert [one["amount"] for one in late["shares"]] == ["9.00", "9.00"]
    page = five.sign_in("fiona").get(f"/t/acme/settlement/statements/{row.id}").text
    assert "2026-08 补差" in page and rows(five, "2026-08")[0].number in page
    assert "18.00" in five.sign_in("fiona").get(f"/t/acme/settlement/statements/{row.id}.csv").text
    assert t("settlement.no_approval", "zh-Hans") in page  # else nobody would know why it stays a draft
    close(five, "2026-09")
    close(five, "2026-08", state="rejected")
    write(five, [("f4", "f", "2026-08-06", "600")])
    draw_up(five, "2026-08")  # 1,800 at 2 % are 36, of which 18 stand on the next one
    assert [(one.period, one.net) for one in rows(five)] == [("2026-08", "18.00"), ("2026-09", "19.00")]


def test_periods_of_long_ago_are_counted_where_somebody_asks(five: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "RECENT", 1)
    write(five, [("a3", "a", "2026-11-20", "600")])
    fiona, index = five.sign_in("fiona"), "/t/acme/settlement/"
    lines, earlier = "/bonus/lines?period=2026-{}", f"{index}?every=bonus"
    page = fiona.get(index).text
    assert lines.format(11) in page and lines.format(10) not in page and earlier in page and "更早的 1 个账期" in page
    assert lines.format(10) in fiona.get(earlier).text and "更早的" not in fiona.get(earlier).text
    assert '<option value="2026-10" selected>' in fiona.get(f"{PERIOD}?period=2026-10").text  # to be drawn up


def test_where_lines_came_late_the_pages_say_so_and_offer_the_next_period(five: Cast) -> None:
    fiona, index = five.sign_in("fiona"), "/t/acme/settlement/"
    late, offer = "2026-10 有 1 笔在对账单送审后才到", 'name="period" value="2026-{}"'

    def of_bonus() -> str:
        return fiona.get(index).text.partition('aria-label="bonus"')[2].partition("</section>")[0]

    assert offer.format(10) in of_bonus() and late not in of_bonus()
    draw_up(five, "2026-10")
    close(five, "2026-10")
    write(five, [("a3", "a", "2026-10-20", "600")])
    assert late in of_bonus() and offer.format(11) in of_bonus() and offer.format(10) not in of_bonus()
    assert late in fiona.get(PERIOD).text
    write(five, [("a4", "a", "2026-11-20", "1"), ("b4", "b", "2026-10-20", "600")])
    draw_up(five, "2026-11")
    close(five, "2026-11")
    write(five, [("a5", "a", "2026-10-21", "600")])
    assert offer.format(12) in of_bonus() and offer.format(11) not in of_bonus(), "its November is closed too"
    fiona.post(PERIOD, data={"period": "2026-12"})
    assert late not in of_bonus() and [(one.period, one.count) for one in rows(five, "2026-12")] == [("2026-12", 1)]


def test_lines_in_another_currency_than_their_period_says_are_told(five: Cast) -> None:
    """And nothing stands any more that they had come to before."""
    draw_up(five, "2026-10")
    with five.app.app_context(), transaction(five.tenants["acme"]) as session:
        session.execute(update(LedgerLine).where(LedgerLine.id.in_(["line-a1", "line-e1"])).values(currency="USD"))
    done = draw_up(five, "2026-10")
    assert (done.made, done.faulty) == (3, 2)
    assert [(whose, why["code"]) for whose, why in done.faults] == [(who, "settle.other_currency") for who in "ae"]
    assert [one.partner_id for one in rows(five)] == ["b", "c", "d"]
    with five.reading() as session:  # once for all slices of a batch
        told = session.scalars(select(Audit.detail).where(Audit.verb == "drawn_up").order_by(Audit.id)).all()
    assert told == [{"of": "2026-10", "made": 5 - faults, "kept": 0, "faults": faults} for faults in (0, 2)]
    fiona = five.sign_in("fiona")
    address = fiona.post(PERIOD, data={"period": "2026-10"}).headers["Location"]
    while fiona.post(f"{address}/next").headers.get("HX-Refresh") != "true":
        pass
    told = fiona.get(address).text  # it stays, with a way to the lines, and to try again
    assert "/batches/" in address and f"q={quote(done.faults[0][0])}" in told and "再试没完成的" in told
    assert f'action="{address}/again"' in told
    assert told.count("更正区域条款并发布") == 1 and '<span class="count">2</span>' in told  # each reason once, with what to do


def test_what_is_tried_again_is_whoever_has_lines_on_no_statement(five: Cast) -> None:
    with five.app.app_context(), transaction(five.tenants["acme"]) as session:
        session.execute(update(LedgerLine).where(LedgerLine.id == "line-a1").values(currency="USD"))
    first, fiona = draw_up(five, "2026-10"), five.sign_in("fiona")
    address = fiona.post(f"/t/acme/settlement/batches/{first.id}/again").headers["Location"]
    assert "已处理 1 / 1 个结算对象：0 张对账单 " in (told := fiona.get(address).text)
    assert "补生成对账单 2026-10" in told and "再试没完成的" in told and f"q={quote('a')}" in told
    with five.app.app_context(), transaction(five.tenants["acme"]) as session:
        session.execute(update(LedgerLine).values(currency="CNY"))
    write(five, [("f1", "f", "2026-11-02", "1")])  # of another period
    done = five.api(five.token("fiona"))("POST", f"/settlement-batches/{first.id}/again").json
    assert (done["work"], done["state"], done["total"], done["made"]) == ("redraw", "done", 1, 1)
    assert [(one.partner_id, one.net) for one in rows(five)] == [(who, "24.00") for who in "abcde"]
    write(five, [("a9", "a", "2026-10-20", "1")])
    close(five, "2026-10")  # what comes late is made up for by the next one
    with five.app.app_context():
        enter_tenant(five.tenants["acme"])
        assert finish(acting(five.tenants["acme"]), "redraw", "2026-11").total == 2
    assert [one.partner_id for one in rows(five, "2026-11")] == ["a", "f"]
    assert draw_up(five, "2026-11").total == 2  # what only makes up for others, too
    close(five, "2026-11")
    write(five, [("f2", "f", "2026-11-03", "1")])
    assert [outcome(draw_up(five, period)) for period in ("2026-11", "2026-10")] == [(1, 0, 1), (5, 0, 5)]


def outcome(done: Batch) -> tuple[int, int, int]:
    return done.total, done.made, done.kept


def test_killed_at_any_moment_and_resumed_the_ledger_is_the_same(cast: Cast) -> None:
    """Every line stands on one statement, and each statement says what the batch without a database says."""
    publish(cast, bonus())
    chance = random.Random(3)
    write(
        cast, ((str(n), f"p{n % PARTNERS:05}", f"2026-10-{1 + n % 31:02}", str(chance.randint(1, 900))) for n in range(LINES))
    )
    kills = 0
    while kills < KILLS:
        kills += killed(cast, "draw_up", "2026-10", chance.uniform(0.001, 1.5 if LONG else 0.4))
        if kills < KILLS and not left_over(cast):
            with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:  # done before all kills: once more
                session.execute(update(StatementRow).values(net="0"))
    draw_up(cast, "2026-10")
    with cast.reading() as session:
        on = Counter(session.scalars(select(LedgerLine.statement_id).where(LedgerLine.settlement_key == "bonus")))
    found = rows(cast)
    assert on == {one.id: one.count for one in found} and sum(on.values()) == LINES
    assert said(cast) == come_to(all_lines(cast), bonus()) and len(found) == PARTNERS


def left_over(cast: Cast) -> bool:
    with cast.reading() as session:
        return bool(session.scalar(select(func.count()).select_from(Batch).where(Batch.state == "running")))


def killed(cast: Cast, work: str, of: str, after: float) -> bool:
    """Whether it was killed in the middle of it."""
    process = begin(settled.mortal, {**CONFIG, **cast.place.config}, work, of, cast.tenants["acme"], after)
    process.join(PATIENCE)
    assert process.exitcode in (0, -signal.SIGALRM)
    return process.exitcode != 0
