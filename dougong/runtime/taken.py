"""What a ticket has taken and not given back: numbers added to records, lines settled. The case remembers it, step by step.

An entry is {"node", "token", "entity", "adds"}: what a step has added (`Added`), or {"node", "token", "first"}: the lines that
it has settled for its tokens from `first` on (`by`: as which step, before a migration). `passed` is when a step that people do
was passed last, by the number of the last token there was: that tells what came after it. What a token is about to give back
it has with it (`owed`) until that is done: where it goes away before, that is the ticket's again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from .values import number, plain

TAKEN: Final = "taken"
PASSED: Final = "passed"
OWED: Final = "owed"  # in the memo of a token
OLD: Final = "added:"  # by record type, as cases remember it that began before it was known which step had added what

Entry = dict[str, Any]
Added = dict[str, dict[str, Any]]  # {"title", "add": {field: number}, "least": {field: bound}} by the id of the record
Memo = dict[str, Any]


def taken(memo: Mapping[str, Any]) -> list[Entry]:
    """The earliest first."""
    old = [{"node": "", "token": 0, "entity": key[len(OLD) :], "adds": its} for key, its in memo.items() if key.startswith(OLD)]
    return [*old, *memo.get(TAKEN, ())]


def remembering(memo: Mapping[str, Any], entries: Iterable[Entry]) -> Memo:
    """The memo with these besides. What a step has taken twice, with nothing passed in between, is one entry."""
    marks = memo.get(PASSED, {}).values()
    found: list[Entry] = []
    for one in sorted([*taken(memo), *entries], key=lambda entry: entry["token"]):
        same = next((index for index, other in enumerate(found) if _alike(other, one, marks)), None)
        if same is None:
            found.append(one)
        else:
            found[same] = _both(found[same], one)
    return _with(memo, [one for one in found if "first" in one or one["adds"]])


def without(memo: Mapping[str, Any], entries: Sequence[Entry]) -> Memo:
    return _with(memo, [one for one in taken(memo) if one not in entries])


def since(memo: Mapping[str, Any], nodes: Collection[str], mark: int) -> list[Entry]:
    """What these steps have taken after that mark."""
    return [one for one in taken(memo) if one["node"] in nodes and one["token"] > mark]


def _with(memo: Mapping[str, Any], entries: list[Entry]) -> Memo:
    kept = {key: value for key, value in memo.items() if key != TAKEN and not key.startswith(OLD)}
    return {**kept, TAKEN: entries} if entries else kept


def _alike(one: Entry, other: Entry, marks: Iterable[int]) -> bool:
    same = one["node"] == other["node"] and by_of(one) == by_of(other) and one.get("entity") == other.get("entity")
    return same and not any(one["token"] <= mark < other["token"] for mark in marks)


def _both(one: Entry, other: Entry) -> Entry:
    if "first" in other:
        return {**other, "first": min(one["first"], other["first"])}
    return {**other, "adds": summed(one["adds"], other["adds"])}


# ---- what is written, and what takes it back ----


def of_writes(writes: Iterable[Mapping[str, Any]]) -> Added:
    """What these writes add, where they are done; what they set, and what is new, is left aside."""
    found: Added = {}
    for one in writes:
        if one["record"] and one["add"]:
            found = summed(
                found, {one["record"]["id"]: {"title": one["record"]["title"], "add": one["add"], "least": one["least"]}}
            )
    return found


def amounts(entries: Iterable[Entry]) -> dict[str, Added]:
    """What has been added, by record type."""
    found: dict[str, Added] = {}
    for one in entries:
        if "adds" in one:
            found[one["entity"]] = summed(found.get(one["entity"], {}), one["adds"])
    return {entity: its for entity, its in found.items() if its}


def lines(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The settled lines: of which step, from which of its tokens to which."""
    return [{"node": by_of(one), "first": one["first"], "last": one["token"]} for one in entries if "first" in one]


def by_of(entry: Entry) -> str:
    """By which step of its version it was settled."""
    return str(entry.get("by", entry["node"]))


def among(part: Mapping[str, Any], node: str, token: int) -> bool:
    """Is a line that this token has settled at this step one of these?"""
    return bool(part["node"] == node and part["first"] <= token <= part["last"])


def against(added: Added) -> list[dict[str, Any]]:
    """The writes that put it back. What is given back to a number falls below no bound."""
    return [_against(record, its) for record, its in added.items()]


def _against(record: str, its: dict[str, Any]) -> dict[str, Any]:
    add = {key: plain(-number(amount)) for key, amount in its["add"].items()}
    least = {key: bound for key, bound in its["least"].items() if number(add.get(key, 0)) < 0}
    return {"record": {"id": record, "title": its["title"]}, "set": {}, "add": add, "least": least}


def summed(one: Added, more: Added) -> Added:
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
