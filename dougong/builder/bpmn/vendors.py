"""What the tools of others write beside the standard: who does a step, and all that has no equal here, which is told of."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from .drawing import Drawing, Step
from .fields import Fields
from .mapping import FLOW_NODES, OURS
from .markup import Element
from .words import flat, shortened

VENDORS: Final = ("zeebe", "camunda", "flowable", "activiti", "signavio", "jboss", "drools", "trisotech", "bonita")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_VARIABLE = re.compile(r"[$#]\{\s*([^\W\d]\w*)\s*\}|=\s*([^\W\d]\w*)\s*")
_INITIATORS: Final = frozenset({
    "initiator", "$initiator", "starter", "startuser", "startuserid", "applyuser", "applyuserid", "applicant", "requester",
})  # fmt: skip
_ACTIVITI = re.compile(r"(user|group)\(([^)]*)\)")

# What is read somewhere else, or says nothing more than the drawing does.
_READ: Final = frozenset({
    "id", "name", "default", "gatewayDirection", "attachedToRef", "cancelActivity", "isForCompensation", "messageRef",
    "signalRef", "isExecutable", "initiator", "formFieldValidation", "sourceRef", "targetRef",
    "calledElement", "scriptFormat", "triggeredByEvent", "assignee", "candidateGroups", "candidateUsers", "processRef",
    "eventGatewayType", "isMarkerVisible", "startQuantity", "completionQuantity", "isInterrupting",
})  # fmt: skip
_PLAIN: Final = {
    "parallelMultiple": "false", "instantiate": "false", "implementation": "##WebService", "triggeredByEvent": "false",
    "ordering": "Parallel", "cancelRemainingInstances": "true",
    "processType": "None", "isClosed": "false", "isImmediate": "true", "method": "##Compensate",
}  # fmt: skip
_INNER: Final = frozenset({
    "documentation", "extensionElements", "incoming", "outgoing", "multiInstanceLoopCharacteristics", "potentialOwner",
    "standardLoopCharacteristics", "humanPerformer", "performer", "script", "timerEventDefinition", "messageEventDefinition",
    "signalEventDefinition", "conditionalEventDefinition", "terminateEventDefinition", "linkEventDefinition",
    "ioSpecification", "dataInputAssociation", "dataOutputAssociation", "property", "inputSet", "outputSet", "dataInput",
    "dataOutput", "conditionExpression",
})  # fmt: skip
INSIDE: Final = FLOW_NODES | {  # what stands in a sub-process is read for itself
    "sequenceFlow", "laneSet", "association", "textAnnotation", "dataObject", "dataObjectReference", "dataStoreReference",
    "group",
}  # fmt: skip
_LOOKS: Final = re.compile(r"(?i).*(color|colour|font|bgc|border|picture|icon|width|height|orderindex).*")
_UNDERSTOOD: Final = frozenset({
    "formData", "formField", "formProperty", "assignmentDefinition", "userTask", "properties", "modelerTemplate",
})  # fmt: skip


# ---- who ----


def people(drawing: Drawing, step: Step, fields: Fields, roles: Mapping[str, str]) -> dict[str, Any] | None:
    """Who does it, as far as it can be said without naming a person. `roles`: keys by title, of those that are there."""
    found = None
    for kind, name in _named(step.element):
        who = {"by": "initiator"} if _is_initiator(name, drawing.initiators) else _who(kind, name, fields, roles)
        if who is None or found is not None:
            drawing.remark(f"bpmn.note.{kind}", step, name=shortened(name, 200))
        found = found or who
    if found is None and step.lane in roles:
        found = {"by": "role", "role": roles[step.lane]}
    return found


def _named(element: Element) -> Iterator[tuple[str, str]]:
    """(person or group, name) of all that are named, whatever the tool."""
    holder = element.first("extensionElements")
    definitions = [one for one in (holder.children if holder else ()) if one.name == "assignmentDefinition"]
    sources = [element.attributes, *(one.attributes for one in definitions)]
    said = {key.rpartition(" ")[2]: value for one in sources for key, value in one.items() if value.strip()}
    for attribute, kind in (("assignee", "person"), ("candidateGroups", "group"), ("candidateUsers", "person")):
        yield from ((kind, one) for one in _several(said.get(attribute, "")))
    for owner in element.all("potentialOwner", "humanPerformer", "performer"):
        words = flat("".join(one.text for one in owner.walk()))
        told = [(("group" if one == "group" else "person"), name) for one, name in _ACTIVITI.findall(words)]
        yield from told or ([("group" if owner.name == "potentialOwner" else "person", words)] if words else [])
        if not words and (owner.get("name") or owner.first("resourceRef")):
            yield "group", flat(owner.get("name")) or flat(owner.all("resourceRef")[0].text)


def _several(words: str) -> list[str]:
    """One, or some with commas between them; of a list in FEEL what is in quotes."""
    if words.lstrip().startswith("=") and '"' in words:
        return re.findall(r'"([^"]+)"', words)
    if "{" in words:
        return [words.strip()]
    return [one.strip() for one in words.split(",") if one.strip()]


def _is_initiator(name: str, initiators: Container[str]) -> bool:
    """Whoever filed it: by the variable that the start event names, or as it is usually called."""
    variable = _VARIABLE.fullmatch(name.strip())
    word = (variable[1] or variable[2]) if variable else name
    return (variable is not None and word in initiators) or word.replace("_", "").lower() in _INITIATORS


def _who(kind: str, name: str, fields: Fields, roles: Mapping[str, str]) -> dict[str, Any] | None:
    if variable := _VARIABLE.fullmatch(name.strip()):
        field = fields.named(variable[1] or variable[2]) if kind == "person" else None
        if field is None:
            return None
        field.kinds.add("person")
        return {"by": "person_field", "field": field.key}
    if kind == "person":
        return None
    key = roles.get(name) or (name if name in roles.values() or _KEY.fullmatch(name) else None)
    return {"by": "role", "role": key} if key else None


# ---- what has no equal ----


def told(drawing: Drawing, step: Step) -> None:
    """All of a step that nothing was made of: its documentation, and what is beside the standard or rare in it."""
    if words := documentation(step.element):
        drawing.remark("bpmn.note.documentation", step, text=shortened(words, 1000))
    for kind, name in _named(step.element):
        drawing.remark(f"bpmn.note.{kind}", step, name=shortened(name, 200))
    leftovers(drawing, step.element, step)


def documentation(element: Element) -> str:
    return "\n".join(one.text.strip() for one in element.all("documentation") if one.text.strip())


def leftovers(drawing: Drawing, element: Element, step: Step | None = None) -> None:
    """Every attribute and element that is not read anywhere."""
    for words, line in _left(element):
        drawing.remark("bpmn.note.kept", step, line=line, what=words)


def beside(drawing: Drawing, element: Element) -> None:
    """Of the process or a line: what tools write beside the standard."""
    plain = replace(element, children=element.all("extensionElements"))
    leftovers(drawing, plain)


def _left(element: Element) -> Iterator[tuple[str, int]]:
    for name, value in element.attributes.items():
        space, _, local = name.rpartition(" ")
        if (
            local not in _READ
            and value.strip()
            and _PLAIN.get(local) != value
            and not _LOOKS.fullmatch(local)
            and space != OURS
        ):
            yield f"{_vendor(space)}{local} = {shortened(value, 300)}", element.line
    for child in element.children:
        if child.name == "extensionElements":
            for one in child.children:
                is_read = one.name in _UNDERSTOOD and not (one.name == "properties" and one.children)
                if not is_read and one.space != OURS and (words := _extension(one)):
                    yield words, one.line
        elif child.name not in _INNER | INSIDE and not child.name.endswith("EventDefinition"):
            yield described(child), child.line


def _extension(one: Element) -> str:
    """In words; nothing where it is about looks only (Signavio's meta data) or empty."""
    if one.name == "signavioMetaData" and (_LOOKS.fullmatch(one.get("metaKey")) or not one.get("metaValue").strip()):
        return ""
    if one.name == "signavioLabel" or not (one.attributes or one.children or one.text.strip()):
        return ""
    return _vendor(one.space) + described(one)


def described(element: Element) -> str:
    """Its name and what stands in it, the beginning at least."""
    parts = []
    for one in element.walk():
        said = ", ".join(f"{name.rpartition(' ')[2]}={value}" for name, value in one.attributes.items())
        parts.append(" ".join(filter(None, [one.name, said, flat(one.text)])))
        if sum(map(len, parts)) > 300:
            break
    return shortened("; ".join(parts), 300)


def _vendor(space: str) -> str:
    """A short name for whose it is: the last one that fits, for zeebe lives at camunda's."""
    if not space:
        return ""
    return next((f"{name}:" for name in VENDORS if name in space.lower()), f"{space.rstrip('/').rpartition('/')[2]}:")
