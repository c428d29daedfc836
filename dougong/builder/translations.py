"""Translations of what is designed: what each definition lacks in each language, and tables for a translator out and in."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from dougong.platform import documents as store
from dougong.platform.access import needs
from dougong.platform.messages import offered
from dougong.platform.sheets import SheetError, read, write_csv
from dougong.platform.store import db
from dougong.platform.web import problem
from dougong.platform.workbook import write_xlsx
from dougong.runtime.reason import Refused
from dougong.runtime.texts import lacking

from .api import body, refused

MOST_ROWS, MOST_COLUMNS = 20_000, 30

translations = Blueprint("translations", __name__, url_prefix="/t/<tenant>/builder")
translations.register_error_handler(Refused, refused)


@translations.get("/translations")
@needs("design.see")
def index() -> str:
    tags = list(offered())
    found = [(one, lacking(one.draft, tags)) for one in store.listed(db.session(), drafts=True)]
    return render_template("builder/translations.html", found=found)


@translations.post("/api/sheets")
@needs("design.see")
def write_sheet() -> Response:
    """Rows of texts, the header first, as a file for a spreadsheet: {kind: csv or xlsx, title, rows} -> {content: base64}."""
    asked = body(kind=str, title=str, rows=list)
    header, *rows = _rows(asked["rows"])
    file = write_csv(header, rows) if asked["kind"] == "csv" else write_xlsx(asked["title"], header, rows)
    return jsonify({"content": b64encode(file).decode()})


@translations.post("/api/sheets/read")
@needs("design.see")
def read_sheet() -> Any:
    """A spreadsheet's first sheet, CSV or Excel, as rows of texts; it is only read."""
    given = request.files.get("file")
    if given is None:
        return problem("file.none", 422)
    try:
        return jsonify({"rows": list(read(given.read(), given.filename or ""))})
    except SheetError as wrong:
        return problem(wrong.code, 422, **wrong.params)


def _rows(found: list[Any]) -> list[list[str]]:
    if not found:
        raise Refused("schema.too_few", "/rows", what="rows", found=0, limit=1)
    if len(found) > MOST_ROWS:
        raise Refused("schema.too_many", "/rows", what="rows", found=len(found), limit=MOST_ROWS)
    for row in found:
        if not isinstance(row, list) or len(row) > MOST_COLUMNS or not all(isinstance(cell, str) for cell in row):
            raise Refused("schema.type", "/rows", what="rows", expected="array", found=str(row)[:40])
    return found
