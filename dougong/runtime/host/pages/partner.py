"""For partners, by the signed link of their statement's ticket: its lines explained, on paper, as a table; a query of one."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for

from dougong.platform.access import public
from dougong.platform.messages import say, t
from dougong.platform.paging import asked_page, paged
from dougong.platform.paper import PDF
from dougong.platform.web import limiter
from dougong.runtime.reason import Refused

from .. import queries
from ..settlement import explaining, papers, spreadsheets
from ..tables import StatementRow
from ..telling import statement_words
from .exports import download, sheet
from .public import customer, opened_link, ticket_of

pages = Blueprint("partner", __name__)


@pages.get("/p/follow/<token>/lines")
@public
def lines(token: str) -> str:
    row = _statement(token)
    doc = queries.document_of(row) or abort(404)
    page = paged(queries.lines(row), asked_page())
    return render_template(
        "public/lines.html", row=row, page=page, token=token, may_ask=bool(queries.workflow(row)), answer=queries.answer,
        asked=queries.about([one.id for one in page.rows]), **statement_words(doc),
    )  # fmt: skip


@pages.get("/p/follow/<token>/statement.pdf")
@public
@limiter.limit("10/minute")
def paper(token: str) -> Any:
    row = _statement(token)
    doc = queries.document_of(row) or abort(404)
    try:
        return download(papers.statement(row, doc), PDF, f"{row.number} {row.partner_title}.pdf")
    except Refused as refused:
        flash(say(refused.reason))
        return redirect(url_for(".lines", token=token))


@pages.get("/p/follow/<token>/statement.<any(xlsx, csv):kind>")
@public
@limiter.limit("10/minute")
def table(token: str, kind: str) -> Response:
    row = _statement(token)
    doc = queries.document_of(row) or abort(404)
    body = spreadsheets.statement(row, doc, spreadsheets.plain(queries.lines(row)), explaining.shares_for_partner(row, doc))
    return sheet(kind, f"{row.number} {row.partner_title}", spreadsheets.header(doc), body)


@pages.post("/p/follow/<token>/lines/<line_id>")
@public
@limiter.limit("30/minute;300/hour")
def ask(token: str, line_id: str) -> Any:
    row = _statement(token)
    line = queries.line_of(row, line_id) or abort(404)
    try:
        done = queries.ask(customer(), row, line, request.form.get("question", ""))
        flash(t("query.form_refuses") if hasattr(done, "errors") else t("query.asked"))
    except LookupError:
        abort(404)
    except Refused as refused:
        flash(say(refused.reason))
    return redirect(url_for(".lines", token=token, page=request.args.get("page", 1), _anchor=f"line-{line_id}"))


def _statement(token: str) -> StatementRow:
    return queries.shown_to_partner(ticket_of(opened_link("follow", token)["ticket"])) or abort(404)
