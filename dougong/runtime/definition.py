"""A published workflow with the forms and settlements it refers to, compiled once and never changed again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, Final

from .calendar import Calendar
from .config import calendars_in, tables_in
from .fields._type import Names
from .form import EVERYTHING, Field, Form
from .form_view import shown
from .readers import hiding
from .reason import Reason
from .rules import Condition, ConditionFault, compile_condition
from .settlement import Settlement
from .table import Table
from .template import filled
from .texts import Text
from .upgrades import upgraded

COMPILED: Final = ("form", "settlement", "calendar", "table", "entity")  # the documents that a workflow is compiled with
FIRST: Final = 3  # so many fields say what a ticket is about, where nobody has said which
LONG: Final = ("textarea", "files")  # fields that do not fit into a line


@dataclass(frozen=True)
class Edge:
    uid: str
    source: str
    target: str
    title: Text | None = None
    when: Condition | None = None
    default: bool = False
    on: str | None = None  # the outcome of its source that it is for


@dataclass(frozen=True)
class Node:
    uid: str
    type: str
    title: Text
    config: Mapping[str, Any]


NOWHERE: Final = Node("", "start", {}, {})


@dataclass(frozen=True, eq=False)
class Definition:
    """What it refers to stands by key, in the versions that were locked when it was published."""

    key: str
    title: Text
    version: int
    form_key: str | None
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    urgent_when: Condition | None
    forms: Mapping[str, Form]
    settlements: Mapping[str, Settlement]
    calendars: Mapping[str, Calendar]
    tables: Mapping[str, Table]
    entities: Mapping[str, Form]
    doc: Mapping[str, Any]

    @classmethod
    def from_json(
        cls,
        doc: Mapping[str, Any],
        refs: Iterable[Mapping[str, Any]] = (),
        version: int = 0,
        lock: Mapping[str, int] | None = None,
    ) -> "Definition":
        """`refs`: the documents (COMPILED) that the workflow names; `lock`: their versions by "kind/key"."""
        doc, versions = upgraded(doc), lock or {}
        named = _named(doc)
        docs = [ref for ref in refs if (ref["kind"], ref["key"]) in named]
        forms = {ref["key"]: Form.from_json(ref) for ref in docs if ref["kind"] == "form"}
        settlements = {
            ref["key"]: Settlement.from_json(ref, versions.get(f"settlement/{ref['key']}", 0))
            for ref in docs
            if ref["kind"] == "settlement"
        }
        calendars = {
            ref["key"]: Calendar.from_json(ref, versions.get(f"calendar/{ref['key']}", 0))
            for ref in docs
            if ref["kind"] == "calendar"
        }
        tables = {
            ref["key"]: Table.from_json(ref, versions.get(f"table/{ref['key']}", 0)) for ref in docs if ref["kind"] == "table"
        }
        entities = {ref["key"]: Form.from_json(ref) for ref in docs if ref["kind"] == "entity"}
        kinds = data_kinds(doc, forms)
        nodes = tuple(Node(one["uid"], one["type"], one["title"], one.get("config", {})) for one in doc["nodes"])
        edges = tuple(
            Edge(
                uid=one["uid"],
                source=one["source"],
                target=one["target"],
                title=one.get("title"),
                when=compile_condition(one.get("when"), kinds),
                default=one.get("default", False),
                on=one.get("on"),
            )
            for one in doc["edges"]
        )
        urgent = compile_condition(doc.get("urgent_when"), kinds)
        head = (doc["key"], doc["title"], version, doc.get("form"))
        return cls(*head, nodes, edges, urgent, forms, settlements, calendars, tables, entities, doc)

    @cached_property
    def node(self) -> dict[str, Node]:
        return {node.uid: node for node in self.nodes}

    @cached_property
    def edge(self) -> dict[str, Edge]:
        return {edge.uid: edge for edge in self.edges}

    @cached_property
    def out(self) -> dict[str, tuple[Edge, ...]]:
        """The ways out of every node, in their order."""
        found: dict[str, list[Edge]] = {node.uid: [] for node in self.nodes}
        for edge in self.edges:
            found.setdefault(edge.source, []).append(edge)
        return {uid: tuple(edges) for uid, edges in found.items()}

    def ways(self, uid: str, outcome: str | None = None) -> tuple[Edge, ...]:
        """The ways out of a node that are for an outcome, or for none."""
        return self._ways.get((uid, outcome), ())

    @cached_property
    def _ways(self) -> dict[tuple[str, str | None], tuple[Edge, ...]]:
        found: dict[tuple[str, str | None], list[Edge]] = {}
        for edge in self.edges:
            found.setdefault((edge.source, edge.on), []).append(edge)
        return {key: tuple(edges) for key, edges in found.items()}

    @cached_property
    def into(self) -> dict[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {node.uid: [] for node in self.nodes}
        for edge in self.edges:
            found.setdefault(edge.target, []).append(edge)
        return {uid: tuple(edges) for uid, edges in found.items()}

    @cached_property
    def way_in(self) -> dict[str, dict[str, int]]:
        """By node: which of its ways in an edge is, in their order."""
        return {uid: {edge.uid: index for index, edge in enumerate(edges)} for uid, edges in self.into.items()}

    @cached_property
    def start(self) -> Node:
        """Where a ticket begins; of that part alone by which it is revoked, where that begins; of a draft that has neither, a
        step that stands nowhere."""
        return next((node for kind in ("start", "revoke") for node in self.nodes if node.type == kind), NOWHERE)

    @cached_property
    def revocation(self) -> Node | None:
        """Where a ticket that has ended comes in to be revoked."""
        return next((node for node in self.nodes if node.type == "revoke"), None)

    @property
    def form(self) -> Form | None:
        """The form of the ticket."""
        return self.forms.get(self.form_key or "")

    def form_of(self, node: Node) -> Form | None:
        """The form that a step shows: its own, else the ticket's."""
        return self.forms.get(node.config.get("form") or self.form_key or "")

    def field(self, key: str) -> Field | None:
        """The field that a key of the ticket's data means: the ticket's own form has the last word."""
        forms = [*([self.form] if self.form else []), *self.forms.values()]
        return next((form.fields[key] for form in forms if key in form.fields), None)

    def called(self, reason: Reason) -> Reason:
        """The reason with the field that it names as people call it."""
        key = reason.params.get("field")
        field = self.field(key) if isinstance(key, str) else None
        return Reason(reason.code, {**reason.params, "field": field.title}) if field else reason

    @cached_property
    def open_summary(self) -> tuple[Field, ...]:
        """The fields of the summary that no step and no role hides: who may see a ticket may read them. Where none is drawn the
        first few of the form that fit into a line."""
        drawn = self.doc.get("summary_fields")
        found = [field for key in drawn or () if (field := self.field(key))]
        return tuple(field for field in found if self._is_open(field.key)) if drawn else tuple(islice(self._short(), FIRST))

    def _short(self) -> Iterator[Field]:
        title = None if self.doc.get("ticket_title") or self.telling is None else self.telling.key
        for field in self.form.fields.values() if self.form else ():
            fits = field.type.cell and not field.type.unseen and field.type.name not in LONG
            if fits and field.key != title and self._is_open(field.key):
                yield field

    @cached_property
    def telling(self) -> Field | None:
        """What tells one ticket from another where no title is drawn: the first line of text that nothing hides."""
        lines = (field for field in self.form.fields.values() if field.type.name == "text") if self.form else ()
        return next((field for field in lines if self._is_open(field.key)), None)

    def _is_open(self, key: str) -> bool:
        return not any(hiding(self.doc, key)) and not any(self._hides(node, key) for node in self.nodes)

    def _hides(self, node: Node, key: str) -> bool:
        rights = self.rights_of(node)
        return rights.get(key, rights.get("*", "read")) == "hidden"

    def is_urgent(self, data: Mapping[str, Any], now: datetime) -> bool:
        """A condition that cannot be decided makes nothing urgent; the checks speak about it."""
        try:
            return self.urgent_when is not None and self.urgent_when.holds(data, now)
        except ConditionFault:
            return False

    def rights_of(self, node: Node) -> Mapping[str, str]:
        """What a step may do with each field. Where nothing is configured a start writes, so does a step with a form of its
        own; any other step reads."""
        given: Mapping[str, str] = node.config.get("rights", {})
        own_form = node.config.get("form") not in (None, self.form_key)
        rest = EVERYTHING if node.type == "start" or own_form else {"*": "read"}
        return {**rest, **given}

    def row_of(self, node: Node) -> Form | None:
        """Of a step that works through the rows of a table: its columns."""
        field = self.field(str(node.config.get("over")))
        return field.columns if field is not None else None

    def kinds_at(self, node: Node) -> Mapping[str, str]:
        """What a step may name: of a row its own fields, going before those of the ticket."""
        row = self.row_of(node)
        return {**self.kinds, **row.kinds} if row is not None else self.kinds

    def worded(self, text: str, data: Mapping[str, Any], language: str, names: Names) -> str:
        """A text with {field} gaps, the values in words."""

        def show(key: str, value: Any) -> str:
            field = self.field(key)
            return shown(field, value, language, names) if field else str(value)

        return filled(text, data, show)

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """The value kind of every field of the ticket's data."""
        return data_kinds(self.doc, self.forms)


def _named(doc: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(kind, key) of the documents that a workflow names: of what it is given, only these are its own."""
    configs = [node.get("config", {}) for node in doc["nodes"]]
    kinds = ("form", "settlement", "entity")
    found = [("form", doc.get("form")), *((kind, one.get(kind)) for one in configs for kind in kinds)]
    asked = {("calendar", key) for key in calendars_in([*configs, doc.get("clock")])} | {
        ("table", key) for key in tables_in(configs)
    }
    return {(kind, key) for kind, key in found if isinstance(key, str)} | asked


def data_kinds(doc: Mapping[str, Any], forms: Mapping[str, Form]) -> dict[str, str]:
    """A ticket's data are the fields of all forms that its workflow shows; the ticket's own form has the last word."""
    found: dict[str, str] = {}
    named = [node.get("config", {}).get("form") for node in doc["nodes"]]
    for key in (*named, doc.get("form")):
        if isinstance(key, str) and key in forms:
            found.update(forms[key].kinds)
    return found
