"""Template packs: definitions that belong together, as one file of canonical JSON. Pure: reading, building, planning.

A pack holds documents only: no tenant, no person, no binding, no secret, by construction. Its items keep their uids.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dougong import schemas
from dougong.runtime.canonical import canonical, content_hash, parse
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Refused
from dougong.runtime.upgrades import upgraded

from .checks import check, is_publishable, references
from .placing import placed

MAX_BYTES: Final = 5_000_000
ICONS: Final = (  # of the trades that packs are for; each has its name in the catalogue
    "package", "wrench", "cog", "headset", "message-square-warning", "store", "shopping-cart", "truck", "factory", "hammer",
    "receipt-text", "badge-percent", "landmark", "handshake", "award", "users", "briefcase", "graduation-cap", "calendar-days",
    "earth",
)  # fmt: skip

Doc = Mapping[str, Any]
Ref = tuple[str, str]  # (kind, key)


@dataclass(frozen=True)
class PlanItem:
    """What an import would do with one item: add, change, same, kept (a role of that key is there already, and is meant), or
    taken (its key belongs to another definition)."""

    kind: str
    key: str
    title: Mapping[str, str]
    what: str
    changes: tuple[str, ...] = ()  # the parts that differ
    own: bool = False  # the tenant has changed it since the pack brought it


def read(raw: bytes) -> dict[str, Any]:
    """A pack from outside. Raises Refused, with the path, for what is wrong, oversized, truncated or hostile."""
    pack = parse(raw, max_bytes=MAX_BYTES)
    for path, code, params in schemas.problems("pack", pack):
        raise Refused(code, path, **params)
    pack = {**pack, "items": [upgraded(item) for item in pack["items"]]}
    seen: set[Ref] = set()
    for index, item in enumerate(pack["items"]):
        for path, code, params in schemas.problems(item["kind"], item):
            raise Refused(code, f"/items/{index}{path}", **params)
        if (item["kind"], item["key"]) in seen:
            raise Refused("pack.doubled_item", f"/items/{index}", kind=item["kind"], key=item["key"])
        seen.add((item["kind"], item["key"]))
    return {**pack, "items": [placed(item) for item in pack["items"]]}


def build(head: Doc, items: Iterable[Doc]) -> bytes:
    """The file. `head`: key, version, title, summary, icon. Items stand in the order of kind and key."""
    ordered = sorted(items, key=lambda item: (item["kind"], item["key"]))
    return canonical({"format": 1, "kind": "pack", **{k: v for k, v in head.items() if v}, "items": ordered})


def closure(chosen: Iterable[Ref], known: Mapping[Ref, Doc]) -> dict[Ref, list[Ref]]:
    """The chosen items and all that they refer to, each with the items that need it (none for those that were chosen)."""
    found: dict[Ref, list[Ref]] = {ref: [] for ref in chosen if ref in known}
    todo = list(found)
    while todo:
        ref = todo.pop()
        for needed in sorted(references(known[ref])):
            if needed in known and needed not in found:
                found[needed] = []
                todo.append(needed)
            if needed in found and found[needed] is not None and needed not in chosen:
                found[needed].append(ref)
    return found


def plan(pack: Doc, present: Mapping[Ref, Doc], brought: Mapping[Ref, Doc]) -> list[PlanItem]:
    """Item by item, what an import would do. `present` are the drafts of the tenant, `brought` what it has of this pack."""
    refs = [(item["kind"], item["key"]) for item in pack["items"]]
    return [_planned(item, present.get(ref), brought.get(ref)) for ref, item in zip(refs, pack["items"], strict=True)]


def problems(pack: Doc, present: Mapping[Ref, Doc]) -> dict[Ref, list[Problem]]:
    """What is wrong with the items, seen beside each other and what is there already; only those with errors."""
    refs = {**present, **{(item["kind"], item["key"]): item for item in pack["items"]}}
    checked = {(item["kind"], item["key"]): check(item, refs) for item in pack["items"]}
    return {ref: found for ref, found in checked.items() if not is_publishable(found)}


def _planned(item: Doc, there: Doc | None, before: Doc | None) -> PlanItem:
    what = "add"
    changes: tuple[str, ...] = ()
    if there is not None and there["uid"] != item["uid"]:
        what = "kept" if item["kind"] == "role" else "taken"
    elif there is not None:
        changes = tuple(sorted(name for name in {*item, *there} if item.get(name) != there.get(name)))
        what = "change" if changes else "same"
    own = bool(changes and before and there and content_hash(dict(before)) != content_hash(dict(there)))
    return PlanItem(item["kind"], item["key"], item["title"], what, changes, own)


def fingerprint(pack: Doc, present: Mapping[Ref, Doc]) -> str:
    """What a preview was made from: an import is refused where the tenant's drafts have moved on since."""
    touched = {f"{item['kind']}/{item['key']}": present.get((item["kind"], item["key"])) for item in pack["items"]}
    return content_hash({"pack": pack, "present": touched})
