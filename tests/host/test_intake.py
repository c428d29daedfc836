"""Lines that somebody brings: reviewed before they count, counted once, in the period of their zone; pools are drawn."""

import csv
import io
import random
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import func, select, update

from dougong.builder import documents as builder
from dougong.platform import documents, sheets
from dougong.platform.audit import Audit
from dougong.platform.documents import Document
from dougong.platform.files import File
from dougong.platform.people import Unit
from dougong.platform.sheets import MAX_CELL, MAX_COLUMNS
from dougong.platform.store import db, driver_of, enter_tenant, transaction
from dougong.platform.wakeups import FILES, MAX_ATTEMPTS, Wakeup
from dougong.runtime.canonical import content_hash
from dougong.runtime.host import definitions, pieces, worker
from dougong.runtime.host.importing import LookUp, Row, as_written
from dougong.runtime.host.pages import settlement
from dougong.runtime.host.settlement import batches, beside, cutting, intake, reversing
from dougong.runtime.host.settlement.batches import Batch
from dougong.runtime.host.settlement.intake import Intake, IntakeLine
from dougong.runtime.host.settlement.line_pricing import Pricing
from dougong.runtime.host.tables import LedgerLine, TokenRow
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import inputs_form
from tests import LONG
from tests.cast import Cast
from tests.drawing import field, flow_doc, form_doc, node, text
from tests.host.settled import acting, bonus, draw_up, finish, rows
from tests.host.test_drawing_up import close, killed
from tests.host.test_races import By, publish

KILLS, LINES = (25, 100_000) if LONG else (1, 1_200)  # of each of the two works
IMPORT = "/t/acme/settlement/bonus/import"
TENTH: dict[str, Any] = {"model": "percentage", "measure": {"sum": "amount"}, "percent": "10"}
FEE: dict[str, Any] = {"dimensions": [], "rules": [{"uid": "fee", "when": {}, "charge": TENTH}]}
HEADER = "no,who,day,amount\n"


def priced(**more: Any) -> dict[str, Any]:
    """A tenth of each line; a line has a number of its own."""
    inputs = [field("no"), field("who", required=True), field("day", "date"), field("amount", "money")]
    return bonus(**{"line": FEE, "inputs": inputs, "line_id": "no", **more})


def brought(fiona: FlaskClient, rows: str, name: str = "a.csv") -> str:
    """The address of its review."""
    return str(fiona.post(IMPORT, data={"file": (io.BytesIO((HEADER + rows).encode("gb18030")), name)}).headers["Location"])


def ledger_of(cast: Cast, key: str = "bonus") -> list[tuple[str, str, str]]:
    with cast.reading() as session:
        wanted = select(LedgerLine.source, LedgerLine.period, LedgerLine.amount).where(LedgerLine.settlement_key == key)
        return [tuple(row) for row in session.execute(wanted.order_by(LedgerLine.source))]


def test_good_rows_wait_until_somebody_counts_them(cast: Cast) -> None:
    publish(cast, priced(), priced(uid="second", key="second"))
    fiona = cast.sign_in("fiona")
    address = brought(
        fiona, '1,王,2026-10-01,"1,000"\n2,王,2026-10-02,NaN\n3,,2026-10-02,5\n1,李,2026-10-03,7\n4,王,2026-11-01,20\n'
    )
    page = fiona.get(address).text
    assert ledger_of(cast) == [] and "100.00" in page
    assert "NaN" in page and "第 2 行" in page
    assert "a.csv" in fiona.get(IMPORT).text  # whoever comes back later finds it
    assert "a.csv" not in fiona.get("/t/acme/settlement/second/import").text
    brought(fiona, "4,王,2026-11-01,20\n")
    assert found(cast).good == 1  # another file knows nothing of this one
    assert fiona.post(f"{address}/count").status_code == 302
    assert ledger_of(cast) == [("line:1", "2026-10", "100.00"), ("line:4", "2026-11", "2.00")]
    with cast.reading() as session:
        left = select(func.count()).select_from(IntakeLine).where(IntakeLine.intake_id == address.rpartition("/")[2])
        assert session.scalar(left) == 0
    lines = fiona.get("/t/acme/settlement/bonus/lines?q=4").text  # found by its number
    assert ">20.00<" in lines and ">1,000.00<" not in lines
    fiona.post(f"{address}/count")
    fiona.post(f"{brought(fiona, '1,王,2026-10-01,1000')}/count")
    assert len(ledger_of(cast)) == 2


