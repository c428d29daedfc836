"""Rows of a table of a form, brought in a file: read and told what is wrong with them, and put into the page by its script."""

from flask import abort, g, render_template
from htmx_flask import request

from dougong.platform.sheets import SheetError
from dougong.platform.store import db
from dougong.runtime.fields.subform import USUAL_ROWS
from dougong.runtime.form import Field, Form, Rights
from dougong.runtime.reason import Reason

from ..acting import actor
from ..importing import Table, comes_in, read_table
from ._common import drawn

MOST_IN_FILE = 5_000
MOST_TOLD = 50


def asked() -> bool:
    """Does the browser bring rows for a table of the form on this page?"""
    return request.method == "POST" and "rows" in request.form


def brought(form: Form, rights: Rights) -> tuple[str, int]:
    """What the page opens over the form: the rows ready to be taken, or why none of them is."""
    key = request.form["rows"]
    field = form.fields.get(key) or abort(404)
    columns = field.columns or abort(404)
    if form.right(key, rights) not in ("write", "required"):
        abort(404)
    try:
        table = _read(columns)
    except SheetError as fault:
        return _told(field, columns, refused=Reason(fault.code, fault.params)), 422
    most = field.config.get("max", USUAL_ROWS)
    if len(table.rows) > most:
        return _told(field, columns, table, Reason("field.rows.file_too_long", {"found": len(table.rows), "max": most})), 422
    wrong = [
        (row.number, columns.fields[name].title, reason)
        for row in table.rows
        for name, reason in row.errors.items()
        if reason.code != "field.required"  # may still be filled in on the page
    ]
    if wrong:
        return _told(field, columns, table, wrong=wrong[:MOST_TOLD], more=max(0, len(wrong) - MOST_TOLD)), 422
    rows = [{name: value for name, value in row.values.items() if value is not None} for row in table.rows]
    view = drawn(form, {key: rows}, {"*": "hidden", key: "write"})[0].fields[0]
    return _told(field, columns, table, view=view), 200


def _read(columns: Form) -> Table:
    given = request.files.get("file")
    if given is None or not given.filename:
        raise SheetError("file.none")
    me = actor()
    now = me.now()
    assert now.tzinfo is not None
    table = read_table(db.session(), given.read(), given.filename, columns, now.tzinfo, now, me.sees(), MOST_IN_FILE)
    if not table.rows:
        raise SheetError("sheet.empty")
    return table


def _told(field: Field, columns: Form, table: Table | None = None, refused: Reason | None = None, **more: object) -> str:
    found = [columns.fields[key].title for key in table.columns] if table else []
    asked_for = [one.title for one in comes_in(columns)]
    shown = {"field": field, "table": table, "refused": refused, "found": found, "asked_for": asked_for, **more}
    return render_template("form/brought.html", tenant=g.tenant, **shown)
