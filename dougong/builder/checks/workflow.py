"""Checks of a workflow: its steps' settings, its conditions, its references, and its graph."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dougong import schemas
from dougong.runtime.checks import conditions, deadlines, filled, mending, structure
from dougong.runtime.checks.soundness import how_many
from dougong.runtime.config import calendars_in, roles_in
from dougong.runtime.definition import COMPILED, Definition, Node
from dougong.runtime.form import Field
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._time import check_span
from dougong.runtime.problem import Problem
from dougong.runtime.readers import hiding
from dougong.runtime.reason import Reason
from dougong.runtime.rules import problems as condition_problems
from dougong.runtime.template import fields_of
from dougong.runtime.values import missing

Doc = Mapping[str, Any]
Refs = Mapping[tuple[str, str], Doc]
Wrong = list[tuple[str, str, dict[str, Any]]]  # path, code, params


def problems(doc: Doc, refs: Refs) -> Iterator[Problem]:
    needed = [ref for (kind, _), ref in refs.items() if kind in COMPILED]
    definition = Definition.from_json(doc, needed)
    yield from _form(doc, refs)
    drawn, refused = judged(definition)
    shape = list(structure.problems(drawn))
    fixes = {} if shape else mending.default_ways(drawn, how_many)
    steps = [one for index, wrong in enumerate(refused) for one in _node(drawn, index, wrong, refs)]
    yield from _with_fixes(steps, fixes)
    yield from _clock(doc, refs)
    yield from _edges(doc, definition)
    yield from _texts(doc, definition)
    yield from _readers(doc, definition, refs)
    yield from shape
    if _are_readable(steps, definition):
        yield from _with_fixes(conditions.problems(definition), fixes)
        yield from filled.problems(definition)
        called = _called(definition, refs)
        yield from deadlines.problems(definition, called)
        yield from _lacking(definition, called)
        yield from _lacking_itself(definition)


def judged(definition: Definition) -> tuple[Definition, list[Wrong]]:
    """A draft without the settings of steps that their schemas refuse, and what is wrong with those of each step: all else is
    judged by what can be read."""
    found = [_settings(node, f"/nodes/{index}/config") for index, node in enumerate(definition.nodes)]
    nodes = (replace(node, config=config) for node, (config, _) in zip(definition.nodes, found, strict=True))
    return replace(definition, nodes=tuple(nodes)), [wrong for _, wrong in found]


def _settings(node: Node, path: str) -> tuple[Mapping[str, Any], Wrong]:
    kind = NODE_TYPES.get(node.type)
    return schemas.judged(schemas.config_validator(kind.config), node.config, path) if kind else (node.config, [])


def _with_fixes(problems: Iterable[Problem], fixes: Mapping[str, mending.Edits]) -> Iterator[Problem]:
    """A decision that may find no way open gets a default way."""
    for one in problems:
        yield (
            replace(one, fix=fixes.get(one.nodes[0], ()))
            if one.reason.code in ("check.no_default", "check.no_way_open")
            else one
        )


def _are_readable(steps: Sequence[Problem], definition: Definition) -> bool:
    """May the settings of steps and fields be looked into? What is wrong with them in themselves is told at their own place."""
    fields = [field for form in definition.forms.values() for field in form.fields.values()]
    told = any(one.reason.code.startswith("schema.") for one in steps)
    return not told and all(schemas.config_validator(field.type.config).is_valid(field.config) for field in fields)


def _called(definition: Definition, refs: Refs) -> dict[str, Definition]:
    """The workflows that are called, as far as their drafts can be read."""
    keys = {str(node.config.get("workflow")) for node in definition.nodes if node.type == "call"}
    drafts = {key: refs["workflow", key] for key in keys if ("workflow", key) in refs}
    forms = {key: refs.get(("form", str(draft.get("form")))) for key, draft in drafts.items()}
    readable = {key: draft for key, draft in drafts.items() if _is_readable(draft)}
    return {key: Definition.from_json(draft, (form,) if (form := forms[key]) else ()) for key, draft in readable.items()}


def _lacking(definition: Definition, called: Mapping[str, Definition]) -> Iterator[Problem]:
    """What the form of another workflow asks for where it begins, and nothing is given for: no such ticket could begin."""
    for node in definition.nodes:
        other = called.get(str(node.config.get("workflow"))) if node.type == "call" else None
        given = {one["into"] for one in node.config.get("give", ())}
        begins = other is not None and any(one.type == "start" for one in other.nodes)
        lost = [field.title for field in _asked(other) if field.key not in given] if other and begins else []
        if lost:
            yield Problem(Reason("check.call_lacks", {"fields": lost}), "warning", nodes=(node.uid,))


def _lacking_itself(definition: Definition) -> Iterator[Problem]:
    """What its own form asks for, and nobody fills in where it begins by itself."""
    for node in definition.nodes:
        by_itself = node.type == "start" and "every" in node.config
        lost = [field.title for field in _asked(definition) if missing(field.default)] if by_itself else []
        if lost:
            yield Problem(Reason("check.schedule_lacks", {"fields": lost}), "warning", nodes=(node.uid,))


def _asked(called: Definition) -> Iterator[Field]:
    form, rights = called.form_of(called.start), called.rights_of(called.start)
    for section in form.sections if form else ():
        for field in section.fields if form and not section.visible_when else ():
            right = form.right(field.key, rights) if form else ""
            if not field.visible_when and (right == "required" or (field.required and right == "write")):
                yield field


def _is_readable(draft: Doc) -> bool:
    known = [(NODE_TYPES.get(node["type"]), node.get("config", {})) for node in draft["nodes"]]
    return all(kind is not None and schemas.config_validator(kind.config).is_valid(config) for kind, config in known)


def _form(doc: Doc, refs: Refs) -> Iterator[Problem]:
    if not doc.get("form"):
        yield Problem(Reason("check.workflow_without_form"), path="/form")
    elif ("form", doc["form"]) not in refs:
        yield Problem(Reason("check.no_such_form", {"form": doc["form"]}), path="/form")


def _node(definition: Definition, index: int, wrong: Wrong, refs: Refs) -> Iterator[Problem]:
    node, path = definition.nodes[index], f"/nodes/{index}"
    kind = NODE_TYPES.get(node.type)
    if kind is None:
        yield Problem(Reason("check.unknown_node_type", {"type": node.type}), nodes=(node.uid,), path=f"{path}/type")
        return
    for where, code, params in wrong:
        yield Problem(Reason(code, params), nodes=(node.uid,), path=where)
    if wrong:
        return
    for where, reason in kind.check(definition, node):
        yield Problem(definition.called(reason), nodes=(node.uid,), path=f"{path}/config{where}")
    yield from _named(node.config, node.uid, f"{path}/config", refs)


def _named(config: Mapping[str, Any], uid: str, path: str, refs: Refs) -> Iterator[Problem]:
    """Forms, roles and calendars that a step names exist. (What a settle step names it checks itself.)"""
    if config.get("form") and ("form", config["form"]) not in refs:
        yield Problem(Reason("check.no_such_form", {"form": config["form"]}), nodes=(uid,), path=f"{path}/form")
    if config.get("workflow") and ("workflow", config["workflow"]) not in refs:
        params = {"workflow": config["workflow"]}
        yield Problem(Reason("check.no_workflow_to_call", params), nodes=(uid,), path=f"{path}/workflow")
    asked = [(name, role) for name, value in config.items() for role in roles_in(value)]
    for name, role in [*asked, *(("roles", role) for role in config.get("roles", ()))]:
        if ("role", role) not in refs:
            yield Problem(Reason("check.no_such_role", {"role": role}), nodes=(uid,), path=f"{path}/{name}")
    for name, value in config.items():
        for key in sorted(calendars_in(value)):
            if ("calendar", key) not in refs:
                yield Problem(Reason("check.no_such_calendar", {"calendar": key}), nodes=(uid,), path=f"{path}/{name}")


def _clock(doc: Doc, refs: Refs) -> Iterator[Problem]:
    clock = doc.get("clock")
    if clock is None:
        return
    for where, reason in check_span(clock["within"], "/clock/within"):
        yield Problem(reason, path=where)
    for key in calendars_in(clock):
        if ("calendar", key) not in refs:
            yield Problem(Reason("check.no_such_calendar", {"calendar": key}), path="/clock/within")
    for role in clock.get("tell", ()):
        if ("role", role) not in refs:
            yield Problem(Reason("check.no_such_role", {"role": role}), path="/clock/tell")


def _edges(doc: Doc, definition: Definition) -> Iterator[Problem]:
    """Only a step that decides looks at conditions; a way of it without one, that is not the default, is always open."""
    for index, edge in enumerate(doc["edges"]):
        source = definition.node.get(edge["source"])
        decides = (
            source is not None and source.type in NODE_TYPES and NODE_TYPES[source.type].conditional and not edge.get("on")
        )
        asked = bool(edge.get("when", {}).get("rules"))
        for _, reason in condition_problems(edge.get("when"), definition.kinds):
            yield Problem(reason, edges=(edge["uid"],), path=f"/edges/{index}/when")
        if asked and not decides:
            yield Problem(Reason("check.condition_not_asked"), "warning", edges=(edge["uid"],), path=f"/edges/{index}/when")
        if decides and not asked and not edge.get("default"):
            yield Problem(Reason("check.way_without_condition"), edges=(edge["uid"],), path=f"/edges/{index}")


def reading_roles(doc: Doc) -> list[str]:
    """The roles of the definitions whose reading the workflow narrows."""
    named = [one.get("who") for one in doc.get("readers", ()) if isinstance(one, Mapping)]
    return [who.removeprefix("role:") for who in named if isinstance(who, str) and who.startswith("role:")]


def _readers(doc: Doc, definition: Definition, refs: Refs) -> Iterator[Problem]:
    """Roles and fields are there, no role is named twice, and no title tells everybody what is hidden from somebody."""
    named: set[str] = set()
    for index, one in enumerate(doc.get("readers", ())):
        role = one["who"].removeprefix("role:")
        if one["who"] in named:
            yield Problem(Reason("check.reader_twice", {"role": role}), path=f"/readers/{index}/who")
        named.add(one["who"])
        if one["who"].startswith("role:") and ("role", role) not in refs:
            yield Problem(Reason("check.no_such_role", {"role": role}), path=f"/readers/{index}/who")
        for key in one["rights"]:
            if key != "*" and key not in definition.kinds:
                yield Problem(Reason("check.no_such_field", {"field": key}), path=f"/readers/{index}/rights/{key}")
    for language, text in doc.get("ticket_title", {}).items():
        for key in fields_of(text):
            if any(hiding(doc, key)):
                yield Problem(Reason("check.title_tells_hidden", {"field": key}), path=f"/ticket_title/{language}")


def _texts(doc: Doc, definition: Definition) -> Iterator[Problem]:
    for _, reason in condition_problems(doc.get("urgent_when"), definition.kinds):
        yield Problem(reason, path="/urgent_when")
    for language, text in doc.get("ticket_title", {}).items():
        for key in fields_of(text):
            if key not in definition.kinds:
                yield Problem(Reason("check.no_such_field", {"field": key}), path=f"/ticket_title/{language}")
    for index, uid in enumerate(doc.get("no_recall_after", ())):
        if uid not in definition.node:
            yield Problem(Reason("check.no_such_step", {"node": uid}), path=f"/no_recall_after/{index}")
    for index, key in enumerate(doc.get("summary_fields", ())):
        if key not in definition.kinds:
            yield Problem(Reason("check.no_such_field", {"field": key}), path=f"/summary_fields/{index}")