def test_a_line_that_was_imported_wrongly_is_reversed_and_comes_again_under_its_number(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(cast, priced())
    fiona = cast.sign_in("fiona")
    fiona.post(f"{brought(fiona, '1,王,2026-10-01,1000')}/count")
    [door] = re.findall(r'href="(/t/acme/settlement/lines/[^"]+/take-back)"', fiona.get("/t/acme/settlement/bonus/lines").text)
    assert "1,000.00" in fiona.get(door).text
    assert cast.sign_in("victor").post(door, data={"reason": "x"}).status_code == 403
    assert fiona.post(door, data={"reason": " "}).status_code == 422
    assert fiona.post(door, data={"reason": "多录一个零"}).status_code == 302
    again = fiona.post(door, data={"reason": "再来"})
    assert again.status_code == 422 and "已经红冲过了" in again.text
    assert fiona.get("/t/acme/settlement/bonus/lines").text.count("红冲</span>") == 2  # it, and what stands against it
    back = door.split("/")[5]
    with cast.reading() as session:
        assert session.scalars(select(Audit.detail).where(Audit.subject_id == back)).one() == {"reason": "多录一个零"}
    assert ledger_of(cast) == [("line:1", "2026-10", "100.00"), (f"reversal:{back}", "2026-10", "-100.00")]
    assert "-1,000.00" in fiona.get("/t/acme/settlement/bonus/lines").text  # a column adds up, wherever it stands
    told = csv.DictReader(io.StringIO(fiona.get("/t/acme/settlement/bonus/lines.csv").data.decode("utf-8-sig")))
    assert sum(Decimal(one["amount"]) for one in told) == 0
    monkeypatch.setattr(settlement, "MOST_LINES", 1)
    assert "只导出了前 1 行" in fiona.get("/t/acme/settlement/bonus/lines.csv").data.decode("utf-8-sig").splitlines()[-1]
    monkeypatch.undo()
    assert draw_up(cast, "2026-10").faulty == 0 and rows(cast) == []  # nothing is left
    for _ in range(2):  # and once only
        fiona.post(f"{brought(fiona, '1,王,2026-10-01,500')}/count")
        assert ledger_of(cast)[1] == ("line:1#again2", "2026-10", "50.00") and len(ledger_of(cast)) == 3
    found = fiona.get("/t/acme/settlement/bonus/lines?q=1").text  # by its number: it, what took it back, and what came again
    assert [found.count(f">{one}<") for one in ("1,000.00", "-1,000.00", "500.00")] == [1, 1, 1]
    draw_up(cast, "2026-10")
    [row] = rows(cast)
    assert row.net == "55.00"  # 50, and 1 % of 500
    assert row.count == 1 and '"红冲; 1,000 ×' in fiona.get("/t/acme/settlement/bonus/lines.csv").data.decode("utf-8-sig")
    close(cast, "2026-10")
    with cast.reading() as session:
        against = session.scalars(select(LedgerLine.id).where(LedgerLine.source.startswith("reversal:"))).one()
        second = session.scalars(select(LedgerLine.id).where(LedgerLine.source == "line:1#again2")).one()
    said = fiona.post(door.replace(back, second), data={"reason": "退货"}, follow_redirects=True).text
    assert "已红冲，由下一张对账单补差" in said
    draw_up(cast, "2026-11")  # a month without lines of its own is found where statements are listed
    assert "<option selected>2026-11</option>" in fiona.get("/t/acme/settlement/bonus/statements?period=2026-11").text
    assert fiona.get(door.replace(back, against)).status_code == 200
    assert fiona.post(door.replace(back, against), data={"reason": "x"}).status_code == 404


def test_a_line_that_was_counted_with_something_else_is_told_and_stays(cast: Cast) -> None:
    publish(cast, priced())
    fiona = cast.sign_in("fiona")
    fiona.post(f"{brought(fiona, '1,王,2026-10-01,1000')}/count")
    page = fiona.get(brought(fiona, '1,王,2026-10-01,"1,000.00"\n1,王,2026-10-01,500\n2,王,2026-10-02,5\n'))
    assert re.findall(r"<dd>(.*?)</dd>", page.text) == ["1", "1", "1"]  # good, repeated, wrong
    page = fiona.get(brought(fiona, "1,李,2026-10-01,500\n"))
    assert "1 已计入，当时是 1000.00，没有改动" in page.text and "当时是 王" in page.text and "计入 1 笔" not in page.text
    assert ledger_of(cast) == [("line:1", "2026-10", "100.00")]


def test_the_wrong_rows_can_be_taken_along_and_ignored_columns_stay_told(cast: Cast) -> None:
    publish(cast, priced())
    fiona = cast.sign_in("fiona")
    assert fiona.get(f"{IMPORT}.csv").data.decode("utf-8-sig").strip() == "no,who*,day*,amount"
    raw = "no,who,day,amount,备注\n1,王,昨天,5,好\n2,王,2026-10-01,6,\n".encode("gb18030")
    address = str(fiona.post(IMPORT, data={"file": (io.BytesIO(raw), "a.csv")}).headers["Location"])
    for _ in range(2):  # whoever comes back later is told too
        assert "没有认出这些列，已忽略：备注" in fiona.get(address).text
    told = fiona.get(f"{address}/wrong.csv").data.decode("utf-8-sig").splitlines()
    assert told == ["行,列,内容,原因", "2,day,昨天,请填写有效的日期，如 2026-10-01；“昨天”不是。"]
    assert cast.sign_in("victor").get(f"{address}/wrong.csv").status_code == 403
    brought(fiona, "", "nothing.csv")
    assert found(cast).state == "review" and "nothing.csv" not in fiona.get(IMPORT).text  # there is nothing to review


def test_a_name_that_is_nobodys_or_two_peoples_is_told_by_its_name(cast: Cast) -> None:
    publish(cast, priced(inputs=[field("no"), field("who", "unit"), field("day", "date"), field("amount", "money")]))
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.add_all(Unit(code=f"twin-{n}", kind="store", name={"zh-Hans": "双子店"}) for n in (1, 2))
    fiona = cast.sign_in("fiona")
    page = fiona.get(brought(fiona, "1,没有的店,2026-10-01,5\n2,双子店,2026-10-01,5\n3,twin-1,2026-10-01,5\n")).text
    assert "找不到“没有的店”" in page and "有多条叫“双子店”的数据" in page and "计入 1 笔" in page
    for raw, told in ((b"a,b\n1,2\n", "Known are: no"), (b"no,amount\n1,2\n", "The header lacks a column: who, day.")):
        asked = {"data": {"file": (io.BytesIO(raw), "a.csv")}, "headers": {"Accept-Language": "en"}}
        refused = fiona.post(IMPORT, **asked)
        assert refused.status_code == 422 and told in refused.text


MONTH = {"period": "month"}
STEPS = [{"uid": "low", "below": "500", "percent": "10"}, {"uid": "high", "below": None, "percent": "20"}]
ADDED = {"model": "graduated_percentage", "measure": {"sum": "amount", "over": MONTH}, "marginal": True, "tiers": STEPS}
SECOND = {
    "model": "volume_percentage", "measure": {"sum": "amount"}, "qualifier": {"count": True, "over": {**MONTH, "so_far": True}},
    "tiers": [{"uid": "one", "below": "2", "percent": "0"}, {"uid": "more", "below": None, "percent": "10"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("charge", "first", "then"),
    [
        (ADDED, {"1": "70.00", "2": "40.00", "8": "40.00", "9": "70.00"}, {"3": "20.00", "4": "20.00"}),
        (SECOND, {"1": "40.00", "2": "0.00", "8": "0.00", "9": "40.00"}, {"3": "10.00", "4": "10.00"}),
    ],
    ids=["what it adds", "which one of the month it is"],
)
def test_a_line_is_priced_after_those_that_were_counted_before_it_whatever_its_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, charge: dict[str, Any], first: dict[str, str], then: dict[str, str]
) -> None:
    """By tiers of 10 % to 500 and 20 % beyond, or by their number: 400 and 400 of October, then two of 100 that come late; of
    one day in the order of their numbers, as they were reviewed."""
    publish(cast, priced(line={**FEE, "rules": [{**FEE["rules"][0], "charge": charge}]}), priced(uid="second", key="second"))
    counted(
        cast, {"no": "1", "who": "王", "day": "2026-10-05", "amount": "9"}, key="second"
    )  # another's lines are none of these
    fiona = cast.sign_in("fiona")
    address = brought(fiona, "1,王,2026-10-12,400\n2,王,2026-10-10,400\n9,李,2026-10-11,400\n8,李,2026-10-11,400\n")
    assert reviewed(cast) == first and all(one in fiona.get(address).text for one in first.values())
    assert fiona.post(f"{address}/count").status_code == 302
    assert {source[5:]: amount for source, _, amount in ledger_of(cast)} == first
    late = brought(fiona, "3,王,2026-10-01,100\n1,王,2026-10-10,400\n4,王,2026-10-02,100\n")
    assert all(one in fiona.get(late).text for one in then.values())
    fiona.post(f"{late}/count")
    assert {source[5:]: amount for source, _, amount in ledger_of(cast)} == {**first, **then}
    monkeypatch.setattr(intake, "LINES", 1)
    monkeypatch.setattr(intake, "TOGETHER", 1)
    one, two = (brought(fiona, "5,赵,2026-10-01,100\n6,赵,2026-10-02,100\n" + more) for more in ("", "7,赵,2026-10-03,200\n"))
    reviews = [read_on(fiona, address) for address in (one, two)]  # row by row, neither beside the other
    wanted = {"5": "0.00" if charge is SECOND else "10.00", "6": "10.00", "7": "20.00"}
    assert reviewed(cast) == wanted
    monkeypatch.setattr(intake, "TOGETHER", 5)
    for review in reviews:
        fiona.post(f"{review}/count")
    assert {source[5:]: amount for source, _, amount in ledger_of(cast)} == {**first, **then, **wanted}
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:  # of a contract without an end
        asked = {"settlement": "bonus", "version": 1, "measure": {"sum": "amount"}, "currency": "CNY", "group": {"who": "王"}}
        asked |= {"since": "0001-01-01", "below": None}
        assert beside.before(driver_of(session), cast.tenants["acme"], asked) == {"lines": 4, "sum": "1000"}
        some = {**asked, "since": "2026-10-02", "below": "2026-10-10"}  # the first day is one of them, the last is not
        assert beside.before(driver_of(session), cast.tenants["acme"], some) == {"lines": 1, "sum": "100"}
    monkeypatch.setattr(beside, "before", lambda *given, **but: {"code": "settle.too_large", "params": {}})
    with cast.app.app_context():  # where nobody knows what it would be worth now, it goes as it came
        enter_tenant(cast.tenants["acme"])
        of = select(LedgerLine.id).where(LedgerLine.source == "line:7", LedgerLine.settlement_key == "bonus")
        reversing.take_back(acting(cast.tenants["acme"]), db.session.scalars(of).one(), "x")
    assert [amount for source, _, amount in ledger_of(cast) if source.startswith("reversal:")] == ["-20.00"]
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(LedgerLine).values(at="2026-01-01T00:00:00.000Z"))
    monkeypatch.setattr(intake, "TOGETHER", 1)  # each beside what its own partner has had of old, but for what was taken back
    last = "10,王,2026-10-20,100\n11,李,2026-10-20,100\n12,赵,2026-10-20,300\n"
    read_on(fiona, brought(fiona, last))
    assert reviewed(cast) == ({"10": "20.00", "11": "20.00"} if charge is ADDED else {"10": "10.00", "11": "10.00"}) | {
        "12": "30.00"
    }


def test_of_the_ledger_only_lines_are_read_that_may_stand_in_the_same_window(cast: Cast) -> None:
    publish(cast, priced(line={**FEE, "rules": [{**FEE["rules"][0], "charge": ADDED}]}))
    days = [("1", "王", "2026-10-01"), ("2", "李", "2026-10-02"), ("3", "王", "2026-09-30"), ("4", "王", "2026-11-01")]
    counted(cast, *({"no": no, "who": who, "day": day, "amount": "10"} for no, who, day in days))
    with cast.reading() as session:
        settlement = Pricing.of(cast.tenants["acme"], "bonus").settlement
        found = beside.counted(session, settlement, [{"no": "5", "who": "王", "day": "2026-10-31", "amount": "10"}])
        assert found is not None and [one.line.values["no"] for one in found.entries] == ["1"]


def test_a_line_that_depends_on_those_to_come_is_not_priced_as_if_it_were_alone(cast: Cast) -> None:
    whole = {**SECOND, "qualifier": {"count": True, "over": MONTH}}
    publish(cast, priced(line={**FEE, "rules": [{**FEE["rules"][0], "charge": whole}]}))
    fiona = cast.sign_in("fiona")
    assert "以后才来" in fiona.get(brought(fiona, "1,王,2026-10-01,400\n2,王,2026-10-02,400\n")).text
    assert ledger_of(cast) == []


def test_what_is_dropped_is_not_counted(cast: Cast) -> None:
    publish(cast, priced())
    fiona = cast.sign_in("fiona")
    address = brought(fiona, "1,王,2026-10-01,1000\n")
    assert fiona.post(f"{address}/drop").status_code == 302
    fiona.post(f"{address}/count")
    assert ledger_of(cast) == [] and "已放弃" in fiona.get(address).text
    with cast.reading() as session:
        assert session.scalar(select(func.count()).select_from(IntakeLine)) == 0


FILE = (
    "1,王,2026-10-01,10\n2,王,2026-10-02,x\n\n3,王,2026-10-03,30\n4,王,2026-10-01,40\n3,李,2026-10-01,1\n5,王,2026-10-01,50\n"
)


@pytest.fixture
def in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two rows, from pieces of three."""
    monkeypatch.setattr(intake, "LINES", 2)
    monkeypatch.setattr(pieces, "ROWS", 3)


@pytest.mark.usefixtures("in_slices")
def test_a_file_is_read_in_slices_left_and_gone_on_with(cast: Cast) -> None:
    publish(cast, priced())
    fiona = cast.sign_in("fiona")
    address = brought(fiona, FILE)
    assert "已读取 2 / 6 行：1 行可以计入" in fiona.get(address).text
    fiona.post(f"{address}/cancel")
    assert "没有读完（2 / 6 行）" in fiona.get(IMPORT).text
    [review] = re.findall(r"/t/acme/settlement/imports/[^/\"]+", fiona.get(IMPORT).text)
    assert "没有读完" in fiona.get(review).text
    fiona.post(f"{review}/count")  # of what is half read nothing is counted
    assert ledger_of(cast) == [] and unread(cast) == 4
    again = fiona.post(f"{review}/read").headers["Location"]
    assert again != address and fiona.post(f"{review}/read").headers["Location"] == again  # it is under way
    assert read_on(fiona, again) == review and "HX-Redirect" not in fiona.post(f"{address}/next").headers
    with cast.reading() as session:  # of the second batch
        last = session.scalars(select(Batch).order_by(Batch.id.desc()).limit(1)).one()
        assert (last.total, last.seen, last.made, unread(cast)) == (4, 4, 3, "settle.has_been_read")
    page = fiona.get(review).text
    assert [(one["row"], one["column"], one["value"], one["reason"]["code"]) for one in found(cast).wrong] == [
        (3, "amount", "x", "field.number.invalid"), (7, "no", "3", "records.twice_in_file"),
    ]  # fmt: skip
    assert "第 5 行" in page and (found(cast).good, found(cast).faulty) == (4, 2)
    fiona.post(f"{fiona.post(f'{review}/count').headers['Location']}/next")
    assert [source for source, _, _ in ledger_of(cast)] == ["line:1", "line:3", "line:4", "line:5"]
    with cast.reading() as session:
        assert set(session.scalars(select(File.owner).where(File.name.startswith("0000")))) == {"nobody"}
        by_turn = session.scalars(select(LedgerLine.source).where(LedgerLine.settlement_key == "bonus").order_by(LedgerLine.id))
        assert list(by_turn) == ["line:1", "line:4", "line:5", "line:3"]  # no slice ends with a day


def read_on(fiona: FlaskClient, address: str) -> str:
    """To its end: the address of the review."""
    while (answer := fiona.post(f"{address}/next")).status_code == 200:
        if "HX-Redirect" in answer.headers:
            return answer.headers["HX-Redirect"]
    raise AssertionError(answer.text)


def found(cast: Cast) -> Intake:
    with cast.reading() as session:
        return session.scalars(select(Intake).where(Intake.settlement_key == "bonus").order_by(Intake.id.desc()).limit(1)).one()


def unread(cast: Cast) -> int | str:
    """How many rows are still to be read, or why none can be."""
    tenant, of = cast.tenants["acme"], found(cast).id
    with cast.app.app_context(), transaction(tenant) as session:
        try:
            return intake.unread(session, acting(tenant), "bonus", of)
        except Refused as refused:
            return refused.reason.code


def reviewed(cast: Cast) -> dict[str, str]:
    """What the lines of the last import were priced at, by their number."""
    with cast.reading() as session:
        wanted = select(IntakeLine.source, IntakeLine.amount).where(IntakeLine.intake_id == found(cast).id)
        return {source.removeprefix("line:"): amount for source, amount in session.execute(wanted)}


def swept(cast: Cast) -> None:
    with cast.app.app_context():
        worker.sweep()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is."""
    monkeypatch.setattr(cutting, "AT_ONCE", 0)
    monkeypatch.setattr(pieces, "PART", 40)


def wakes(cast: Cast) -> list[int]:
    with cast.app.app_context():
        return list(db.session.scalars(select(Wakeup.attempt).where(Wakeup.queue == FILES)))


def woken(cast: Cast) -> None:
    """As if its time had come."""
    with cast.app.app_context(), transaction(None) as session:
        session.execute(update(Wakeup).values(due_at="2026-01-01"))


@pytest.mark.usefixtures("large", "in_slices")
def test_a_large_file_is_answered_at_once_and_cut_by_a_worker(cast: Cast) -> None:
    publish(cast, priced())
    fiona = cast.sign_in("fiona")
    review = brought(fiona, FILE)
    assert review.endswith(found(cast).id) and "即将开始处理" in fiona.get(review).text and "后台处理" in fiona.get(IMPORT).text
    assert fiona.post(f"{review}/count").status_code == 302 and (found(cast).state, unread(cast)) == (
        "cutting",
        "settle.being_cut",
    )
    told = fiona.post(f"{review}/read", headers={"HX-Request": "true"})
    assert told.status_code == 200 and "HX-Redirect" not in told.headers
    swept(cast)
    assert (found(cast).state, found(cast).rows, wakes(cast)) == ("reading", 6, [])
    batch = fiona.post(f"{review}/read", headers={"HX-Request": "true"}).headers["HX-Redirect"]
    assert read_on(fiona, batch) == review and (found(cast).good, found(cast).faulty) == (4, 2)
    with cast.reading() as session:
        assert set(session.scalars(select(File.owner).where(File.name.startswith("part:")))) == {"nobody"}


@pytest.mark.usefixtures("large", "in_slices")
def test_what_is_wrong_with_a_large_file_as_a_whole_is_told(cast: Cast) -> None:
    publish(cast, priced())
    fiona = cast.sign_in("fiona")
    review = str(fiona.post(IMPORT, data={"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")}).headers["Location"])
    swept(cast)
    assert fiona.post(f"{review}/read", headers={"HX-Request": "true"}).headers["HX-Redirect"] == review
    assert "没有认识的列" in fiona.get(review).text and (found(cast).state, wakes(cast)) == ("refused", [])
    shown = cast.api(cast.token("fiona"))("GET", f"/settlement-imports/{found(cast).id}").json
    assert (shown["state"], shown["wrong"][0]["row"]) == ("refused", 0)
    locked = sheets.OLD_OFFICE + "EncryptedPackage".encode("utf-16-le")
    assert "去掉密码" in fiona.post(IMPORT, data={"file": (io.BytesIO(locked), "a.xlsx")}).text  # that is told at once


