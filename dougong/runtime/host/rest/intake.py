"""Large files of lines over the API: brought, read in batches, looked at, then counted or dropped."""

from typing import Any

from flask import abort
from marshmallow import fields

from dougong.platform.files import FileRefused
from dougong.platform.rest.cursors import page
from dougong.platform.rest.errors import ApiError, Detail
from dougong.platform.rest.shapes import ListQuery, Output, page_of
from dougong.platform.rest.shell import Room, uploaded
from dougong.platform.sheets import BY_THE_MILLION, SheetError
from dougong.runtime.reason import Refused

from .. import definitions
from ..acting import actor
from ..settlement import batches, cutting, intake
from ..settlement.intake import Intake, IntakeLine
from ..verbs import Actor
from .batches import BatchOut, refused, told
from .shapes import Wrong, string, wrong_rows

room = Room("settlement_imports", __name__, "Settlement: large files of lines, read and counted in batches.")


class IntakeHead(Output):
    """state: cutting, reading, review, counted, dropped or refused. Of `rows` rows (until now, while it is cutting) so many
    have been `taken`: they are good, wrong (`faulty`) or were counted before (`repeated`)."""

    id = string()
    settlement = fields.String(required=True, attribute="settlement_key")
    source = string("orders.csv")
    state = string("review")
    rows = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    good = fields.Integer(required=True)
    repeated = fields.Integer(required=True)
    faulty = fields.Integer(required=True)


class IntakeOut(IntakeHead):
    """`wrong`: of the first rows that were set aside, what is wrong. `batch`: what is on its way; ask for the next of it."""

    wrong = fields.List(fields.Nested(Wrong), required=True)
    batch = fields.Nested(BatchOut, required=True, allow_none=True)


class IntakeBrought(IntakeOut):
    ignored = fields.List(fields.String(), required=True, metadata={"description": "Headings that are no input."})


class IntakeLineOut(Output):
    row = fields.Integer(required=True, attribute="number")
    inputs = fields.Dict(required=True)
    amount = string("12.50")
    currency = string("CNY")


@room.operation(
    "POST", "/settlements/<key>/imports", "settle.run", upload=True, most=BY_THE_MILLION.size, answer=IntakeBrought, status=201,
    takes_key=False,
)  # fmt: skip
def bring_file(key: str) -> Any:
    """Keep a CSV, Excel or Parquet file of up to 500 MB, and read its first rows. Nothing is counted yet. While the state is
    cutting, which a large file is at first, ask for the import again; while it is reading, for the next of its `batch`, or
    for `read` where there is none. Where it is refused, `wrong` says why, of row 0."""
    me = actor()
    _known(me, key)
    given = uploaded()
    try:
        made = cutting.bring(me, key, given.stream, given.filename)
    except (SheetError, FileRefused) as wrong:
        raise ApiError(422, "api.422", details=[Detail(wrong.code, "/file", wrong.params)]) from None
    if _found(made).state == "reading":
        batches.read_on(me, _found(made))
    return {**_shown(_found(made)), "ignored": _found(made).ignored}


@room.operation("GET", "/settlements/<key>/imports", "settle.run", query=ListQuery, answer=page_of(IntakeHead))
def list_imports(asked: dict[str, Any], key: str) -> Any:
    """Those that are not read yet, and those for review: the newest first."""
    _known(actor(), key)
    return page(intake.open_ones(actor(), key), Intake.id, asked, lambda one: one)


@room.operation("GET", "/settlement-imports/<intake_id>", "settle.run", answer=IntakeOut)
def get_import(intake_id: str) -> Any:
    """How far it is, and what is wrong with which rows."""
    return _shown(_found(intake_id))


@room.operation("GET", "/settlement-imports/<intake_id>/lines", "settle.run", query=ListQuery, answer=page_of(IntakeLineOut))
def list_good_lines(asked: dict[str, Any], intake_id: str) -> Any:
    """What it would count, each with what it is worth, in the order in which the rows were read."""
    return page(intake.lines(_found(intake_id).id), IntakeLine.id, asked, lambda one: one, newest_first=False)


@room.operation("POST", "/settlement-imports/<intake_id>/read", "settle.run", answer=BatchOut)
def read_import(intake_id: str) -> Any:
    """Go on with one that was left half read."""
    return told(batches.read_on(actor(), _found(intake_id)))


@room.operation("POST", "/settlement-imports/<intake_id>/count", "settle.run", answer=BatchOut)
def count_import(intake_id: str) -> Any:
    """Write its good lines to the ledger. Where the answer is still running, ask for the next batch until it is done."""
    return told(batches.begin(actor(), "count", _found(intake_id).settlement_key, intake_id))


@room.operation("POST", "/settlement-imports/<intake_id>/drop", "settle.run", status=204)
def drop_import(intake_id: str) -> None:
    """What has not been counted never will be."""
    intake.drop(actor(), _found(intake_id).id)


def _shown(row: Intake) -> dict[str, Any]:
    running = batches.running_of(row)
    names = ("id", "settlement_key", "source", "state", "rows", "taken", "good", "repeated", "faulty")
    more = {"wrong": wrong_rows(row.faults), "batch": told(running) if running else None}
    return {**{name: getattr(row, name) for name in names}, **more}


def _known(me: Actor, key: str) -> None:
    if definitions.settlement(me.tenant_id, key) is None:
        abort(404)


def _found(intake_id: str) -> Intake:
    return intake.find(actor(), intake_id) or abort(404)


room.when(Refused)(refused)
