"""A step of a BPMN drawing as a node of ours: its type, its settings as far as the file says them, its remarks."""

import re
from collections.abc import Mapping
from typing import Any, Final

from dougong.runtime.nodes import NODE_TYPES

from . import expressions, times
from .drawing import Drawing, Step
from .fields import Fields
from .mapping import CATCHES, CONTAINERS, ENDS, MERGES, SPLITS, TASKS, THROWS
from .markup import Element
from .vendors import described, documentation, leftovers, people, told
from .words import everywhere, kept, shortened

Config = dict[str, Any]
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST: Final = 200  # times that a task is repeated
_LISTS: Final = ("collection", "inputCollection")
_VARIABLE: Final = re.compile(r"(?:[$#]\{|=)?\s*([^\W\d]\w*)\s*\}?")
ON: Final[Mapping[str, Config]] = {"day": {}, "week": {"weekday": "1"}, "month": {"month_day": 1}}


class Steps:
    """`roles`: keys by title, of those that there are. `uids` by id of a step."""

    def __init__(self, drawing: Drawing, fields: Fields, roles: Mapping[str, str], uids: Mapping[str, str]) -> None:
        self.drawing, self.fields, self.roles, self.uids = drawing, fields, roles, uids

    def node(self, step: Step) -> dict[str, Any]:
        """Without its uid."""
        if step.own is not None:
            return self._own(step, step.own)
        type, config = self._made(step)
        if not step.inserted:
            self._told(step, config, type)
        title = everywhere(step.name) if step.name else dict(NODE_TYPES[type].title)
        return {"type": type, "title": title, **({"config": config} if config else {})}

    def _own(self, step: Step, own: Mapping[str, Any]) -> dict[str, Any]:
        title = kept(own.get("title"), step.name) or everywhere(step.name)
        said = self.drawing.own_remarks.get(step.id)
        remark = None if said is None else kept(own.get("remark"), said)
        rest = {key: value for key, value in own.items() if key not in ("uid", "remark")}
        return {**rest, "title": title, **({"remark": remark} if remark else {})}

    # ---- types ----

    def _made(self, step: Step) -> tuple[str, Config]:
        ways_in, ways_out = self.drawing.ins(step), self.drawing.outs(step)
        match step.kind:
            case "startEvent":
                return "start", self._start(step)
            case "endEvent":
                return self._end(step)
            case _ if step.is_gateway and len(ways_out) == 1 and len(ways_in) > 1:
                mode = MERGES.get(step.kind, "any")
                if mode == "any":
                    self.drawing.remark("bpmn.note.merge", step, element=step.kind)
                return "join", {"mode": mode}
            case _ if step.is_gateway:
                if step.kind == "complexGateway":
                    self.drawing.remark("bpmn.note.complex", step)
                return SPLITS[step.kind], {}
            case "intermediateThrowEvent" if step.event in THROWS:
                return self._throw(step)
            case "intermediateCatchEvent" | "boundaryEvent" if step.event in CATCHES:
                return self._catch(step)
            case kind if kind in TASKS:
                return self._task(step)
        element = "subProcess" if step.kind in CONTAINERS else step.kind
        self.drawing.remark("bpmn.note.element", step, element=" ".join(filter(None, [step.event, element])))
        return "user_task", self._people(step)

    def _start(self, step: Step) -> Config:
        config: Config = {"who": "members"}
        if step.inserted:
            return config
        if step.event == "timer":
            every = times.cycle(times.said(step.element))
            if every:
                return {**config, "every": every, "at": "09:00", **ON[every]}
            self.drawing.remark("bpmn.note.timer", step, timer=times.said(step.element) or "—")
        elif step.event:
            self.drawing.remark("bpmn.note.started_by", step, event=step.about, name=self._message(step) or "—")
        self._rights(step, config)
        return config

    def _end(self, step: Step) -> tuple[str, Config]:
        type, result = ENDS.get(step.event, ENDS[""])
        if step.event not in ("", "terminate"):
            self.drawing.remark("bpmn.note.ended_by", step, event=step.about, name=self._message(step) or "—")
        return type, {"result": result}

    def _throw(self, step: Step) -> tuple[str, Config]:
        type = THROWS[step.event]
        if step.event != "message":
            self.drawing.remark("bpmn.note.event", step, event=step.about)
        return type, {"name": self._message_name(step)} if type == "send" else {}

    def _catch(self, step: Step) -> tuple[str, Config]:
        match step.event:
            case "timer":
                return "wait", self._until(step)
            case "conditional":
                return "until", self._when(step)
            case "signal":
                self.drawing.remark("bpmn.note.event", step, event=step.about)
        return "receive", {"name": self._message_name(step)}

    def _task(self, step: Step) -> tuple[str, Config]:
        type = TASKS[step.kind]
        match step.kind:
            case "sendTask" if step.element.get("messageRef"):
                return "send", {"name": self._message_name(step)}
            case "receiveTask":
                return "receive", {"name": self._message_name(step)}
            case "serviceTask" if "mail" in [value for key, value in step.element.attributes.items() if key.endswith(" type")]:
                return "notify", {}
            case "callActivity":
                called = self._called(step)
                return "call", {"workflow": called} if called else {}
            case "scriptTask":
                script = step.element.first("script")
                if script and script.text.strip():
                    self.drawing.remark("bpmn.note.script", step, script=shortened(script.text, 500))
        if step.repeated is not None:
            return self._several(step, type)
        if type != "user_task":
            return type, {}
        config = self._people(step)
        if step.deadline:
            config["deadlines"] = [{"uid": "deadline", "when": {"after": step.deadline}, "then": "leave"}]
        return type, config

    def _several(self, step: Step, type: str) -> tuple[str, Config]:
        """For each entry of a list: a field that holds one, or a number of times. Anything else that repeats is told."""
        loop = step.repeated
        assert loop is not None
        self.drawing.remark("bpmn.note.repeated", step, line=loop.line, what=described(loop))
        config = self._people(step) if type == "user_task" else {}
        if type != "user_task" or loop.name != "multiInstanceLoopCharacteristics":
            return type, config
        config["order"] = "sequence" if loop.get("isSequential") == "true" else "parallel"
        cardinality = loop.first("loopCardinality")
        times = cardinality.text.strip() if cardinality else ""
        if times.isascii() and times.isdecimal() and 1 <= int(times[:4]) <= MOST:
            config["times"] = int(times[:4])
        elif (name := _list_of(loop)) and (field := self.fields.named(name)):
            config["over"] = field.key
        return "for_each", config

    # ---- settings ----

    def _people(self, step: Step) -> Config:
        who = None if step.inserted else people(self.drawing, step, self.fields, self.roles)
        config: Config = {"who": who} if who else {}
        self._rights(step, config)
        return config

    def _rights(self, step: Step, config: Config) -> None:
        rights = self.fields.of_forms(self.drawing, step)
        if rights:
            config["rights"] = rights

    def _until(self, step: Step) -> Config:
        said = times.said(step.element)
        found = times.span(said)
        if found:
            return {"until": {"after": found}}
        group = expressions.understood(said)
        names = list(expressions.names_of(group)) if group else []
        if len(names) == 1 and names[0].operator == "is_true" and (field := self.fields.named(names[0].name)):
            field.kinds.add("date")
            return {"until": {"field": field.key}}
        self.drawing.remark("bpmn.note.timer", step, timer=shortened(said, 300) or "—")
        return {}

    def _when(self, step: Step) -> Config:
        event = step.element.first("conditionalEventDefinition")
        condition = event.first("condition") if event else None
        said = condition.text.strip() if condition else ""
        found = self.fields.condition(said)
        if found is None:
            self.drawing.remark(
                "bpmn.note.condition", step, expression=shortened(said, 500) or "—", target=step.name or step.id
            )
            return {}
        return {"when": found}

    def _message(self, step: Step) -> str:
        """The name of the message, signal or error that it refers to."""
        events = [step.element, *(one for one in step.element.children if one.name.endswith("EventDefinition"))]
        refs = [one.get(name) for one in events for name in ("messageRef", "signalRef", "errorRef", "escalationRef")]
        ref = next((ref for ref in refs if ref), "")
        return self.drawing.messages.get(ref.rpartition(":")[2]) or self.drawing.messages.get(ref) or ref

    def _message_name(self, step: Step) -> str:
        """As ours may be called; where theirs was another it is told."""
        said = self._message(step) or step.name or step.id
        name = re.sub(r"[^A-Za-z0-9_.-]+", "_", said)[:40]
        name = name if name.strip("_") else self.uids[step.id]
        if name != said:
            self.drawing.remark("bpmn.note.message", step, name=shortened(said, 200))
        return name

    def _called(self, step: Step) -> str:
        """The workflow that is called, where its name can be one of ours; else it is told."""
        holder = step.element.first("extensionElements")
        said = step.element.get("calledElement") or next(
            (one.get("processId") for one in (holder.children if holder else ()) if one.name == "calledElement"), ""
        )
        key = said.rpartition(":")[2]
        if KEY.fullmatch(key):
            return key
        if said:
            self.drawing.remark("bpmn.note.called", step, name=shortened(said, 200))
        return ""

    def _told(self, step: Step, config: Config, type: str) -> None:
        """Documentation is advice to whoever does it; all else that nothing was made of is told, and so are lanes."""
        if type in ("user_task", "for_each"):
            if words := documentation(step.element):
                config["advice"] = everywhere(words)
            leftovers(self.drawing, step.element, step)
        else:
            told(self.drawing, step)
        if step.lane:
            self.drawing.remark("bpmn.note.lane", step, lane=shortened(step.lane, 200))


def _list_of(loop: Element) -> str:
    """The variable that a repeated task goes over, however the tool says it."""
    said = [value for one in loop.walk() for name, value in one.attributes.items() if name.rpartition(" ")[2] in _LISTS]
    said += [one.text for one in loop.walk() if one.name == "loopDataInputRef"]
    found = _VARIABLE.fullmatch(said[0].strip()) if said else None
    return found[1] if found else ""
