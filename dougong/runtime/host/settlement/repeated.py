"""A line that somebody brings again: as it was counted, or saying something else than was counted."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dougong.runtime.form import Field, Form
from dougong.runtime.reason import Reason
from dougong.runtime.values import comparable

from ..tables import LedgerLine
from .ledger import REVERSAL
from .reversing import following_source

Values = Mapping[str, Any]


def counted(session: Session, key: str, sources: Iterable[str]) -> dict[str, Values]:
    """Those of these lines that stand in the ledger, by their source, with what they brought."""
    wanted = select(LedgerLine.source, LedgerLine.inputs).where(LedgerLine.settlement_key == key)
    rows = session.execute(wanted.where(LedgerLine.source.in_(sources)))
    return {row.source: row.inputs for row in rows}


def otherwise(form: Form, line_id: str, values: Values, before: Values) -> dict[str, Reason]:
    """What is said otherwise than it was counted, by the key of its field. `line_id`: the field of the line's number."""
    return {
        key: Reason("settle.counted_otherwise", {"number": values.get(line_id), "before": _told(one, before.get(key))})
        for key, one in form.fields.items()
        if values.get(key) not in (None, "") and _value(one, values[key]) != _value(one, before.get(key))
    }


def history(session: Session, key: str, source: str) -> list[str]:
    """The sources of a line, of what takes it back, and of what came again in its place."""
    found = list[str]()
    wanted = select(LedgerLine.id).where(LedgerLine.settlement_key == key)
    while (line_id := session.scalar(wanted.where(LedgerLine.source == source))) is not None:
        found += [source, f"{REVERSAL}{line_id}"]
        source = following_source(source)
    return found


def _value(field: Field, value: Any) -> Any:
    """As it is compared: of what is referred to who or what it is, whatever it is called by now."""
    if isinstance(value, Mapping):
        return value.get("id", value)
    try:
        return comparable(value, "number") if field.kind == "number" else value
    except ValueError:  # an earlier version had another kind of field
        return value


def _told(field: Field, value: Any) -> Any:
    """For people: a text, or one by language."""
    options = {one["key"]: one.get("title") or one["key"] for one in field.config.get("options", ())}
    if isinstance(value, Mapping):
        return value.get("title") or value.get("id", "")
    return options.get(value, value) if isinstance(value, str) else value