@pytest.mark.usefixtures("large", "in_slices")
def test_a_worker_that_was_killed_or_is_late_cuts_nothing_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(cast, priced())
    fiona, cut = cast.sign_in("fiona"), pieces.cut
    review = brought(fiona, FILE)

    def killed(*given: Any) -> Any:
        cut(*given[:4])
        raise SystemExit

    monkeypatch.setattr(pieces, "cut", killed)
    with pytest.raises(SystemExit):
        swept(cast)
    assert (found(cast).state, wakes(cast)) == ("cutting", [1])
    swept(cast)  # not yet: it may live
    assert wakes(cast) == [1]

    def late(*given: Any) -> Any:
        monkeypatch.setattr(pieces, "cut", killed)
        woken(cast)
        with pytest.raises(SystemExit):
            swept(cast)
        return cut(*given)

    monkeypatch.setattr(pieces, "cut", late)
    woken(cast)
    swept(cast)
    assert (found(cast).state, wakes(cast)) == ("cutting", [3])  # it is another's by now
    monkeypatch.setattr(pieces, "cut", cut)
    woken(cast)
    swept(cast)
    with cast.reading() as session:
        mine = select(func.count()).select_from(File).where(File.owner == intake.owner_of(found(cast).id))
        assert session.scalar(mine) == 2
    assert read_on(fiona, fiona.post(f"{review}/read").headers["Location"]) == review and found(cast).good == 4


