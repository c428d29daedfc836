"""Checks of a decision table: its columns, its cells, what comes out; and of its logic, exactly: overlaps, gaps, dead rules."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from dougong import schemas
from dougong.runtime.checks.coverage import Space, TooMany
from dougong.runtime.examples import in_words
from dougong.runtime.fields import FIELD_TYPES
from dougong.runtime.form import Field, Form
from dougong.runtime.formula import compile_formula
from dougong.runtime.functions import FormulaFault
from dougong.runtime.operators import OPERATORS
from dougong.runtime.operators._type import Operator
from dougong.runtime.problem import Problem
from dougong.runtime.reason import Reason
from dougong.runtime.rules import problems as condition_problems
from dougong.runtime.table import INPUT_KINDS, RANKED, ROLE, Table, TableFault, bits, cell_tree, columns_form, literal
from dougong.runtime.texts import LANGUAGES, pick
from dougong.runtime.values import KIND_TITLES, missing

Doc = Mapping[str, Any]
Refs = Mapping[tuple[str, str], Doc]

MAX_CELLS: Final = 20_000
MAX_TOLD: Final = 50  # problems of one sort
MAX_GAPS: Final = 3
EXACT_KINDS: Final = ("number", "boolean", "date", "datetime")  # outputs that take no formula of another kind


def problems(doc: Doc, refs: Refs) -> Iterator[Problem]:
    found = [*_columns(doc), *_size(doc)]
    yield from found
    if found:
        return
    inputs, outputs = columns_form(doc, "inputs"), columns_form(doc, "outputs")
    wrong = [*_policy(doc, outputs), *_cells(doc, inputs), *_outputs(doc, inputs, outputs, refs)]
    yield from wrong
    if not doc["rules"] and "default" not in doc:
        yield Problem(Reason("check.table_without_rules"), path="/rules")
    elif not wrong:
        yield from _logic(doc, Table.from_json(doc))


def named_roles(doc: Doc) -> Iterator[tuple[str, Any]]:
    """The roles that the rows name, whatever a draft may hold."""
    uids = {one["uid"] for one in doc.get("outputs", ()) if one.get("type") == ROLE}
    for row in (*(rule.get("then", {}) for rule in doc.get("rules", ())), doc.get("default", {})):
        yield from (("role", one["value"]) for uid, one in row.items() if uid in uids and one.get("value"))


def _columns(doc: Doc) -> Iterator[Problem]:
    for group in ("inputs", "outputs"):
        counts = Counter(one["key"] for one in doc[group])
        for index, one in enumerate(doc[group]):
            path, where = f"/{group}/{index}", (one["uid"],)
            if counts[one["key"]] > 1:
                yield Problem(Reason("check.doubled_key", {"key": one["key"]}), fields=where, path=f"{path}/key")
            if group == "outputs" and one["type"] == ROLE:
                continue
            kind = FIELD_TYPES.get(one["type"])
            if kind is None or kind.computed or kind.kind not in INPUT_KINDS:
                yield Problem(Reason("check.unknown_field_type", {"type": one["type"]}), fields=where, path=f"{path}/type")
                continue
            judge = schemas.config_validator(kind.config)
            for at, code, params in schemas.errors(judge, one.get("config", {}), f"{path}/config"):
                yield Problem(Reason(code, params), fields=where, path=at)


def _size(doc: Doc) -> Iterator[Problem]:
    found = len(doc["rules"]) * (len(doc["inputs"]) + len(doc["outputs"]))
    if found > MAX_CELLS:
        yield Problem(Reason("check.table_too_large", {"limit": MAX_CELLS, "found": found}), path="/rules")


def _policy(doc: Doc, outputs: Form) -> Iterator[Problem]:
    if doc["policy"] in RANKED and not any(one.kind == "choice" for one in outputs.fields.values()):
        yield Problem(Reason("check.table_needs_order"), path="/policy")
    if doc["policy"] == "collect" and doc.get("collect", "list") != "list":
        for index, one in enumerate(doc["outputs"]):
            if outputs.fields[one["key"]].kind != "number":
                params = {"field": one["key"], "kind": KIND_TITLES["number"]}
                yield Problem(Reason("check.field_of_kind", params), fields=(one["uid"],), path=f"/outputs/{index}/type")


def _cells(doc: Doc, inputs: Form) -> Iterator[Problem]:
    by_uid = {one.uid: one for one in inputs.fields.values()}
    for index, rule in enumerate(doc["rules"]):
        for uid, cell in rule["when"].items():
            path, where = f"/rules/{index}/when/{uid}", (rule["uid"],)
            if uid not in by_uid:
                yield Problem(Reason("check.no_such_column", {"column": uid}), fields=where, path=path)
                continue
            one = by_uid[uid]
            for _, reason in condition_problems(cell_tree(one.key, cell), {one.key: one.kind}):
                yield Problem(reason, fields=where, path=path)
            if any(operator.clock for operator in _operators(cell)):
                yield Problem(Reason("check.cell_with_clock"), fields=where, path=path)
            for option in _unknown_options(one, cell):
                yield Problem(Reason("check.no_such_option", {"option": option}), fields=where, path=path)


def _operators(cell: Sequence[Doc]) -> Iterator[Operator]:
    yield from (OPERATORS[atom["operator"]] for atom in cell if atom["operator"] in OPERATORS)


def _unknown_options(one: Field, cell: Sequence[Doc]) -> Iterator[str]:
    if one.kind not in ("choice", "choices"):
        return
    known = {option["key"] for option in one.config.get("options", ())}
    for atom in cell:
        if atom["operator"] in OPERATORS and OPERATORS[atom["operator"]].of:
            continue
        value = atom.get("value")
        yield from (str(item) for item in (value if isinstance(value, list) else [value]) if item not in (None, *known))


def _outputs(doc: Doc, inputs: Form, outputs: Form, refs: Refs) -> Iterator[Problem]:
    rows = [(f"/rules/{index}/then", rule["uid"], rule["then"]) for index, rule in enumerate(doc["rules"])]
    by_uid = {one.uid: one for one in outputs.fields.values()}
    roles = {one["uid"] for one in doc["outputs"] if one["type"] == ROLE}
    for path, row, then in [*rows, ("/default", "default", doc.get("default", {}))]:
        for uid, given in then.items():
            if uid not in by_uid:
                reason: Reason | None = Reason("check.no_such_column", {"column": uid})
            elif uid in roles and not missing(role := given.get("value")) and ("role", str(role)) not in refs:
                reason = Reason("check.no_such_role", {"role": str(role)[:40]})
            else:
                reason = _output(by_uid[uid], given, inputs.kinds)
            if reason is not None:
                yield Problem(reason, fields=(row,), path=f"{path}/{uid}")


def _output(one: Field, given: Doc, kinds: Mapping[str, str]) -> Reason | None:
    try:
        if "formula" not in given:
            literal(one, given["value"])
            return None
        found = compile_formula(given["formula"], kinds).kind
    except (FormulaFault, TableFault) as fault:
        return fault.reason
    if one.kind in EXACT_KINDS and found not in ("any", one.kind):
        return Reason("check.formula_of_kind", {"kind": KIND_TITLES[one.kind], "found": KIND_TITLES[found]})
    return None


def _logic(doc: Doc, table: Table) -> Iterator[Problem]:
    space = Space.of(table)
    dead = space.dead() if space.exact else 0  # what was not looked at everywhere is not said never to be
    for rule in islice(bits(dead), MAX_TOLD):
        yield _at_rule(doc, rule, "check.rule_never_hits", {}, "warning")
    if doc["policy"] in ("unique", "any"):
        yield from _overlaps(doc, table, space, dead)
    try:
        if doc["policy"] in ("first", "priority") and space.exact:
            yield from _shadowed(doc, table, space, dead)
        if "default" not in doc and doc.get("collect") != "count":
            for point in islice(space.uncovered(space.everything), MAX_GAPS):
                yield Problem(Reason("check.table_gap", {"values": in_words(table.inputs, point)}), "warning", path="/rules")
    except TooMany:
        yield Problem(Reason("check.table_too_many_cases"), "warning", path="/rules")
    if not space.exact:
        columns = {
            tag: "、".join(pick(table.inputs[side.key].title, tag) for side in space.sides if not side.exact)
            for tag in LANGUAGES
        }
        yield Problem(Reason("check.table_not_exact", {"columns": columns}), "warning", path="/rules")


def _overlaps(doc: Doc, table: Table, space: Space, dead: int) -> Iterator[Problem]:
    """At the later of two rules, which names the first that it meets."""
    told = 0
    for later in range(1, space.size):
        if dead >> later & 1 or told == MAX_TOLD:
            continue
        for earlier in bits(space.together(later) & ((1 << later) - 1)):
            code, severity = _meeting(doc, earlier, later)
            if code:
                point = space.point(1 << later | 1 << earlier)
                yield _at_rule(doc, later, code, {"other": earlier + 1, "values": in_words(table.inputs, point)}, severity)
                told += 1
                break


def _meeting(doc: Doc, earlier: int, later: int) -> tuple[str, str]:
    """How bad it is that both may hit: '' where the policy allows it."""
    if doc["policy"] == "unique":
        return "check.rules_overlap", "error"
    one, other = (_kept_row(doc["rules"][index]["then"]) for index in (earlier, later))
    if one == other:
        return "", ""
    literal_only = all("formula" not in cell for row in (one, other) for cell in row.values())
    return ("check.rules_differ", "error") if literal_only else ("check.rules_may_differ", "warning")


def _kept_row(then: Doc) -> dict[str, Any]:
    return {uid: one for uid, one in then.items() if not missing(one.get("value", one.get("formula")))}


def _shadowed(doc: Doc, table: Table, space: Space, dead: int) -> Iterator[Problem]:
    """Rules that hit only where another is taken: one rule before them, or several together."""
    told = 0
    ranks = [_rank(table, one["then"]) for one in doc["rules"]] if doc["policy"] == "priority" else None
    for rule in range(space.size):
        before = ((1 << rule) - 1 if ranks is None else _before(ranks, rule)) & ~dead
        if dead >> rule & 1 or told == MAX_TOLD or not before:
            continue
        alone = space.covering(rule) & before
        if alone:
            params: dict[str, Any] = {"other": next(bits(alone)) + 1}
            yield _at_rule(doc, rule, "check.rule_shadowed", params, "warning")
            told += 1
        elif next(space.uncovered(before & space.together(rule), 1 << rule), None) is None:
            yield _at_rule(doc, rule, "check.rule_shadowed_by_several", {}, "warning")
            told += 1


def _before(ranks: Sequence[tuple[int, ...] | None], rule: int) -> int:
    """The rules that are taken rather than this one; of formulas nobody knows."""
    own = ranks[rule]
    if own is None:
        return 0
    return sum(1 << index for index, rank in enumerate(ranks) if rank is not None and (rank, index) < (own, rule))


def _rank(table: Table, then: Doc) -> tuple[int, ...] | None:
    keys = {one.uid: one.key for one in table.outputs.values()}
    if any("formula" in one for uid, one in then.items() if table.outputs[keys[uid]].kind == "choice"):
        return None
    return table.rank({keys[uid]: one.get("value") for uid, one in then.items()})


def _at_rule(doc: Doc, index: int, code: str, params: dict[str, Any], severity: str) -> Problem:
    return Problem(Reason(code, params), severity, fields=(doc["rules"][index]["uid"],), path=f"/rules/{index}")
