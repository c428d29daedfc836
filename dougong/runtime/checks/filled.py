"""What has been filled in by the time a ticket comes to a step: fields that are asked before anybody could fill them in, and
steps whose handler is asked that never come before; and what the items of a list fill in over one another.

A forward analysis over the graph: a field is there at a step if it is on every way to it; after a join that waits for all
branches, if it is on one of them. What is missing comes with a way on which it is.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..definition import Definition, Node
from ..nodes import NODE_TYPES
from ..nodes._fields import written
from ..problem import Problem
from ..reason import Reason
from ..regions import upstream
from ..rules import rules_of
from ..texts import LANGUAGES, Text, pick

BLANKS: Final = ("empty", "not_empty")  # who asks this knows that there may be nothing
MOST_STEPS: Final = 6  # of a way, that are named

Asked = dict[str, tuple[str, ...]]  # field -> the edges that ask it


def problems(definition: Definition) -> Iterator[Problem]:
    yield from never_before(definition)
    yield from overwritten(definition)
    asked = {node.uid: _asked(definition, node) for node in definition.nodes}
    flow = _Flow(definition, sorted({key for fields in asked.values() for key in fields}))
    for node in definition.nodes:
        for key, edges in asked[node.uid].items():
            field = definition.field(key)
            if field is None:
                continue  # told elsewhere
            way = flow.way_without(node.uid, key)
            where: dict[str, Any] = {"edges": edges} if edges else {"nodes": (node.uid,)}
            if way:
                params = {"field": field.title, "way": _worded(definition, way)}
                yield Problem(Reason("check.not_filled_in", params), "warning", **where)
            elif edges and _hidden(definition, key) and not _hidden(definition, key) & asked[node.uid].keys():
                yield Problem(Reason("check.may_be_hidden", {"field": field.title}), "warning", **where)


def never_before(definition: Definition) -> Iterator[Problem]:
    """Steps for whoever handled another one, to which no way leads from that."""
    for node in definition.nodes:
        for who in _people(node):
            step = definition.node.get(str(who.get("node"))) if who.get("by") == "handler" else None
            if step is not None and step.uid not in upstream(definition, node.uid):
                yield Problem(Reason("check.never_before", {"step": step.title}), "warning", nodes=(node.uid,))


def overwritten(definition: Definition) -> Iterator[Problem]:
    """What each item of a list fills in, where nothing gathers it: the last one's alone is left. What is calculated follows."""
    for node in definition.nodes:
        if node.type != "for_each":
            continue
        gathered = {one["field"] for one in node.config.get("collect", ())}
        fields = [definition.field(key) for key in sorted(written(definition, node) - gathered)]
        lost = [field.title for field in fields if field and not field.type.computed]
        if lost:
            yield Problem(Reason("check.overwritten", {"fields": lost}), "warning", nodes=(node.uid,))


def _people(node: Node) -> list[Mapping[str, Any]]:
    return [who for name in ("who", "to", "nobody_to") if isinstance(who := node.config.get(name), Mapping)]