@pytest.mark.usefixtures("large", "in_slices")
def test_a_file_that_cannot_be_cut_however_often_or_is_dropped_is_let_go(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(cast, priced())
    fiona = cast.sign_in("fiona")
    review = brought(fiona, FILE)
    monkeypatch.setattr(pieces, "cut", lambda *given: given[4](5) or 1 / 0)
    for _ in range(MAX_ATTEMPTS + 1):
        woken(cast)
        swept(cast)
    assert "多次处理都没有成功" in fiona.get(review).text and (wakes(cast), found(cast).rows) == ([], 0)
    review = brought(fiona, FILE)
    assert fiona.post(f"{review}/drop").status_code == 302
    swept(cast)
    assert (found(cast).state, wakes(cast)) == ("dropped", [])
    with cast.reading() as session:
        assert set(session.scalars(select(File.owner).where(File.name.startswith("part:")))) == {"nobody"}


@pytest.mark.usefixtures("in_slices")
def test_what_is_dropped_half_read_or_half_counted_goes_no_further(cast: Cast) -> None:
    publish(cast, priced())
    fiona = cast.sign_in("fiona")
    address = brought(fiona, FILE)
    review = f"/t/acme/settlement/imports/{found(cast).id}"
    assert fiona.post(f"{review}/drop").status_code == 302
    assert "完成" in fiona.post(f"{address}/next").text and found(cast).state == "dropped"
    address = brought(fiona, FILE)
    review = read_on(fiona, address)
    address = fiona.post(f"{review}/count").headers["Location"]
    assert fiona.post(f"{review}/count").headers["Location"] == address  # it is under way
    fiona.post(f"{review}/drop")
    assert "完成" in fiona.post(f"{address}/next").text and found(cast).state == "dropped" and len(ledger_of(cast)) == 2
    counted(cast, *({"no": f"n{n}", "who": "王", "day": "2026-10-01", "amount": "1"} for n in range(3)))
    assert len(ledger_of(cast)) == 5


def test_only_who_may_bring_lines_may_send_more_than_other_pages_take(cast: Cast) -> None:
    publish(cast, priced())
    cast.app.config.update(MAX_CONTENT_LENGTH=1_000, WTF_CSRF_ENABLED=True)
    for who, status in (("fiona", 400), ("victor", 403)):  # 400: without the page's token
        answer = cast.sign_in(who).post(IMPORT, data={"file": (io.BytesIO(HEADER.encode() + b"," * 5_000), "a.csv")})
        assert answer.status_code == status
    cast.app.config["WTF_CSRF_ENABLED"] = False
    fiona = cast.sign_in("fiona")
    assert fiona.post("/t/acme/records/customer/import", data={"file": (io.BytesIO(b"x" * 5_000), "a")}).status_code == 413
    assert fiona.get(brought(fiona, "1,王,2026-10-01,10\n" + " ,,,\n" * 1_000)).status_code == 200


def test_an_excel_file_too_wide_or_a_cell_too_long_is_told(cast: Cast) -> None:
    publish(cast, priced())
    fiona, header = cast.sign_in("fiona"), ["no", "who", "day", "amount"]
    rows = [["1", "王", datetime(2026, 10, 1), 10], ["2", "王" * (MAX_CELL + 1), datetime(2026, 10, 1), 10]]
    for names, status in ((header, 302), ([*header, *map(str, range(MAX_COLUMNS))], 422)):
        book, out = Workbook(), io.BytesIO()
        for row in (names, *rows):
            book.active.append(row)  # type: ignore[union-attr]
        book.save(out)
        answer = fiona.post(IMPORT, data={"file": (io.BytesIO(out.getvalue()), "a.xlsx")})
        assert answer.status_code == status and (status == 302 or "200 列" in answer.text)
    assert (found(cast).good, [one["reason"]["code"] for one in found(cast).wrong]) == (1, ["sheet.cell_too_long"])


def test_lines_over_the_api_are_counted_once_and_wrong_ones_told(cast: Cast) -> None:
    publish(cast, priced(), priced(uid="second", key="second"))
    api = cast.api(cast.token("fiona"))
    lines = [
        {"no": "1", "who": "王", "day": "2026-10-01", "amount": "1000"},
        {"no": "1", "who": "李", "day": "2026-10-01", "amount": "1"}, {"no": "2", "who": "王", "amount": "x"},
    ]  # fmt: skip
    first, second = (api("POST", "/settlements/bonus/lines", {"lines": lines}).json for _ in range(2))
    assert (first["written"], second["written"], second["repeated"]) == (1, 0, 1)
    assert [(one["row"], one["errors"][0]["path"]) for one in first["wrong"]] == [(2, "/no"), (3, "/amount")]
    assert api("POST", "/settlements/second/lines", {"lines": lines}).json["written"] == 1  # its numbers are its own
    assert api("POST", "/settlements/bonus/lines", {"lines": []}).status_code == 422
    assert cast.api(cast.token("victor"))("POST", "/settlements/bonus/lines", {"lines": lines}).status_code == 403


def test_long_numbers_and_names_of_files_are_told_apart(cast: Cast) -> None:
    publish(cast, priced())
    fiona, alike = cast.sign_in("fiona"), "订单" * 60
    rows = [f"{alike}{number},王,2026-10-01,1000" for number in (1, 2, 1)] + [",王,2026-10-01,1000"] * 2
    review = fiona.get(brought(fiona, "\n".join(rows), f"{'某某公司' * 40}.csv")).request.path
    fiona.post(f"{review}/count")
    assert len(ledger_of(cast)) == 4, "two numbers, one of them twice, and two rows without"
    again = fiona.get(brought(fiona, "\n".join(rows[:3]))).request.path
    fiona.post(f"{again}/count")
    assert len(ledger_of(cast)) == 4


def counted(cast: Cast, *values: dict[str, Any], key: str = "bonus") -> Intake:
    with cast.app.app_context():
        enter_tenant(cast.tenants["acme"])
        rows = [Row(number, {}, one, {}) for number, one in enumerate(values, 2)]
        return batches.import_lines(acting(cast.tenants["acme"]), key, rows, "a.csv")


DAYS = [  # zone, period, moment, where it belongs
    ("Asia/Shanghai", "month", "2026-10-31T15:59:59.000Z", "2026-10"),  # one second before midnight there
    ("Asia/Shanghai", "month", "2026-10-31T16:00:00.000Z", "2026-11"),  # midnight
    ("Asia/Shanghai", "year", "2026-12-31T15:59:59.000Z", "2026"),
    ("Asia/Shanghai", "year", "2026-12-31T16:00:00.000Z", "2027"),
    ("Asia/Shanghai", "quarter", "2026-09-30T16:00:00.000Z", "2026-Q4"),
    ("Asia/Shanghai", "half", "2026-06-30T15:59:59.000Z", "2026-H1"),
    ("Asia/Shanghai", "day", "2028-02-28T16:00:00.000Z", "2028-02-29"),  # a leap day
    ("Asia/Shanghai", "month", "2028-02-29T15:59:59.000Z", "2028-02"),
    ("America/New_York", "day", "2026-11-02T04:59:59.000Z", "2026-11-01"),  # of 25 hours: the clock went back
    ("America/New_York", "day", "2026-11-02T05:00:00.000Z", "2026-11-02"),
    ("America/New_York", "day", "2026-03-09T03:59:59.000Z", "2026-03-08"),  # of 23
    ("America/New_York", "day", "2026-03-09T04:00:00.000Z", "2026-03-09"),
]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2026/11/1 0:00", "2026-11-01T00:00:00"), ("2026年10月31日 23:59:59", "2026-10-31T23:59:59"),
        ("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"), ("2026/11/1", "2026/11/1"),
    ],
)  # fmt: skip
def test_a_moment_is_read_as_spreadsheets_write_it(cell: str, read: str) -> None:
    day = inputs_form(priced(inputs=[field("who"), field("day", "moment"), field("amount", "money")])).fields["day"]
    assert LookUp(as_written).value(day, cell) == read


