"""A form or a record type, compiled: what a person may see and fill, and how what was filled is taken in.

Rights of a step on a field: hidden < read < write < required. Conditions of visibility are decided here, on what the
data would be after the submit; a field that is not visible is neither required nor taken.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from . import rows, submit_checks
from .calculated import calculated, compiled
from .field import Field, Section
from .fields import FIELD_TYPES
from .fields._type import Getlist
from .formula import Formula
from .functions import FormulaFault
from .loaded import Loaded
from .operators import OPERATORS
from .reason import Reason
from .rules import ME, Condition, ConditionFault, compile_condition, rules_of
from .submit_checks import SubmitCheck
from .texts import Text
from .values import missing

__all__ = ["EVERYTHING", "RIGHTS", "Data", "Field", "Form", "Loaded", "Rights", "Section"]

RIGHTS: Final = ("hidden", "read", "write", "required")
EVERYTHING: Final[Mapping[str, str]] = {"*": "write"}

Data = Mapping[str, Any]
Rights = Mapping[str, str]  # field key -> right; "*" for all others


@dataclass(frozen=True)
class Form:
    key: str
    title: Text
    sections: tuple[Section, ...]
    checks: tuple[Mapping[str, Any], ...] = ()
    paper: Mapping[str, Any] = field(default_factory=dict)  # how it is printed (`print_layout.py`)
    outer: Mapping[str, str] = field(default_factory=dict)  # of columns: the kinds of the fields around their table

    @classmethod
    def from_json(cls, doc: Mapping[str, Any], outer: Mapping[str, str] = MappingProxyType({})) -> "Form":
        """Of a form or an entity: both have sections of fields. A field of an unknown type, or whose settings
        cannot be read, is left out (the checks say so)."""
        around = _kinds_around(doc["sections"])
        sections = tuple(_section(part, around) for part in doc["sections"])
        return cls(doc["key"], doc["title"], sections, tuple(doc.get("checks", ())), doc.get("print", {}), outer)

    @cached_property
    def fields(self) -> dict[str, Field]:
        return {found.key: found for section in self.sections for found in section.fields}

    def every_field(self) -> Iterator[Field]:
        """Those of the columns of its tables too."""
        for found in self.fields.values():
            yield found
            yield from found.columns.every_field() if found.columns is not None else ()

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The value kind of every field that holds a value: what conditions and formulas may name. A column of a table is of
        the kind of its cells, in brackets."""
        kinds = {key: found.compared for key, found in self.fields.items() if found.kind != "none"}
        for key, found in self.fields.items():
            if found.columns is not None:
                kinds |= {rows.place(key, column): f"[{kind}]" for column, kind in found.columns.kinds.items()}
        return kinds

    @cached_property
    def named(self) -> dict[str, str]:
        """What its formulas may name: those of columns also what stands around their table, their own going first."""
        return {**self.outer, **self.kinds}

    @property
    def asked(self) -> dict[str, str]:
        """What its conditions may name: they may ask who fills it, too."""
        return {**self.kinds, ME: "person"}

    @cached_property
    def asks_me(self) -> bool:
        trees = [part.visible_when for part in self.sections] + [part.visible_when for part in self.fields.values()]
        asked = {rule["operator"] for tree in trees for rule in rules_of(tree)}
        return any(operator.me for name, operator in OPERATORS.items() if name in asked)

    @cached_property
    def _conditions(self) -> dict[str, Condition | None]:
        """By the uid of a field or section: when it is visible."""
        parts = [(part.uid, part.visible_when) for part in self.sections]
        parts += [(part.uid, part.visible_when) for section in self.sections for part in section.fields]
        return {uid: compile_condition(tree, self.asked) for uid, tree in parts}

    @cached_property
    def _hides(self) -> bool:
        return any(self._conditions.values())

    @cached_property
    def _formulas(self) -> dict[str, Formula | FormulaFault]:
        return {key: compiled(found, self.named) for key, found in self.fields.items() if found.calculated}

    @cached_property
    def _following(self) -> dict[str, "Formula | FormulaFault | Form"]:
        """What is calculated, in the order it stands: fields, and tables whose rows follow what is around them."""
        tables = {key: one.columns for key, one in self.fields.items() if one.columns is not None and one.columns.follows}
        return {key: self._formulas.get(key) or tables[key] for key in self.fields if key in self._formulas or key in tables}

    @cached_property
    def follows(self) -> bool:
        """Of columns: is a row more than what was typed into it? It names a field around it, or a record brings something."""
        looks_out = any(self.names_around(key) for key in self._formulas)
        return looks_out or (bool(self._formulas) and any(one.config.get("fill") for one in self.fields.values()))

    def names_around(self, key: str) -> frozenset[str]:
        """Of a column: the fields around its table that its formula names."""
        formula = self._formulas.get(key)
        return formula.fields - self.fields.keys() if isinstance(formula, Formula) else frozenset()

    def comes_late(self, key: str, names: Iterable[str]) -> bool:
        """Is one of these calculated no sooner than this field?"""
        order = list(self._following)
        late = order[order.index(key) :] if key in order else ()
        return any(name in late for name in names)

    @cached_property
    def _checks(self) -> tuple[SubmitCheck, ...]:
        return tuple(submit_checks.compiled(self.checks, self.kinds))

    def checks_at(self, rights: Rights) -> dict[str, list[SubmitCheck]]:
        """What is checked on submit, by the field where it is told."""
        found: dict[str, list[SubmitCheck]] = {}
        for check in self._checks:
            if key := check.told_at(self._writable(rights)):
                found.setdefault(key, []).append(check)
        return found

    def _writable(self, rights: Rights) -> list[str]:
        return [key for key in self.fields if self.right(key, rights) in ("write", "required")]

    def right(self, key: str, rights: Rights) -> str:
        found = rights.get(key, rights.get("*", "read"))
        type = self.fields[key].type
        if type.unseen:
            return "hidden"
        return "read" if type.computed and found in ("write", "required") else found

    def gather(self, getlist: Getlist) -> dict[str, Any]:
        """A browser's form data, field by field, ready for `load`."""
        return {key: found.gather(getlist) for key, found in self.fields.items() if not found.type.computed}

    def load(self, raw: Data, data: Data, rights: Rights, zone: tzinfo, now: datetime) -> Loaded:
        """What was filled in, taken and judged. Where a chosen record brings values along, that comes between the two."""
        return self.judged(self.taken(raw, data, rights, zone, now), raw, data, rights, now)

    def taken(self, raw: Data, data: Data, rights: Rights, zone: tzinfo, now: datetime) -> Loaded:
        """Take in what was filled. What the step may not write is left as it stands in `data`, whatever `raw` says.

        `zone` is where the person is: a date and time without an offset is meant there. `now` is for formulas.
        """
        values: dict[str, Any] = {}
        errors: dict[str, Reason] = {}
        for key in self._writable(rights):
            if key in raw:
                self._load_one(self.fields[key], raw[key], zone, now, values, errors)
        visible = self._visible_after(data, values, now)
        while hidden := [key for key in values if key not in visible]:
            for key in hidden:
                del values[key]
            visible = self._visible_after(data, values, now)
        return Loaded(values, {key: reason for key, reason in errors.items() if rows.field_of(key) in visible})

    def judged(self, taken: Loaded, raw: Data, data: Data, rights: Rights, now: datetime) -> Loaded:
        """With what must be there and is not, what is calculated, and the checks on submit."""
        values, errors, writable = dict(taken.values), dict(taken.errors), self._writable(rights)
        for key in writable:
            columns = self.fields[key].columns
            if columns is not None and key in raw and values.get(key):
                values[key], wrong = rows.judged(key, columns, raw[key], values[key], now)
                errors = {**wrong, **errors}
        visible, merged = self._visible_after(data, values, now), {**data, **values}
        unsure = {rows.field_of(key) for key in errors}
        for key in writable:
            needed = self.fields[key].required or self.right(key, rights) == "required"
            if key in visible and needed and key not in unsure and missing(merged.get(key)):
                errors[key] = Reason("field.required")
        unseen = {key: part.default for key, part in self.fields.items() if part.type.unseen and not missing(part.default)}
        values.update({key: given for key, given in unseen.items() if missing(merged.get(key))})
        values.update(self.computed({**merged, **values}, now))
        asked = [key for key in writable if key in visible]
        errors |= submit_checks.refused(self._checks, {**merged, **values}, asked, errors, now)
        return Loaded(values, errors)

    def visible(self, data: Data, now: datetime) -> set[str]:
        """The keys of the fields whose conditions, and whose section's, hold. A condition that is wrong hides nothing."""
        if not self._hides:
            return set(self.fields)
        found: set[str] = set()
        for section in self.sections:
            if self._shows(section.uid, data, now):
                found.update(part.key for part in section.fields if self._shows(part.uid, data, now))
        return found

    def _visible_after(self, data: Data, values: Data, now: datetime) -> set[str]:
        """What is visible once these values are in: the computed fields follow them."""
        if not self._hides:
            return set(self.fields)
        merged = {**data, **values}
        return self.visible({**merged, **self.computed(merged, now)}, now)

    def defaults(self, now: datetime) -> dict[str, Any]:
        """What stands in an empty form, taken in as if it had been typed. `today` in a date is the day it is opened."""
        found: dict[str, Any] = {}
        for part in (one for one in self.fields.values() if not missing(one.default)):
            dated = part.default == "today" and part.kind == "date"
            self._load_one(part, now.date().isoformat() if dated else part.default, now.tzinfo or UTC, now, found, {})
        return {key: value for key, value in found.items() if not missing(value)}

    def references(self, values: Iterable[str]) -> list[Field]:
        """Those of the named fields whose value points at something that only the host knows."""
        return [self.fields[key] for key in values if key in self._referring]

    @cached_property
    def _referring(self) -> frozenset[str]:
        return frozenset(key for key, found in self.fields.items() if found.refers)

    def _shows(self, uid: str, data: Data, now: datetime) -> bool:
        condition = self._conditions[uid]
        try:
            return condition is None or condition.holds(data, now)
        except ConditionFault:
            return True

    def _load_one(
        self, part: Field, raw: Any, zone: tzinfo, now: datetime, values: dict[str, Any], errors: dict[str, Reason]
    ) -> None:
        if part.columns is not None and raw is not None:
            taken, wrong = rows.loaded(part, part.columns, raw, zone, now)
        else:
            taken, wrong = part.load(raw, zone)
        errors.update(wrong)
        if not wrong:
            values[part.key] = taken
        elif part.columns is not None:
            errors.update(rows.judged(part.key, part.columns, raw, taken, now)[1] | wrong)

    def computed(self, data: Data, now: datetime) -> dict[str, Any]:
        """Computed fields, and rows that follow what is around them, in the order they stand; one may use those before it.
        None where there is no value."""
        found: dict[str, Any] = {}
        for key, follower in self._following.items():
            if not isinstance(follower, Form):
                found[key] = calculated(self.fields[key], follower, {**data, **found}, now)
            elif not missing(data.get(key)):
                found[key] = rows.followed(follower, data[key], {**data, **found}, now)
        return found

    def followed(self, written: Data, data: Data, now: datetime) -> dict[str, Any]:
        """What is calculated anew once something has been written; nothing where that says it all itself."""
        return {} if not written or self._following.keys() <= written.keys() else self.computed(data, now)


