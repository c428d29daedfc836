"""The story of a node type: a small process with the step in it, and a walk through it; drawn in the handbook, and tested."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..config import roles_in

Doc = dict[str, Any]
KEY = "example"
START = "start"
END = "end"


class Example(NamedTuple):
    """`ways`: "a>b", or as drawn. A start and an end are added where none is drawn and ways lead from `start` or to `end`.

    `say`: the lines of a walk, or the uid alone of a step that is simply done; `then`: what has come of it; `people`: who
    stands behind the roles; `fields`: of the form; `refs`: other definitions that it refers to. As in schemas/common.json.
    """

    title: Mapping[str, str]
    nodes: tuple[Doc, ...]
    ways: tuple[Doc | str, ...]
    say: tuple[str | list[Any], ...]
    then: Doc
    fields: tuple[Doc, ...] = ()
    refs: tuple[Doc, ...] = ()
    people: Mapping[str, list[str]] = {}

    def workflow(self) -> Doc:
        edges = [way(one) if isinstance(one, str) else one for one in self.ways]
        drawn = {node["uid"] for node in self.nodes}
        first = [] if START in drawn else [step(START, "start", "发起", "Begin")]
        last = [step(END, "end", "结束", "End")] if END not in drawn and any(one["target"] == END for one in edges) else []
        return {
            "format": 2, "uid": KEY, "kind": "workflow", "key": KEY, "title": dict(self.title), "form": KEY,
            "nodes": [*first, *self.nodes, *last], "edges": edges, "stories": [self.story()],
        }  # fmt: skip

    def documents(self) -> list[Doc]:
        """All that the workflow refers to: its form, the roles that it names, and the rest."""
        form = {"uid": KEY, "kind": "form", "key": KEY, "title": dict(self.title), "format": 1}
        form["sections"] = [{"uid": "fields", "fields": list(self.fields or (entry("what", "text", "事由", "Subject"),))}]
        roles = [
            {"format": 1, "uid": role, "kind": "role", "key": role, "title": ROLES.get(role, titles(role, role))}
            for role in dict.fromkeys(roles_in([*self.nodes, *self.refs]))
        ]
        return [form, *roles, *self.refs]

    def story(self) -> Doc:
        say = [[one, {}] if isinstance(one, str) else one for one in self.say]
        more = {"people": dict(self.people)} if self.people else {}
        return {"uid": KEY, "title": dict(self.title), "say": say, "then": self.then, **more}


def titles(zh: str, en: str) -> dict[str, str]:
    return {"zh-Hans": zh, "en": en}


ROLES = {"desk": titles("客服", "Service desk"), "engineer": titles("工程师", "Engineer"), "manager": titles("经理", "Manager")}


def step(uid: str, type: str, zh: str, en: str, **config: Any) -> Doc:
    return {"uid": uid, "type": type, "title": titles(zh, en), **({"config": config} if config else {})}


def task(uid: str, zh: str, en: str, role: str = "desk", **config: Any) -> Doc:
    """Somebody of that role does something."""
    return step(uid, "user_task", zh, en, who={"by": "role", "role": role}, **{"rights": {"*": "write"}, **config})


def approval(uid: str, zh: str, en: str, role: str = "manager", **config: Any) -> Doc:
    return step(uid, "approval", zh, en, who={"by": "role", "role": role}, **config)


def way(ends: str, rule: Doc | None = None, *, on: str | None = None, default: bool = False) -> Doc:
    """`rule`: when it is taken; `on`: for which outcome."""
    source, target = ends.split(">")
    found: Doc = {"uid": f"{source}_to_{target}", "source": source, "target": target}
    when = {"when": {"combinator": "and", "rules": [{"uid": "r", **rule}]}} if rule else {}
    return {**found, **when, **({"on": on} if on else {}), **({"default": True} if default else {})}


def entry(key: str, type: str, zh: str, en: str, **config: Any) -> Doc:
    return {"uid": key, "key": key, "type": type, "title": titles(zh, en), **({"config": config} if config else {})}


def choices(**options: tuple[str, str]) -> list[Doc]:
    return [{"uid": key, "key": key, "title": titles(*title)} for key, title in options.items()]
