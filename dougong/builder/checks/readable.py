"""What the rules of a settlement cover although something is wrong elsewhere: who mends one thing sees the next at once."""

from collections.abc import Mapping
from typing import Any, Final

from dougong import schemas

Doc = Mapping[str, Any]
TABLES: Final = ("line", "statement")
WHOLE: Final = ("format", "inputs", "partner", "date")
ANY: Final = {"kind": "settlement", "uid": "any", "key": "any", "title": {"en": "any"}, "currency": "CNY"}
TABLE: Final = ("dimensions", "policy")
RULE: Final = ("uid", "when", "valid", "priority", "condition")
NOTHING: Final = {"model": "flat", "amount": "0"}  # what a rule is worth is not asked here


def readable(doc: Any) -> dict[str, Any] | None:
    """The inputs, and of the tables the rules whose cells are as they should be; None where that is not enough to judge."""
    bare = {**ANY, **{name: doc[name] for name in WHOLE if name in doc}}
    bare |= {name: _table(doc[name]) for name in TABLES if isinstance(doc.get(name), dict)}
    bad: dict[str, set[int]] = {name: set() for name in TABLES}
    for path, *_ in schemas.problems("settlement", bare):
        _, name, part, index, *_ = [*path.split("/"), "", "", ""]
        if part != "rules" or not index:
            return None
        bad[name].add(int(index))
    for name in bad.keys() & bare.keys():
        rules = [rule for index, rule in enumerate(bare[name]["rules"]) if index not in bad[name]]
        bare[name] = {**bare[name], "rules": rules}
    return bare


def _table(table: Doc) -> dict[str, Any]:
    rules = table.get("rules")
    kept = {name: table[name] for name in TABLE if name in table}
    return {**kept, "rules": [_rule(one) for one in rules] if isinstance(rules, list) else rules}


def _rule(rule: Any) -> Any:
    return {**{name: rule[name] for name in RULE if name in rule}, "charge": NOTHING} if isinstance(rule, dict) else rule
