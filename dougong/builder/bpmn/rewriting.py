"""What BPMN says in its own ways, drawn in ours: sub-processes in their parent, events on the edge of a task, links, gateways
that only merge, activities with several ways out, beginnings and ends that are left to the reader. What is ours stays."""

from collections.abc import Callable
from typing import Final

from dougong.runtime.reason import Refused

from .collecting import ON_EDGE, check_size
from .drawing import MERGING, Drawing, Step
from .mapping import CATCHES, CONTAINERS
from .times import span_of
from .vendors import told

WAITS: Final = frozenset({"userTask", "manualTask", "task", "receiveTask"})  # race with an event on their edge


def rewritten(drawing: Drawing) -> None:
    """In place; what changes is remarked. Raises Refused where nothing is left, or too much has become of it."""
    for rewrite in (_edges_of_activities, _containers, _links, _ends, _merges, _mixed, _splits, _starts):
        rewrite(drawing)
    check_size(drawing, drawing.process.line)


def _foreign(drawing: Drawing, wanted: Callable[[Step], bool]) -> list[Step]:
    return [step for step in drawing.steps.values() if step.own is None and wanted(step)]


# ---- events on the edge of an activity ----


def _edges_of_activities(drawing: Drawing) -> None:
    for step in [one for one in drawing.steps.values() if one.kind == "boundaryEvent"]:
        host = drawing.steps.get(step.element.get("attachedToRef"))
        ours = ON_EDGE.fullmatch(step.id) if host is not None and host.own is not None else None
        outcome = ours[1] if ours else _outcome(drawing, step, host)
        if host is not None and outcome:
            _as_outcome(drawing, step, host, outcome, "" if ours else step.name)
        elif host is not None and _races(step, host):
            _as_race(drawing, step, host)
        else:
            name = (host.name or host.id) if host else "—"
            drawing.remark("bpmn.note.on_edge", step, event=step.about, host=name)
            if host is not None:
                drawing.remark("bpmn.note.has_edge", host, event=step.about, name=step.name or step.id)


def _outcome(drawing: Drawing, step: Step, host: Step | None) -> str:
    """The outcome of our step that means the same, if there is one that nothing leads from yet."""
    if host is None or host.own is not None or host.repeated is not None:
        return ""
    interrupts = step.element.get("cancelActivity", "true") == "true"
    match host.kind, step.event:
        case ("userTask" | "manualTask" | "task", "timer") if interrupts and span_of(step.element):
            found = "deadline"
        case ("serviceTask", "error"):
            found = "failed"
        case ("callActivity", "error" | "escalation") if interrupts:
            found = "rejected"
        case ("callActivity", "cancel"):
            found = "cancelled"
        case _:
            return ""
    return "" if any(flow.on == found and flow.source == host.id for flow in drawing.flows.values()) else found


def _as_outcome(drawing: Drawing, step: Step, host: Step, outcome: str, name: str) -> None:
    if host.own is None and outcome == "deadline":
        host.deadline = span_of(step.element)
    for flow in drawing.outs(step):
        flow.on, flow.name = outcome, flow.name or name
        drawing.begin(flow, host.id)
    told(drawing, step)
    drawing.drop_step(step)


def _races(step: Step, host: Step) -> bool:
    interrupts = step.element.get("cancelActivity", "true") == "true"
    return interrupts and step.event in CATCHES and host.kind in WAITS and host.own is None and host.repeated is None


def _as_race(drawing: Drawing, step: Step, host: Step) -> None:
    """An event that interrupts a task: whichever of the two comes first."""
    before = [flow for flow in drawing.ins(host) if drawing.steps[flow.source].id == f"{host.id}_first"]
    if before:
        race = drawing.steps[before[0].source]
    else:
        race = drawing.insert(f"{host.id}_first", "eventBasedGateway", host, (-130, 0))
        for flow in drawing.ins(host):
            drawing.lead(flow, race.id)
        drawing.connect(race, host)
        drawing.remark("bpmn.note.race", race, name=host.name or host.id)
    step.kind = "intermediateCatchEvent"
    drawing.connect(race, step)


# ---- sub-processes ----


