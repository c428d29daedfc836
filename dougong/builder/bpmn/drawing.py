"""What is drawn in a file of BPMN, as a graph that can be rewritten; and what is remarked on the way."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dougong.runtime.reason import Reason

from .mapping import CONTAINERS, EVENT_TITLES, SPLITS, TASKS
from .markup import Element

MERGING: Final = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})


@dataclass(frozen=True)
class Remark:
    """What was not taken over as it stood. One about a step becomes its remark; `about`: what it is called in the file."""

    reason: Reason
    step: str = ""
    about: str = ""
    line: int = 0


@dataclass
class Step:
    """`kind`: the element's name; `event`: what an event is about; `own`: our JSON of it, where it still fits."""

    id: str
    kind: str
    name: str
    element: Element
    event: str = ""
    parent: str = ""
    lane: str = ""
    own: dict[str, Any] | None = None
    repeated: Element | None = None
    deadline: dict[str, Any] | None = None  # the time after which the way for its outcome "deadline" is taken
    inserted: bool = False

    @property
    def about(self) -> Mapping[str, str] | str:
        """What an event is about, in words."""
        return EVENT_TITLES.get(self.event, self.event)

    @property
    def is_gateway(self) -> bool:
        return self.kind in SPLITS

    @property
    def is_activity(self) -> bool:
        return self.kind in TASKS or self.kind in CONTAINERS


@dataclass
class Flow:
    """`on`: the outcome of its source that it is for."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    default: bool = False
    on: str = ""
    own: dict[str, Any] | None = None
    line: int = 0


@dataclass
class Note:
    """An annotation that is tied to nothing. `corner`: where the diagram shows it."""

    id: str
    words: str
    corner: tuple[float, float] | None
    own: dict[str, Any] | None


@dataclass
class Drawing:
    """The chosen process. `centres`: where the diagram shows each step."""

    process: Element
    own: dict[str, Any] | None = None
    name: str = ""
    steps: dict[str, Step] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    centres: dict[str, tuple[float, float]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    own_remarks: dict[str, str] = field(default_factory=dict)  # by step, as they stand in the file
    messages: dict[str, str] = field(default_factory=dict)
    initiators: set[str] = field(default_factory=set)  # variables that hold whoever filed it
    remarks: list[Remark] = field(default_factory=list)
    _ins: dict[str, dict[str, Flow]] = field(default_factory=dict)
    _outs: dict[str, dict[str, Flow]] = field(default_factory=dict)

    def remark(self, code: str, step: Step | None = None, *, line: int = 0, **params: Any) -> None:
        at = line or (step.element.line if step else 0)
        about = (step.id, step.name or step.id) if step else ("", "")
        self.remarks.append(Remark(Reason(code, params), *about, at))

    def ins(self, step: Step) -> list[Flow]:
        return list(self._ins.get(step.id, {}).values())

    def outs(self, step: Step) -> list[Flow]:
        """Those that are for no outcome."""
        return [flow for flow in self._outs.get(step.id, {}).values() if not flow.on]

    def add_step(self, step: Step) -> Step:
        self.steps[step.id] = step
        return step

    def add_flow(self, flow: Flow) -> Flow:
        self.flows[flow.id] = flow
        self._outs.setdefault(flow.source, {})[flow.id] = flow
        self._ins.setdefault(flow.target, {})[flow.id] = flow
        return flow

    def lead(self, flow: Flow, target: str) -> None:
        """It ends somewhere else now."""
        del self._ins[flow.target][flow.id]
        flow.target = target
        self._ins.setdefault(target, {})[flow.id] = flow

    def begin(self, flow: Flow, source: str) -> None:
        """It begins somewhere else now."""
        del self._outs[flow.source][flow.id]
        flow.source = source
        self._outs.setdefault(source, {})[flow.id] = flow

    def drop_flow(self, flow: Flow) -> None:
        del self.flows[flow.id], self._outs[flow.source][flow.id], self._ins[flow.target][flow.id]

    def drop_step(self, step: Step) -> None:
        """With all that still leads in and out; of what they said it is told."""
        for flow in [*self._ins.get(step.id, {}).values(), *self._outs.get(step.id, {}).values()]:
            if flow.id in self.flows:
                self.drop_flow(flow)
                if flow.name or flow.condition:
                    expression = flow.condition[:500] or "—"
                    self.remark("bpmn.report.line_joined", line=flow.line, name=flow.name or flow.id, expression=expression)
        del self.steps[step.id]

    def free(self, wish: str) -> str:
        """An id that nothing has yet."""
        names = itertools.chain([wish], (f"{wish}_{n}" for n in itertools.count(2)))
        return next(name for name in names if name not in self.steps and name not in self.flows)

    def insert(self, wish: str, kind: str, beside: Step, shift: tuple[float, float]) -> Step:
        """A step that was not drawn, near one that was."""
        found = Step(self.free(wish), kind, "", beside.element, parent=beside.parent, inserted=True)
        if beside.id in self.centres:
            x, y = self.centres[beside.id]
            self.centres[found.id] = (x + shift[0], y + shift[1])
        return self.add_step(found)

    def connect(self, source: Step, target: Step) -> Flow:
        return self.add_flow(Flow(self.free(f"{source.id}_to_{target.id}"), source.id, target.id, line=source.element.line))