def test_a_moment_is_told_by_the_clock(cast: Cast) -> None:
    inputs = [field("no"), field("who"), field("day", "moment"), field("amount", "money")]
    publish(cast, priced(zone="Asia/Shanghai", inputs=inputs))
    fiona = cast.sign_in("fiona")
    address = brought(fiona, "1,王,2026/10/31 23:59:59,1000")
    assert "2026-10-31 23:59:59" in fiona.get(address).text
    fiona.post(f"{address}/count")
    assert "2026-10-31 23:59:59" in fiona.get("/t/acme/settlement/bonus/lines?period=2026-10").text


def test_a_line_belongs_to_the_period_of_its_day_in_the_zone(cast: Cast) -> None:
    inputs = [field("no"), field("who"), field("day", "moment"), field("amount", "money")]
    kinds = sorted({(zone, period) for zone, period, _, _ in DAYS})
    keys = {kind: f"z{number}" for number, kind in enumerate(kinds)}
    publish(cast, *(priced(uid=f"s{key}", key=key, zone=kind[0], period=kind[1], inputs=inputs) for kind, key in keys.items()))
    api = cast.api(cast.token("fiona"))
    for zone, period, at, name in DAYS:
        key = keys[zone, period]
        counted(cast, {"no": at, "who": "王", "day": at, "amount": "1000"}, key=key)
        assert (f"line:{at}", name, "100.00") in ledger_of(cast, key)
        drawn = api("POST", f"/settlements/{key}/statements", {"period": name}).json
        assert drawn["made"] == 1
        [head] = api("GET", f"/settlements/{key}/statements?period={name}").json["items"]
        assert head["count"] == sum(name == other for *kind, _, other in DAYS if kind == [zone, period])


