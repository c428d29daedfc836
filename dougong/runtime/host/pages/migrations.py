"""Running tickets go over to the version in force: chosen, looked at, done in batches while the page shows how far it is."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select

from dougong.platform.access import needs
from dougong.platform.documents import Document
from dougong.platform.messages import say, t
from dougong.platform.paging import asked_page, paged
from dougong.platform.store import db
from dougong.runtime.reason import Refused

from .. import definitions, migrating
from ..acting import actor
from ..migrating import Migration

pages = Blueprint("migrations", __name__, url_prefix="/t/<tenant>/migrations")


@pages.get("/")
@needs("tickets.repair")
def index() -> str:
    """The workflows with tickets on older versions, and the migrations that were made."""
    in_use = sorted(migrating.running(db.session()).items())
    behind = []
    for document in definitions.workflows():
        older = [(number, count) for (id, number), count in in_use if id == document.id and number != document.active]
        if older:
            behind.append((document, older))
    page = paged(select(Migration).order_by(Migration.id.desc()), asked_page(), 20)
    known = {one.id: one for one in db.session.scalars(select(Document).where(Document.kind == "workflow"))}
    return render_template("migrations/index.html", behind=behind, page=page, known=known)


@pages.route("/workflow/<workflow_id>", methods=["GET", "POST"])
@needs("tickets.repair")
def prepare(workflow_id: str) -> Any:
    """A dry run with the mapping that is asked for: what would go over, what would be stuck, and why."""
    document = _workflow(workflow_id)
    mapping = {name[4:]: value for name, value in request.form.items() if name.startswith("map.") and value}
    in_use = migrating.versions_in_use(db.session(), workflow_id)
    target = document.active or 0
    if request.method == "POST" and request.form.get("go") == "yes":
        try:
            made = migrating.begin(actor(), workflow_id, target, mapping)
        except Refused as refused:
            flash(say(refused.reason))
        else:
            return redirect(url_for(".show", migration_id=made))
    steps = list(migrating.steps_to_map(g.who.tenant_id, workflow_id, target, in_use))
    outlook = migrating.look(actor(), workflow_id, target, mapping)
    new = definitions.compiled(g.who.tenant_id, workflow_id, target)
    return render_template(
        "migrations/prepare.html", document=document, in_use=sorted(in_use.items()), target=target, steps=steps, new=new,
        mapping=mapping, outlook=outlook,
    )  # fmt: skip


@pages.get("/<migration_id>")
@needs("tickets.repair")
def show(migration_id: str) -> str:
    row = db.session.scalar(select(Migration).where(Migration.id == migration_id)) or abort(404)
    return render_template("migrations/show.html", row=row, document=_workflow(row.workflow_id))


@pages.post("/<migration_id>/batch")
@needs("tickets.repair")
def batch(migration_id: str) -> str:
    """The next batch; the answer asks for the one after it. Whoever closes the page goes on where it stopped."""
    try:
        row = migrating.batch(actor(), migration_id)
    except LookupError:
        abort(404)
    return render_template("migrations/_progress.html", row=row)


@pages.post("/<migration_id>/back")
@needs("tickets.repair")
def take_back(migration_id: str) -> Any:
    try:
        made = migrating.take_back(actor(), migration_id)
    except LookupError:
        abort(404)
    except Refused as refused:
        flash(say(refused.reason))
        return redirect(url_for(".show", migration_id=migration_id))
    flash(t("migrate.going_back"))
    return redirect(url_for(".show", migration_id=made))


def _workflow(workflow_id: str) -> Document:
    return db.session.scalar(select(Document).where(Document.id == workflow_id, Document.kind == "workflow")) or abort(404)
