"""Settlement: the ledger's lines with their explanation, their import, and the statements of a period."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dougong.platform import documents
from dougong.platform.access import needs
from dougong.platform.messages import pick, say, t
from dougong.platform.paging import asked_page, count, paged
from dougong.platform.paper import PDF
from dougong.platform.store import db
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import inputs_form

from .. import approving, bulk, definitions, queries, reading
from ..acting import actor
from ..settlement import batches, explaining, papers, pools, reversing, sending, spreadsheets, statements
from ..settlement.adjusting import OPEN
from ..tables import LedgerLine, StatementRow
from ..telling import statement_words, words_of
from ..verbs import Refused as RefusedForm
from .exports import download, sheet

MANY = 10_000  # drafts are not counted further
MOST_LINES = 200_000  # of an export
pages = Blueprint("settlement", __name__, url_prefix="/t/<tenant>/settlement")


@pages.get("/")
@needs("settle.see")
def index() -> str:
    """Every settlement in force, with its latest periods: lines, partners, statements; of one all, where it is asked for."""
    found, every = definitions.settlements(), request.args.get("every", "")
    names = {one.key: statements.period_names(g.who, one.key) for one in found}
    recent = {key: known if key == every else known[: statements.RECENT] for key, known in names.items()}
    periods = {key: statements.periods(g.who, key, known) for key, known in recent.items()}
    earlier = {key: len(known) - len(recent[key]) for key, known in names.items()}
    said = documents.descriptions(db.session(), "settlement")
    return render_template("settlement/index.html", settlements=found, periods=periods, earlier=earlier, descriptions=said)


@pages.get("/<key>/lines")
@needs("settle.see")
def lines(key: str) -> str:
    _, doc, _ = _settlement(key)
    asked = _asked()
    wanted = statements.lines(g.who, key, asked["period"], asked["text"])
    page = paged(wanted.order_by(LedgerLine.period.desc(), LedgerLine.date.desc(), LedgerLine.id.desc()), asked_page())
    return render_template(
        "settlement/lines.html", page=page, asked=asked, periods=statements.period_names(g.who, key), pools=pools.left(doc),
        taken_back=_taken_back(key, page.rows), **statement_words(doc),
    )  # fmt: skip


@pages.get("/<key>/lines.<any(xlsx, csv):kind>")
@needs("settle.see")
def export_lines(key: str, kind: str) -> Response:
    _, doc, _ = _settlement(key)
    asked = _asked()
    wanted = statements.lines(g.who, key, asked["period"], asked["text"])
    wanted = wanted.order_by(LedgerLine.date, LedgerLine.id).limit(MOST_LINES + 1)
    rows = spreadsheets.lines(spreadsheets.plain(wanted), doc)
    return sheet(kind, pick(doc["title"]), spreadsheets.header(doc), rows, MOST_LINES)


@pages.get("/<key>/statements")
@needs("settle.see")
def listed(key: str) -> str:
    _, doc, _ = _settlement(key)
    asked = _asked()
    wanted = statements.listed(g.who, key, asked["period"], asked["text"], asked["state"])
    page = paged(wanted.order_by(StatementRow.period.desc(), StatementRow.partner_title), asked_page())
    names = statements.stated(g.who, key)
    return render_template(
        "settlement/statements.html",
        doc=doc,
        page=page,
        asked=asked,
        names=names,
        periods=statements.periods(g.who, key, {*names[: statements.RECENT], asked["period"]}),
        running=batches.running(key),
        drafts=_drafts(key, doc, asked),
        totals=statements.totals(wanted),
        mine=(mine := _mine(key, asked)),
        speaks=bool(mine) and approving.speaks(g.who, statements.waiting(g.who, key, asked["period"], asked["text"])),
        standing=_standing(page.rows),
        unanswered=queries.unanswered([row.id for row in page.rows]),
    )


@pages.post("/<key>/statements")
@needs("settle.run")
def draw_up(key: str) -> Any:
    """Most are done at once; where there are many partners, or some fail, a page of its own says so."""
    _settlement(key)
    period = request.form.get("period", "")
    try:
        batch = batches.begin(actor(), "draw_up", key, period)
    except Refused as refused:
        if refused.reason.code == "settle.no_such_period":
            abort(400)
        flash(say(refused.reason))
        return redirect(url_for(".listed", key=key))
    if batch.state == "running" or batch.faulty:  # whose failed and why, as long as somebody looks
        return redirect(url_for("batches.show", batch_id=batch.id))
    flash(t("settlement.drawn_up_but" if batch.kept else "settlement.drawn_up", made=batch.made, kept=batch.kept))
    return redirect(url_for(".listed", key=key, period=period))


@pages.post("/<key>/statements/send")
@needs("settle.run")
def send_all(key: str) -> Any:
    """All drafts of a period: where there are many the page shows how far it is."""
    _settlement(key)
    period = request.form.get("period", "")[:10]
    try:
        batch = batches.begin(actor(), "send", key, period)
    except Refused as refused:
        flash(say(refused.reason))
        return redirect(url_for(".listed", key=key, period=period))
    if batch.state == "running" or batch.faulty:
        return redirect(url_for("batches.show", batch_id=batch.id))
    flash(t("settlement.sent_all", n=batch.made))
    return redirect(url_for(".listed", key=key, period=period))


@pages.post("/<key>/statements/approve")
@needs("tickets.work")
def approve_all(key: str) -> Any:
    """What waits for him of a period, as the list's search finds it."""
    _settlement(key)
    asked = {"period": request.form.get("period", "")[:10], "text": request.form.get("q", "").strip()[:100]}
    opinion = request.form.get("opinion", "").strip()[: approving.MOST_SAID]
    try:
        made = bulk.begin(actor(), bulk.APPROVE, opinion, bulk.about(statements.waiting(g.who, key, **asked)))
    except Refused as refused:
        flash(say(refused.reason))
        return redirect(url_for(".listed", key=key, period=asked["period"]))
    return redirect(url_for("bulk.show", bulk_id=made, settlement=key, period=asked["period"]))


