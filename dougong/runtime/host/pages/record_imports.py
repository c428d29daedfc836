"""A file of records: looked at row by row, then written or left. What is wrong with it comes back as a file to put right."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for
from werkzeug.wrappers import Response

from dougong.platform import files
from dougong.platform.access import needs
from dougong.platform.files import FileRefused
from dougong.platform.messages import language, pick, say, t
from dougong.platform.sheets import BY_HAND, SheetError
from dougong.platform.storage import storage
from dougong.platform.store import db, transaction
from dougong.runtime.form_view import shown
from dougong.runtime.reason import Reason

from .. import pieces
from ..acting import actor
from ..importing import LookUp, Table, finder, headings, read_table
from ..record_imports import BECOMES, Imported, import_table, judged
from ..record_types import RecordType, in_force
from ..saving import NAMES
from ..verbs import Actor
from .exports import sheet

pages = Blueprint("record_imports", __name__, url_prefix="/t/<tenant>/records")

KIND = "application/octet-stream"
SHOWN = 100
AT_ONCE = 1_000  # rows in a transaction: about a second


@pages.route("/<key>/import", methods=["GET", "POST"])
@needs("records.import")
def bring(key: str) -> Any:
    """A file is kept, and every row is told apart: to be written, to be changed, the same, or what is wrong with it."""
    kind = _kind(key)
    if request.method != "POST":
        return _asked(kind)
    me, given = actor(), request.files.get("file")
    if given is None or not given.filename:
        return _asked(kind, Reason("file.none")), 422
    name, raw = given.filename[:200], given.read(BY_HAND.size + 1)
    try:
        table = _read(me, kind, name, raw)
        kept = files.keep(g.who.tenant_id, name, KIND, raw, _owner(me))
        done = judged(db.session(), me, kind, table)
        if done.writes > AT_ONCE:
            _cut(me, table, done, kept["id"])
    except (SheetError, FileRefused) as wrong:
        return _asked(kind, Reason(wrong.code, wrong.params)), 422
    return _told(kind, table, done, kept["id"])


@pages.post("/<key>/import/<file_id>")
@needs("records.import")
def write(key: str, file_id: str) -> Any:
    """What is good in the file, as things stand now. Sent twice, it changes nothing the second time."""
    kind, me = _kind(key), actor()
    name, raw = _kept(me, file_id)
    if pieces.are_there(db.session(), _pieces(file_id)):
        return _on_its_way(kind, file_id, Counter(), 0, request.form.get("total", 0, int))
    try:
        table = _read(me, kind, name, raw)
    except SheetError as wrong:  # the type has other fields by now
        return _asked(kind, Reason(wrong.code, wrong.params)), 422
    return _told(kind, table, import_table(me, kind, table, name), file_id, written=True)


@pages.post("/<key>/import/<file_id>/next")
@needs("records.import")
def go_on(key: str, file_id: str) -> str:
    """The next rows of a large file; the answer asks for those after them. What was written stays, whoever goes away."""
    kind, me = _kind(key), actor()
    name, _ = _kept(me, file_id)
    asked, now = {one: request.args.get(one, 0, int) for one in ("taken", "total", *BECOMES)}, me.now()
    try:
        columns, some = pieces.following(db.session(), _pieces(file_id), asked["taken"], AT_ONCE)
    except LookupError:
        abort(404)
    read = columns.read(some, kind.form, LookUp(finder(db.session(), me.sees())), now.tzinfo, now)  # type: ignore[arg-type]
    done = import_table(me, kind, Table(columns.known, [], list(read)), name)
    counts = Counter({one: asked[one] + done.counts[one] for one in BECOMES})
    return _on_its_way(kind, file_id, counts, asked["taken"] + len(some), asked["total"] if some else 0)


@pages.get("/<key>/import/<file_id>/wrong.<any(xlsx, csv):ending>")
@needs("records.import")
def wrong(key: str, file_id: str, ending: str) -> Response:
    """The rows that were left out as they came, each with its reasons: put right, it is a file to import."""
    kind, me = _kind(key), actor()
    name, raw = _kept(me, file_id)
    table = _read(me, kind, name, raw)
    header = [*(pick(kind.form.fields[one].title) for one in table.columns), t("import.reason")]
    left_out = judged(db.session(), me, kind, table).wrong
    rows = ([*(row.cells.get(one, "") for one in table.columns), _reasons(kind, errors)] for row, errors in left_out)
    return sheet(ending, f"{pick(kind.doc['title'])} {t('import.left_out')}", header, rows)


@pages.get("/<key>/template.<any(xlsx, csv):ending>")
@needs("records.import")
def template(key: str, ending: str) -> Response:
    """A file to fill in: the header row."""
    one = _kind(key)
    return sheet(ending, pick(one.doc["title"]), headings(one.form, language()), [])


def _asked(kind: RecordType, error: Reason | None = None) -> str:
    unique = kind.form.fields[kind.unique_field] if kind.unique_field else None
    columns = headings(kind.form, language())
    return render_template("records/import.html", kind=kind, columns=columns, unique=unique, error=error)


def _told(kind: RecordType, table: Table, done: Imported, file_id: str, *, written: bool = False) -> str:
    return render_template(
        "records/report.html", kind=kind, table=table, done=done, file_id=file_id, written=written, most=SHOWN,
        words=lambda field, value: shown(field, value, language(), NAMES),
    )  # fmt: skip


def _on_its_way(kind: RecordType, file_id: str, counts: Counter[str], taken: int, total: int) -> str:
    """How far it is: a page at first, then what changes of it."""
    row = {"state": "running" if taken < total else "done", "total": total or taken}
    asked: dict[str, Any] = {**counts, "taken": taken, "total": total}
    after = url_for(".go_on", key=kind.key, file_id=file_id, **asked)
    template = "records/_progress.html" if taken else "records/importing.html"
    return render_template(template, kind=kind, row=row, counts=counts, taken=taken, after=after)


def _cut(me: Actor, table: Table, done: Imported, file_id: str) -> None:
    """What is good of a large file, so that it is not read again."""
    good = ((one.row.number, [one.row.cells.get(key, "") for key in table.columns]) for one in done.good)
    ids, _ = pieces.put(me.tenant_id, table.columns, good)
    with transaction(me.tenant_id) as session:
        files.own(session, ids, _pieces(file_id))


def _pieces(file_id: str) -> str:
    """They go like any upload that nothing was saved with."""
    return f"upload:{file_id}"


def _reasons(kind: RecordType, errors: Mapping[str, Reason]) -> str:
    return "; ".join(f"{pick(kind.form.fields[one].title)}: {say(reason)}" for one, reason in errors.items())


def _read(me: Actor, kind: RecordType, name: str, raw: bytes) -> Table:
    now = me.now()
    return read_table(db.session(), raw, name, kind.form, now.tzinfo, now, me.sees())  # type: ignore[arg-type]


def _owner(me: Actor) -> str:
    """Goes like any upload that nothing was saved with, and is none that could be."""
    return f"{me.uploads}:import"


def _kept(me: Actor, file_id: str) -> tuple[str, bytes]:
    """A file that this person has brought, and its name."""
    found = files.found(db.session(), [file_id[:36]]).get(file_id)
    if found is None or found.owner != _owner(me):
        abort(404)
    try:
        return found.name, storage().get(found.key)
    except LookupError:
        abort(404)


def _kind(key: str) -> RecordType:
    return in_force(db.session(), g.who.tenant_id, key) or abort(404)
