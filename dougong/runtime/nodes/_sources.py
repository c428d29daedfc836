"""Where a value that goes elsewhere comes from: a formula; of a field alone also what it points at, which no formula gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import ValidationError

from ..definition import Definition, Node
from ..field import REFERENCES, Field
from ..formula import compile_formula
from ..kept import kept, rounded
from ..values import number
from ._mapping import Misfit
from ._type import At

TAKES: Final = {"choice": ("text",), "choices": ("list", "text")}  # field -> what a formula for it gives; any other: its kind


@dataclass(frozen=True)
class Source:
    formula: str
    kinds: Mapping[str, str]
    field: Field | None  # that the formula is, where it is one alone

    @classmethod
    def of(cls, definition: Definition, node: Node, formula: str) -> "Source":
        return cls(formula, definition.kinds_at(node), field_at(definition, node, formula.strip()))

    def fits(self, target: Field) -> bool:
        """What points at something comes from a field of the same kind and record type. Raises FormulaFault."""
        if target.kind in REFERENCES:
            one = self.field
            return one is not None and (one.kind, one.config.get("entity")) == (target.kind, target.config.get("entity"))
        return compile_formula(self.formula, self.kinds).kind in (*TAKES.get(target.kind, (target.kind,)), "any")

    def value(self, at: At) -> Any:
        """Raises FormulaFault."""
        if self.field is not None and self.field.kind != "number":
            return at.case.data.get(self.field.key)
        return compile_formula(self.formula, self.kinds).value(at.case.data, at.world.now)

    def fitted(self, at: At, target: Field) -> Any:
        """As the target keeps it. Raises Misfit."""
        value = self.value(at)
        try:
            return kept(target, value)
        except (ValidationError, TypeError, ValueError):
            raise Misfit(target.key, value) from None

    def amount(self, at: At, target: Field) -> str:
        """What is added to the target. Raises Misfit."""
        value = self.value(at)
        try:
            return rounded(target, number(value))
        except ValueError:
            raise Misfit(target.key, value) from None


def field_at(definition: Definition, node: Node, key: str) -> Field | None:
    """As a step names it: of a row its own go before those of the ticket."""
    row = definition.row_of(node)
    return (row.fields.get(key) if row is not None else None) or definition.field(key)
