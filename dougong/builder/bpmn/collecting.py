"""The tree of a BPMN file as a drawing: one process of it, its steps with all that stands within sub-processes, its lines."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from dougong import schemas
from dougong.runtime.canonical import parse
from dougong.runtime.reason import Refused

from .drawing import Drawing, Flow, Note, Step
from .geometry import FAR
from .mapping import CONTAINERS, FLOW_NODES, OURS, drawn
from .markup import Element
from .words import flat, shortened

MAX_STEPS: Final = 2000  # as many as a workflow holds
MAX_FLOWS: Final = 4000
MAX_NOTES: Final = 200
EVENT = re.compile(r"(\w+)EventDefinition")
ON_EDGE = re.compile(r"on\.[A-Za-z0-9_-]{1,40}\.([a-z][a-z0-9_]{0,39})")
LOOPS: Final = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
DATA: Final = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "dataInput", "dataOutput"})
PLAIN: Final = frozenset({
    "documentation", "extensionElements", "laneSet", "sequenceFlow", "association", "textAnnotation", "incoming", "outgoing",
    "ioSpecification", "dataObject", *LOOPS,
})  # fmt: skip


def collected(root: Element) -> Drawing:
    """Raises Refused where it is no BPMN, or holds too much."""
    if root.name != "definitions":
        raise Refused("bpmn.no_bpmn", line=root.line, element=root.name)
    return _Collecting(root).drawing


ROOTS: Final = frozenset({
    "process", "collaboration", "message", "signal", "error", "escalation", "BPMNDiagram", "import", "extension",
    "documentation",
})  # fmt: skip


def check_size(drawing: Drawing, line: int) -> None:
    """Raises Refused where it holds more than a workflow can."""
    if len(drawing.steps) > MAX_STEPS:
        raise Refused("bpmn.too_many_steps", line=line, limit=MAX_STEPS)
    if len(drawing.flows) > MAX_FLOWS:
        raise Refused("bpmn.too_many_flows", line=line, limit=MAX_FLOWS)


PARTS: Final[Mapping[str, Mapping[str, Any]]] = {  # what our JSON leaves out, because the file says it
    "workflow": {"kind": "workflow", "format": 2, "nodes": [], "edges": []},
    "step": {"uid": "x"},
    "note": {"uid": "x"},
    "way": {"uid": "x", "source": "x", "target": "x"},
}


def own_json(element: Element, name: str) -> dict[str, Any] | None:
    """Our JSON in its extension elements. Raises Refused where somebody has damaged it."""
    holder = element.first("extensionElements")
    found = next((one for one in holder.children if (one.space, one.name) == (OURS, name)), None) if holder else None
    if found is None:
        return None
    value = parse(found.text.encode())
    if not isinstance(value, dict) or not _judge(name).is_valid({**value, **PARTS[name]}):
        raise Refused("bpmn.report.own_damaged", id=element.get("id"))
    return value


@cache
def _judge(name: str) -> Any:
    whole = schemas.schema("workflow")
    part = {"step": "nodes", "way": "edges", "note": "notes"}.get(name)
    return schemas.config_validator(whole["properties"][part]["items"]) if part else schemas.validator("workflow")


class _Collecting:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.pools = {one.get("processRef"): one for one in root.walk() if one.name == "participant" and one.get("processRef")}
        self.drawing = Drawing(self._chosen())
        process = self.drawing.process
        self.drawing.own = self._own(process, "workflow")
        pool = self.pools.get(process.get("id"))
        self.drawing.name = flat(process.get("name") or (pool.get("name") if pool else "") or process.get("id"))
        self.drawing.messages = {
            one.get("id"): flat(one.get("name")) for one in root.all("message", "signal", "error", "escalation")
        }
        starts = [one for one in process.walk() if one.name == "startEvent"]
        self.drawing.initiators = {
            value for one in starts for name, value in one.attributes.items() if name.endswith(" initiator")
        }
        self.lanes = dict(self._lanes(process, ""))
        self.ends: dict[str, tuple[str, str]] = {}  # by id of a flow, what the steps say of its source and target
        self.names: dict[str, str] = {}  # the steps as the file names them: a second one of an id is renamed
        self.shapes = _shapes(root)
        self._steps(process, "")
        self._flows()
        self._centres()
        self._artifacts()

    def _chosen(self) -> Element:
        """The first process that is executable, else the first in which something is drawn."""
        processes = self.root.all("process")
        if not processes:
            raise Refused("bpmn.no_process", line=self.root.line)
        full = [one for one in processes if _holds(one)] or [one for one in processes if self._own_head(one)]
        if not full:
            raise Refused("bpmn.no_steps", line=processes[0].line)
        return next((one for one in full if one.get("isExecutable") == "true"), full[0])

    def _own_head(self, process: Element) -> bool:
        return any(one.space == OURS for one in process.walk())

    def _own(self, element: Element, name: str) -> dict[str, Any] | None:
        try:
            return own_json(element, name)
        except Refused:
            self.drawing.remark("bpmn.report.own_damaged", line=element.line, id=element.get("id"))
            return None

    def _lanes(self, holder: Element, above: str) -> Iterator[tuple[str, str]]:
        for lane in (lane for group in holder.all("laneSet", "childLaneSet") for lane in group.all("lane")):
            name = " / ".join(filter(None, [above, flat(lane.get("name"))]))
            yield from ((ref.text.strip(), name) for ref in lane.all("flowNodeRef"))
            yield from self._lanes(lane, name)  # the innermost has the last word

    # ---- steps ----

    def _steps(self, holder: Element, parent: str) -> None:
        if parent:
            self.lanes.update(self._lanes(holder, self.lanes.get(parent, "")))
        for element in holder.children:
            if element.name in FLOW_NODES and element.space != OURS:
                step = self._step(element, parent)
                if element.name in CONTAINERS:
                    self._steps(element, step.id)

    def _step(self, element: Element, parent: str) -> Step:
        drawing = self.drawing
        check_size(drawing, element.line)
        given = element.get("id").strip()
        found = Step(drawing.free(given or f"{element.name}_{element.line}"), element.name, flat(element.get("name")), element)
        if given and found.id != given:
            drawing.remark("bpmn.report.doubled_id", line=element.line, id=given)
        self.names.setdefault(given, found.id)
        events = [match[1] for child in element.children if (match := EVENT.fullmatch(child.name))]
        found.event = "multiple" if len(events) > 1 else next(iter(events), "")
        found.parent, found.lane = parent, self.lanes.get(given) or self.lanes.get(parent, "")
        found.repeated = element.first(*LOOPS)
        found.own = self._own_step(found)
        for flow in element.all("incoming", "outgoing"):
            source, target = self.ends.get(flow.text.strip(), ("", ""))
            self.ends[flow.text.strip()] = (found.id, target) if flow.name == "outgoing" else (source, found.id)
        return drawing.add_step(found)

    def _own_step(self, step: Step) -> dict[str, Any] | None:
        """Ours holds as long as the element is what we would draw it as."""
        own = self._own(step.element, "step")
        if own is None:
            return None
        kind = drawn(own)
        about = step.event if own["type"] != "start" else ""
        return own if (kind.element, kind.event) == (step.kind, about) else None

    # ---- lines ----

    def _flows(self) -> None:
        drawing = self.drawing
        usual = {step.element.get("default") for step in drawing.steps.values()} - {""}
        for element in drawing.process.walk():
            if element.name != "sequenceFlow":
                continue
            id = element.get("id").strip()
            source, target = self.ends.get(id, ("", ""))
            source = self.names.get(element.get("sourceRef").strip(), source)
            target = self.names.get(element.get("targetRef").strip(), target)
            if not (source in drawing.steps and target in drawing.steps):
                drawing.remark("bpmn.report.loose", line=element.line, id=id or flat(element.get("name")))
                continue
            check_size(drawing, element.line)
            condition = element.first("conditionExpression")
            found = Flow(
                drawing.free(id or f"flow_{element.line}"), source, target, flat(element.get("name")), line=element.line
            )
            found.condition = condition.text.strip() if condition else ""
            found.default, found.own = bool(id) and id in usual, self._own(element, "way")
            drawing.add_flow(found)

    # ---- the diagram ----

    def _centres(self) -> None:
        for id, (x, y, width, height) in self.shapes.items():
            if id in self.names:
                self.drawing.centres.setdefault(self.names[id], (x + width / 2, y + height / 2))

    # ---- what is beside ----

    def _artifacts(self) -> None:
        """Annotations become remarks of what they are tied to, else notes; all else that is drawn is at least told of."""
        drawing, root = self.drawing, self.root
        annotations = {one.get("id"): one for one in root.walk() if one.name == "textAnnotation"}
        tied: set[str] = set()
        named = {one.get("id"): flat(one.get("name")) or one.get("id") for one in root.walk() if one.name in DATA}
        for tie in (one for one in root.walk() if one.name == "association"):
            for here, there in ((tie.get("sourceRef"), tie.get("targetRef")), (tie.get("targetRef"), tie.get("sourceRef"))):
                if (step := self._step_of(there)) is None:
                    continue
                if here in annotations:
                    tied.add(here)
                    self._annotated(step, here, _text(annotations[here]))
                elif here in named:
                    drawing.remark("bpmn.note.data", step, line=tie.line, data=named[here])
                elif here in self.names:
                    drawing.remark("bpmn.note.tied", step, line=tie.line, name=drawing.steps[self.names[here]].name or here)
        for id, one in annotations.items():
            if id not in tied and not id.startswith("remark."):
                self._note(id, one)
        self._beside(named)

    def _note(self, id: str, annotation: Element) -> None:
        words, own = _text(annotation), self._own(annotation, "note")
        if len(self.drawing.notes) >= MAX_NOTES:
            self.drawing.remark("bpmn.report.annotation", line=annotation.line, text=shortened(words, 500))
        elif words or own:
            x, y, *_ = self.shapes.get(id, (FAR, FAR))
            self.drawing.notes.append(Note(id, words, None if x == FAR else (x, y), own))

    def _step_of(self, id: str) -> Step | None:
        flow = self.drawing.flows.get(id)
        return self.drawing.steps.get(flow.source if flow else self.names.get(id, ""))

    def _annotated(self, step: Step, id: str, words: str) -> None:
        if step.own is not None and id.startswith("remark."):
            self.drawing.own_remarks[step.id] = words
        elif words:
            self.drawing.remark("bpmn.note.annotation", step, text=shortened(words, 500))

    def _beside(self, data: dict[str, str]) -> None:
        drawing = self.drawing
        for process in self.root.all("process"):
            if process is not drawing.process:
                name = self.pools[process.get("id")].get("name") if process.get("id") in self.pools else process.get("name")
                steps = sum(one.name in FLOW_NODES for one in process.walk())
                drawing.remark(
                    "bpmn.report.other_process", line=process.line, name=flat(name) or process.get("id"), steps=steps
                )
        for one in (one for one in self.root.walk() if one.name in ("messageFlow", "group", "conversation")):
            drawing.remark("bpmn.report.left_out", line=one.line, what=one.name, name=flat(one.get("name")) or one.get("id"))
        for id, name in data.items():
            drawing.remark("bpmn.report.left_out", what="data", name=name or id)
        known = FLOW_NODES | PLAIN | DATA | {"group"}
        strange = [one for one in drawing.process.children if one.name not in known]
        strange += [one for one in self.root.children if one.name not in ROOTS]
        for name, count in Counter(one.name for one in strange).items():
            drawing.remark("bpmn.report.left_out", what=name, name=str(count))


def _holds(process: Element) -> bool:
    return any(one.name in FLOW_NODES for one in process.children)


def _text(annotation: Element) -> str:
    found = annotation.first("text")
    return (found.text if found else annotation.text).strip()


def _shapes(root: Element) -> dict[str, tuple[float, float, float, float]]:
    """Where the diagram shows what, by id: x, y, width, height. The first of several counts; what is beyond reason does not."""
    found: dict[str, tuple[float, float, float, float]] = {}
    for shape in (one for one in root.walk() if one.name == "BPMNShape"):
        if (bounds := shape.first("Bounds")) is not None:
            x, y, width, height = (_number(bounds.get(name)) for name in ("x", "y", "width", "height"))
            if all(abs(size) < FAR for size in (x, y, width, height)):
                found.setdefault(shape.get("bpmnElement").strip(), (x, y, width, height))
    return found


def _number(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return FAR