class _Flow:
    """Sets of fields as the bits of one number."""

    def __init__(self, definition: Definition, keys: Sequence[str]) -> None:
        self.definition = definition
        self.bit = {key: 1 << index for index, key in enumerate(keys)}
        self.everything = (1 << len(keys)) - 1
        self.gives = {node.uid: self._gives(node) for node in definition.nodes}
        self.before: dict[str, int] = {}
        self._run()

    def _gives(self, node: Node) -> int:
        kind = NODE_TYPES.get(node.type)
        written = kind.writes(self.definition, node) if kind else ()
        return sum(self.bit[key] for key in written if key in self.bit)

    def after(self, uid: str) -> int:
        """Nothing is known yet of a step that has not been reached: it takes nothing away."""
        return self.before[uid] | self.gives[uid] if uid in self.before else self.everything

    def _run(self) -> None:
        starts = [node.uid for node in self.definition.nodes if node.type == "start"]
        self.before = dict.fromkeys(starts, 0)
        todo = deque(starts)
        while todo:
            for edge in self.definition.out[todo.popleft()]:
                if edge.target not in self.gives:
                    continue
                found = self._arriving(self.definition.node[edge.target])
                if self.before.get(edge.target) != found:
                    self.before[edge.target] = found
                    todo.append(edge.target)

    def _arriving(self, node: Node) -> int:
        into = [self.after(edge.source) for edge in self.definition.into[node.uid] if edge.source in self.gives]
        if waits_for_all(self.definition, node):
            return sum_of(into)
        found = self.everything
        for one in into:
            found &= one
        return found

    def way_without(self, uid: str, key: str) -> list[str]:
        """The shortest way from the start to this step on which nobody could fill the field in; empty where there is none."""
        bit = self.bit[key]
        if uid not in self.before or self.before[uid] & bit:
            return []
        behind: dict[str, str | None] = {uid: None}
        todo = deque([uid])
        while todo:
            here = todo.popleft()
            if self.definition.node[here].type == "start":
                return _followed(behind, here)
            for edge in self.definition.into[here]:
                if edge.source in self.before and edge.source not in behind and not self.after(edge.source) & bit:
                    behind[edge.source] = here
                    todo.append(edge.source)
        return []


def sum_of(sets: Sequence[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


def waits_for_all(definition: Definition, node: Node) -> bool:
    kind = NODE_TYPES.get(node.type)
    return kind is not None and kind.shape(definition, node).join == "all"


def _followed(behind: Mapping[str, str | None], start: str) -> list[str]:
    found, here = [], behind.get(start)
    found.append(start)
    while here is not None:
        found.append(here)
        here = behind[here]
    return found


def _worded(definition: Definition, way: Sequence[str]) -> Text:
    named = list(way) if len(way) <= MOST_STEPS else [*way[:3], "", *way[-2:]]
    titles = [definition.node[uid].title if uid else "…" for uid in named]
    return {tag: " → ".join(pick(title, tag) for title in titles) for tag in LANGUAGES}


def _asked(definition: Definition, node: Node) -> Asked:
    """What a step has to know: what the conditions behind it ask, what its table takes, whom it names."""
    kind = NODE_TYPES.get(node.type)
    found: dict[str, list[str]] = {}
    if kind is not None and kind.conditional:
        for edge in definition.doc["edges"]:
            if edge["source"] == node.uid:
                for key in _in_condition(edge.get("when")):
                    found.setdefault(key, []).append(edge["uid"])
    for key in _in_config(definition, node):
        found.setdefault(key, [])
    return {key: tuple(dict.fromkeys(edges)) for key, edges in found.items()}


def _in_condition(tree: Any) -> Iterator[str]:
    for rule in rules_of(tree):
        if rule["operator"] not in BLANKS:
            yield rule["field"]
            if rule.get("source") == "field":
                yield str(rule.get("value"))


def _in_config(definition: Definition, node: Node) -> Iterator[str]:
    asks = [node.config] if node.type == "decide_by_table" else []
    row = definition.row_of(node)
    columns = row.fields if row is not None else {}  # of each row: they are filled in with it
    asks += _people(node)
    for one in asks:
        table = definition.tables.get(one.get("table", ""))
        inputs = one.get("inputs", {})
        if table is not None:
            yield from (field for name, field in inputs.items() if name in table.inputs and table.inputs[name].required)
        unit = one.get("unit")
        for place in (one, unit if isinstance(unit, Mapping) else {}):
            if isinstance(place.get("field"), str) and place["field"] not in columns:
                yield place["field"]


def _hidden(definition: Definition, key: str) -> set[str]:
    """The fields that decide whether this one is shown."""
    found: set[str] = set()
    for form in definition.forms.values():
        for section in form.sections:
            for field in section.fields:
                if field.key == key:
                    found |= {rule["field"] for tree in (field.visible_when, section.visible_when) for rule in rules_of(tree)}
    return found
