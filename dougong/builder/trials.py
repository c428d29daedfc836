"""A decision table that is being drawn, tried with some values: which rules hit, and what comes out. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dougong.runtime.form import EVERYTHING
from dougong.runtime.functions import FormulaFault
from dougong.runtime.reason import Refused
from dougong.runtime.rules import ConditionFault
from dougong.runtime.table import Table, TableFault, bits, columns_form

from .checks import check, is_publishable

Doc = Mapping[str, Any]
TRIED: Final = ("check.rules_overlap", "check.rules_differ")  # to see such rules is what one tries a table for


def decided(draft: Any, values: Any, refs: Mapping[tuple[str, str], Doc], now: datetime) -> dict[str, Any]:
    """{"hits": [uids], "values": {output: value}}, or "errors" by input, or "error" where nothing can be decided, or
    {"problems": true} for a draft that cannot be asked. Raises Refused where it is no table."""
    kind = draft.get("kind") if isinstance(draft, dict) else draft
    if kind != "table":
        raise Refused("schema.choice", "/draft/kind", what="kind", expected="table", found=str(kind)[:40])
    if not isinstance(values, dict):
        raise Refused("schema.type", "/values", what="values", expected="object", found=str(values)[:40])
    found = [one for one in check(draft, refs) if one.reason.code not in TRIED]
    if not is_publishable(found):
        return {"problems": True, "hits": [], "values": {}}
    loaded = columns_form(draft, "inputs").load(values, {}, EVERYTHING, UTC, now)
    if loaded.errors:
        return {"errors": {key: reason.to_json() for key, reason in loaded.errors.items()}, "hits": [], "values": {}}
    return _asked(Table.from_json(draft), loaded.values, now)


def _asked(table: Table, values: Doc, now: datetime) -> dict[str, Any]:
    hits: list[str] = []
    try:
        hits = [table.uids[index] for index in bits(table.hits(values))]
        return {"hits": hits, "values": table.decide(values, now).values}
    except (TableFault, ConditionFault, FormulaFault) as fault:
        return {"hits": hits, "values": {}, "error": fault.reason.to_json()}