def test_a_statement_may_be_of_a_contract_and_a_late_line_goes_to_the_next(cast: Cast) -> None:
    inputs = [field("no"), field("who"), field("day", "date"), field("amount", "money"), field("since", "date")]
    publish(cast, priced(inputs=inputs, period="contract", contract={"since": "since"}))
    lines = [("1", "2026-03-15", "2026-03-15"), ("2", "2026-03-15", "2027-01-01"), ("3", "2027-03-15", "2027-04-01")]
    counted(cast, *({"no": no, "who": "王", "day": day, "amount": "1000", "since": since} for no, since, day in lines))
    for period, late in (("2026-03-15", "4"), ("2027-03-15", "")):
        draw_up(cast, period)
        close(cast, period)
        if late:
            counted(cast, {"no": late, "who": "王", "day": "2026-05-01", "amount": "1000", "since": period})
    said = [(one.period, one.count, one.net, one.body.get("adjustments", [{}])[0].get("period")) for one in rows(cast)]
    assert said == [("2026-03-15", 2, "240.00", None), ("2027-03-15", 2, "240.00", "2026-03-15")]


def test_a_parquet_file_is_reviewed_like_a_table(cast: Cast, tmp_path: Path) -> None:
    publish(cast, priced())
    fiona, path = cast.sign_in("fiona"), tmp_path / "a.parquet"
    rows_of = "VALUES ('1', '王', DATE '2026-10-01', 1000.50), ('2', '', NULL, 7), ('3', '李', DATE '2026-10-03', 20)"
    duckdb.sql(f"COPY (SELECT * FROM ({rows_of}) t(no, who, day, amount)) TO '{path}' (FORMAT parquet)")
    for raw, codes in ((path.read_bytes(), (302, "")), (b"PAR1 and nothing else", (422, "a.parquet"))):
        answer = fiona.post(IMPORT, data={"file": (io.BytesIO(raw), "a.parquet")})
        assert answer.status_code == codes[0] and codes[1] in answer.text
        if answer.status_code == 302:
            fiona.post(f"{answer.headers['Location']}/count")
    assert ledger_of(cast) == [("line:1", "2026-10", "100.05"), ("line:3", "2026-10", "2.00")]


