"""Template packs over the API: what is installed, the library, export, preview and import."""

import json
from typing import Any

from flask import abort, g
from marshmallow import fields, validate
from sqlalchemy import select

from dougong.platform.rest.cursors import page, slices
from dougong.platform.rest.errors import ApiError, Detail
from dougong.platform.rest.shapes import WORDS, Input, ListQuery, Output, choice, free, page_of, several, text, texts
from dougong.platform.rest.shell import Room
from dougong.platform.store import db
from dougong.runtime.canonical import canonical
from dougong.schemas import KINDS

from .. import packing
from ..api import worded
from ..packs import ICONS
from ..tables import InstalledPack
from ._common import answers_for
from .shapes import ProblemOut

room = Room("packs", __name__, "Template packs: definitions that belong together, as one document.")
answers_for(room)


def like(pattern: str, words: str, example: str) -> fields.String:
    alike = validate.Regexp(pattern, error=f"api.pattern {words}")
    return fields.String(required=True, validate=alike, error_messages=WORDS, metadata={"example": example})


class PackDoc(Output):
    """A pack, as it is exported; its schema is dougong:pack."""

    kind = fields.String(required=True, metadata={"example": "pack"})
    format = fields.Integer(required=True)
    key = fields.String(required=True)
    version = fields.String(required=True)
    title = fields.Dict(required=True)
    summary = fields.Dict()
    icon = fields.String(metadata={"example": "wrench"})
    items = fields.List(fields.Dict(), required=True)


class PackOut(Output):
    key = fields.String(required=True, metadata={"example": "appliance_repair"})
    version = fields.String(required=True, metadata={"example": "1.0.0"})
    title = fields.Dict(required=True)
    summary = fields.Dict(required=True)
    icon = fields.String(
        required=True, metadata={"description": "The name of an outline icon of lucide, or ''.", "example": "wrench"}
    )


class Given(Input):
    """A pack itself, or the name of one from the library: one of the two."""

    pack = free({"kind": "pack"}, load_default=None)
    library = text(60, 1, "appliance_repair", load_default=None)


class Taken(Given):
    fingerprint = text(64, 1, load_default=None, says="Of the preview: refused where the drafts have changed since.")


class Ref(Input):
    kind = choice(*KINDS, required=True, example="workflow")
    key = text(40, 1, "repair", required=True)


class Export(Input):
    key = like(r"[a-z][a-z0-9_]{0,39}\Z", "a-z, 0-9, _", "my_pack")
    version = like(r"[0-9]{1,4}(\.[0-9]{1,4}){2}\Z", "1.0.0", "1.0.0")
    title = texts(100, required=True)
    icon = choice(*ICONS, load_default="", example="wrench")
    items = several(fields.Nested(Ref), 200, 1, [{"kind": "workflow", "key": "repair"}], required=True)


class PlanOut(Output):
    """What an import does with an item: add, change, same, kept (a role of that key is there already, and is meant), or taken
    (its key belongs to another definition)."""

    kind = fields.String(required=True)
    key = fields.String(required=True)
    title = fields.Dict(required=True)
    what = fields.String(required=True, metadata={"example": "add"})
    changes = fields.List(fields.String(), required=True)


class PreviewOut(Output):
    key = fields.String(required=True)
    version = fields.String(required=True)
    possible = fields.Boolean(required=True)
    fingerprint = fields.String(required=True)
    items = fields.List(fields.Nested(PlanOut), required=True)
    problems = fields.List(fields.Nested(ProblemOut), required=True)


@room.operation("GET", "/packs", "packs.use", query=ListQuery, answer=page_of(PackOut))
def list_packs(asked: dict[str, Any]) -> Any:
    """The packs that this tenant has taken in."""
    return page(select(InstalledPack), InstalledPack.id, asked, lambda one: one)


@room.operation("GET", "/library", "packs.use", query=ListQuery, answer=page_of(PackOut))
def list_library(asked: dict[str, Any]) -> Any:
    """The packs that ship with the platform."""
    shelf = [{"summary": {}, "icon": "", **pack} for pack in packing.library()]
    return slices(shelf, asked, lambda pack: str(pack["key"]))


@room.operation("GET", "/packs/<key>", "packs.use", answer=PackDoc)
def export_installed_pack(key: str) -> Any:
    """An installed pack as it now stands in this tenant."""
    return _as_json(packing.export_installed(db.session(), key)[1])


@room.operation("POST", "/packs/export", "packs.use", body=Export, answer=PackDoc)
def export_pack(asked: dict[str, Any]) -> Any:
    """The versions in force of these definitions and of all that they refer to, as one pack."""
    head = {name: asked[name] for name in ("key", "version", "title", "icon")}
    return _as_json(packing.export(db.session(), head, [(one["kind"], one["key"]) for one in asked["items"]]))


@room.operation("POST", "/packs/preview", "packs.use", body=Given, answer=PreviewOut)
def preview_pack(asked: dict[str, Any]) -> Any:
    """What an import would do. Nothing is written."""
    return _told(packing.preview(_raw(asked)))


@room.operation("POST", "/packs/import", "packs.use", body=Taken, answer=PreviewOut)
def import_pack(asked: dict[str, Any]) -> Any:
    """Take a pack in and publish it: all of it or nothing."""
    return _told(packing.import_pack(g.who, _raw(asked), asked["fingerprint"]))


def _raw(asked: dict[str, Any]) -> bytes:
    if (asked["pack"] is None) is (asked["library"] is None):
        raise ApiError(422, "api.422", details=[Detail("api.pack_or_library", "/pack")])
    if asked["pack"] is not None:
        return canonical(asked["pack"])
    return packing.on_shelf(asked["library"]) or abort(404)


def _told(found: packing.Preview) -> dict[str, Any]:
    return {
        "key": found.pack["key"], "version": found.pack["version"], "possible": found.possible,
        "fingerprint": found.fingerprint, "items": found.items,
        "problems": [one for problems in found.problems.values() for one in worded(problems)],
    }  # fmt: skip


def _as_json(raw: bytes) -> Any:
    return json.loads(raw)
