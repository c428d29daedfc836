"""A workflow that is being drawn, walked through by hand: where it stands after what was said, and who may say what. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dougong.runtime.case import Token
from dougong.runtime.definition import COMPILED, Definition, Node
from dougong.runtime.nodes import NODE_TYPES
from dougong.runtime.reason import Reason, Refused
from dougong.runtime.step import WITH_CHILDREN

from . import simulate
from .checks import check, is_publishable

Doc = Mapping[str, Any]
MOST: Final = 200  # lines of a story
# What may come instead of what is usual, and what it brings where a person does not fill it in.
OTHERWISE: Final = {"approve": ("reject",), "answer": ("failed",), "written": ("not_written",)}
BRINGS: Final[dict[str, dict[str, Any]]] = {
    "failed": {"reason": Reason("walk.failed").to_json()},
    "not_written": {"refused": True, "reason": Reason("walk.failed").to_json()},
}


def walked(draft: Any, story: Doc, refs: Mapping[tuple[str, str], Doc]) -> dict[str, Any]:
    """{"waiting": [...], "status", "result"}, with why the last line cannot be (`refused`) or it stands still (`stopped`), or
    {"problems": true} for a draft that cannot be walked. Raises Refused where it is no workflow, or what is said no story."""
    kind = draft.get("kind") if isinstance(draft, dict) else draft
    if kind != "workflow":
        raise Refused("schema.choice", "/draft/kind", what="kind", expected="workflow", found=str(kind)[:40])
    _readable(story)
    if not is_publishable(check(draft, refs)):
        return {"problems": True, "waiting": []}
    definition = Definition.from_json(draft, [ref for (kind, _), ref in refs.items() if kind in COMPILED])
    if not story["say"]:
        return {"waiting": [_waiting(definition, definition.start, None)], "status": ""}
    try:
        found = simulate.played(definition, story)
    except LookupError as asked:  # of the world outside, which a walk knows nothing of
        return {"waiting": [], "refused": Reason("walk.unknown", {"what": str(asked)[:40]}).to_json()}
    case = found.case
    places = [(definition.node[token.node], token) for token in case.tokens.values() if token.state == "waiting"]
    waiting = [_waiting(definition, node, token) for node, token in places if _asks(node, token)]
    stopped = [token.reason.to_json() for token in case.tokens.values() if token.reason]
    refused = [_titled(reason, definition).to_json() for _, reason in found.refused]
    said = {"refused": refused[:1], "stopped": stopped[:1]}
    return {
        "waiting": waiting,
        "status": case.status,
        "result": case.result,
        **{key: one for key, found_ones in said.items() for one in found_ones},
    }


def _titled(reason: Reason, definition: Definition) -> Reason:
    """A field that refuses its value, by what people call it."""
    field = definition.field(str(reason.params.get("field", "")))
    return Reason(reason.code, {**reason.params, "field": field.title}) if field else reason


def _asks(node: Node, token: Token) -> bool:
    """It waits for something that can be said, not for its children or for other branches."""
    return token.signal not in WITH_CHILDREN and simulate.usual_signal(node, token) in NODE_TYPES[node.type].signals


def _readable(story: Doc) -> None:
    """Lines as they stand in a story (the step, what is filled in, and how), its records and its people."""
    say, shapes = story.get("say"), (str, dict, dict)
    for name in ("records", "people"):
        if not isinstance(story.get(name, {}), dict):
            raise Refused("schema.type", f"/{name}", what=name, expected="object", found=str(story[name])[:40])
    if not isinstance(say, list) or len(say) > MOST:
        raise Refused("schema.type", "/say", what="say", expected=f"array ≤ {MOST}", found=str(say)[:40])
    for index, line in enumerate(say):
        if not (isinstance(line, list) and len(line) in (2, 3) and all(map(isinstance, line, shapes))):
            raise Refused("schema.type", f"/say/{index}", what="say", expected="[step, {}, {}]", found=str(line)[:40])


def _waiting(definition: Definition, node: Node, token: Token | None) -> dict[str, Any]:
    """A step that waits for somebody: who, for what, which fields he fills in, and what he may do."""
    form, rights = definition.form_of(node), definition.rights_of(node)
    asked = {key: form.right(key, rights) for key in form.fields} if form else {}
    fields = {key: right for key, right in asked.items() if right in ("write", "required")}
    how = {} if token is None else _how(token)
    return {"node": node.uid, "how": how, "fields": fields, "offers": list(_offers(node, token))}


def _how(token: Token) -> dict[str, Any]:
    person = {"by": token.memo["person"]} if token.memo.get("person") else {}
    return {**person, **({"item": simulate.item_of(token)} if "index" in token.memo else {})}


def _offers(node: Node, token: Token | None) -> Iterator[dict[str, Any]]:
    usual = simulate.usual_signal(node, token) if token else "submitted"
    for signal in (usual, *OTHERWISE.get(usual, ())):
        yield {"signal": signal, "fills": signal in simulate.FILLS, "brings": BRINGS.get(signal, {})}
    signals = NODE_TYPES[node.type].signals
    for one in node.config.get("deadlines", ()) if token and "deadline" in signals else ():
        yield {"signal": "deadline", "fills": False, "brings": {"deadline": one["uid"], "count": 0}}
