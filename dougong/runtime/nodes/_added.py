"""What a ticket has added to the numbers of records and not put back yet: the case remembers it, by record type and record."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from ..values import number, plain
from ._type import At

SUBJECT: Final = "added:"

Added = dict[str, dict[str, Any]]  # {"title", "add": {field: number}, "least": {field: bound}} by the id of the record


def added(at: At) -> Added:
    found: Added = at.case.memo.get(f"{SUBJECT}{at.config['entity']}") or {}
    return found


def of_writes(writes: Iterable[Mapping[str, Any]]) -> Added:
    """What these writes add, where they are done; what they set, and what is new, is left aside."""
    found: Added = {}
    for one in writes:
        if one["record"] and one["add"]:
            found = _sum(
                found, {one["record"]["id"]: {"title": one["record"]["title"], "add": one["add"], "least": one["least"]}}
            )
    return found


def against(added: Added) -> list[dict[str, Any]]:
    """The writes that put it back. What is given back to a number falls below no bound."""
    return [_against(record, its) for record, its in added.items()]


def _against(record: str, its: dict[str, Any]) -> dict[str, Any]:
    add = {key: plain(-number(amount)) for key, amount in its["add"].items()}
    least = {key: bound for key, bound in its["least"].items() if number(add.get(key, 0)) < 0}
    return {"record": {"id": record, "title": its["title"]}, "set": {}, "add": add, "least": least}


def remembered(at: At) -> dict[str, Any]:
    """What the case remembers once what the token has waited for is written."""
    return {f"{SUBJECT}{at.config['entity']}": _sum(added(at), at.token.memo.get("adds", {})) or None}


def _sum(one: Added, more: Added) -> Added:
    """A number that comes to nothing is forgotten, and so is a record of which none is left."""
    found = dict(one)
    for record, its in more.items():
        known = found.pop(record, {"add": {}, "least": {}})
        sums = {key: number(known["add"].get(key, 0)) + number(amount) for key, amount in its["add"].items()}
        add = {key: amount for key, amount in {**known["add"], **_plain(sums)}.items() if number(amount)}
        if add:
            found[record] = {"title": its["title"], "add": add, "least": {**known["least"], **its["least"]}}
    return found


def _plain(sums: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: plain(amount) for key, amount in sums.items()}
