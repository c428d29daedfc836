"""The fields that a file tells of, in its forms and in its conditions. They become the form of the ticket."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from .drawing import Drawing, Step
from .expressions import Comparison, as_tree, names_of, understood
from .markup import Element
from .words import everywhere, flat, shortened

MAX_FIELDS: Final = 300  # as many as a section holds
TYPES: Final = {
    "string": "text", "text": "text", "long": "number", "integer": "number", "int": "number", "double": "number",
    "number": "number", "boolean": "boolean", "date": "date", "datetime": "moment", "enum": "choice",
}  # fmt: skip
_KINDS: Final = {"number": "number", "boolean": "boolean", "date": "date", "person": "person"}
_OPTION = re.compile(r"[A-Za-z0-9_.-]{1,40}")


@dataclass
class Field:
    """`given`: the type that a form says; `kinds`: what conditions take it for; `values`: what they compare it with."""

    key: str
    title: str
    given: str = ""
    kinds: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        if self.given and (self.given != "choice" or self._is_choice):
            return self.given
        for kind, type in _KINDS.items():
            if kind in self.kinds and "text" not in self.kinds:
                return type
        return "choice" if self._is_choice else "text"

    @property
    def _is_choice(self) -> bool:
        return bool(self.values) and all(_OPTION.fullmatch(value) for value in self.values)

    def to_json(self) -> dict[str, Any]:
        found = {"uid": self.key, "key": self.key, "type": self.type, "title": everywhere(self.title)}
        if self.type != "choice":
            return found
        options = [
            {"uid": f"o{n}", "key": key, "title": everywhere(title)} for n, (key, title) in enumerate(self.values.items(), 1)
        ]
        return {**found, "config": {"options": options}}


class Fields:
    """By the name that the file gives them."""

    def __init__(self) -> None:
        self.found: dict[str, Field] = {}

    def __iter__(self) -> Iterator[Field]:
        return iter(self.found.values())

    def named(self, name: str) -> Field | None:
        """None where there are too many."""
        if name not in self.found and len(self.found) < MAX_FIELDS:
            self.found[name] = Field(self._key(name), shortened(name, 100))
        return self.found.get(name)

    def _key(self, name: str) -> str:
        """loanAmount becomes loan_amount; what has no Latin letters is counted."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
        plain = re.sub(r"[^a-z0-9]+", "_", words.lower().encode("ascii", "ignore").decode()).strip("_")[:36]
        stem = plain if plain[:1].isalpha() else f"field_{plain}".rstrip("_")
        taken = {one.key for one in self.found.values()}
        return next(key for n in range(1, MAX_FIELDS + 2) if (key := stem if n == 1 else f"{stem}_{n}") not in taken)

    def asked(self, one: Comparison) -> bool:
        """By a condition. False where there is no more room."""
        names = [one.name] + ([one.other] if one.other else [])
        fields = [self.named(name) for name in names]
        for found in filter(None, fields):
            found.kinds |= {one.kind} - {""}
        if fields[0] is not None and one.kind == "text" and one.operator in ("equals", "not_equals", "one_of", "not_one_of"):
            values = one.value if isinstance(one.value, list) else [one.value]
            fields[0].values.update({value: value for value in values if value not in fields[0].values})
        return all(fields)

    def condition(self, expression: str) -> dict[str, Any] | None:
        """The tree of an expression, its fields noted; None where it is more than simple comparisons."""
        group = understood(expression)
        if group is None or not all([self.asked(one) for one in names_of(group)]):  # noqa: C419 (all are to be noted)
            return None
        return as_tree(group, {name: one.key for name, one in self.found.items()})

    def of_forms(self, drawing: Drawing, step: Step) -> dict[str, str]:
        """Those that a step shows (Camunda, Flowable and Activiti keep them in the file), with what it may do with them."""
        rights = {}
        for one in form_fields(step.element):
            name = one.get("id") or one.get("name")
            found = self.named(name) if name else None
            if found is None:
                drawing.remark("bpmn.note.field", step, line=one.line, name=name or "—")
                continue
            found.title = shortened(flat(one.get("label") or one.get("name")), 100) or found.title
            found.given = TYPES.get(one.get("type").lower(), "text")
            for value in one.all("value"):
                found.values[value.get("id")] = shortened(flat(value.get("name")), 100) or value.get("id")
            rights[found.key] = _right(one)
        return rights


def form_fields(element: Element) -> list[Element]:
    holder = element.first("extensionElements")
    inner = [one for child in (holder.children if holder else ()) for one in (child, *child.children)]
    return [one for one in inner if one.name in ("formField", "formProperty")]


def _right(one: Element) -> str:
    if one.get("writable") == "false" or one.get("readable") == "false":
        return "hidden" if one.get("readable") == "false" else "read"
    rules = [rule.get("name") for rule in one.walk() if rule.name == "constraint"]
    return "required" if one.get("required") == "true" or "required" in rules else "write"
