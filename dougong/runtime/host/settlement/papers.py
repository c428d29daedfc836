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
from ..telling import minus, named, plus, rounding_of, rules_of, sentence_of, title_of, words_of

MOST: Final = 10_000  # lines: some seconds
AT_ONCE: Final = 1_000
TOTALS: Final = ("net", "tax", "gross")
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
        ("settlement.partner", row.partner_title), ("settlement.period", row.period),
        ("settlement.paper.by", f"{pick(doc['title'])} v{row.version}"), ("settlement.currency", row.currency),
        ("list.state", t(f"settlement.state.{row.state}")), ("settlement.count", str(row.count)),
        ("settlement.paper.made", f"{now:%Y-%m-%d %H:%M}"),
    )  # fmt: skip
    paper.facts((t(code), value) for code, value in facts)
    rules = rules_of(doc)
    _explained(paper, row, rules, "line" in doc)
    _shared(paper, row)
    found = db.session.scalars(queries.lines(row).execution_options(yield_per=AT_ONCE))
    _lines(paper, found, doc, rules)
    return paper.printed()


def _explained(paper: Paper, row: StatementRow, rules: Mapping[str, Doc], priced: bool) -> None:
    """As on the page: `templates/settlement/statement.html`."""
    currency = row.currency
    paper.heading(t("settlement.explain"))
    for number, group in enumerate(row.body["groups"], 1):
        paper.rule()
        paper.row(f"{title_of(group, number, rules)}  {t('settlement.n_lines', n=group['count'])}", size=9.5)
        if priced:
            paper.row(t("settlement.lines_sum", n=group["count"]), money(group["lines_amount"], currency), indent=4)
        _parts(paper, group["parts"], currency, 9)
        if len(group["parts"]) > 1:
            paper.row(t("settlement.charge_sum"), money(group["charge"], currency), indent=4)
        paper.note(t(f"settlement.tax_{group['tax_kind']}", rate=group["tax_rate"]), 4)
        if len(row.body["groups"]) > 1:
            for name in ("net", "tax"):
                paper.row(t(f"settlement.{name}"), money(group[name], currency), indent=4)
    for one in row.body.get("adjustments", ()):
        _adjusted(paper, one, currency)
    paper.rule()
    for name, sign in zip(TOTALS, ("", "＋ ", "＝ "), strict=True):
        paper.row(f"{sign}{t(f'settlement.{name}')}", money(getattr(row, name), currency), size=11 if name == "gross" else 9)
    paper.note(t("settlement.rounding"))
    for one in row.body["roundings"]:
        if one["mode"] != "half_up" or one["places"] is not None or one.get("multiple"):
            paper.note(rounding_of(one))


def _adjusted(paper: Paper, one: Doc, currency: str) -> None:
    """What makes up for lines that came late."""
    paper.rule()
    paper.row(f"{t('settlement.adjustment', period=one['period'])}  {t('settlement.n_lines', n=one['count'])}", size=9.5)
    now = money(plus(one["now"]["net"], one["now"]["tax"]), currency)
    paper.row(t("settlement.adjustment.now", period=one["period"], n=one["count"]), now, indent=4)
    for before in one["counted"]:
        own = "settlement.adjustment.counted" if before["number"] else "settlement.adjustment.own"
        paper.row(t(own, number=before["number"]), money(minus(before["net"], before["tax"]), currency), indent=4)
    for name in ("net", "tax"):
        paper.row(t(f"settlement.{name}"), money(one[name], currency), indent=4)


def _shared(paper: Paper, row: StatementRow) -> None:
    late = [
        (t("settlement.adjustment", period=one["period"]), one.get("shares", ())) for one in row.body.get("adjustments", ())
    ]
    for title, shares in ((t("settlement.shares"), row.body["shares"]), *late):
        if shares:
            paper.heading(title)
        for one in shares:
            who = f"{pick(one['party'])} {named(one.get('who'))}".strip()
            paper.row(f"{who}  {one['percent']}%", money(one["amount"], row.currency))
            _parts(paper, one.get("parts", ()), row.currency, 8)


def _lines(paper: Paper, lines: Iterable[LedgerLine], doc: Doc, rules: Mapping[str, Doc]) -> None:
    fields = {key: one for key, one in inputs_form(doc).fields.items() if key not in (doc["partner"], doc["date"])}
    own = fields.pop(doc.get("line_id", ""), None)
    paper.heading(t("settlement.lines"))
    for number, line in enumerate(lines, 1):
        paper.rule()
        head = f"{number}.  {line.date}  {_told(own, line) if own else ''}".rstrip()
        paper.row(head, money(line.amount, line.currency) if "line" in doc else "", size=9.5, below=8)
        told = (f"{pick(one.title)} {found}" for one in fields.values() if (found := _told(one, line)))
        paper.row("  ·  ".join(told), size=8, indent=4)
        if line.rule:
            title = pick(rules.get(line.rule, {}).get("title")) or line.rule
            paper.note(t("settlement.paper.rule", rule=title, version=line.version), 4)
        _parts(paper, line.parts, line.currency, 8)


def _told(field: Field, line: LedgerLine) -> str:
    value = line.inputs.get(field.key)
    return words_of(field, value) if value not in (None, "") else ""


def _parts(paper: Paper, parts: Iterable[Any], currency: str, size: float) -> None:
    for code, params, amount, _ in parts:
        paper.row(sentence_of(code, params, currency), money(amount, currency) if amount != "0" else "", size=size, indent=4)