def test_the_version_in_force_on_the_business_day_prices_a_line(cast: Cast) -> None:
    """Of three versions the first is for the time before November, the others from then on; the third says it better."""
    publish(cast, priced(valid={"below": "2026-11-01"}))
    for percent in ("20", "30"):
        rules = [{**FEE["rules"][0], "charge": {**TENTH, "percent": percent}}]
        republish(cast, priced(valid={"from": "2026-11-01"}, line={**FEE, "rules": rules}))
    counted(cast, *({"no": day, "who": "王", "day": day, "amount": "1000"} for day in ("2026-10-31", "2026-11-01")))
    with cast.reading() as session:
        wanted = select(LedgerLine.date, LedgerLine.version, LedgerLine.amount).where(LedgerLine.settlement_key == "bonus")
        assert [tuple(row) for row in session.execute(wanted.order_by(LedgerLine.date))] == [
            ("2026-10-31", 1, "100.00"), ("2026-11-01", 3, "300.00"),
        ]  # fmt: skip
    for month in ("2026-10", "2026-11"):
        draw_up(cast, month)
    assert [(one.period, one.version) for one in rows(cast)] == [("2026-10", 1), ("2026-11", 3)]  # of the month's last day


def test_a_ticket_is_priced_by_the_version_of_its_business_day_unless_it_keeps_its_own(cast: Cast) -> None:
    """Filed by a workflow that was published with the first version, which was for the time before November, not before May."""
    visit = form_doc(field("who"), field("day", "date"), field("amount", "money"), key="visit")
    taken = {"settlement": "bonus", "inputs": {one: one for one in ("who", "day", "amount")}}
    ways = {"visits": {}, "kept": {"version": "pinned"}}
    steps = {key: [node("start", "start"), node("s", "settle", **taken, **how), node("e", "end")] for key, how in ways.items()}
    flows = [flow_doc(of, ["start>s", "s>e"], key=key, form="visit") for key, of in steps.items()]
    publish(cast, visit, priced(valid={"from": "2026-05-01", "below": "2026-11-01"}), *flows)
    rules = [{**FEE["rules"][0], "charge": {**TENTH, "percent": "20"}}]
    republish(cast, priced(valid={"from": "2026-11-01"}, line={**FEE, "rules": rules}))
    for workflow, day in (("visits", "2026-10-31"), ("visits", "2026-11-01"), ("kept", "2026-11-01"), ("visits", "2026-04-30")):
        cast.file(workflow=workflow, who=workflow, day=day, amount="1000")
    with cast.reading() as session:
        wanted = select(LedgerLine.partner_id, LedgerLine.version, LedgerLine.amount).order_by(LedgerLine.id)
        assert [tuple(row) for row in session.execute(wanted.where(LedgerLine.settlement_key == "bonus"))] == [
            ("visits", 1, "100.00"), ("visits", 2, "200.00"), ("kept", 1, "100.00"),
        ]  # fmt: skip
        [stuck] = session.scalars(select(TokenRow).where(TokenRow.state == "failed"))
        assert stuck.reason["code"] == "settle.no_version"


