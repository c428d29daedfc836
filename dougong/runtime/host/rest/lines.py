"""Lines brought over the API: of a file or one by one, counted at once; and what of a settlement's pools is left."""

from collections.abc import Iterator
from typing import Any

from flask import abort, g
from marshmallow import fields

from dougong.platform.files import FileRefused
from dougong.platform.rest.errors import ApiError, Detail
from dougong.platform.rest.shapes import Input, Output, free, several
from dougong.platform.rest.shell import Room, uploaded
from dougong.platform.sheets import SheetError
from dougong.platform.store import driver_reading, new_id
from dougong.runtime.form import EVERYTHING
from dougong.runtime.reason import Refused
from dougong.runtime.settlement import lines_form

from .. import definitions, references
from ..acting import actor
from ..importing import Row
from ..settlement import batches, pools
from ..settlement.intake import Intake
from . import batches as rest_batches
from .shapes import TEXTS, Wrong, string, wrong_rows

room = Room("settlement_lines", __name__, "Settlement: bringing lines, and the pools that they draw from.")


class NewLines(Input):
    """`lines`: the inputs of the settlement by key, as for a ticket's fields."""

    lines = several(free({"order_no": "SO-1"}), 500, 1, required=True)


class LinesCounted(Output):
    written = fields.Integer(required=True)
    repeated = fields.Integer(required=True, metadata={"description": "Counted before, and left alone."})
    wrong = fields.List(fields.Nested(Wrong), required=True)


class PoolOut(Output):
    title = fields.Dict(required=True, metadata=TEXTS)
    budget = string("10000")
    gone = string("2500")
    left = string("7500")


class Pools(Output):
    items = fields.List(fields.Nested(PoolOut), required=True)


@room.operation("POST", "/settlements/<key>/import", "settle.run", upload=True, answer=LinesCounted)
def import_lines(key: str) -> Any:
    """Price the rows of a CSV, Excel or Parquet file and write them to the ledger; what was counted before is left alone."""
    _doc(key)
    given = uploaded()
    try:
        return _told(batches.import_file(actor(), key, given.stream, given.filename[:200]))
    except (SheetError, FileRefused) as wrong:
        raise ApiError(422, "api.422", details=[Detail(wrong.code, "/file", wrong.params)]) from None


@room.operation("POST", "/settlements/<key>/lines", "settle.run", body=NewLines, answer=LinesCounted)
def count_lines(asked: dict[str, Any], key: str) -> Any:
    """Price these lines and write them to the ledger. The good ones are counted, whatever is wrong with others; the same
    number (the input that identifies a line) is counted once. `row` counts from 1."""
    return _told(batches.import_lines(actor(), key, list(_rows(_doc(key), asked["lines"])), f"api-{new_id()}"))


@room.operation("GET", "/settlements/<key>/pools", "settle.see", answer=Pools)
def list_pools(key: str) -> Any:
    """What of each elastic pool is gone, and what is left."""
    return {"items": pools.left(_doc(key))}


def _rows(doc: Any, lines: list[dict[str, Any]]) -> Iterator[Row]:
    """As if they came from a file."""
    form, me = lines_form(doc), actor()
    now = me.now()
    with driver_reading(me.tenant_id) as connection:
        for number, raw in enumerate(lines, 1):
            loaded = form.load(raw, {}, EVERYTHING, now.tzinfo, now)  # type: ignore[arg-type]
            wrong = references.resolve(connection, me.tenant_id, form, loaded.values, EVERYTHING, (), me.sees)
            cells = {name: str(value) for name, value in raw.items()}
            yield Row(number, cells, loaded.values, {**loaded.errors, **wrong})


def _told(done: Intake) -> dict[str, Any]:
    return {"written": done.good, "repeated": done.repeated, "wrong": wrong_rows(done.wrong)}


def _doc(key: str) -> Any:
    return (definitions.settlement(g.who.tenant_id, key) or abort(404))[1]


room.when(Refused)(rest_batches.refused)
