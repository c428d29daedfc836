"""Everything that can be said about a document before it is published, as problems at the place they concern. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dougong import schemas
from dougong.runtime.config import calendars_in, roles_in, tables_in
from dougong.runtime.problem import Found, Problem
from dougong.runtime.reason import Reason
from dougong.runtime.upgrades import upgraded

from . import calendar, form, settlement, table, workflow

Doc = Mapping[str, Any]
Refs = Mapping[tuple[str, str], Doc]  # (kind, key) -> document

CHECKS: dict[str, Callable[[Doc, Refs], Iterator[Problem]]] = {
    "form": form.problems,
    "entity": form.problems,
    "workflow": workflow.problems,
    "settlement": settlement.problems,
    "table": table.problems,
    "calendar": calendar.problems,
}
DESPITE = {"settlement": settlement.despite}  # what can be said although a document is not even of the right shape


def check(doc: Doc, refs: Refs) -> list[Problem]:
    """All problems of a document. `refs` are the documents it may refer to. Errors first, each said once."""
    doc = upgraded(doc)
    found = [Problem(Reason(code, params), path=path) for path, code, params in schemas.problems(doc["kind"], doc)]
    if found:
        found += DESPITE[doc["kind"]](doc, refs) if doc["kind"] in DESPITE else ()
    else:
        found = [*_doubled_uids(doc), *(CHECKS[doc["kind"]](doc, refs) if doc["kind"] in CHECKS else ())]
    return sorted(found, key=lambda problem: problem.severity != "error")


def is_publishable(problems: Iterable[Problem]) -> bool:
    return not any(problem.severity == "error" for problem in problems)


def references(doc: Doc) -> set[tuple[str, str]]:
    """(kind, key) of every document that this one names. In a draft anything may stand there: what is no key names none."""
    return {(kind, key) for kind, key in _references(doc) if isinstance(key, str)}


def _references(doc: Doc) -> Iterator[tuple[str, Any]]:
    match doc["kind"]:
        case "form" | "entity":
            for section in doc.get("sections", ()):
                for field in section.get("fields", ()):
                    columns = field.get("config", {}).get("columns")
                    for one in (field, *(columns if isinstance(columns, list) else ())):
                        if entity := _config_of(one).get("entity"):
                            yield "entity", entity
        case "settlement":
            yield from (("workflow", doc[name]) for name in ("approval", "query") if doc.get(name))
            for one in doc.get("inputs", ()):
                if entity := one.get("config", {}).get("entity"):
                    yield "entity", entity
        case "table":
            yield from table.named_roles(doc)
        case "workflow":
            yield "form", doc.get("form")
            yield from (("role", one) for one in workflow.reading_roles(doc))
            yield from (("calendar", key) for key in calendars_in(doc.get("clock")))
            yield from (("role", role) for role in doc.get("clock", {}).get("tell", ()))
            for node in doc.get("nodes", ()):
                yield from _node_references(node.get("config", {}))


def _config_of(field: Any) -> Mapping[str, Any]:
    found = field.get("config") if isinstance(field, dict) else None
    return found if isinstance(found, dict) else {}


def _node_references(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for kind in ("form", "settlement", "workflow", "entity"):
        if config.get(kind):
            yield kind, config[kind]
    roles = config.get("roles")
    yield from (("role", role) for role in (roles if isinstance(roles, list) else ()))
    yield from (("role", role) for role in roles_in(config))
    yield from (("calendar", key) for key in calendars_in(config))
    yield from (("table", key) for key in tables_in(config))


def _doubled_uids(doc: Doc) -> Iterator[Problem]:
    """Identity is by uid within its kind of element: two nodes, two edges or two fields never share one."""
    found = Found()
    for name, group in _uid_groups(doc).items():
        for uid, count in Counter(group).items():
            if count > 1:
                found.add("check.doubled_uid", {"uid": uid, "group": name}, path=f"/{name}")
    yield from found.problems


def _uid_groups(doc: Doc) -> dict[str, list[str]]:
    groups = {
        name: [one["uid"] for one in doc.get(name, ())]
        for name in ("nodes", "edges", "sections", "inputs", "outputs", "rules", "readers", "shares", "shifts", "dates")
    }
    groups["fields"] = [field["uid"] for section in doc.get("sections", ()) for field in section["fields"]]
    for name in ("line", "statement"):
        groups[f"{name}/rules"] = [rule["uid"] for rule in doc.get(name, {}).get("rules", ())]
    return groups