def republish(cast: Cast, body: dict[str, Any]) -> None:
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        document = session.scalars(select(Document).where(Document.key == body["key"])).one()
        documents.save(session, None, document, document.revision, body, content_hash(body))
        builder.publish_all(session, By(cast.tenants["acme"]), [document])
    definitions.forget()


POOL = {"uid": "pool", "title": text("旺季加码"), "measure": {"sum": "amount"}, "percent": "10", "budget": "150"}


def test_a_pool_is_drawn_first_come_first_and_a_reversal_gives_back(cast: Cast) -> None:
    publish(cast, priced(pools=[POOL]), priced(uid="second", key="second", pools=[POOL]))
    lines = [{"no": str(n), "who": "王", "day": f"2026-10-0{4 - n}", "amount": "1000"} for n in (1, 2, 3)]
    api = cast.api(cast.token("fiona"))
    with cast.app.app_context():  # reviewed by two at once, it draws once
        actor, third = acting(cast.tenants["acme"]), [Row(2, {}, lines[2], {})]
        enter_tenant(actor.tenant_id)
        both = [intake.stage(actor, "bonus", third, name) for name in ("a.csv", "b.csv")]
        assert [batches.begin(actor, "count", "bonus", one).made for one in both] == [1, 0]
    assert Decimal(api("GET", "/settlements/bonus/pools").json["items"][0]["gone"]) == 100
    counted(cast, *lines)
    assert [amount for _, _, amount in ledger_of(cast)] == ["100.00", "150.00", "200.00"]  # the third came first by its day
    [pool] = api("GET", "/settlements/bonus/pools").json["items"]
    assert Decimal(pool["left"]) == 0 and "剩 0" in cast.sign_in("fiona").get("/t/acme/settlement/bonus/lines").text
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(LedgerLine).where(LedgerLine.source == "line:2").values(ticket_id="t"))
        for _ in range(2):
            reversing.reverse(driver_of(session), cast.tenants["acme"], "t", "2026-11-01T00:00:00.000Z")
    counted(cast, {**lines[0], "amount": "300"}, key="second")  # it has a pool of its own, though it is called the same
    assert ledger_of(cast, "second") == [("line:1", "2026-10", "60.00")]
    left = [api("GET", f"/settlements/{key}/pools").json["items"][0]["left"] for key in ("bonus", "second")]
    assert list(map(Decimal, left)) == [50, 120]
    with cast.reading() as session:
        [parts] = session.scalars(select(LedgerLine.parts).where(LedgerLine.settlement_key == "second"))
        assert [code.rpartition(".")[2] for code, *_ in parts] == ["percentage", "pool_wanted", "pool"]


def test_killed_while_a_file_is_read_and_its_lines_are_counted_none_is_missing_and_none_there_twice(cast: Cast) -> None:
    publish(cast, priced(pools=[{**POOL, "budget": "1000"}]))
    chance, tenant = random.Random(3), cast.tenants["acme"]
    values = [(str(n), str(chance.randint(1, 900))) for n in range(LINES)]
    file = io.BytesIO((HEADER + "".join(f"{n},王,2026-10-05,{amount}\n" for n, amount in values)).encode())
    with cast.app.app_context():
        enter_tenant(tenant)
        of = intake.bring(acting(tenant), "bonus", file, "a.csv")
    for work, before in (("read", "reading"), ("count", "review")):
        kills = 0
        while kills < KILLS and found(cast).state == before:
            kills += killed(cast, work, of, chance.uniform(0.001, 0.5 if LONG else 0.1))
        with cast.app.app_context():
            enter_tenant(tenant)
            finish(acting(tenant), work, of)
        assert kills == KILLS
    assert (found(cast).good, found(cast).repeated, found(cast).wrong) == (LINES, 0, [])
    amounts = {source: Decimal(amount) for source, _, amount in ledger_of(cast)}
    assert len(ledger_of(cast)) == len(amounts) == LINES
    assert sum(amounts.values()) == sum(Decimal(amount) for _, amount in values) / 10 + 1000


def test_a_line_of_nobody_or_of_no_day_does_not_count_whatever_the_definition_asks_for(cast: Cast) -> None:
    publish(cast, priced(inputs=[field("no"), field("who"), field("day", "date"), field("amount", "money")]))
    fiona = cast.sign_in("fiona")
    page = fiona.get(brought(fiona, "1,,2026-10-01,5\n2,A,,5\n3,A,2026-10-01,5\n")).text
    wrong = re.findall(r'<td class="amount">(\d)</td>\s*<td>(\w+)</td>', page)
    assert wrong == [("2", "who"), ("3", "day")]
