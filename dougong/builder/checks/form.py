"""Checks of a form or a record type."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from dougong import schemas
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.fields.cascade import MOST_LEVELS
from dougong.runtime.fields.cascade import path as tree_path
from dougong.runtime.fields.serial import PERIODS
from dougong.runtime.fields.subform import USUAL_ROWS
from dougong.runtime.form import EVERYTHING, Form
from dougong.runtime.formula import compile_formula
from dougong.runtime.functions import FormulaFault
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from dougong.runtime.rules import problems as condition_problems
from dougong.runtime.values import KIND_TITLES, missing

Doc = Mapping[str, Any]
Refs = Mapping[tuple[str, str], Doc]


def problems(doc: Doc, refs: Refs) -> Iterator[Problem]:
    fields = [
        (f"/sections/{i}/fields/{j}", field) for i, part in enumerate(doc["sections"]) for j, field in enumerate(part["fields"])
    ]
    yield from _keys(fields)
    broken = set()
    for path, field in fields:
        for problem in (*_config(field, path), *_columns(field, path)):
            broken.add(field["uid"])
            yield problem
    if broken:
        return
    form = Form.from_json(doc)
    for index, section in enumerate(doc["sections"]):
        yield from _condition(section, form, f"/sections/{index}")
    for path, field in fields:
        yield from _condition(field, form, path)
        yield from _formula(field, form, path)
        yield from _default(field, form, path)
        yield from _record(field, form, refs, path)
        yield from _serial(field, form, path)
        yield from _tree(field, path)
        for index, column in enumerate(_columns_of(field)):
            yield from _column(field, column, form, refs, f"{path}/config/columns/{index}")
    for index, check in enumerate(doc.get("checks", ())):
        yield from _check(check, form, f"/checks/{index}/formula")
    if not fields:
        yield Problem(Reason("check.no_fields"), severity="warning")
    yield from _entity(doc, form)


def _entity(doc: Doc, form: Form) -> Iterator[Problem]:
    """Of a record type: the fields that it names."""
    for name in ("name_field", "unique_field"):
        if doc.get(name) and doc[name] not in form.fields:
            yield Problem(Reason("check.no_such_field", {"field": doc[name]}), path=f"/{name}")
    for index, key in enumerate(doc.get("list_fields", ())):
        if key not in form.fields:
            yield Problem(Reason("check.no_such_field", {"field": key}), path=f"/list_fields/{index}")


def _keys(fields: list[tuple[str, Doc]]) -> Iterator[Problem]:
    counts = Counter(field["key"] for _, field in fields)
    for path, field in fields:
        if counts[field["key"]] > 1:
            yield Problem(Reason("check.doubled_key", {"key": field["key"]}), fields=(field["uid"],), path=f"{path}/key")


def _config(field: Doc, path: str) -> Iterator[Problem]:
    kind = FIELD_TYPES.get(field["type"])
    if kind is None:
        yield Problem(Reason("check.unknown_field_type", {"type": field["type"]}), fields=(field["uid"],), path=f"{path}/type")
        return
    config = field.get("config", {})
    wrong = list(schemas.errors(schemas.config_validator(kind.config), config, f"{path}/config"))
    for where, code, params in wrong:
        yield Problem(Reason(code, params), fields=(field["uid"],), path=where)
    if wrong:
        return
    for key, count in Counter(option["key"] for option in config.get("options", ())).items():
        if count > 1:
            yield Problem(Reason("check.doubled_option", {"key": key}), fields=(field["uid"],), path=f"{path}/config/options")


def _columns_of(field: Doc) -> list[Doc]:
    found = field.get("config", {}).get("columns") if field["type"] == "subform" else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _columns(field: Doc, path: str) -> Iterator[Problem]:
    """Of a table whose settings are of their shape: each column is a field of a type that may stand in a cell."""
    columns = [(f"{path}/config/columns/{index}", column) for index, column in enumerate(_columns_of(field))]
    if not columns or any(not {"uid", "key", "type"} <= column.keys() for _, column in columns):
        return
    yield from _keys(columns)
    for where, column in columns:
        kind = FIELD_TYPES.get(str(column["type"]))
        if kind is not None and not kind.cell:
            yield Problem(Reason("check.no_column_type", {"type": kind.title}), fields=(field["uid"],), path=f"{where}/type")
        else:
            yield from _config(column, where)
    least, most = (field["config"].get(name) for name in ("min", "max"))
    if isinstance(least, int) and least > (most if isinstance(most, int) else USUAL_ROWS):
        yield Problem(Reason("check.rows_range"), fields=(field["uid"],), path=f"{path}/config/min")


def _condition(part: Doc, form: Form, path: str) -> Iterator[Problem]:
    for _, reason in condition_problems(part.get("visible_when"), form.asked):
        yield Problem(reason, fields=(part["uid"],), path=f"{path}/visible_when")


def _formula(field: Doc, form: Form, path: str) -> Iterator[Problem]:
    if not form.fields[field["key"]].calculated:
        return
    try:
        formula = compile_formula(field["config"]["formula"], form.named)
    except FormulaFault as fault:
        yield Problem(fault.reason, fields=(field["uid"],), path=f"{path}/config/formula")
        return
    if form.comes_late(field["key"], formula.fields):
        yield Problem(Reason("check.formula_order"), fields=(field["uid"],), path=f"{path}/config/formula")
    wanted = form.fields[field["key"]].kind
    if formula.kind not in (wanted, "any"):
        yield Problem(
            Reason("check.formula_result", {"kind": KIND_TITLES[formula.kind], "wanted": KIND_TITLES[wanted]}),
            fields=(field["uid"],),
            path=f"{path}/config/formula",
        )


def _column(table: Doc, column: Doc, form: Form, refs: Refs, path: str) -> Iterator[Problem]:
    """A column is judged as the field of a form; what it names around its table is calculated before the table."""
    columns = cast(Form, form.fields[table["key"]].columns)
    yield from _formula(column, columns, path)
    yield from _record(column, columns, refs, path)
    yield from _tree(column, path)
    around = columns.names_around(column["key"])
    if form.comes_late(table["key"], around):
        yield Problem(Reason("check.formula_order"), fields=(table["uid"],), path=f"{path}/config/formula")


def _check(check: Doc, form: Form, path: str) -> Iterator[Problem]:
    try:
        formula = compile_formula(check["formula"], form.kinds)
    except FormulaFault as fault:
        yield Problem(fault.reason, path=path)
        return
    if formula.kind not in ("boolean", "any"):
        yield Problem(Reason("check.check_result", {"kind": KIND_TITLES[formula.kind]}), path=path)
    if not any(form.right(key, EVERYTHING) == "write" for key in formula.fields):
        yield Problem(Reason("check.check_no_field"), path=path)


def _default(field: Doc, form: Form, path: str) -> Iterator[Problem]:
    """A default must be what a person could have filled in."""
    if missing(field.get("default")) or (field["default"] == "today" and FIELD_TYPES[field["type"]].kind == "date"):
        return
    key, moment = field["key"], datetime(2026, 1, 1, tzinfo=UTC)
    reason = form.load({key: field["default"]}, {}, EVERYTHING, UTC, moment).errors.get(key)
    if reason is not None and reason.code != "field.required":
        yield Problem(reason, fields=(field["uid"],), path=f"{path}/default")


def _tree(field: Doc, path: str) -> Iterator[Problem]:
    """Each option of a tree hangs from another one, and in the end from the root."""
    for index, option in enumerate(field["config"]["options"] if field["type"] == "cascade" else ()):
        if not tree_path(field["config"], option["key"]):
            params = {"title": option["title"], "limit": MOST_LEVELS}
            yield Problem(
                Reason("check.tree_path", params), fields=(field["uid"],), path=f"{path}/config/options/{index}/parent"
            )


def _serial(field: Doc, form: Form, path: str) -> Iterator[Problem]:
    """A serial number counts, and tells itself from those of another period or group; so none comes twice."""
    if field["type"] != "serial":
        return
    config = field["config"]
    parts, group = config["parts"], config.get("group")
    named = [part.get("field", "") for part in parts if part["part"] == "field"]
    dates = {part.get("date", "yyyyMMdd") for part in parts if part["part"] == "date"}
    needed = PERIODS[config.get("reset", "never")]
    wrong = {
        "check.serial_counter": not any(part["part"] == "counter" for part in parts),
        "check.serial_date": bool(needed) and not dates & set(needed),
        "check.serial_group": bool(group) and group not in named,
        "check.serial_text": any(part["part"] == "text" and "text" not in part for part in parts),
    }
    for code in (code for code, holds in wrong.items() if holds):
        yield Problem(Reason(code), fields=(field["uid"],), path=f"{path}/config/parts")
    for key in {*named, *([group] if group else ())} - (form.fields.keys() - {field["key"]}):
        yield Problem(Reason("check.no_such_field", {"field": key}), fields=(field["uid"],), path=f"{path}/config/parts")


def _record(field: Doc, form: Form, refs: Refs, path: str) -> Iterator[Problem]:
    """The record type exists, and what comes along comes from one of its fields into a field of the same kind."""
    if field["type"] != "record":
        return
    key = field["config"]["entity"]
    entity = refs.get(("entity", key))
    if entity is None:
        yield Problem(Reason("check.no_such_entity", {"entity": key}), fields=(field["uid"],), path=f"{path}/config/entity")
        return
    source = Form.from_json(entity)
    for index, fill in enumerate(field["config"].get("fill", ())):
        where = f"{path}/config/fill/{index}"
        if fill["from"] not in source.fields:
            yield Problem(Reason("check.no_such_field", {"field": fill["from"]}), fields=(field["uid"],), path=f"{where}/from")
        elif fill["to"] not in form.fields:
            yield Problem(Reason("check.no_such_field", {"field": fill["to"]}), fields=(field["uid"],), path=f"{where}/to")
        elif source.fields[fill["from"]].kind != form.fields[fill["to"]].kind:
            params = {"from": fill["from"], "to": fill["to"]}
            yield Problem(Reason("check.fill_kinds", params), fields=(field["uid"],), path=where)
