"""A decision table, compiled: typed inputs, rules with one cell for each, and what comes out by the hit policy.

A cell holds comparisons as conditions have them, without the field. Each different cell of a column is compiled once; which
rules a value leaves over is kept by the place where it falls (`partition.py`), as the bits of one number: a decision is one
look-up and one `and` for each column, however many rules there are.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final, NamedTuple

from marshmallow import ValidationError

from .fields._type import Codes
from .form import Field, Form
from .form_view import shown
from .formula import compile_formula
from .functions import FormulaFault
from .kept import kept
from .partition import Place, place_of
from .reason import Reason
from .rules import Condition, compile_condition
from .texts import LANGUAGES, Text, pick
from .values import comparable, missing, number

INPUT_KINDS: Final = ("text", "number", "date", "datetime", "choice", "choices", "boolean", "region")
MANY: Final = ("rule_order", "output_order")  # with `collect` as a list: the policies whose outputs are lists
RANKED: Final = ("priority", "output_order")
ROLE: Final = "role"  # an output type beside those of fields: the key of a role

Doc = Mapping[str, Any]
Giver = Callable[[Doc, datetime], Any]


class TableFault(Exception):
    """Nothing can be decided for these values; the reason is for the person who has to look at it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)


class Decision(NamedTuple):
    """`hits`: the uids of all rules that hit; empty where the default row was taken. `values` by the keys of the outputs."""

    hits: tuple[str, ...]
    values: dict[str, Any]


class Cell(NamedTuple):
    """`rules`: those that have it, as bits."""

    condition: Condition
    atoms: Sequence[Doc]
    rules: int


@dataclass(frozen=True)
class Column:
    """The cells of one input, each different one once; `free`: the rules that have none here, as bits."""

    input: Field
    cells: tuple["Cell", ...]
    free: int
    place: Place | None
    known: dict[Any, int] = field(default_factory=dict)

    def left_by(self, values: Doc) -> int:
        """The rules that this value leaves over. Raises ConditionFault where it is of another kind."""
        place = self._place(values.get(self.input.key))
        if place is not None and place in self.known:
            return self.known[place]
        found = self.free
        for cell in self.cells:
            if cell.condition.holds(values):
                found |= cell.rules
        if place is not None:
            self.known[place] = found
        return found

    def _place(self, value: Any) -> Any:
        if self.place is None:
            return None
        try:
            found = comparable(value, self.input.kind)
        except (ValueError, KeyError, TypeError):
            return None  # a cell that is asked says what is wrong with it
        return ("missing",) if found is None else self.place(found)


@dataclass(frozen=True)
class Table:
    key: str
    title: Mapping[str, str]
    version: int
    inputs: Mapping[str, Field]
    outputs: Mapping[str, Field]
    policy: str
    collect: str
    uids: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Giver], ...]
    default: Mapping[str, Giver] | None
    roles: frozenset[str]  # the outputs that name a role

    @classmethod
    def from_json(cls, doc: Doc, version: int = 0) -> "Table":
        """Never raises for what an admin may have drawn: what is wrong becomes a fault when it is asked."""
        inputs, outputs = columns_form(doc, "inputs"), columns_form(doc, "outputs")
        by_uid = {one.uid: one for one in outputs.fields.values()}
        kinds = inputs.kinds

        def row(then: Doc) -> dict[str, Giver]:
            return {by_uid[uid].key: _giver(by_uid[uid], given, kinds) for uid, given in then.items() if uid in by_uid}

        return cls(
            key=doc["key"],
            title=doc["title"],
            version=version,
            inputs=inputs.fields,
            outputs=outputs.fields,
            policy=doc["policy"],
            collect=doc.get("collect", "list"),
            uids=tuple(rule["uid"] for rule in doc["rules"]),
            columns=tuple(found for one in inputs.fields.values() if (found := _column(one, doc["rules"])).cells),
            rows=tuple(row(rule["then"]) for rule in doc["rules"]),
            default=row(doc["default"]) if "default" in doc else None,
            roles=frozenset(one["key"] for one in doc["outputs"] if one["type"] == ROLE),
        )

    @property
    def lists(self) -> bool:
        """Are the outputs lists of values?"""
        return self.policy in MANY or (self.policy == "collect" and self.collect == "list")

    def hits(self, values: Doc) -> int:
        """The rules that hit, as bits."""
        found = (1 << len(self.uids)) - 1
        for column in self.columns:
            found &= column.left_by(values)
        return found

    def decide(self, values: Doc, now: datetime) -> Decision:
        """Raises TableFault, ConditionFault or FormulaFault: an incident where a ticket asks."""
        for one in self.inputs.values():
            if one.required and missing(values.get(one.key)):
                raise TableFault("table.input_missing", table=self.title, input=one.title)
        found = list(bits(self.hits(values)))
        uids = tuple(self.uids[index] for index in found)
        if not found:
            return Decision(uids, self._without_a_hit(values, now))
        return Decision(uids, self._by_policy(found, values, now))

    def deciding(self, found: Decision) -> tuple[str, ...]:
        """The rules by which it was decided: of those that hit the first, where only that counts."""
        return found.hits[:1] if self.policy == "first" else found.hits

    def _by_policy(self, hits: Sequence[int], values: Doc, now: datetime) -> dict[str, Any]:
        if self.policy == "unique" and len(hits) > 1:
            raise TableFault("table.several_hits", table=self.title, rules=_numbers(hits))
        if self.policy in ("unique", "first"):
            return self._given(self.rows[hits[0]], values, now)
        rows = [self._given(self.rows[index], values, now) for index in hits]
        if self.policy == "any" and any(row != rows[0] for row in rows):
            raise TableFault("table.hits_differ", table=self.title, rules=_numbers(hits))
        if self.policy in RANKED:
            rows.sort(key=self.rank)
        return self._gathered(rows) if self.lists or self.policy == "collect" else rows[0]

    def rank(self, row: Doc) -> tuple[int, ...]:
        """By the order of the options of the outputs, the first output first; what is no option comes last."""
        return tuple(order.get(row.get(key), len(order)) for key, order in self._orders.items())

    @cached_property
    def _orders(self) -> dict[str, dict[Any, int]]:
        ranked = {key: one.config.get("options", ()) for key, one in self.outputs.items() if one.kind == "choice"}
        return {key: {option["key"]: index for index, option in enumerate(options)} for key, options in ranked.items()}

    def _without_a_hit(self, values: Doc, now: datetime) -> dict[str, Any]:
        if self.default is not None:
            row = self._given(self.default, values, now)
            return {key: [] if missing(one) else [one] for key, one in row.items()} if self.lists else row
        if self.policy == "collect" and self.collect == "count":
            return dict.fromkeys(self.outputs, "0")
        raise TableFault("table.no_hit", table=self.title, values=self._told(values))

    def _told(self, values: Doc) -> Text:
        """What was asked and what stood there, for a sentence."""
        asked = [(one.input, values.get(one.input.key)) for one in self.columns]
        told = {
            tag: [f"{pick(field.title, tag)} = {shown(field, value, tag, Codes()) or '—'}" for field, value in asked]
            for tag in LANGUAGES
        }
        return {tag: ", ".join(parts) for tag, parts in told.items()}

    def _given(self, row: Mapping[str, Giver], values: Doc, now: datetime) -> dict[str, Any]:
        return {key: row[key](values, now) if key in row else None for key in self.outputs}

    def _gathered(self, rows: Sequence[Doc]) -> dict[str, Any]:
        found = {key: [row[key] for row in rows if not missing(row[key])] for key in self.outputs}
        if self.lists:
            return dict(found)
        if self.collect == "count":
            return dict.fromkeys(self.outputs, str(len(rows)))
        return {key: self._number(key, values) if values else None for key, values in found.items()}

    def _number(self, key: str, values: Sequence[Any]) -> Any:
        try:
            return kept(self.outputs[key], _MAKES[self.collect](map(number, values)))
        except (ValidationError, ValueError):
            raise TableFault("table.no_number", output=self.outputs[key].title, collect=self.collect) from None


