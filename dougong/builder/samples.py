"""A sample calculation of a settlement that is being drawn: rated as at run time, with its whole explanation. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dougong.runtime.form import EVERYTHING
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import (
    Line,
    Settlement,
    SettlementFault,
    book_of,
    inputs_form,
    parts_json,
    rate,
    settle,
    statement_json,
    text,
)
from dougong.runtime.settlement.pools import Paid, draw

from .checks import check, is_publishable

Doc = Mapping[str, Any]


def calculated(draft: Any, lines: Any, refs: Mapping[tuple[str, str], Doc]) -> dict[str, Any]:
    """{"lines": [{amount, currency, rule, parts} | {error}], "statements": [...]}; {"problems": true} for a draft with errors.

    Raises Refused where it is no settlement or the lines are no list of objects.
    """
    kind = draft.get("kind") if isinstance(draft, dict) else draft
    if kind != "settlement":
        raise Refused("schema.choice", "/draft/kind", what="kind", expected="settlement", found=str(kind)[:40])
    if not isinstance(lines, list) or len(lines) > 200 or not all(isinstance(one, dict) for one in lines):
        raise Refused("schema.type", "/lines", what="lines", expected="array", found=str(lines)[:40])
    if not is_publishable(check(draft, refs)):
        return {"problems": True, "lines": [], "statements": []}
    settlement, form = Settlement.from_json(draft), inputs_form(draft)
    zone = ZoneInfo(settlement.zone)
    answers: list[dict[str, Any]] = [{} for _ in lines]
    read: list[Line] = []
    for index, raw in enumerate(lines):
        loaded = form.load(raw, {}, EVERYTHING, zone, datetime(2026, 1, 1, tzinfo=UTC))
        wrong = {key: reason for key, reason in loaded.errors.items() if reason.code != "field.required"}
        if wrong:
            answers[index] = {"errors": {key: reason.to_json() for key, reason in wrong.items()}}
        else:
            read.append(Line(loaded.values, id=f"{index:03}"))
    paid = _paid(settlement, read, answers)
    for line, rated in paid:
        answers[int(line.id)] = {
            "amount": text(rated.amount) if settlement.line is not None or rated.parts else None,
            "currency": rated.currency, "rule": rated.rule, "parts": parts_json(rated.parts),
        }  # fmt: skip
    try:
        statements = [statement_json(one) for one in settle(settlement, [line for line, _ in paid])]
    except SettlementFault as fault:
        return {"lines": answers, "statements": [], "error": settlement.called(fault).to_json()}
    return {"lines": answers, "statements": statements}


def _paid(settlement: Settlement, lines: list[Line], answers: list[dict[str, Any]]) -> list[Paid]:
    """The lines that have a price, each rated beside the others; of the others the reason."""
    book = book_of(settlement, lines)
    found = []
    for line in lines:
        try:
            rated = rate(settlement, line.values, book, line.id)
        except SettlementFault as fault:
            answers[int(line.id)] = {"error": settlement.called(fault).to_json()}
            continue
        found.append(Paid(line._replace(amount=rated.amount), rated))
    return draw(settlement, found, {})[0]
