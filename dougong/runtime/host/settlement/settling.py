"""Settling without a database: a definition and a file of lines in, statements out, every amount explained."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from dougong.platform.messages import pick, say, t
from dougong.platform.sheets import BY_HAND, SheetError
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.settlement import Run, Settlement, inputs_form, run, statement_json, text
from dougong.runtime.settlement.batch.plan import Plan
from dougong.runtime.settlement.periods import name_of
from dougong.runtime.settlement.run import Settled
from dougong.runtime.settlement.sentences import grouped, sentence
from dougong.runtime.settlement.words import parts_json
from dougong.runtime.upgrades import upgraded

from ..importing import Row, as_written, rows_of, table_of
from ..saving import NAMES

Doc = Mapping[str, Any]
LINES = "lines.csv"
TAXED = ("inclusive", "exclusive")


@dataclass(frozen=True)
class Outcome:
    """`refused`: rows that could not be read; `faults` of the run: lines without a price, partners without a statement."""

    doc: Doc
    refused: list[Row]
    done: Run
    settled: list[Settled]  # of the period that was asked for

    @property
    def whole(self) -> bool:
        return not self.refused and not self.done.faults and not self.elsewhere

    @property
    def elsewhere(self) -> list[str]:
        """When the statements begin that there are, where none begins when it was asked for."""
        return [] if self.settled else sorted({one.start.isoformat() for one in self.done.settled})


def chosen(doc: Any, key: str = "") -> tuple[Doc, dict[tuple[str, str], Doc]]:
    """The settlement of a file, or the one with this key in a pack; and what stands beside it. Raises Refused."""
    items: list[Any] = doc["items"] if isinstance(doc, dict) and doc.get("kind") == "pack" else [doc]
    named = [one for one in items if isinstance(one, dict) and "kind" in one and "key" in one]
    beside: dict[tuple[str, str], Doc] = {(one["kind"], one["key"]): one for one in named}
    found = [one for (kind, name), one in beside.items() if kind == "settlement" and key in ("", name)]
    if len(found) != 1:
        raise Refused("settle.no_definition", found=", ".join(str(one["key"]) for one in found) or "—")
    return found[0], beside


def settled(doc: Doc, raw: bytes, name: str, period: str = "") -> Outcome:
    """`period` ("2026", "2026-10", "2026-10-05"): of the statements whose first day begins so; all where none is given.

    Lines of other periods are looked at by the rules that look so far. Raises SheetError for a file that is no table.
    """
    form = inputs_form(doc)
    table = table_of(rows_of(BytesIO(raw), name, BY_HAND, form), form, as_written, UTC, datetime.now(UTC))
    settlement, key = Settlement.from_json(upgraded(doc)), doc.get("line_id", "")
    must_bring(settlement, doc, table.columns)
    table.rows = list(_once(table.rows, key))
    lines = [(str(row.values.get(key) or row.number), dict(row.values)) for row in table.good]
    done = run(settlement, lines)
    mine = [one for one in done.settled if one.start.isoformat().startswith(period)]
    return Outcome(doc, table.bad, done, mine)


def _once(rows: Iterable[Row], key: str) -> Iterator[Row]:
    """A row with the number of an earlier one is set aside: nothing counts twice."""
    seen: set[str] = set()
    for row in rows:
        id = row.cells.get(key, "")
        again = {key: Reason("settle.repeated")} if id and id in seen else {}
        seen.add(id)
        yield replace(row, errors={**row.errors, **again})


def must_bring(settlement: Settlement, doc: Doc, columns: Iterable[str | None]) -> None:
    """What the platform looks up in records, of which there are none here. Raises SheetError where rules ask for it and no
    column has it: nothing would fit, in silence."""
    plan = Plan(settlement)
    lacking = {*settlement.lookups} & {*plan.coded, *plan.numbers} - {*columns}
    if lacking:
        raise SheetError("sheet.not_looked_up", columns=[one["title"] for one in doc["inputs"] if one["key"] in lacking])


def write(outcome: Outcome, folder: Path, tag: str) -> None:
    """Three files: the lines as a table, the statements in JSON, and in words."""
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(outcome, folder / LINES, tag)
    write_statements(outcome, folder, tag)


def write_lines(outcome: Outcome, path: Path, tag: str) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["line", "amount", "currency", "rule", "explanation"])
        for id, rated in outcome.done.rated:
            parts = "; ".join(_part(part, tag, rated.currency) for part in parts_json(rated.parts))
            rows.writerow([id, text(rated.amount), rated.currency, rated.rule or "", parts])


def write_statements(outcome: Outcome, folder: Path, tag: str) -> None:
    found = json.dumps(as_json(outcome), ensure_ascii=False, indent=1, default=str)
    (folder / "statements.json").write_text(found, "utf-8")
    (folder / "statements.txt").write_text("\n".join(explained(outcome, tag)) + "\n", "utf-8")


def as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "statements": [
            {"partner": one.partner, "from": one.start.isoformat(), **statement_json(one.statement)} for one in outcome.settled
        ],
        "refused": [
            {"row": row.number, "column": key, "value": row.cells.get(key, ""), **reason.to_json()}
            for row in outcome.refused
            for key, reason in row.errors.items()
        ],
        "faults": [{"of": id, **reason.to_json()} for id, reason in outcome.done.faults],
        "drawn": {uid: text(amount) for uid, amount in outcome.done.drawn.items()},
    }


def explained(outcome: Outcome, tag: str) -> Iterator[str]:
    """Every statement so that a person can follow it with a pocket calculator."""
    doc = outcome.doc
    rules = {rule["uid"]: rule for name in ("line", "statement") for rule in doc.get(name, {}).get("rules", ())}
    for one in outcome.settled:
        found = statement_json(one.statement)
        yield f"{_name(one.partner)} · {name_of(doc.get('period', 'month'), one.start)} · {found['currency']}"
        for group in found["groups"]:
            plain = t("settlement.by_line" if group["count"] else "settlement.by_limit", tag)
            title = pick(rules.get(group["rule"], {}).get("title"), tag) or group["rule"] or plain
            yield f"  {title} ({t('settlement.n_lines', tag, n=group['count'])})"
            yield from (f"    {words}" for words in _group(group, tag, found["currency"], priced="line" in doc))
        for name in ("net", "tax", "gross"):
            yield f"  {t(f'settlement.{name}', tag)} {grouped(found[name])}"
        for share in found["shares"]:
            who = f"{pick(share['party'], tag)} {_name(share.get('who'))}".strip()
            yield f"    {who} {share['percent']} %: {grouped(share['amount'])}"
            yield from (f"      {_part(part, tag, found['currency'])}" for part in share.get("parts", ()))
        yield ""


def _group(group: Mapping[str, Any], tag: str, currency: str, *, priced: bool) -> Iterator[str]:
    """`priced`: lines have a worth of their own; of those that another group has summed up nothing is said here."""
    if priced and (Decimal(group["lines_amount"]) or not group["parts"]):
        yield f"{t('settlement.lines_sum', tag, n=group['count'])}: {grouped(group['lines_amount'])}"
    yield from (_part(part, tag, currency) for part in group["parts"])
    if group["parts"]:
        yield f"{t('settlement.charge_sum', tag)}: {grouped(group['charge'])}"
    tax = f": {grouped(group['tax'])}" if group["tax_kind"] in TAXED else ""
    yield f"{t('settlement.tax_' + group['tax_kind'], tag, rate=group['tax_rate'])}{tax}"


def _part(part: list[Any], tag: str, currency: str) -> str:
    """One that is nothing only tells how the others come about."""
    code, params, amount, _ = part
    words = sentence(code, params, lambda name, **gaps: t(name, tag, **gaps), tag, currency, NAMES.region)
    return words if amount == "0" else f"{words}: {grouped(amount)}"


def _name(value: Any) -> str:
    return str(value.get("title") or value.get("id", "")) if isinstance(value, dict) else str(value or "")


def told(outcome: Outcome, tag: str) -> Iterator[str]:
    """What was set aside: row, column, value and reason."""
    for row in outcome.refused:
        for key, reason in row.errors.items():
            yield f"{t('import.row', tag)} {row.number}, {key} = {row.cells.get(key, '')}: {say(reason, tag)}"
    for id, reason in outcome.done.faults:
        yield f"{id}: {say(reason, tag)}"
    if outcome.elsewhere:
        yield t("settlement.none_of_period", tag, found=outcome.elsewhere[:12])