def _containers(drawing: Drawing) -> None:
    """From the outermost inwards: what led to it leads to its beginning, what led to its ends leads on from it."""
    within: dict[str, list[Step]] = {}
    for step in drawing.steps.values():
        within.setdefault(step.parent, []).append(step)
    for box in _foreign(drawing, lambda one: one.kind in CONTAINERS):
        inner = [step for step in within.get(box.id, []) if step.id in drawing.steps]
        if not inner:
            box.kind = "callActivity"
            drawing.remark("bpmn.note.collapsed", box)
        elif box.element.get("triggeredByEvent") == "true":
            _event_container(drawing, box, inner)
        else:
            _opened(drawing, box, inner)


def _event_container(drawing: Drawing, box: Step, inner: list[Step]) -> None:
    for step in inner:
        if step.kind == "startEvent":
            step.kind = "intermediateCatchEvent"
            drawing.remark("bpmn.note.event_container", step, name=box.name or box.id)
    drawing.drop_step(box)


def _opened(drawing: Drawing, box: Step, inner: list[Step]) -> None:
    told(drawing, box)
    drawing.remark("bpmn.report.opened", line=box.element.line, name=box.name or box.id, steps=len(inner))
    if box.repeated is not None:
        _repeat(drawing, box, inner)
    entry, leaving = _entry(drawing, box, inner), _exit(drawing, box)
    if leaving == box.id:  # it leads to itself
        leaving = entry.id
    for flow in drawing.ins(box):
        drawing.lead(flow, entry.id)
    for step in inner:
        if leaving in (None, step.id) or step.id not in drawing.steps:
            continue
        if step.kind == "endEvent" and step.event in ("", "terminate"):
            for flow in drawing.ins(step):
                drawing.lead(flow, leaving)
            _gone(drawing, step)
        elif step.kind not in ("endEvent", "boundaryEvent") and not drawing.outs(step) and step.event != "link":
            drawing.connect(step, drawing.steps[leaving])
    drawing.drop_step(box)


def _repeat(drawing: Drawing, box: Step, inner: list[Step]) -> None:
    """One task within, repeated: the task is repeated. Else it is told."""
    tasks = [step for step in inner if step.is_activity]
    if len(tasks) == 1 and not any(step.is_gateway for step in inner):
        tasks[0].repeated = box.repeated
    else:
        drawing.remark("bpmn.note.repeated_part", tasks[0] if tasks else inner[0], name=box.name or box.id)


def _entry(drawing: Drawing, box: Step, inner: list[Step]) -> Step:
    """Where a sub-process begins: behind its start, or at all that nothing leads to."""
    starts = [step for step in inner if step.kind == "startEvent"]
    for other in starts[1:]:
        drawing.remark("bpmn.note.second_start", other)
    if starts:
        ways = drawing.outs(starts[0])
        if len(ways) == 1 and ways[0].target != starts[0].id:
            target = drawing.steps[ways[0].target]
            _gone(drawing, starts[0])
            return target
        starts[0].kind = "parallelGateway"
        return starts[0]
    first = [step for step in inner if not drawing.ins(step) and step.kind != "boundaryEvent"] or inner[:1]
    if len(first) == 1:
        return first[0]
    fork = drawing.insert(f"{box.id}_in", "parallelGateway", box, (-300, 0))
    for step in first:
        drawing.connect(fork, step)
    return fork


def _exit(drawing: Drawing, box: Step) -> str | None:
    """Where the ends of a sub-process lead; None: nowhere, they end the ticket's way."""
    ways = drawing.outs(box)
    if not ways:
        return None
    if len(ways) == 1:
        return ways[0].target
    split = drawing.insert(f"{box.id}_out", _splitting(drawing, box), box, (300, 0))
    for flow in ways:
        drawing.begin(flow, split.id)
    return split.id


# ---- links, gateways ----


def _links(drawing: Drawing) -> None:
    caught: dict[tuple[str, str], Step] = {}
    for step in drawing.steps.values():
        if step.event == "link" and step.kind == "intermediateCatchEvent":
            caught.setdefault((step.parent, _link_name(step)), step)
    for step in _foreign(drawing, lambda one: one.event == "link" and one.kind == "intermediateThrowEvent"):
        target = caught.get((step.parent, _link_name(step)))
        if target is not None:
            for flow in drawing.ins(step):
                drawing.lead(flow, target.id)
            _gone(drawing, step)
    for step in caught.values():
        if len(drawing.outs(step)) == 1:
            _pass_over(drawing, step)


