"""A statement as a table: each line with its amount and how it comes to it, then what is added, tax, totals and shares.

The header is the first row, so that the lines can be sorted, summed up, and held against another list.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Select

from dougong.platform.messages import language, pick, t
from dougong.platform.store import db
from dougong.platform.web import in_full, money
from dougong.runtime.field import Field
from dougong.runtime.settlement import inputs_form
from dougong.runtime.values import number

from ..tables import LedgerLine, StatementRow
from ..telling import inputs_of, rules_of, words_of
from .explaining import Said, explained, of_line

Doc = Mapping[str, Any]
Cells = list[Any]
NEEDED: Final = ("source", "inputs", "amount", "currency", "rule", "version", "parts")
AT_ONCE: Final = 1_000
FIRST_DAY: Final = "1900-02-29"  # of a spreadsheet's calendar: the days from there on are told alike by all


def header(doc: Doc) -> list[str]:
    """Of the lines: what they bring, what they are worth, and why."""
    worth = ("settlement.amount", "settlement.currency", "settlement.rule", "settlement.line_version", "settlement.explain")
    return [*(pick(one.title) for one in inputs_form(doc).fields.values()), *map(t, worth)]


def plain(wanted: Select[Any]) -> Iterator[Any]:
    """Of these lines what a table says, some at a time, without making an object of each; let go of where nobody wants more."""
    needed = wanted.with_only_columns(*(getattr(LedgerLine, name) for name in NEEDED))
    with db.session.execute(needed.execution_options(yield_per=AT_ONCE)) as found:
        yield from found


def lines(found: Iterable[LedgerLine], doc: Doc) -> Iterator[Cells]:
    fields, rules, priced = list(inputs_form(doc).fields.values()), rules_of(doc), "line" in doc
    inputs = inputs_of(doc)
    for line in found:
        rule = pick(rules.get(line.rule or "", {}).get("title")) or line.rule or ""
        why = "; ".join(f"{words} = {money(amount)}" if amount else words for _, words, amount in of_line(line))
        why = why.replace("：; ", "：").replace(":; ", ": ")
        brought = inputs(line)
        told = [cell(one, brought.get(one.key)) for one in fields]
        yield [*told, in_full(line.amount, line.currency) if priced else "", line.currency, rule, line.version, why]


def statement(row: StatementRow, doc: Doc, found: Iterable[LedgerLine], shares: Iterable[Said]) -> Iterator[Cells]:
    """Its lines, below them what else it says. `shares`: those that whoever gets it may see."""
    yield from lines(found, doc)
    blank = [""] * (len(inputs_form(doc).fields) - 1)
    for said in (*explained(row, doc), *shares, *_facts(row, doc)):
        amount = [in_full(said.amount, row.currency), row.currency] if said.amount else ["", ""]
        yield [said.words, *blank, *amount, "", "", ""]


def _facts(row: StatementRow, doc: Doc) -> Iterator[Said]:
    colon = "：" if language() == "zh-Hans" else ": "
    for code, value in (
        ("settlement.paper", row.number), ("settlement.partner", row.partner_title), ("settlement.period", row.period),
        ("settlement.paper.by", f"{pick(doc['title'])} v{row.version}"), ("list.state", t(f"settlement.state.{row.state}")),
    ):  # fmt: skip
        yield Said("note", f"{t(code)}{colon}{value}")


def cell(field: Field, value: Any) -> Any:
    """For a spreadsheet: numbers stay numbers, and days days."""
    try:
        if field.type.name == "date" and value and value > FIRST_DAY:
            return date.fromisoformat(value)
        return number(value) if value is not None and field.kind == "number" else words_of(field, value)
    except ValueError:
        return words_of(field, value)
