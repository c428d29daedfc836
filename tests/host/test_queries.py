"""A partner looks at his statement's lines by his link, and on paper; he queries one: a ticket; nobody else's lines."""

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select, update

from dougong.platform import links
from dougong.platform.store import transaction
from dougong.runtime.host.settlement import papers
from dougong.runtime.host.tables import LedgerLine, StatementRow, Ticket
from tests.cast import Cast
from tests.drawing import Doc, field, flow_doc, form_doc, node, options, task
from tests.host.settled import draw_up, rows
from tests.host.test_intake import counted, priced
from tests.host.test_races import publish

KINDS = ("pdf", "xlsx", "csv")


@pytest.fixture
def sent(cast: Cast) -> Cast:
    return sending(cast)


def sending(cast: Cast, step: Doc | None = None, before: Doc | None = None, **more: Any) -> Cast:
    """Two partners' statements, sent to be approved, or to do that step, after one `before` it."""
    form = form_doc(field("statement_number"), field("agreed", "choice", config=options("yes", "no")), key="stated")
    doubt = form_doc(field("line_number"), field("line_amount"), field("question", "textarea"), key="doubted")
    ours = task("t", who={"by": "role", "role": "engineer"})
    first = [before] if before else []
    flows = [
        flow_doc(
            [node("start", "start"), *some, one, node("e", "end")],
            ["start>r", "r>t", "t>e"] if some else ["start>t", "t>e"], key=key, form=of,
        )
        for key, of, one, some in (("states", "stated", step or ours, first), ("doubts", "doubted", ours, []))
    ]  # fmt: skip
    doc = priced(approval="states", query="doubts", **more)
    publish(cast, form, doubt, *flows, {key: part for key, part in doc.items() if part is not None})
    counted(cast, *({"no": f"SO-{n}", "who": who, "day": "2026-10-01", "amount": "1000"} for n, who in ((1, "王"), (2, "李"))))
    draw_up(cast, "2026-10")
    for row in rows(cast):
        assert cast.sign_in("fiona").post(f"/t/acme/settlement/statements/{row.id}/send").status_code == 302
    return cast


def line_on(cast: Cast, row: StatementRow) -> str:
    with cast.reading() as session:
        return session.scalars(select(LedgerLine.id).where(LedgerLine.statement_id == row.id)).one()


def door(cast: Cast, ticket_id: str | None) -> str:
    with cast.app.app_context():
        return f"/p/follow/{links.sign('follow', tenant=cast.tenants['acme'], ticket=ticket_id)}/lines"


def test_of_a_line_that_has_no_price_of_its_own_none_is_told(cast: Cast) -> None:
    mine, _ = rows(sending(cast, line=None))
    line = line_on(cast, mine)
    cast.app.test_client().post(f"{door(cast, mine.ticket_id)}/{line}", data={"question": "少算一半"})
    with cast.reading() as session:
        data = session.scalars(select(Ticket.data).where(Ticket.subject == f"line:{line}")).one()
    assert data["line_number"] and "line_amount" not in data


def test_a_partner_queries_a_line_of_his_statement_once(sent: Cast) -> None:
    mine, other = rows(sent)
    address, line, partner = door(sent, mine.ticket_id), line_on(sent, mine), sent.app.test_client()
    page = partner.get(address).text
    assert "100.00" in page and mine.partner_title in page and other.partner_title not in page
    for words in (" ", "少算一半", "再问一次"):
        partner.post(f"{address}/{line}", data={"question": words})
    with sent.reading() as session:
        [ticket] = session.scalars(select(Ticket).where(Ticket.subject == f"line:{line}")).all()
        assert (ticket.workflow_key, ticket.data["question"], ticket.data["line_amount"]) == ("doubts", "少算一半", "100.00")
        number = ticket.number
    assert number in partner.get(address).text
    assert number in sent.sign_in("fiona").get(f"/t/acme/settlement/statements/{mine.id}").text
    assert partner.post(f"{address}/{line_on(sent, other)}", data={"question": "x"}).status_code == 404
    leads = f"/t/acme/settlement/statements/{mine.id}"
    assert leads in sent.sign_in("alice").get(f"/t/acme/tickets/{ticket.id}").text
    assert leads not in (page := sent.sign_in("frank").get(f"/t/acme/tickets/{ticket.id}").text) and ticket.number in page