_MAKES: Final[dict[str, Callable[[Any], Any]]] = {"sum": sum, "min": min, "max": max}


def columns_form(doc: Doc, name: str) -> Form:
    """The inputs or outputs of a table as a form: what reads their values. A role is a text here."""
    columns = [{**one, "type": "text"} if one["type"] == ROLE else one for one in doc[name]]
    return Form.from_json({"key": doc["key"], "title": doc["title"], "sections": [{"uid": name, "fields": columns}]})


def cell_tree(key: str, cell: Sequence[Doc]) -> dict[str, Any]:
    """A cell as the condition that it stands for."""
    return {"combinator": "and", "rules": [{**atom, "field": key} for atom in cell]}


def bits(found: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest on."""
    while found:
        lowest = found & -found
        yield lowest.bit_length() - 1
        found ^= lowest


def _column(one: Field, rules: Sequence[Doc]) -> Column:
    """Equal cells are one cell."""
    cells: dict[str, tuple[Sequence[Doc], int]] = {}
    free = 0
    for index, rule in enumerate(rules):
        cell = rule["when"].get(one.uid)
        if cell is None:
            free |= 1 << index
            continue
        name = json.dumps(cell, sort_keys=True)
        cells[name] = (cell, cells.get(name, (cell, 0))[1] | 1 << index)
    compiled = ((compile_condition(cell_tree(one.key, cell), {one.key: one.kind}), cell, held) for cell, held in cells.values())
    place = place_of(one.kind, [atom for cell, _ in cells.values() for atom in cell])
    return Column(one, tuple(Cell(found, cell, held) for found, cell, held in compiled if found is not None), free, place)


def _giver(output: Field, given: Doc, kinds: Mapping[str, str]) -> Giver:
    try:
        if "formula" not in given:
            value = literal(output, given["value"])
            return lambda values, now: value
        formula = compile_formula(given["formula"], kinds)
    except (FormulaFault, TableFault) as fault:
        return _failing(fault.reason)

    def give(values: Doc, now: datetime) -> Any:
        value = formula.value(values, now)
        try:
            return kept(output, value)
        except ValidationError:
            raise TableFault("table.value_does_not_fit", output=output.title, found=str(value)[:40]) from None

    return give


def literal(output: Field, value: Any) -> Any:
    """A value of a cell as the field keeps it; never rounded. Raises TableFault where it does not fit."""
    if missing(value):
        return None
    try:
        return output.type.keep(output.loader.deserialize(value), output.config)
    except ValidationError:
        raise TableFault("table.value_does_not_fit", output=output.title, found=str(value)[:40]) from None


def _failing(reason: Reason) -> Giver:
    def give(values: Doc, now: datetime) -> Any:
        raise TableFault(reason.code, **reason.params)

    return give


def _numbers(rules: Sequence[int]) -> str:
    """As people count them."""
    return ", ".join(str(index + 1) for index in rules[:10])
