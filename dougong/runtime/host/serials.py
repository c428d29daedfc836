"""Serial numbers of forms (流水号): given within the transaction that first saves a form, from a series a field and group."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dougong.runtime.fields.serial import DIGITS
from dougong.runtime.form import Field, Form
from dougong.runtime.form_view import shown
from dougong.runtime.texts import LANGUAGES
from dougong.runtime.values import missing

from . import numbers, sql
from .saving import NAMES

Data = Mapping[str, Any]


def given(connection: Any, tenant: str, form: Form | None, data: Data, now: datetime) -> dict[str, Any]:
    """The numbers that are wanting in `data`, and what is calculated from them. `now` is in the tenant's zone.

    To be asked for when nothing else can be wrong any more. A field that is not visible gets none.
    """
    wanting = [one for one in form.fields.values() if one.type.name == "serial" and missing(data.get(one.key))] if form else []
    if form is None or not wanting:
        return {}
    visible = form.visible(data, now)
    found = {one.key: _number(connection, tenant, form, one, data, now) for one in wanting if one.key in visible}
    return {**found, **form.computed({**data, **found}, now)}


def _number(connection: Any, tenant: str, form: Form, field: Field, data: Data, now: datetime) -> str:
    count = field.config.get("start", 1) - 1 + _count(connection, tenant, form, field, data, now)
    return "".join(_part(form, one, data, count, now) for one in field.config["parts"])


def _count(connection: Any, tenant: str, form: Form, field: Field, data: Data, now: datetime) -> int:
    group = field.config.get("group")
    series = "\n".join((form.key, field.key, _words(form, group, data) if group else ""))
    period = now.strftime(numbers.PERIODS[field.config.get("reset", "never")])
    return sql.count(connection, tenant, f"serial:{hashlib.sha256(series.encode()).hexdigest()[:40]}", period)


def _part(form: Form, one: Mapping[str, Any], data: Data, count: int, now: datetime) -> str:
    match one["part"]:
        case "counter":
            return f"{count:0{one.get('digits', DIGITS)}d}"
        case "date":
            return now.strftime(numbers.DATES[one.get("date", "yyyyMMdd")])
        case "text":
            return str(one.get("text", ""))
    return _words(form, one.get("field", ""), data)


def _words(form: Form, key: str, data: Data) -> str:
    """A value without blanks; of a choice its key, which is the same in every language."""
    field, value = form.fields.get(key), data.get(key)
    if field is None or missing(value):
        return ""
    return str(value) if field.kind == "choice" else "".join(shown(field, value, LANGUAGES[0], NAMES).split())[:40]
