"""The pages of template packs: the library, import with a preview, export of chosen definitions."""

import re
from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for

from dougong.platform import documents as store
from dougong.platform.access import needs
from dougong.platform.messages import LANGUAGES, pick, say, t
from dougong.platform.once import sent_once
from dougong.platform.store import db
from dougong.runtime.reason import Refused

from . import incoming, packing
from . import packs as pure
from .documents import Unpublishable

packs = Blueprint("packs", __name__, url_prefix="/t/<tenant>/packs")

HEAD = {
    "title": re.compile(r".+"),
    "key": re.compile(r"[a-z][a-z0-9_]{0,39}"),
    "version": re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){2}"),
}


@packs.get("/")
@needs("packs.use")
def index() -> str:
    return _index({"title": "", "key": "", "version": "1.0.0", "icon": pure.ICONS[0], "chosen": []}, {})


def _index(draft: dict[str, Any], errors: dict[str, str]) -> str:
    """The library; `draft` is the pack that is being put together, `errors` what is wrong with it, by field."""
    here = {pack.key: pack for pack in packing.installed(db.session())}
    shelf = [pack for pack in packing.library() if pack["key"] not in here or here[pack["key"]].version != pack["version"]]
    drafts = [one for one in store.listed(db.session()) if one.active]
    return render_template(
        "packs/index.html",
        installed=list(here.values()),
        unmanned=packing.unmanned(db.session(), here.values()),
        shelf=shelf,
        documents=drafts,
        icons=pure.ICONS,
        draft=draft,
        errors=errors,
    )


@packs.post("/preview")
@needs("packs.use")
def preview() -> Any:
    """Of an uploaded file, or of one from the library. Nothing is written to the tenant."""
    try:
        raw = _given()
        found = packing.preview(raw)
    except Refused as refused:
        return _refused(refused)
    return render_template("packs/preview.html", preview=found, name=incoming.keep(raw))


@packs.post("/import")
@needs("packs.use")
@sent_once(".index")
def take() -> Any:
    """Import what has been previewed; refused where the drafts have changed since."""
    name = request.form.get("name", "")
    raw = incoming.kept(name) or abort(404)
    try:
        found = packing.import_pack(g.who, raw, request.form.get("fingerprint", ""), _kept())
    except Refused as refused:
        return _refused(refused)
    except Unpublishable as wrong:
        first = next(iter(wrong.problems.values()))[0]
        return _refused(Refused(first.reason.code, first.path, **first.reason.params))
    incoming.forget(name)
    flash(t("packs.imported", title=found.pack["title"]))
    return redirect(url_for(".index"))


def _kept() -> set[tuple[str, str]]:
    """The items that stay as they are here."""
    parts = (one.partition("/") for one in request.form.getlist("keep")[:1000])
    return {(kind, key) for kind, _, key in parts}


@packs.post("/<key>/remove")
@needs("packs.use")
def remove(key: str) -> Any:
    try:
        title, stay = packing.uninstall(g.who, key)
    except LookupError:
        abort(404)
    flash(t("packs.removed", title=title))
    if stay:
        flash(t("packs.stays", what=t("timeline.comma").join(pick(one) for one in stay)))
    return redirect(url_for(".index"))


@packs.post("/export")
@needs("packs.use")
def export() -> Any:
    """Chosen definitions with all that they refer to, as one file."""
    draft: dict[str, Any] = {name: request.form.get(name, "").strip()[:100] for name in ("title", "key", "version")}
    draft["icon"] = next((one for one in pure.ICONS if one == request.form.get("icon")), pure.ICONS[0])
    draft["chosen"] = [one for one in request.form.getlist("item")[:1000] if "/" in one]
    errors = {name: f"packs.wrong_{name}" for name in HEAD if not HEAD[name].fullmatch(draft[name])}
    if not draft["chosen"]:
        errors["chosen"] = "packs.nothing_chosen"
    if errors:
        return _index(draft, errors), 422
    head = {
        "key": draft["key"],
        "version": draft["version"],
        "title": dict.fromkeys(LANGUAGES, draft["title"]),
        "icon": draft["icon"],
    }
    chosen = [one.split("/", 1) for one in draft["chosen"]]
    try:
        raw = packing.export(db.session(), head, [(kind, name) for kind, name in chosen])
    except Refused as refused:
        return _refused(refused)
    return _download(raw, f"{draft['key']}-{draft['version']}.json")


@packs.get("/<key>.json")
@needs("packs.use")
def export_installed(key: str) -> Any:
    try:
        pack, raw = packing.export_installed(db.session(), key)
    except LookupError:
        abort(404)
    return _download(raw, f"{pack.key}-{pack.version}.json")


def _given() -> bytes:
    shelf = request.form.get("library", "")
    if shelf:
        return packing.on_shelf(shelf) or abort(404)
    upload = request.files.get("file")
    if not upload:
        raise Refused("file.none")
    return upload.stream.read(pure.MAX_BYTES + 1)


def _refused(refused: Refused) -> tuple[str, int]:
    return render_template("packs/refused.html", reason=refused.reason, path=refused.path, words=say(refused.reason)), 422


def _download(raw: bytes, name: str) -> Response:
    answer = Response(raw, mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
