"""One line of the timeline: who did what where, what was filled in (as far as it may be seen), what went wrong."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from dougong.platform.messages import language
from dougong.runtime.definition import Definition, Node
from dougong.runtime.form import Rights
from dougong.runtime.form_view import shown
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._giving import SIGNAL
from dougong.runtime.values import missing

from . import naming, readable
from .saving import NAMES
from .tables import History

WHOLE: Final = ("repeated", "initiator", "nobody")  # why a whole approval is passed, refused or ended by itself
TICKETS: Final = frozenset({"cancelled", "withdrawn", "recalled", "taken_back", "reopened"})  # not of a step
TO: Final = frozenset({"approve", "transfer", "delegate", "add_before", "add_beside", "copied"})  # what is said with a name


def entry(definition: Definition, step: History, rights: Rights) -> dict[str, Any]:
    """One line of the timeline: who did what where, what was filled in (as far as it may be seen), what went wrong."""
    known = {key: field for form in readable.shown_forms(definition) for key, field in form.fields.items()}
    changes = [
        (known[key], shown(known[key], value, language(), NAMES), value)
        for key, value in step.changes.items()
        if key in known and not missing(value) and known[key].shows_at(rights)
    ]
    node, said = definition.node.get(step.node or ""), _said(definition, step)
    back = step.verb == SIGNAL and node is not None and node.type != "write_record"
    return {
        "step": step,
        "code": "timeline.put_back" if back else f"timeline.{step.verb}{'_to' if said['people'] and step.verb in TO else ''}",
        "node": node,
        "changes": changes if step.verb in ("filed", "submitted", "approve") else [],
        "said": said,
        "text": step.changes.get("text", "") if step.verb == "commented" else "",
        "files": step.changes.get("files", []) if step.verb == "commented" else [],
        "failed": [definition.node.get(move[1]) for move in step.trail if move[2] == "fail"],
        "itself": list(_by_itself(definition, step)),
        "decided": list(_decided(definition, step, rights)),
        "nobody": _nobody(definition, step),
        "ended": list(_ended(definition, step)),
    }


class Itself(NamedTuple):
    """What has happened at an approval without anybody deciding: `code` says what and why, `people` whom it is about. `whole`:
    it has passed or been refused (not `good`)."""

    node: Node
    code: str
    people: list[str]
    whole: bool
    good: bool = True


def _by_itself(definition: Definition, step: History) -> Iterator[Itself]:
    told: dict[str, list[tuple[str, list[str]]]] = {}
    for (kind, args), _ in step.answers:
        if kind == "itself" and args["node"] in definition.node:
            told.setdefault(args["node"], []).append((args["why"], [*filter(None, map(naming.member_name, args["persons"]))]))
    for _, uid, outcome, ways in step.trail:
        node = definition.node.get(uid)
        if outcome == "go" and node and node.type == "approval" and uid != step.node:
            good = bool(ways) and all(definition.edge[way].on is None for way in ways)
            *before, (why, people) = told.pop(uid, [("", [])])
            yield from (Itself(node, one, names, whole=False) for one, names in before)
            ends = why == "nobody" and node.config.get("nobody") == "end"
            how = "ended" if ends else "passed" if good else "rejected"
            yield Itself(node, f"{how}_{why}" if why in WHOLE else how, people, whole=True, good=good)
    for uid, lines in told.items():
        yield from (Itself(definition.node[uid], why, people, whole=False) for why, people in lines)


def _nobody(definition: Definition, step: History) -> list[Node]:
    """The steps for which nobody was found, so that who looks after the workflow has them."""
    found = dict.fromkeys(args["node"] for (kind, args), _ in step.answers if kind == "nobody")
    return [definition.node[uid] for uid in found if uid in definition.node]


def _ended(definition: Definition, step: History) -> Iterator[Node]:
    """What people were about and need not do any more, where it is not the ticket that has ended."""
    for uid in (step.said or {}).get("ended", ()) if step.verb not in TICKETS else ():
        node = definition.node.get(uid)
        if node and node.type in NODE_TYPES and NODE_TYPES[node.type].family == "people":
            yield node


def _decided(definition: Definition, step: History, rights: Rights) -> Iterator[dict[str, Any]]:
    """Which rows of which decision tables hit, to who may read all that they looked at."""
    for asked, _ in step.answers:
        kind, args = asked
        if kind != "decided" or any(rights.get(key, rights.get("*", "read")) == "hidden" for key in args["fields"]):
            continue
        table, node = definition.tables.get(args["table"]), definition.node.get(args["node"])
        yield {**args, "title": table.title if table else args["table"], "step": node.title if node else args["node"]}


def _said(definition: Definition, step: History) -> dict[str, Any]:
    """What was said with a verb, in words: the opinion, to whom, to which step, for whom; why it did not come about."""
    said = step.said or {}
    target = definition.node.get(str(said.get("to", "")))
    people = [*said.get("persons", ()), *([said["to"]] if isinstance(said.get("to"), str) and target is None else [])]
    if isinstance(said.get("to"), list):
        people += said["to"]
    for_whom = said.get("for")
    return {
        "opinion": said.get("opinion", ""),
        "people": [name for name in map(naming.member_name, people) if name],
        "target": target,
        "for": naming.member_name(for_whom) if for_whom and f"person:{for_whom}" != step.who else "",
        "signature": said.get("signature") or [],
        "why": said.get("why"),
        "kept": bool(said.get("kept")),
        "merged": bool(said.get("merged")),
        "times": said.get("times", 1),
        "versions": f"v{said['from']} → v{said['version']}" if step.verb == "migrated" and "version" in said else "",
    }