@pages.get("/statements/<statement_id>")
@needs("settle.see")
def statement(statement_id: str) -> str:
    row = _statement(statement_id)
    doc = queries.document_of(row) or abort(404)
    wanted = reading.lines(g.who).where(LedgerLine.statement_id == row.id).order_by(LedgerLine.date, LedgerLine.id)
    page = paged(wanted, asked_page())
    return render_template(
        "settlement/statement.html", row=row, page=page, asked=queries.about([one.id for one in page.rows]),
        standing=_standing([row]), unanswered=queries.unanswered([row.id]).get(row.id),
        taken_back=_taken_back(row.settlement_key, page.rows), **statement_words(doc),
    )  # fmt: skip


@pages.get("/statements/<statement_id>.<any(xlsx, csv):kind>")
@needs("settle.see")
def export_statement(statement_id: str, kind: str) -> Response:
    """The statement's lines, each explained, what was added, tax, totals and shares."""
    row = _statement(statement_id)
    doc = queries.document_of(row) or abort(404)
    lines = reading.lines(g.who).where(LedgerLine.statement_id == row.id).order_by(LedgerLine.date, LedgerLine.id)
    body = spreadsheets.statement(row, doc, spreadsheets.plain(lines), explaining.shared(row, doc))
    return sheet(kind, f"{row.number} {row.partner_title}", spreadsheets.header(doc), body)


@pages.get("/statements/<statement_id>.pdf")
@needs("settle.see")
def print_statement(statement_id: str) -> Any:
    """On paper. Where it has too many lines for that, the page says so."""
    row = _statement(statement_id)
    doc = queries.document_of(row) or abort(404)
    try:
        return download(papers.statement(row, doc), PDF, f"{row.number} {row.partner_title}.pdf")
    except Refused as refused:
        flash(say(refused.reason))
        return redirect(url_for(".statement", statement_id=statement_id))


@pages.post("/statements/<statement_id>/send")
@needs("settle.run")
def send(statement_id: str) -> Any:
    _statement(statement_id)
    try:
        done = sending.send(actor(), statement_id)
    except LookupError:
        flash(t("settlement.cannot_send"))
        return redirect(url_for(".statement", statement_id=statement_id))
    if isinstance(done, RefusedForm):
        flash(say(sending.why(done)))
    return redirect(url_for(".statement", statement_id=statement_id))


def _settlement(key: str) -> tuple[Any, Any, int]:
    return definitions.settlement(g.who.tenant_id, key) or abort(404)


def _statement(statement_id: str) -> StatementRow:
    return reading.statement(g.who, statement_id) or abort(404)


@pages.route("/lines/<line_id>/take-back", methods=["GET", "POST"])
@needs("settle.run")
def take_back(line_id: str) -> Any:
    """红冲: an imported line that was wrong, with the reason."""
    line = db.session.scalar(reading.lines(g.who).where(LedgerLine.id == line_id)) or abort(404)
    found = definitions.settlement(g.who.tenant_id, line.settlement_key, line.version) or abort(404)
    error, reason, doc = None, request.form.get("reason", ""), found[1]
    if request.method == "POST":
        try:
            reversing.take_back(actor(), line_id, reason)
            taken = reading.statement(g.who, line.statement_id) if line.statement_id else None
            late = taken is not None and taken.state not in OPEN
            flash(t("settlement.taken_back_late" if late else "settlement.taken_back_done", period=line.period))
            number = line.inputs.get(doc.get("line_id", ""), "")  # it, and what stands against it
            return redirect(url_for(".lines", key=line.settlement_key, period=line.period, q=number))
        except LookupError:
            abort(404)
        except Refused as refused:
            error = refused.reason
    shown = {"line": line, "doc": doc, "form": inputs_form(doc), "words": words_of, "priced": "line" in doc}
    page = render_template("settlement/take_back.html", **shown, error=error, reason=reason)
    return page, 422 if error else 200


def _taken_back(key: str, lines: Sequence[LedgerLine]) -> set[str]:
    return reversing.taken_back(db.session(), key, [one.id for one in lines])


def _drafts(key: str, doc: Mapping[str, Any], asked: Mapping[str, str]) -> int:
    """How many of the period that is looked at could be sent."""
    alone = asked["period"] and not asked["text"] and asked["state"] in ("", "draft")
    wanted = statements.listed(g.who, key, asked["period"], state="draft")
    return count(wanted, MANY) if alone and doc.get("approval") else 0


def _mine(key: str, asked: Mapping[str, str]) -> list[statements.Total]:
    """What those come to that wait for this person and may be approved together: of a period."""
    if not asked["period"] or asked["state"] not in ("", "approving"):
        return []
    return statements.totals(statements.waiting(g.who, key, asked["period"], asked["text"]))


def _standing(rows: Sequence[StatementRow]) -> reading.Standing:
    """At which step those are that are being approved."""
    return reading.standing([row.ticket_id for row in rows if row.state == "approving"])


def _asked() -> dict[str, str]:
    asked = {"text": request.args.get("q", "").strip()[:100], "period": request.args.get("period", "")[:10]}
    state = request.args.get("state", "")
    return {**asked, "state": state if state in statements.STATES else ""}
