"""A BPMN file, ours or drawn elsewhere, as a draft of a workflow, and a report of what was made of it. Pure.

Of our own files it is the same workflow again: our JSON holds for as long as what the file says still agrees with it. What has
been changed elsewhere is taken as it stands there.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from dougong.runtime.canonical import clean

from ..placing import CARD, COLUMN, ROW, Place, layered
from . import expressions
from .collecting import collected
from .drawing import Drawing, Flow, Remark
from .fields import Fields
from .geometry import with_room
from .markup import read as parsed
from .rewriting import rewritten
from .steps import Steps
from .vendors import beside
from .words import everywhere, flat, kept, shortened

FORMAT: Final = 2
_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Import:
    """`document`: a workflow without uid, and without key where the file has none that does. `fields`: those of a form for it.
    `remarks` by uid of the step that they are about, where they are about one. `made`: how many steps of which type."""

    document: dict[str, Any]
    fields: list[dict[str, Any]]
    remarks: list[Remark]
    made: dict[str, int]
    is_ours: bool


def imported(raw: bytes, roles: Mapping[str, str] | None = None) -> Import:
    """`roles`: keys by title, of the roles that there are. Raises Refused."""
    drawing = collected(parsed(raw))
    rewritten(drawing)
    return _Reading(drawing, roles or {}).found()


class _Reading:
    def __init__(self, drawing: Drawing, roles: Mapping[str, str]) -> None:
        self.drawing, self.fields = drawing, Fields()
        self.is_ours = drawing.own is not None and all(step.own is not None for step in drawing.steps.values())
        self.uids = _uids(drawing.steps, "step.")
        self.notes = _uids({one.id: one for one in drawing.notes}, "note.", self.uids.values())
        self.steps = Steps(drawing, self.fields, roles, self.uids)

    def found(self) -> Import:
        for element in (self.drawing.process, *(one for one in self.drawing.process.walk() if one.name == "sequenceFlow")):
            beside(self.drawing, element)
        nodes = [{"uid": self.uids[step.id], **self.steps.node(step)} for step in self.drawing.steps.values()]
        ways = _uids(self.drawing.flows, "way.")
        edges = [self._edge(flow, ways[flow.id]) for flow in self.drawing.flows.values()]
        notes, places = self._notes(), self._places()
        layout = {uid: {"x": x, "y": y} for uid, (x, y) in places.items()}
        document = {**self._head(), "nodes": nodes, "edges": edges, "layout": {"nodes": layout}}
        if notes or "notes" in document:
            document["notes"] = notes
        remarks = [replace(one, step=self.uids.get(one.step, "")) for one in self.drawing.remarks]
        made = Counter(node["type"] for node in nodes)
        return Import(clean(document), [field.to_json() for field in self.fields], remarks, dict(made), self.is_ours)

    def _head(self) -> dict[str, Any]:
        drawing, own = self.drawing, self.drawing.own
        said = drawing.process.first("documentation")
        words = said.text.strip() if said else ""
        if own is not None:
            about = {"description": kept(own.get("description"), words)} if words or "description" in own else {}
            title = kept(own["title"], drawing.process.get("name"))
            return {**own, "kind": "workflow", "title": title, **about}
        id = drawing.process.get("id")
        head: dict[str, Any] = {
            "format": FORMAT,
            "kind": "workflow",
            "title": everywhere(shortened(drawing.name, 100) or "BPMN"),
        }
        if _KEY.fullmatch(id):
            head["key"] = id
        return {**head, "description": everywhere(words)} if words else head

    # ---- ways ----

    def _edge(self, flow: Flow, uid: str) -> dict[str, Any]:
        own = flow.own or {}
        found: dict[str, Any] = {"uid": uid, "source": self.uids[flow.source], "target": self.uids[flow.target]}
        title = kept(own.get("title"), flow.name)
        if title:
            found["title"] = title
        found |= self._condition(flow, own)
        source = self.drawing.steps[flow.source]
        outcome = flow.on or ("" if source.is_activity else own.get("on"))
        if outcome:
            found["on"] = outcome
        if self._is_usual(flow):
            found["default"] = True
        elif own.get("default") is False:
            found["default"] = False
        return found

    def _is_usual(self, flow: Flow) -> bool:
        """As our JSON says, unless the file names another way of the same step now."""
        named, first = self._usual_of(flow.source)
        return bool((flow.own or {}).get("default")) if named is first or named is None else flow is named

    @cache  # noqa: B019 (it lives as long as the reading of one file)
    def _usual_of(self, source: str) -> tuple[Flow | None, Flow | None]:
        """The way that the file names, and the one that our JSON would have named in it."""
        ways = self.drawing.outs(self.drawing.steps[source])
        own = (flow for flow in ways if (flow.own or {}).get("default") and not (flow.own or {}).get("on"))
        return next((flow for flow in ways if flow.default), None), next(own, None)

    def _condition(self, flow: Flow, own: Mapping[str, Any]) -> dict[str, Any]:
        tree = own.get("when")
        if isinstance(tree, Mapping) and flat(_written(tree)) == flat(flow.condition):
            return {"when": tree}
        if not flow.condition:
            return {}
        source = self.drawing.steps[flow.source]
        found = self.fields.condition(flow.condition)
        if found is None:
            target = self.drawing.steps[flow.target]
            said = {"expression": shortened(flow.condition, 500), "target": target.name or self.uids[target.id]}
            self.drawing.remark("bpmn.note.condition", source, line=flow.line, **said)
            return {}
        return {"when": found}

    # ---- notes and places ----

    def _notes(self) -> list[dict[str, Any]]:
        return [{"uid": self.notes[one.id], "text": kept((one.own or {}).get("text"), one.words)} for one in self.drawing.notes]

    def _places(self) -> dict[str, Place]:
        """By uid. Ours stand where they stood; in a drawing from elsewhere cards get room. What has no place stands below."""
        drawing, across, down = self.drawing, 1.0, 1.0
        given = {id: centre for id, centre in drawing.centres.items() if id in drawing.steps}
        if drawing.own is not None:
            found = {id: (round(x) - CARD[0] // 2, round(y) - CARD[1] // 2) for id, (x, y) in given.items()}
        else:
            found, across, down = with_room(given, {step.id for step in drawing.steps.values() if step.inserted})
            if (across, down) != (1, 1):
                drawing.remark("bpmn.report.stretched", across=f"{across:g}", down=f"{down:g}")
        missing = [id for id in drawing.steps if id not in found]
        if missing and drawing.own is None:
            drawing.remark("bpmn.report.laid_out", steps=len(missing))
        below = max((y for _, y in found.values()), default=-2 * CARD[1]) + 2 * CARD[1]
        left = min((x for x, _ in found.values()), default=0)
        ways = [(flow.source, flow.target) for flow in drawing.flows.values()]
        found |= {id: (left + x, y + below) for id, (x, y) in layered(missing, ways).items()}
        top = min((y for _, y in found.values()), default=0)
        for index, one in enumerate(drawing.notes):
            x, y = one.corner or (index * COLUMN / across, (top - 2 * ROW) / down)
            found[one.id] = round(x * across), round(y * down)
        uids = {**self.uids, **self.notes}
        return {uids[id]: place for id, place in found.items()}


def _written(tree: Mapping[str, Any]) -> str:
    try:
        return expressions.written(tree)
    except (AttributeError, KeyError, TypeError):
        return ""


def _uids(things: Mapping[str, Any], prefix: str, others: Iterable[str] = ()) -> dict[str, str]:
    """By id: ours are what stands behind the prefix; of others what a uid can hold, each once, and none of `others`."""
    found: dict[str, str] = {}
    taken = set(others)
    for id in sorted(things, key=lambda id: not id.startswith(prefix)):  # ours first: they keep theirs
        own = id.removeprefix(prefix)
        plain = own if _UID.fullmatch(own) else re.sub(r"[^A-Za-z0-9_-]+", "_", own)[:34] or "x"
        found[id] = next(
            name for n in range(1, len(things) + 2) if (name := plain if n == 1 else f"{plain[:34]}-{n}") not in taken
        )
        taken.add(found[id])
    return found
