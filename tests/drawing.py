"""Small definitions for tests, drawn in a line or two, and the world they are played in."""

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dougong.runtime.definition import Definition
from dougong.runtime.form import EVERYTHING, Form, Loaded
from dougong.runtime.picture import HEIGHT, WIDTH, picture
from dougong.runtime.world import Question, World

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
Doc = dict[str, Any]


def text(words: str) -> dict[str, str]:
    return {"zh-Hans": words, "en": words}


def field(key: str, type: str = "text", *, config: Doc | None = None, **more: Any) -> Doc:
    return {"uid": key, "key": key, "type": type, "title": text(key), **({"config": config} if config else {}), **more}


def options(*keys: str) -> Doc:
    return {"options": [{"uid": key, "key": key, "title": text(key.upper())} for key in keys]}


def rule(field: str, operator: str, value: Any = None, **more: Any) -> Doc:
    return {"field": field, "operator": operator, **({} if value is None else {"value": value}), **more}


def all_of(*rules: Doc) -> Doc:
    return {"combinator": "and", "rules": list(rules)}


def any_of(*rules: Doc) -> Doc:
    return {"combinator": "or", "rules": list(rules)}


def form_doc(*fields: Doc, key: str = "form", **more: Any) -> Doc:
    return {
        "format": 1, "uid": key, "kind": "form", "key": key, "title": text(key),
        "sections": [{"uid": "s1", "fields": list(fields)}], **more,
    }  # fmt: skip


def form(*fields: Doc, **more: Any) -> Form:
    return Form.from_json(form_doc(*fields, **more))


def load(form: Form, raw: Mapping[str, Any], data: Mapping[str, Any] | None = None, rights: Any = EVERYTHING) -> Loaded:
    return form.load(raw, data or {}, rights, UTC, NOW)


def node(uid: str, type: str, **config: Any) -> Doc:
    return {"uid": uid, "type": type, "title": text(uid), "config": config}


def task(uid: str, **config: Any) -> Doc:
    return node(uid, "user_task", **{"who": {"by": "role", "role": "clerk"}, "rights": {"*": "write"}, **config})


def edge(way: str, when: Doc | None = None, *, default: bool = False, uid: str | None = None, on: str | None = None) -> Doc:
    """ "a>b" leads from a to b."""
    source, target = way.split(">")
    found: Doc = {"uid": uid or way.replace(">", "_"), "source": source, "target": target}
    return {**found, **({"when": when} if when else {}), **({"default": True} if default else {}), **({"on": on} if on else {})}


def flow_doc(nodes: list[Doc], edges: list[Doc | str], **more: Any) -> Doc:
    return {
        "format": 2, "uid": "flow", "kind": "workflow", "key": "flow", "title": text("flow"), "form": "form",
        "nodes": nodes, "edges": [edge(one) if isinstance(one, str) else one for one in edges], **more,
    }  # fmt: skip


def flow(nodes: list[Doc], edges: list[Doc | str], *refs: Doc, **more: Any) -> Definition:
    return Definition.from_json(flow_doc(nodes, edges, **more), refs)


def chain(*nodes: Doc | str, refs: tuple[Doc, ...] = ()) -> Definition:
    """start, then these, in one straight line; a name alone is a node of that type."""
    line = [node("start", "start"), *(node(one, one) if isinstance(one, str) else one for one in nodes)]
    ways = [f"{one['uid']}>{other['uid']}" for one, other in itertools.pairwise(line)]
    return flow(line, list(ways), *refs)


def through_boxes(definition: Definition) -> list[tuple[str, str]]:
    """Which line of its picture runs through which box, be it one of its ends."""
    drawn = picture(definition)
    found = set()
    for uid, line in drawn.lines.items():
        for one, other in itertools.pairwise(line):
            (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
            boxes = [
                box
                for box, (x, y) in drawn.places.items()
                if left < x + WIDTH and right > x and top < y + HEIGHT and bottom > y
            ]
            found |= {(uid, box) for box in boxes}
    return sorted(found)


def answer(question: Question) -> Any:
    if question.kind == "people":
        return {"principals": [f"role:{question.args.get('role', 'anybody')}"], "nobody": False}
    return dict(question.args["values"])


def world(answers: Any = answer, actor: str | None = "person:anna") -> World:
    return World(NOW, answers, actor)