def test_a_partner_sees_how_his_statement_is_calculated_and_what_he_is_answered(sent: Cast) -> None:
    mine, _ = rows(sent)
    address, line, partner = door(sent, mine.ticket_id), line_on(sent, mine), sent.app.test_client()
    page = partner.get(address).text
    assert "怎么算出来的" in page and "明细合计（1 笔）" in page and "价税合计" in page
    back = partner.post(f"{address}/{line}", data={"question": "少算一半"}).headers["Location"]
    assert back.endswith(f"#line-{line}") and f'id="line-{line}"' in partner.get(back.partition("#")[0]).text
    page = partner.get(address).text
    assert "少算一半" in page and "进行中" in page and "已按合同计算" not in page
    with sent.app.app_context(), transaction(sent.tenants["acme"]) as session:
        ticket = session.scalars(select(Ticket).where(Ticket.subject == f"line:{line}")).one()
        ticket.data = {**ticket.data, "answer_text": "已按合同计算"}
    assert "已按合同计算" not in partner.get(address).text  # not yet said
    with sent.app.app_context(), transaction(sent.tenants["acme"]) as session:
        session.execute(update(Ticket).where(Ticket.subject == f"line:{line}").values(state="done"))
    assert "已按合同计算" in partner.get(address).text


def test_where_a_statement_stands_is_told_beside_its_state(sent: Cast) -> None:
    mine, _ = rows(sent)
    fiona = sent.sign_in("fiona")
    for address in (f"statements/{mine.id}", "bonus/statements"):
        assert "审批中 · t</span>" in fiona.get(f"/t/acme/settlement/{address}").text


def test_without_a_workflow_for_it_or_a_statement_there_is_nothing_to_query(sent: Cast) -> None:
    mine, _ = rows(sent)
    line, partner = line_on(sent, mine), sent.app.test_client()
    assert partner.get(door(sent, sent.file())).status_code == 404  # a ticket about something else
    with sent.app.app_context(), transaction(sent.tenants["acme"]) as session:
        session.execute(update(StatementRow).values(version=99))
    assert partner.post(f"{door(sent, mine.ticket_id)}/{line}", data={"question": "x"}).status_code == 404


def printed(body: bytes) -> str:
    """What stands on a paper, without its spaces. pypdf takes each half of the codes of an OpenType font for a character."""
    pages = PdfReader(io.BytesIO(body)).pages
    return "".join("".join(page.extract_text() for page in pages).replace("\x00", "").split())


def test_a_statement_is_printed_for_staff_the_partner_and_programs(sent: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, other = rows(sent)
    within, partner, fiona = f"/settlement/statements/{mine.id}", sent.app.test_client(), sent.sign_in("fiona")
    by_link = door(sent, mine.ticket_id).replace("/lines", "/statement.pdf")
    by_program = sent.api(sent.service("finance"))("GET", f"/statements/{mine.id}/paper")
    for answer in (fiona.get(f"/t/acme{within}.pdf"), partner.get(by_link), by_program):
        said = printed(answer.data)
        for words in (
            mine.number,
            mine.partner_title,
            "对账单",
            "价税合计",
            f"{mine.gross}CNY",
            "2026-10-01",
            "1,000×10%",
            "第1页，共1页",
        ):
            assert words in said, (words, said)
        assert other.partner_title not in said
    fiona.post("/language", data={"language": "en"})
    assert "Page1of1" in printed(fiona.get(f"/t/acme{within}.pdf").data)
    monkeypatch.setattr(papers, "MOST", 0)
    assert "PDF" in fiona.get(f"/t/acme{within}.pdf", follow_redirects=True).text
    assert partner.get(by_link).status_code == 302
    refused = sent.api(sent.service("finance"))("GET", f"/statements/{mine.id}/paper")
    assert (refused.status_code, refused.json["error"]["details"][0]["code"]) == (422, "settlement.paper.too_long")


def test_a_partner_takes_his_statement_along_as_a_table_and_nobody_elses(sent: Cast) -> None:
    mine, other = rows(sent)
    partner, link = sent.app.test_client(), door(sent, mine.ticket_id).removesuffix("/lines")
    assert all(f"{link}/statement.{kind}" in partner.get(f"{link}{page}").text for kind in KINDS for page in ("", "/lines"))
    text = partner.get(f"{link}/statement.csv").data.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(partner.get(f"{link}/statement.xlsx").data)).active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    for words in (mine.number, mine.partner_title):
        assert words in text and any(words in cell for cell in cells)
    assert mine.gross in text and float(mine.gross) in [float(cell) for cell in cells if re.fullmatch(r"[\d.]+", cell)]
    assert other.partner_title not in text and not any(other.partner_title in cell for cell in cells)
    elsewhere = door(sent, sent.file()).removesuffix("/lines")  # a link to something else
    assert [partner.get(f"{elsewhere}/statement.{kind}").status_code for kind in KINDS] == [404] * 3
    assert [partner.get(f"{link}x/statement.{kind}").status_code for kind in KINDS] == [404] * 3


