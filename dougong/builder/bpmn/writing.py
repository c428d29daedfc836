"""A workflow as a BPMN file: standard elements, a diagram, and in extension elements what the standard has no word for.

Our own JSON travels with each element, without what the standard says as well: who it is (the id), where it stands, how it is
connected. Read again, the file gives the same workflow (`reading`).
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from typing import Any, Final

from dougong import schemas
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.reason import Refused

from ..placing import COLUMN, ROW, Place, places_of
from . import expressions
from .geometry import Box, box_of, line_between
from .mapping import BPMN, DI, EXPORTER, OURS, OUTCOMES, Drawn, drawn
from .times import timing
from .words import legal, spoken

Doc = Mapping[str, Any]
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DD: Final = "http://www.omg.org/spec/DD/20100524/DI"
PREFIXES: Final = {"bpmn": BPMN, "bpmndi": DI, "dc": DC, "di": DD, "xsi": XSI, "dougong": OURS}
APART: Final = ("nodes", "edges", "layout", "notes")  # told by elements of their own
NOTE: Final = (208, 60)


def written(doc: Doc, language: str = "zh-Hans") -> bytes:
    """Raises Refused where the drawing has lines that lead nowhere, or two elements of one uid."""
    _check(doc)
    return _Writer(doc, language).file()


def _check(doc: Doc) -> None:
    uids = [node["uid"] for node in doc["nodes"]]
    ways = [edge["uid"] for edge in doc["edges"]]
    for group in (uids, ways):
        if doubled := {uid for uid in group if group.count(uid) > 1} if len(set(group)) < len(group) else set():
            raise Refused("bpmn.export_doubled", uid=sorted(doubled)[0])
    for edge in doc["edges"]:
        if not {edge["source"], edge["target"]} <= set(uids):
            raise Refused("bpmn.export_loose", uid=edge["uid"])


def step_id(uid: str) -> str:
    """Ids of XML share one space and do not begin with a digit; a full stop is in no uid."""
    return f"step.{uid}"


def way_id(uid: str) -> str:
    return f"way.{uid}"


def event_id(uid: str, outcome: str) -> str:
    return f"on.{uid}.{outcome}"


def remark_id(uid: str) -> str:
    return f"remark.{uid}"


def note_id(uid: str) -> str:
    return f"note.{uid}"


class _Writer:
    """The tree under construction."""

    def __init__(self, doc: Doc, language: str) -> None:
        self.doc, self.language = doc, language
        for prefix, space in PREFIXES.items():
            ET.register_namespace(prefix, space)
        head = {"id": "the.definitions", "targetNamespace": OURS, "exporter": EXPORTER}
        self.root = ET.Element(f"{{{BPMN}}}definitions", head)
        self.nodes = {node["uid"]: _readable(node) for node in doc["nodes"]}
        self.boxes = {uid: box_of(place, drawn(self.nodes[uid]).shape) for uid, place in places_of(doc).items()}
        self.ways: dict[str, list[Doc]] = {uid: [] for uid in self.nodes}
        self.into: dict[str, list[Doc]] = {uid: [] for uid in self.nodes}
        for edge in doc["edges"]:
            self.ways[edge["source"]].append(edge)
            self.into[edge["target"]].append(edge)

    def file(self) -> bytes:
        messages = self._messages()
        process = self._add(self.root, "process", id=self.doc["key"], name=self._said(self.doc["title"]), isExecutable="true")
        self._words(process, "documentation", self._said(self.doc.get("description")))
        head = {key: value for key, value in self.doc.items() if key not in APART}
        self._own(process, "workflow", {**head, "notes": []} if "notes" in self.doc else head)
        for node in self.doc["nodes"]:
            self._step(process, node, messages)
            self._events(process, node)
        for edge in self.doc["edges"]:
            self._way(process, edge)
        for node in self.doc["nodes"]:
            self._remark(process, node)
        for note in self.doc.get("notes", ()):
            self._note(process, note)
        self._diagram()
        ET.indent(self.root, " ")
        written: bytes = ET.tostring(self.root, encoding="utf-8", xml_declaration=True)
        return written + b"\n"

    # ---- elements ----

    def _messages(self) -> dict[str, str]:
        """The messages that steps send and wait for, as elements of their own; their ids by name."""
        named = [node["config"].get("name") for node in self.nodes.values() if node["type"] in ("send", "receive")]
        names = dict.fromkeys(name for name in named if isinstance(name, str) and name)
        found = {name: f"message.{index}" for index, name in enumerate(names)}
        for name, id in found.items():
            self._add(self.root, "message", id=id, name=legal(name))
        return found

    def _step(self, process: ET.Element, node: Doc, messages: Mapping[str, str]) -> None:
        uid, kind, config = node["uid"], drawn(node), self.nodes[node["uid"]]["config"]
        found = self._add(process, kind.element, id=step_id(uid), name=self._said(node["title"]))
        self._own(found, "step", {key: value for key, value in node.items() if key != "uid"})
        for edge in self.into[uid]:
            self._words(found, "incoming", way_id(edge["uid"]))
        for edge in self.ways[uid]:
            if not _is_apart(edge, kind):
                self._words(found, "outgoing", way_id(edge["uid"]))
        if kind.shape == "gateway" and kind.element != "eventBasedGateway":
            found.set("gatewayDirection", _direction(len(self.into[uid]), len(self.ways[uid])))
        if (usual := _default(self.ways[uid])) and kind.element in TAKES_DEFAULT:
            found.set("default", way_id(usual["uid"]))
        if kind.element in ("sendTask", "receiveTask") and config.get("name") in messages:
            found.set("messageRef", messages[config["name"]])
        if kind.element == "callActivity" and isinstance(config.get("workflow"), str):
            found.set("calledElement", config["workflow"])
        self._inner(found, self.nodes[uid], kind)

    def _inner(self, found: ET.Element, node: Doc, kind: Drawn) -> None:
        """What stands within an element of its kind, as far as the standard has words for it."""
        config = node["config"]
        if kind.element == "userTask":
            if who := config.get("who"):
                owner = self._add(self._add(found, "potentialOwner"), "resourceAssignmentExpression")
                self._words(owner, "formalExpression", " ".join(str(one) for one in who.values() if isinstance(one, str)))
            if is_repeated(node):
                several = self._add(found, "multiInstanceLoopCharacteristics", isSequential=_boolean(_in_turn(config)))
                self._words(several, "loopCardinality", str(config.get("times") or config.get("over") or "count(who)"))
        if kind.element == "scriptTask":
            rows = [one for one in config.get("fields", ()) if isinstance(one, Mapping)]
            self._words(found, "script", "\n".join(f"{one.get('field')} = {one.get('formula')}" for one in rows))
        if kind.event or (node["type"] == "start" and config.get("every")):
            self._event(found, kind.event or "timer", config)

    def _event(self, found: ET.Element, about: str, config: Doc) -> None:
        event = self._add(found, f"{about}EventDefinition")
        match about:
            case "timer":
                name, words = timing(config)
                self._words(event, name, words)
            case "conditional":
                self._words(event, "condition", expressions.written(config.get("when", {})))

    def _events(self, process: ET.Element, node: Doc) -> None:
        """An outcome of an activity is an event on its edge, from which its ways lead."""
        apart: dict[str, list[Doc]] = {}
        for edge in self.ways[node["uid"]]:
            if _is_apart(edge, drawn(node)):
                apart.setdefault(edge["on"], []).append(edge)
        for outcome, edges in apart.items():
            uid = node["uid"]
            found = self._add(process, "boundaryEvent", id=event_id(uid, outcome), name=outcome, attachedToRef=step_id(uid))
            for edge in edges:
                self._words(found, "outgoing", way_id(edge["uid"]))
            leaves = [one for one in self.nodes[uid]["config"].get("deadlines", ()) if one["then"] == "leave"]
            about = OUTCOMES.get(outcome, "escalation")
            self._event(found, about, {"until": leaves[0].get("when", {})} if leaves and about == "timer" else {})

    def _way(self, process: ET.Element, edge: Doc) -> None:
        uid, source = edge["uid"], self.nodes[edge["source"]]
        begin = event_id(source["uid"], edge["on"]) if _is_apart(edge, drawn(source)) else step_id(source["uid"])
        said = {"name": words} if (words := self._said(edge.get("title"))) else {}
        found = self._add(process, "sequenceFlow", id=way_id(uid), sourceRef=begin, targetRef=step_id(edge["target"]), **said)
        own = {key: value for key, value in edge.items() if key not in ("uid", "source", "target")}
        if own:
            self._own(found, "way", own)
        if "when" in edge:
            words = expressions.written(edge["when"])
            self._words(found, "conditionExpression", words).set(f"{{{XSI}}}type", "bpmn:tFormalExpression")

    def _remark(self, process: ET.Element, node: Doc) -> None:
        if node.get("remark"):
            uid = node["uid"]
            self._words(self._add(process, "textAnnotation", id=remark_id(uid)), "text", self._said(node["remark"]))
            self._add(process, "association", id=f"to.{uid}", sourceRef=step_id(uid), targetRef=remark_id(uid))

    def _note(self, process: ET.Element, note: Doc) -> None:
        found = self._add(process, "textAnnotation", id=note_id(note["uid"]))
        self._own(found, "note", {"text": note["text"]})
        self._words(found, "text", self._said(note["text"]))

    # ---- the diagram ----

    def _diagram(self) -> None:
        diagram = ET.SubElement(self.root, f"{{{DI}}}BPMNDiagram", id="the.diagram")
        plane = ET.SubElement(diagram, f"{{{DI}}}BPMNPlane", id="the.plane", bpmnElement=self.doc["key"])
        for node in self.doc["nodes"]:
            self._shapes(plane, node)
        for edge in self.doc["edges"]:
            self._line(plane, edge)
        for node in self.doc["nodes"]:
            if node.get("remark"):
                uid = node["uid"]
                box = self._remark_box(uid)
                self._shape(plane, remark_id(uid), box)
                self._bends(plane, f"to.{uid}", [self.boxes[uid].top, box.bottom])
        given = self.doc.get("layout", {}).get("nodes", {})
        for index, note in enumerate(self.doc.get("notes", ())):
            at = given.get(note["uid"], {"x": index * COLUMN, "y": -2 * ROW})
            self._shape(plane, note_id(note["uid"]), Box(at["x"], at["y"], *NOTE))

    def _shapes(self, plane: ET.Element, node: Doc) -> None:
        uid, kind = node["uid"], drawn(node)
        shape = self._shape(plane, step_id(uid), self.boxes[uid])
        if kind.element == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        for outcome in dict.fromkeys(edge["on"] for edge in self.ways[uid] if _is_apart(edge, kind)):
            self._shape(plane, event_id(uid, outcome), self._event_box(uid, outcome))

    def _event_box(self, uid: str, outcome: str) -> Box:
        """On the lower edge of its activity, the second beside the first."""
        outcomes = list(dict.fromkeys(edge["on"] for edge in self.ways[uid] if edge.get("on")))
        box = self.boxes[uid]
        return Box(box.x + 20 + 48 * outcomes.index(outcome), box.y + box.height - 18, 36, 36)

    def _remark_box(self, uid: str) -> Box:
        box = self.boxes[uid]
        return Box(box.x, box.y - NOTE[1] - 30, *NOTE)

    def _line(self, plane: ET.Element, edge: Doc) -> None:
        box, target = self.boxes[edge["source"]], self.boxes[edge["target"]]
        apart = _is_apart(edge, drawn(self.nodes[edge["source"]]))
        begin = self._event_box(edge["source"], edge["on"]) if apart else box
        self._bends(plane, way_id(edge["uid"]), line_between(begin, target, below=apart))

    def _shape(self, plane: ET.Element, element: str, box: Box) -> ET.Element:
        shape = ET.SubElement(plane, f"{{{DI}}}BPMNShape", id=f"shape.{element}", bpmnElement=element)
        ET.SubElement(shape, f"{{{DC}}}Bounds", x=str(box.x), y=str(box.y), width=str(box.width), height=str(box.height))
        return shape

    def _bends(self, plane: ET.Element, element: str, places: Iterable[Place]) -> None:
        line = ET.SubElement(plane, f"{{{DI}}}BPMNEdge", id=f"line.{element}", bpmnElement=element)
        for x, y in places:
            ET.SubElement(line, f"{{{DD}}}waypoint", x=str(x), y=str(y))

    # ---- bricks ----

    def _said(self, texts: Mapping[str, str] | None) -> str:
        return spoken(texts, self.language)

    def _add(self, parent: ET.Element, kind: str, /, **attributes: str) -> ET.Element:
        return ET.SubElement(parent, f"{{{BPMN}}}{kind}", attributes)

    def _words(self, parent: ET.Element, name: str, words: str) -> ET.Element:
        """Nothing is written where there are no words."""
        if not words:
            return ET.Element(name)
        found = self._add(parent, name)
        found.text = legal(words)
        return found

    def _own(self, parent: ET.Element, name: str, value: Doc) -> None:
        found = ET.SubElement(self._add(parent, "extensionElements"), f"{{{OURS}}}{name}")
        found.text = _json(value)


def _readable(node: Doc) -> Doc:
    """A step of a draft without the settings that its schema refuses or does not know: those are told as our own only."""
    kind = NODE_TYPES.get(node["type"])
    if kind is None:
        return {**node, "config": {}}
    known = kind.config.get("properties", {})
    config, _ = schemas.judged(schemas.config_validator(kind.config), node.get("config", {}))
    return {**node, "config": {name: one for name, one in config.items() if name in known}}


TAKES_DEFAULT: Final = frozenset({
    "exclusiveGateway", "inclusiveGateway", "complexGateway", "task", "userTask", "scriptTask", "serviceTask", "sendTask",
    "receiveTask", "businessRuleTask", "callActivity",
})  # fmt: skip


def is_repeated(node: Doc) -> bool:
    """Done by several, or for several: an activity of several instances."""
    mode = node.get("config", {}).get("mode")
    return node["type"] == "for_each" or (node["type"] == "approval" and mode in ("all", "ratio", "weight", "sequence"))


def _in_turn(config: Doc) -> bool:
    return "sequence" in (config.get("order"), config.get("mode"))


def _is_apart(edge: Doc, kind: Drawn) -> bool:
    return bool(edge.get("on")) and kind.is_activity


def _default(edges: Iterable[Doc]) -> Doc | None:
    return next((edge for edge in edges if edge.get("default") and not edge.get("on")), None)


def _direction(ways_in: int, ways_out: int) -> str:
    match ways_in > 1, ways_out > 1:
        case True, True:
            return "Mixed"
        case True, False:
            return "Converging"
        case False, True:
            return "Diverging"
    return "Unspecified"


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _json(value: Doc) -> str:
    words = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return words.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff").replace("\x7f", "\\u007f")
