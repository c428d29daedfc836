"""A statement on paper: totals, tiers, tax and shares, and each of its lines with its explanation, for a pocket calculator."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import g

from dougong.platform.messages import language, pick, t
from dougong.platform.paper import Paper
from dougong.platform.store import db
from dougong.platform.web import money
from dougong.runtime.field import Field
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import inputs_form

from .. import queries
from ..tables import LedgerLine, StatementRow
from ..telling import inputs_of, rules_of, words_of
from .explaining import SIGNS, Said, explained, of_line, shares_for_partner

MOST: Final = 10_000  # lines: some seconds
AT_ONCE: Final = 1_000
LINE: Final = 14.0  # what of a line stands together, in mm
BLANK: Final = "_" * 24
Doc = Mapping[str, Any]


def statement(row: StatementRow, doc: Doc) -> bytes:
    """A PDF. Raises Refused where it has too many lines."""
    if row.count > MOST:
        raise Refused("settlement.paper.too_long", found=row.count, limit=MOST)
    now = datetime.now(UTC).astimezone(ZoneInfo(g.tenant.zone))
    title = f"{t('settlement.paper')} {row.number}"
    paper = Paper(
        f"{title} {row.partner_title}", f"{pick(g.tenant.name)} · {row.number} · {now:%Y-%m-%d}",
        lambda page: t("settlement.paper.page", page=page, pages="{nb}"), language(), now,
    )  # fmt: skip
    paper.note(pick(g.tenant.name))
    paper.heading(title, 16)
    facts = (
        ("settlement.period", row.period), ("settlement.currency", row.currency),
        ("settlement.paper.by", f"{pick(doc['title'])} v{row.version}"),
        ("list.state", t(f"settlement.state.{row.state}")), ("settlement.count", str(row.count)),
        ("settlement.paper.made", f"{now:%Y-%m-%d %H:%M}"),
    )  # fmt: skip
    paper.row(f"{t('settlement.partner')}  {row.partner_title}")  # whole, however long a company is called
    paper.facts((t(code), value) for code, value in facts)
    _explained(paper, row, doc)
    _signed(paper)
    found = db.session.scalars(queries.lines(row).execution_options(yield_per=AT_ONCE))
    _lines(paper, found, doc, rules_of(doc))
    return paper.printed()


def _explained(paper: Paper, row: StatementRow, doc: Doc) -> None:
    paper.heading(t("settlement.explain"))
    totals = False
    for one in explained(row, doc):
        if one.kind == "title" or (one.kind == "total" and not totals):
            paper.rule(above=LINE)
        totals = totals or one.kind == "total"
        if one.kind == "note":
            paper.note(one.words, 0 if totals else 4)
        else:
            _row(paper, one, row.currency)
    for one in shares_for_partner(row, doc):
        if one.kind == "heading":
            paper.heading(one.words)
        elif one.kind == "note":
            paper.note(one.words, 4)
        else:
            _row(paper, one, row.currency)


def _signed(paper: Paper) -> None:
    """Where both sides sign, or put their seals."""
    paper.heading(t("settlement.paper.signed"))
    both = ("settlement.paper.ours", "settlement.paper.theirs")
    paper.facts((t(code), BLANK) for code in (*both, *("settlement.paper.day",) * 2))


def _row(paper: Paper, one: Said, currency: str, size: float = 9) -> None:
    size = 9.5 if one.kind == "title" else 11 if one.words.startswith(SIGNS[-1]) else size
    paper.row(one.words, money(one.amount, currency), size=size, indent=4 if one.kind in ("part", "note") else 0)


def _lines(paper: Paper, lines: Iterable[LedgerLine], doc: Doc, rules: Mapping[str, Doc]) -> None:
    fields = {key: one for key, one in inputs_form(doc).fields.items() if key not in (doc["partner"], doc["date"])}
    own = fields.pop(doc.get("line_id", ""), None)
    inputs = inputs_of(doc)
    paper.heading(t("settlement.lines"))
    number = 0
    for number, line in enumerate(lines, 1):
        brought = inputs(line)
        paper.rule(above=LINE)
        head = f"{number}.  {line.date}  {_told(own, brought) if own else ''}".rstrip()
        paper.row(head, money(line.amount, line.currency) if "line" in doc else "", size=9.5)
        told = (f"{pick(one.title)} {found}" for one in fields.values() if (found := _told(one, brought)))
        paper.row("  ·  ".join(told), size=8, indent=4)
        if line.rule:
            title = pick(rules.get(line.rule, {}).get("title")) or line.rule
            paper.note(t("settlement.paper.rule", rule=title, version=line.version), 4)
        for one in of_line(line):
            _row(paper, one, line.currency, 8)
    if not number:
        paper.note(t("settlement.paper.no_lines"))


def _told(field: Field, brought: Doc) -> str:
    value = brought.get(field.key)
    return words_of(field, value) if value not in (None, "") else ""
