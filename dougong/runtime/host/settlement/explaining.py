"""How a statement comes to its totals and its shares, row by row, in the reader's words: on paper and in spreadsheets.

The page says the same: `templates/settlement/_parts.html`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from dougong.platform.messages import pick, t

from ..tables import LedgerLine, StatementRow
from ..telling import again, left_over, minus, named, plus, rounding_of, rules_of, sentence_of, tax_of, title_of
from .ledger import REVERSAL

TOTALS: Final = ("net", "tax", "gross")
SIGNS: Final = ("", "＋ ", "＝ ")
Doc = Mapping[str, Any]


class Said(NamedTuple):
    """A row; some have no amount."""

    kind: Literal["heading", "title", "part", "note", "total"]
    words: str
    amount: str = ""


def explained(row: StatementRow, doc: Doc) -> Iterator[Said]:
    yield from _groups(row.body["groups"], row.currency, doc)
    for one in row.body.get("adjustments", ()):
        yield from _adjusted(one, row.currency, doc)
    yield from (
        Said("total", f"{sign}{t(f'settlement.{name}')}", getattr(row, name)) for name, sign in zip(TOTALS, SIGNS, strict=True)
    )
    yield Said("note", t("settlement.rounding"))
    for one in row.body["roundings"]:
        if one["mode"] != "half_up" or one["places"] is not None or one.get("multiple"):
            yield Said("note", rounding_of(one))


def _groups(groups: Sequence[Doc], currency: str, doc: Doc) -> Iterator[Said]:
    rules = rules_of(doc)
    for number, group in enumerate(groups, 1):
        yield Said("title", f"{title_of(group, number, rules)}  {t('settlement.n_lines', n=group['count'])}")
        worth = "line" in doc and (Decimal(group["lines_amount"]) or not group["parts"])  # else said by another group
        if worth:
            yield Said("part", t("settlement.lines_sum", n=group["count"]), group["lines_amount"])
        yield from _parts(group["parts"], currency)
        if sum(part[2] != "0" for part in group["parts"]) > 1:
            yield Said("part", t("settlement.charge_sum"), group["charge"])
        if worth and group["parts"]:
            yield Said("part", t("settlement.group_sum"), plus(group["lines_amount"], group["charge"]))
        yield Said("note", tax_of(group))
        if len(groups) > 1:
            yield from (Said("part", t(f"settlement.{name}"), group[name]) for name in ("net", "tax"))


def _adjusted(one: Doc, currency: str, doc: Doc) -> Iterator[Said]:
    """What makes up for a closed period that comes out otherwise now: how that comes about, less what was counted."""
    count = f"  {t('settlement.n_lines', n=one['count'])}" if one["count"] else ""
    yield Said("title", f"{t('settlement.adjustment', period=one['period'])}{count}")
    for said in _groups(one["now"]["groups"], currency, doc):
        yield said._replace(kind="part" if said.kind == "title" else said.kind)
    yield Said("part", again(one), plus(one["now"]["net"], one["now"]["tax"]))
    for before in one["counted"]:
        own = "settlement.adjustment.counted" if before["number"] else "settlement.adjustment.own"
        yield Said("part", t(own, number=before["number"]), minus(before["net"], before["tax"]))
    yield Said("part", t("settlement.adjustment.difference"), plus(one["net"], one["tax"]))
    yield from (Said("part", t(f"settlement.{name}"), one[name]) for name in ("net", "tax"))


def shared(row: StatementRow, doc: Doc) -> Iterator[Said]:
    """Whose how much is: of the statement, and of what makes up for late lines; and who gets what is left over."""
    late = [
        (t("settlement.adjustment", period=one["period"]), one.get("shares", ())) for one in row.body.get("adjustments", ())
    ]
    for title, shares in ((t("settlement.shares"), row.body["shares"]), *late):
        if shares:
            yield Said("heading", title)
        for one in shares:
            who = f"{pick(one['party'])} {named(one.get('who'))}".strip()
            yield Said("title", f"{who}  {one['percent']}%", one["amount"])
            yield from _parts(one.get("parts", ()), row.currency)
    if any(len(shares) > 1 for shares in (row.body["shares"], *(some for _, some in late))):
        yield Said("note", left_over(doc))


def shares_for_partner(row: StatementRow, doc: Doc) -> Iterator[Said]:
    """The same, where the settlement shows it to partners."""
    return shared(row, doc) if doc.get("shares_shown") else iter(())


def of_line(line: LedgerLine) -> Iterator[Said]:
    if line.source.startswith(REVERSAL):
        yield Said("note", t("settlement.reversal"))
    yield from _parts(line.parts, line.currency)


def _parts(parts: Iterable[Any], currency: str) -> Iterator[Said]:
    for code, params, amount, _ in parts:
        yield Said("part", sentence_of(code, params, currency), amount if amount != "0" else "")