def _kinds_around(sections: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What the formulas of a row may name of the form around its table: what has one value."""
    fields = (
        (one["key"], FIELD_TYPES[one["type"]].kind) for part in sections for one in part["fields"] if one["type"] in FIELD_TYPES
    )
    return {key: kind for key, kind in fields if kind not in ("none", "rows", "files")}


def _section(part: Mapping[str, Any], around: Mapping[str, str]) -> Section:
    known = [_field(one, part["uid"], around) for one in part["fields"] if one["type"] in FIELD_TYPES]
    fields = tuple(field for field in known if field is not None)
    return Section(part["uid"], part.get("title"), part.get("help"), part.get("visible_when"), fields)


def _field(part: Mapping[str, Any], section: str, around: Mapping[str, str]) -> Field | None:
    """None where its settings are so wrong that nothing can be loaded: a draft may be, a published form is not."""
    kind = FIELD_TYPES[part["type"]]
    config = part.get("config", {})
    try:
        loader = kind.make(config)
        columns = _columns(part, around) if kind.kind == "rows" else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return Field(
        uid=part["uid"],
        key=part["key"],
        type=kind,
        title=part["title"],
        help=part.get("help"),
        section=section,
        required=part.get("required", False),
        width=part.get("width", "half"),
        default=part.get("default"),
        config=config,
        visible_when=part.get("visible_when"),
        loader=loader,
        columns=columns,
        totalled=part.get("total", False) and kind.kind == "number",
    )


def _columns(part: Mapping[str, Any], around: Mapping[str, str]) -> Form:
    """The columns of a table as the fields of a form; a type that cannot stand in a cell is left out."""
    fields = [one for one in part["config"]["columns"] if one["type"] in FIELD_TYPES and FIELD_TYPES[one["type"]].cell]
    doc = {"key": part["key"], "title": part["title"], "sections": [{"uid": part["uid"], "fields": fields}]}
    return Form.from_json(doc, around)
