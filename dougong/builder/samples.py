"""A sample calculation of a settlement that is being drawn: rated as at run time, with its whole explanation. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dougong.runtime.form import EVERYTHING
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import (
    Line,
    Settlement,
    SettlementFault,
    inputs_form,
    parts_json,
    rate,
    settle,
    statement_json,
    text,
)

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
    settlement = Settlement.from_json(draft)
    rated, kept = [], []
    for raw in lines:
        answer, line = _rated(settlement, draft, raw)
        rated.append(answer)
        kept += [line] if line else []
    try:
        statements = [statement_json(one) for one in settle(settlement, kept)]
    except SettlementFault as fault:
        return {"lines": rated, "statements": [], "error": fault.reason.to_json()}
    return {"lines": rated, "statements": statements}


def _rated(settlement: Settlement, draft: Doc, raw: Mapping[str, Any]) -> tuple[dict[str, Any], Line | None]:
    form = inputs_form(draft)
    loaded = form.load(raw, {}, EVERYTHING, UTC, datetime(2026, 1, 1, tzinfo=UTC))
    wrong = {key: reason for key, reason in loaded.errors.items() if reason.code != "field.required"}
    if wrong:
        return {"errors": {key: reason.to_json() for key, reason in wrong.items()}}, None
    try:
        found = rate(settlement, loaded.values)
    except SettlementFault as fault:
        return {"error": fault.reason.to_json()}, None
    answer = {
        "amount": text(found.amount) if settlement.line is not None else None,
        "currency": found.currency, "rule": found.rule, "parts": parts_json(found.parts),
    }  # fmt: skip
    return answer, Line(loaded.values, found.amount)
