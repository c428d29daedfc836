"""A workflow that is being drawn, walked through by hand: where it stands after what was said, and who may say what. Pure."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from dougong.runtime.case import Case, Token
from dougong.runtime.definition import COMPILED, Definition, Node
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.nodes._chosen import choosing
from dougong.runtime.nodes._giving import GIVING
from dougong.runtime.nodes._type import At
from dougong.runtime.nodes._verbs import allowed
from dougong.runtime.outlook import outlook
from dougong.runtime.past import Past
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.route import route
from dougong.runtime.step import WITH_CHILDREN, Move
from dougong.runtime.world import Unanswered
from dougong.schemas import config_validator, errors

from . import offering, simulate
from .checks import check, is_publishable
from .drawable import drawable

Doc = Mapping[str, Any]
_PART: Final = "dougong:common#/$defs/story/properties/"
STORY: Final = config_validator(
    {"required": ["say"], "properties": {name: {"$ref": _PART + name} for name in ("say", "records", "people", "clock")}}
)


_MANY: Final = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 10**12}}
_TOLD: Final = {"tickets": {"type": "integer"}, "took": _MANY, "taken": _MANY}
PAST: Final = config_validator({"type": "object", "required": [*_TOLD], "properties": _TOLD})


def walked(draft: Any, story: Doc, refs: Mapping[tuple[str, str], Doc], past: Any = None) -> dict[str, Any]:
    """{"waiting": [...], "ticket": [lines], "standing": [steps], "status", "result", "data", "ways", "prospect"}, with why the
    last line cannot be (`refused`) or it stands still (`stopped`, at the step `failed`), or {"problems": true} for a draft that
    cannot be walked.
    `ticket`: what may be done with it as a whole. `ways`: state by edge; `prospect`: what is still to come, by the `past` of
    those that were done (`Past`, in milliseconds). Raises Refused: that is no workflow, no story or no past."""
    kind = draft.get("kind") if isinstance(draft, dict) else draft
    if kind != "workflow":
        raise Refused("schema.choice", "/draft/kind", what="kind", expected="workflow", found=str(kind)[:40])
    _readable(story)
    before = _before(past)
    if not is_publishable(check(draft, refs)):
        return {"problems": True, "waiting": []}
    around = [drawable(ref) if kind == "form" else ref for (kind, _), ref in refs.items() if kind in COMPILED]
    definition = Definition.from_json(draft, around)
    if not story["say"]:
        way = _way(definition, Case(definition.key, definition.version), [(definition.start.uid, "waiting")], [], before)
        return {"waiting": [_filed(definition)], "status": "", **way}
    stage = simulate.Stage(definition, story.get("records", {}), story.get("people", {}), reloaded=False)
    try:
        found = simulate.played(definition, story)
        standing = [(token.node, token.state) for token in found.case.tokens.values()]
        return {**_stands(stage, found), **_way(definition, found.case, standing, found.trail, before)}
    except (LookupError, Unanswered) as asked:  # of the world outside, which a walk knows nothing of
        return {"waiting": [], "refused": Reason("walk.unknown", {"what": str(asked)[:40]}).to_json()}


def _stands(stage: simulate.Stage, found: simulate.Play) -> dict[str, Any]:
    case, definition = found.case, stage.definition
    places = [(definition.node[token.node], token) for token in case.tokens.values() if token.state == "waiting"]
    stopped = [(token.node, token.reason.to_json()) for token in case.tokens.values() if token.reason][:1]
    refused = [_titled(reason, definition).to_json() for _, reason in found.refused]
    said: dict[str, list[Any]] = {
        "refused": refused[:1],
        "stopped": [why for _, why in stopped],
        "failed": [node for node, _ in stopped],
    }
    return {
        "waiting": [one for node, token in places for one in _waiting(stage, found, node, token)],
        "standing": sorted({node.uid for node, _ in places}),
        "ticket": list(_of_ticket(stage, found)),
        "status": case.status,
        "result": case.result,
        "data": case.data,
        **{key: one for key, found_ones in said.items() for one in found_ones},
    }


def _way(definition: Definition, case: Case, standing: list[tuple[str, str]], trail: list[Move], past: Past) -> dict[str, Any]:
    """The way it has gone and will go with what is known now, and what is still to come on it."""
    back = {one.node: one.memo["back_to"] for one in case.tokens.values() if one.memo.get("back_to") in definition.node}
    taken = [edge for move in trail for edge in move.edges]
    found = route(definition, case.data, standing, [move.node for move in trail], taken, straight=back)
    told = outlook(definition, found, [(node, timedelta()) for node, _ in standing], past)
    if told is None:
        return {"ways": found.edges}
    left = None if told.left is None or case.failed else round(told.left / timedelta(milliseconds=1))
    return {"ways": found.edges, "prospect": {"fewest": told.fewest, "most": told.most, "left": left, "tickets": past.tickets}}


def _titled(reason: Reason, definition: Definition) -> Reason:
    """A field that refuses its value, by what people call it."""
    field = definition.field(str(reason.params.get("field", "")))
    return Reason(reason.code, {**reason.params, "field": field.title}) if field else reason


def _readable(story: Doc) -> None:
    """What a story says, its records and its people, as they are saved; a walk has not said anything yet."""
    begun = story if story.get("say") != [] else {**story, "say": [["start", {}]]}
    for path, code, params in errors(STORY, begun):
        raise Refused(code, path, **params)


def _before(past: Any) -> Past:
    if past is None:
        return Past()
    for path, code, params in errors(PAST, past):
        raise Refused(code, f"/past{path}", **params)
    return Past(past["tickets"], {node: timedelta(milliseconds=took) for node, took in past["took"].items()}, past["taken"])


def _filed(definition: Definition) -> dict[str, Any]:
    return _place(definition, definition.start, {}, [offering.filing(choosing(definition))])


def _waiting(stage: simulate.Stage, found: simulate.Play, node: Node, token: Token) -> Iterator[dict[str, Any]]:
    """Somebody who is waited for: who, for what, which fields he fills in, and what he may do. What waits for its children or
    for other branches waits for nothing that can be said."""
    definition = stage.definition
    if token.signal in WITH_CHILDREN:
        more = list(offering.another_item(node, token))
        yield from [_place(definition, node, {}, more)] if more else []
    elif GIVING in token.memo or simulate.usual_signal(node, token) in NODE_TYPES[node.type].signals:
        at = At(definition, node, found.case, token, stage.world(found))
        who = offering.who(at)
        how = {**({"by": who[0]} if who else {}), **({"item": simulate.item_of(token)} if "index" in token.memo else {})}
        may = allowed(definition, node, found.case.handlers, token.memo)
        opinion = {"opinion": may["opinion"]} if may["approval"] and not may["lent"] else {}
        yield {**_place(definition, node, how, list(offering.offers(at))), "who": who, **opinion}


def _place(definition: Definition, node: Node, how: Doc, offers: list[offering.Offer]) -> dict[str, Any]:
    form, rights = definition.form_of(node), definition.rights_of(node)
    asked = {key: form.right(key, rights) for key in form.fields} if form and any(one["fills"] for one in offers) else {}
    fields = {key: right for key, right in asked.items() if right in ("write", "required")}
    return {"node": node.uid, "how": how, "fields": fields, "offers": offers}


def _of_ticket(stage: simulate.Stage, found: simulate.Play) -> Iterator[list[Any]]:
    """Lines of what may be done with the ticket as a whole: those that would not be refused."""
    definition, last = stage.definition, found.last
    start = definition.start.uid
    lines: list[list[Any]] = [[start, {}, {"signal": verb}] for verb in ("recall", "withdraw")]
    if last and last.actor:
        lines.append([last.node, {}, {"by": last.actor.removeprefix("person:"), "signal": "take_back"}])
    if definition.revocation:
        lines.append([definition.revocation.uid, {}, {"signal": "revoke"}])
    for line in lines:
        tried = simulate.Play(found.case, last, ledger=[*found.ledger], now=found.now)
        if simulate.say_next(stage, tried, line) is None:
            yield line