def _link_name(step: Step) -> str:
    event = step.element.first("linkEventDefinition")
    return (event.get("name") if event else "") or step.name


def _merges(drawing: Drawing) -> None:
    """A gateway with one way out does nothing here, where nothing waits at it; before a join it counts as one way in."""
    for step in _foreign(drawing, lambda one: one.is_gateway):
        ways_in, ways_out = drawing.ins(step), drawing.outs(step)
        if len(ways_out) != 1 or ways_out[0].target == step.id:
            continue
        waits = step.kind in MERGING and len(ways_in) > 1
        if not waits and (len(ways_in) < 2 or not _joins(drawing, drawing.steps[ways_out[0].target])):
            _pass_over(drawing, step)


def _joins(drawing: Drawing, step: Step) -> bool:
    if step.own is not None:
        return bool(step.own["type"] == "join")
    return step.kind in MERGING and len(drawing.ins(step)) > 1


def _pass_over(drawing: Drawing, step: Step) -> None:
    """What leads to it leads to where it leads."""
    way = drawing.outs(step)[0]
    for flow in drawing.ins(step):
        drawing.lead(flow, way.target)
        flow.name = flow.name or way.name
    _gone(drawing, step)


def _gone(drawing: Drawing, step: Step) -> None:
    told(drawing, step)
    drawing.remark("bpmn.report.passed_over", line=step.element.line, name=step.name or step.id)
    drawing.drop_step(step)


def _mixed(drawing: Drawing) -> None:
    """A gateway that joins and splits at once becomes two."""
    for step in _foreign(drawing, lambda one: one.kind in MERGING):
        if len(drawing.ins(step)) > 1 and len(drawing.outs(step)) > 1:
            _split_behind(drawing, step, step.kind)


def _splits(drawing: Drawing) -> None:
    """Several ways out of an activity or an event are taken together: those without a condition, or whose condition holds."""
    for step in _foreign(drawing, lambda one: not one.is_gateway):
        if len(drawing.outs(step)) > 1:
            _split_behind(drawing, step, _splitting(drawing, step))


def _splitting(drawing: Drawing, step: Step) -> str:
    return "inclusiveGateway" if any(flow.condition for flow in drawing.outs(step)) else "parallelGateway"


def _split_behind(drawing: Drawing, step: Step, kind: str) -> None:
    split = drawing.insert(f"{step.id}_split", kind, step, (130, 0))
    for flow in drawing.outs(step):
        drawing.begin(flow, split.id)
    drawing.connect(step, split)
    drawing.remark("bpmn.report.split", line=step.element.line, name=step.name or step.id)


# ---- beginnings and ends ----


def _ends(drawing: Drawing) -> None:
    """What leads nowhere ends there. What is only started by what has no equal here is left for somebody to look at."""
    for step in _foreign(drawing, lambda one: one.kind != "endEvent"):
        if drawing.outs(step) or (step.kind == "boundaryEvent" and not drawing.ins(step)):
            continue
        if step.element.get("isForCompensation") == "true":
            drawing.remark("bpmn.note.compensation", step)
            continue
        end = drawing.insert(f"{step.id}_end", "endEvent", step, (150, 0))
        drawing.connect(step, end)
        drawing.remark("bpmn.report.ended", line=step.element.line, name=step.name or step.id)


def _starts(drawing: Drawing) -> None:
    if drawing.own is not None:
        return
    if not drawing.steps:
        raise Refused("bpmn.no_steps", line=drawing.process.line)
    starts = [step for step in drawing.steps.values() if step.kind == "startEvent"]
    if starts:
        chosen = next((step for step in starts if not step.event), starts[0])
        for step in starts:
            if step is not chosen:
                drawing.remark("bpmn.note.second_start", step)
        return
    open_ends = [step for step in drawing.steps.values() if not drawing.ins(step)] or list(drawing.steps.values())[:1]
    first = [one for one in open_ends if one.kind != "boundaryEvent" and one.element.get("isForCompensation") != "true"]
    start = drawing.insert("start", "startEvent", (first or open_ends)[0], (-150, 0))
    drawing.remark("bpmn.report.started")
    for step in first or open_ends:
        drawing.connect(start, step)
    if len(drawing.outs(start)) > 1:
        _split_behind(drawing, start, "parallelGateway")