def test_what_is_drawn_up_again_is_not_told_before_it_is_sent(sent: Cast) -> None:
    mine, _ = rows(sent)
    partner, link = sent.app.test_client(), door(sent, mine.ticket_id).removesuffix("/lines")
    with sent.app.app_context(), transaction(sent.tenants["acme"]) as session:
        session.execute(update(StatementRow).where(StatementRow.id == mine.id).values(state="draft"))
    pages = ("/lines", *(f"/statement.{kind}" for kind in KINDS))
    assert [partner.get(f"{link}{page}").status_code for page in pages] == [404] * 4
    assert partner.post(f"{link}/lines/{line_on(sent, mine)}", data={"question": "x"}).status_code == 404
    assert partner.get(link).status_code == 200


def test_a_partner_who_is_to_confirm_it_sees_a_statement_once_he_is_asked(cast: Cast) -> None:
    review, asked = task("r", who={"by": "role", "role": "engineer"}), task("t", who={"by": "customer"}, buttons="agreed")
    mine, _ = rows(sending(cast, asked, before=review))
    partner, link = cast.app.test_client(), door(cast, mine.ticket_id)
    assert partner.get(link).status_code == 404
    page = partner.get(link.removesuffix("/lines")).text
    assert "还在我方审核" in page and "PDF" not in page
    cast.work("frank", str(mine.ticket_id), "r")
    assert partner.get(link).status_code == 200 and "PDF" in partner.get(link.removesuffix("/lines")).text


@pytest.mark.parametrize("shown", [False, True])
def test_the_partner_sees_shares_only_where_the_settlement_shows_them(cast: Cast, shown: bool) -> None:
    mine, _ = rows(sending(cast, shares_shown=shown))
    partner, link = cast.app.test_client(), door(cast, mine.ticket_id)
    pdf, csv = (partner.get(link.replace("/lines", f"/statement.{kind}")).data for kind in ("pdf", "csv"))
    assert ["分成" in one for one in (partner.get(link).text, printed(pdf), csv.decode())] == [shown] * 3
    assert "分成" in cast.sign_in("fiona").get(f"/t/acme/settlement/statements/{mine.id}").text


def test_who_confirms_a_statement_is_told_of_his_queries_that_nobody_has_answered(cast: Cast) -> None:
    """And so is the head office: on the statement, in the list of the month, and on the ticket."""
    mine, other = rows(sending(cast, task("t", who={"by": "customer"}, buttons="agreed")))
    fiona, partner, follow = cast.sign_in("fiona"), cast.app.test_client(), door(cast, mine.ticket_id).removesuffix("/lines")
    month, own = "/t/acme/settlement/bonus/statements?period=2026-10", f"/t/acme/settlement/statements/{mine.id}"
    told, waits = "您对其中 1 笔明细的疑问还没有答复", "疑问待答复 1"
    assert told not in partner.get(follow).text and waits not in fiona.get(month).text
    assert "给对方的链接" in fiona.get(f"/t/acme/tickets/{mine.ticket_id}").text
    partner.post(f"{door(cast, mine.ticket_id)}/{line_on(cast, mine)}", data={"question": "少算一半"})
    with cast.reading() as session:
        query = session.scalars(select(Ticket).where(Ticket.workflow_key == "doubts")).one()
    number = query.number
    asked = cast.sign_in("alice").get(f"/t/acme/tickets/{query.id}").text
    assert "/t/acme/settlement/bonus/lines?q=SO-" in asked  # where it can be mended
    page = partner.get(follow).text
    assert page.count(f"{told}（{number}）。 现在确认，即按目前的金额对账。") == 2  # above the button, and when it is pressed
    assert told not in partner.get(door(cast, other.ticket_id).removesuffix("/lines")).text
    assert "对方有 1 笔明细的疑问还没有答复： <a" in fiona.get(own).text and fiona.get(month).text.count(waits) == 1
    assert waits in fiona.get(f"/t/acme/tickets/{mine.ticket_id}").text
    with cast.app.app_context(), transaction(cast.tenants["acme"]) as session:
        session.execute(update(Ticket).where(Ticket.number == number).values(state="done"))
    assert told not in partner.get(follow).text and waits not in fiona.get(month).text
